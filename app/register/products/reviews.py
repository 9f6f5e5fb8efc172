"""Concepts that come in, and the products made of them: who needs a look, and what becomes of that.

A product needs review ("herziening nodig") from the first functional change of its concept until somebody confirms it
or takes it over. A later change that is not functional leaves that as it is, and leaves what the last functional change
was as it was, however late older snapshots arrive.
"""

from __future__ import annotations

from app.errors import Problem, Refused, Unknown
from app.model.dates import moment_key
from app.model.documents import to_document
from app.model.fields import Document, EntityType
from app.model.graph import from_ntriples
from app.model.languages import NEUTRAL
from app.model.terms import VL
from app.register.canonical import Reader
from app.register.commands import Change, Create, Outcome
from app.register.conduct import Case
from app.register.conducts import conduct_of
from app.register.desk import Desk
from app.register.entities import as_expected, change_entity, create_entity, current, mark_entity, type_of
from app.register.products.concept_changes import changed_sections
from app.register.products.concept_commands import AdoptConcept, ConfirmReview, TakeConcept
from app.register.products.conduct import CONCEPT
from app.register.products.deriving import taken_over
from app.register.register import Register
from app.store.records import Version

CHANGED, ARCHIVED = "concept-gewijzigd", "concept-gearchiveerd"
NO_CONCEPT = "Dit product is aan geen concept gelinkt."


def take_concept(command: TakeConcept, desk: Desk) -> Outcome:
    """Keep a snapshot of a concept, and mark the products made of it; an older one than we have changes nothing."""
    type = type_of("concept", desk)
    version = desk.transaction.latest(type.iri(command.code))
    if version is None or version.operation == "delete":
        first = {**command.document, "functioneleWijziging": command.document.get("snapshot")}
        return create_entity(Create("concept", first, command.code, VL.ConceptOvergenomen.value), desk)
    before = desk.open_document(version)
    if _generated(command.document) <= _generated(before):
        return Outcome.unchanged(command.code, version)
    read = Reader(desk.register.tools.plan_of("concept", True)).read(command.document)
    functional = bool(changed_sections(before, read))
    last = command.document.get("snapshot") if functional else before.get("functioneleWijziging")
    document = {**command.document, "functioneleWijziging": last}
    outcome = change_entity(Change("concept", command.code, document, None, True, VL.ConceptOvergenomen.value), desk)
    if functional:
        _mark_products(type.iri(command.code), command.document, desk)
    return outcome


def _generated(document: Document) -> str:
    """When a snapshot was made, to compare; the IPDC writes six to nine decimals."""
    return moment_key(document["generatedAtTime"]) if document.get("generatedAtTime") else ""


def _mark_products(concept: str, document: Document, desk: Desk) -> None:
    type = type_of("product", desk)
    status = desk.register.codelists.find("herzieningsstatus", ARCHIVED if document.get("gearchiveerd") else CHANGED)
    assert status is not None
    for iri in desk.transaction.find(CONCEPT, concept):
        version = desk.transaction.latest(iri)
        if version is not None and version.operation != "delete":
            code = iri.rpartition("/")[2]
            mark_entity(type, code, {"herzieningsstatus": status.iri}, VL.HerzieningNodig.value, desk)


def confirm_review(command: ConfirmReview, desk: Desk) -> Outcome:
    """Say up to which snapshot the product was looked at; it needs review no longer when that is recent enough."""
    type = type_of("product", desk)
    version = current(type, command.code, desk)
    as_expected(type, version, command.expected_version)
    product = desk.open_document(version)
    conduct_of(type.key).allow(Case(type, product, None, desk))
    concept = _concept_of(product, desk)
    history = [each.get("snapshot") for each in snapshots_of(concept, desk.register)]
    latest = desk.open_document(concept)
    if command.snapshot not in history:
        raise Refused("Deze versie van het concept kennen we niet.", [Problem("conceptSnapshot", "Kies een versie.")])
    functional = latest.get("functioneleWijziging")
    recent = functional not in history or history.index(command.snapshot) >= history.index(functional)
    marks = {"conceptSnapshot": command.snapshot, **({"herzieningsstatus": None} if recent else {})}
    return mark_entity(type, command.code, marks, VL.HerzieningBevestigd.value, desk)


def adopt_concept(command: AdoptConcept, desk: Desk) -> Outcome:
    """Overwrite the product with its concept, or only some fields; the whole also settles the review."""
    type = type_of("product", desk)
    product = desk.open_document(current(type, command.code, desk))
    concept = desk.open_document(_concept_of(product, desk))
    if concept.get("gearchiveerd"):
        raise Refused("Dit concept is gearchiveerd: daar valt niets van over te nemen.")
    changes = taken_over(product, concept, type, product.get("taalvariant", NEUTRAL), command.terms)
    if command.terms is None:
        changes |= {"conceptSnapshot": concept.get("snapshot"), "herzieningsstatus": None}
    change = Change("product", command.code, changes, command.expected_version, activity=VL.ConceptOvergenomen.value)
    return change_entity(change, desk)


def snapshots_of(concept: Version, register: Register) -> list[Document]:
    """The versions of a concept that we had, oldest first: one for each snapshot."""
    type = register.schema.entity_types["concept"]
    found: dict[str | None, Document] = {}
    for number in range(1, concept.number + 1):
        version = register.log.version(concept.entity, number)
        if version is not None and version.operation != "delete":
            document = _document(version, type)
            found[document.get("snapshot")] = document
    return list(found.values())


def _concept_of(product: Document, desk: Desk) -> Version:
    iri = product.get("linkedConcept")
    if not iri:
        raise Refused(NO_CONCEPT, [Problem("linkedConcept", NO_CONCEPT)])
    version = desk.transaction.latest(iri)
    if version is None or version.operation == "delete":
        raise Unknown("Dit concept kennen we niet.")
    return version


def _document(version: Version, type: EntityType) -> Document:
    return to_document(from_ntriples((version.public or b"") + version.internal), type, version.entity)
