"""What waits at the desk of somebody: one line for each kind of work that there is any of, with where to do it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.register.agents import Agent
from app.register.dossiers.conduct import is_open
from app.register.dossiers.own_dossiers import handled_by, is_late
from app.register.doubles.worklist import Asked, worklist
from app.register.products.drafts import own_product_drafts
from app.register.products.looking_after import cards
from app.register.products.own_products import owners_of
from app.store.deliveries import FAILED, count_deliveries
from app.store.feedback import OPEN, count_feedback
from app.store.feedback import Asked as AskedFeedback
from app.store.list_imports import TRIED, of_owner
from app.web.service import Service
from app.web.telling.news_pages import DECIDE, news
from app.web.telling.news_pages import PATH as NEWS
from app.web.telling.subscription_views import managed


@dataclass(frozen=True)
class Waiting:
    """One kind of work: how much there is of it."""

    href: str
    label: str
    count: int
    words: str


def waiting(service: Service, agent: Agent) -> list[Waiting]:
    """All of it, the newest associations first; nothing of what there is nothing of."""
    return [one for one in _all(service, agent) if one.count]


def elsewhere(service: Service, agent: Agent, here: str) -> list[Waiting]:
    """What waits to be decided on other pages than this one; what is merely new waits for nobody."""
    kept = (one for one in waiting(service, agent) if not one.href.startswith((here, NEWS)))
    return list(kept)


def _all(service: Service, agent: Agent) -> Iterator[Waiting]:
    register, rights = service.register, service.register.rights
    if rights.may(agent, DECIDE):
        found = news(service, agent)
        yield Waiting(NEWS, "Nieuwe verenigingen", len(found.fresh), "sinds uw vorige bezoek")
        yield Waiting(f"{NEWS}#gewijzigd", "Gewijzigd", len(found.changed), "sinds uw vorige bezoek")
        asked = worklist(Asked(), agent, register, 1)
        yield Waiting("/beheer/werklijst", "Werklijst", asked.total, "te beslissen")
    if rights.may(agent, "TakeUpDossier"):
        dossiers = [each for each in handled_by(agent, register) if is_open(each)]
        late = sum(is_late(each, register.today()) for each in dossiers)
        yield Waiting("/beheer/dossiers?laat=ja", "Late dossiers", late, "over de termijn")
        yield Waiting("/beheer/dossiers", "Dossiers", len(dossiers) - late, "in behandeling")
    tried = sum(one.state == TRIED for one in of_owner(service.log.database, agent.iri))
    yield Waiting("/beheer/invoer", "Lijsten", tried, "nagekeken, nog niet ingelezen")
    if rights.may(agent, "Change") and agent.municipality:
        counts = count_feedback(service.log.database, AskedFeedback(owners=owners_of(agent, register)))
        yield Waiting("/beheer/terugkoppeling", "Terugkoppeling", sum(counts.get(s, 0) for s in OPEN), "te antwoorden")
        drafts = sum(draft.waits for draft in own_product_drafts(agent, register))
        yield Waiting("/beheer/nazicht#goedkeuren", "Goedkeuringen", drafts, "wachten op een validator")
        due = sum(bool(card.reasons) for card in cards(agent, register))
        yield Waiting("/beheer/nazicht", "Producten", due, "na te kijken")
    if rights.may(agent, "Subscribe"):
        own = [one.id for one in managed(agent, register)]
        failed = count_deliveries(service.log.database, own).get(FAILED, 0)
        yield Waiting("/beheer/meldingen?toestand=mislukt", "Meldingen", failed, "niet aangekomen")
