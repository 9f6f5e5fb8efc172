"""All that can be asked of the register: its table of contents, and what is asked of associations and of any entity.

A command is imperative and carries what the asker knows; `handle` decides whether it may, and what it changes.
No command shows its document when printed: personal values stand in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app.errors import Problem
from app.model.fields import Document
from app.register.decisions.draft_commands import (
    CorrectDecision,
    PublishDecision,
    ReturnDraft,
    SignDraft,
    SubmitDraft,
    WithdrawDecision,
)
from app.register.dossiers.commands import (
    CompleteDossier,
    DraftDecision,
    MoveDossier,
    ReportStatus,
    SubmitApplication,
    TakeUpDossier,
    WithdrawApplication,
    WriteMessage,
)
from app.register.doubles.commands import MarkDuplicate, MergeAssociations, UndoDuplicate
from app.register.parts import Edit
from app.register.personal.commands import ErasePersonalData
from app.register.prepared import Prepared
from app.register.products.concept_commands import AdoptConcept, ConfirmReview, TakeConcept
from app.register.products.draft_commands import PublishProduct, ReturnProduct, SubmitProduct
from app.register.recognitions.commands import (
    ChangeRecognition,
    LiftSuspension,
    RegisterRecognition,
    SettleRecognitions,
    SuspendRecognition,
    WithdrawRecognition,
)
from app.store.records import Version


@dataclass(frozen=True)
class RegisterAssociation:
    """Bring in a new association; refused as PossibleDuplicates unless `confirmed_not` names each candidate, which a
    client of the register's API says with a `token`.

    Registering the very same document again changes nothing, so whoever got no answer may repeat the question.
    """

    document: Document = field(repr=False)
    confirmed_not: tuple[str, ...] = ()
    prepared: Prepared | None = field(default=None, repr=False)
    token: str = ""


@dataclass(frozen=True)
class ChangeAssociation:
    """Replace the supplied fields; None or an empty list clears one, a field that is not there stays as it was.

    A new name is looked up among the others as at registration: `confirmed_not` names who it is not. `edits` are about
    single parts of lists: what stands in the same list beside them stays.
    """

    code: str
    document: Document = field(repr=False)
    expected_version: int | None = None
    confirmed_not: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class StopAssociation:
    """End an association on a day, today at the latest; it stays to be found, as stopped."""

    code: str
    on: date
    expected_version: int | None = None


@dataclass(frozen=True)
class RemoveAssociation:
    """Take an association out of the register, with the reason and, for a double, the code of the one that stays."""

    code: str
    reason: str
    replaced_by: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class ShowAssociation:
    """Let everybody see the association."""

    code: str


@dataclass(frozen=True)
class HideAssociation:
    """Take the association out of every public page, answer and feed; it stays registered."""

    code: str


@dataclass(frozen=True)
class TakeOver:
    """Hold an association of another register under its code, in a register that is a copy of that one."""

    code: str
    document: Document = field(repr=False)


@dataclass(frozen=True)
class LetGo:
    """Leave a tombstone of what the other register no longer shows; `replaced_by` is the code that stays."""

    code: str
    replaced_by: str | None = None


@dataclass(frozen=True)
class Create:
    """Bring in a new entity of any type that comes as a document; with `code` under that code, else under the next.

    What was archived may come back under its code; what is there is a Conflict. `activity` says what happened, where
    the vocabulary has a word for it. `incoming`: another system sends it and answers for it, so the looser shape holds.
    """

    kind: str
    document: Document = field(repr=False)
    code: str | None = None
    activity: str | None = None
    incoming: bool = False


@dataclass(frozen=True)
class Change:
    """Replace the supplied fields of an entity, or with `whole` all of them; None or an empty list clears one.

    `incoming` is as with `Create`.
    """

    kind: str
    code: str
    document: Document = field(repr=False)
    expected_version: int | None = None
    whole: bool = False
    activity: str | None = None
    incoming: bool = False


@dataclass(frozen=True)
class Archive:
    """Take an entity out of every store and feed; its history stays, with what took its place if anything did."""

    kind: str
    code: str
    replaced_by: str | None = None
    expected_version: int | None = None


Command = (
    RegisterAssociation
    | ChangeAssociation
    | StopAssociation
    | RemoveAssociation
    | ShowAssociation
    | HideAssociation
    | Create
    | Change
    | Archive
    | TakeConcept
    | ConfirmReview
    | TakeOver
    | MarkDuplicate
    | MergeAssociations
    | UndoDuplicate
    | ErasePersonalData
    | RegisterRecognition
    | ChangeRecognition
    | SuspendRecognition
    | LiftSuspension
    | WithdrawRecognition
    | SettleRecognitions
    | AdoptConcept
    | LetGo
    | SubmitDraft
    | ReturnDraft
    | SignDraft
    | PublishDecision
    | CorrectDecision
    | WithdrawDecision
    | SubmitProduct
    | ReturnProduct
    | PublishProduct
    | SubmitApplication
    | TakeUpDossier
    | MoveDossier
    | WriteMessage
    | CompleteDossier
    | WithdrawApplication
    | DraftDecision
    | ReportStatus
)


@dataclass(frozen=True)
class Outcome:
    """What a command came to; `sequence` and `activity` are None when it changed nothing.

    `part` is the number of the part that it added, if it added one. `hints` are what could be better in what went in.
    """

    code: str
    entity: str
    version: int
    sequence: int | None = None
    activity: str | None = None
    part: int | None = None
    hints: tuple[Problem, ...] = ()

    @staticmethod
    def written(code: str, version: Version) -> Outcome:
        """Of a command that wrote this version."""
        return Outcome(code, version.entity, version.number, version.sequence, version.activity)

    @staticmethod
    def unchanged(code: str, version: Version) -> Outcome:
        """Of one that found all as it was to become."""
        return Outcome(code, version.entity, version.number)
