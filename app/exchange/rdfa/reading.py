"""A page with RDFa, as a graph: read by the standard, then mended, and every repair told.

    page = read_page(data, "https://www.voorbeeld.be/zitting/12", spellings, f"{base}/.well-known/genid/")
    page.graph, page.notes, page.line(decision, ELI.title)

Blank nodes get an IRI that follows from what is said of them, so an unchanged page gives the same triples again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.exchange.rdfa.evaluate import evaluate
from app.exchange.rdfa.notes import Fault, Note, Notes
from app.exchange.rdfa.page import decode, links_of, parse_page
from app.exchange.rdfa.repair import Repair, clean_address, part_empty, straighten
from app.exchange.rdfa.skolem import name_blanks
from app.exchange.rdfa.spellings import Spellings
from app.exchange.rdfa.statements import Statement, Text
from app.model.graph import IRI, Graph, Literal, Subject
from app.model.terms import ELI, PROV

VALUE, EMBODIED = PROV.value.value, ELI.is_embodied_by.value


@dataclass(frozen=True)
class Page:
    """What a page says: its graph, what was wrong in it, and on which line each subject and property stands first.

    `links` are those that say what they lead to: the names in their `property`, and the address.
    """

    url: str
    graph: Graph
    notes: tuple[Note, ...]
    lines: Mapping[tuple[Subject, IRI | None], int]
    links: tuple[tuple[str, str], ...] = ()

    def line(self, subject: Subject, property: IRI | None = None) -> int | None:
        """Where a property of a subject is said first, else where the subject is."""
        return self.lines.get((subject, property)) or self.lines.get((subject, None))


def read_page(data: bytes | str, url: str, spellings: Spellings, skolem: str, charset: str | None = None) -> Page:
    """Read a page that was found at `url`. Raises Refused when it is no HTML."""
    notes = Notes()
    root = parse_page(data if isinstance(data, str) else decode(data, charset))
    straighten(root, notes)
    part_empty(root, notes)
    address = clean_address(url)
    if address != url.partition("#")[0]:
        notes.add(Fault.SESSION, 1, url, address)
    evaluation = evaluate(root, address)
    repair = Repair(evaluation, spellings, address, notes)
    mended = (_mend(statement, repair, notes) for statement in evaluation.statements)
    statements = name_blanks([statement for statement in mended if statement], address, skolem)
    graph, lines = _graph(statements)
    return Page(address, graph, notes.all(), lines, tuple(links_of(root, evaluation.names.base)))


def _mend(statement: Statement, repair: Repair, notes: Notes) -> Statement | None:
    line = statement.line
    subject = repair.resource(statement.subject, line)
    predicate = repair.resource(statement.predicate, line)
    said = statement.object
    object = repair.text(said, line) if isinstance(said, Text) else repair.object(said, line)
    if subject is None or predicate is None or object is None:
        return None
    if predicate == VALUE and isinstance(object, str) and not object.startswith("_:"):
        # https://op.europa.eu/en/web/eu-vocabularies/eli: a file is a format that embodies the expression.
        predicate = EMBODIED
        notes.add(Fault.DOCUMENT, line, f"prov:value {object}", f"eli:is_embodied_by {object}")
    return Statement(subject, predicate, object, line)


def _graph(statements: list[Statement]) -> tuple[Graph, dict[tuple[Subject, IRI | None], int]]:
    graph = Graph()
    lines: dict[tuple[Subject, IRI | None], int] = {}
    iris: dict[str, IRI] = {}

    def iri(text: str) -> IRI:
        known = iris.get(text)
        if known is None:
            known = iris[text] = IRI(text)
        return known

    for statement in statements:
        said = statement.object
        try:
            subject, predicate = iri(statement.subject), iri(statement.predicate)
            graph.add(subject, predicate, _literal(said) if isinstance(said, Text) else iri(said))
        except ValueError:
            continue  # an IRI or a language tag that RDF refuses still, after all repairs
        for key in ((subject, predicate), (subject, None)):
            lines.setdefault(key, statement.line)
    return graph, lines


def _literal(text: Text) -> Literal:
    if text.datatype:
        return Literal(text.value, datatype=IRI(text.datatype))
    return Literal(text.value, language=text.language.lower()) if text.language else Literal(text.value)
