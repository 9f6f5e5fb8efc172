"""From a concept to a product: the first time, and later what changed; all of it or field by field.

A part of a product remembers of which part of the concept it was made (`volgens`), so both are matched by identity and
never by place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.model.fields import Document, EntityType, Field, Kind, NodeType
from app.model.languages import FORMAL, GENERATED_FORMAL, GENERATED_INFORMAL, INFORMAL, NEUTRAL
from app.model.organisations import LEVELS
from app.register.products.concept_changes import essence

LOCAL_LEVEL = f"{LEVELS}BevoegdBestuursniveau/Lokaal"
# What a product says of itself, whatever its concept says.
OWN = frozenset({"websites", "uitvoerendeOverheden", "productnummer", "status", "snapshot", "functioneleWijziging",
                 "generatedAtTime", "creatie", "laatstGewijzigd", "versie", "hoogsteVolgnummer", "tags"})  # fmt: skip
FROM = "volgens"


def product_from(concept: Document, type: EntityType, variant: str, owner: str | None) -> Document:
    """A first version of a product: everything of the concept but contact, languages and area, in one form of Dutch."""
    document = _content(concept, type, variant)
    if "websites" in concept:
        document["websites"] = _value(concept["websites"], type.field("websites"), variant)
    executing = [*concept.get("uitvoerendeOverheden", ()), *([owner] if owner else ())]
    if executing:
        document["uitvoerendeOverheden"] = list(dict.fromkeys(executing))
    return {**document, "linkedConcept": concept["@id"]}


def taken_over(
    product: Document, concept: Document, type: EntityType, variant: str, terms: Iterable[str] | None = None
) -> Document:
    """What a product becomes when it takes these fields over from its concept; without terms, all that it may.

    Parts that came from a part of the concept keep their IRI; those of the product alone go, as in the concept.
    """
    content = _content(concept, type, variant)
    if LOCAL_LEVEL in product.get("bevoegdBestuursniveaus", ()) or not content.get("bevoegdeOverheden"):
        content.pop("bevoegdeOverheden", None)
        whole = [term for term in _terms(type) if term != "bevoegdeOverheden"]
    else:
        whole = list(_terms(type))
    changes: Document = {}
    for term in whole if terms is None else terms:
        value = content.get(term)
        changes[term] = _matched(value, product.get(term)) if value is not None else None
    return changes


@dataclass(frozen=True)
class Comparison:
    """One field in three versions: ours, the concept that ours was made after, and the concept now."""

    term: str
    label: str
    ours: Any
    base: Any
    latest: Any

    @property
    def concept_changed(self) -> bool:
        """Whether the concept says something else than when the product was made or reviewed."""
        return bool(essence(self.base) != essence(self.latest))

    @property
    def we_changed(self) -> bool:
        """Whether the product says something else than the concept did then."""
        return bool(essence(self.ours) != essence(self.base))


def three_way(product: Document, base: Document, latest: Document, type: EntityType, variant: str) -> list[Comparison]:
    """Every field of the concept in which it changed since ours was made, or in which ours differs from it."""
    before, now = _content(base, type, variant), _content(latest, type, variant)
    rows = [
        Comparison(field.term, field.label, product.get(field.term), before.get(field.term), now.get(field.term))
        for field in type.fields
        if field.term in _terms(type)
    ]
    known = (row for row in rows if essence(row.base) or essence(row.latest))
    return [row for row in known if row.concept_changed or row.we_changed]


def _terms(type: EntityType) -> frozenset[str]:
    """The fields that a product and a concept have in common, and may take over."""
    return frozenset(field.term for field in type.fields) & SHARED


SHARED = frozenset(
    {
        "naam", "beschrijving", "verdereBeschrijving", "uitzonderingen", "voorwaarden", "procedures", "kosten",
        "financieleVoordelen", "regelgevingTekst", "regelgeving", "startDienstVerlening", "eindeDienstVerlening",
        "type", "doelgroepen", "themas", "bevoegdBestuursniveaus", "bevoegdeOverheden", "uitvoerendBestuursniveaus",
        "zoektermen", "publicatiekanalen", "yourEuropeCategorieen",
    }
)  # fmt: skip


def _content(concept: Document, type: EntityType, variant: str) -> Document:
    """The shared fields of a concept as a product would have them."""
    found = {term: _value(value, type.field(term), variant) for term, value in concept.items() if term in SHARED}
    return {term: value for term, value in found.items() if value not in (None, [], {})}


def _value(value: Any, field: Field, variant: str) -> Any:
    if field.kind is Kind.LANGUAGES:
        return _texts(value, field, variant)
    if field.node is None:
        return value
    return [_part(item, field.node, variant) for item in value] if field.is_list else _part(value, field.node, variant)


def _part(part: Document, node: NodeType, variant: str) -> Document:
    found = {term: _value(value, node.field(term), variant) for term, value in part.items() if term in node.by_term}
    kept = {term: value for term, value in found.items() if value not in (None, [], {})}
    return {**kept, FROM: part["@id"]} if "@id" in part and FROM in node.by_term else kept


def _texts(texts: Mapping[str, Any], field: Field, variant: str) -> Document | None:
    """The text in the form that fits best, under the tag of the product; and the English one."""
    if field.several:
        return {NEUTRAL: texts[NEUTRAL]} if NEUTRAL in texts else None
    found = {variant: text} if (text := best_text(texts, variant)) else {}
    return {**found, **({"en": texts["en"]} if "en" in texts and found else {})} or None


def best_text(texts: Mapping[str, Any], variant: str) -> str | None:
    """Who says je gets that, else what was generated so, else the neutral text; who says u likewise.

    The generated formal text counts only beside an informal one: without that, the neutral text is formal already.
    """
    if variant == INFORMAL:
        order: tuple[str, ...] = (INFORMAL, GENERATED_INFORMAL, NEUTRAL)
    elif variant == FORMAL:
        order = (FORMAL, *((GENERATED_FORMAL,) if INFORMAL in texts else ()), NEUTRAL)
    else:
        order = (NEUTRAL, FORMAL, INFORMAL)
    return next((texts[each] for each in order if each in texts), None)


def _matched(value: Any, ours: Any) -> Any:
    """New parts with the IRI, and what only we say, of the part of ours that came from the same part of the concept."""
    if not isinstance(value, list) or not isinstance(ours, list):
        return value
    known = {part[FROM]: part for part in ours if isinstance(part, dict) and FROM in part}
    return [_continued(part, known) for part in value]


def _continued(part: Any, known: Mapping[str, Document]) -> Any:
    if not isinstance(part, Mapping) or part.get(FROM) not in known:
        return part
    ours = known[part[FROM]]
    kept = {term: ours[term] for term in ("@id", "criteria") if term in ours}
    return {**part, **kept}
