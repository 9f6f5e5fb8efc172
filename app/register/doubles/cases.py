"""One case laid out: what was brought in beside each association that it may be, and what speaks for and against.

Personal values are not in it: of a document and of an association only what its graphs hold is laid side by side. Of an
association outside the territory of who decides, only what everybody may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from app.errors import Gone, Unknown
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.register.agents import Agent
from app.register.desk import Desk
from app.register.doubles.duplicates import Match, compare
from app.register.doubles.queue import document_of, open_document_of
from app.register.doubles.referrals import PAIR, Referral
from app.register.doubles.traits import Traits
from app.register.personal.people import given_by, use_by
from app.register.prepare import Draft, draft, read_new
from app.register.prepared import CODE
from app.register.register import Register
from app.register.subjects import subject_of
from app.store.records import Version

READ_PERSONAL = "ReadPersonalData"


@dataclass(frozen=True)
class Side:
    """One of two that are compared; without a code it is not in the register yet."""

    document: Document = field(repr=False)
    code: str = ""
    version: int | None = None

    @property
    def name(self) -> str:
        """What it is called, or its code."""
        return str(self.document.get("naam", self.code))


@dataclass(frozen=True)
class Candidate:
    """An association that it may be, and how alike the two are."""

    side: Side
    match: Match


@dataclass(frozen=True)
class Case:
    """What has to be decided, with all that there is to see of it; of what is decided already there is nothing."""

    referral: Referral
    side: Side | None
    candidates: tuple[Candidate, ...] = ()


def lay_out_case(referral: Referral, agent: Agent, register: Register) -> Case:
    """Likeliest candidates first; those that came into the register since are among them. Raises Conflict.

    Of a pair of which one has gone there is nothing left to compare.
    """
    if not referral.is_open:
        return Case(referral, None)
    # Reading the vault is a write of its own, in the log of accesses: before the transaction, not inside it.
    document = {} if referral.kind == PAIR else open_document_of(referral, agent, register)
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, "", register.today())
        asked = [code for code, _ in referral.candidates]
        if referral.kind == PAIR:
            version = transaction.latest(desk.iri(referral.code))
            if version is None or version.ended:
                return Case(referral, Side({}, referral.code))
            side, traits = _side(version, desk), desk.traits_of(version.entity)
        else:
            side, traits = _brought_in(referral, document, desk)
            asked += [code for code, _ in desk.candidates.of(traits, asked)]
        candidates = list(_candidates(asked, traits, desk))
    candidates.sort(key=lambda each: (-each.match.score, each.side.code))
    return Case(referral, side, tuple(candidates))


def personal_of(referral: Referral, stated: str, agent: Agent, register: Register) -> Document:
    """The personal values of what was brought in that the stated purpose gives, by node; the access is logged.

    Raises Refused without a purpose, Forbidden without the right, Conflict when it is decided.
    """
    purpose, why = register.schema.processing.stated(stated)
    register.rights.check(agent.for_purpose(purpose.code), READ_PERSONAL, referral.subject)
    told = f"vraag {referral.task.id} van de werklijst" + (f": {why}" if why else "")
    document = document_of(referral, agent, register, use_by(agent, purpose.code, told))
    wanted = given_by(purpose, register.tools.type)
    kept = _drafted(document, referral, register).layout.personal
    given = {
        node: {term: value for term, value in values.items() if wanted(node, term)} for node, values in kept.items()
    }
    return {node: {"@id": node, **values} for node, values in given.items() if values}


def _brought_in(referral: Referral, document: Document, desk: Desk) -> tuple[Side, Traits]:
    found = _drafted(document, referral, desk.register)
    type = desk.register.tools.type
    graph = from_ntriples(found.layout.public + found.layout.internal)
    return Side(to_document(graph, type, type.iri(CODE))), desk.seal(found.traits)


def _drafted(document: Document, referral: Referral, register: Register) -> Draft:
    """With all its faults: it is there to be looked at."""
    _, read = read_new(document, register.tools)
    return draft(read, register.tools, register.today(), problems=[], municipality=referral.municipality)


def _candidates(codes: Iterable[str], traits: Traits, desk: Desk) -> Iterator[Candidate]:
    """A double leads to the one that stays; what was removed is no candidate any more."""
    seen = set()
    for code in codes:
        try:
            version = desk.authentic(code)
        except (Unknown, Gone):
            continue
        if version.entity not in seen:
            seen.add(version.entity)
            yield Candidate(_side(version, desk), compare(traits, desk.traits_of(version.entity)))


def _side(version: Version, desk: Desk) -> Side:
    subject = subject_of(desk.transaction, version.entity, desk.today)
    may = desk.register.rights.may(desk.agent, "ReadInternal", subject)
    document = desk.open_document(version if may else replace(version, internal=b""))
    return Side(document, version.entity.rpartition("/")[2], version.number)
