"""From a query to the ids that fit it: sets in memory for values, FTS5 for words.

What FTS5 is asked is made of words that `words` cut out of the query: letters and digits only, in quotes, as a
bound parameter.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase, translate
from functools import reduce
from itertools import islice
from operator import and_, or_
from re import compile as compile_pattern
from typing import Any

from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.errors import Refused
from app.store.batches import batches
from app.store.search.layout import ALL, EXISTS, Layout
from app.store.search.query import Between, Combined, Everything, Near, OneOf, Pattern, Phrase, Query, Words
from app.store.search.state import ROOM, State, Values, WordsByLength, order_of
from app.store.search.words import pattern, plain, words

# What a word with typing errors or a wildcard may stand for, at most; the likeliest first.
EXPANSIONS = 50
PATTERN_EXPANSIONS = 2000
AT_ONCE = 250
STARS = 5


class Matcher:
    """Finds ids in one state of the index."""

    def __init__(self, state: State, connection: sqlite3.Connection, layout: Layout) -> None:
        self._state = state
        self._connection = connection
        self._layout = layout

    def ids(self, query: Query) -> BitMap:
        """The ids that fit; what holds nothing that can be looked for fits nothing."""
        found = self._find(query)
        return BitMap() if found is None else found

    def _find(self, query: Query) -> BitMap | None:
        """None: there is nothing in it to look for, as in "de" or "-"; such a part of a query does not count."""
        find: Callable[[Any], BitMap | None] = FINDERS[type(query)]
        return find(self, query)  # type: ignore[call-arg]

    def everything(self, query: Everything) -> BitMap:
        """All ids."""
        return self._state.everything

    def combined(self, query: Combined) -> BitMap | None:
        """What fits all of the one, any of the other, and none of the third."""
        must, should, not_ = (
            [found for part in parts if (found := self._find(part)) is not None]
            for parts in (query.must, query.should, query.must_not)
        )
        if must:
            kept = reduce(and_, sorted(must, key=len))
        elif should:
            kept = BitMap.union(BitMap(), *should)
        elif not_:
            kept = self._state.everything
        else:
            return None
        return kept - BitMap.union(*not_) if not_ else kept

    def one_of(self, query: OneOf) -> BitMap:
        """What has one of these values."""
        return self._state.values(query.field).union(iter(query.values))

    def words(self, query: Words) -> BitMap | None:
        """What has all these words."""
        wanted = words(query.text)
        if not wanted:
            return None
        if query.field is None:
            return reduce(and_, (self._anywhere([word], f'"{word}"', query.field) for word in wanted))
        return self._anywhere(wanted, " AND ".join(f'"{word}"' for word in wanted), query.field)

    def phrase(self, query: Phrase) -> BitMap | None:
        """What has these words in their order."""
        wanted = words(query.text)
        if not wanted:
            return None
        if query.apart and len(wanted) > 1:
            near = " ".join(f'"{word}"' for word in wanted)
            return self._anywhere(wanted, f"NEAR({near}, {min(query.apart, 99)})", query.field)
        return self._anywhere(wanted, f'"{" ".join(wanted)}"', query.field)

    def pattern(self, query: Pattern) -> BitMap | None:
        """What has a word that fits, with * for any letters."""
        wanted = pattern(query.text)
        if not wanted.strip("*"):
            return self._present(query.field) if wanted else None
        if wanted.count("*") > STARS:
            raise Refused(f"Gebruik hoogstens {STARS} sterretjes in één woord.")
        if wanted.endswith("*") and wanted[:-1].isalnum():
            text = self._text(f'"{wanted[:-1]}" *', query.field)
        else:
            text = self._any_word(self._glob(wanted), query.field)
        valued = self._valued(query.field, lambda values: _fitting(values, wanted))
        return text | valued | self._coded(query.field, wanted)

    def near(self, query: Near) -> BitMap | None:
        """What has words that differ by a few letters."""
        wanted = words(query.text)
        if not wanted:
            return None
        return reduce(and_, (self._near(word, query) for word in wanted))

    def between(self, query: Between) -> BitMap:
        """What has a value between two others."""
        low, high = (None if text in (None, "*") else plain(str(text)) for text in (query.low, query.high))
        within = _range(low, high, query.with_low, query.with_high)
        found = self._valued(query.field, lambda values: values.union(filter(within, values.sets)))
        if self._names(query.field, [self._layout.code[0]]):
            found |= BitMap(id for id in self._state.everything if within(plain(self._layout.code[1].format(id))))
        if any(self._names(query.field, self._layout.text)):
            found |= self._any_word([word for word in self._state.vocabulary if within(word)], query.field)
        return found

    def _near(self, word: str, query: Near) -> BitMap:
        by_length = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
        allowed = by_length if query.errors is None else min(query.errors, 2)

        def near(values: Values) -> BitMap:
            alike = (values.by_word[each] for each in _alike(word, values.by_length, allowed))
            return values.union(frozenset().union(*alike))

        text = self._any_word([word, *self._known_like(word, allowed)], query.field)
        return text | self._valued(query.field, near)

    def _known_like(self, word: str, errors: int) -> tuple[str, ...]:
        found = self._state.alike.get((word, errors))
        if found is None:
            found = tuple(_alike(word, self._state.by_length, errors))
            if len(self._state.alike) < ROOM:
                self._state.alike[word, errors] = found
        return found

    def _anywhere(self, wanted: list[str], expression: str, path: str | None) -> BitMap:
        found = self._text(expression, path) | self._valued(path, lambda values: _holding(values, wanted))
        return found | self._coded(path, wanted[0]) if len(wanted) == 1 else found

    def _names(self, path: str | None, known: Iterable[str]) -> list[str]:
        """The fields that a path names; without path, all of these."""
        if path is None:
            return list(known)
        path = path.replace("\\", "")
        return [each for each in known if each == path or ("*" in path and fnmatchcase(each, path))]

    def _valued(self, path: str | None, choose: Callable[[Values], BitMap]) -> BitMap:
        known = self._layout.free if path is None else self._state.fields
        names = [name for name in self._names(path, known) if name != ALL[0] and (name != EXISTS or path == EXISTS)]
        return reduce(or_, (choose(self._state.values(name)) for name in names), BitMap())

    def _present(self, path: str | None) -> BitMap:
        if path in (None, "*"):
            return self._state.everything
        names = self._names(path, {*self._layout.text, *self._state.fields})
        return reduce(or_, (self._state.having(name) for name in names), BitMap())

    def _text(self, expression: str, path: str | None) -> BitMap:
        columns = [self._layout.columns[name] for name in self._names(path, self._layout.text)]
        if not columns:
            return BitMap()
        asked = expression if path is None else f"{{{' '.join(columns)}}} : ({expression})"
        if asked in self._state.found:
            return self._state.found[asked]
        rows = self._connection.execute("SELECT rowid FROM tekst WHERE tekst MATCH ?", (asked,))
        return self._state.remember(asked, BitMap([row[0] for row in rows]))

    def _any_word(self, found: list[str], path: str | None) -> BitMap:
        texts = (self._text(" OR ".join(f'"{word}"' for word in part), path) for part in batches(found, AT_ONCE))
        return reduce(or_, texts, BitMap())

    def _glob(self, wanted: str) -> list[str]:
        part = wanted.strip("*")
        if wanted == f"*{part}*" and part.isalpha():
            return list(islice(_with_part(self._state.words, part), PATTERN_EXPANSIONS))
        statement = "SELECT woord FROM woord WHERE woord GLOB ? LIMIT ?"
        return [row[0] for row in self._connection.execute(statement, (wanted, PATTERN_EXPANSIONS))]

    def _coded(self, path: str | None, wanted: str) -> BitMap:
        """What has a code like this."""
        name, form = self._layout.code
        lead = form.partition("{")[0].casefold()
        if not self._names(path, [name]) or not wanted.startswith((lead, "*", "?")):
            return BitMap()
        digits = wanted.removeprefix(lead)
        if digits.isascii() and digits.isdigit():
            id = int(digits[:9])
            return BitMap([id]) & self._state.everything if form.format(id).casefold() == wanted else BitMap()
        if path is None or not {"*", "?"} & set(wanted):
            return BitMap()
        fits = compile_pattern(translate(wanted)).match
        return BitMap(id for id in self._state.everything if fits(form.format(id).casefold()))


FINDERS: dict[type, Callable[..., BitMap | None]] = {
    Everything: Matcher.everything,
    Combined: Matcher.combined,
    OneOf: Matcher.one_of,
    Words: Matcher.words,
    Phrase: Matcher.phrase,
    Pattern: Matcher.pattern,
    Near: Matcher.near,
    Between: Matcher.between,
}


def _holding(values: Values, wanted: list[str]) -> BitMap:
    """The ids with a value in which these words follow each other."""
    having = [values.by_word.get(word, frozenset()) for word in wanted]
    both = frozenset.intersection(*having)
    if len(wanted) > 1:
        both = frozenset(value for value in both if " ".join(wanted) in " ".join(words(value)))
    return values.union(both)


def _fitting(values: Values, wanted: str) -> BitMap:
    """The ids with a value of which a word, or the whole, fits the pattern."""
    fits = compile_pattern(translate(wanted)).match
    by_word = (value for word, held in values.by_word.items() if fits(word) for value in held)
    whole = (value for value in values.sets if fits(plain(value)))
    return values.union(frozenset((*by_word, *whole)))


def _alike(word: str, known: WordsByLength, errors: int) -> Iterator[str]:
    """Words that differ by so many typing errors, the most alike first; a swap of two letters is one."""
    near = [each for length in range(len(word) - errors, len(word) + errors + 1) for each in known.get(length, ())]
    found = process.extract(word, near, scorer=OSA.distance, processor=None, score_cutoff=errors, limit=EXPANSIONS)
    return (each for each, _, _ in found)


def _with_part(lines: str, part: str) -> Iterator[str]:
    """The words with this part, of one word a line."""
    found = lines.find(part)
    while found >= 0:
        end = lines.index("\n", found)
        yield lines[lines.rindex("\n", 0, found) + 1 : end]
        found = lines.find(part, end)


def _range(low: str | None, high: str | None, with_low: bool, with_high: bool) -> Callable[[str], bool]:
    lowest, highest = (None if text is None else order_of(text) for text in (low, high))

    def within(value: str) -> bool:
        place = order_of(value)
        # A number among words, or a word among numbers, lies in no range.
        if any(end is not None and end[0] != place[0] for end in (lowest, highest)):
            return False
        above = lowest is None or place > lowest or (with_low and place == lowest)
        return above and (highest is None or place < highest or (with_high and place == highest))

    return within
