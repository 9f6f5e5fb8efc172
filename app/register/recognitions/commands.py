"""What can be asked about recognitions."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.fields import Document


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
