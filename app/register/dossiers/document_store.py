"""The documents of an association: given once, used again, read by right, destroyed when nobody needs them.

document = give(Given("statuten.pdf", content, "application/pdf", kind), "V0001001", agent, register, mint())
content = read(document.code, agent, register)          # its association, or who handles a dossier that names it
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from app.errors import Forbidden, Refused, Unknown
from app.model.fields import Document
from app.model.processing import RIGHTS, SERVICE
from app.register.agents import ASSOCIATION, Agent
from app.register.dossiers.conduct import KEPT, OF, is_open, subject_of_document
from app.register.dossiers.own_dossiers import dossier_document
from app.register.personal.people import use_by
from app.register.register import Register
from app.register.rights import Subject
from app.store.documents import (
    Content,
    StoredDocument,
    drop_documents,
    expired,
    find_document,
    own_documents,
    put_document,
    read_document,
)
from app.store.times import iso

KEEP, READ = "KeepDocuments", "ReadDossier"
MOST = 500
FULL = "Uw map is vol. Wis eerst documenten die u niet meer nodig hebt."


@dataclass(frozen=True)
class Given:
    """What somebody hands in, examined before; `kind` is the IRI of a kind of document."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)
    media_type: str
    kind: str


def give(given: Given, association: str, agent: Agent, register: Register, id: str) -> StoredDocument:
    """Keep a document; the very same of the same kind again is the one that is there."""
    _check(agent, association, register)
    owner = register.tools.type.iri(association)
    digest = register.log.blind(f"document/{owner}/{given.kind}/{_fingerprint(given.content)}")
    own = own_documents(register.log.database, owner)
    if there := next((each for each in own if each.digest == digest), None):
        return there
    if len(own) >= MOST:
        raise Refused(FULL)
    today = register.today()
    document = StoredDocument(
        iri=f"{register.schema.base}/id/document/{id}",
        association=owner,
        kind=given.kind,
        media_type=given.media_type,
        size=len(given.content),
        digest=digest,
        created=iso(register.clock()),
        expires=(today + KEPT).isoformat(),
    )
    with register.log.transaction() as transaction:
        put_document(transaction, document, given.name, given.content)
    return document


def documents(association: str, agent: Agent, register: Register) -> list[StoredDocument]:
    """Those of an association, the newest first."""
    _check(agent, association, register)
    return own_documents(register.log.database, register.tools.type.iri(association))


def read(code: str, agent: Agent, register: Register) -> tuple[StoredDocument, Content]:
    """Open one; raises Unknown, Gone, or Forbidden for who neither owns it nor handles a dossier in which it is."""
    document = _find(code, register)
    own = agent.role == ASSOCIATION
    if own:
        _check(agent, document.association.rpartition("/")[2], register)
        return document, _open(document, agent, register, RIGHTS, "")
    dossier = next((each for each in dossiers_with(document, register) if _may_read(agent, each, register)), None)
    if dossier is None:
        raise Forbidden("Dit document hoort bij geen dossier van uw bestuur.")
    return document, _open(document, agent, register, SERVICE, f"dossier {dossier['code']}")


def erase(code: str, agent: Agent, register: Register) -> None:
    """Destroy one; raises Refused while a dossier needs it."""
    document = _find(code, register)
    _check(agent, document.association.rpartition("/")[2], register)
    if needed := dossiers_with(document, register):
        numbers = ", ".join(each["code"] for each in needed)
        raise Refused(f"Dit document hoort bij dossier {numbers}: het bestuur moet het kunnen nakijken.")
    with register.log.transaction() as transaction:
        drop_documents(transaction, [document.iri])
    register.log.database.scrub()


def dossiers_with(document: StoredDocument, register: Register) -> list[Document]:
    """The dossiers of its association that name a document."""
    found = (dossier_document(iri, register) for iri in register.log.find(OF, document.association))
    return [each for each in found if each is not None and document.iri in each.get("documenten", ())]


def forget_expired_documents(register: Register, today: date) -> int:
    """Destroy what is kept long enough and in no open dossier; answers how many."""
    with register.log.database.reading() as connection:
        old = expired(connection, today.isoformat())
    going = [iri for iri in old if not _needed(iri, register)]
    if going:
        with register.log.transaction() as transaction:
            drop_documents(transaction, going)
    return len(going)


def _needed(iri: str, register: Register) -> bool:
    document = find_document(register.log.database, iri)
    return document is not None and any(is_open(each) for each in dossiers_with(document, register))


def _find(code: str, register: Register) -> StoredDocument:
    document = find_document(register.log.database, f"{register.schema.base}/id/document/{code}")
    if document is None:
        raise Unknown("Dit document is er niet (meer).")
    return document


def _open(document: StoredDocument, agent: Agent, register: Register, purpose: str, why: str) -> Content:
    return read_document(register.log, document, use_by(agent, purpose, why))


def _may_read(agent: Agent, dossier: Document, register: Register) -> bool:
    return register.rights.may(agent, READ, subject_of_document(dossier))


def _check(agent: Agent, association: str, register: Register) -> None:
    register.rights.check(agent, KEEP, Subject(association))


def _fingerprint(content: bytes) -> str:
    return sha256(content).hexdigest()
