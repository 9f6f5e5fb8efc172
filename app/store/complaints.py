"""What to tell of a query that is wrong: the engine's complaints as Dutch sentences with line and column."""

from __future__ import annotations

import re

from app.errors import BadQuery
from app.store.keywords import POSITION, offset, position

_PROLOGUE = re.compile(r"(?:\s|#[^\n\r]*|BASE\s*<[^>]*>|PREFIX\s*[^\s:<]*:\s*<[^>]*>)*", re.IGNORECASE)
_UPDATE = re.compile(r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", re.IGNORECASE)
_PREFIXED_NAME = re.compile(r"([^\s:;,.(){}\[\]<>|/^]*):[^\s:;,(){}\[\]<>|/^]*$")
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
    line, column = position(message)
    if is_update(text):
        return BadQuery("Dit is een wijziging, geen vraag; wijzigen kan hier niet.", line, column)
    reason = _reason(text, offset(text, line, column), found[3])
    return BadQuery(f"Schrijffout op regel {line}, kolom {column}: {reason}.", line, column)


def not_possible(message: str) -> BadQuery:
    """A query that is well written but cannot be answered."""
    if found := _UNKNOWN_FUNCTION.search(message):
        return BadQuery(f"De functie {found[1]} bestaat hier niet.")
    return BadQuery(f"Deze vraag is niet te beantwoorden: {message}.")


def is_update(text: str) -> bool:
    """Whether the text begins as a SPARQL Update."""
    prologue = _PROLOGUE.match(text)
    return prologue is not None and _UPDATE.match(text, prologue.end()) is not None


def _reason(text: str, offset: int, expected: str) -> str:
    if "Prefix not found" in expected and (name := _PREFIXED_NAME.search(text[:offset])):
        return f"het voorvoegsel {name[1]}: is niet verklaard, zet er PREFIX {name[1]}: <...> voor"
    for complaint, reason in _REASONS.items():
        if complaint in expected:
            return reason
    rest = text[offset:].split(maxsplit=1)
    place = f"“{rest[0][:30]}” kan hier niet staan" if rest else "de vraag houdt te vroeg op"
    return place + _wanted(expected)


def _wanted(expected: str) -> str:
    """What the engine would have taken, when that is a short list."""
    words = list(dict.fromkeys(symbol or word for symbol, word in _WANTED.findall(expected)))
    if not words or len(words) > 4 or "[" in expected.replace('"["', ""):
        return ""
    return f", wel {' of '.join(words)}"
