"""Is this association in the register already? A score that can be explained, and that no other association changes.

Candidates share a key (`traits.lookups_of`); each gets points for what is the same and loses points for what is not.
`PASS_MARK` points make a possible duplicate: a person decides. Weights were fitted on the invented municipal lists of
`fixtures` and on `tests/register/pairs.toml`; `tests/bench/duplicates.py` measures precision and recall on lists that
were never used for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import OSA

from app.register.doubles.names import KINDS, OPPOSITES, YEAR, is_kind, weight
from app.register.doubles.traits import PROPER, Traits
from app.register.doubles.words import BRANCHES, EITHER, TELLING_ENDS

Words = tuple[str, ...]

PASS_MARK = 50


class Match(NamedTuple):
    """How alike two associations are: `score` from 0 to 1, 0.5 and more is a possible duplicate.

    `grounds` are what it is made of: in Dutch what is the same or is not, and the points for and against.
    """

    score: float
    grounds: tuple[tuple[str, int], ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for it, in words."""
        return tuple(reason for reason, points in self.grounds if points > 0)

    @property
    def possible(self) -> bool:
        """Whether somebody should look at it."""
        return self.score >= PASS_MARK / 100


class Clue(NamedTuple):
    """A field of `Traits`: what it is worth when something in it is the same, what when all of it differs."""

    field: str
    same: int
    other: int
    reason: str
    against: str


CLUES = (
    Clue("emails", 30, -6, "Zelfde e-mailadres", "Ander e-mailadres"),
    Clue("phones", 25, -3, "Zelfde telefoonnummer", "Ander telefoonnummer"),
    Clue("sites", 30, -8, "Zelfde website of sociale media", "Andere website of sociale media"),
    Clue("accounts", 35, -6, "Zelfde rekeningnummer", "Ander rekeningnummer"),
    Clue("people", 20, -3, "Zelfde vertegenwoordiger", "Andere vertegenwoordigers"),
    Clue("addresses", 15, -3, "Zelfde straat en huisnummer", "Ander adres"),
)
Ground = tuple[str, int]
# Looked at for every candidate: by place in the record, with both outcomes ready.
BY_INDEX = tuple(
    (Traits._fields.index(clue.field), (clue.reason, clue.same), (clue.against, clue.other)) for clue in CLUES
)
NAME_REASONS = (
    (1.0, "Zelfde naam"),
    (0.9, "Bijna dezelfde naam"),
    (0.7, "Gelijkende naam"),
    (0.55, "Naam met iets gemeen"),
    (0.0, "Andere naam"),
)
SAME_NUMBER, OTHER_NUMBERS = ("Zelfde KBO-nummer", 100), ("Ander KBO-nummer", -100)
# From how alike the names are to points: nothing in common costs as much as a shared address and e-mail give.
NAME_POINTS = ((0.0, -40), (0.4, -25), (0.6, 5), (0.8, 45), (1.0, 70))
ELSEWHERE = ("In een andere gemeente", -45)
# What words that exclude one another leave of the likeness of two names.
CONTRARY = 0.45
OTHER_PLACE = 0.45
OTHER_PROPER = 0.75
OTHER_NUMBER = 0.5
SHORT_FOR = 0.95
# The first letters of all words: by itself too little, beside a shared address or number enough.
INITIALS = 0.7
BRANCH = 0.7
# So alike is no chance, even of names as wholes.
SURE = 0.85


def compare(a: Traits, b: Traits) -> Match:
    """Weigh two associations against each other."""
    if a.kbo and b.kbo:
        return Match(1.0, (SAME_NUMBER,)) if a.kbo == b.kbo else Match(0.0, (OTHER_NUMBERS,))
    return _weigh(a, b, _clues(a, b))


def possible(a: Traits, b: Traits) -> Match | None:
    """The same, or None at once for who cannot reach the mark, whatever the names are like."""
    if a.kbo and b.kbo:
        return Match(1.0, (SAME_NUMBER,)) if a.kbo == b.kbo else None
    clues = _clues(a, b)
    if sum([points for _, points in clues]) + NAME_POINTS[-1][1] < PASS_MARK:
        return None
    match = _weigh(a, b, clues)
    return match if match.possible else None


def _weigh(a: Traits, b: Traits, clues: list[Ground]) -> Match:
    likeness = name_likeness(a, b)
    points = _interpolate(likeness)
    score = points + sum([worth for _, worth in clues])
    return Match(max(0.0, min(1.0, score / 100)), ((_name_reason(a, b, likeness), round(points)), *clues))


def _clues(a: Traits, b: Traits) -> list[Ground]:
    """What besides the names speaks for and against."""
    found = []
    for index, same, other in BY_INDEX:
        ours, theirs = a[index], b[index]
        if ours and theirs:
            found.append(same if _share(ours, theirs) else other)
    if a.areas and b.areas and not _share(a.areas, b.areas):
        found.append(ELSEWHERE)
    return found


def _share(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    return any(map(theirs.__contains__, ours))


def name_likeness(a: Traits, b: Traits) -> float:
    """From 0 (other names) to 1 (the same), by full name or by the short one for the full one."""
    best = likeness(a.words, b.words, a.places, b.places)
    for short, full in ((a.short, b), (b.short, a)):
        # `SK` says no more than that it is a football club.
        if any(weight(word) >= PROPER for word in short) and len("".join(short)) > 2:
            best = max(best, SHORT_FOR * likeness(short, full.words))
    if best < INITIALS and (_initials(a.words, b.words) or _initials(b.words, a.words)):
        return INITIALS
    return best


def _initials(short: Words, full: Words) -> bool:
    return len(short) == 1 and len(full) > 2 and short[0] == "".join(word[0] for word in full)


def likeness(a: Words, b: Words, a_places: Words = (), b_places: Words = ()) -> float:
    """How alike two lists of telling words are; words that exclude one another lower it.

    >>> likeness(("harmonie", "cecilia"), ("harmonie", "cecillia")) > 0.9
    True
    >>> likeness(("voetbalclub", "leeuw"), ("volleybalclub", "leeuw")) < 0.5
    True
    """
    if a == b and a_places == b_places:
        return 1.0
    ours, theirs = [word for word in a if word not in b], [word for word in b if word not in a]
    here = _lacking(a_places, b_places, theirs) if a_places else []
    there = _lacking(b_places, a_places, ours) if b_places else []
    if not (ours or theirs):
        return OTHER_PLACE if here and there else 1.0
    matched = 2 * sum([weight(word) for word in a if word in b])
    total = matched + sum([weight(word) for word in ours]) + sum([weight(word) for word in theirs])
    if ours and theirs:
        matched += _pair_off(ours, theirs)
    found = matched / total
    if found < SURE:
        found = max(found, _written_together(a, b))
    return found * _excluded(ours, theirs, here, there)


def _pair_off(ours: list[str], theirs: list[str]) -> float:
    """Take the words that are nearly the same out of both; answers what they are worth together."""
    worth = 0.0
    for word in tuple(ours):
        other, alike = _closest(word, theirs)
        if other is not None:
            ours.remove(word)
            theirs.remove(other)
            worth += alike * (weight(word) + weight(other))
    return worth


def _lacking(places: Words, others: Words, words: list[str]) -> list[str]:
    """The places that the other name lacks; one that it has with a typing error is taken from its words."""
    lacking = []
    for place in places:
        if place not in others:
            mistyped = [_closest(part, words)[0] for part in place.split()]
            if None in mistyped:
                lacking.append(place)
            else:
                words[:] = [word for word in words if word not in mistyped]
    return lacking


def _closest(word: str, others: list[str]) -> tuple[str | None, float]:
    best, found = 0.0, None
    for other in others:
        alike = _word_likeness(word, other)
        if alike > best:
            best, found = alike, other
    return found, best


@lru_cache(maxsize=65536)
def _word_likeness(a: str, b: str) -> float:
    """One typing error in four letters or two in eight is the same word; the beginning of a word stands for it."""
    if a == b:
        return 1.0
    if b in EITHER.get(a, ()) or a in EITHER.get(b, ()):
        return 0.95
    if not a.isalpha() or not b.isalpha() or (a in KINDS and b in KINDS):
        return 0.0
    if "ij" in a + b and a.replace("ij", "y") == b.replace("ij", "y"):
        return 0.95
    longest = max(len(a), len(b))
    if longest >= (4 if a[0] == b[0] else 5):
        distance = OSA.distance(a, b, score_cutoff=2)
        if distance == 1:
            return 0.95
        if distance == 2 and longest >= 8:
            return 0.85
    if min(len(a), len(b)) >= 4 and (a.startswith(b) or b.startswith(a)):
        return 0.0 if max(a, b, key=len).endswith(TELLING_ENDS) else 0.8
    return 0.0


def _written_together(a: Words, b: Words) -> float:
    ours, theirs = "".join(a), "".join(b)
    shortest, longest = sorted((len(ours), len(theirs)))
    if shortest < 5 or shortest < SURE * longest or _numbers(a) != _numbers(b):
        return 0.0
    alike: float = OSA.normalized_similarity(ours, theirs, score_cutoff=SURE)
    return alike


def _numbers(words: Iterable[str]) -> list[str]:
    return [word for word in words if not word.isalpha() and "_" not in word]


def _tell_apart(ours: list[str], theirs: list[str]) -> bool:
    """Numbers of which each or one has its own; a year that only one name has is when it began, or of that list."""
    lonely = ours or theirs
    return bool(ours and theirs) or any(not YEAR.fullmatch(number) for number in lonely)


def _excluded(ours: list[str], theirs: list[str], here: list[str], there: list[str]) -> float:
    """What is left when one name has a word that cannot go with a word of the other."""
    factor = 1.0
    if ours and theirs and _contrary(ours, theirs):
        factor = CONTRARY
    if bool(BRANCHES.intersection(ours)) != bool(BRANCHES.intersection(theirs)):
        factor *= BRANCH
    if here and there:
        factor *= OTHER_PLACE
    if _tell_apart(_numbers(ours), _numbers(theirs)):
        factor *= OTHER_NUMBER
    proper, others = _proper(ours), _proper(theirs)
    # `KLJ Kaprijke` beside `KLJ Sint-Jan`: a proper word in the one where the other has its place.
    if (proper and others) or (here and others) or (there and proper):
        factor *= OTHER_PROPER
    return factor


def _contrary(ours: list[str], theirs: list[str]) -> bool:
    rows = [OPPOSITES[word] for word in ours if word in OPPOSITES]
    if rows and any(OPPOSITES.get(word) in rows for word in theirs):
        return True
    return any(is_kind(word) for word in ours) and any(is_kind(word) for word in theirs)


def _proper(words: list[str]) -> bool:
    return any(weight(word) >= 1 for word in words)


def _interpolate(likeness: float) -> float:
    for (left, low), (right, high) in pairwise(NAME_POINTS):
        if likeness <= right:
            return low + (high - low) * (likeness - left) / (right - left)
    return NAME_POINTS[-1][1]


def _name_reason(a: Traits, b: Traits, likeness: float) -> str:
    if likeness == INITIALS:
        return "Afkorting van de naam"
    if NAME_REASONS[-2][0] <= likeness < 1 and OSA.distance("".join(a.words), "".join(b.words), score_cutoff=1) == 1:
        return "Zelfde naam op één letter na"
    return next(reason for least, reason in NAME_REASONS if likeness >= least)
