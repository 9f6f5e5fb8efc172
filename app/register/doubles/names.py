"""Names of associations made comparable: case, accents, punctuation, legal forms, abbreviations, municipalities."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.register.doubles.words import CONTRARY, KIND_ENDS, KIND_WEIGHT, SAME, SILENT, WEIGHTS

INITIALS = re.compile(r"\b(?:[a-z]\.\s?){2,}")
APOSTROPHE = re.compile(r"(?<=[a-z])['’`](?=s\b)|['’`]")
NOT_WORD = re.compile(r"[^a-z0-9]+")
VOWELS = re.compile(r"(?<=.)[aeiouy]+")
COMMITTEE = re.compile(r"(?<=.)[kc]omm?itt?ee?")
DOUBLED = re.compile(r"(.)\1+")
SOUNDS = str.maketrans({"k": "c", "q": "c", "z": "s", "v": "f", "d": "t", "y": "i"})


def _phrases() -> dict[str, str]:
    table = dict.fromkeys(SILENT, " ")
    for first, *others in SAME:
        for other in (first, *others):
            table[other] = f" {first.replace(' ', '_')} "
    return table


PHRASES = _phrases()
# Longest first, so that "scouts en gidsen" is seen before "scouts" and before "en".
PHRASE = re.compile(r"(?<![^ ])(?:" + "|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True)) + r")(?![^ ])")
# Of one word, and telling: `vooruitgang` does not begin with `voor`.
KNOWN = tuple(sorted((p for p in PHRASES if " " not in p and len(p) > 3 and p not in SILENT), key=len, reverse=True))
ARTICLE = re.compile(r"^(?:de|het|den|van|t)(?=.{4})")
# `RadioclubGent`, `WTCVivace`; of `IJsclub` the first two letters are one.
CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ][a-zà-ÿ])|(?<=[A-Z]{2})(?=[A-ZÀ-Þ][a-zà-ÿ])")
YEAR = re.compile(r"(?:1[89]|20)\d\d")
YEAR_WEIGHT = 0.2
OPPOSITES = {word.replace(" ", "_"): row for row, words in enumerate(CONTRARY) for word in words}
KINDS = frozenset(word for word, row in OPPOSITES.items() if row == len(CONTRARY) - 1)
LONG_WORD = 6
TWO_ERRORS = 10


@dataclass(frozen=True)
class Name:
    """The telling words of a name in their order, and the municipalities that it mentions."""

    words: tuple[str, ...]
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(self.words)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents and punctuation, initials written as one word.

    >>> fold("K.L.J. 's-Gravenvoeren & Sint-Ré")
    'klj s gravenvoeren en sint re'
    """
    text = text.lower()
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = INITIALS.sub(lambda found: found.group().replace(".", "").replace(" ", "") + " ", text)
    text = APOSTROPHE.sub(" ", text).replace("&", " en ").replace("+", " en ")
    return NOT_WORD.sub(" ", text).strip()


def parse_name(name: str, municipalities: Iterable[str] = ()) -> Name:
    """Find the telling words of a name, apart from the places in it that are `municipalities` or parts of one.

    >>> parse_name("Kon. Harmonie St.-Cecilia Gent vzw", ["Gent"])
    Name(words=('koninklijk', 'harmonie', 'sint', 'cecilia'), places=('gent',))
    """
    words = _words(fold(CAMEL.sub(" ", name)))
    places = _places(tuple(municipalities))
    if places is None:
        return Name(words)
    text = " ".join(places.nearest(part) for word in words for part in places.apart(word))
    rest = tuple(places.pattern.sub("", text).split())
    # `Denys` is `Denijs`; a postcode only repeats the place.
    found = dict.fromkeys(place.replace("ij", "y") for place in places.pattern.findall(text) if not place.isdecimal())
    return Name(rest, tuple(found)) if rest else Name(words)


def normalise_name(name: str, municipalities: Iterable[str] = ()) -> str:
    """The telling words of a name, without the names of `municipalities`; never empty for a name with a letter in it.

    >>> normalise_name("V.Z.W. De Scouts en Gidsen Sint-Jan Aalter", ["Aalter"])
    'scouts sint jan'
    """
    return str(parse_name(name, municipalities))


@lru_cache(maxsize=65536)
def weight(word: str) -> float:
    """How much a word in a name tells, from 0.1 (koninklijk) to 1 (a proper name)."""
    if YEAR.fullmatch(word):
        return YEAR_WEIGHT
    return WEIGHTS.get(word, KIND_WEIGHT if is_kind(word) else 1.0)


@lru_cache(maxsize=65536)
def is_kind(word: str) -> bool:
    """Whether a word says what kind of association it is."""
    return word in KINDS or (len(word) >= LONG_WORD and word.endswith(KIND_ENDS))


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """What most typing errors and spellings leave of a word: its consonants by sound.

    >>> skeleton("cecilia") == skeleton("cecillia") == skeleton("cecyliaa")
    True
    """
    found = DOUBLED.sub(r"\1", VOWELS.sub("", word.replace("ij", "y").translate(SOUNDS)))
    # `otter` and `otters`, `zwaluw` and `zwaluwen`.
    return found[:-1] if len(found) > 3 and found[-1] in "sn" else found


def _words(text: str) -> tuple[str, ...]:
    mended = " ".join(mended for word in text.split() for mended in _mend(word))
    found = PHRASE.sub(lambda found: PHRASES[found.group()], mended).split()
    return tuple(dict.fromkeys(found)) or tuple(text.split())


@lru_cache(maxsize=65536)
def _mend(word: str) -> tuple[str, ...]:
    """A known word in front taken apart (`turnclubalvinne`), or one typing error in it undone (`turnlcub`)."""
    if word in PHRASES or len(word) < LONG_WORD or not word.isalpha():
        return (word,)
    word = COMMITTEE.sub("comite", word)
    near = process.extractOne(word, KNOWN, scorer=OSA.distance, score_cutoff=2 if len(word) >= TWO_ERRORS else 1)
    if near is not None:
        return (near[0],)
    first = next((known for known in KNOWN if word.startswith(known) and len(word) - len(known) > 3), "")
    return (first, ARTICLE.sub("", word.removeprefix(first))) if first else (word,)


def _is_known(parts: tuple[str, ...]) -> bool:
    return len(parts) == 1 and (parts[0] in PHRASES or parts[0] in KINDS)


class _Places:
    """The names of some places, to be found among words."""

    def __init__(self, names: Iterable[str]) -> None:
        # By name where they are as long: a set has another order in every process.
        ordered = sorted(names, key=lambda name: (-len(name), name))
        self.pattern = re.compile(r"(?<![^ ])(?:" + "|".join(map(re.escape, ordered)) + r")(?![^ ])")
        self.nearest = lru_cache(maxsize=4096)(self._nearest)
        self._long = [name for name in ordered if " " not in name and len(name) >= LONG_WORD]

    def apart(self, word: str) -> tuple[str, ...]:
        """A known word and a place written as one (`CurieusGent`) as two."""
        place = next((place for place in self._long if word.endswith(place)), "")
        rest = _mend(word.removesuffix(place))
        return (PHRASES.get(rest[0], rest[0]).strip(), place) if place and _is_known(rest) else (word,)

    def _nearest(self, word: str) -> str:
        """The place that a word is but for one typing error, else the word."""
        if len(word) < LONG_WORD or not word.isalpha():
            return word
        near = process.extractOne(word, self._long, scorer=OSA.distance, score_cutoff=1)
        return word if near is None else near[0]


@lru_cache(maxsize=1024)
def _places(municipalities: tuple[str, ...]) -> _Places | None:
    names = {" ".join(_words(fold(name))) for name in municipalities} - {""}
    names |= {name.replace("ij", "y") for name in names}
    return _Places(names) if names else None
