"""What somebody must decide: is this one of those that we have, and where is this address?

    refer([(document, error)], agent, register)              # error: PossibleDuplicates or UnknownAddress
    for referral in waiting(register, DUPLICATE): ...
    decide(referral, Same("V0001001"), agent, register)      # or Different(), or Corrected(document)

The referred document waits in the vault, for it holds personal values; the task knows names, codes and reasons only.
Asked once: the same document referred again gives the same task, and once decided it is not asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.errors import PossibleDuplicates, Problem, Refused, Unknown
from app.model.fields import Document
from app.model.processing import SERVICE
from app.register.agents import Agent
from app.register.commands import Outcome, RegisterAssociation
from app.register.desk import Desk, decided_key
from app.register.handle import handle
from app.register.people import technical_use, use_by
from app.register.prepare import origin_of, read_new
from app.register.register import Register
from app.store.queues import Task, assign, finish, open_tasks
from app.store.transaction import Transaction
from app.store.vault import Personal, Use

DUPLICATE = "dubbel"
ADDRESS = "adres"
SERIES = "taak"


@dataclass(frozen=True)
class Referral:
    """One thing to decide; `document_of` gets the document itself."""

    task: Task = field(repr=False)
    name: str
    municipality: str | None
    candidates: tuple[tuple[str, tuple[str, ...]], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Same:
    """It is this association: nothing is registered."""

    code: str


@dataclass(frozen=True)
class Different:
    """It is none of the candidates: register it."""


@dataclass(frozen=True)
class Corrected:
    """Register this instead."""

    document: Document = field(repr=False)


Decision = Same | Different | Corrected


def refer(cases: Sequence[tuple[Document, Refused]], agent: Agent, register: Register) -> list[str | Outcome]:
    """Put each case to whoever decides, in one transaction.

    Answers the subject of each task, or, where somebody decided before, the association that it came to.
    """
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, "", register.today())
        return [_refer(document, error, desk) for document, error in cases]


def waiting(register: Register, queue: str, limit: int = 100) -> list[Referral]:
    """What is still to be decided, oldest first."""
    return [_referral(task) for task in open_tasks(register.log, queue, limit)]


def document_of(referral: Referral, agent: Agent, register: Register) -> Document:
    """The referred document, personal values included: the access is logged."""
    return _document(referral, use_by(agent, SERVICE, "beslissen over een voorgelegde vereniging"), register)


def _document(referral: Referral, use: Use, register: Register) -> Document:
    kept = register.log.vault.read(referral.task.subject, use)
    if not kept or kept[0].values is None:
        raise Unknown("Deze vraag is al beantwoord.")
    document: Document = orjson.loads(kept[0].values["document"])
    return document


def decide(
    referral: Referral, decision: Decision, agent: Agent, register: Register, reason: str = ""
) -> Outcome | None:
    """Carry a decision out, close the task and take the document out of the vault; None when nothing was registered.

    Raises what `handle` raises, and then the task stays open.
    """
    document = _document(referral, technical_use(agent), register)
    outcome = None if isinstance(decision, Same) else _register(referral, document, decision, agent, register, reason)
    code = decision.code if isinstance(decision, Same) else outcome.code if outcome else ""
    with register.log.transaction() as transaction:
        if isinstance(decision, Same) and transaction.latest(register.tools.type.iri(code)) is None:
            raise Unknown("Deze vereniging staat niet in het register.")
        origin = Desk(register, transaction, agent, reason, register.today()).blind(_origin(document, register))
        transaction.put_state(decided_key(origin), code)
        transaction.keep([Personal(referral.task.subject, referral.task.subject, None)])
        finish(transaction, referral.task, f"{type(decision).__name__} {code}")
    return outcome


def _register(
    referral: Referral, document: Document, decision: Decision, agent: Agent, register: Register, reason: str
) -> Outcome:
    confirmed_not = tuple(code for code, _ in referral.candidates)
    wanted = decision.document if isinstance(decision, Corrected) else document
    return handle(RegisterAssociation(wanted, confirmed_not), agent, register, reason)


def _refer(document: Document, error: Refused, desk: Desk) -> str | Outcome:
    origin = desk.blind(_origin(document, desk.register))
    if decided := desk.transaction.get_state(decided_key(origin)):
        version = desk.current(decided)
        return Outcome(decided, version.entity, version.number)
    if asked := desk.transaction.get_state(f"voorgelegd/{origin}"):
        return asked
    number = desk.transaction.next_number(SERIES)
    subject = f"{desk.register.schema.base}/taak/{number}"
    _keep(desk.transaction, subject, document)
    queue = DUPLICATE if isinstance(error, PossibleDuplicates) else ADDRESS
    assign(desk.transaction, queue, subject, _body(document, error, desk.agent))
    desk.transaction.put_state(f"voorgelegd/{origin}", subject)
    return subject


def _keep(transaction: Transaction, subject: str, document: Document) -> None:
    transaction.keep([Personal(subject, subject, {"document": orjson.dumps(document).decode()})])


def _origin(document: Document, register: Register) -> str:
    return origin_of(read_new(document, register.tools)[1])


def _body(document: Document, error: Refused, agent: Agent) -> bytes:
    body: dict[str, Any] = {
        "naam": str(document.get("naam", "")),
        "gemeente": agent.municipality,
        "kandidaten": error.candidates if isinstance(error, PossibleDuplicates) else (),
        "problemen": [(problem.path, problem.message) for problem in error.problems],
    }
    return orjson.dumps(body)


def _referral(task: Task) -> Referral:
    body = orjson.loads(task.body)
    return Referral(
        task=task,
        name=body["naam"],
        municipality=body["gemeente"],
        candidates=tuple((code, tuple(reasons)) for code, reasons in body["kandidaten"]),
        problems=tuple(Problem(*problem) for problem in body["problemen"]),
    )
