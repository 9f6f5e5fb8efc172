"""Which type behaves how."""

from __future__ import annotations

from collections.abc import Mapping

from app.register.concepts import CONCEPTS
from app.register.conduct import DEFAULT, Conduct
from app.register.decisions import DECISIONS, SESSIONS
from app.register.drafts import DRAFTS
from app.register.product_drafts import PRODUCT_DRAFTS
from app.register.products import PRODUCTS

CONDUCTS: Mapping[str, Conduct] = {
    "product": PRODUCTS,
    "concept": CONCEPTS,
    "besluit": DECISIONS,
    "zitting": SESSIONS,
    "ontwerp": DRAFTS,
    "productontwerp": PRODUCT_DRAFTS,
}


def conduct_of(kind: str) -> Conduct:
    """The conduct of a type; the default where it has none of its own."""
    return CONDUCTS.get(kind, DEFAULT)
