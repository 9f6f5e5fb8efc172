"""Names of associations made comparable: case, accents, punctuation, legal forms, abbreviations, municipalities."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.register.words import CONTRARY, KIND_WEIGHT, SAME, SILENT, WEIGHTS

INITIALS = re.compile(r"\b(?:[a-z]\.\s?){2,}")
APOSTROPHE = re.compile(r"(?<=[a-z])['’`](?=s\b)|['’`]")
NOT_WORD = re.compile(r"[^a-z0-9]+")
VOWELS = re.compile(r"(?<=.)[aeiouy]+")
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
OPPOSITES = {word.replace(" ", "_"): row for row, words in enumerate(CONTRARY) for word in words}
KINDS = frozenset(word for word, row in OPPOSITES.items() if row == len(CONTRARY) - 1)


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
    """Find the telling words of a name; the name of the municipality itself tells nothing inside it.

    >>> parse_name("Kon. Harmonie St.-Cecilia Gent vzw", ["Gent"])
    Name(words=('koninklijk', 'harmonie', 'sint', 'cecilia'), places=('gent',))
    """
    folded = fold(name)
    rest, places = _without_places(folded, tuple(municipalities))
    words = _words(rest)
    if not words:
        words = _words(folded) or tuple(folded.split())
    return Name(words, places)


def normalise_name(name: str, municipalities: Iterable[str] = ()) -> str:
    """The telling words of a name, without the names of `municipalities`; never empty for a name with a letter in it.

    >>> normalise_name("V.Z.W. De Scouts en Gidsen Sint-Jan Aalter", ["Aalter"])
    'scouts sint jan'
    """
    return str(parse_name(name, municipalities))


def weight(word: str) -> float:
    """How much a word in a name tells, from 0.1 (koninklijk) to 1 (a proper name)."""
    return WEIGHTS.get(word, KIND_WEIGHT if word in KINDS else 1.0)


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """What most typing errors and spellings leave of a word: its consonants by sound.

    >>> skeleton("Cecilia") == skeleton("Cecillia") == skeleton("Secilia".replace("S", "C"))
    True
    """
    return DOUBLED.sub(r"\1", VOWELS.sub("", word.lower().translate(SOUNDS)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(PHRASE.sub(lambda found: PHRASES[found.group()], text).split()))


def _without_places(text: str, municipalities: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    places = []
    padded = f" {text} "
    for municipality in municipalities:
        place = fold(municipality)
        if place and f" {place} " in padded:
            padded = padded.replace(f" {place} ", " ")
            places.append(place)
    return padded.strip(), tuple(places)
