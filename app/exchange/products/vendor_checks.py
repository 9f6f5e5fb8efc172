"""What LPDC asks of a vendor's snapshot of a product, before anything of it is looked up.

https://github.com/lblod/app-lpdc-digitaal-loket/blob/master/docs/integrerende-gemeentes.md
What it asks besides (active organisations, areas that exist, a known concept) the rules for every product say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import Problem
from app.model.fields import Document, NodeType
from app.model.languages import DUTCH, VARIANTS
from app.register.products.rules import texts_in

REQUIRED = (
    "naam", "beschrijving", "aangemaaktDoor", "creatie", "laatstGewijzigd", "bevoegdeOverheden",
    "geografischToepassingsgebieden",
)  # fmt: skip
MOMENTS = ("creatie", "laatstGewijzigd", "generatedAtTime", "startDienstVerlening", "eindeDienstVerlening")
# What a part of each field must have, beside its place.
_TEXTS = ("naam", "beschrijving")
PARTS: Mapping[str, tuple[str, ...]] = {
    "voorwaarden": _TEXTS,
    "procedures": _TEXTS,
    "kosten": _TEXTS,
    "financieleVoordelen": _TEXTS,
    "websites": ("naam", "url"),
    "regelgeving": ("url",),
    "contactgegevens": (),
}
# In UTC; four or five decimals do not go in.
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.(\d{1,3}|\d{6,9}))?Z")
MISSING = "Dit veld is verplicht."
NO_PLACE = "Geef de plaats in de volgorde (order)."
WRONG_TIME = "Schrijf een tijdstip in UTC, met Z en zonder verschil in uren: 2026-01-05T10:00:00Z."
NO_DUTCH = "Er is geen nl-taal aanwezig."
MORE_DUTCH = "Er is meer dan een nl-taal aanwezig."
GENERATED = "Een tekst die de IPDC zelf maakte kan niet ingegeven worden."
NOT_TOGETHER = "Titel en beschrijving staan niet in dezelfde taal."


def problems_in(document: Document, type: NodeType) -> Iterator[Problem]:
    """All that is wrong with a snapshot by itself, beside the field."""
    yield from (Problem(term, MISSING) for term in REQUIRED if not document.get(term))
    for term in MOMENTS:
        if term in document and not _MOMENT.fullmatch(document[term]):
            yield Problem(term, WRONG_TIME)
    yield from _languages(document, type)
    yield from _parts(document, "")


def adapted(document: Document) -> Document:
    """The snapshot as it goes in: keywords count in Dutch only; English only where title and description have it."""
    keywords = {"nl": document["zoektermen"]["nl"]} if "nl" in document.get("zoektermen", {}) else None
    kept = {**document, "zoektermen": keywords}
    english = all("en" in document.get(term, {}) for term in ("naam", "beschrijving"))
    found: Document = kept if english else _without_english(kept)
    return found


def _languages(document: Document, type: NodeType) -> Iterator[Problem]:
    used = [(path, tag) for path, tag in texts_in(document, type) if tag in DUTCH]
    first = next((tag for _, tag in used if tag in VARIANTS), None)
    if first is None:
        yield Problem("naam", NO_DUTCH)
    for path, tag in used:
        if tag not in VARIANTS:
            yield Problem(path, GENERATED)
        elif tag != first:
            yield Problem(path, MORE_DUTCH)
    title, description = (set(document.get(term, {})) & set(DUTCH) for term in ("naam", "beschrijving"))
    if title and description and title.isdisjoint(description):
        yield Problem("beschrijving", NOT_TOGETHER)


def _parts(node: Document, path: str) -> Iterator[Problem]:
    for term, needed in PARTS.items():
        for index, part in enumerate(node.get(term, ())):
            here = f"{path}{term}[{index}]."
            yield from _missing(part, needed, here)
            if "order" not in part:
                yield Problem(f"{here}order", NO_PLACE)
            if "bewijs" in part:
                yield from _missing(part["bewijs"], _TEXTS, f"{here}bewijs.")
            yield from _parts(part, here)


def _missing(part: Document, needed: tuple[str, ...], path: str) -> Iterator[Problem]:
    yield from (Problem(f"{path}{term}", MISSING) for term in needed if not part.get(term))


def _without_english(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_english(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        term: _without_english(item) for term, item in value.items() if not (term == "en" and value.keys() - {"en"})
    }
