"""What readers say of the pages of products, and what the administration whose product it is does with that.

    given = give("P0001004", Said(clear=False, text="Waar vraag ik dit aan?"), None, register, mint)
    handle_feedback(given.id, Handled(ANSWERED, "U vraagt het aan de balie aan."), agent, register)

Free text may hold what a reader says of somebody, so that it stands in the vault and every reading is logged. That
somebody waits is an internal field of the product (`feedbackBeschikbaar`, as in LPDC): by it subscribers are told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.errors import Conflict, Forbidden, Problem, Refused, Unknown
from app.model.freetext import validate_text
from app.model.terms import VL
from app.register import agents
from app.register.agents import SYSTEM, Agent
from app.register.desk import Desk
from app.register.entities import current, mark_entity, type_of
from app.register.personal.people import technical_use, use_by
from app.register.products.conduct import KIND
from app.register.products.own_products import owners_of
from app.register.register import Register
from app.store.feedback import (
    CLARITY,
    COUNTED,
    DECLINED,
    DESK,
    MISTAKE,
    NEW,
    PUBLIC,
    STATES,
    Feedback,
    add_feedback,
    change_feedback,
    find_feedback,
    handled_before,
    open_about,
)
from app.store.times import iso
from app.store.vault import Personal

TEXT, ANSWER = "tekst", "antwoord"
LONGEST = 2000
KEPT = timedelta(days=365)
PURPOSE, WHY = "dienstverlening", "terugkoppeling over een product"
THE_SYSTEM = Agent(SYSTEM, "Het systeem", SYSTEM)


@dataclass(frozen=True)
class Said:
    """What a reader said: a tick, a text, or both; without a tick it reports a mistake."""

    clear: bool | None = None
    text: str = field(default="", repr=False)


@dataclass(frozen=True)
class Handled:
    """What became of it."""

    state: str
    answer: str = field(default="", repr=False)


@dataclass(frozen=True)
class Opened:
    """Feedback with what was written, for who may read it."""

    feedback: Feedback
    text: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)


def give(code: str, said: Said, agent: Agent | None, register: Register, mint: Callable[[], str]) -> Feedback:
    """Keep what a reader said of a product that everybody sees.

    Raises Unknown or Gone for a product that nobody sees, Refused for a text that cannot be kept or that lacks.
    """
    text = _read_text(said.text, "tekst")
    if said.clear is None and not text:
        raise Refused("Uw melding is nog leeg.", [Problem("tekst", "Schrijf wat er fout is of ontbreekt.")])
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, THE_SYSTEM, "", register.today())
        version = current(type_of(KIND, desk), code, desk)
        if version.public is None:
            raise Unknown(f"Er is geen product met code {code}.")
        now = transaction.now()
        given = Feedback(
            id=mint(),
            product=version.entity,
            owner=desk.open_document(version)["aangemaaktDoor"],
            kind=MISTAKE if said.clear is None else CLARITY,
            clear=said.clear,
            source=DESK if agent and agent.role != agents.ASSOCIATION else PUBLIC,
            state=COUNTED if said.clear and not text else NEW,
            created=now,
            changed=now,
            written=bool(text),
            answered=False,
        )
        add_feedback(transaction.connection, given)
        if text:
            node = node_of(given.id, register)
            transaction.keep([Personal(node, node, {TEXT: text})])
        _mark(given, desk)
    return given


def open_feedback(id: str, agent: Agent, register: Register) -> Opened:
    """One with its texts; the reading is logged. Raises Unknown, or Forbidden for another administration's."""
    with register.log.transaction() as transaction:
        found = _owned(find_feedback(transaction.connection, id), agent, register)
        if not (found.written or found.answered):
            return Opened(found)
        kept = transaction.personal(node_of(id, register), use_by(agent, PURPOSE, WHY))
    values = next((one.values for one in kept if one.values), {})
    return Opened(found, values.get(TEXT, ""), values.get(ANSWER, ""))


def handle_feedback(id: str, handled: Handled, agent: Agent, register: Register, known: str = "") -> Feedback:
    """Take it up, answer it or decline it; `known` is the time of the last change that the asker saw.

    Raises Refused for a state that there is not or an answer that lacks, Conflict when somebody else came first.
    """
    answer = _read_text(handled.answer, "antwoord")
    if handled.state not in STATES:
        raise Refused("Deze toestand bestaat niet.", [Problem("toestand", f"Kies uit {', '.join(STATES)}.")])
    if handled.state == DECLINED and not answer:
        raise Refused("Zeg waarom.", [Problem("antwoord", "Schrijf waarom u hier niets mee doet.")])
    with register.log.transaction() as transaction:
        found = _owned(find_feedback(transaction.connection, id), agent, register)
        if known and known != found.changed:
            raise Conflict("Iemand anders heeft dit intussen behandeld.")
        node = node_of(id, register)
        kept = transaction.personal(node, technical_use(agent)) if found.written or found.answered else ()
        values = dict(next((one.values for one in kept if one.values), {}))
        if answer:
            transaction.keep([Personal(node, node, {**values, ANSWER: answer})])
        now = transaction.now()
        after = replace(found, state=handled.state, changed=now, answered=found.answered or bool(answer))
        change_feedback(transaction.connection, id, state=after.state, changed=now, answered=after.answered)
        _mark(after, Desk(register, transaction, agent, "", register.today()))
    return after


def forget_texts(register: Register) -> int:
    """Erase what was written of what was settled more than a year ago; the figures stay. Answers how many."""
    with register.log.transaction() as transaction:
        old = handled_before(transaction.connection, iso(register.clock() - KEPT))
        for each in old:
            transaction.erase(node_of(each.id, register), technical_use(THE_SYSTEM))
            change_feedback(transaction.connection, each.id, written=False, answered=False)
    return len(old)


def node_of(id: str, register: Register) -> str:
    """Under what the vault keeps the texts."""
    return f"{register.schema.base}/terugkoppeling/{id}"


def _mark(about: Feedback, desk: Desk) -> None:
    """Have the product say whether somebody waits; the product may be gone by now."""
    version = desk.transaction.latest(about.product)
    if version is None or version.operation == "delete":
        return
    waits = open_about(desk.transaction.connection, about.product) > 0
    activity = VL.TerugkoppelingGekregen if waits else VL.TerugkoppelingAfgehandeld
    marks = {"feedbackBeschikbaar": True if waits else None}
    mark_entity(type_of(KIND, desk), about.code, marks, activity.value, desk)


def _owned(found: Feedback | None, agent: Agent, register: Register) -> Feedback:
    register.rights.check(agent, "Change")
    if found is None:
        raise Unknown("Deze melding bestaat niet.")
    owners = owners_of(agent, register)
    if owners is not None and found.owner not in owners:
        raise Forbidden("Deze melding gaat over een product van een ander bestuur.")
    return found


def _read_text(text: str, path: str) -> str:
    if not text.strip():
        return ""
    if len(text) > LONGEST:
        raise Refused("Dit is te lang.", [Problem(path, f"Schrijf hoogstens {LONGEST} tekens.")])
    try:
        return validate_text(text, multiline=True)
    except ValueError as error:
        raise Refused("Deze tekst kunnen we niet bewaren.", [Problem(path, str(error))]) from None
