"""Names for blank nodes, the same each time that a page says the same of them.

https://www.w3.org/TR/rdf11-concepts/#section-skolemization
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256

from app.exchange.rdfa.statements import Statement

ROUNDS = 3  # deep enough for a list in a node in a node; those alike to there get a number


def name_blanks(statements: list[Statement], url: str, start: str) -> list[Statement]:
    """The statements with an IRI under `start` for each blank node: a digest of the page and of what is said there."""
    blanks = dict.fromkeys(t for s in statements for t in (s.subject, s.object) if isinstance(t, str) and _is_blank(t))
    if not blanks:
        return statements
    names = _digests(statements, dict.fromkeys(blanks, ""), url)
    used: dict[str, int] = defaultdict(int)
    iris = {}
    for blank, name in names.items():
        used[name] += 1
        iris[blank] = f"{start}{name}" + (f"-{used[name]}" if used[name] > 1 else "")
    return [
        s._replace(
            subject=iris.get(s.subject, s.subject),
            object=iris.get(s.object, s.object) if isinstance(s.object, str) else s.object,
        )
        for s in statements
    ]


def _digests(statements: list[Statement], names: dict[str, str], url: str) -> dict[str, str]:
    for _ in range(ROUNDS):
        said: dict[str, list[str]] = {blank: [] for blank in names}
        for subject, predicate, object, _line in statements:
            if subject in said:
                value = names.get(object, object) if isinstance(object, str) else repr(object)
                said[subject].append(f"> {predicate} {value}")
            if isinstance(object, str) and object in said:
                said[object].append(f"< {predicate} {names.get(subject, subject)}")
        names = {blank: _digest(url, names[blank], *sorted(lines)) for blank, lines in said.items()}
    return names


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def _is_blank(term: str) -> bool:
    return term.startswith("_:")
