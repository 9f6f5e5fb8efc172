"""Which type behaves how."""

from __future__ import annotations

from collections.abc import Mapping

from app.model.application_forms import is_form
from app.register.conduct import DEFAULT, Conduct
from app.register.decisions.conduct import DECISIONS, SESSIONS
from app.register.decisions.drafts import DRAFTS
from app.register.dossiers.conduct import APPLICATIONS, DOSSIERS
from app.register.dossiers.processes import PROCESSES
from app.register.products.concepts import CONCEPTS
from app.register.products.conduct import PRODUCTS
from app.register.products.drafts import PRODUCT_DRAFTS

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
