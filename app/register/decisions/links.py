"""Which associations a decision is about: by their code, their KBO number or their name in the same municipality.

    links_of(document, desk)      # [Link("V0001001", 95, "naam in de titel: Chiro De Vlinders"), …]

A name counts in a decision of its own municipality, as far as it is like the registered one by the scorer of doubles,
and for more where something announces it (`decision_names`). What is not sure enough is for a clerk to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from app.model.codelists import Municipality
from app.model.identifiers import validate_kbo
from app.register.decisions.names import Phrase, phrases_of, texts_of
from app.register.desk import KBO_CLAIM, Desk
from app.register.doubles.duplicates import name_likeness
from app.register.doubles.names import parse_name, weight
from app.register.doubles.traits import PROPER, Traits, from_summary, lookups_of, place_names

SURE = 85
POSSIBLE = 60
MOST_PHRASES = 120
# What nothing announces must be the very name to be sure, and nearly that to be asked.
ALMOST = 0.85
_CODE = re.compile(r"\bV\d{7}\b")
_KBO = re.compile(r"\b(?:BE\s?)?([01]\d{3}[. ]?\d{3}[. ]?\d{3})\b")


class Link(NamedTuple):
    """An association, or a product or decision; how sure it is from 0 to 100, and by what, in Dutch."""

    code: str
    certainty: int
    evidence: str
    kind: str = "vereniging"


def links_of(document: Mapping[str, Any], desk: Desk) -> list[Link]:
    """The associations that a decision may be about, the surest first, each once."""
    found: dict[str, Link] = {}
    for link in (*_by_numbers(document, desk), *_by_names(document, desk)):
        if link.code not in found or found[link.code].certainty < link.certainty:
            found[link.code] = link
    return sorted(found.values(), key=lambda link: (-link.certainty, link.code))


def _by_numbers(document: Mapping[str, Any], desk: Desk) -> Iterator[Link]:
    text = " ".join(text for text, _ in texts_of(document))
    for code in dict.fromkeys(_CODE.findall(text)):
        version = desk.transaction.latest(desk.iri(code))
        if version is not None and not version.ended:
            yield Link(code, 99, f"V-code {code} in de tekst")
    for number in dict.fromkeys(_KBO.findall(text)):
        try:
            kbo = validate_kbo(number)
        except ValueError:
            continue
        for entity in desk.transaction.find(KBO_CLAIM, kbo):
            yield Link(entity.rpartition("/")[2], 97, "KBO-nummer in de tekst")


def _by_names(document: Mapping[str, Any], desk: Desk) -> Iterator[Link]:
    place = document.get("gemeente")
    home = desk.register.codelists.municipality(place) if place else None
    if home is None:
        return
    for phrase in islice(phrases_of(document), MOST_PHRASES):
        yield from _named(phrase, home, desk)


def _named(phrase: Phrase, home: Municipality, desk: Desk) -> Iterator[Link]:
    """The associations of a municipality that a phrase can name."""
    name = parse_name(phrase.text, tuple(place_names(home, desk.register.codelists)))
    if not name.words:
        return
    traits = Traits(words=name.words, places=name.places, areas=(home.nis,))
    alike = []
    for entity, summary in desk.transaction.summaries(lookups_of(traits)).items():
        other = from_summary(summary)[0]
        if home.nis in other.areas and (likeness := name_likeness(traits, other)) > 0:
            alike.append((likeness, entity.rpartition("/")[2]))
    alike.sort(reverse=True)
    telling = bool(name.places) or any(weight(word) >= PROPER for word in name.words)
    for likeness, code in alike[:3]:
        twins = sum(1 for other, _ in alike if likeness - other < 0.05)
        certainty = _certainty(likeness, phrase, telling, twins)
        if certainty >= POSSIBLE:
            yield Link(code, certainty, f"naam in {phrase.place}: {phrase.text}")


def _certainty(likeness: float, phrase: Phrase, telling: bool, twins: int) -> int:
    """A name without a proper word or a place in it, or that two may have, is never sure."""
    if not phrase.cued and likeness < ALMOST:
        return 0
    certainty = 100 * likeness * (0.96 if phrase.place == "de titel" else 0.92)
    if not telling or twins > 1 or (not phrase.cued and likeness < 1):
        certainty = min(certainty, SURE - 10)
    return round(certainty)
