"""A dossier and the decision about it: the draft begins from the dossier, and its publication brings the dossier on."""

from __future__ import annotations

from dataclasses import replace

from app.errors import Refused
from app.model.fields import Document
from app.model.terms import VL
from app.register.commands import Create, Outcome
from app.register.decisions.drafts import KIND as DRAFT
from app.register.decisions.templates import template_of
from app.register.desk import Desk
from app.register.dossiers.commands import DraftDecision
from app.register.dossiers.conduct import CLOSED, DECIDED, GRANTED, KIND, REFUSED, concept_of, iris_of, is_open
from app.register.dossiers.course import current, keep, letter, process_of, status_terms, step_terms, with_message
from app.register.dossiers.processes import DECISION
from app.register.entities import create_entity, type_of

REFUSING = "weigeren"
DECIDING = "Beslissing"


def draft_decision(command: DraftDecision, desk: Desk) -> Outcome:
    """The draft and the dossier know each other; answers with the outcome of the draft."""
    version, dossier = current(command.code, desk)
    if not is_open(dossier):
        raise Refused(CLOSED)
    if dossier.get("besluit"):
        raise Refused("Over dit dossier is al beslist.")
    document = {**command.document, "dossier": version.entity, "product": dossier["product"]}
    outcome = create_entity(Create(DRAFT, document), desk)
    keep(dossier, {"ontwerp": outcome.entity}, VL.DossierVerdergezet.value, desk, told=False)
    return outcome


def decided(draft: Document, decision: str, desk: Desk) -> None:
    """The published decision brings its dossier to the step that says what was decided."""
    dossier = _dossier_of(draft, desk)
    if dossier is None or dossier.get("besluit") == decision:
        return
    template = template_of(draft["sjabloon"], desk.register.codelists)
    wanted = REFUSED if template.effect == REFUSING else GRANTED
    marks: Document = {"besluit": decision}
    if draft.get("bedrag") and wanted is GRANTED:
        marks["bedrag"] = draft["bedrag"]
    step = process_of(dossier, desk).leading_to(iris_of(wanted, desk.register.codelists), dossier.get("stap", ""))
    if step is not None:
        marks |= step_terms(dossier, step, desk)
        marks |= with_message(dossier, letter(step, dossier, "", desk), desk)
    else:
        marks |= _just_decided(dossier, desk)
    keep(dossier, marks, VL.DossierBeslist.value, replace(desk, reason=draft.get("naam", "")), told=True)


def undecided(draft: Document, decision: str, desk: Desk) -> None:
    """The decision was withdrawn: the dossier is open again, where it is decided."""
    dossier = _dossier_of(draft, desk)
    if dossier is None or dossier.get("besluit") != decision:
        return
    process = process_of(dossier, desk)
    step = next((each for each in process.steps if each.kind == DECISION), None)
    terms = step_terms(dossier, step, desk) if step else {**_just_decided(dossier, desk), "afgeslotenOp": None}
    said = with_message(dossier, "Het besluit over uw aanvraag is ingetrokken. Het bestuur beslist opnieuw.", desk)
    marks = {"besluit": None, "ontwerp": None, **terms, **said}
    keep(dossier, marks, VL.DossierHerzien.value, desk, told=True)


def _dossier_of(draft: Document, desk: Desk) -> Document | None:
    iri = draft.get("dossier")
    if not iri or desk.transaction.latest(iri) is None:
        return None
    assert iri.startswith(type_of(KIND, desk).iri_start)
    return current(iri.rpartition("/")[2], desk)[1]


def _just_decided(dossier: Document, desk: Desk) -> Document:
    lists = desk.register.codelists
    phase, status = concept_of("dossierfase", DECIDING, lists), concept_of("dossierstatus", DECIDED, lists)
    assert phase is not None and status is not None
    return status_terms(dossier, phase.iri, status.iri, status.label, desk)
