"""Personal values: encrypted at rest, erasable, and every reading of them logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Personal:
    """The personal values of one node of an entity; None erases what the vault holds of that node."""

    node: str
    entity: str
    values: Mapping[str, str] | None = field(repr=False)
