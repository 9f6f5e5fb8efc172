"""What can be asked about products that are still being written, beside keeping one and throwing it away.

Keeping is `Create` and `Change` of a "productontwerp", throwing away is `Archive`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SubmitProduct:
    """Ask the validator of a card to approve a draft that is whole; nobody writes on."""

    code: str
    expected_version: int | None = None


@dataclass(frozen=True)
class ReturnProduct:
    """Write on after all: the validator sends a draft back with the reason, or who asked takes it back."""

    code: str
    why: str
    expected_version: int | None = None


@dataclass(frozen=True)
class PublishProduct:
    """Let everybody see what a draft says; of a card with a validator only that one can."""

    code: str
    expected_version: int | None = None


ProductDraftCommand = SubmitProduct | ReturnProduct | PublishProduct
