"""Whether a query uses a keyword, such as SERVICE, that a stranger's query may not.

That is left to the engine's own parser. A lexer of our own would have to cut the text exactly as it does, and it cuts
as no textbook says: it takes `SERVICEex:a{}` for SERVICE and an IRI, and `1<2)SERVICE#>` for a comparison, a bracket,
SERVICE and a comment. So the word is spelt otherwise wherever it stands. In names, strings, IRIs and comments that
changes nothing for the parser; if the text no longer parses, it was used.
"""

from __future__ import annotations

import re
from itertools import product

# Nothing that any text could go on with: what ends so never parses, and is never run.
IMPOSSIBLE = "\n\x01"
# More than the longest keyword.
ROOM = " " * 12
# Longer texts are not stretched: who writes them does not read the answer.
LONG = 50_000
SPACE = re.compile(r"\s+")
POSITION = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)


def respelt(text: str, keyword: str) -> str | None:
    """The text with `keyword` spelt otherwise everywhere, every character in its place; None when it nowhere occurs.

    >>> respelt("ASK { ?Service ?p 'service' }", "service")
    "ASK { ?Servqqq ?p 'servqqq' }"
    """
    lowered = text.lower()
    if keyword not in lowered:
        return None
    # A word that is in the text already could make two names one.
    endings = map("".join, product("qxzjkwvy", repeat=3))
    ending = next((one for one in endings if keyword[:-3] + one not in lowered), None)
    if ending is None:
        raise ValueError(f"het woord {keyword} komt te vaak voor")
    return re.sub(keyword, lambda found: found[0][:-3] + _in_case(ending, found[0][-3:]), text, flags=re.I | re.A)


def _in_case(ending: str, like: str) -> str:
    """`?SERVICE` and `?service` are two variables and must stay so."""
    return "".join(new.upper() if old.isupper() else new for new, old in zip(ending, like, strict=True))


def position(message: str) -> tuple[int, int]:
    """Line and column of the engine's complaint, both from 1; (0, 0) when it names none."""
    found = POSITION.search(message)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def stretched(text: str) -> str:
    """The text with room between its words, in which the engine points at the right one.

    It points at the furthest place that it has looked at, and where it looks for OPTIONAL it looks eight characters
    ahead: past a mistake in the next word, if that is near.
    """
    if len(text) > LONG:
        return text
    return SPACE.sub(lambda space: space[0] + ROOM, text) + "\n" + 2 * ROOM


def unstretched(text: str, place: int) -> int:
    """Where in `text` stands what stands at `place` in the stretched text."""
    if len(text) > LONG:
        return place
    for number, space in enumerate(SPACE.finditer(text)):
        if place < space.end() + (number + 1) * len(ROOM):
            return max(space.start(), min(place - number * len(ROOM), space.end()))
    return place - len(ROOM) * len(SPACE.findall(text))
