"""Reading values of sessions and decisions out of a graph: of what may be said once, the first that says it counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.exchange.decisions.terms import CLASSIFICATION, DECISION_TYPE, SESSION, TIMELESS, code_of
from app.model.fields import Document
from app.model.graph import IRI, Graph, Literal, Subject, Term
from app.model.reading import instances
from app.model.terms import BESLUIT, DCT, ELI, PROV, RDF, SH, SKOS
from app.model.whole import whole_number

_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r" ?\n[\n ]*")


@dataclass(frozen=True)
class Context:
    """What the graph does not say: where our IRIs begin, which municipality a unit is of, and what the source is of."""

    base: str
    municipality_of: Callable[[str], str | None]
    home: str | None = None

    def iri(self, kind: str, iri: str) -> str:
        """Our IRI of something that has another at its source."""
        return iri if iri.startswith(f"{self.base}/id/") else f"{self.base}/id/{kind}/{code_of(iri)}"


class Reader:
    """Reads values of one graph."""

    def __init__(self, graph: Graph, context: Context) -> None:
        self.graph = graph
        self.context = context
        self._inverse: dict[IRI, dict[Term, list[IRI]]] = {}

    def text(self, subject: Subject, *properties: IRI) -> str | None:
        """The first text, on its lines."""
        texts = (tidy(value.value) for value in self.values(subject, properties) if isinstance(value, Literal))
        return next(filter(None, texts), None)

    def line(self, subject: Subject, *properties: IRI) -> str | None:
        """The first text, on one line."""
        found = self.text(subject, *properties)
        return found.replace("\n", " ") if found else None

    def typed(self, subject: Subject, property: IRI, datatype: str) -> str | None:
        """The first value of a datatype (its local name)."""
        found = (v for v in self.values(subject, (property,)) if isinstance(v, Literal))
        return next((v.value for v in found if v.datatype.value.endswith(f"#{datatype}")), None)

    def flag(self, subject: Subject, property: IRI) -> bool | None:
        """Whether it says yes; None when it says nothing."""
        value = self.typed(subject, property, "boolean")
        return None if value is None else value in ("true", "1")

    def count(self, subject: Subject, property: IRI) -> int | None:
        """The first whole number."""
        value = self.typed(subject, property, "integer")
        return None if value is None else int(value)

    def links(self, subject: Subject, *properties: IRI) -> list[str]:
        """All IRIs, each once, in the order of the alphabet."""
        return sorted({value.value for value in self.values(subject, properties) if isinstance(value, IRI)})

    def link(self, subject: Subject, *properties: IRI) -> str | None:
        """The first IRI."""
        return next((value.value for value in self.values(subject, properties) if isinstance(value, IRI)), None)

    def values(self, subject: Subject, properties: Iterable[IRI]) -> Iterator[Term]:
        """All that these properties say, those of the first one first."""
        for property in properties:
            yield from self.graph.objects(subject, property)

    def pointing(self, property: IRI, value: Term) -> list[IRI]:
        """What has this value, in the order of the graph."""
        if property not in self._inverse:
            known = self._inverse[property] = {}
            for subject in self.graph.subjects():
                if isinstance(subject, IRI):
                    for object in self.graph.objects(subject, property):
                        known.setdefault(object, []).append(subject)
        return self._inverse[property].get(value, [])

    def members(self, class_: IRI) -> list[IRI]:
        """What is of a class, in the order of the graph."""
        return instances(self.graph, class_)

    def in_order(self, things: Iterable[IRI]) -> list[IRI]:
        """By the number that they got; what has none comes last."""
        return sorted(dict.fromkeys(things), key=lambda thing: (self._place(thing), thing.value))

    def _place(self, thing: IRI) -> int:
        said = self.graph.value(thing, SH.order)
        place = whole_number(said.value) if isinstance(said, Literal) else None
        return 1 << 30 if place is None else place


def tidy(text: str) -> str:
    """A text with its lines, and without the white space that HTML does not show.

    >>> tidy("  Artikel 1 \\n\\n     De vereniging\\twordt erkend. ")
    'Artikel 1\\nDe vereniging wordt erkend.'
    """
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def part(read: Reader, session: IRI, name: str, thing: IRI) -> str:
    """Our IRI of a part of a session."""
    return f"{read.context.iri('zitting', session.value)}#{name}-{code_of(thing.value)[:10]}"


def treatment_of(read: Reader, decision: IRI) -> IRI | None:
    """The treatment that a decision came of."""
    found = read.link(decision, PROV.wasGeneratedBy)
    return IRI(found) if found else next(iter(read.pointing(PROV.generated, decision)), None)


def session_of(read: Reader, treatment: IRI | None) -> IRI | None:
    """The session that treats the item of a treatment; where the pages do not say, the only one there is."""
    item = read.link(treatment, DCT.subject) if treatment else None
    if item and (found := read.pointing(BESLUIT.behandelt, IRI(item))):
        return found[0]
    sessions = read.members(SESSION)
    return sessions[0] if len(sessions) == 1 and treatment else None


def types_of(read: Reader, subjects: Iterable[IRI]) -> list[str]:
    """The types of decisions, however they are said."""
    classes = {c.value for s in subjects for c in read.graph.objects(s, RDF.type) if isinstance(c, IRI)}
    stated = {iri for s in subjects for iri in read.links(s, ELI.type_document)}
    return sorted(stated | {iri for iri in classes if iri.startswith(DECISION_TYPE)})


def first_date(read: Reader, property: IRI, subjects: Iterable[IRI]) -> str | None:
    """The first date that one of these has."""
    return next(filter(None, (read.typed(subject, property, "date") for subject in subjects)), None)


def day_of(read: Reader, session: IRI | None) -> str | None:
    """The day of a session."""
    if session is None:
        return None
    began = read.typed(session, PROV.startedAtTime, "dateTime") or read.typed(
        session, BESLUIT.geplandeStart, "dateTime"
    )
    return began[:10] if began else None


def body_of(read: Reader, body: str | None, whole: str) -> Document | None:
    """A governing body: what is said of it, or else of the body without its term of office."""
    if body is None:
        return None
    organs = _with_timeless(read, IRI(body))
    return filled(
        {
            "@id": f"{whole}#orgaan",
            "naam": next(filter(None, (read.line(organ, SKOS.prefLabel) for organ in organs)), None),
            "soort": next(filter(None, (read.link(organ, *CLASSIFICATION) for organ in organs)), None),
            "bestuurt": _unit(read, body),
            "zelfdeAls": body,
        }
    )


def _unit(read: Reader, body: str) -> str | None:
    return next(filter(None, (read.link(organ, BESLUIT.bestuurt) for organ in _with_timeless(read, IRI(body)))), None)


def _with_timeless(read: Reader, body: IRI) -> list[IRI]:
    return [body, *(IRI(iri) for iri in read.links(body, *TIMELESS))]


def municipality_of(read: Reader, body: str | None) -> str | None:
    """The municipality that a body governs, else that of the source."""
    unit = _unit(read, body) if body else None
    return (read.context.municipality_of(unit) if unit else None) or read.context.home


def filled(document: dict[str, Any]) -> Document:
    """Without what is empty."""
    return {term: value for term, value in document.items() if value not in (None, "", [])}
