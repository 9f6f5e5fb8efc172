"""What can be asked about associations that are one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
