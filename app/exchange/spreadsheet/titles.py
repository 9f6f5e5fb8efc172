"""What a header can mean: every known title, found again through case, accents, punctuation and typing errors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from app.exchange.spreadsheet.columns import Column

BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
NOT_WORD = re.compile(r"[^a-z0-9]+")
SMALL_WORDS = frozenset(("van", "de", "het", "een", "der", "den", "vd", "v", "d", "t", "uw", "jullie", "onze"))
FILLERS = frozenset(("vereniging", "verenigingen", "club", "organisatie", "verplicht", "optioneel", "indien", "gekend"))


@dataclass(frozen=True)
class Meaning:
    """One thing that a header can mean; `title` is the group title in it, if any."""

    column: Column
    title: str = ""


class Headers:
    """All headers that are known, by their compact form."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.known: dict[str, dict[str, Meaning]] = {}
        for column in columns:
            groups = column.group.titles | {column.group.label}
            beside = [(compact(words(group)), Meaning(column, group)) for group in groups]
            for title in column.titles | {column.label}:
                text = compact(words(title))
                self._add(text, Meaning(column, title if title in column.group.titles else ""))
                for group, meaning in beside:
                    self._add(group + text, meaning)
                    self._add(text + group, meaning)

    def _add(self, text: str, meaning: Meaning) -> None:
        self.known.setdefault(text, {}).setdefault(meaning.column.key, meaning)

    def exact(self, header: str) -> tuple[Meaning, ...]:
        """What a header means after case, accents, punctuation, brackets, small words and a number are taken off."""
        for text in _forms(header):
            if found := self.known.get(text):
                return tuple(found.values())
        return ()

    def near(self, header: str) -> tuple[Meaning, ...]:
        """What a header means with a typing error in it: one for six letters, two for ten."""
        text = compact(words(BRACKETS.sub(" ", header)))
        allowed = 2 if len(text) >= 10 else 1 if len(text) >= 6 else 0
        if not allowed:
            return ()
        near = {known: OSA.distance(text, known, score_cutoff=allowed) for known in self.known}
        least = min(near.values())
        if least > allowed:
            return ()
        nearest = (self.known[known] for known in near if near[known] == least)
        return tuple({key: meaning for known in nearest for key, meaning in known.items()}.values())


def words(header: str) -> list[str]:
    """The words of a header without case, accents and punctuation.

    >>> words("E-mailadres (privé) *")
    ['e', 'mailadres', 'prive']
    """
    plain = header.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return NOT_WORD.sub(" ", plain.replace("&", " en ").replace("'s", " s")).split()


def compact(parts: Sequence[str]) -> str:
    """The parts of a title without what stands between them."""
    return "".join(parts)


def _forms(header: str) -> Iterable[str]:
    """The compact forms of a header, from what stands there to what is left of it."""
    for text in dict.fromkeys((header, BRACKETS.sub(" ", header))):
        parts = words(text)
        yield compact(parts)
        small = [word for word in parts if word not in SMALL_WORDS]
        yield compact(small)
        while small and small[-1].isdigit():
            small.pop()
        yield compact(small)
        yield compact([word for word in small if word not in FILLERS])
