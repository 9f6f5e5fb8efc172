"""How an administration handles a dossier: takes it up, leads it on, writes; and how others report."""

from __future__ import annotations

from app.errors import Problem, Refused
from app.model.dates import validate_date
from app.model.fields import Document
from app.model.terms import VL
from app.register.agents import ASSOCIATION, Agent
from app.register.commands import Outcome
from app.register.desk import Desk
from app.register.dossiers.applying import check_documents
from app.register.dossiers.commands import (
    CompleteDossier,
    MoveDossier,
    ReportStatus,
    TakeUpDossier,
    WriteMessage,
)
from app.register.dossiers.conduct import CLOSED, DONE, KIND, concept_of, is_open, plain
from app.register.dossiers.course import current, keep, letter, process_of, status_terms, step_terms, with_message
from app.register.dossiers.processes import COMPLETION, HANDLING, START, Process, Step
from app.register.entities import as_expected, type_of
from app.register.prepare import refusal

NEEDED = {
    "bedrag": "Geef het toegekende bedrag.",
    "betaaldOp": "Geef de dag waarop betaald is.",
    "betaalkenmerk": "Geef het kenmerk van de betaling.",
}
ORDERED = "KlaarVoorBetaling"
NOTHING = "Schrijf een bericht, of voeg een document toe."


def handler_of(agent: Agent) -> str:
    """How a dossier names who took it up: by account, never by name."""
    return agent.account or agent.iri


def take_up(command: TakeUpDossier, desk: Desk) -> Outcome:
    """From here on this account handles it; what was only received is under examination."""
    dossier = _opened(command.code, command.expected_version, desk)
    marks: Document = {"behandelaar": handler_of(desk.agent)}
    process = process_of(dossier, desk)
    here = process.step(dossier.get("stap", ""))
    onward = next((each for each in process.after(dossier.get("stap", "")) if each.kind == HANDLING), None)
    if here is None or here.kind != START or onward is None:
        marks |= {"dienst": plain(command.department, "dienst")} if command.department else {}
        return keep(dossier, marks, VL.DossierOpgenomen.value, desk, told=False)
    marks |= step_terms(dossier, onward, desk)
    marks |= {"dienst": plain(command.department, "dienst")} if command.department else {}
    marks |= with_message(dossier, letter(onward, dossier, "", desk), desk)
    return keep(dossier, marks, VL.DossierOpgenomen.value, desk, told=True)


def move(command: MoveDossier, desk: Desk) -> Outcome:
    """To a step to which one can go from here; raises Refused with all that this step asks and is not there."""
    dossier = _opened(command.code, command.expected_version, desk)
    step = _reachable(process_of(dossier, desk), dossier, command.step)
    facts = _facts(command, step, dossier, desk)
    marks = {**facts, **step_terms({**dossier, **facts}, step, desk, command.action)}
    marks |= with_message(dossier, letter(step, dossier, _added(command, step), desk), desk)
    return keep(dossier, marks, VL.DossierVerdergezet.value, desk, told=True)


def write_message(command: WriteMessage, desk: Desk) -> Outcome:
    """Also when the dossier is closed: people may ask something afterwards."""
    _, dossier = current(command.code, desk)
    said = _said(dossier, command.message, command.documents, desk, ours=desk.agent.role != ASSOCIATION)
    return keep(dossier, said, VL.DossierBericht.value, desk, told=False)


def complete(command: CompleteDossier, desk: Desk) -> Outcome:
    """What was asked is there: back to the step that follows."""
    dossier = _opened(command.code, None, desk)
    if not dossier.get("actieNodig"):
        raise Refused("Het bestuur vroeg u niets: stuur gewoon een bericht.")
    said = _said(dossier, command.message, command.documents, desk, ours=False)
    process = process_of(dossier, desk)
    onward = next((each for each in process.after(dossier.get("stap", "")) if each.kind == HANDLING), None)
    if onward is None:
        marks = {**said, "actieNodig": None, "actie": None, "termijn": None}
        return keep(dossier, marks, VL.DossierAangevuld.value, desk, told=False)
    marks = {**said, **step_terms(dossier, onward, desk)}
    return keep(dossier, marks, VL.DossierAangevuld.value, desk, told=True)


def report(command: ReportStatus, desk: Desk) -> Outcome:
    """What another system says counts as if it were said here; our own steps then stand aside."""
    version, dossier = current(command.code, desk)
    as_expected(type_of(KIND, desk), version, command.expected_version)
    lists = desk.register.codelists
    phase = concept_of("dossierfase", command.phase, lists)
    status = concept_of("dossierstatus", command.status, lists)
    if phase is None or status is None:
        wrong = [("fase", phase), ("status", status)]
        raise refusal(tuple(Problem(p, "Deze code kennen we niet.") for p, found in wrong if found is None))
    detail, action = plain(command.detail, "detail"), plain(command.action, "actie")
    marks: Document = {"elders": command.reference or None, "doorverwijzing": command.link or None}
    marks = {term: value for term, value in marks.items() if value}
    stands = (dossier["fase"], dossier["status"], dossier.get("statusDetail", ""), dossier.get("actie", ""))
    if stands == (phase.iri, status.iri, detail or status.label, action):
        return keep(dossier, marks, VL.StatusGemeld.value, desk, told=False)
    marks |= status_terms(dossier, phase.iri, status.iri, detail or status.label, desk)
    closed = desk.now() if phase.notation == DONE else None
    marks |= {"actieNodig": bool(action) or None, "actie": action or None, "afgeslotenOp": closed, "termijn": None}
    return keep(dossier, marks, VL.StatusGemeld.value, desk, told=True)


def _opened(code: str, expected: int | None, desk: Desk) -> Document:
    version, dossier = current(code, desk)
    as_expected(type_of(KIND, desk), version, expected)
    if not is_open(dossier):
        raise Refused(CLOSED)
    return dossier


def _reachable(process: Process, dossier: Document, key: str) -> Step:
    step = next((each for each in process.after(dossier.get("stap", "")) if each.key == key), None)
    if step is None:
        raise refusal((Problem("stap", "Van hier gaat men niet naar deze stap."),))
    return step


def _facts(command: MoveDossier, step: Step, dossier: Document, desk: Desk) -> Document:
    """What the step asks, from what is given and what is known already."""
    given = {term: value.strip() for term, value in command.facts.items() if term in NEEDED and value.strip()}
    lacking = [term for term in step.asks if not given.get(term) and not dossier.get(term)]
    if lacking:
        raise refusal(tuple(Problem(term, NEEDED[term]) for term in lacking))
    if "betaaldOp" in given:
        given["betaaldOp"] = _day(given["betaaldOp"], desk)
    status = desk.register.codelists.concept(step.status, "dossierstatus")
    if status is not None and status.notation == ORDERED:
        given["betalingOpgedragenOp"] = desk.today.isoformat()
    return given


def _day(text: str, desk: Desk) -> str:
    try:
        found = validate_date(text)
    except ValueError as error:
        raise refusal((Problem("betaaldOp", str(error)),)) from None
    if found > desk.today.isoformat():
        raise refusal((Problem("betaaldOp", "Deze dag moet nog komen."),))
    return found


def _added(command: MoveDossier, step: Step) -> str:
    """What is asked of the association stands in the message that it gets, too."""
    parts = (command.action if step.kind == COMPLETION else "", command.message)
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _said(dossier: Document, text: str, documents: tuple[str, ...], desk: Desk, ours: bool) -> Document:
    if not text.strip() and not documents:
        raise refusal((Problem("bericht", NOTHING),))
    check_documents(list(documents), dossier["vereniging"], desk)
    said = with_message(dossier, text, desk, documents, ours)
    if documents:
        said["documenten"] = list(dict.fromkeys((*dossier.get("documenten", ()), *documents)))
    return said
