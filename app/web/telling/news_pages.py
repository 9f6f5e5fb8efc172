"""`/beheer/nieuw`: what came and what changed in the own municipality, since one was here or in the last days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.exchange.register_api.hidden import READ, reach
from app.register.agents import Agent
from app.register.telling.desk_letters import ACTION as WRITE
from app.store.records import Member
from app.store.search.follow import id_of
from app.store.times import iso
from app.web.associations.mine_pages import Step, steps
from app.web.auth import agent_of
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH = "/beheer/nieuw"
DECIDE = "DecideReferral"
FEED = "verenigingen"
AT_ONCE = 100
MOST = 500
SHOWN = 100
LATELY = "bezoek"
PERIODS = {LATELY: ("sinds uw vorige bezoek", None), "dag": ("vandaag en gisteren", 1), "week": ("deze week", 7),
           "maand": ("deze maand", 31)}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One association: its newest version in words, and how many more there were."""

    code: str
    name: str
    step: Step
    others: int
    is_hidden: bool


@dataclass(frozen=True)
class News:
    """What is new, and what changed, each the latest first; `since` in words; `more` when it is only a part."""

    fresh: list[str]
    changed: list[str]
    members: dict[str, list[Member]]
    more: bool

    @property
    def total(self) -> int:
        """How many there are of both."""
        return len(self.fresh) + len(self.changed)


def show(request: Request) -> Response:
    """Both lists, for the chosen period."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, DECIDE)
    asked = request.query_params.get("sinds", LATELY)
    chosen = asked if asked in PERIODS else LATELY
    found = news(service, agent, chosen)
    home = service.codelists.municipality(agent.municipality) if agent.municipality else None
    return framed(
        request, DESK, "nieuw.html", found=found, chosen=chosen, home=home,
        periods={key: label for key, (label, _) in PERIODS.items()},
        fresh=_items(request, found, found.fresh), changed=_items(request, found, found.changed),
        head=service.log.head(), shown=SHOWN, may_write=service.register.rights.may(agent, WRITE),
    )  # fmt: skip


def seen(request: Request) -> Response:
    """From now on only what comes after this."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, DECIDE)
    with service.log.transaction() as transaction:
        transaction.put_state(_key(agent), str(service.log.head()))
    return RedirectResponse(PATH, 303, {"cache-control": "no-store"})


def news(service: Service, agent: Agent, period: str = LATELY) -> News:
    """What the feed of the municipality got since; of all municipalities for who has none."""
    feed = f"{FEED}/gemeente/{agent.municipality}" if agent.municipality else FEED
    members: dict[str, list[Member]] = {}
    after, since = _since(service, agent, period)
    newest = list(_newest(service, feed, after, since))
    for member in newest[:MOST]:
        members.setdefault(member.version.entity, []).append(member)
    # What became hidden is told as what it is, not as gone.
    members |= dict(islice(_hidden(service, agent, after, since), MOST))
    members = dict(sorted(members.items(), key=lambda told: told[1][0].sequence, reverse=True))
    gone = {entity for entity, found in members.items() if found[0].operation == "delete"}
    fresh = [entity for entity, found in members.items() if any(one.operation == "create" for one in found)]
    shown = [entity for entity in fresh if entity not in gone]
    changed = [entity for entity in members if entity not in shown]
    return News(shown, changed, members, len(newest) > MOST)


def _hidden(service: Service, agent: Agent, after: int, since: str) -> Iterator[tuple[str, list[Member]]]:
    """What not everybody sees and this agent does, each with its versions since, the latest first."""
    register = service.register
    if not register.rights.may(agent, READ):
        return
    visible = set(service.hidden.ids(reach(agent, register.rights, register.today())))
    for entity in service.log.hidden(register.tools.type.key, after):
        if id_of(entity) not in visible:
            continue
        versions = [each for each in service.log.versions(entity) if each.sequence > after and each.time >= since]
        if not versions:
            return
        yield entity, [Member("", 0, each.sequence, each.operation, each) for each in reversed(versions)]


def _newest(service: Service, feed: str, after: int, since: str) -> Iterator[Member]:
    """From the end of the feed back to where the period begins."""
    last, count = service.log.feed_size(feed), 0
    while last > 0 and count <= MOST:
        for member in reversed(service.log.members(feed, max(1, last - AT_ONCE + 1), last)):
            if member.sequence <= after or member.version.time < since:
                return
            yield member
            count += 1
        last -= AT_ONCE


def _since(service: Service, agent: Agent, period: str) -> tuple[int, str]:
    """After which sequence, and since when: who was never here sees a month."""
    days = PERIODS[period][1]
    kept = service.log.get_state(_key(agent)) if days is None else None
    if kept:
        return int(kept), ""
    day = (service.clock() - timedelta(days=31 if days is None else days)).replace(hour=0, minute=0, second=0)
    return 0, iso(day)


def _items(request: Request, found: News, entities: list[str]) -> list[Item]:
    told = steps(request, [_telling(found, entity).version for entity in entities[:SHOWN]])
    return [
        Item(step.message["code"], step.message["naam"] or step.message["code"], step,
             len(found.members[step.version.entity]) - 1, _is_hidden(found.members[step.version.entity][0]))
        for step in told
    ]  # fmt: skip


def _telling(found: News, entity: str) -> Member:
    """Of what is new how it came, of what changed the latest."""
    members = found.members[entity]
    return next((one for one in reversed(members) if entity in found.fresh and one.operation == "create"), members[0])


def _is_hidden(last: Member) -> bool:
    return last.version.public is None and not last.version.ended


def _key(agent: Agent) -> str:
    """A visit is of one account in one role: the name is a pseudonym."""
    return f"bezoek/{agent.role}/{agent.reader}"


ROUTES = (Route(PATH, show), Route(PATH, seen, methods=["POST"]))
