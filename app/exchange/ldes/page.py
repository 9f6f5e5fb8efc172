"""What stands on a page of a feed, before it is written in a media type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.model import terms
from app.model.graph import Graph

# Part of the bytes of every page: what is added here changes pages that were sealed before.
PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "rdf": terms.RDF,
        "rdfs": terms.RDFS,
        "xsd": terms.XSD,
        "ldes": terms.LDES,
        "tree": terms.TREE,
        "sh": terms.SH,
        "as": terms.AS,
        "dct": terms.DCT,
        "prov": terms.PROV,
        "skos": terms.SKOS,
        "foaf": terms.FOAF,
        "org": terms.ORG,
        "regorg": terms.REGORG,
        "locn": terms.LOCN,
        "adms": terms.ADMS,
        "pav": terms.PAV,
        "schema": terms.SCHEMA,
        "adr": terms.ADRES,
        "organisatie": terms.ORGANISATIE,
        "generiek": terms.GENERIEK,
        "fv": terms.FV,
        "ver": terms.VER,
        "ere": terms.ERE,
        "besluit": terms.BESLUIT,
        "m8g": terms.M8G,
        "vl": terms.VL,
    }
)


@dataclass(frozen=True)
class PageMember:
    """One member: `envelope` says what happened to `entity`, `payload` (N-Triples) what holds since."""

    iri: str
    entity: str
    sequence: int
    envelope: Graph
    payload: bytes


@dataclass(frozen=True)
class Page:
    """One node of a feed; the overview of all feeds has neither stream nor members."""

    stream: str | None
    hypermedia: Graph
    members: tuple[PageMember, ...] = ()
