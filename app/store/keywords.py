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


def offset(text: str, line: int, column: int) -> int:
    """Where in the text line and column point, both from 1."""
    before = text.split("\n")[: line - 1]
    return sum(len(one) + 1 for one in before) + column - 1
