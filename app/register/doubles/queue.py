"""What somebody must decide: is this one of those that we have, and where is this address?

    refer([(document, error)], agent, register)              # error: PossibleDuplicates or UnknownAddress
    for referral in waiting(register, DUPLICATE): ...
    decide(referral, Same("V0001001"), agent, register)      # or Different(), Corrected(document), Merged(code)

The referred document waits in the vault, for it holds personal values; the task knows names, codes and reasons only.
Asked once: the same document referred again gives the same task, and once decided it is not asked again.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from app.errors import Conflict, PossibleDuplicates, Refused
from app.model.fields import Document
from app.model.processing import SERVICE
from app.register.agents import Agent
from app.register.commands import ChangeAssociation, Outcome, RegisterAssociation
from app.register.derive import derive
from app.register.desk import Desk, decided_key
from app.register.doubles.merging import merged
from app.register.doubles.pairs import decide_pair
from app.register.doubles.referrals import (
    ADDRESS,
    DECIDE,
    DUPLICATE,
    PAIR,
    Corrected,
    Decision,
    Different,
    Dropped,
    Merged,
    Referral,
    Same,
    about_document,
    outcome_text,
    queue_of,
    referral_of,
)
from app.register.handle import attempt
from app.register.obstacles import code_of
from app.register.personal.people import technical_use, use_by
from app.register.prepare import origin_of, prepare, read_new
from app.register.register import Register
from app.store.queues import assign, count_tasks, finish, finish_subject, list_tasks, note_outcome
from app.store.transaction import Transaction
from app.store.vault import Personal, Use

__all__ = ["ADDRESS", "DUPLICATE", "PAIR", "Corrected", "Different", "Dropped", "Merged", "Referral", "Same"]

SERIES = "taak"
ANSWERED = "Over deze vraag is al beslist."
WITHDRAWN = "in de lijst zelf beantwoord"


def refer(cases: Sequence[tuple[Document, Refused]], agent: Agent, register: Register) -> list[str | Outcome]:
    """Put each case to whoever decides, in one transaction.

    Answers the subject of each task, or, where somebody decided before, the association that it came to.
    """
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, "", register.today())
        return [refer_one(document, error, desk) for document, error in cases]


def refer_one(
    document: Document, error: Refused, desk: Desk, source: str = "", origin: str | None = None
) -> str | Outcome:
    """The same for one case, in a transaction that is open; `source` tells people where the document came from.

    `origin` is what `prepare.origin_of` says of the document, for who knows it already.
    """
    origin = desk.blind(origin or _origin(document, desk.register))
    if decided := desk.transaction.get_state(decided_key(origin)):
        version = desk.authentic(decided)
        return Outcome.unchanged(code_of(version.entity), version)
    if asked := desk.transaction.get_state(_asked_key(origin)):
        return asked
    number = desk.transaction.next_number(SERIES)
    subject = f"{desk.register.schema.base}/taak/{number}"
    _keep(desk.transaction, subject, document)
    kind = DUPLICATE if isinstance(error, PossibleDuplicates) else ADDRESS
    municipality = desk.agent.municipality or _home(document, desk.register)
    body = about_document(document, error, municipality, source)
    assign(desk.transaction, queue_of(kind, municipality), subject, body)
    desk.transaction.put_state(_asked_key(origin), subject)
    return subject


def withdraw(subject: str, desk: Desk) -> None:
    """Take a question back: whoever asked has settled it otherwise."""
    if finish_subject(desk.transaction, subject, WITHDRAWN):
        desk.transaction.keep([Personal(subject, subject, None)])


def waiting(register: Register, kind: str, limit: int = 100) -> list[Referral]:
    """What is still to be decided, oldest first, whoever is to decide it."""
    queues = [queue for queue in count_tasks(register.log) if queue.partition("/")[0] == kind]
    return [referral_of(task) for task in list_tasks(register.log, queues, limit)]


def document_of(referral: Referral, agent: Agent, register: Register, use: Use | None = None) -> Document:
    """The referred document, personal values included: the access is logged, as `use` if that is said."""
    usual = use_by(agent, SERVICE, "beslissen over een voorgelegde vereniging")
    return _document(referral, use or usual, register)


def open_document_of(referral: Referral, agent: Agent, register: Register) -> Document:
    """The referred document as it stands, for a page that leaves the personal values out: nobody has seen them."""
    return _document(referral, technical_use(agent), register)


def decide(
    referral: Referral, decision: Decision, agent: Agent, register: Register, reason: str = ""
) -> Outcome | None:
    """Carry a decision out, close the task and take the document out of the vault; None when nothing changed.

    One transaction: raises what `handle` raises, and then the task stays open; Conflict when somebody was first.
    """
    register.rights.check(agent, DECIDE, referral.subject)
    document = None if referral.kind == PAIR else open_document_of(referral, agent, register)
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, reason, register.today())
        if not finish(transaction, referral.task, ""):
            raise Conflict(ANSWERED)
        if document is None:
            outcome = decide_pair(referral, decision, desk)
        else:
            outcome = _carry_out(referral, document, decision, desk)
            transaction.put_state(decided_key(desk.blind(_origin(document, register))), outcome.code or None)
            transaction.keep([Personal(referral.task.subject, referral.task.subject, None)])
        note_outcome(transaction, referral.task, outcome_text(decision, outcome.code, agent, reason))
    return outcome if outcome.sequence else None


def _carry_out(referral: Referral, document: Document, decision: Decision, desk: Desk) -> Outcome:
    if isinstance(decision, Dropped):
        return Outcome("", referral.task.subject, 0)
    if isinstance(decision, Same):
        version = desk.authentic(decision.code)
        return Outcome.unchanged(code_of(version.entity), version)
    if isinstance(decision, Merged):
        return _take_over(document, decision, desk)
    seen = decision.seen if isinstance(decision, Different) else ()
    confirmed_not = (*(code for code, _ in referral.candidates), *seen)
    wanted = decision.document if isinstance(decision, Corrected) else document
    prepared = prepare(wanted, desk.register.tools, desk.today, referral.municipality)
    return attempt(RegisterAssociation(wanted, confirmed_not, prepared), desk)


def _take_over(document: Document, decision: Merged, desk: Desk) -> Outcome:
    version = desk.authentic(decision.code)
    theirs = canonical(document, desk.register)
    supplied = merged(desk.document(version), theirs, desk.register.tools, decision.choices)
    return attempt(ChangeAssociation(code_of(version.entity), supplied), desk)


def canonical(document: Document, register: Register) -> Document:
    """A referred document in the one form in which it can be laid beside a registered one."""
    _, read = read_new(document, register.tools)
    derive(read, register.tools, register.today(), [])
    return read


def _document(referral: Referral, use: Use, register: Register) -> Document:
    kept = register.log.vault.read(referral.task.subject, use)
    if not kept or kept[0].values is None:
        raise Conflict(ANSWERED)
    document: Document = orjson.loads(kept[0].values["document"])
    return document


def _asked_key(origin: str) -> str:
    return f"voorgelegd/{origin}"


def _keep(transaction: Transaction, subject: str, document: Document) -> None:
    transaction.keep([Personal(subject, subject, {"document": orjson.dumps(document).decode()})])


def _origin(document: Document, register: Register) -> str:
    return origin_of(read_new(document, register.tools)[1])


def _home(document: Document, register: Register) -> str | None:
    """The municipality of a document that no municipality brought in."""
    homes = derive(read_new(document, register.tools)[1], register.tools, register.today(), [])
    return next((home.nis for home in homes if home), None)
