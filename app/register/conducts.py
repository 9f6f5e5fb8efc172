"""Which type behaves how."""

from __future__ import annotations

from collections.abc import Mapping

from app.model.application_forms import is_form
from app.register.concepts import CONCEPTS
from app.register.conduct import DEFAULT, Conduct
from app.register.decisions import DECISIONS, SESSIONS
from app.register.dossiers import APPLICATIONS, DOSSIERS
from app.register.drafts import DRAFTS
from app.register.processes import PROCESSES
from app.register.product_drafts import PRODUCT_DRAFTS
from app.register.products import PRODUCTS

CONDUCTS: Mapping[str, Conduct] = {
    "product": PRODUCTS,
    "concept": CONCEPTS,
    "besluit": DECISIONS,
    "zitting": SESSIONS,
    "ontwerp": DRAFTS,
    "productontwerp": PRODUCT_DRAFTS,
    "dossier": DOSSIERS,
    "proces": PROCESSES,
}


def conduct_of(kind: str) -> Conduct:
    """The conduct of a type; the default where it has none of its own."""
    return APPLICATIONS if is_form(kind) else CONDUCTS.get(kind, DEFAULT)
