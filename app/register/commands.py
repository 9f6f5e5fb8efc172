"""All that can be asked of the register: its table of contents.

A command is imperative and carries what the asker knows; `handle` decides whether it may, and what it changes.
No command shows its document when printed: personal values stand in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.model.fields import Document
from app.register.parts import Edit
from app.register.prepared import Prepared


@dataclass(frozen=True)
class RegisterAssociation:
    """Bring in a new association; refused as PossibleDuplicates unless `confirmed_not` names each candidate.

    Registering the very same document again changes nothing, so whoever got no answer may repeat the question.
    """

    document: Document = field(repr=False)
    confirmed_not: tuple[str, ...] = ()
    prepared: Prepared | None = field(default=None, repr=False)


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
class ReadPersonalData:
    """See the personal values of an association; `people.read_personal` asks for the purpose besides."""


@dataclass(frozen=True)
class SeeOwnAccesses:
    """See who used the personal values of one association."""


@dataclass(frozen=True)
class SeeAccesses:
    """See who used whose personal values, over the whole register."""


@dataclass(frozen=True)
class ExtractPersonalData:
    """Take out all that the register holds of one person, to give it to that person."""


@dataclass(frozen=True)
class ErasePersonalData:
    """Take the personal values of an association, or of one person or some nodes in it, away for good."""

    code: str
    insz: str = field(default="", repr=False)
    nodes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Create:
    """Bring in a new entity of any type that comes as a document; with `code` under that code, else under the next.

    What was archived may come back under its code; what is there is a Conflict. `activity` says what happened, where
    the vocabulary has a word for it.
    """

    kind: str
    document: Document = field(repr=False)
    code: str | None = None
    activity: str | None = None


@dataclass(frozen=True)
class Change:
    """Replace the supplied fields of an entity, or with `whole` all of them; None or an empty list clears one."""

    kind: str
    code: str
    document: Document = field(repr=False)
    expected_version: int | None = None
    whole: bool = False
    activity: str | None = None


@dataclass(frozen=True)
class Archive:
    """Take an entity out of every store and feed; its history stays, with what took its place if anything did."""

    kind: str
    code: str
    replaced_by: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class Subscribe:
    """Be told of what happens within a scope, at an e-mail address or by a webhook.

    A scope is `alle`, `gemeente/44021`, or `koepel/` or `vereniging/` and a V-code.
    """

    scope: str
    occasions: tuple[str, ...]
    channel: str
    address: str = field(repr=False)
    rhythm: str = "meteen"


@dataclass(frozen=True)
class ChangeSubscription:
    """Be told of something else, or at another rhythm."""

    id: str
    occasions: tuple[str, ...]
    rhythm: str


@dataclass(frozen=True)
class Unsubscribe:
    """Be told no more; whoever holds the token from a message need not log in."""

    id: str
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class MarkDuplicate:
    """This association is a double of `duplicate_of`: its V-code leads there, and nobody else sees it any more."""

    code: str
    duplicate_of: str
    expected_version: int | None = None


@dataclass(frozen=True)
class MergeAssociations:
    """Bring the data of a double (`code`) over to the association that stays (`into`), and mark it as its double.

    `choices` says for a field which value stays: `merging.OURS`, `THEIRS` or, for a list, `BOTH`. Without a choice
    lists are united and a single value is that of the one that stays, if it has one.
    """

    code: str
    into: str
    choices: Mapping[str, str] = field(default_factory=dict)
    expected_version: int | None = None
    expected_version_into: int | None = None


@dataclass(frozen=True)
class UndoDuplicate:
    """It is no double after all: it gets its former status back. What a merge brought over stays where it is."""

    code: str
    expected_version: int | None = None


@dataclass(frozen=True)
class RegisterRecognition:
    """An administration recognises an association for one of its products, for a period."""

    code: str
    document: Document
    expected_version: int | None = None


@dataclass(frozen=True)
class ChangeRecognition:
    """Other dates, or another page to renew it; the reason must be given."""

    code: str
    number: int
    document: Document
    expected_version: int | None = None


@dataclass(frozen=True)
class SuspendRecognition:
    """Suspend a recognition, or correct why it is suspended."""

    code: str
    number: int
    why: str
    correct: bool = False
    expected_version: int | None = None


@dataclass(frozen=True)
class LiftSuspension:
    """Let a suspended recognition be in force again, as far as its period goes."""

    code: str
    number: int
    expected_version: int | None = None


@dataclass(frozen=True)
class WithdrawRecognition:
    """Take a recognition away."""

    code: str
    number: int
    expected_version: int | None = None


@dataclass(frozen=True)
class SettleRecognitions:
    """Write down what the calendar made of the recognitions of an association."""

    code: str


@dataclass(frozen=True)
class TakeConcept:
    """Keep a snapshot of a concept as the IPDC sent it, and have the products made of it reviewed where it matters."""

    code: str
    document: Document = field(repr=False)


@dataclass(frozen=True)
class ConfirmReview:
    """Say that a product was looked at against this snapshot of its concept."""

    code: str
    snapshot: str
    expected_version: int | None = None


@dataclass(frozen=True)
class AdoptConcept:
    """Overwrite a product with its concept: these fields, or without `terms` all that a product takes over."""

    code: str
    terms: tuple[str, ...] | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class SubmitDraft:
    """A draft of a decision is whole, and waits for a signature; nobody writes on."""

    code: str
    expected_version: int | None = None


@dataclass(frozen=True)
class ReturnDraft:
    """Write on after all: a draft that waits for a signature, or was signed and is not published yet."""

    code: str
    expected_version: int | None = None


@dataclass(frozen=True)
class SignDraft:
    """Sign this very version for the administration that decided it."""

    code: str
    expected_version: int | None = None


@dataclass(frozen=True)
class PublishDecision:
    """Let everybody read a signed draft as a decision, and have in the register what follows from it."""

    code: str
    expected_version: int | None = None


@dataclass(frozen=True)
class CorrectDecision:
    """Begin to correct a published decision; it stays as it is until the correction is signed and published, too."""

    code: str
    why: str
    expected_version: int | None = None


@dataclass(frozen=True)
class WithdrawDecision:
    """Withdraw a published decision: it stays to be read, with the reason; what it did in the register is undone."""

    code: str
    why: str
    expected_version: int | None = None


DraftCommand = SubmitDraft | ReturnDraft | SignDraft | PublishDecision | CorrectDecision | WithdrawDecision

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
)


@dataclass(frozen=True)
class Outcome:
    """What a command came to; `sequence` and `activity` are None when it changed nothing.

    `part` is the number of the part that it added, if it added one.
    """

    code: str
    entity: str
    version: int
    sequence: int | None = None
    activity: str | None = None
    part: int | None = None
