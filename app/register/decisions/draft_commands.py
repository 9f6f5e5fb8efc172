"""What can be asked about decisions that are made here, from draft to withdrawal."""

from __future__ import annotations

from dataclasses import dataclass


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
