"""From u to je and back: a proposal for a text, and what a person has to look at; never more than that.

>>> aid = load_aid(Path(__file__).parents[2])
>>> aid.to_je("Vraagt u dit aan? Dan krijgt u uw attest.").text
'Vraag je dit aan? Dan krijg je je attest.'
>>> aid.to_je("Open tot 12 u.").text
'Open tot 12 u.'

What it knows of Dutch is in `ontology/aanspreekvorm.toml`. It reads word by word with the clause around it, and knows
no grammar beyond that: where that is not enough, it leaves a doubt. Tags of HTML, addresses and hours stay.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

_TOKEN = re.compile(r"<[^>]*>|\S*(?:://|www\.|@)[^\s<]*|&\w+;|[^\W_]+(?:['’-][^\W_]+)*|\s+|.", re.DOTALL)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BREAK = re.compile(r"[.!?;:,()]|</?(?:p|li|br|h\d|td|th|div|ul|ol)\b.*", re.DOTALL | re.IGNORECASE)
_NO_T = frozenset({"moet", "mag", "kan", "wil", "zal", "zou", "had", "was", "kon", "moest", "mocht", "kreeg", "zit",
                   "zet", "laat", "weet", "eet", "heet", "sluit", "geniet", "start", "vergeet", "verlaat", "richt",
                   "wacht", "verwacht", "bezit", "schat", "sport"})  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """The other form of a text, and the doubts that it leaves, as Dutch sentences with the words they are about."""

    text: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aid:
    """What is known of Dutch, ready to be used."""

    before_je: Mapping[str, str]
    archaic: Mapping[str, str]
    towards: frozenset[str]
    subjects: frozenset[str]
    prepositions: frozenset[str]
    conjunctions: frozenset[str]
    phrases: tuple[tuple[str, str], ...]
    doubts: Mapping[str, str]
    auxiliaries: frozenset[str]

    def to_je(self, text: str) -> Proposal:
        """What says u, saying je."""
        return _Rewriting(self, _swapped(text, self.phrases)).to_je()

    def to_u(self, text: str) -> Proposal:
        """What says je, saying u."""
        return _Rewriting(self, _swapped(text, [(je, u) for u, je in self.phrases])).to_u()

    @cached_property
    def before_u(self) -> Mapping[str, str]:
        """The form with u of each form before je; of two the first in the list."""
        return {je: u for u, je in reversed(list(self.before_je.items()))}


def load_aid(root: Path) -> Aid:
    """Read the data."""
    told = tomllib.loads((root / "ontology" / "aanspreekvorm.toml").read_text())
    regular = {stem if stem.endswith("t") or stem in _NO_T else f"{stem}t": stem for stem in told["stems"].split()}
    phrases = sorted(((each["u"], each["je"]) for each in told["phrases"]), key=lambda pair: -len(pair[0]))
    return Aid(
        before_je={**regular, **told["irregular"], "heeft": "heb"},
        archaic=told["archaic"],
        towards=frozenset(told["towards"]["verbs"].split()),
        subjects=frozenset(told["towards"]["subjects"].split()),
        prepositions=frozenset(told["words"]["prepositions"].split()),
        conjunctions=frozenset(told["words"]["conjunctions"].split()),
        phrases=tuple(phrases),
        doubts=told["doubts"],
        auxiliaries=frozenset(told["words"]["auxiliaries"].split()),
    )


@dataclass
class _Rewriting:
    """One text while it is rewritten: its tokens, and what it leaves in doubt."""

    aid: Aid
    text: str
    doubts: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = _TOKEN.findall(self.text)
        self.words = [index for index, token in enumerate(self.tokens) if _WORD.fullmatch(token)]

    def to_je(self) -> Proposal:
        """The text with je for u."""
        for place, index in enumerate(self.words):
            word = self.tokens[index].casefold()
            if word == "u":
                self._u(place, index)
            elif word == "uw":
                self._put(index, "je")
            elif word in ("zich", "gelieve"):
                self._doubt(word, index)
        return self._done()

    def to_u(self) -> Proposal:
        """The text with u for je."""
        for place, index in enumerate(self.words):
            word = self.tokens[index].casefold()
            if word in ("je", "jij"):
                self._je(place, index)
            elif word == "jou":
                self._put(index, "u")
            elif word == "jouw":
                self._put(index, "uw")
        return self._done()

    # --- From u -------------------------------------------------------------------------------------------------------

    def _u(self, place: int, index: int) -> None:
        before, after = self._neighbour(place, -1), self._neighbour(place, +1)
        if before.isdigit():
            return  # An hour.
        if after in self.aid.archaic and before not in self.aid.prepositions:
            self._put(self.words[place + 1], self.aid.archaic[after])
        if before in self.aid.prepositions:
            self._put(index, "je" if self._is_verb(after) else "jou")
            return
        if before in self.aid.before_je or before in self.aid.towards:
            self._after_verb(place, before)
        elif before.endswith("t") and before not in self.aid.conjunctions and not self._starts(place):
            self._unknown(place, before)
        self._put(index, "je")

    def _after_verb(self, place: int, verb: str) -> None:
        """Who does it, or to whom: `Daarna krijgt u` loses its t, `De gemeente helpt u` does not."""
        verb_at = self.words[place - 1]
        clause = self._clause_before(place - 1)
        if verb in self.aid.towards and clause and clause[0] in self.aid.subjects:
            return
        if verb not in self.aid.before_je:
            self._doubt("voorwerp", verb_at)
            return
        if clause and clause[0] in self.aid.subjects and clause[0] not in ("dat", "dit", "wie"):
            self._doubt("voorwerp", verb_at)
        if not clause and self._ends_as_order(place):
            self._doubt("imperatief", verb_at)
        self._put(verb_at, self.aid.before_je[verb])

    def _unknown(self, place: int, before: str) -> None:
        if self._starts(place - 1) or len(before) > 4:
            self._doubt("werkwoord", self.words[place - 1])

    # --- From je ------------------------------------------------------------------------------------------------------

    def _je(self, place: int, index: int) -> None:
        before, after = self._neighbour(place, -1), self._neighbour(place, +1)
        if self._is_order(place, before):
            self._doubt("bezit", index)
            self._put(index, "uw")
        elif before in self.aid.before_u and not self._subject_before(place - 1):
            self._put(self.words[place - 1], self.aid.before_u[before])
            self._put(index, "u")
        elif self._is_verb(after) or not after or before in self.aid.conjunctions or self._ends(place):
            self._put(index, "u")
        elif before in self.aid.prepositions or self._starts(place):
            self._doubt("bezit", index)
            self._put(index, "uw")
        else:
            self._doubt("bezit", index)
            self._put(index, "u" if before in self.aid.towards else "uw")

    def _is_order(self, place: int, before: str) -> bool:
        """`Neem je kaart mee.`: the first word of a sentence that neither asks nor sets a condition."""
        plain = before in self.aid.before_u and before not in self.aid.auxiliaries
        return plain and self._opens(place - 1) and self._ends_as_order(place)

    def _subject_before(self, place: int) -> bool:
        clause = self._clause_before(place)
        return bool(clause) and clause[0] in self.aid.subjects

    # --- Looking around -----------------------------------------------------------------------------------------------

    def _is_verb(self, word: str) -> bool:
        return word in self.aid.before_je or word in self.aid.archaic

    def _neighbour(self, place: int, step: int) -> str:
        """The word beside, in the same clause; empty when there is none."""
        there = place + step
        if not 0 <= there < len(self.words):
            return ""
        first, last = sorted((self.words[place], self.words[there]))
        if any(_BREAK.fullmatch(token) for token in self.tokens[first + 1 : last]):
            return ""
        return str(self.tokens[self.words[there]]).casefold()

    def _clause_before(self, place: int) -> list[str]:
        """The words of the clause before this one, first to last."""
        found: list[str] = []
        while place > 0 and (word := self._neighbour(place, -1)):
            found.append(word)
            place -= 1
        return found[::-1]

    def _starts(self, place: int) -> bool:
        return not self._neighbour(place, -1)

    def _opens(self, place: int) -> bool:
        """Whether this is the first word of a sentence, not merely of what follows a comma."""
        before = reversed(self.tokens[: self.words[place]])
        mark = next((token for token in before if _BREAK.fullmatch(token)), ".")
        return self._starts(place) and mark not in (",", ";", "(", ")")

    def _ends(self, place: int) -> bool:
        return not self._neighbour(place, +1)

    def _ends_as_order(self, place: int) -> bool:
        """Whether the clause ends with a full stop: neither a question nor a condition."""
        rest = self.tokens[self.words[place] :]
        mark = next((token for token in rest if _BREAK.fullmatch(token)), "")
        return mark == "."

    def _put(self, index: int, word: str) -> None:
        old = self.tokens[index]
        self.tokens[index] = word[0].upper() + word[1:] if old[0].isupper() else word

    def _doubt(self, kind: str, index: int) -> None:
        around = "".join(self.tokens[max(0, index - 4) : index + 5])
        shown = " ".join(re.sub(r"<[^>]*>", " ", around).split())
        self.doubts[f"{self.aid.doubts[kind]} (… {shown} …)"] = None

    def _done(self) -> Proposal:
        return Proposal("".join(self.tokens), tuple(self.doubts))


def _swapped(text: str, phrases: Iterable[tuple[str, str]]) -> str:
    for old, new in phrases:
        pattern = re.compile(rf"(?<![\w.]){re.escape(old)}(?!\w)", re.IGNORECASE)
        text = pattern.sub(partial(_as_written, new), text)
    return text


def _as_written(new: str, old: re.Match[str]) -> str:
    return new[0].upper() + new[1:] if old[0][0].isupper() else new
