"""Dossiers to look at: those of an association, those that an administration handles, and one of them whole.

read = read_dossier("A0001001", agent, register)      # its personal values too; the reading is logged
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from app.errors import Gone, Unknown
from app.model.documents import join, to_document
from app.model.fields import Document, EntityType
from app.model.graph import from_ntriples
from app.model.processing import RIGHTS, SERVICE
from app.register.agents import ASSOCIATION, Agent
from app.register.dossiers.conduct import HANDLED_BY, KIND, OF, subject_of_document
from app.register.dossiers.processes import KIND as PROCESS
from app.register.dossiers.processes import Process, process_for
from app.register.personal.people import use_by
from app.register.recognitions.rules import grantor
from app.register.register import Register
from app.register.rights import Subject
from app.store.records import Version

READ = "ReadDossier"


@dataclass(frozen=True)
class DossierRead:
    """A dossier with what was filled in, personal values included."""

    version: Version = field(repr=False)
    document: Document = field(repr=False)
    form: EntityType | None
    application: Document = field(repr=False)
    process: Process


@dataclass(frozen=True)
class Asked:
    """Which dossiers somebody wants to see: by status, step's department, product, handler, or late; or with a word."""

    status: str = ""
    product: str = ""
    handler: str = ""
    late: bool = False
    closed: bool = False
    word: str = ""


def of_association(association: str, agent: Agent, register: Register) -> list[Document]:
    """All dossiers of an association, the newest first, without what only the vault holds."""
    register.rights.check(agent, READ, Subject(association))
    return _all(register.log.find(OF, register.tools.type.iri(association)), register)


def entities_of(association: str, register: Register) -> tuple[str, ...]:
    """The dossiers of an association and what was filled in for them, by IRI; of what is gone the dossier alone."""
    dossiers = register.log.find(OF, association)
    found = (dossier_document(iri, register) for iri in dossiers)
    return (*dossiers, *(each["aanvraag"] for each in found if each and "aanvraag" in each))


def handled_by(agent: Agent, register: Register) -> list[Document]:
    """All dossiers that the administration handles, the newest first."""
    register.rights.check(agent, READ)
    return _all(register.log.find(HANDLED_BY, grantor(agent)), register)


def chosen(dossiers: Iterable[Document], asked: Asked, today: date) -> list[Document]:
    """Those that are asked for; the first to be late come first."""
    kept = [each for each in dossiers if _is_asked(each, asked, today)]
    return sorted(kept, key=lambda each: (each.get("termijn", "9999"), each["code"]))


def is_late(dossier: Document, today: date) -> bool:
    """Whether the last day for its step has passed."""
    return bool(dossier.get("termijn", "9999") < today.isoformat())


def dossier_document(iri: str, register: Register) -> Document | None:
    """A dossier as it stands, without what only the vault holds; None when it is not there."""
    version = register.log.latest(iri)
    return None if version is None or version.operation == "delete" else open_document(version, register)


def read_dossier(code: str, agent: Agent, register: Register) -> DossierRead:
    """One, for its association or for who handles it. Raises Unknown, Gone or Forbidden."""
    version = register.log.latest(register.schema.entity_types[KIND].iri(code))
    if version is None:
        raise Unknown(f"Er is geen dossier met nummer {code}.")
    if version.operation == "delete":
        raise Gone(f"Het dossier met nummer {code} is weg.", version.replaced_by)
    document = open_document(version, register)
    register.rights.check(agent, READ, subject_of_document(document))
    own = agent.role == ASSOCIATION
    use = use_by(agent, RIGHTS) if own else use_by(agent, SERVICE, f"dossier {code}")

    def whole(each: Document, iri: str) -> Document:
        kept = register.log.vault.read(iri, use)
        return join(each, {one.node: dict(one.values or {}) for one in kept})

    form, filled_in = _application(document, register)
    application = whole(filled_in, document["aanvraag"]) if form else {}
    return DossierRead(version, whole(document, version.entity), form, application, process_of(document, register))


def process_of(dossier: Document, register: Register) -> Process:
    """The process that a dossier goes through."""

    def look(iri: str) -> Document | None:
        version = register.log.latest(iri)
        there = version is not None and version.operation != "delete" and version.kind == PROCESS
        return open_document(version, register) if version is not None and there else None

    named = {"aanvraagproces": dossier.get("proces")}
    return process_for(named, "", (), register.schema.processes, look, register.codelists)


def open_document(version: Version, register: Register) -> Document:
    """The document of a version without what only the vault holds."""
    graph = from_ntriples((version.public or b"") + version.internal)
    return to_document(graph, register.schema.entity_types[version.kind], version.entity)


def _application(dossier: Document, register: Register) -> tuple[EntityType | None, Document]:
    version = register.log.latest(dossier.get("aanvraag", ""))
    if version is None or version.operation == "delete":
        return None, {}
    return register.schema.entity_types[version.kind], open_document(version, register)


def _all(iris: Iterable[str], register: Register) -> list[Document]:
    found = (dossier_document(iri, register) for iri in reversed(list(iris)))
    return [each for each in found if each is not None]


def _is_asked(dossier: Document, asked: Asked, today: date) -> bool:
    return (
        ("afgeslotenOp" in dossier) is asked.closed
        and asked.status in ("", dossier["status"])
        and asked.product in ("", dossier["product"])
        and asked.handler in ("", dossier.get("behandelaar", ""))
        and (not asked.late or is_late(dossier, today))
        and asked.word.casefold() in f"{dossier['code']} {dossier['naam']} {dossier.get('elders', '')}".casefold()
    )
