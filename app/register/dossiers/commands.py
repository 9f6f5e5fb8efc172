"""What can be asked about an application and its dossier, by the association and by the administration.

Each is alone in its transaction, and each that changes the status puts that down in `store.dossier_statuses`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.model.fields import Document


@dataclass(frozen=True)
class SubmitApplication:
    """An association applies: `draft` is the application that it wrote on, and `document` what stands in it.

    Submitting the same draft again changes nothing, and answers with the dossier that it became.
    """

    code: str
    product: str
    draft: str
    document: Document = field(repr=False)


@dataclass(frozen=True)
class TakeUpDossier:
    """Somebody of the administration handles it from here on; what was only received goes to the step after that."""

    code: str
    department: str = ""
    expected_version: int | None = None


@dataclass(frozen=True)
class MoveDossier:
    """To another step of its process, with what that step asks (`facts`), what is asked of the association, and a
    message.
    """

    code: str
    step: str
    facts: Mapping[str, str] = field(default_factory=dict)
    action: str = ""
    message: str = field(default="", repr=False)
    expected_version: int | None = None


@dataclass(frozen=True)
class WriteMessage:
    """The association or the administration writes to the other."""

    code: str
    message: str = field(repr=False)
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class CompleteDossier:
    """The association gives what was asked; the dossier goes back to who asked."""

    code: str
    message: str = field(repr=False)
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class WithdrawApplication:
    """The association withdraws its application, with the reason in its own words."""

    code: str
    why: str = field(default="", repr=False)


@dataclass(frozen=True)
class DraftDecision:
    """Begin a decision about the dossier: `document` is that of a draft, made from a template."""

    code: str
    document: Document = field(repr=False)


@dataclass(frozen=True)
class ReportStatus:
    """Another system that handles the dossier says how far it is, in codes of DOSIS; the same again changes nothing.

    `reference` is its number there, and `link` where people find it.
    """

    code: str
    phase: str
    status: str
    detail: str = ""
    action: str = ""
    reference: str = ""
    link: str = ""
    expected_version: int | None = None


DossierCommand = (
    SubmitApplication
    | TakeUpDossier
    | MoveDossier
    | WriteMessage
    | CompleteDossier
    | WithdrawApplication
    | DraftDecision
    | ReportStatus
)
