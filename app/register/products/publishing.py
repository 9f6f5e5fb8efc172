"""What happens to a draft of a product: put to the validator, sent back, published.

Published, it is a product like any other, with all its checks; the draft is gone and its code leads to the product.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.errors import Forbidden, Problem, Refused
from app.model.fields import Document
from app.model.terms import VL
from app.register.agents import SYSTEM, Agent
from app.register.commands import Archive, Change, Outcome
from app.register.conduct import Case
from app.register.desk import Desk
from app.register.entities import (
    archive_entity,
    as_expected,
    change_entity,
    check_entity,
    create_entity,
    current,
    mark_entity,
    type_of,
)
from app.register.prepare import refusal
from app.register.products.approving import may_approve
from app.register.products.draft_commands import PublishProduct, ReturnProduct, SubmitProduct
from app.register.products.drafts import KIND, ProductDraft, allow, own_product_drafts, product_command, read_draft
from app.register.register import Register

REMIND_AFTER = timedelta(days=7)
UNASKED: Document = {"gevraagdOp": None, "gevraagdDoor": None, "herinnerdOp": None}
APPROVAL = VL.ProductGoedgekeurd.value
GONE = "Het product waarover dit ontwerp gaat, is uit het aanbod. Gooi het ontwerp weg."
NOT_THE_VALIDATOR = "Enkel de validator van deze fiche maakt ze bekend."


def submit_product(command: SubmitProduct, desk: Desk) -> Outcome:
    """Nobody writes on; raises Refused with all that would stand in the way of publishing."""
    draft = _draft(command.code, command.expected_version, desk)
    if draft.waits:
        raise Refused("Aan de validator is al goedkeuring gevraagd.")
    if not draft.validators:
        raise Refused("Deze fiche heeft geen validator met een account: maak ze meteen bekend.")
    check_entity(product_command(draft, APPROVAL), desk)
    asked = {"gevraagdOp": desk.today.isoformat(), "gevraagdDoor": desk.agent.account or None, "reden": None}
    return mark_entity(type_of(KIND, desk), command.code, asked, VL.GoedkeuringGevraagd.value, desk)


def return_product(command: ReturnProduct, desk: Desk) -> Outcome:
    """A validator says why; who takes their own question back need not."""
    draft = _draft(command.code, command.expected_version, desk)
    why = command.why.strip()
    if not draft.waits:
        raise Refused("Voor dit ontwerp is geen goedkeuring gevraagd.")
    if not why and may_approve(desk.agent, draft.validators):
        raise refusal((Problem("reden", "Zeg waarom u het terugstuurt."),))
    marks = {**UNASKED, "reden": why or None}
    told = replace(desk, reason=why)
    return mark_entity(type_of(KIND, desk), command.code, marks, VL.ProductTeruggestuurd.value, told)


def publish_product(command: PublishProduct, desk: Desk) -> Outcome:
    """The product as the draft says, or all that is wrong; answers with the outcome of the product."""
    draft = _draft(command.code, command.expected_version, desk)
    if "product" in draft.document and draft.about is None:
        raise Refused(GONE)
    if not may_approve(desk.agent, draft.validators):
        raise Forbidden(NOT_THE_VALIDATOR)
    asked = product_command(draft, APPROVAL if draft.validators else None)
    outcome = change_entity(asked, desk) if isinstance(asked, Change) else create_entity(asked, desk)
    archive_entity(Archive(KIND, command.code, outcome.entity), desk)
    return outcome


def remind_validators(register: Register) -> int:
    """Note a reminder on each draft that has been waiting for a week, and again every week; answers how many."""
    system = Agent(SYSTEM, "Het systeem", SYSTEM)
    today = register.today()
    late = [each.code for each in own_product_drafts(system, register) if _is_late(each, (today - REMIND_AFTER))]
    if not late:
        return 0
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, system, "", today)
        marks = {"herinnerdOp": today.isoformat()}
        for code in late:
            mark_entity(type_of(KIND, desk), code, marks, VL.GoedkeuringHerinnerd.value, desk)
    return len(late)


def _is_late(draft: ProductDraft, before: object) -> bool:
    return draft.waits and max(draft.since, draft.document.get("herinnerdOp", "")) <= str(before)


def _draft(code: str, expected: int | None, desk: Desk) -> ProductDraft:
    """The draft, for who keeps it; raises Unknown, Gone, Conflict or Forbidden."""
    type = type_of(KIND, desk)
    version = current(type, code, desk)
    as_expected(type, version, expected)
    draft = read_draft(version, desk.register)
    allow(Case(type, draft.document, None, desk))
    return draft
