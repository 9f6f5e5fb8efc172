"""`/beheer/besluiten`: where a municipality publishes its decisions, and what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Problem, Refused
from app.register.agents import MANAGER, Agent
from app.register.decisions.linking import kind_of, settle
from app.register.doubles.referrals import DECIDE, LINK, referral_of
from app.register.rights import Subject
from app.store.harvests import ACTIVE, STOPPED, HarvestedPage, Harvests, Source
from app.store.queues import count_tasks, list_tasks
from app.store.times import iso
from app.web.auth import agent_of
from app.web.data.representations import document
from app.web.decisions.ties import Tie, tie_to, ties_of
from app.web.forms import form_of
from app.web.found import entity_type, find
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH = "/beheer/besluiten"
HARVEST = "HarvestDecisions"
MOST_QUESTIONS = 500


@dataclass(frozen=True)
class Row:
    """A source as it is shown: how many pages in each state, and those that something is wrong with."""

    source: Source
    counts: dict[str, int]
    troubled: list[HarvestedPage]
    place: str

    @property
    def is_active(self) -> bool:
        """Whether it is looked at."""
        return self.source.state == ACTIVE


def show_sources(request: Request) -> Response:
    """The sites of whoever is logged in."""
    return _sources(request)


def change_source(request: Request) -> Response:
    """Add a site, stop one, or have it read now."""
    service, agent, form = _service(request), agent_of(request), form_of(request)
    harvests, now = Harvests(service.log.database), iso(service.clock())
    if id := form.get("bron"):
        source = harvests.source(id)
        if source is None:
            raise Refused("Deze site staat niet in de lijst.")
        service.register.rights.check(agent, HARVEST, Subject(home=source.municipality))
        stop = form.get("doe") == "stop"
        harvests.change_source(id, **({"state": STOPPED} if stop else {"state": ACTIVE, "due": now}))
        return _back()
    try:
        harvests.add_source(_new(form, agent, service, now))
    except Refused as error:
        return _sources(request, error, form)
    return _back()


def show_ties(request: Request) -> Response:
    """One decision, with what it is about and what it may be about."""
    return _ties(request)


def change_tie(request: Request) -> Response:
    """Say whether a decision is about an association or a product, or rests on a regulation."""
    service, agent, form = _service(request), agent_of(request), form_of(request)
    code = request.path_params["code"]
    try:
        other = form.get("waarover", "").strip()
        if not other:
            raise Refused("Geef een code.", [Problem("waarover", "Geef de code van de vereniging of het product.")])
        settle(code, other.upper() if other[:1] in "vp" else other, form.get("doe") == "ja", agent, service.register)
    except Refused as error:
        return _ties(request, error)
    return RedirectResponse(f"{PATH}/{code}", 303, {"cache-control": "no-store"})


def _new(form: Any, agent: Agent, service: Service, now: str) -> Source:
    """The site that a form adds. Raises Refused or Forbidden."""
    url = form.get("url", "")
    home = agent.municipality if agent.role != MANAGER else None
    named = service.codelists.municipality(form.get("gemeente", "")) if form.get("gemeente") else None
    nis = home or (named.nis if named else "")
    if not url.startswith(("https://", "http://")) or len(url) > 2000:
        raise Refused("Geef het webadres van de pagina of de sitemap.", [Problem("url", "Begin met https://.")])
    if not nis:
        raise Refused("Kies van welke gemeente deze site is.", [Problem("gemeente", "Kies een gemeente.")])
    service.register.rights.check(agent, HARVEST, Subject(home=nis))
    id = sha256(f"{nis} {url}".encode()).hexdigest()[:16]
    return Source(id, nis, url, ACTIVE, now, now)


def _sources(request: Request, error: Refused | None = None, form: Any = None) -> Response:
    service, agent = _service(request), agent_of(request)
    service.register.rights.check(agent, HARVEST)
    harvests = Harvests(service.log.database)
    rows = [
        Row(source, harvests.counts(source.id), harvests.troubled(source.id), _place(service, source.municipality))
        for source in harvests.sources(None if agent.role == MANAGER else agent.municipality or "-")
    ]
    return framed(
        request, DESK, "beheer_besluiten.html", 400 if error else 200, rows=rows, error=error, form=form or {},
        questions=_questions(service, agent), chooses=agent.role == MANAGER,
    )  # fmt: skip


def _questions(service: Service, agent: Agent) -> int:
    counts = count_tasks(service.log)
    mine = (queue for queue in counts if queue.startswith(f"{LINK}/"))
    return sum(
        counts[queue]
        for queue in mine
        if service.register.rights.may(agent, DECIDE, Subject(home=queue.partition("/")[2]))
    )


def _ties(request: Request, error: Refused | None = None) -> Response:
    service, agent = _service(request), agent_of(request)
    service.register.rights.check(agent, DECIDE)
    found = find(service, entity_type(service, "besluit"), request.path_params["code"])
    decision = document(found)
    return framed(
        request, DESK, "beheer_besluit.html", 400 if error else 200, found=found, decision=decision, error=error,
        ties=ties_of(decision, service), asked=_asked(found.code, service),
        day=datetime.fromisoformat(decision["zittingsdatum"]).date() if "zittingsdatum" in decision else None,
    )  # fmt: skip


def _asked(code: str, service: Service) -> list[Tie]:
    queues = [queue for queue in count_tasks(service.log) if queue.startswith(f"{LINK}/")]
    referrals = map(referral_of, list_tasks(service.log, queues, MOST_QUESTIONS))
    candidates = (each for referral in referrals if referral.code == code for each in referral.candidates)
    types = service.schema.entity_types
    asked = [(types[kind_of(other)].iri(other), reasons[0]) for other, reasons in candidates]
    return [tie for iri, reason in asked if (tie := tie_to(iri, reason, service))]


def _place(service: Service, nis: str) -> str:
    home = service.codelists.municipality(nis)
    return home.name if home else ""


def _back() -> Response:
    return RedirectResponse(PATH, 303, {"cache-control": "no-store"})


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ROUTES = (
    Route(PATH, show_sources),
    Route(PATH, change_source, methods=["POST"]),
    Route(PATH + "/{code}", show_ties),
    Route(PATH + "/{code}", change_tie, methods=["POST"]),
)
