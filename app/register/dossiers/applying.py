"""How an association applies, and withdraws: from the form that it filled in to a dossier, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from app.errors import Conflict, Problem, Refused
from app.model.application_forms import form_key
from app.model.codelists import CodeLists
from app.model.fields import Document, EntityType
from app.model.languages import text_of
from app.model.terms import VL
from app.register.commands import Create, Outcome
from app.register.desk import Desk
from app.register.dossiers.commands import SubmitApplication, WithdrawApplication
from app.register.dossiers.conduct import CLOSED, DONE, KEPT, KIND, STOPPED, concept_of, is_open
from app.register.dossiers.course import (
    current,
    keep,
    letter,
    note_status,
    process_of_product,
    status_terms,
    step_terms,
    with_message,
)
from app.register.dossiers.processes import Look
from app.register.entities import create_entity, next_code, type_of
from app.register.entities_there import there
from app.register.prepare import refusal
from app.register.products.eligibility import NO, Verdict, eligibility
from app.register.profile import Facts, profile_of
from app.register.register import Register
from app.store.applications import application, sent
from app.store.documents import documents_of, keep_until
from app.store.records import Version
from app.store.vault import Personal

NOT_OFFERED = "Dit product kunt u hier niet (meer) aanvragen."
NOT_ELIGIBLE = "Uw vereniging komt niet in aanmerking voor dit product."
NOT_YOURS = "Deze aanvraag is van een andere vereniging of een ander product."
GONE = "Deze aanvraag is weg: ze is verwijderd of te oud."


def form_of_product(product: Document, codelists: CodeLists) -> tuple[str, str]:
    """The IRI and the key of the form with which one applies for a product; raises Refused when it has none."""
    iri = product.get("aanvraagvorm", "")
    concept = codelists.concept(iri, "aanvraagvorm")
    if concept is None:
        raise Refused(NOT_OFFERED)
    return iri, form_key(concept.notation)


def submit_application(command: SubmitApplication, desk: Desk) -> Outcome:
    """The application, its dossier and its first status, all or nothing; raises Refused with all that is wrong."""
    row = application(desk.transaction.connection, command.draft)
    if row is None:
        raise Conflict(GONE)
    if row.dossier:
        version, _ = current(row.dossier.rpartition("/")[2], desk)
        return Outcome.unchanged(row.dossier.rpartition("/")[2], version)
    association = desk.workable(command.code)
    product_iri = type_of("product", desk).iri(command.product)
    if (row.association, row.product) != (association.entity, product_iri):
        raise Conflict(NOT_YOURS)
    product = _offered(product_iri, desk)
    _fitting(product, association, desk)
    form, kind = form_of_product(product, desk.register.codelists)
    code = next_code(type_of(KIND, desk), desk)
    document = {**command.document, "aanvrager": association.entity}
    given = tuple(attachments_in(document, type_of(kind, desk)))
    check_documents([iri for _, iri in given], association.entity, desk, {iri: path for path, iri in given})
    filled_in = create_entity(Create(kind, document, code, activity=VL.AanvraagIngediend.value), desk)
    dossier = _dossier(code, product_iri, product, form, association, filled_in, desk)
    dossier["documenten"] = [iri for _, iri in given]
    outcome = create_entity(Create(KIND, dossier, code, activity=VL.AanvraagIngediend.value), desk)
    note_status(dossier, outcome, desk)
    _forget_draft(command.draft, outcome.entity, desk)
    return outcome


def withdraw_application(command: WithdrawApplication, desk: Desk) -> Outcome:
    """The association wants it no more: the dossier is closed, and says so to everybody that follows it."""
    _, dossier = current(command.code, desk)
    if not is_open(dossier):
        raise Refused(CLOSED)
    phase = concept_of("dossierfase", DONE, desk.register.codelists)
    status = concept_of("dossierstatus", STOPPED, desk.register.codelists)
    assert phase is not None and status is not None
    terms = status_terms(dossier, phase.iri, status.iri, "Ingetrokken door de vereniging", desk)
    closed = {"afgeslotenOp": desk.now(), "termijn": None, "actieNodig": None, "actie": None, "stap": None}
    said = with_message(dossier, command.why, desk, ours=False)
    return keep(dossier, {**terms, **closed, **said}, VL.AanvraagIngetrokken.value, desk, told=True)


def verdict_of(product: Document, association: Document, look: Look, register: Register) -> Verdict:
    """Whether the association can get the product today, and why; `look` finds other products."""
    facts = Facts(register.codelists, look)
    return eligibility(product, profile_of(association, register.codelists), facts, register.today())


def attachments_in(document: Document, type: EntityType) -> Iterator[tuple[str, str]]:
    """The documents that an application names, each with the path of its field."""
    for field in type.fields:
        if field.attachment is not None and (value := document.get(field.term)):
            yield from ((field.term, iri) for iri in (value if isinstance(value, list) else [value]))


def check_documents(iris: list[str], association: str, desk: Desk, paths: dict[str, str] | None = None) -> None:
    """Raise Refused unless each document is in the store of the association; what goes along is kept longer."""
    known = {document.iri for document in documents_of(desk.transaction.connection, association)}
    wrong = [iri for iri in iris if iri not in known]
    if wrong:
        problems = [Problem((paths or {}).get(iri, ""), "Dit document is er niet (meer).") for iri in wrong]
        raise refusal(tuple(problems))
    keep_until(desk.transaction.connection, iris, (desk.today + KEPT).isoformat())


def _offered(iri: str, desk: Desk) -> Document:
    version = desk.transaction.latest(iri)
    if version is None or version.operation == "delete" or version.public is None:
        raise Refused(NOT_OFFERED)
    return desk.open_document(version)


def _fitting(product: Document, association: Version, desk: Desk) -> None:
    """Raise Refused with each condition that is not met; what the register does not know is for people to weigh."""
    document = desk.open_document(association)
    if document.get("einddatum"):
        raise Refused("Een vereniging die gestopt is, kan niets meer aanvragen.")
    verdict = verdict_of(product, document, lambda iri: there(iri, "product", desk), desk.register)
    if verdict.answer == NO:
        raise Refused(NOT_ELIGIBLE, [Problem("", each.text) for each in verdict.reasons if each.answer == NO])


def _dossier(
    code: str, iri: str, product: Document, form: str, association: Version, filled_in: Outcome, desk: Desk
) -> Document:
    lists, owner = desk.register.codelists, product.get("aangemaaktDoor", "")
    organisation = lists.organisations.heir(owner)
    home = lists.municipality(organisation.nis) if organisation and organisation.nis else None
    handler = (home.unit or home.iri) if home else owner
    process = process_of_product(product, form, handler, desk)
    name = desk.open_document(association).get("naam", "")
    dossier = {
        "code": code, "naam": f"{text_of(product.get('naam'))}: {name}", "vereniging": association.entity,
        "product": iri, "productnummer": product.get("productnummer"), "bestuur": handler,
        "gemeente": home.iri if home else None, "aanvraag": filled_in.entity, "proces": process.iri,
        "ingediendOp": desk.now(),
    }  # fmt: skip
    dossier |= step_terms(dossier, process.first, desk)
    dossier |= with_message(dossier, letter(process.first, dossier, "", desk), desk)
    return {term: value for term, value in dossier.items() if value is not None}


def _forget_draft(id: str, dossier: str, desk: Desk) -> None:
    """What was filled in stands in the dossier now."""
    sent(desk.transaction.connection, id, dossier)
    iri = draft_iri(id, desk.register.schema.base)
    desk.transaction.keep([Personal(iri, iri, None)])


def draft_iri(id: str, base: str) -> str:
    """Under what the vault holds what was filled in so far."""
    return f"{base}/id/aanvraagontwerp/{id}"
