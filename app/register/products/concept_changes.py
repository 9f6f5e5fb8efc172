"""What changed in a concept for those who made a product of it, section by section.

Not a change: identifiers, dates, numbers and tags; nor that IPDC now writes itself what it generated before, for what
counts is the text that a reader gets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from app.model.fields import KEYWORDS, Document
from app.model.languages import FORMAL, GENERATED_FORMAL, GENERATED_INFORMAL, INFORMAL, NEUTRAL

# As LPDC names and divides them: https://github.com/lblod/lpdc-management-service
SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Basisinformatie": ("naam", "beschrijving", "verdereBeschrijving", "uitzonderingen"),
        "Voorwaarden": ("voorwaarden",),
        "Procedure": ("procedures",),
        "Kosten": ("kosten",),
        "Financiële voordelen": ("financieleVoordelen",),
        "Regelgeving": ("regelgevingTekst", "regelgeving"),
        "Meer info": ("websites",),
        "Algemene info": ("startDienstVerlening", "eindeDienstVerlening", "type", "doelgroepen", "themas"),
        "Bevoegdheid": (
            "bevoegdBestuursniveaus", "bevoegdeOverheden", "uitvoerendBestuursniveaus", "uitvoerendeOverheden",
        ),
        "Gerelateerd": ("zoektermen", "publicatiekanalen", "yourEuropeCategorieen"),
        "Status": ("gearchiveerd",),
    }
)  # fmt: skip
UNSEEN = KEYWORDS | {"order", "volgens"}
EFFECTIVE = ((NEUTRAL, ()), (FORMAL, (GENERATED_FORMAL,)), (INFORMAL, (GENERATED_INFORMAL,)))


def changed_sections(before: Document, after: Document) -> tuple[str, ...]:
    """The names of the sections that read differently; none when the change is not a functional one."""
    return tuple(_changed(before, after))


def _changed(before: Document, after: Document) -> Iterator[str]:
    for section, terms in SECTIONS.items():
        if any(essence(before.get(term)) != essence(after.get(term)) for term in terms):
            yield section


def essence(value: Any) -> Any:
    """A value as something to compare by what it says; nothing, an empty list and no are the same."""
    if isinstance(value, list):
        return tuple(essence(item) for item in _in_order(value)) or None
    if not isinstance(value, Mapping):
        return value or None
    if value.keys() & {NEUTRAL, FORMAL, INFORMAL, GENERATED_FORMAL, GENERATED_INFORMAL}:
        return tuple(_effective(value, language, others) for language, others in EFFECTIVE)
    return tuple((term, essence(value[term])) for term in sorted(value.keys() - UNSEEN) if essence(value[term])) or None


def _in_order(values: list[Any]) -> list[Any]:
    """Parts stand in an order, concepts and words do not."""
    return values if any(isinstance(value, Mapping) for value in values) else sorted(values)


def _effective(texts: Mapping[str, Any], language: str, others: tuple[str, ...]) -> Any:
    """The text itself, else what was generated for it."""
    text = next((texts[each] for each in (language, *others) if each in texts), None)
    return tuple(sorted(text)) if isinstance(text, list) else text
