"""What a decision brings about in the register when it is published, and what is undone when it is withdrawn.

By the key that the template names (`vl:gevolg`). All of it happens in the transaction that publishes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from app.errors import Problem, Refused
from app.model.fields import Document
from app.model.languages import NEUTRAL, text_of
from app.model.numbering import number_of
from app.register.commands import Change
from app.register.desk import Desk
from app.register.entities import change_entity
from app.register.entities_there import there
from app.register.prepare import refusal
from app.register.recognitions.commands import (
    ChangeRecognition,
    LiftSuspension,
    RegisterRecognition,
    SuspendRecognition,
    WithdrawRecognition,
)
from app.register.recognitions.recognising import (
    change_recognition,
    lift_suspension,
    register_recognition,
    suspend_recognition,
    withdraw_recognition,
)
from app.register.recognitions.rules import TERM, grantor
from app.register.subjects import subject_of

Effect = Callable[[Document, str, Desk], None]
NO_RECOGNITION = "Deze vereniging heeft geen erkenning van uw bestuur voor dit product."


def recognise(draft: Document, decision: str, desk: Desk) -> None:
    """The association is recognised by this decision, or by its correction for another period.

    A recognition that was registered before, without a decision, gets this one.
    """
    period = {term: draft.get(key) for term, key in (("startdatum", "begindatum"), ("einddatum", "einddatum"))}
    code = _code(draft)
    if known := next((each for each in _recognitions(draft, desk) if _is_by(each, decision, draft)), None):
        settled = {"geldigheidsperiode": period, "besluit": decision}
        change_recognition(ChangeRecognition(code, number_of(known["@id"]), settled), desk)
        return
    desk.register.rights.check(
        desk.agent, RegisterRecognition, subject_of(desk.transaction, draft["vereniging"], desk.today)
    )
    product = {"nummer": draft["productnummer"], "naam": _name_of_product(draft, desk)}
    document = {
        "ipdcProduct": {term: value for term, value in product.items() if value},
        "geldigheidsperiode": {term: value for term, value in period.items() if value},
        "besluit": decision,
    }
    register_recognition(RegisterRecognition(code, document), desk)


def _is_by(recognition: Document, decision: str, draft: Document) -> bool:
    """Whether the decision gave it, or it was registered before as what this decision says, without any decision."""
    if "besluit" in recognition:
        return bool(recognition["besluit"] == decision)
    starts = recognition.get("geldigheidsperiode", {}).get("startdatum") == draft.get("begindatum")
    return bool(starts and recognition.get("ipdcProduct", {}).get("nummer") == draft["productnummer"])


def derecognise(draft: Document, decision: str, desk: Desk) -> None:
    """The recognition that the decision gave goes with it."""
    known = next((each for each in _recognitions(draft, desk) if each.get("besluit") == decision), None)
    if known is None:
        return
    number = number_of(known["@id"])
    if known.get("redenSchorsing"):
        lift_suspension(LiftSuspension(_code(draft), number), desk)
    withdraw_recognition(WithdrawRecognition(_code(draft), number), desk)


def suspend(draft: Document, decision: str, desk: Desk) -> None:
    """The recognition is suspended, and says by which decision."""
    known = _recognition(draft, desk)
    why = f"{draft['beschrijving']} {decision}"
    suspend_recognition(
        SuspendRecognition(_code(draft), number_of(known["@id"]), why, correct=bool(known.get("redenSchorsing"))), desk
    )


def lift(draft: Document, decision: str, desk: Desk) -> None:
    """The recognition is in force again."""
    known = _recognition(draft, desk)
    if decision in known.get("redenSchorsing", ""):
        lift_suspension(LiftSuspension(_code(draft), number_of(known["@id"])), desk)


def end(draft: Document, decision: str, desk: Desk) -> None:
    """The recognition ends the day before; one that would not have begun by then goes."""
    known = _recognition(draft, desk)
    number = number_of(known["@id"])
    last = (date.fromisoformat(draft["begindatum"]) - timedelta(days=1)).isoformat()
    if last < known.get("geldigheidsperiode", {}).get("startdatum", ""):
        withdraw_recognition(WithdrawRecognition(_code(draft), number), desk)
        return
    change_recognition(ChangeRecognition(_code(draft), number, {"geldigheidsperiode": {"einddatum": last}}), desk)


def refuse_to_reopen(draft: Document, decision: str, desk: Desk) -> None:
    """What ended is not begun again by itself: until when, only a new decision can say."""
    raise Refused("Hiermee eindigde een erkenning. Erken de vereniging opnieuw met een nieuw besluit.")


def regulate(draft: Document, decision: str, desk: Desk) -> None:
    """The regulation stands among the legal resources of the product."""
    product = _product(draft, desk)
    # All texts of a product speak in the same form of Dutch.
    source = {"naam": {product.get("taalvariant", NEUTRAL): draft["naam"]}, "url": decision}
    _set_sources(draft, [*_other_sources(draft, decision, desk), source], desk)


def deregulate(draft: Document, decision: str, desk: Desk) -> None:
    """The regulation goes from the legal resources of the product."""
    _set_sources(draft, _other_sources(draft, decision, desk), desk)


def _set_sources(draft: Document, sources: list[Document], desk: Desk) -> None:
    change_entity(Change("product", draft["product"].rpartition("/")[2], {"regelgeving": sources}), desk)


def _other_sources(draft: Document, decision: str, desk: Desk) -> list[Document]:
    return [each for each in _product(draft, desk).get("regelgeving", []) if each.get("url") != decision]


def _product(draft: Document, desk: Desk) -> Document:
    product = there(draft["product"], "product", desk)
    if product is None:
        raise refusal((Problem("product", "Dit product is er niet meer."),))
    return product


def _recognitions(draft: Document, desk: Desk) -> list[Document]:
    association = there(draft["vereniging"], "vereniging", desk) or {}
    owner = grantor(desk.agent)
    return [each for each in association.get(TERM, ()) if each.get("toegekendDoor") == owner]


def _recognition(draft: Document, desk: Desk) -> Document:
    """The last recognition for the product; raises Refused when there is none."""
    number = draft["productnummer"]
    found = [each for each in _recognitions(draft, desk) if each.get("ipdcProduct", {}).get("nummer") == number]
    if not found:
        raise refusal((Problem("productnummer", NO_RECOGNITION),))
    return max(found, key=lambda each: str(each.get("geldigheidsperiode", {}).get("startdatum", "")))


def _name_of_product(draft: Document, desk: Desk) -> str:
    product = there(draft.get("product"), "product", desk)
    return text_of(product.get("naam")) if product else draft["naam"]


def _code(draft: Document) -> str:
    return str(draft["vereniging"]).rpartition("/")[2]


EFFECTS: Mapping[str, Effect] = {"erkennen": recognise, "schorsen": suspend, "beeindigen": end, "regelen": regulate}
UNDOING: Mapping[str, Effect] = {
    "erkennen": derecognise, "schorsen": lift, "beeindigen": refuse_to_reopen, "regelen": deregulate,
}  # fmt: skip
