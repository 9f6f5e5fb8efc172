"""Decisions that are made here, as pages in HTML with RDFa that others harvest.

| address | what |
|---|---|
| /besluiten/bekendmakingen/44021 | the list of one municipality: its sessions and decisions, the last first |
| /doc/zitting/Z0001001/besluitenlijst | what one session decided |
| /doc/besluit/B0001001 | one decision, all of it in RDFa (`entity_page` asks `values` here) |
| /doc/besluit/B0001001.pdf | the same to print and keep |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Unknown
from app.model.codelists import Municipality
from app.model.fields import Document
from app.model.graph import Literal, Triple, from_ntriples
from app.model.terms import BESLUIT, ELI, ORG, OWL, PROV, RDF, SKOS, VL
from app.register.decisions.conduct import SIGNED
from app.register.decisions.writing import in_order
from app.store.decision_index import Sought
from app.web.answers import cacheable
from app.web.data.representations import document
from app.web.decisions.listing import decisions_of
from app.web.found import Found, canonical_code, entity_type, find
from app.web.pages import page
from app.web.paging import Paging, page_number
from app.web.service import Service

PER_PAGE = 50
TYPES = "https://data.vlaanderen.be/id/concept/BesluitDocumentType/"
EXTRACT, LIST = f"{TYPES}9d5bfaca-bbf2-49dd-a830-769f91a6377b", f"{TYPES}3fa67785-ffdc-4b30-8880-2b99d97b4dee"
MUNICIPALITY = "http://data.vlaanderen.be/id/concept/BestuurseenheidClassificatieCode/5ab0e9b8a3b2ca7c5e000001"
# What stands in the text of the page; the other triples stand beside it, for machines alone.
IN_TEXT = frozenset(
    {
        RDF.type, ELI["title"], ELI.title_short, ELI.description, ELI.language, ELI.date_publication, ELI.date_document,
        ELI.first_date_entry_in_force, ELI.date_no_longer_in_force, ELI.is_about, ELI.has_part, ELI.cites, ELI.number,
        ELI.passed_by, ELI.type_document, ELI.is_embodied_by, PROV.value, PROV.wasGeneratedBy, BESLUIT.motivering,
        BESLUIT.bestuurt, SKOS.prefLabel, SKOS.changeNote, ORG.classification, OWL.sameAs, VL.redenIntrekking,
    }
)  # fmt: skip

# What every decision has that was written here; one without is shown as any other.
WHOLE = (SIGNED, "naam", "publicatiedatum", "zittingsdatum", "behandeling", "orgaan", "taal", "soorten", "inhoud")


def values(request: Request, found: Found, decision: Document) -> Mapping[str, Any]:
    """What the page of a decision needs that was made here; nothing for one that was harvested."""
    if any(term not in decision for term in WHOLE):
        return {}
    service = _service(request)
    graph = from_ntriples(found.version.public or b"")
    return {
        "template": "entiteit/bekendgemaakt.html",
        "decision": {**decision, "artikelen": in_order(decision.get("artikelen", []))},
        "home": _home(decision, service),
        "here": found.page,
        "extract": EXTRACT,
        "municipality_code": MUNICIPALITY,
        "about": [(iri, *_named(iri, service)) for iri in decision.get("gaatOver", ())],
        "rest": [_said(triple) for triple in graph if triple.predicate not in IN_TEXT],
        "concept": service.codelists.concept,
        "session": decision["behandeling"].partition("#")[0].replace("/id/", "/doc/", 1),
    }


def show_decision_list(request: Request) -> Response:
    """What one session decided."""
    service = _service(request)
    type = entity_type(service, "zitting")
    found = find(service, type, canonical_code(type, request.path_params["code"]))
    session = document(found)
    treatments = [(each, _item(session, each), _decisions(each, service))
                  for each in in_order(session.get("behandelingen", []))]  # fmt: skip
    if SIGNED not in session:
        raise Unknown("Deze zitting is niet hier bekendgemaakt.")
    days = [one["publicatiedatum"] for _, _, all in treatments for one in all if "publicatiedatum" in one]
    html = page(
        request, "besluitenlijst.html", session=session, treatments=treatments, home=_home(session, service),
        here=f"{found.page}/besluitenlijst", kind=LIST, municipality_code=MUNICIPALITY, published=min(days, default=""),
        concept=service.codelists.concept,
    )  # fmt: skip
    return cacheable(request, html, "text/html", modified=found.changed)


def show_list(request: Request) -> Response:
    """The decisions of one municipality, each with links that say where they lead."""
    service = _service(request)
    home = service.codelists.municipality(request.path_params["nis"])
    if home is None or home.nis != request.path_params["nis"]:
        raise Unknown("Deze gemeente kennen we niet.")
    number = page_number(request, "pagina")
    sought = Sought(municipality=home.nis, made_here=True)
    total, listed = decisions_of(request).find(sought, (number - 1) * PER_PAGE, PER_PAGE)
    paging = Paging(request.url.path, request.query_params, number, total, PER_PAGE, "pagina")
    if paging.page > paging.last:
        raise Unknown("Deze pagina bestaat niet: zo lang is de lijst niet.")
    sessions: dict[str, tuple[Document, list[Document]]] = {}
    for item in listed:
        decision = _public("besluit", item.code, service)
        iri = decision.get("behandeling", "").partition("#")[0]
        if iri not in sessions:
            sessions[iri] = (_public("zitting", iri.rpartition("/")[2], service), [])
        sessions[iri][1].append(decision)
    html = page(
        request, "bekendmakingen.html", home=home, sessions=list(sessions.values()), paging=paging,
        extract=EXTRACT, kind=LIST,
    )  # fmt: skip
    return cacheable(request, html, "text/html")


def show_pdf(request: Request) -> Response:
    """One decision as PDF; `?versie=n` as it once was."""
    # Here, as what writes PDF takes a fifth of the time of a start.
    from app.exchange.decisions.pdf import decision_pdf

    service = _service(request)
    type = entity_type(service, "besluit")
    found = find(service, type, canonical_code(type, request.path_params["code"]), request.query_params.get("versie"))
    decision = document(found)
    if SIGNED not in decision:
        raise Unknown("Van dit besluit is er hier geen PDF.")
    home = _home(decision, service)
    cited = [c.label for iri in decision.get("citeert", ()) if (c := service.codelists.concept(iri))]
    about = [_named(iri, service)[0] for iri in decision.get("gaatOver", ())]
    body = decision_pdf(decision, home.name if home else "", about, cited, found.changed)
    headers = {"content-disposition": f'inline; filename="{found.code}.pdf"'}
    return cacheable(request, body, "application/pdf", modified=found.changed, headers=headers)


def _said(triple: Triple) -> Mapping[str, str]:
    """A triple as attributes of an element."""
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    told = {"subject": str(getattr(subject, "value", "")), "property": predicate.value}
    if isinstance(value, Literal):
        return {**told, "content": value.value, "datatype": value.datatype.value, "language": value.language or ""}
    return {**told, "resource": str(getattr(value, "value", ""))}


def _item(session: Document, treatment: Document) -> Document:
    """The agenda item that was treated."""
    items: Sequence[Document] = session.get("agendapunten", ())
    return next((each for each in items if each["@id"] == treatment.get("agendapunt")), {})


def _decisions(treatment: Document, service: Service) -> list[Document]:
    return [_public("besluit", iri.rpartition("/")[2], service) for iri in treatment.get("besluiten", ())]


def _public(kind: str, code: str, service: Service) -> Document:
    return document(find(service, entity_type(service, kind), code))


def _named(iri: str, service: Service) -> tuple[str, str]:
    """The name of what a decision is about, and what kind of thing that is."""
    known = service.schema.entity_of(iri)
    version = service.log.latest(iri) if known else None
    if known is None or version is None or version.public is None:
        return iri.rpartition("/")[2], ""
    name = document(Found(known[0], known[1], iri, "", version, True)).get("naam", known[1])
    return (str(next(iter(name.values()))) if isinstance(name, dict) else str(name)), known[0].label


def _home(node: Document, service: Service) -> Municipality | None:
    return service.codelists.municipality(node["gemeente"]) if "gemeente" in node else None


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ROUTES = (
    Route("/besluiten/bekendmakingen/{nis}", show_list),
    Route("/doc/zitting/{code}/besluitenlijst", show_decision_list),
    Route("/doc/besluit/{code}.pdf", show_pdf),
)
