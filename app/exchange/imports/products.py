"""A municipality's products go into the register: a spreadsheet as it has it, or JSON-LD or Turtle of another system.

    with import_products(path, "Gent", register, agent, root, dry_run=True) as report: ...

A row that says the code, or the title, of a product of the municipality changes that one; any other row is a new one.
So a list may be brought in again: nothing is ever doubled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.errors import LoketError, Refused
from app.exchange.imports.report import ImportReport, Result, RowOutcome
from app.exchange.ldes.contexts import load_contexts
from app.exchange.products.keeping import as_sent, terms_of_model
from app.exchange.products.lpdc import documents_in, read_lpdc_file
from app.exchange.products.rows import Filled, column_of, document_of, filled
from app.exchange.spreadsheet.cells import Limits, Row, Sheet
from app.exchange.spreadsheet.columns import load_columns
from app.exchange.spreadsheet.draft import WHOLE_ROW, CellProblem
from app.exchange.spreadsheet.headers import Recognition, recognise
from app.exchange.spreadsheet.read import read_sheets
from app.model.codelists import fold
from app.model.fields import Document
from app.model.languages import text_of
from app.register.agents import Agent
from app.register.commands import Change, Create, Outcome
from app.register.handle import handle_all, rehearse_all
from app.register.products.conduct import EXTERNAL
from app.register.products.own_products import Own, own_products, read_own
from app.register.register import Register

PLURAL = "producten"
A_TITLE = "de titel van het product: noem ze “Titel”"
CODE = "vCode"
RDF_SUFFIXES = frozenset((".jsonld", ".json", ".ttl", ".nt", ".nq", ".trig", ".rdf"))
TWICE_HERE = "Er zijn twee producten met deze titel: vul de code in van het product dat u bedoelt."
TWICE = "Deze titel staat al in een rij hierboven."
NOT_YOURS = "Dit is geen product van uw bestuur."


@dataclass(frozen=True)
class Asked:
    """One row or one node, and what it asks of the register; or why it cannot be asked."""

    row: int
    command: Create | Change | None
    problems: tuple[CellProblem, ...] = ()


def import_products(
    path: Path,
    municipality: str,
    register: Register,
    agent: Agent,
    root: Path,
    *,
    dry_run: bool = False,
    limits: Limits | None = None,
) -> ImportReport:
    """Bring in the products in a file; raises Unknown, Refused or TooLarge before it begins."""
    home = register.codelists.known_municipality(municipality)
    agent = replace(agent, municipality=home.nis)
    if path.suffix.lower() in RDF_SUFFIXES:
        found = Recognition(Sheet("", False, lambda: iter(())), 0, {}, (), (), ())
        asked = list(_of_graph(path, register, root))
    else:
        found = recognise(read_sheets(path, limits), load_columns(root, PLURAL), A_TITLE)
        asked = list(_of_rows(found, own_products(agent, register), register))
    report = ImportReport(path, home.name, dry_run, found, plural=PLURAL, code_title="Code")
    commands = [each.command for each in asked if each.command is not None]
    carry_out = rehearse_all if dry_run else handle_all
    outcomes = iter(carry_out(commands, agent, register, f"lijst van {home.name}"))
    settled = [_settled(each, next(outcomes) if each.command else None, found) for each in asked]
    # The code of what was only tried is nobody's: another product may get it.
    report.add([replace(each, code="") if dry_run and each.result is Result.REGISTERED else each for each in settled])
    return report


def _of_rows(found: Recognition, own: Sequence[Own], register: Register) -> Iterator[Asked]:
    by_code = {each.code: each for each in own}
    by_title: defaultdict[str, list[Own]] = defaultdict(list)
    for each in own:
        by_title[fold(text_of(each.document.get("naam")))].append(each)
    seen: set[str] = set()
    for row in found.sheet.rows():
        if row.number > found.header_row:
            yield _of_row(row, filled(row, found.bindings), by_code, by_title, seen, register)


def _of_row(
    row: Row, cells: Sequence[Filled], by_code: dict[str, Own], by_title: dict[str, list[Own]], seen: set[str],
    register: Register,
) -> Asked:  # fmt: skip
    said = {cell.column.key: cell for cell in cells}
    code = said.get(CODE)
    if not cells or (code is None and "titel" not in said):
        return Asked(row.number, None)
    title = fold(said["titel"].text) if "titel" in said else ""
    if code is not None:
        if (known := by_code.get(code.text.upper())) is None:
            return Asked(row.number, None, (CellProblem(code.binding.index, NOT_YOURS),))
        return Asked(row.number, _change(known, cells, register))
    if title in seen:
        return Asked(row.number, None, (CellProblem(said["titel"].binding.index, TWICE),))
    seen.add(title)
    alike = by_title.get(title, [])
    if len(alike) > 1:
        return Asked(row.number, None, (CellProblem(said["titel"].binding.index, TWICE_HERE),))
    if alike:
        return Asked(row.number, _change(alike[0], cells, register))
    type = register.schema.entity_types["product"]
    return Asked(row.number, Create("product", document_of(cells, type, None)))


def _change(own: Own, cells: Sequence[Filled], register: Register) -> Change:
    document = document_of(cells, register.schema.entity_types["product"], own.document)
    return Change("product", own.code, document, own.version.number)


def _of_graph(path: Path, register: Register, root: Path) -> Iterator[Asked]:
    """Each product in a file of another system, known by the IRI that it has there."""
    graph = read_lpdc_file(path, root)
    type = register.schema.entity_types["product"]
    model = terms_of_model(load_contexts(root))
    found = list(documents_in(graph, register.schema, "product"))
    if not found:
        raise Refused("In dit bestand staat geen product (Instantie).")
    for number, (iri, document) in enumerate(found, 1):
        known = register.schema.entity_of(iri.value)
        holders = register.log.find(EXTERNAL, iri.value)
        if known is not None and known[0].key == type.key:
            yield Asked(number, _sent(document, known[1], model, register))
        elif holders:
            code = holders[0].rpartition("/")[2]
            yield Asked(number, _sent({**document, "sameAs": iri.value}, code, model, register))
        else:
            yield Asked(number, Create("product", {**document, "sameAs": iri.value}))


def _sent(document: Document, code: str, model: frozenset[str], register: Register) -> Change:
    """The product as the other system has it, with what only we know of it."""
    type = register.schema.entity_types["product"]
    version = register.log.latest(type.iri(code))
    before = read_own(version, register).document if version is not None and not version.ended else {}
    return Change("product", code, as_sent(document, before, type, model))


def _settled(asked: Asked, outcome: Outcome | LoketError | None, found: Recognition) -> RowOutcome:
    if outcome is None:
        result = Result.REFUSED if asked.problems else Result.SKIPPED
        return RowOutcome(asked.row, result, problems=asked.problems)
    if isinstance(outcome, LoketError):
        return RowOutcome(asked.row, Result.REFUSED, problems=tuple(_problems(outcome, found)))
    if isinstance(asked.command, Create):
        return RowOutcome(asked.row, Result.REGISTERED, outcome.code)
    return RowOutcome(asked.row, Result.UNCHANGED if outcome.sequence is None else Result.CHANGED, outcome.code)


def _problems(error: LoketError, found: Recognition) -> Iterator[CellProblem]:
    problems = error.problems if isinstance(error, Refused) else ()
    if not problems:
        yield CellProblem(WHOLE_ROW, error.title)
    for problem in problems:
        column = column_of(problem.path, found.bindings)
        message = problem.message if column is not None else f"{problem.path}: {problem.message}"
        yield CellProblem(WHOLE_ROW if column is None else column, message)
