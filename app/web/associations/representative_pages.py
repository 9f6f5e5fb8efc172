"""`…/vertegenwoordigers`: who represents an association; added, corrected and let go.

| address | what |
|---|---|
| /mijn-vereniging/V0001001/vertegenwoordigers | by the association itself, which sees its own as is its right |
| /beheer/verenigingen/V0001001/vertegenwoordigers | by an administration, which first says for what |

Every reading is logged, and the association sees whose it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anyio import from_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, Problem, Refused
from app.model.fields import Document, NodeType
from app.model.numbering import number_of
from app.register.agents import ASSOCIATION
from app.register.commands import ChangeAssociation
from app.register.handle import handle
from app.register.parts import Add, Drop, Edit, Replace
from app.register.personal.people import read_personal
from app.web.associations.own_pages import LIST, OWN, Desk, on_the_desk
from app.web.form_inputs import Input, changes_in, fields_of, nested

TERM = "vertegenwoordigers"
TEMPLATE = "vertegenwoordigers.html"
FORM_TERMS = ("voornaam", "achternaam", "insz", "rol", "email", "telefoon", "mobiel", "isPrimair")
NEW = "nieuw."
LAST = "Een vereniging heeft minstens één vertegenwoordiger. Voeg eerst een andere toe."
NOT_ALL = "Niet alles is goed ingevuld."


@dataclass(frozen=True)
class Person:
    """One representative as the page shows it: a name, and the inputs to correct it."""

    number: int
    name: str
    role: str
    inputs: tuple[Input, ...]


def show(request: Request) -> Response:
    """Who there are, and the form for one more; for an administration, the question for what."""
    desk = on_the_desk(request, ChangeAssociation)
    return _page(request, desk) if desk.agent.role == ASSOCIATION else _question(request, desk)


def save(request: Request) -> Response:
    """Add one, correct one or let one go; without one of these, show them for the purpose that is stated."""
    desk, form = on_the_desk(request, ChangeAssociation), _form(request)
    try:
        people, new = _people(desk, form)
    except Refused as error:
        return _question(request, desk, error, str(form.get("reden", "")))
    if "wie" not in form:
        return _page(request, desk, form)
    try:
        edit = _edit(desk, form, people, new)
        if edit is not None:
            command = ChangeAssociation(desk.code, {}, desk.version.number, edits=(edit,))
            handle(command, desk.agent, desk.service.register, str(form.get("reden", "")).strip()[:500])
    except Refused as error:
        return _page(request, desk, form, _in_the_form(error, desk), 400)
    except Conflict as error:
        return _page(request, desk, form, Refused(error.title), 412)
    return RedirectResponse(f"{desk.place}/{TERM}?bewaard=1", 303, {"cache-control": "no-store"})


def _people(desk: Desk, form: FormData | None) -> tuple[list[Person], tuple[Input, ...]]:
    """Those that there are, with their values out of the vault, and the inputs of a new one; Refused without purpose.

    A purpose may leave values out: what is not shown stays as it is.
    """
    stated = ": ".join(filter(None, (str(form.get("doel", "")), str(form.get("reden", ""))[:200]))) if form else ""
    read = read_personal(desk.code, desk.agent, desk.service.register, stated)
    type = _node_type(desk)
    found = [_person(node, type, desk) for node in read.document.get(TERM, ())]
    return found, _inputs({}, type, desk, NEW)


def _person(node: Document, type: NodeType, desk: Desk) -> Person:
    number = number_of(node["@id"])
    name = " ".join(filter(None, (node.get("voornaam"), node.get("achternaam")))) or "Naam niet bekend"
    return Person(number, name, node.get("rol", ""), _inputs(node, type, desk, f"v{number}."))


def _inputs(node: Document, type: NodeType, desk: Desk, start: str) -> tuple[Input, ...]:
    return tuple(fields_of(node, type, desk.service.codelists, FORM_TERMS, start))


def _edit(desk: Desk, form: FormData, people: list[Person], new: tuple[Input, ...]) -> Edit | None:
    wanted = str(form.get("wie", ""))
    if wanted == "nieuw":
        told = {path: value for path, value in changes_in(form, new).items() if value not in (None, False)}
        return Add(TERM, nested(told, NEW))
    person = next((one for one in people if str(one.number) == wanted), None)
    if person is None:
        raise Refused("Deze vertegenwoordiger staat niet (meer) bij deze vereniging.")
    if form.get("besluit") == "weg":
        if len(people) == 1:
            raise Refused(LAST)
        return Drop(TERM, person.number)
    changed = nested(changes_in(form, person.inputs), f"v{person.number}.")
    return Replace(TERM, person.number, lambda _: changed) if changed else None


def _in_the_form(error: Refused, desk: Desk) -> Refused:
    """The problems, with the names of the inputs: the document has the persons by their place in the list."""
    starts = {f"{TERM}[{at}].": f"v{number_of(node['@id'])}." for at, node in enumerate(desk.document.get(TERM, ()))}
    starts[f"{TERM}[{len(starts)}]."] = NEW
    problems = []
    for problem in error.problems:
        start, dot, term = problem.path.rpartition("].")
        known = starts.get(f"{start}{dot}")
        problems.append(Problem(f"{known}{term}", problem.message) if known else problem)
    return Refused(NOT_ALL if problems else error.title, problems)


def _node_type(desk: Desk) -> NodeType:
    node = desk.service.register.tools.type.by_term[TERM].node
    assert node is not None
    return node


def _form(request: Request) -> FormData:
    async def read() -> FormData:
        return await request.form(max_files=0, max_fields=100)

    return from_thread.run(read)


def _question(request: Request, desk: Desk, error: Refused | None = None, why: str = "") -> Response:
    problem = error.problems[0].message if error and error.problems else ""
    purposes = desk.service.schema.processing.choosable
    values: dict[str, Any] = {"problem": problem, "why": why, "purposes": purposes, "asks": True}
    return desk.page(request, TEMPLATE, 400 if error else 200, saved="bewaard" in request.query_params, **values)


def _page(
    request: Request, desk: Desk, form: FormData | None = None, error: Refused | None = None, status: int = 200
) -> Response:
    people, new = _people(desk, form)
    problems = {one.path: one.message for one in error.problems} if error else {}
    chosen = str(form.get("wie", "")) if form else ""
    known = {each.path for person in people for each in person.inputs} | {each.path for each in new}
    told = ([error.title] if error else []) + [text for path, text in problems.items() if path not in known]
    values: dict[str, Any] = {"people": people, "new": new, "problems": problems, "told": told, "chosen": chosen}
    stated = {name: str(form.get(name, "")) for name in ("doel", "reden")} if form else {}
    saved = "bewaard" in request.query_params
    filled = form if chosen else None
    return desk.page(request, TEMPLATE, status, form=filled, stated=stated, saved=saved, asks=False, **values)


ROUTES = tuple(
    route
    for place in (OWN, LIST)
    for route in (
        Route(f"{place}/{{code}}/{TERM}", show),
        Route(f"{place}/{{code}}/{TERM}", save, methods=["POST"]),
    )
)
