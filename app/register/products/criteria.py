"""The conditions that can be decided: what their values are, and how people write them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.model.codelists import CodeLists
from app.model.fields import Document

START = "https://w3id.org/verenigingsloket#criteriumsoort-"
# From which list the values of each kind come; the others have numbers, or IRIs of things in the register.
LISTS: Mapping[str, str] = MappingProxyType(
    {
        "erkend-door": "organisatie",
        "zetel-in": "toepassingsgebied",
        "actief-in": "toepassingsgebied",
        "hoofdactiviteit": "hoofdactiviteit",
        "rechtsvorm": "verenigingstype",
    }
)


def kind_of(criterion: Document) -> str:
    """The code of the kind of condition, such as `erkend-door`."""
    return str(criterion.get("soort", "")).removeprefix(START)


def settle_criteria(document: Document, codelists: CodeLists) -> None:
    """Values given by name become concepts; what is not found stays, and the shape refuses it as no IRI."""
    for condition in document.get("voorwaarden", ()):
        for criterion in condition.get("criteria", ()):
            scheme = LISTS.get(kind_of(criterion))
            if scheme and "waarden" in criterion:
                criterion["waarden"] = [_named(value, scheme, codelists) for value in criterion["waarden"]]


def _named(value: str, scheme: str, codelists: CodeLists) -> str:
    found = None if ":" in value else codelists.find(scheme, value)
    return found.iri if found else value
