"""Hints on plain language: what makes a text hard to read, with the words that it is about; hints, never rules.

>>> help = load_plain_language(Path(__file__).parents[2])
>>> [hint.kind for hint in help.hints("Teneinde dit te doen wordt het formulier ingevuld.")]
['woord', 'lijdend']
>>> syllables("financiële"), syllables("idee"), syllables("beambte")
(5, 2, 3)

Words, lengths and levels are in `ontology/klare-taal.toml`. The reading level is the Flesch-Douma index for Dutch.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.model.markup import to_plain

LONG, PASSIVE, ABBREVIATION, JARGON, PARAGRAPH = "lang", "lijdend", "afkorting", "woord", "alinea"
# Vowels that sound as one; a trema begins a new syllable.
_NUCLEUS = re.compile(
    r"aai|ooi|oei|eeuw|ieuw|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|ou|au|[aeiouyáàâéèêíìîóòôúùûäëïöü]", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]*")
_CAPITALS = re.compile(r"\b(?:[A-ZÉ]{2,6}|[A-Z]{2,5}s)\b")
_TAG = re.compile(r"<[^<>]*>")
_BLOCK = re.compile(r"</(?:p|li|h\d|td|th|div)>|<br\s*/?>", re.IGNORECASE)
SHOWN = 60


@dataclass(frozen=True)
class Hint:
    """One thing to look at: what kind, what to do, and the words that it is about."""

    kind: str
    advice: str
    quote: str


@dataclass(frozen=True)
class Level:
    """How hard a text is to read: the index, 0 to 100 with 100 the easiest, and what that means."""

    index: int
    label: str


@dataclass(frozen=True)
class PlainLanguage:
    """What is known of hard words, ready to be used."""

    lengths: Mapping[str, int]
    levels: tuple[tuple[int, str], ...]
    auxiliaries: frozenset[str]
    participles: str
    known: frozenset[str]
    words: Mapping[str, str]
    wanted: Mapping[str, str]

    def hints(self, markup: str) -> list[Hint]:
        """All hints on a text, in the order of the kinds."""
        text = plain(markup)
        found = [*self._jargon(text), *self._abbreviations(text), *self._paragraphs(text)]
        for sentence in sentences(text):
            found += self._in_sentence(sentence)
        return found

    def level(self, texts: Iterable[str]) -> Level | None:
        """Of all texts together; None when they are too short to say."""
        whole = [sentence for text in texts for sentence in sentences(plain(text))]
        words = [word for sentence in whole for word in _WORD.findall(sentence)]
        if len(words) < self.lengths["words_for_level"]:
            return None
        per_word = sum(map(syllables, words)) / len(words)
        index = round(206.84 - 0.93 * len(words) / len(whole) - 77 * per_word)
        label = next(label for start, label in self.levels if index >= start)
        return Level(max(0, min(100, index)), label)

    def _in_sentence(self, sentence: str) -> Iterator[Hint]:
        words = _WORD.findall(sentence)
        if len(words) > self.lengths["sentence"]:
            yield Hint(LONG, f"Deze zin telt {len(words)} woorden. Maak er twee van.", short(sentence))
        if self.auxiliaries & {word.casefold() for word in words} and self._passive.search(sentence):
            yield Hint(PASSIVE, "Zeg wie het doet, in plaats van dat het gedaan wordt.", short(sentence))

    def _jargon(self, text: str) -> Iterator[Hint]:
        for found in dict.fromkeys(match[0] for match in self._hard.finditer(text)):
            yield Hint(JARGON, f"Makkelijker: {self.words[found.casefold()]}.", found)

    def _abbreviations(self, text: str) -> Iterator[Hint]:
        """Explained is what stands in brackets after its words, or has its words in brackets after it."""
        for found in dict.fromkeys(_CAPITALS.findall(text)):
            explained = re.search(rf"\({found}\)|\b{found} \(", text)
            if found not in self.known and not explained:
                yield Hint(ABBREVIATION, "Schrijf dit de eerste keer voluit, met de afkorting tussen haakjes.", found)

    def _paragraphs(self, text: str) -> Iterator[Hint]:
        for line in text.split("\n"):
            if len(_WORD.findall(line)) > self.lengths["paragraph"]:
                yield Hint(PARAGRAPH, "Dit is een lang stuk. Maak er een opsomming of meer alinea’s van.", short(line))

    @cached_property
    def _hard(self) -> re.Pattern[str]:
        longest = sorted(self.words, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)

    @cached_property
    def _passive(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){self.participles}(?!\w)", re.IGNORECASE)


def load_plain_language(root: Path) -> PlainLanguage:
    """Read the data."""
    told = tomllib.loads((root / "ontology" / "klare-taal.toml").read_text())
    return PlainLanguage(
        lengths=told["lengths"],
        levels=tuple((each["from"], each["label"]) for each in told["levels"]),
        auxiliaries=frozenset(told["passive"]["auxiliaries"].split()),
        participles=told["passive"]["participles"],
        known=frozenset(told["abbreviations"]["known"].split()),
        words=told["words"],
        wanted=told["wanted"],
    )


def syllables(word: str) -> int:
    """How many a Dutch word has, by its groups of vowels."""
    return max(1, len(_NUCLEUS.findall(word)))


def sentences(text: str) -> list[str]:
    """Sentences and items; a full stop inside a word, as in an abbreviation, ends none."""
    return [found.strip() for found in _SENTENCE.findall(text) if _WORD.search(found)]


def plain(markup: str) -> str:
    """The words, one paragraph or item on a line."""
    return to_plain(_TAG.sub(" ", _BLOCK.sub("\n", markup)))


def short(text: str) -> str:
    """As much of a text as a hint shows of it."""
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]} …"
