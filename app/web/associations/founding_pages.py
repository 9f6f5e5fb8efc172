"""`/mijn-vereniging/nieuw`: a founder registers an association, and sees first which ones look like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from anyio import from_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Gone, PossibleDuplicates, Problem, Refused, Unknown
from app.model.documents import to_document
from app.model.fields import Document, NodeType
from app.model.graph import from_ntriples
from app.register.agents import Agent
from app.register.commands import RegisterAssociation
from app.register.founding import KIND, as_founder, as_representative
from app.register.handle import handle
from app.register.personal.people import current
from app.store.records import Version
from app.web.associations.compared import Compared, compared
from app.web.associations.editing_pages import BASICS, FOLLOWING
from app.web.auth import agent_of, session_of
from app.web.form_inputs import Input, changes_in, fields_of, nested
from app.web.login_pages import keep_session
from app.web.rooms import MINE, framed
from app.web.service import Service

PATH = "/mijn-vereniging/nieuw"
REASON = "geregistreerd door wie ze oprichtte"
DUTCH = "België"
SITE = "Activiteiten"
SUBTYPE = ("verenigingssubtype", "FV")
# One row for each way to be reached: what a new association has, on one page.
CONTACTS = ("email", "telefoon", "website")
Preset = tuple[tuple[Document, tuple[str, ...]], ...]
PERSON = ("voornaam", "achternaam", "insz", "rol", "email", "telefoon")


@dataclass(frozen=True)
class Rows:
    """A group of inputs under a heading, of the parts of one list; `start` is how the names of each part begin."""

    title: str
    help: str
    term: str
    parts: tuple[tuple[str, tuple[Input, ...]], ...]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """All inputs, in the order of the form."""
        return tuple(each for _, inputs in self.parts for each in inputs)


@dataclass(frozen=True)
class Likely:
    """One that is there already and may be the same: what differs when everybody may see it, else only that it is."""

    code: str
    reasons: tuple[str, ...]
    name: str = ""
    home: str = ""
    lines: tuple[Compared, ...] = ()


def show(request: Request) -> Response:
    """The empty form."""
    return _page(request, _founder(request))


def save(request: Request) -> Response:
    """Register it, or come back with what is wrong or with what it looks like."""
    service: Service = request.app.state.service
    agent, form = _founder(request), _form(request)
    basics, groups = sheet(service)
    places: dict[str, str] = {}
    try:
        document = read(service, form, basics, groups, places)
        known_not = tuple(str(code) for code in form.getlist("nietDezelfde"))
        outcome = handle(RegisterAssociation(document, known_not), agent, service.register, REASON)
    except PossibleDuplicates as error:
        return _page(request, agent, form, Refused(error.title), 409, likely=_likely(service, document, error))
    except Refused as error:
        return _page(request, agent, form, _where_it_stands(error, places), 400)
    answer = RedirectResponse(f"/mijn-vereniging?nieuw={outcome.code}", 303, {"cache-control": "no-store"})
    _go_on_as(request, answer, as_representative(agent, outcome.entity, str(document["naam"])))
    return answer


def sheet(service: Service) -> tuple[tuple[Input, ...], tuple[Rows, ...]]:
    """The form of a new association without legal personality, as its shape has it."""
    type, lists = service.register.tools.type, service.codelists
    nodes: Mapping[str, Any] = {field.term: field for field in type.fields if field.node}
    site = lists.find("locatietype", SITE)
    start = {"zichtbaarInLoket": True}
    basics = tuple(each for each in fields_of(start, type, lists, BASICS) if each.path != "roepnaam")
    place = {"locatietype": site.iri if site else None, "isPrimair": True, "adres": {"land": DUTCH}}
    made: tuple[tuple[str, str, Preset], ...] = (
        ("locaties", "Waar de vereniging actief is.", ((place, ()),)),
        ("contactgegevens", "Hoe men haar bereikt.", tuple(({}, (way, "isPersoonlijk")) for way in CONTACTS)),
        ("vertegenwoordigers", "Uzelf. Enkel besturen met een goede reden zien dit, en u ziet wie dat deed.",
         (({}, PERSON),)),
    )  # fmt: skip
    groups = tuple(
        Rows(nodes[term].label, help, term, tuple(_parts(term, nodes[term].node, rows, service)))
        for term, help, rows in made
    )
    return basics, groups


def read(
    service: Service, form: FormData, basics: tuple[Input, ...], groups: tuple[Rows, ...], places: dict[str, str]
) -> Document:
    """What was filled in; `places` learns which part of the document stands in which row. Raises Refused."""
    everything = [*basics, *(each for group in groups for each in group.inputs)]
    blank = [replace(each, value=() if each.kind == "many" else None) for each in everything]
    filled = {path: value for path, value in changes_in(form, blank).items() if value not in (None, False, [])}
    kind, sort = (service.codelists.find(*which) for which in (("verenigingstype", KIND), SUBTYPE))
    assert kind is not None and sort is not None
    own = {each.path for each in basics}
    document: Document = nested({path: value for path, value in filled.items() if path in own})
    document |= {"verenigingstype": kind.iri, "verenigingssubtype": sort.iri}
    document |= {"zichtbaarInLoket": bool(form.get("zichtbaarInLoket"))}
    for group in groups:
        for start, inputs in group.parts:
            told = {each.path: filled[each.path] for each in inputs if each.path in filled}
            if _says_something(told):
                rows = document.setdefault(group.term, [])
                places[f"{group.term}[{len(rows)}]"] = start[:-1]
                rows.append(nested(told, start))
    for person in document.get("vertegenwoordigers", ()):
        person["isPrimair"] = True
    return document


def _says_something(told: Mapping[str, Any]) -> bool:
    """Whether a part has more than what the form itself put there."""
    preset = (".locatietype", ".land")
    return any(value is not True and not path.endswith(preset) for path, value in told.items())


def _parts(term: str, type: NodeType, rows: Preset, service: Service) -> Iterator[tuple[str, tuple[Input, ...]]]:
    seat = service.register.tools.notions.seat
    for index, (preset, terms) in enumerate(rows):
        start = f"{term}[{index}]."
        inputs = fields_of(preset, type, service.codelists, terms, start)
        wanted = (each for each in inputs if each.path.rpartition(".")[2] not in FOLLOWING - {"isPersoonlijk"})
        yield start, tuple(replace(each, options=tuple(o for o in each.options if o.value != seat)) for each in wanted)


def _where_it_stands(error: Refused, places: Mapping[str, str]) -> Refused:
    """The problems, with the paths of the form: an empty row before it has no place in the document."""
    moved = [Problem(_moved(problem.path, places), problem.message) for problem in error.problems]
    return Refused(error.title, moved)


def _moved(path: str, places: Mapping[str, str]) -> str:
    start = path[: path.find("]") + 1]
    return places.get(start, start) + path[len(start) :]


def _likely(service: Service, document: Document, error: PossibleDuplicates) -> list[Likely]:
    return [_one(service, document, code, tuple(reasons)) for code, reasons in error.candidates]


def _one(service: Service, document: Document, code: str, reasons: tuple[str, ...]) -> Likely:
    try:
        version, _ = current(code, service.register)
    except (Unknown, Gone):
        return Likely(code, reasons)
    if version.public is None:
        return Likely(code, reasons)
    there = _public(version, service)
    homes = [service.codelists.municipality(iri) for iri in there.get("gemeente", ())]
    lines = tuple(compared(_shown(document), there, service))
    return Likely(code, reasons, there["naam"], ", ".join(home.name for home in homes if home), lines)


def _public(version: Version, service: Service) -> Document:
    return to_document(from_ntriples(version.public or b""), service.register.tools.type, version.entity)


def _shown(document: Document) -> Document:
    """Of what was filled in, what everybody will see."""
    return {term: value for term, value in document.items() if term not in ("vertegenwoordigers", "zichtbaarInLoket")}


def _founder(request: Request) -> Agent:
    service: Service = request.app.state.service
    agent = as_founder(agent_of(request), service.register)
    service.register.rights.check(agent, RegisterAssociation)
    return agent


def _go_on_as(request: Request, answer: Response, agent: Agent) -> None:
    """The session itself goes on as the representative, so that nobody has to log in again."""
    entrance, token = request.app.state.service.entrance, session_of(request)
    key = entrance.represent(token, agent) if entrance and token else None
    if key:
        keep_session(request, answer, key)


def _form(request: Request) -> FormData:
    async def read() -> FormData:
        return await request.form(max_files=0, max_fields=300)

    return from_thread.run(read)


def _page(
    request: Request, agent: Agent, form: FormData | None = None, error: Refused | None = None, status: int = 200,
    likely: list[Likely] | None = None,
) -> Response:  # fmt: skip
    basics, groups = sheet(request.app.state.service)
    problems = {one.path: one.message for one in error.problems} if error else {}
    known = {each.path for each in (*basics, *(one for group in groups for one in group.inputs))}
    elsewhere = [message for path, message in problems.items() if path not in known]
    told = ([error.title] if error and not likely else []) + elsewhere
    return framed(
        request, MINE, "oprichten.html", status, basics=basics, groups=groups, problems=problems, told=told, form=form,
        likely=likely or [], founder=agent,
    )  # fmt: skip


ROUTES = (Route(PATH, show), Route(PATH, save, methods=["POST"]))
