"""From what pages say to the register: every session and decision that a page speaks of, out of all pages that do.

What is compared is what stands in the register now: so what was, went and came back comes back, and what is the same
changes nothing. A statement that one page drops and another still makes, stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.errors import LoketError
from app.exchange.decisions.read import Context, Reader, document_of
from app.exchange.decisions.terms import code_of
from app.model.fields import Document, EntityType
from app.model.graph import Graph, from_ntriples
from app.register.agents import SYSTEM, Agent
from app.register.commands import Archive, Change, Command, Create
from app.register.decisions.conduct import DECISION
from app.register.decisions.linking import link
from app.register.handle import handle_all
from app.register.register import Register
from app.register.stamps import is_stamp
from app.store.batches import batches
from app.store.harvests import HarvestedPage, Harvests, Mention

AT_ONCE = 200
NOWHERE = "https://pagina.invalid/"
OURS = "verbanden"


class Publisher:
    """Brings the register in step with the pages of one municipality's sources."""

    def __init__(self, register: Register, harvests: Harvests, municipality: str) -> None:
        self._register = register
        self._harvests = harvests
        home = register.codelists.municipality(municipality)
        self._home = home.iri if home else None
        self._agent = Agent(home.unit or home.iri if home else register.schema.base, "Oogst van besluiten", SYSTEM)

    def publish(self, page: HarvestedPage, mentions: Iterable[Mention], graph: Graph | None) -> tuple[int, list[str]]:
        """Settle what this page speaks of, or spoke of; `graph` is what it says now, None when it is gone.

        Answers how many versions were written, and what was refused, in Dutch.
        """
        commands = [command for mention in dict.fromkeys(mentions) if (command := self._command(mention, page, graph))]
        written, refused, decisions = 0, [], []
        for batch in batches(commands, AT_ONCE):
            outcomes = handle_all(batch, self._agent, self._register, "gelezen op de site van het bestuur")
            for command, outcome in zip(batch, outcomes, strict=True):
                if isinstance(outcome, LoketError):
                    refused.append(outcome.title)
                elif outcome.sequence is not None:
                    written += 1
                    decisions += [outcome.code] if _is_decision(command) else []
        link(decisions, self._agent, self._register)
        return written, refused

    def _command(self, mention: Mention, page: HarvestedPage, graph: Graph | None) -> Command | None:
        kind, iri = mention
        type = self._register.schema.entity_types[kind]
        context = Context(self._register.schema.base, self._municipality_of, self._home)
        if iri.startswith(f"{context.base}/id/"):
            return None  # our own page, read back: the register knows it better
        others = [other for other in self._harvests.pages_about(iri) if other.url != page.url]
        pages = [page, *others] if graph is not None else others
        graphs = [*([graph] if graph is not None else ()), *(from_ntriples(other.graph or b"") for other in others)]
        document = document_of(kind, iri, Reader(_union(graphs), context)) if graphs else None
        standing = self._register.log.latest(type.iri(code_of(iri)))
        stands = standing is not None and standing.operation != "delete"
        if document is None:
            return Archive(kind, code_of(iri)) if stands else None
        whole = {**document, **_origin(type, pages)}
        if not stands:
            return Create(kind, whole, code_of(iri))
        return Change(kind, code_of(iri), {**_absent(type, whole), **whole})

    def _municipality_of(self, unit: str) -> str | None:
        found = self._register.codelists.municipalities.by_unit(unit)
        return found.iri if found else None


def _is_decision(command: Command) -> bool:
    return isinstance(command, Create | Change) and command.kind == DECISION


def _union(graphs: Iterable[Graph]) -> Graph:
    """All that is said; of what may be said once, the first graph comes first."""
    union = Graph()
    for graph in graphs:
        for triple in graph:
            union.add(triple.subject, triple.predicate, triple.object)  # type: ignore[arg-type]
    return union


def _origin(type: EntityType, pages: list[HarvestedPage]) -> Document:
    """Where it was read, how good the page is, and what was mended in it."""
    urls = sorted(page.url for page in pages if not page.url.startswith(NOWHERE))
    origin: dict[str, Any] = {"bronnen": urls, "niveau": pages[0].level, "herstellingen": sorted(pages[0].notes)}
    return {term: value for term, value in origin.items() if term in type.by_term and value not in (None, [])}


def _absent(type: EntityType, document: Mapping[str, Any]) -> Document:
    """Every field that pages fill and these do not: it is emptied. Ties to associations are ours, and stay."""
    return dict(_emptied(type, document))


def _emptied(type: EntityType, document: Mapping[str, Any]) -> Iterator[tuple[str, None]]:
    for field in type.fields:
        if field.term not in document and field.term != OURS and not is_stamp(field.path):
            yield field.term, None
