"""What can be asked about concepts of the IPDC and the products made of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.model.fields import Document


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
