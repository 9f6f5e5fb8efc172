"""The system query options of OData 4 that a list takes, read and checked; the rest is refused by name.

options = read_options([("$filter", "..."), ("$top", "10")], table, tables)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.errors import Refused
from app.exchange.odata.expressions import parse_filter, parse_order, refused
from app.exchange.odata.lists import Table
from app.exchange.odata.metadata import others_of
from app.model.whole import whole_number
from app.store.search.lists import Expression

KNOWN = ("$filter", "$select", "$orderby", "$top", "$skip", "$count", "$search", "$expand", "$format", "$skiptoken")
NESTED = ("$filter", "$select", "$orderby", "$top")
MOST = 10**9
TOKEN = re.compile(r"r(\d{1,9})-(\d{1,6})|o(\d{1,9})")
# One part of $expand: a name, and options in brackets, in which there may be brackets and quotes again.
# A doubled quote is read as the end of one text and the beginning of the next: in one way only, however many there are.
EXPANDED = re.compile(r"(\w+)(?:\(((?:[^()']|'[^']*'|\((?:[^()']|'[^']*'|\([^()]*\))*\))*)\))?(?:,|$)")
QUOTED = re.compile(r"'(?:[^']|'')*'|;")


class NotOffered(Refused):
    """Part of OData, but not of this service."""


@dataclass(frozen=True)
class Options:
    """What is asked of a list; `expand` by the name of the list that comes along."""

    where: Expression | None = None
    select: tuple[str, ...] = ()
    order: tuple[tuple[Expression, bool], ...] = ()
    top: int | None = None
    skip: int = 0
    counted: bool = False
    search: str | None = None
    expand: Mapping[str, Options] = field(default_factory=dict)
    after: tuple[int, int] | None = None
    offset: int = 0


def read_options(pairs: Iterable[tuple[str, str]], table: Table, tables: Sequence[Table]) -> Options:
    """Raises Refused naming the option that is wrong, NotOffered for what we do not do."""
    given = _once(pairs, KNOWN)
    if "$search" in given and table.path:
        raise NotOffered("$search gaat enkel over Verenigingen.")
    after, offset = _token(given.get("$skiptoken"))
    return replace(
        _nested(given, table, tables),
        skip=_number(given, "$skip") or 0,
        counted=_yes_or_no(given, "$count"),
        search=given.get("$search"),
        expand=_expand(given.get("$expand", ""), table, tables),
        after=after,
        offset=offset,
    )


def _nested(given: Mapping[str, str], table: Table, tables: Sequence[Table]) -> Options:
    """The options that a list takes in $expand too."""
    return Options(
        where=parse_filter(given["$filter"], table, tables) if given.get("$filter") else None,
        select=_select(given.get("$select", ""), table, tables),
        order=parse_order(given["$orderby"], table, tables) if given.get("$orderby") else (),
        top=_number(given, "$top"),
    )


def _once(pairs: Iterable[tuple[str, str]], known: Sequence[str]) -> dict[str, str]:
    """The options by name; other parameters are somebody else's, and are left alone."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if not name.startswith("$"):
            continue
        if name not in known:
            raise NotOffered(f"De optie {name[:40]} kan hier niet. Er zijn: {', '.join(known)}.")
        if name in given:
            raise refused(name, "Deze optie staat er meer dan één keer.")
        given[name] = value.strip()
    return given


def _number(given: Mapping[str, str], option: str) -> int | None:
    text = given.get(option)
    if text is None:
        return None
    number = whole_number(text, MOST)
    if number is None:
        raise refused(option, "Geef een geheel getal vanaf 0.")
    return number


def _yes_or_no(given: Mapping[str, str], option: str) -> bool:
    text = given.get(option, "false").lower()
    if text not in ("true", "false"):
        raise refused(option, "Schrijf true of false.")
    return text == "true"


def _select(text: str, table: Table, tables: Sequence[Table]) -> tuple[str, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    others = {other.name for other in others_of(table, tables)}
    for name in names:
        if name != "*" and name not in others and table.column(name) is None:
            raise refused("$select", f"De lijst {table.name} heeft geen kolom {name[:60]}.")
    return () if "*" in names else tuple(name for name in names if name not in others)


def _expand(text: str, table: Table, tables: Sequence[Table]) -> dict[str, Options]:
    others = {other.name: other for other in others_of(table, tables)}
    found, place = {}, 0
    while place < len(text):
        part = EXPANDED.match(text, place)
        if part is None:
            raise refused("$expand", f"Bij teken {place + 1} staat iets wat daar niet kan.")
        other = others.get(part[1])
        if other is None:
            raise refused("$expand", f"Bij {table.name} hoort geen lijst {part[1][:60]}.")
        given = _once((_pair(each) for each in _split(part[2] or "")), NESTED)
        found[other.name] = _nested(given, other, tables)
        place = part.end()
    return found


def _split(text: str) -> list[str]:
    """The options in brackets, between semicolons that stand in no quotes."""
    marked = QUOTED.sub(lambda mark: "\0" if mark[0] == ";" else mark[0], text)
    return [part for part in marked.split("\0") if part.strip()]


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.strip().partition("=")
    return (name if name.startswith("$") else f"${name}"), value


def _token(text: str | None) -> tuple[tuple[int, int] | None, int]:
    """Where a reader goes on: after a row, or at a number."""
    if text is None:
        return None, 0
    found = TOKEN.fullmatch(text)
    if found is None:
        raise refused("$skiptoken", "Volg de @odata.nextLink zoals hij er staat.")
    return (None, int(found[3])) if found[3] else ((int(found[1]), int(found[2])), 0)
