"""What happens to a recognition at each command: registered, changed, suspended, in force again, withdrawn.

The one who asks is the administration that it belongs to; that stands in the recognition from the start. Time moves its
status besides: `settle_recognitions` writes down what the calendar made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from app.errors import Problem, Refused
from app.model.fields import Document
from app.model.languages import DUTCH, text_of
from app.model.terms import VL
from app.register.agents import Agent
from app.register.associations import carry_out, expect, plan, with_part
from app.register.commands import Outcome
from app.register.desk import Desk
from app.register.obstacles import for_its_grantor
from app.register.parts import Add, Drop, Edit, Replace, edited, part
from app.register.prepare import refusal
from app.register.products.concepts import KIND as CONCEPT
from app.register.products.concepts import NUMBER
from app.register.recognitions.commands import (
    ChangeRecognition,
    LiftSuspension,
    RegisterRecognition,
    SettleRecognitions,
    SuspendRecognition,
    WithdrawRecognition,
)
from app.register.recognitions.rules import EVER, TERM, grantor
from app.register.register import Register

REGISTERED = VL.ErkenningGeregistreerd.value
CHANGED = VL.ErkenningGewijzigd.value
RENEWED = VL.ErkenningHernieuwd.value
SUSPENDED = VL.ErkenningGeschorst.value
REASON_CORRECTED = VL.RedenSchorsingRechtgezet.value
LIFTED = VL.SchorsingOpgeheven.value
WITHDRAWN = VL.ErkenningVerwijderd.value
SETTLED = VL.ErkenningenBijgewerkt.value

NO_REASON = "De reden van schorsing is verplicht."
NO_REASON_TO_CHANGE = "De reden van de wijziging is verplicht."
ALREADY = "De erkenning is reeds geschorst en kan niet opnieuw geschorst worden."
NOT_SUSPENDED = "De erkenning is niet geschorst en de schorsing kan dus niet opgeheven worden."
EXPIRED = "Een verlopen erkenning kan niet geschorst worden."
NO_PRODUCT = "Voor dit nummer werd geen IPDC-product gevonden."
FINAL = frozenset({"toegekendDoor", "naamToekenner", "ipdcProduct", "status", "redenSchorsing"})


class OfRecognition(Protocol):
    """A command about one association."""

    @property
    def code(self) -> str: ...

    @property
    def expected_version(self) -> int | None: ...


Asked = tuple[str, Sequence[Edit]]


def register_recognition(command: RegisterRecognition, desk: Desk) -> Outcome:
    """Recognise an association, in the name of the administration for which the agent acts."""
    found = {
        "ipdcProduct": _product(command.document.get("ipdcProduct") or {}, desk),
        "toegekendDoor": grantor(desk.agent),
        "naamToekenner": name_of(desk.agent, desk.register),
    }
    return _change(desk, command, lambda _: (REGISTERED, [Add(TERM, {**command.document, **found})]))


def change_recognition(command: ChangeRecognition, desk: Desk) -> Outcome:
    """Other dates, or another page to renew it; one that ends later than it did is renewed."""
    if not desk.reason.strip():
        raise refusal((Problem("redenVanWijziging", NO_REASON_TO_CHANGE),))
    if wrong := sorted(FINAL & command.document.keys()):
        raise refusal(tuple(Problem(term, "Dit kunt u niet wijzigen.") for term in wrong))

    def ask(before: Document) -> Asked:
        old = part(before, TERM, command.number).get("geldigheidsperiode", {})
        new = {**old, **command.document.get("geldigheidsperiode", {})}
        later = (new.get("einddatum") or EVER) > (old.get("einddatum") or EVER)
        edit = Replace(TERM, command.number, lambda _: {**command.document, "geldigheidsperiode": new})
        return (RENEWED if later else CHANGED), [edit]

    return _change(desk, command, ask)


def suspend_recognition(command: SuspendRecognition, desk: Desk) -> Outcome:
    """Suspend, or with `correct` say better why it is suspended."""
    if not command.why.strip():
        raise refusal((Problem("redenSchorsing", NO_REASON),))

    def ask(before: Document) -> Asked:
        _may_be_suspended(part(before, TERM, command.number), command.correct, desk)
        edit = Replace(TERM, command.number, lambda _: {"redenSchorsing": command.why})
        return (REASON_CORRECTED if command.correct else SUSPENDED), [edit]

    return _change(desk, command, ask)


def lift_suspension(command: LiftSuspension, desk: Desk) -> Outcome:
    """Let the period decide again."""

    def ask(before: Document) -> Asked:
        if not part(before, TERM, command.number).get("redenSchorsing"):
            raise Refused(NOT_SUSPENDED)
        return LIFTED, [Replace(TERM, command.number, lambda _: {"redenSchorsing": None})]

    return _change(desk, command, ask)


def withdraw_recognition(command: WithdrawRecognition, desk: Desk) -> Outcome:
    """Take a recognition away; a suspended one stays until the suspension is lifted."""
    return _change(desk, command, lambda _: (WITHDRAWN, [Drop(TERM, command.number)]))


def settle_recognitions(command: SettleRecognitions, desk: Desk) -> Outcome:
    """Bring the statuses in step with the calendar; nothing else is looked at."""
    version = desk.current(command.code)
    return carry_out(plan(desk, version, {}, SETTLED, checked=False), version, desk)


def name_of(agent: Agent, register: Register) -> str:
    """What the administration for which somebody acts is called."""
    home = register.codelists.municipalities.by_unit(grantor(agent))
    return f"Gemeente {home.name}" if home else agent.label


def _product(product: Document, desk: Desk) -> Document:
    """With its name in the catalogue; raises Refused for a number that is not in it, where there is a catalogue."""
    number = product.get("nummer")
    if not number:
        return product
    concepts = desk.transaction.find(NUMBER, number)
    if not concepts and desk.register.log.entities(CONCEPT, limit=1):
        raise refusal((Problem(f"{TERM}[0].ipdcProduct.nummer", NO_PRODUCT),))
    version = desk.transaction.latest(concepts[0]) if concepts else None
    if version is None or version.operation == "delete":
        return product
    return {**product, "naam": text_of(desk.open_document(version).get("naam"), DUTCH)}


def _change(desk: Desk, command: OfRecognition, ask: Callable[[Document], Asked]) -> Outcome:
    version = desk.workable(command.code)
    expect(command.expected_version, version)
    before = desk.document(version)
    activity, edits = ask(before)
    planned = plan(desk, version, edited(before, edits), activity, before=before)
    if planned is not None:
        for_its_grantor(before, planned.found.document, desk)
    return with_part(carry_out(planned, version, desk), planned, edits)


def _may_be_suspended(recognition: Document, correct: bool, desk: Desk) -> None:
    suspended = bool(recognition.get("redenSchorsing"))
    if correct != suspended:
        raise Refused(NOT_SUSPENDED if correct else ALREADY)
    end = recognition.get("geldigheidsperiode", {}).get("einddatum")
    if not correct and end and end < desk.today.isoformat():
        raise Refused(EXPIRED)
