"""The room of a representative: what stands in the register, who changed and read it, and what it brings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Gone, Unknown
from app.register.agents import Agent
from app.register.commands import HideAssociation, ShowAssociation
from app.register.dossiers.own_dossiers import entities_of
from app.register.events import event_of
from app.register.handle import handle
from app.register.personal.people import current
from app.register.products.eligibility import NO, UNKNOWN, YES
from app.register.profile import profile_of
from app.register.register import Register
from app.register.subjects import subject_of
from app.register.telling.messages import Message
from app.store.accesses import Which, count
from app.store.outbox import Notice
from app.store.records import Version
from app.store.times import iso
from app.web.associations.club import LABELS, TONES, Club
from app.web.associations.own_pages import LIST, OWN, on_the_desk
from app.web.auth import agent_of
from app.web.desk.rights_pages import own_chapter
from app.web.forms import form_of
from app.web.paging import Paging, page_number
from app.web.personal.access_pages import SEEN
from app.web.products.offer_pages import Judged, judged
from app.web.products.offer_search import PLACE, Wanted
from app.web.rooms import MINE, framed
from app.web.service import Service
from app.web.telling.site import Telling

RECENT = 4
LATELY = timedelta(days=30)
PER_PAGE = 25
ANSWERS = (YES, UNKNOWN, NO)


@dataclass(frozen=True)
class Own:
    """An association of a representative: what stands in the register, and the municipality that it is at home in."""

    code: str
    version: Version
    document: dict[str, Any]
    public: bool
    home: str
    nis: str


@dataclass(frozen=True)
class Step:
    """One version in words: when, who, what, why."""

    version: Version
    who: str
    message: Message


@dataclass(frozen=True)
class Overview:
    """What the first page tells of one association."""

    own: Own
    steps: list[Step]
    readings: int
    offers: list[Judged]
    possible: int
    people: int


def mine(request: Request) -> Response:
    """The first page of a representative, or of who may found."""
    register: Register = request.app.state.service.register
    agent = agent_of(request)
    overviews = [_overview(request, own) for own in own_associations(register, agent)]
    return framed(
        request, MINE, "mijn.html", overviews=overviews, own=own_chapter(register, agent), labels=LABELS, tones=TONES,
        fresh=request.query_params.get("nieuw", ""),
    )  # fmt: skip


def own_associations(register: Register, agent: Agent) -> Iterator[Own]:
    """Those that an agent speaks for, and that are there still."""
    for code in sorted(agent.associations):
        try:
            version, document = current(code, register)
        except (Unknown, Gone):
            continue
        subject = subject_of(register.log, version.entity, register.today())
        home = register.codelists.municipality(subject.home) if subject and subject.home else None
        yield Own(code, version, document, version.public is not None, *((home.name, home.nis) if home else ("", "")))


def history(request: Request) -> Response:
    """Who changed what, when and why; what not everybody may know, too."""
    desk, number = on_the_desk(request), page_number(request, "pagina")
    versions = desk.service.log.versions(desk.version.entity)[::-1]
    paging = Paging(f"{desk.place}/geschiedenis", request.query_params, number, len(versions), PER_PAGE, "pagina")
    shown = steps(request, versions[(number - 1) * PER_PAGE : number * PER_PAGE])
    return desk.page(request, "mijn_geschiedenis.html", steps=shown, paging=paging)


def offers(request: Request) -> Response:
    """What it qualifies for and what not, with the reasons; what is offered where it is at home."""
    desk, number = on_the_desk(request), page_number(request, "pagina")
    found = _offers(desk.service, desk.code, desk.document, desk.subject.home or "")
    chosen = request.query_params.get("antwoord", "")
    counts = [(answer, LABELS[answer], sum(v.answer == answer for _, v in found if v)) for answer in ANSWERS]
    wanted = [each for each in found if each[1] and chosen in ("", each[1].answer)]
    paging = Paging(f"{desk.place}/aanbod", request.query_params, number, len(wanted), PER_PAGE, "pagina")
    items = wanted[(number - 1) * PER_PAGE : number * PER_PAGE]
    home = desk.service.codelists.municipality(desk.subject.home) if desk.subject.home else None
    return desk.page(
        request, "mijn_aanbod.html", items=items, counts=counts, chosen=chosen, paging=paging, home=home,
        labels=LABELS, tones=TONES, most=len(found),
    )  # fmt: skip


def show_or_hide(request: Request) -> Response:
    """Let everybody see it, or nobody but administrations."""
    command = ShowAssociation if form_of(request).get("zichtbaar") == "ja" else HideAssociation
    desk = on_the_desk(request, command)
    handle(command(desk.code), desk.agent, desk.service.register)
    back = OWN if desk.place.startswith(OWN) else desk.place
    return RedirectResponse(back, 303, {"cache-control": "no-store"})


def steps(request: Request, versions: Sequence[Version]) -> list[Step]:
    """Versions in words, for who may know more than everybody."""
    service: Service = request.app.state.service
    telling: Telling = request.app.state.telling
    found = []
    for version in versions:
        before = service.log.version(version.entity, version.number - 1) if version.number > 1 else None
        notice = Notice(0, version.sequence, (), ())
        event = event_of(version, before, notice, service.schema, service.codelists)
        message = telling.teller.message(event, event.known, internal=True)
        found.append(Step(version, _who(version, message), message))
    return found


def _who(version: Version, message: Message) -> str:
    return "de vereniging zelf" if version.answerable == version.entity else message.get("door", "")


def _overview(request: Request, own: Own) -> Overview:
    service: Service = request.app.state.service
    versions = service.log.versions(own.version.entity)[::-1][:RECENT]
    since = iso(service.clock() - LATELY)
    also = entities_of(own.version.entity, service.register)
    readings = count(service.log.database, Which(entity=own.version.entity, also=also, what=SEEN, since=since))
    found = [each for each in _offers(service, own.code, own.document, own.nis) if each[1].answer == YES]
    people = len(own.document.get("vertegenwoordigers", ()))
    return Overview(own, steps(request, versions), readings, found[:RECENT], len(found), people)


def _offers(service: Service, code: str, document: dict[str, Any], home: str) -> list[Judged]:
    """What is offered there, with the answer for this association, hidden or not."""
    club = Club(code, document["naam"], profile_of(document, service.codelists))
    found = service.offers.index().search(Wanted("", {PLACE: home} if home else {}))
    return judged(service, service.offers.all(), found, club)


ROUTES = (
    Route(OWN, mine),
    Route(f"{OWN}/{{code}}/geschiedenis", history),
    Route(f"{LIST}/{{code}}/geschiedenis", history),
    Route(f"{OWN}/{{code}}/aanbod", offers),
    Route(f"{LIST}/{{code}}/aanbod", offers),
    Route(f"{OWN}/{{code}}/zichtbaar", show_or_hide, methods=["POST"]),
    Route(f"{LIST}/{{code}}/zichtbaar", show_or_hide, methods=["POST"]),
)
