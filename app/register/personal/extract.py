"""What the register holds of one person, to give to that person (GDPR articles 15 and 20): JSON-LD that says it all.

    document = extract("85.01.01-001.15", agent, register, "vraag van 3 november")

Per association what is hers or his, in the terms of associations; why and how long it is kept, and who has used it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.model.documents import join, to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.model.processing import RIGHTS, Activity
from app.register.agents import Agent
from app.register.personal.commands import ExtractPersonalData
from app.register.personal.erasure import of_person
from app.register.personal.forgetting import read_insz
from app.register.personal.people import only_about, part_of, shapes_of, technical_use, use_by
from app.register.register import Register
from app.store.accesses import Which, accesses
from app.store.vault import Access, Personal

MOST = 10_000
# A person wants to know who looked; that the register itself compared values tells nothing.
SHOWN = ("gelezen", "gezocht", "gewist", "uitgereikt")
SHORT = ("@id", "@type", "vCode", "naam", "einddatum")
TERMS: Mapping[str, Any] = {
    "Uittreksel": "http://schema.org/DigitalDocument",
    "Verwerking": "https://w3id.org/dpv#Process",
    "Raadpleging": "http://www.w3.org/ns/prov#Activity",
    "opgemaakt": {"@id": "http://purl.org/dc/terms/created", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
    "verenigingen": {"@id": "http://purl.org/dc/terms/subject", "@container": "@set"},
    "verwerkingen": {"@id": "https://w3id.org/dpv#hasProcess", "@container": "@set"},
    "raadplegingen": {"@id": "http://www.w3.org/ns/prov#wasInfluencedBy", "@container": "@set"},
    "benaming": {"@id": "http://www.w3.org/2004/02/skos/core#prefLabel", "@language": "nl"},
    "uitleg": {"@id": "http://www.w3.org/2004/02/skos/core#definition", "@language": "nl"},
    "doelen": {"@id": "https://w3id.org/dpv#hasPurpose", "@container": "@set"},
    "grondslag": {"@id": "https://w3id.org/dpv#hasLegalBasis"},
    "bewaartermijn": {"@id": "https://w3id.org/dpv#hasStorageCondition"},
    "doel": {"@id": "https://w3id.org/dpv#hasPurpose", "@type": "@id"},
    "tijdstip": {"@id": "http://www.w3.org/ns/prov#endedAtTime", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
    "door": {"@id": "http://www.w3.org/ns/prov#wasAssociatedWith", "@type": "@id"},
    "namens": {"@id": "https://w3id.org/dpv#isProcessorOf", "@type": "@id"},
    "vereniging": {"@id": "http://www.w3.org/ns/prov#used", "@type": "@id"},
    "wat": {"@id": "http://purl.org/dc/terms/type", "@language": "nl"},
    "velden": {"@id": "http://purl.org/dc/terms/description"},
}


def extract(insz: str, agent: Agent, register: Register, why: str = "") -> Document:
    """All of one person, as JSON-LD with its context inside; the giving is logged first.

    Raises Refused when it is no INSZ, and Forbidden. A person of whom nothing is held gets that answer.
    """
    register.rights.check(agent, ExtractPersonalData)
    use = use_by(agent, RIGHTS, why, "uitgereikt")
    number = read_insz(insz, register)
    held = [(entity, _kept(entity, number, agent, register, why)) for entity in register.log.vault.find(number, use)]
    parts = [(entity, kept) for entity, kept in held if kept]
    return {
        "@context": {**register.tools.type.context, **TERMS},
        "@type": "Uittreksel",
        "opgemaakt": register.clock().isoformat(timespec="seconds"),
        "verenigingen": [_share(entity, kept, register) for entity, kept in parts],
        "verwerkingen": [_processing(each) for each in _concerned(parts, register)],
        "raadplegingen": [
            _told(each, register) for entity, kept in parts for each in _accesses(entity, kept, register)
        ],
    }


def _kept(entity: str, insz: str, agent: Agent, register: Register, why: str) -> tuple[Personal, ...]:
    """The nodes of the person, and no others: only they are read, which is told as given out."""
    if not entity.startswith(register.tools.type.iri_start):
        return ()
    nodes = of_person(register.log.vault.read(entity, technical_use(agent)), insz).nodes
    return register.log.vault.read(entity, use_by(agent, RIGHTS, why, "uitgereikt"), lambda node, term: node in nodes)


def _share(entity: str, kept: tuple[Personal, ...], register: Register) -> Document:
    """An association in short, and those of its parts that are the person's."""
    type, version = register.tools.type, register.log.latest(entity)
    assert version is not None
    graph = from_ntriples((version.public or b"") + version.internal)
    document = join(to_document(graph, type, entity), {one.node: dict(one.values or {}) for one in kept})
    short: Document = {term: document[term] for term in SHORT if term in document}
    about = only_about(document, type, frozenset(one.node for one in kept))
    # What was removed has no document any more; the vault still knows the parts.
    return {**short, **(about or {"@included": [{"@id": one.node, **(one.values or {})} for one in kept]})}


def _concerned(parts: list[tuple[str, tuple[Personal, ...]]], register: Register) -> list[Activity]:
    shapes = shapes_of(register.tools.type)
    found = {shapes.get((part_of(one.node), term)) for _, kept in parts for one in kept for term in one.values or {}}
    return [each for each in register.schema.processing.activities if found & set(each.fields)]


def _processing(activity: Activity) -> Document:
    return {
        "@id": activity.iri.value,
        "@type": "Verwerking",
        "benaming": activity.label,
        "uitleg": activity.definition,
        "doelen": [{"@id": each.iri.value, "benaming": each.label} for each in activity.purposes],
        "grondslag": {"@id": activity.ground.iri.value, "benaming": activity.ground.label},
        "bewaartermijn": {"benaming": activity.retention.label, "uitleg": activity.retention.definition},
    }


def _accesses(entity: str, kept: tuple[Personal, ...], register: Register) -> Iterator[Access]:
    """Those of the person's parts, without a word about others, and searches by number; newest first."""
    mine = {one.node.rpartition("#")[2] for one in kept}
    for each in accesses(register.log.database, Which(entity=entity, what=SHOWN), MOST):
        parts = [part for part in each.fields.split("; ") if part.partition(" ")[0] in mine]
        if parts or each.what == "gezocht":
            yield replace(each, fields="; ".join(parts))


def _told(access: Access, register: Register) -> Document:
    told = {
        "@type": "Raadpleging",
        "tijdstip": access.time,
        "door": access.reader.partition("#")[0],
        "doel": _purpose(access, register),
        "vereniging": access.entity,
        "wat": access.what,
        "velden": access.fields,
    }
    return {**told, "namens": access.on_behalf_of} if access.on_behalf_of else told


def _purpose(access: Access, register: Register) -> str:
    """Its IRI; of a purpose that is no more, what was said."""
    known = (each.iri.value for each in register.schema.processing.purposes if access.purpose in each.codes)
    return next(known, access.purpose)
