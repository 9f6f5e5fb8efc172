"""The query syntax of the Verenigingsregister's search (that of Lucene) as a question to our own index.

    parse_query('harmonie AND locaties.postcode:(9000 OR 9030) -naam:jeugd*')

AND, OR, NOT (also && || !), + and -, parentheses, "phrases" with ~distance, * and ?, word~ with typing errors,
field:value and field:(...), [a TO b], {a TO b}, field:>=5, \\ before a sign that is meant as it stands. ^boost is read
and does nothing. As in Lucene, AND makes what stands on both sides required, and what is required leaves the rest
optional: `a AND b OR c` asks for a and b; parentheses say it clearly. Of words without a sign between them one is
enough.

Own code, because luqum 1.0.0 (the library for this) does not know && || and !, refuses words like `'t`, and reads AND
and OR with another precedence than the register does. https://lucene.apache.org/core/9_0_0/queryparser/
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from app.errors import Problem, Refused
from app.model.whole import whole_number
from app.store.search.query import EVERYTHING, Between, Combined, Near, OneOf, Pattern, Phrase, Query, Words

LONGEST = 8000
MOST_PARTS = 1024
DEEPEST = 40
MOST_STARS = 5
EXISTS = "_exists_"
# The register finds both when one of these types is asked for.
TYPE, SAME_TYPE = "verenigingstype.code", ("FV", "VZER")
NOT_UNDERSTOOD = "Deze zoekvraag is niet juist geschreven."

TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<and>AND(?=[\s()]|$)|&&) | (?P<or>OR(?=[\s()]|$)|\|\|) | (?P<not>NOT(?=[\s()]|$)|!(?=[^\s]))
    | (?P<plus>\+(?=[^\s])) | (?P<minus>-(?=[^\s])) | (?P<open>\() | (?P<close>\))
    | (?P<field>(?:[\w.*?@-]|\\.)+)\s*:(?!//)
    | (?P<range>[\[{]\s*(?P<low>"[^"]*"|[^\s\]}]+)\s+TO\s+(?P<high>"[^"]*"|[^\s\]}]+)\s*[\]}])
    | (?P<bound>[<>]=?)(?=[^\s<>=])
    | "(?P<phrase>(?:[^"\\]|\\.)*)"(?:~(?P<apart>\d{1,3}))?
    | (?P<regex>/[^/\s]+/(?=\s|\)|$))
    | (?P<word>(?:[^\s()"\[\]{}^~:\\]|\\.|:(?=//)|(?<=[^\s]):(?=\d))+)(?:~(?P<errors>\d?(?:\.\d+)?))?
    | (?P<boost>\^\d+(?:\.\d+)?)
    """,
    re.VERBOSE,
)
ESCAPE = re.compile(r"\\(.)")
WILD = re.compile(r"(?<!\\)[*?]")


class Role(Enum):
    MUST, SHOULD, NOT = range(3)


@dataclass
class Group:
    """What stands between two parentheses, while it is read."""

    field: str | None
    parts: list[tuple[Role, Query]] = dataclasses.field(default_factory=list)
    joined_by: str = ""
    sign: str = ""


def parse_query(text: str, all_words: bool = False) -> Query:
    """Read a query; with `all_words` words without a sign between them are all required. Raises Refused."""
    if not text.strip():
        return EVERYTHING
    if len(text) > LONGEST:
        raise refused(f"Een zoekvraag telt hoogstens {LONGEST} tekens.")
    return _Reader(all_words).read(text)


class _Reader:
    def __init__(self, all_words: bool) -> None:
        self._all_words = all_words
        self._stack = [Group(None)]
        self._field: str | None = None
        self._count = 0

    def read(self, text: str) -> Query:
        for token in _tokens(text):
            self._take(token)
        if len(self._stack) > 1:
            raise refused("Een haakje blijft open.")
        group = self._stack[0]
        self._complete(group)
        return _combined(group)

    def _take(self, token: re.Match[str]) -> None:
        kind, group = token.lastgroup or "", self._stack[-1]
        found = token.groupdict()
        if found["and"] or found["or"]:
            self._join(group, "and" if found["and"] else "or")
        elif found["not"] or found["plus"] or found["minus"]:
            group.sign = "+" if found["plus"] else "-"
        elif found["open"]:
            self._stack.append(Group(self._field if self._field is not None else group.field))
            self._field = None
            if len(self._stack) > DEEPEST:
                raise refused("Er staan te veel haakjes in elkaar.")
        elif found["close"]:
            self._close()
        elif found["field"] is not None:
            if self._field is not None:
                raise refused("Zet \\ voor een dubbele punt die bij het zoekwoord hoort.")
            self._field = ESCAPE.sub(r"\1", found["field"])
        elif found["bound"]:
            self._field = f"{self._field or ''}\0{found['bound']}"
        elif kind not in ("space", "boost"):
            self._add(self._leaf(token))

    def _join(self, group: Group, sign: str) -> None:
        if not group.parts or group.joined_by or group.sign:
            raise refused("AND of OR staat tussen twee zoekwoorden.")
        group.joined_by = sign

    def _close(self) -> None:
        if len(self._stack) == 1:
            raise refused("Een haakje sluit dat niet open was.")
        group = self._stack.pop()
        self._complete(group)
        self._add(_combined(group))

    def _complete(self, group: Group) -> None:
        if self._field is not None or group.joined_by or group.sign:
            raise refused("De zoekvraag houdt halverwege op.")

    def _add(self, query: Query) -> None:
        """After the rules of Lucene: AND makes its left side required too, unless that is excluded."""
        group, self._field = self._stack[-1], None
        self._count += 1
        if self._count > MOST_PARTS:
            raise refused("De zoekvraag heeft te veel delen.")
        if group.parts and group.joined_by:
            role, previous = group.parts[-1]
            wanted = Role.MUST if group.joined_by == "and" else Role.SHOULD if self._all_words else role
            group.parts[-1] = (role if role is Role.NOT else wanted, previous)
        required = group.joined_by == "and" or (self._all_words and group.joined_by != "or")
        role = Role.NOT if group.sign == "-" else Role.MUST if group.sign == "+" or required else Role.SHOULD
        group.parts.append((role, query))
        group.joined_by = group.sign = ""

    def _leaf(self, token: re.Match[str]) -> Query:
        path, _, bound = (self._field or "").partition("\0")
        field = path or self._stack[-1].field
        found = token.groupdict()
        if found["range"]:
            shown = found["range"]
            low, high = (_unquoted(found[name]) for name in ("low", "high"))
            return Between(field, low, high, shown[0] == "[", shown[-1] == "]")
        if found["regex"]:
            raise refused("Een patroon tussen schuine strepen kan niet; gebruik * en ?.")
        if found["phrase"] is not None:
            return Phrase(field, ESCAPE.sub(r"\1", found["phrase"]), int(found["apart"] or 0))
        return _word(field, found["word"], bound, found["errors"])


def _word(field: str | None, text: str, bound: str, errors: str | None) -> Query:
    plain = ESCAPE.sub(r"\1", text)
    if bound:
        low, high = (plain, None) if bound[0] == ">" else (None, plain)
        return Between(field, low, high, bound == ">=", bound == "<=")
    if errors is not None:
        return Near(field, plain, whole_number(errors))
    if text == "*" and field is None:
        return EVERYTHING
    if field == EXISTS:
        return Pattern(plain, "*")
    if text.count("*") > MOST_STARS:
        raise refused(f"Gebruik hoogstens {MOST_STARS} sterretjes in één woord.")
    if field == TYPE and plain.upper() in SAME_TYPE:
        return OneOf(TYPE, SAME_TYPE)
    return Pattern(field, plain) if WILD.search(text) else Words(field, plain)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(text):
        token = TOKEN.match(text, place)
        if token is None or token.end() == place:
            raise refused(f"Bij teken {place + 1} staat iets wat daar niet kan.")
        yield token
        place = token.end()


def _combined(group: Group) -> Query:
    if len(group.parts) == 1 and group.parts[0][0] is not Role.NOT:
        return group.parts[0][1]
    must, should, not_ = (tuple(query for role, query in group.parts if role is wanted) for wanted in Role)
    return Combined(must, should, not_)


def _unquoted(text: str) -> str | None:
    return None if text == "*" else ESCAPE.sub(r"\1", text.strip('"'))


def refused(message: str) -> Refused:
    """The refusal of a question, with what is wrong with it."""
    return Refused(NOT_UNDERSTOOD, [Problem("q", message)])
