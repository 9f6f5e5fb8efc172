"""Is this association in the register already? A score that can be explained, and that no other association changes.

Candidates share a key (`traits.lookups_of`); each gets points for what is the same and loses points for what is not.
`PASS_MARK` points make a possible duplicate: a person decides. Weights were fitted on the invented municipal lists of
`fixtures`; `tests/register/test_duplicate_accuracy.py` measures precision and recall on a list never used for that.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import OSA

from app.register.names import KINDS, OPPOSITES, weight
from app.register.traits import Traits

PASS_MARK = 50


class Match(NamedTuple):
    """How alike two associations are: `score` from 0 to 1, 0.5 and more is a possible duplicate; reasons in Dutch."""

    score: float
    reasons: tuple[str, ...]

    @property
    def possible(self) -> bool:
        return self.score >= PASS_MARK / 100


class Clue(NamedTuple):
    """Something the same: the field of `Traits`, what it is worth, and how to say it."""

    field: str
    points: int
    reason: str


CLUES = (
    Clue("emails", 30, "Zelfde e-mailadres"),
    Clue("phones", 25, "Zelfde telefoonnummer"),
    Clue("sites", 30, "Zelfde website of sociale media"),
    Clue("accounts", 35, "Zelfde rekeningnummer"),
    Clue("people", 20, "Zelfde vertegenwoordiger"),
    Clue("addresses", 15, "Zelfde straat en huisnummer"),
)
NAME_REASONS = (
    (1.0, "Zelfde naam"),
    (0.9, "Bijna dezelfde naam"),
    (0.7, "Gelijkende naam"),
)
# From how alike the names are to points: nothing in common costs as much as a shared address and e-mail give.
NAME_POINTS = ((0.0, -40), (0.4, -25), (0.6, 5), (0.8, 45), (1.0, 65))
ELSEWHERE = -45
OTHER_KBO = -100
CONTRARY = 0.45
UNMATCHED_NUMBER = 0.5
OTHER_PLACE = 0.6


def compare(a: Traits, b: Traits) -> Match:
    """Weigh two associations against each other."""
    if a.kbo and b.kbo:
        return Match(1.0, ("Zelfde KBO-nummer",)) if a.kbo == b.kbo else Match(0.0, ())
    likeness = name_likeness(a, b)
    points = _interpolate(likeness)
    reasons = [_name_reason(a, b, likeness)] if likeness >= NAME_REASONS[-1][0] else []
    for clue in CLUES:
        if not set(getattr(a, clue.field)).isdisjoint(getattr(b, clue.field)):
            points += clue.points
            reasons.append(clue.reason)
    if a.areas and b.areas and set(a.areas).isdisjoint(b.areas):
        points += ELSEWHERE
    return Match(max(0.0, min(1.0, points / 100)), tuple(reasons))


def name_likeness(a: Traits, b: Traits) -> float:
    """From 0 (other names) to 1 (the same), by full or short name; words that exclude one another lower it."""
    best = likeness(a.words, b.words)
    for ours, theirs in ((a.short, b.words), (a.words, b.short), (a.short, b.short)):
        if ours and theirs and len("".join(ours)) > 2:
            best = max(best, 0.95 * likeness(ours, theirs))
    return best * OTHER_PLACE if _elsewhere(a, b) or _elsewhere(b, a) else best


def likeness(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """How alike two lists of telling words are.

    >>> likeness(("harmonie", "cecilia"), ("harmonie", "cecillia")) > 0.9
    True
    >>> likeness(("voetbalclub", "leeuw"), ("volleybalclub", "leeuw")) < 0.5
    True
    """
    if a == b:
        return 1.0
    common = set(a) & set(b)
    ours, theirs = [word for word in a if word not in common], [word for word in b if word not in common]
    shared = sum(map(weight, common))
    total = 2 * shared + sum(map(weight, ours)) + sum(map(weight, theirs))
    matched = 2 * shared
    for word in list(ours):
        other, alike = _closest(word, theirs)
        if other is not None:
            ours.remove(word)
            theirs.remove(other)
            matched += alike * (weight(word) + weight(other))
    result = max(matched / total, _written_together(a, b))
    return result * _excluded(ours, theirs)


def _closest(word: str, others: list[str]) -> tuple[str | None, float]:
    best, found = 0.0, None
    for other in others:
        alike = _word_likeness(word, other)
        if alike > best:
            best, found = alike, other
    return found, best


def _word_likeness(a: str, b: str) -> float:
    """One typing error in four letters or two in eight is the same word; the beginning of a word stands for it."""
    if not a.isalpha() or not b.isalpha() or (a in KINDS and b in KINDS):
        return 0.0
    longest = max(len(a), len(b))
    if longest >= (4 if a[0] == b[0] else 5):
        distance = OSA.distance(a, b, score_cutoff=2)
        if distance == 1:
            return 0.95
        if distance == 2 and longest >= 8:
            return 0.85
    if min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a)):
        return 0.8
    return 0.0


def _written_together(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    ours, theirs = "".join(a), "".join(b)
    alike: float = OSA.normalized_similarity(ours, theirs, score_cutoff=0.85)
    return alike if min(len(ours), len(theirs)) >= 5 and not _numbers(a, b) else 0.0


def _numbers(a: Iterable[str], b: Iterable[str]) -> bool:
    return {word for word in a if not word.isalpha()} != {word for word in b if not word.isalpha()}


def _excluded(ours: list[str], theirs: list[str]) -> float:
    rows = {OPPOSITES[word] for word in ours if word in OPPOSITES}
    if any(OPPOSITES.get(word) in rows for word in theirs):
        return CONTRARY
    return UNMATCHED_NUMBER if any(not word.isalpha() and "_" not in word for word in (*ours, *theirs)) else 1.0


def _elsewhere(a: Traits, b: Traits) -> bool:
    """`KLJ Kaprijke` beside `KLJ Lembeke`: one names the municipality, the other has a proper word in its place."""
    if not a.places or b.places:
        return False
    return any(weight(word) >= 1 and _closest(word, list(a.words))[0] is None for word in b.words)


def _interpolate(likeness: float) -> float:
    for (left, low), (right, high) in pairwise(NAME_POINTS):
        if likeness <= right:
            return low + (high - low) * (likeness - left) / (right - left)
    return NAME_POINTS[-1][1]


def _name_reason(a: Traits, b: Traits, likeness: float) -> str:
    if likeness < 1 and OSA.distance("".join(a.words), "".join(b.words), score_cutoff=1) == 1:
        return "Zelfde naam op één letter na"
    return next(reason for least, reason in NAME_REASONS if likeness >= least)
