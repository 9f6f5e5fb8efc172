"""Which associations a decision is about: by their code, their KBO number or their name in the same municipality.

    links_of(document, desk)      # [Link("V0001001", 95, "naam in de titel: Chiro De Vlinders"), …]

A name counts only where a decision of that municipality names it as the one that gets or is something ("erkenning van
…", "subsidie aan …", between quotes), and as far as it is like the registered one by the scorer of doubles. What is not
sure enough is for a clerk to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from app.model.codelists import Municipality
from app.model.identifiers import validate_kbo
from app.register.desk import KBO_CLAIM, Desk
from app.register.duplicates import name_likeness
from app.register.names import parse_name, weight
from app.register.traits import PROPER, Traits, from_summary, lookups_of, place_names

SURE = 85
POSSIBLE = 60
MOST_PHRASES = 60
_CODE = re.compile(r"\bV\d{7}\b")
_KBO = re.compile(r"\b(?:BE\s?)?([01]\d{3}[. ]?\d{3}[. ]?\d{3})\b")
_QUOTED = re.compile(r"[“\"‘„]([^”\"’“]{3,80})[”\"’]|(?<!\w)'([^']{3,80})'(?!\w)")
# What comes before the name of whom a decision is about, and what ends it.
_CUE = re.compile(
    r"\b(?:\w*erkenning|erkennen|erkent|\w*subsidie|\w*subsidiëring|\w*toelage|\w*premie|toekenning|opheffing"
    r"|hernieuwing|intrekking|\w*overeenkomst|convenant|\w*lening|waarborg)"
    r"(?:\s+(?!aan\b|van\b|voor\b|met\b)[\w-]+){0,3}\s+(?:aan|van|voor|met)\s+(?:de\s+|het\s+)?(?:vereniging\s+|vzw\s+)?",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:vereniging|vzw|jeugdvereniging|sportclub|sportvereniging|cultuurvereniging)\s+(?=[A-Z‘“\"])")
_END = re.compile(
    r"\s+(?:als|voor|tot|wordt|worden|werd|inzake|betreffende|volgens|conform|in het kader|naar aanleiding|ter)\b"
    # A full stop after fewer letters is that of an abbreviation: Kon. Harmonie, K.W.B. Bellem.
    r"|\s+[-–—]\s|(?<=\w{4})\.|[;:,()]|\s+(?:19|20)\d\d\b|$"
)
_TITLES = ("naam", "citeeropschrift", "beschrijving")


class Link(NamedTuple):
    """An association, or a product or decision; how sure it is from 0 to 100, and by what, in Dutch."""

    code: str
    certainty: int
    evidence: str
    kind: str = "vereniging"


class _Phrase(NamedTuple):
    text: str
    place: str


def links_of(document: Mapping[str, Any], desk: Desk) -> list[Link]:
    """The associations that a decision may be about, the surest first, each once."""
    found: dict[str, Link] = {}
    for link in (*_by_numbers(document, desk), *_by_names(document, desk)):
        if link.code not in found or found[link.code].certainty < link.certainty:
            found[link.code] = link
    return sorted(found.values(), key=lambda link: (-link.certainty, link.code))


def _by_numbers(document: Mapping[str, Any], desk: Desk) -> Iterator[Link]:
    text = " ".join(text for text, _ in _texts(document))
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
    for phrase in list(_phrases(document))[:MOST_PHRASES]:
        yield from _named(phrase, home, desk)


def _named(phrase: _Phrase, home: Municipality, desk: Desk) -> Iterator[Link]:
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
        certainty = _certainty(likeness, phrase.place, telling, twins)
        if certainty >= POSSIBLE:
            yield Link(code, certainty, f"naam in {phrase.place}: {phrase.text}")


def _certainty(likeness: float, place: str, telling: bool, twins: int) -> int:
    """A name without a proper word or a place in it, or that two may have, is never sure."""
    certainty = 100 * likeness * (0.96 if place == "de titel" else 0.92)
    if not telling or twins > 1:
        certainty = min(certainty, SURE - 10)
    return round(certainty)


def _phrases(document: Mapping[str, Any]) -> Iterator[_Phrase]:
    """What may be the name of an association, and where it stands."""
    seen = set()
    for text, place in _texts(document):
        starts = [*(cue.end() for cue in _CUE.finditer(text)), *(cue.end() for cue in _NAMED.finditer(text))]
        named = [text[start : start + 100] for start in starts]
        quoted = [match[1] or match[2] for match in _QUOTED.finditer(text)]
        for candidate in (*quoted, *(_cut(name) for name in named)):
            clean = candidate.strip(" “”\"‘’„'")
            if len(clean) > 2 and clean not in seen:
                seen.add(clean)
                yield _Phrase(clean, place)


def _cut(text: str) -> str:
    """A name up to what cannot be part of it.

    >>> _cut("Chiro De Vlinders als jeugdvereniging")
    'Chiro De Vlinders'
    """
    end = _END.search(text)
    return text[: end.start()] if end else text


def _texts(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of a decision, and how each is called; the reasons come last, for they name others too."""
    for term in _TITLES:
        if text := document.get(term):
            yield str(text), "de titel"
    for article in document.get("artikelen", ()):
        yield str(article.get("inhoud", "")), "een artikel"
    if not document.get("artikelen"):
        yield str(document.get("inhoud", "")), "de tekst"
