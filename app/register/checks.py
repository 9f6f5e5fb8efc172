"""What of an association is to be compared with other registers: planned from the log, so nothing committed is missed.

    plan(register, frozenset({ADDRESSES}))       # True while there may be more; then `store.checks.due_checks`

A registration never waits for a neighbour: the log is followed after the commit. What did not change since it was
compared is not compared again; until it has been, its state is "niet gecontroleerd".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.model.documents import join, to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.register.agents import SYSTEM, Agent
from app.register.derive import BELGIUM
from app.register.personal.people import technical_use
from app.register.register import Register
from app.store.checks import Check, checks_of, drop_checks, forget_checks, put_checks
from app.store.records import Version
from app.store.times import iso
from app.store.transaction import Transaction

ADDRESSES, ENTERPRISES, PERSONS = "adressen", "kbo", "personen"
SUBJECT = "{node}?controle={register}"
STATE, ASKED = "controles/tot", "controles/gevraagd"
AT_ONCE = 200
SYSTEM_AGENT = Agent(SYSTEM, "Controle bij andere registers", SYSTEM)
IDENTITY = ("insz", "voornaam", "achternaam")
STREET = ("straatnaam", "huisnummer", "busnummer", "postcode", "gemeente")


@dataclass(frozen=True)
class Part:
    """One part to compare with one register, and what is asked about it."""

    register: str
    node: str
    question: Mapping[str, str] = field(repr=False)

    @property
    def said(self) -> str:
        """What is compared, as one text to be hashed."""
        return "\n".join((self.register, *(f"{name}={value}" for name, value in sorted(self.question.items()))))


def parts_of(document: Document) -> Iterator[Part]:
    """What of an association other registers know: its addresses in Belgium, its enterprise and its people."""
    for location in document.get("locaties", ()):
        address = location.get("adres", {})
        if address.get("straatnaam") and address.get("huisnummer") and address.get("land") == BELGIUM:
            yield Part(ADDRESSES, address["@id"], {term: address[term] for term in STREET if address.get(term)})
    if document.get("kboNummer"):
        yield Part(ENTERPRISES, document["@id"], {"kboNummer": document["kboNummer"]})
    for person in document.get("vertegenwoordigers", ()):
        if person.get("insz"):
            yield Part(PERSONS, person["@id"], {term: person.get(term, "") for term in IDENTITY})


def part_of_check(check: Check, document: Document) -> Part | None:
    """The part that a check is about, as it stands now; None when it is no more."""
    same = (each for each in parts_of(document) if (each.register, each.node) == (check.register, check.node))
    return next(same, None)


def plan(register: Register, registers: frozenset[str]) -> bool:
    """Follow the log for a stretch, and write down what is to be compared; False when it was at the end."""
    _switch_on(register, registers)
    after = int(register.log.get_state(STATE) or 0)
    versions = register.log.read(after, AT_ONCE)
    if not versions:
        return False
    with register.log.transaction() as transaction:
        if int(transaction.get_state(STATE) or 0) == after:
            _plan(versions, registers, register, transaction)
            transaction.put_state(STATE, str(versions[-1].sequence))
    return True


def _switch_on(register: Register, registers: frozenset[str]) -> None:
    """For a register that was not asked before the log is followed from its begin."""
    known = frozenset((register.log.get_state(ASKED) or "").split())
    if not registers <= known:
        with register.log.transaction() as transaction:
            transaction.put_state(ASKED, " ".join(sorted(known | registers)))
            transaction.put_state(STATE, "0")


def start_over(register: Register) -> None:
    """Have everything compared again, what was compared before too."""
    with register.log.transaction() as transaction:
        forget_checks(transaction.connection)
        transaction.put_state(STATE, "0")


def whole(version: Version, register: Register, transaction: Transaction) -> Document:
    """The document, personal values included: read by the register itself, and logged so."""
    kept = transaction.personal(version.entity, technical_use(SYSTEM_AGENT))
    graph = from_ntriples((version.public or b"") + version.internal)
    values = {one.node: dict(one.values or {}) for one in kept}
    return join(to_document(graph, register.tools.type, version.entity), values)


def _plan(versions: Sequence[Version], registers: frozenset[str], register: Register, transaction: Transaction) -> None:
    start = register.tools.type.iri_start
    entities = list(dict.fromkeys(one.entity for one in versions if one.entity.startswith(start)))
    known = checks_of(transaction.connection, entities)
    now = iso(register.clock())
    for entity in entities:
        version = transaction.latest(entity)
        living = version is not None and version.operation != "delete" and not version.replaced_by
        parts = list(parts_of(whole(version, register, transaction))) if version and living else []
        wanted = [part for part in parts if part.register in registers]
        before = {(one.register, one.node): one for one in known[entity]}
        there = {(part.register, part.node) for part in parts}
        drop_checks(transaction.connection, [one for key, one in before.items() if key not in there])
        put_checks(transaction.connection, list(_new(wanted, before, entity, now, transaction)))


def _new(
    parts: Sequence[Part], before: Mapping[tuple[str, str], Check], entity: str, now: str, transaction: Transaction
) -> Iterator[Check]:
    """The parts that say something else than what was compared, or that nobody compared yet."""
    for part in parts:
        digest = transaction.blind(part.said)
        known = before.get((part.register, part.node))
        if known is None or known.digest != digest:
            yield Check(part.node, part.register, entity, digest, due=now)


def name_of(document: Mapping[str, Any]) -> str:
    """What the association is called."""
    return str(document.get("naam", document.get("vCode", "")))
