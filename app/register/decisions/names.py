"""What in a decision may be the name of an association, and how it stands there.

    phrases_of(document)      # [Phrase("Chiro De Vlinders", "de titel", cued=True), …]

After the words that announce one ("erkenning van …", "subsidie aan …") or between quotes it is taken as that. Elsewhere
any run of words with capitals may be one, with the lower-case word for its kind before it ("harmonie De Egmontzonen").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from app.register.doubles.names import fold, weight
from app.register.doubles.traits import PROPER

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
# Where one part of a title ends: `Financiën. Toelage KFC Olsa. Goedkeuring.`
_PART = re.compile(r"\s+[-–—]\s|(?<=\w{4})[.]\s|[;:,()“”\"‘]|\s+(?:19|20)\d\d\b")
_CAPITAL = r"(?:[^\W\d_a-zà-ÿ][\w.'’-]*|['’]t)"
_RUN = re.compile(rf"{_CAPITAL}(?:\s+(?:(?:de|het|den|der|van|en|te|ter|ten)\s+){{0,2}}{_CAPITAL})*")
_BEFORE = re.compile(r"(?<!\w)([a-zà-ÿ]+)\s+(?:(?:de|het|den)\s+)?['’‘“\"]?$")
_TITLES = ("naam", "citeeropschrift", "beschrijving")


class Phrase(NamedTuple):
    """A text that may be a name, in which part of the decision it stands, and whether something announces it."""

    text: str
    place: str
    cued: bool = True


def phrases_of(document: Mapping[str, Any]) -> Iterator[Phrase]:
    """Each text once, those that something announces first."""
    texts, seen = list(texts_of(document)), set()
    announced = (Phrase(phrase, place) for text, place in texts for phrase in _announced(text))
    others = (Phrase(phrase, place, False) for text, place in texts for phrase in _capitals(text))
    for found in (*announced, *others):
        clean = found.text.strip(" .“”\"‘’„'")
        if len(clean) > 2 and clean not in seen:
            seen.add(clean)
            yield found._replace(text=clean)


def _announced(text: str) -> Iterator[str]:
    for match in _QUOTED.finditer(text):
        yield _kind_before(text, match.start()) + (match[1] or match[2])
    for cue in (*_CUE.finditer(text), *_NAMED.finditer(text)):
        yield _cut(text[cue.end() : cue.end() + 100])


def _capitals(text: str) -> Iterator[str]:
    """Every run of words with capitals and each end of it: what comes before a name has a capital too, at times."""
    for part in _PART.split(text):
        for run in _RUN.finditer(part):
            yield _kind_before(part, run.start()) + run[0]
            starts = [word.start() for word in re.finditer(rf"(?<=\s){_CAPITAL}", run[0])]
            yield from (run[0][start:] for start in starts)


def _kind_before(text: str, start: int) -> str:
    """The lower-case word before a name, when it says what kind of association it is.

    >>> _kind_before("Toelage aan harmonie De Egmontzonen", 21)
    'harmonie '
    """
    before = _BEFORE.search(text[:start])
    return f"{before[1]} " if before and weight(fold(before[1])) < PROPER else ""


def _cut(text: str) -> str:
    """A name up to what cannot be part of it.

    >>> _cut("Chiro De Vlinders als jeugdvereniging")
    'Chiro De Vlinders'
    """
    end = _END.search(text)
    return text[: end.start()] if end else text


def texts_of(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of a decision, and how each is called; the reasons come last, for they name others too."""
    for term in _TITLES:
        if text := document.get(term):
            yield str(text), "de titel"
    for article in document.get("artikelen", ()):
        yield str(article.get("inhoud", "")), "een artikel"
    if not document.get("artikelen"):
        yield str(document.get("inhoud", "")), "de tekst"
