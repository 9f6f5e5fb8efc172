"""An application in the making: begun with what the register knows, kept in the vault, taken up again, sent or dropped.

    draft = begin("V0001001", "P0001004", agent, register, mint())
    draft = keep(draft, {**draft.document, "project": "Een bos"}, agent, register)

What is filled in beforehand stands in the shape of the form (`vl:uitRegister`); `shared_fields` tells it before
anything is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

from app.errors import Conflict, Forbidden, Refused, Unknown
from app.model.documents import to_document
from app.model.fields import Document, EntityType, Field, Secrecy
from app.model.graph import from_ntriples
from app.model.processing import RIGHTS
from app.register.agents import Agent
from app.register.dossiers.applying import GONE, NOT_ELIGIBLE, draft_iri, form_of_product, verdict_of
from app.register.dossiers.commands import SubmitApplication
from app.register.personal.people import current, read_personal, use_by
from app.register.products.eligibility import NO, Verdict
from app.register.register import Register
from app.register.subjects import subject_of
from app.store.applications import (
    Application,
    application,
    drop_application,
    find_application,
    open_applications,
    put_application,
    untouched_since,
)
from app.store.records import Version
from app.store.times import iso
from app.store.vault import Personal

TERM = "document"
LONGEST = 200_000


@dataclass(frozen=True)
class ApplicationDraft:
    """One of them, with what was filled in so far."""

    row: Application
    document: Document = field(repr=False)

    @property
    def association(self) -> str:
        """The code of the association that applies."""
        return self.row.association.rpartition("/")[2]

    @property
    def product(self) -> str:
        """The code of what it applies for."""
        return self.row.product.rpartition("/")[2]


@dataclass(frozen=True)
class Offered:
    """A product that one can apply for here: its document, its form, and whether this association can get it."""

    version: Version = field(repr=False)
    document: Document = field(repr=False)
    form: EntityType
    verdict: Verdict
    association: Document = field(repr=False)


def offered(product: str, association: str, agent: Agent, register: Register) -> Offered:
    """What an association wants to apply for; raises Refused when that cannot be done here, Forbidden for another's."""
    check(agent, association, register)
    version = register.log.latest(register.schema.entity_types["product"].iri(product))
    if version is None or version.operation == "delete" or version.public is None:
        raise Unknown("Dit product is er niet (meer).")
    document, (_, club) = _document(version, register), current(association, register)
    _, key = form_of_product(document, register.codelists)

    def look(iri: str) -> Document | None:
        found = register.log.latest(iri)
        return _document(found, register) if found and found.kind == "product" and not found.ended else None

    verdict = verdict_of(document, club, look, register)
    return Offered(version, document, register.schema.entity_types[key], verdict, club)


def begin(product: str, association: str, agent: Agent, register: Register, id: str) -> ApplicationDraft:
    """A new one, with what the register knows; raises Refused when the association does not meet a condition."""
    wanted = offered(product, association, agent, register)
    if wanted.verdict.answer == NO:
        raise Refused(NOT_ELIGIBLE)
    now = iso(register.clock())
    document = prefilled(wanted.form, association, agent, register)
    row = Application(id, register.tools.type.iri(association), wanted.version.entity, wanted.form.key, now, now)
    return _write(ApplicationDraft(row, document), register)


def keep(draft: ApplicationDraft, document: Document, agent: Agent, register: Register) -> ApplicationDraft:
    """What it says now, complete or not; raises Refused when it is far too long, Conflict when it was sent."""
    check(agent, draft.association, register)
    if len(orjson.dumps(document)) > LONGEST:
        raise Refused("Dit is te veel tekst. Kort ze in, of voeg een document toe.")
    row = Application(**{**draft.row.__dict__, "changed": iso(register.clock())})
    return _write(ApplicationDraft(row, document), register)


def own_draft(id: str, agent: Agent, register: Register) -> ApplicationDraft:
    """One, to write on; raises Unknown, or Forbidden for one of another association."""
    row = find_application(register.log.database, id)
    if row is None:
        raise Unknown(GONE)
    check(agent, row.association.rpartition("/")[2], register)
    iri = draft_iri(id, register.schema.base)
    kept = register.log.vault.read(iri, use_by(agent, RIGHTS))
    text = (kept[0].values or {}).get(TERM, "{}") if kept else "{}"
    return ApplicationDraft(row, orjson.loads(text))


def own_drafts(association: str, agent: Agent, register: Register) -> list[Application]:
    """All that an association still writes on, the last changed first."""
    check(agent, association, register)
    return open_applications(register.log.database, register.tools.type.iri(association))


def drop(draft: ApplicationDraft, agent: Agent, register: Register) -> None:
    """Forget it, and all that was filled in."""
    check(agent, draft.association, register)
    iri = draft_iri(draft.row.id, register.schema.base)
    with register.log.transaction() as transaction:
        drop_application(transaction.connection, draft.row.id)
        transaction.keep([Personal(iri, iri, None)])


def forget_untouched(register: Register, before: str) -> int:
    """Forget those that nobody changed since a time; answers how many were never sent."""
    with register.log.transaction() as transaction:
        old = untouched_since(transaction.connection, before)
        for row in old:
            drop_application(transaction.connection, row.id)
        iris = [draft_iri(row.id, register.schema.base) for row in old]
        transaction.keep([Personal(iri, iri, None) for iri in iris])
    return sum(not row.dossier for row in old)


def check(agent: Agent, association: str, register: Register) -> None:
    """Raise Forbidden unless the agent may apply for this association."""
    subject = subject_of(register.log, register.tools.type.iri(association), register.today())
    if subject is None:
        raise Forbidden("Deze vereniging staat niet in het register.")
    register.rights.check(agent, SubmitApplication, subject)


# --- What the register knows ------------------------------------------------------------------------------------------


def shared_fields(form: EntityType) -> list[Field]:
    """The fields that are filled in beforehand."""
    return [found for found in form.fields if found.prefill]


def prefilled(form: EntityType, association: str, agent: Agent, register: Register) -> Document:
    """What the register knows of what the form asks; reading what is personal is logged."""
    wanted = shared_fields(form)
    personal = any(found.secrecy is Secrecy.PERSONAL for found in wanted)
    if personal:
        known = read_personal(association, agent, register).document
    else:
        version = register.log.latest(register.tools.type.iri(association))
        known = _document(version, register) if version else {}
    values = ((found.term, next(_at(known, found.prefill), None)) for found in wanted)
    return {term: value for term, value in values if value}


def _at(document: Document, path: str) -> Iterator[str]:
    """The values at a path, those of the primary part first; the name of a person is put together."""
    first, _, rest = path.partition(".")
    value = document.get(first)
    if not rest:
        name = " ".join(filter(None, (document.get("voornaam"), document.get("achternaam")))) if first == "naam" else ""
        yield from (str(each) for each in (value, name) if each)
        return
    nodes = value if isinstance(value, list) else [value] if value else []
    for node in sorted(nodes, key=lambda each: not each.get("isPrimair")):
        yield from _at(node, rest)


def _write(draft: ApplicationDraft, register: Register) -> ApplicationDraft:
    iri = draft_iri(draft.row.id, register.schema.base)
    with register.log.transaction() as transaction:
        there = application(transaction.connection, draft.row.id)
        if there is not None and there.dossier:
            raise Conflict("Deze aanvraag is al ingediend.")
        put_application(transaction.connection, draft.row)
        transaction.keep([Personal(iri, iri, {TERM: orjson.dumps(draft.document).decode()})])
    return draft


def _document(version: Version, register: Register) -> Document:
    graph = from_ntriples((version.public or b"") + version.internal)
    return to_document(graph, register.schema.entity_types[version.kind], version.entity)
