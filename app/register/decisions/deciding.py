"""What happens to a draft at each command: made ready, signed, published as a decision, corrected, withdrawn.

A decision that was published is never changed unseen: a correction is signed and published like the first text, as a
new version that says what was set right; a withdrawal is a new version that says why.
"""

from __future__ import annotations

from dataclasses import replace

from app.errors import Problem, Refused
from app.model.fields import Document
from app.model.terms import VL
from app.register.commands import Change, Create, Outcome
from app.register.decisions.draft_commands import (
    CorrectDecision,
    PublishDecision,
    ReturnDraft,
    SignDraft,
    SubmitDraft,
    WithdrawDecision,
)
from app.register.decisions.drafts import (
    KIND,
    PUBLISHED,
    READY,
    SIGNED,
    WITHDRAWN,
    WRITING,
    lacking,
    status_iri,
    status_of,
)
from app.register.decisions.effects import EFFECTS, UNDOING
from app.register.decisions.templates import template_of
from app.register.decisions.writing import decision_document, session_terms
from app.register.desk import Desk
from app.register.dossiers.deciding import decided, undecided
from app.register.entities import as_expected, change_entity, create_entity, current, mark_entity, next_code, type_of
from app.register.prepare import refusal
from app.register.recognitions.recognising import name_of

MADE_READY = VL.OntwerpKlaargemaakt.value
RETURNED = VL.OntwerpTeruggegeven.value
SIGNING = VL.BesluitOndertekend.value
PUBLISHING = VL.BesluitBekendgemaakt.value
CORRECTING = VL.BesluitRechtgezet.value
WITHDRAWING = VL.BesluitIngetrokken.value
UNSIGNED: Document = {"getekendDoor": None, "getekendOp": None}


def submit_draft(command: SubmitDraft, desk: Desk) -> Outcome:
    """Nobody writes on; raises Refused with all that is lacking."""
    draft = _draft(command.code, command.expected_version, desk, WRITING)
    if problems := tuple(lacking(draft, desk)):
        raise refusal(problems)
    return _mark(command.code, {"status": READY}, MADE_READY, desk)


def return_draft(command: ReturnDraft, desk: Desk) -> Outcome:
    """A signature under it goes away with it."""
    _draft(command.code, command.expected_version, desk, READY, SIGNED)
    return _mark(command.code, {"status": WRITING, **UNSIGNED}, RETURNED, desk)


def sign_draft(command: SignDraft, desk: Desk) -> Outcome:
    """In the name of the administration; who was at the keyboard stands nowhere in the register."""
    draft = _draft(command.code, command.expected_version, desk, READY)
    if problems := tuple(lacking(draft, desk)):
        raise refusal(problems)
    signed = {"getekendDoor": name_of(desk.agent, desk.register), "getekendOp": desk.now()}
    return _mark(command.code, {"status": SIGNED, **signed}, SIGNING, desk)


def publish_decision(command: PublishDecision, desk: Desk) -> Outcome:
    """The decision, its session and what follows from it, all or nothing; answers with the draft's outcome."""
    draft = _draft(command.code, command.expected_version, desk, SIGNED)
    decision = draft.get("bekendgemaaktAls")
    type = type_of("besluit", desk)
    code = decision.rpartition("/")[2] if decision else next_code(type, desk)
    iri = type.iri(code)
    document = decision_document(draft, iri, desk)
    if decision:
        change_entity(Change("besluit", code, document, activity=CORRECTING), desk)
    else:
        create_entity(Create("besluit", document, code, activity=PUBLISHING), desk)
    session = draft["zitting"].rpartition("/")[2]
    change_entity(Change("zitting", session, session_terms(draft, iri, desk)), desk)
    template = template_of(draft["sjabloon"], desk.register.codelists)
    if effect := EFFECTS.get(template.effect):
        effect(draft, iri, replace(desk, reason=document["naam"]))
    decided(draft, iri, desk)
    marks = {"status": PUBLISHED, "bekendgemaaktAls": iri}
    return _mark(command.code, marks, CORRECTING if decision else PUBLISHING, desk)


def correct_decision(command: CorrectDecision, desk: Desk) -> Outcome:
    """The draft is open again; the decision stays as it is."""
    _draft(command.code, command.expected_version, desk, PUBLISHED)
    if not command.why.strip():
        raise refusal((Problem("rechtzetting", "Zeg wat er rechtgezet wordt."),))
    marks = {"status": WRITING, "rechtzetting": command.why.strip(), **UNSIGNED}
    return _mark(command.code, marks, RETURNED, desk)


def withdraw_decision(command: WithdrawDecision, desk: Desk) -> Outcome:
    """The decision stays to be read as withdrawn; what it did in the register is undone."""
    draft = _draft(command.code, command.expected_version, desk, PUBLISHED)
    if not command.why.strip():
        raise refusal((Problem("redenIntrekking", "Zeg waarom het besluit ingetrokken wordt."),))
    iri = draft["bekendgemaaktAls"]
    last = max(desk.today.isoformat(), draft.get("begindatum", ""))
    withdrawn = {"redenIntrekking": command.why.strip(), "buitenwerkingtreding": last}
    change_entity(Change("besluit", iri.rpartition("/")[2], withdrawn, activity=WITHDRAWING), desk)
    template = template_of(draft["sjabloon"], desk.register.codelists)
    if undo := UNDOING.get(template.effect):
        undo(draft, iri, replace(desk, reason=command.why.strip()))
    undecided(draft, iri, desk)
    return _mark(command.code, {"status": WITHDRAWN}, WITHDRAWING, desk)


def _draft(code: str, expected: int | None, desk: Desk, *wanted: str) -> Document:
    """The draft, when it is as far as it must be; raises Refused."""
    type = type_of(KIND, desk)
    version = current(type, code, desk)
    as_expected(type, version, expected)
    document = desk.document(version)
    status = status_of(document, desk.register.codelists)
    if status not in wanted:
        concept = desk.register.codelists.find("ontwerpstatus", status)
        raise Refused(f"Dat kan nu niet: dit ontwerp is {concept.label.lower() if concept else status}.")
    return document


def _mark(code: str, marks: Document, activity: str, desk: Desk) -> Outcome:
    status = status_iri(marks["status"], desk.register.codelists)
    return mark_entity(type_of(KIND, desk), code, {**marks, "status": status}, activity, desk)
