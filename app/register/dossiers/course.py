"""The course of a dossier: what it says of the step that it is in, and each status, put down for other systems too.

Wherever the status changes, the change goes down in the same transaction: see `store.dossier_statuses`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.errors import Gone, Unknown
from app.model.codelists import CodeLists
from app.model.fields import Document
from app.model.languages import text_of
from app.model.wording import day
from app.register.commands import Change, Outcome
from app.register.desk import Desk
from app.register.dossiers.conduct import KIND, plain
from app.register.dossiers.processes import COMPLETION, END, Process, Step, filled, process_for
from app.register.dossiers.processes import KIND as PROCESS
from app.register.dossiers.processes import OWNER as PROCESS_OF
from app.register.entities import change_entity, type_of
from app.register.entities_there import there
from app.store.dossier_statuses import DossierStatus, put_status
from app.store.records import Version


def current(code: str, desk: Desk) -> tuple[Version, Document]:
    """A dossier with its personal values, for the register to work with; raises Unknown or Gone."""
    version = desk.transaction.latest(type_of(KIND, desk).iri(code))
    if version is None:
        raise Unknown(f"Er is geen dossier met nummer {code}.")
    if version.operation == "delete":
        raise Gone(f"Het dossier met nummer {code} is weg.", version.replaced_by)
    return version, desk.document(version)


def process_of(dossier: Document, desk: Desk) -> Process:
    """The process that a dossier goes through, as it is now."""
    named = {"aanvraagproces": dossier.get("proces")}
    return process_for(named, "", (), desk.register.schema.processes, looking(desk), desk.register.codelists)


def process_of_product(product: Document, form: str, owner: str, desk: Desk) -> Process:
    """The process of new applications for a product."""
    look = looking(desk)
    own = [found for iri in desk.transaction.find(PROCESS_OF, owner) if (found := look(iri))]
    return process_for(product, form, own, desk.register.schema.processes, look, desk.register.codelists)


def looking(desk: Desk) -> Any:
    """A way to look a process up within the transaction."""
    return lambda iri: there(iri, PROCESS, desk)


# --- To another status ------------------------------------------------------------------------------------------------


def step_terms(dossier: Document, step: Step, desk: Desk, action: str = "") -> Document:
    """What a dossier says of the step that it is in."""
    last = (desk.today + timedelta(days=step.days)).isoformat() if step.days else None
    asks = step.kind == COMPLETION
    return {
        **status_terms(dossier, step.phase, step.status, step.name, desk, step.key),
        "stap": step.key,
        "stapSinds": desk.today.isoformat(),
        "termijn": last,
        "herinnerdOp": None,
        "dienst": step.department or None,
        "actieNodig": asks or None,
        "actie": plain(action, "actie") or step.name if asks else None,
        "afgeslotenOp": desk.now() if step.kind == END else None,
    }


def status_terms(dossier: Document, phase: str, status: str, detail: str, desk: Desk, step: str = "") -> Document:
    """A phase and a status, and the line in its course that says so."""
    now, course = desk.now(), dossier.get("verloop", [])
    line = {
        "fase": phase, "status": status, "sinds": now, "detail": detail, "stap": step, "door": desk.agent.iri,
        "volgorde": len(course) + 1,
    }  # fmt: skip
    told = {term: value for term, value in line.items() if value}
    return {"fase": phase, "status": status, "statusSinds": now, "statusDetail": detail, "verloop": [*course, told]}


def with_message(
    dossier: Document, text: str, desk: Desk, documents: tuple[str, ...] = (), ours: bool = True
) -> Document:
    """One message more; nothing when it is empty. `ours`: of the administration."""
    if not text.strip() and not documents:
        return {}
    messages = dossier.get("berichten", [])
    message = {
        "van": desk.agent.iri, "vanVereniging": not ours, "op": desk.now(), "tekst": text.strip() or "(document)",
        "bijlagen": list(documents), "volgorde": len(messages) + 1,
    }  # fmt: skip
    return {"berichten": [*messages, message]}


def letter(step: Step, dossier: Document, added: str, desk: Desk) -> str:
    """What the association is told at a step: its template filled in, and what somebody adds."""
    product = there(dossier["product"], "product", desk) or {}
    association = there(dossier["vereniging"], "vereniging", desk) or {}
    owner = desk.register.codelists.organisations.get(dossier["bestuur"])
    last = (desk.today + timedelta(days=step.days)).isoformat() if step.days else ""
    values = {
        "vereniging": association.get("naam", ""), "product": text_of(product.get("naam")),
        "dossier": dossier.get("code", ""), "gemeente": owner.name if owner else "",
        "termijn": day(last) if last else "",
    }  # fmt: skip
    return "\n\n".join(part for part in (filled(step.message, values), added.strip()) if part)


def keep(dossier: Document, changes: Document, activity: str, desk: Desk, told: bool) -> Outcome:
    """Write a dossier down, and its status for other systems when that is `told` to have changed."""
    outcome = change_entity(Change(KIND, dossier["code"], changes, activity=activity), desk)
    if told and outcome.sequence is not None:
        note_status({**dossier, **changes}, outcome, desk)
    return outcome


def note_status(dossier: Document, outcome: Outcome, desk: Desk) -> None:
    """Put the status down with the version that brought it about."""
    assert outcome.sequence is not None
    lists = desk.register.codelists
    put_status(
        desk.transaction.connection,
        DossierStatus(
            sequence=outcome.sequence,
            dossier=outcome.entity,
            version=outcome.version,
            position=len(dossier["verloop"]),
            owner=dossier["bestuur"],
            association=dossier["vereniging"],
            phase=_notation(dossier["fase"], "dossierfase", lists),
            status=_notation(dossier["status"], "dossierstatus", lists),
            time=dossier["statusSinds"],
        ),
    )


def _notation(iri: str, scheme: str, codelists: CodeLists) -> str:
    concept = codelists.concept(iri, scheme)
    assert concept is not None, iri
    return concept.notation
