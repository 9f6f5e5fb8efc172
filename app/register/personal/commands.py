"""What can be asked about personal values."""

from __future__ import annotations

from dataclasses import dataclass, field


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
