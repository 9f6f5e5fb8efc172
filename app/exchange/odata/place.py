"""What an address under the OData service names.

place_of("Verenigingen('V0001001')/Locaties", tables)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import Unknown
from app.exchange.odata.lists import Column, Table
from app.exchange.odata.metadata import others_of

PATH = re.compile(
    r"(?P<list>\w+)(?:\((?P<key>(?:[^()']|'(?:[^']|'')*')*)\))?(?:/(?P<next>[\w$]+))?(?:/(?P<last>\$count))?"
)
# A longer one is of nothing here, and could take the square of its length to see.
LONGEST = 500
KEY = re.compile(r"(?:(?<!\w)(\w+)=)?'((?:[^']|'')*)'(?:,|$)")
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Place:
    """What an address names: a list, perhaps one row of it, perhaps a list about that row."""

    table: Table
    key: Key = ()
    to: Table | None = None
    column: Column | None = None
    counted: bool = False

    @property
    def listed(self) -> Table:
        """The list that is asked."""
        return self.to or self.table


def place_of(path: str, tables: Sequence[Table]) -> Place:
    """What the address names; raises Unknown."""
    found = PATH.fullmatch(path.strip("/"))
    table = next((each for each in tables if found and each.name == found["list"]), None)
    if found is None or table is None:
        raise Unknown(f"Op dit adres staat geen lijst. Er zijn: {', '.join(each.name for each in tables)}.")
    key = () if found["key"] is None else _key(found["key"], table)
    next_name, counted = found["next"], found["last"] is not None
    if next_name is None:
        return Place(table, key)
    if next_name == "$count" and not key and not counted:
        return Place(table, counted=True)
    to = next((each for each in others_of(table, tables) if each.name == next_name), None)
    if key and to:
        return Place(table, key, to, counted=counted)
    column = table.column(next_name)
    if key and column and not counted:
        return Place(table, key, column=column)
    raise Unknown("Op dit adres staat niets.")


def _key(text: str, table: Table) -> Key:
    """`'V0001001'`, or `vCode='V0001001',id='...'`; raises Unknown."""
    known = text if len(text) <= LONGEST else ""
    pairs = [(name or table.key[0], value.replace("''", "'")) for name, value in KEY.findall(known)]
    if KEY.sub("", known) or sorted(name for name, _ in pairs) != sorted(table.key):
        raise Unknown(f"Een rij van {table.name} heeft een sleutel met {', '.join(table.key)}.")
    return tuple(pairs)


def key_text(key: Key) -> str:
    """
    >>> key_text((("vCode", "V0001001"), ("code", "SPRT")))
    "vCode='V0001001',code='SPRT'"
    """
    quoted = [(name, "'" + value.replace("'", "''") + "'") for name, value in key]
    return quoted[0][1] if len(quoted) == 1 else ",".join(f"{name}={value}" for name, value in quoted)
