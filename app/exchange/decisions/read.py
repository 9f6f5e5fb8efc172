"""Sessions and decisions out of the graph of pages, as documents of the register.

    mentioned(graph)                              # what a page speaks of: [(kind, its IRI there), …]
    read = Reader(graph, Context(base, municipality_of, home))
    document_of(kind, iri, read)                  # the document, or None when nothing is said of it

The graph may be the union of several pages.
"""

from __future__ import annotations

from app.exchange.decisions.session import read_session
from app.exchange.decisions.terms import ARTICLE, DECISION, SESSION, code_of
from app.exchange.decisions.values import (
    Context,
    Reader,
    body_of,
    day_of,
    filled,
    first_date,
    municipality_of,
    part,
    session_of,
    treatment_of,
    types_of,
)
from app.model.fields import Document
from app.model.graph import IRI, Graph
from app.model.terms import BESLUIT, DCT, ELI, PROV, RDF

__all__ = ["Context", "Reader", "document_of", "mentioned"]

KINDS = {"besluit": DECISION, "zitting": SESSION}


def mentioned(graph: Graph) -> list[tuple[str, str]]:
    """Every session and decision that the graph says something of: its kind and its IRI at the source."""
    return [
        (kind, subject.value)
        for subject in graph.subjects()
        for kind, class_ in KINDS.items()
        if isinstance(subject, IRI) and class_ in graph.objects(subject, RDF.type)
    ]


def document_of(kind: str, iri: str, read: Reader) -> Document | None:
    """The document of a session or decision; None when the graph no longer says that it is one."""
    subject = IRI(iri)
    if KINDS[kind] not in read.graph.objects(subject, RDF.type):
        return None
    document = _decision(read, subject) if kind == "besluit" else read_session(read, subject)
    return {"code": code_of(iri), "zelfdeAls": [iri], **filled(document)}


def _decision(read: Reader, decision: IRI) -> Document:
    treatment = treatment_of(read, decision)
    session = session_of(read, treatment)
    realized = [IRI(iri) for iri in read.links(decision, ELI.realizes)]
    body = read.link(decision, ELI.passed_by) or (read.link(session, BESLUIT.isGehoudenDoor) if session else None)
    return {
        "naam": read.line(decision, ELI["title"], DCT["title"]),
        "citeeropschrift": read.line(decision, ELI.title_short),
        "beschrijving": read.line(decision, ELI.description, DCT.description),
        "soorten": types_of(read, (decision, *realized)),
        "taal": read.link(decision, ELI.language),
        "gemeente": municipality_of(read, body),
        "orgaan": body_of(read, body, read.context.iri("besluit", decision.value)),
        "zittingsdatum": read.typed(decision, ELI.date_document, "date") or day_of(read, session),
        "behandeling": part(read, session, "behandeling", treatment) if session and treatment else None,
        "publicatiedatum": read.typed(decision, ELI.date_publication, "date"),
        "inwerkingtreding": first_date(read, ELI.first_date_entry_in_force, (decision, *realized)),
        "buitenwerkingtreding": first_date(read, ELI.date_no_longer_in_force, (decision, *realized)),
        "gaatOver": read.links(decision, ELI.is_about),
        "motivering": read.text(decision, BESLUIT.motivering),
        "artikelen": [_article(read, decision, article, n) for n, article in enumerate(_articles(read, decision), 1)],
        "inhoud": read.text(decision, PROV.value),
        "citeert": read.links(decision, ELI.cites),
        "documenten": read.links(decision, ELI.is_embodied_by),
        "bijlagen": read.links(decision, ELI.related_to),
    }


def _articles(read: Reader, decision: IRI) -> list[IRI]:
    parts = (IRI(iri) for iri in read.links(decision, ELI.has_part))
    return read.in_order(part for part in parts if ARTICLE in read.graph.objects(part, RDF.type))


def _article(read: Reader, decision: IRI, article: IRI, number: int) -> Document:
    return filled(
        {
            "@id": f"{read.context.iri('besluit', decision.value)}#artikel-{code_of(article.value)[:10]}",
            "nummer": read.line(article, ELI.number),
            "naam": read.line(article, ELI["title"]),
            "inhoud": read.text(article, PROV.value),
            "volgorde": number,
            "zelfdeAls": article.value,
        }
    )
