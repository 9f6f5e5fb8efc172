"""What to tell of a query that is wrong: the engine's complaints as Dutch sentences with line and column."""

from __future__ import annotations

import re
from string import ascii_letters, digits

from app.errors import BadQuery
from app.store.queries.keywords import POSITION, stretched, unstretched

_PROLOGUE = re.compile(r"(?:\s|#[^\n\r]*[\n\r]|BASE\s*<[^>]*>|PREFIX\s*[^\s:<]*:\s*<[^>]*>)*", re.IGNORECASE)
_UPDATE = re.compile(r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", re.IGNORECASE)
_DECLARED = re.compile(r"PREFIX\s+([^\s:<]*):", re.IGNORECASE)
_PREFIXED_NAME = re.compile(r"([A-Za-z][\w.-]*|):[\w%\\.:-]*")
_KEYWORDS = re.compile(r"[A-Z]+(?:, [A-Z]+)*")
_WORD = ascii_letters + digits + ":_-"
# Names are looked for only near the mistake: a query of a megabyte without a space must not cost a minute.
_NEAR = 200
_WANTED = re.compile(r'"((?:[^"\\]|\\.){1,3})"|\b([A-Z]{2,})\b')
_UNKNOWN_FUNCTION = re.compile(r"custom (?:aggregate )?function (<[^>]*>) is not supported")
_REASONS = {
    "IRI parsing failed": "dit is geen geldige, volledige IRI",
    "The SELECT contains a variable that is unbound": "SELECT noemt een variabele die niet in GROUP BY staat",
}


def service_refused() -> BadQuery:
    """Refuse a federated query: it would let a stranger make us call our own network."""
    return BadQuery("SERVICE kan hier niet: deze dienst stelt geen vragen aan andere adressen.")


def syntax_error(text: str, message: str) -> BadQuery:
    """The engine's complaint about `text` as a Dutch sentence with line and column."""
    if not text.strip():
        return BadQuery("De vraag is leeg.")
    found = POSITION.search(message)
    if found is None:
        return BadQuery(f"De vraag is niet juist geschreven: {message}")
    place = _place(text, int(found[1]), int(found[2]), found[3])
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    if is_update(text):
        return BadQuery("Dit is een wijziging, geen vraag; wijzigen kan hier niet.", line, column)
    return BadQuery(f"Schrijffout op regel {line}, kolom {column}: {_reason(text, place, found[3])}.", line, column)


def not_possible(message: str) -> BadQuery:
    """A query that is well written but cannot be answered."""
    if found := _UNKNOWN_FUNCTION.search(message):
        return BadQuery(f"De functie {found[1]} bestaat hier niet.")
    return BadQuery(f"Deze vraag is niet te beantwoorden: {message}.")


def is_update(text: str) -> bool:
    """Whether the text begins as a SPARQL Update."""
    prologue = _PROLOGUE.match(text)
    return prologue is not None and _UPDATE.match(text, prologue.end()) is not None


def _place(text: str, line: int, column: int, expected: str) -> int:
    """Where in the text the mistake is, told where the engine sees it in the stretched text.

    A keyword that the engine looks for in vain counts as read as far as it is long.
    """
    before = stretched(text).split("\n")[: line - 1]
    place = sum(len(one) + 1 for one in before) + column - 1
    if _KEYWORDS.fullmatch(expected):
        place -= max(map(len, expected.split(", ")))
    place = unstretched(text, place)
    if "IRI parsing failed" in expected:
        return max(text.rfind("<", 0, place), 0)
    end = len(text.rstrip())
    if place >= end or not text[place].isspace():
        return min(place, end)
    # At the end of a word it is the word that is wrong.
    return len(text[:place].rstrip(_WORD))


def _reason(text: str, place: int, expected: str) -> str:
    for complaint, reason in _REASONS.items():
        if complaint in expected:
            return reason
    if prefix := _undeclared(text, place):
        return f"het voorvoegsel {prefix} is niet verklaard, zet er PREFIX {prefix} <...> voor"
    rest = text[place:].split(maxsplit=1)
    found = f"“{rest[0][:30]}” kan hier niet staan" if rest else "de vraag houdt te vroeg op"
    return found + _wanted(expected)


def _undeclared(text: str, place: int) -> str | None:
    """The prefix, with its colon, of a name that begins or ends here, when nothing declares it."""
    declared = set(_DECLARED.findall(text))
    start = max(place - _NEAR, 0)
    names = _PREFIXED_NAME.finditer(text[start : place + _NEAR])
    here = (name for name in names if place - start in name.span() and name[1] not in declared)
    return next((f"{name[1]}:" for name in here), None)


def _wanted(expected: str) -> str:
    """What the engine would have taken, when that is a short list."""
    found = (symbol or word for symbol, word in _WANTED.findall(expected))
    words = list(dict.fromkeys(word for word in found if not word.startswith("\\")))
    if not words or len(words) > 4 or _KEYWORDS.fullmatch(expected) or "[" in expected.replace('"["', ""):
        return ""
    return f", wel {' of '.join(words)}"
