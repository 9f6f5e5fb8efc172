"""The one way to change the register.

    outcome = handle(StopAssociation("V0001001", on=today), agent, register, reason="gemeld door de voorzitter")

May the agent? Load, decide, check rules and shape, put personal values apart, append: one transaction. What changes
nothing writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from app.errors import Forbidden, LoketError
from app.register.agents import Agent
from app.register.associations import (
    change_association,
    hide_association,
    register_association,
    remove_association,
    show_association,
    stop_association,
)
from app.register.commands import (
    Archive,
    Change,
    ChangeAssociation,
    Command,
    Create,
    HideAssociation,
    LetGo,
    Outcome,
    RegisterAssociation,
    RemoveAssociation,
    ShowAssociation,
    StopAssociation,
    TakeOver,
)
from app.register.conducts import conduct_of
from app.register.copying import let_go, refuse_in_copy, take_over
from app.register.decisions.deciding import (
    correct_decision,
    publish_decision,
    return_draft,
    sign_draft,
    submit_draft,
    withdraw_decision,
)
from app.register.decisions.draft_commands import (
    CorrectDecision,
    DraftCommand,
    PublishDecision,
    ReturnDraft,
    SignDraft,
    SubmitDraft,
    WithdrawDecision,
)
from app.register.decisions.drafts import draft_subject
from app.register.desk import KBO_CLAIM, ORIGIN, Desk
from app.register.dossiers.applying import submit_application, withdraw_application
from app.register.dossiers.commands import (
    CompleteDossier,
    DossierCommand,
    DraftDecision,
    MoveDossier,
    ReportStatus,
    SubmitApplication,
    TakeUpDossier,
    WithdrawApplication,
    WriteMessage,
)
from app.register.dossiers.conduct import dossier_subject
from app.register.dossiers.deciding import draft_decision
from app.register.dossiers.steps import complete, move, report, take_up, write_message
from app.register.doubles.commands import MarkDuplicate, MergeAssociations, UndoDuplicate
from app.register.doubles.marking import mark_duplicate, merge_associations, undo_duplicate
from app.register.doubles.traits import Key, lookups_of
from app.register.entities import archive_entity, change_entity, create_entity
from app.register.personal.commands import ErasePersonalData
from app.register.personal.erasure import erase_personal_data
from app.register.prepare import UnknownAddress, prepare
from app.register.prepared import Prepared
from app.register.products.concept_commands import AdoptConcept, ConfirmReview, TakeConcept
from app.register.products.draft_commands import (
    ProductDraftCommand,
    PublishProduct,
    ReturnProduct,
    SubmitProduct,
)
from app.register.products.publishing import publish_product, return_product, submit_product
from app.register.products.reviews import adopt_concept, confirm_review, take_concept
from app.register.recognitions.commands import (
    ChangeRecognition,
    LiftSuspension,
    RegisterRecognition,
    SettleRecognitions,
    SuspendRecognition,
    WithdrawRecognition,
)
from app.register.recognitions.recognising import (
    change_recognition,
    lift_suspension,
    register_recognition,
    settle_recognitions,
    suspend_recognition,
    withdraw_recognition,
)
from app.register.register import Register, Tools
from app.register.rights import ANYTHING, Subject
from app.register.subjects import newcomer, subject_of

__all__ = [
    "Agent", "Outcome", "Prepared", "Register", "Tools", "UnknownAddress", "handle", "handle_all", "prepare",
    "rehearse_all",
]  # fmt: skip

HANDLERS: Mapping[type, Callable[[Any, Desk], Outcome]] = {
    RegisterAssociation: register_association,
    ChangeAssociation: change_association,
    StopAssociation: stop_association,
    RemoveAssociation: remove_association,
    ShowAssociation: show_association,
    HideAssociation: hide_association,
    Create: create_entity,
    Change: change_entity,
    Archive: archive_entity,
    TakeConcept: take_concept,
    ConfirmReview: confirm_review,
    TakeOver: take_over,
    MarkDuplicate: mark_duplicate,
    MergeAssociations: merge_associations,
    UndoDuplicate: undo_duplicate,
    ErasePersonalData: erase_personal_data,
    RegisterRecognition: register_recognition,
    ChangeRecognition: change_recognition,
    SuspendRecognition: suspend_recognition,
    LiftSuspension: lift_suspension,
    WithdrawRecognition: withdraw_recognition,
    SettleRecognitions: settle_recognitions,
    AdoptConcept: adopt_concept,
    LetGo: let_go,
    SubmitDraft: submit_draft,
    ReturnDraft: return_draft,
    SignDraft: sign_draft,
    PublishDecision: publish_decision,
    CorrectDecision: correct_decision,
    WithdrawDecision: withdraw_decision,
    SubmitProduct: submit_product,
    ReturnProduct: return_product,
    PublishProduct: publish_product,
    SubmitApplication: submit_application,
    TakeUpDossier: take_up,
    MoveDossier: move,
    WriteMessage: write_message,
    CompleteDossier: complete,
    WithdrawApplication: withdraw_application,
    DraftDecision: draft_decision,
    ReportStatus: report,
}
GUARDED = "Dit verandert enkel door de stappen die ervoor bestaan."


# Whose these things are, `Conduct.allow` knows.
OF_ANY_TYPE = (Create, Change, Archive, TakeConcept, ConfirmReview, AdoptConcept, SubmitProduct, ReturnProduct,
               PublishProduct)  # fmt: skip


def handle(command: Command, agent: Agent, register: Register, reason: str = "") -> Outcome:
    """Do one thing, or raise why not: Refused, PossibleDuplicates, Unknown, Gone, Conflict or Forbidden."""
    [outcome] = handle_all([command], agent, register, reason)
    if isinstance(outcome, LoketError):
        raise outcome
    return outcome


def handle_all(
    commands: Sequence[Command], agent: Agent, register: Register, reason: str = ""
) -> list[Outcome | LoketError]:
    """Do many things in one transaction; what is refused is answered with its error and stops nothing else.

    A command that changes several things is alone in its transaction: all of it happens, or nothing.
    """
    prepared = [ready(command, agent, register) for command in commands]
    if any(isinstance(command, DraftCommand | ProductDraftCommand | DossierCommand) for command in prepared):
        return [_alone(command, agent, register, reason) for command in prepared]
    with register.log.transaction() as transaction:
        return _attempt_all(prepared, Desk(register, transaction, agent, reason, register.today()))


def rehearse_all(
    commands: Sequence[Command], agent: Agent, register: Register, reason: str = ""
) -> list[Outcome | LoketError]:
    """What `handle_all` would answer: everything is done, and then undone."""
    prepared = [ready(command, agent, register) for command in commands]
    outcomes: list[Outcome | LoketError] = []
    with suppress(_Undone), register.log.transaction() as transaction:
        outcomes = _attempt_all(prepared, Desk(register, transaction, agent, reason, register.today()))
        raise _Undone
    return outcomes


def _alone(command: Command | LoketError, agent: Agent, register: Register, reason: str) -> Outcome | LoketError:
    if isinstance(command, LoketError):
        return command
    try:
        with register.log.transaction() as transaction:
            return attempt_alone(command, Desk(register, transaction, agent, reason, register.today()))
    except LoketError as error:
        return error


class _Undone(Exception):
    """Ends a transaction that was only a rehearsal."""


def _attempt_all(prepared: Sequence[Command | LoketError], desk: Desk) -> list[Outcome | LoketError]:
    desk.transaction.preload(_lookups(prepared, desk))
    return [command if isinstance(command, LoketError) else _outcome(command, desk) for command in prepared]


def attempt(command: Command, desk: Desk) -> Outcome:
    """Do one thing inside a transaction, if the agent may do it with just this association; raises what `handle` does.

    An association that is not there is for the handler to tell.
    """
    refuse_in_copy(command, desk)
    if isinstance(command, Create | Change | Archive) and conduct_of(command.kind).guarded:
        raise Forbidden(GUARDED)
    for subject in _subjects(command, desk):
        # What is not there, its handler says.
        desk.register.rights.check(desk.agent, type(command), subject or ANYTHING)
    return HANDLERS[type(command)](command, desk)


def attempt_alone(command: Command, desk: Desk) -> Outcome:
    """`attempt` of the only command of a transaction."""
    desk.transaction.preload(_lookups([command], desk))
    return attempt(command, desk)


def ready(command: Command, agent: Agent, register: Register) -> Command | LoketError:
    """All that can be done before the write lock is held."""
    try:
        register.rights.check(agent, type(command))
        if isinstance(command, RegisterAssociation) and command.prepared is None:
            prepared = prepare(command.document, register.tools, register.today(), agent.municipality)
            return replace(command, prepared=prepared)
    except LoketError as error:
        return error
    return command


def _subjects(command: Command, desk: Desk) -> Iterator[Subject | None]:
    """What the agent must have the right to; of any other type of entity, `Conduct.allow` knows."""
    if isinstance(command, RegisterAssociation):
        if prepared := command.prepared:
            yield newcomer(prepared.traits, prepared.rights, desk.today)
    elif isinstance(command, DraftCommand):
        yield draft_subject(command.code, desk)
    elif isinstance(command, SubmitApplication):
        yield subject_of(desk.transaction, desk.iri(command.code), desk.today) or Subject(command.code)
    elif isinstance(command, DossierCommand):
        yield dossier_subject(command.code, desk)
    elif not isinstance(command, OF_ANY_TYPE):
        codes = (command.code, command.into) if isinstance(command, MergeAssociations) else (command.code,)
        yield from (subject_of(desk.transaction, desk.iri(code), desk.today) for code in codes)


def _outcome(command: Command, desk: Desk) -> Outcome | LoketError:
    try:
        return attempt(command, desk)
    except LoketError as error:
        return error


def _lookups(commands: Sequence[Command | LoketError], desk: Desk) -> Iterator[Key]:
    for command in commands:
        if isinstance(command, RegisterAssociation) and command.prepared is not None:
            yield from lookups_of(desk.seal(command.prepared.traits))
            yield ORIGIN, desk.blind(command.prepared.origin)
            if command.prepared.traits.kbo:
                yield KBO_CLAIM, command.prepared.traits.kbo
