"""A dataset, series or service of the catalogue as a page shows it, and as search engines read it (schema.org)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.model.graph import IRI, Graph, Literal, Term
from app.model.terms import DCAT, DCT, FOAF, RDF

KINDS = {DCAT.Dataset: "Dataset", DCAT.DatasetSeries: "Reeks", DCAT.DataService: "Dienst", DCAT.Catalog: "Catalogus"}
FORMAT_NAMES = {
    "JSON_LD": "JSON-LD",
    "RDF_N_QUADS": "N-Quads",
    "RDF_TRIG": "TriG",
    "RDF_TURTLE": "Turtle",
    "SPARQLQRES": "SPARQL",
}


@dataclass(frozen=True)
class Access:
    """One way to get at the data."""

    title: str
    text: str
    address: str
    format: str
    size: int | None


@dataclass(frozen=True)
class Resource:
    """One thing in the catalogue."""

    iri: str
    page: str
    kind: str
    title: str
    text: str
    keywords: tuple[str, ...]
    modified: str | None
    publisher: str
    licence: str
    spatial: str | None
    landing_page: str | None
    access: tuple[Access, ...]


def view(graph: Graph, node: IRI, base: str) -> Resource:
    """What a page says of a thing in the catalogue."""
    publisher = graph.value(node, DCT.publisher)
    return Resource(
        iri=node.value,
        page="/catalogus" if node.value == f"{base}/id/catalogus" else f"/catalogus/{node.value.rpartition('/')[2]}",
        kind=next(label for kind, label in KINDS.items() if kind in graph.objects(node, RDF.type)),
        title=text(graph.value(node, DCT["title"])),
        text=text(graph.value(node, DCT.description)),
        keywords=tuple(sorted(text(one) for one in graph.objects(node, DCAT.keyword))),
        modified=text(graph.value(node, DCT.modified)) or None,
        publisher=text(graph.value(publisher, FOAF.name)) if isinstance(publisher, IRI) else "",
        licence=text(graph.value(node, DCT.license)),
        spatial=text(graph.value(node, DCT.spatial)) or None,
        landing_page=text(graph.value(node, DCAT.landingPage)) or None,
        access=tuple(access(graph, node)),
    )


def access(graph: Graph, node: IRI) -> list[Access]:
    """The distributions of a dataset, or the endpoint of a service."""
    endpoint = graph.value(node, DCAT.endpointURL)
    if isinstance(endpoint, IRI):
        return [Access("Adres van de dienst", "", endpoint.value, "", None)]
    return [_distribution(graph, one) for one in graph.objects(node, DCAT.distribution) if isinstance(one, IRI)]


def _distribution(graph: Graph, node: IRI) -> Access:
    address = graph.value(node, DCAT.downloadURL) or graph.value(node, DCAT.accessURL)
    size = graph.value(node, DCAT.byteSize)
    code = text(graph.value(node, DCT["format"])).rpartition("/")[2]
    return Access(
        title=text(graph.value(node, DCT["title"])),
        text=text(graph.value(node, DCT.description)),
        address=text(address),
        format=FORMAT_NAMES.get(code, code),
        size=int(size.value) if isinstance(size, Literal) else None,
    )


def text(term: Term | None) -> str:
    """The text of a term; empty for a blank node or nothing."""
    return term.value if isinstance(term, IRI | Literal) else ""


def schema_org(about: Resource, parts: Sequence[Resource]) -> bytes:
    """https://schema.org/Dataset, as search engines for datasets want it in a page."""
    document: dict[str, Any] = {"@context": "https://schema.org/", **_schema_org(about)}
    datasets = [_schema_org(one) for one in parts if one.kind == "Dataset"]
    if datasets:
        document["dataset"] = datasets
    return orjson.dumps(document)


def _schema_org(one: Resource) -> dict[str, Any]:
    kind = {"Catalogus": "DataCatalog", "Dienst": "WebAPI"}.get(one.kind, "Dataset")
    document: dict[str, Any] = {
        "@type": kind,
        "@id": one.iri,
        "identifier": one.iri,
        "name": one.title,
        "description": one.text,
        "license": one.licence,
        "inLanguage": "nl",
        "isAccessibleForFree": True,
        "publisher": {"@type": "GovernmentOrganization", "name": one.publisher},
    }
    if one.keywords:
        document["keywords"] = list(one.keywords)
    if one.modified:
        document["dateModified"] = one.modified
    if kind == "Dataset":
        document["distribution"] = [
            {"@type": "DataDownload", "name": way.title, "contentUrl": way.address, "encodingFormat": way.format}
            for way in one.access
        ]
    return document
