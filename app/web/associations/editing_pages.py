"""Changing an association by form, for its clerks and for itself: the fields of the shape, and its parts row by row.

Who saves after somebody else is told so: nothing is overwritten unseen. The reason stands in the history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from anyio import from_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, PossibleDuplicates, Refused
from app.model.fields import Document, NodeType
from app.model.numbering import number_of
from app.model.whole import whole_number
from app.register.commands import ChangeAssociation
from app.register.handle import handle
from app.register.parts import Add, Drop, Edit, Replace
from app.web.associations.own_pages import LIST, OWN, Desk, on_the_desk
from app.web.form_inputs import Input, changes_in, fields_of, nested

BASICS = (
    "naam", "roepnaam", "korteNaam", "korteBeschrijving", "startdatum", "doelgroep", "hoofdactiviteiten",
    "werkingsgebieden", "zichtbaarInLoket",
)  # fmt: skip
PARTS = ("locaties", "contactgegevens", "lidmaatschappen")
# What follows from other fields, or is somebody else's to say.
FOLLOWING = frozenset({"adresvoorstelling", "verwijstNaar", "bron", "isPersoonlijk", "andereVereniging"})


@dataclass(frozen=True)
class Row:
    """One part of a list: its inputs, and where its removal is ticked; `number` is 0 for a new one."""

    term: str
    start: str
    number: int
    inputs: tuple[Input, ...]


@dataclass(frozen=True)
class Sheet:
    """The whole form."""

    basics: tuple[Input, ...]
    lists: tuple[tuple[str, str, tuple[Row, ...]], ...]


def show(request: Request) -> Response:
    """The form, with what stands in the register."""
    return _page(request, on_the_desk(request, ChangeAssociation))


def save(request: Request) -> Response:
    """Change what was filled in otherwise; what stands in the way is told beside its field."""
    desk, form = on_the_desk(request, ChangeAssociation), _form(request)
    sheet = sheet_of(desk)
    try:
        command = _command(desk, sheet, form)
        handle(command, desk.agent, desk.service.register, str(form.get("reden", "")).strip()[:500])
    except PossibleDuplicates as error:
        return _page(request, desk, form, error, 409, candidates=error.candidates)
    except Refused as error:
        return _page(request, desk, form, error, 400)
    except Conflict as error:
        return _page(request, desk, form, Refused(error.title + " Hieronder staat wat u invulde."), 412)
    return RedirectResponse(desk.place, 303, {"cache-control": "no-store"})


def sheet_of(desk: Desk) -> Sheet:
    """The form about an association: its own fields, the parts that it has and one empty row for each kind."""
    type, codelists = desk.service.register.tools.type, desk.service.codelists
    basics = tuple(fields_of(desk.document, type, codelists, BASICS))
    lists = ((field.term, field.label, tuple(_rows(desk, field.term, field.node)))
             for field in type.fields if field.term in PARTS and field.node)  # fmt: skip
    with_personality = desk.document.get("verenigingstype") in desk.service.register.tools.notions.with_personality
    return Sheet(tuple(each for each in basics if with_personality or each.path != "roepnaam"), tuple(lists))


def _rows(desk: Desk, term: str, type: NodeType) -> Iterator[Row]:
    nodes: list[Document] = [*desk.document.get(term, []), {}]
    seat = desk.service.register.tools.notions.seat
    for index, node in enumerate(nodes):
        start = f"{term}[{index}]."
        inputs = fields_of(node, type, desk.service.codelists, (), start)
        wanted = (each for each in inputs if each.path.rpartition(".")[2] not in FOLLOWING)
        kept = (replace(each, options=tuple(o for o in each.options if o.value in (each.value,) or o.value != seat))
                for each in wanted)  # fmt: skip
        yield Row(term, start, number_of(node.get("@id", "")), tuple(kept))


def _command(desk: Desk, sheet: Sheet, form: FormData) -> ChangeAssociation:
    changed = nested(changes_in(form, sheet.basics))
    if "doelgroep" in changed:
        changed["doelgroep"] = {**desk.document.get("doelgroep", {}), **changed["doelgroep"]}
    edits = tuple(edit for _, _, rows in sheet.lists for row in rows if (edit := _edit(row, form)))
    version = whole_number(str(form.get("versie", "")))
    expected = desk.version.number if version is None else version
    return ChangeAssociation(desk.code, changed, expected, tuple(str(form.get("nietDezelfde", "")).split()), edits)


def _edit(row: Row, form: FormData) -> Edit | None:
    if row.number and form.get(f"{row.start}weg"):
        return Drop(row.term, row.number)
    changes = changes_in(form, row.inputs)
    if not row.number:
        filled = {path: value for path, value in changes.items() if value not in (None, False)}
        return Add(row.term, nested(filled, row.start)) if any(v is not True for v in filled.values()) else None
    if not changes:
        return None
    node = nested(changes, row.start)
    return Replace(row.term, row.number, lambda old: {term: _within(old.get(term), node[term]) for term in node})


def _within(old: Any, new: Any) -> Any:
    """Of a part inside a part, only the fields that change."""
    return {**old, **new} if isinstance(old, dict) and isinstance(new, dict) else new


def _form(request: Request) -> FormData:
    async def read() -> FormData:
        return await request.form(max_files=0, max_fields=2000)

    return from_thread.run(read)


def _page(
    request: Request, desk: Desk, form: FormData | None = None, error: Refused | None = None, status: int = 200,
    candidates: Any = (),
) -> Response:  # fmt: skip
    problems = {one.path: one.message for one in error.problems} if error else {}
    sheet = sheet_of(desk)
    in_rows = (each for _, _, rows in sheet.lists for row in rows for each in row.inputs)
    known = {each.path for each in (*sheet.basics, *in_rows)}
    elsewhere = [message for path, message in problems.items() if path not in known]
    told = ([error.title] if error and not problems else []) + elsewhere
    return desk.page(
        request, "wijzigen.html", status, sheet=sheet, problems=problems, told=told, form=form,
        candidates=candidates, version=form.get("versie") if form else desk.version.number,
    )  # fmt: skip


ROUTES = tuple(
    Route(f"{start}/{{code}}/wijzigen", function, methods=[method])
    for start in (LIST, OWN)
    for method, function in (("GET", show), ("POST", save))
)
