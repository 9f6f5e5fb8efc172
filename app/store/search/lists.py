"""Tables beside the search index, one row or more for each thing, and questions to them as values.

    rows(connection, layout, Listed("Locaties", where=Op("eq", (Field("postcode"), Value("9000"))), limit=100))

Names of tables and columns are numbers made here, and every value is a bound parameter: no text of a stranger is ever
part of a statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.store.search.layout import Layout


@dataclass(frozen=True)
class Field:
    """A column of the list that is asked, or, within `Some`, of the other list."""

    name: str
    of_other: bool = False


@dataclass(frozen=True)
class Value:
    """A constant."""

    value: str | int | float | bool | None


@dataclass(frozen=True)
class Op:
    """One of `OPERATORS` on its arguments."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class OneOf:
    """Whether a value is among others."""

    of: Expression
    values: tuple[Expression, ...]


@dataclass(frozen=True)
class Some:
    """Whether the same thing has a row in another list, for which something holds."""

    other: str
    condition: Expression | None = None


Expression = Field | Value | Op | OneOf | Some

# A comparison with what is not there is false, and never unknown.
OPERATORS: Mapping[str, str] = {
    "and": "({0} AND {1})",
    "or": "({0} OR {1})",
    "not": "(NOT {0})",
    "eq": "({0} IS {1})",
    "ne": "({0} IS NOT {1})",
    "lt": "coalesce({0} < {1}, 0)",
    "le": "coalesce({0} <= {1}, 0)",
    "gt": "coalesce({0} > {1}, 0)",
    "ge": "coalesce({0} >= {1}, 0)",
    "contains": "coalesce(instr({0}, {1}) > 0, 0)",
    "startswith": "coalesce(substr({0}, 1, length({1})) = {1}, 0)",
    "endswith": "coalesce(length({1}) = 0 OR substr({0}, -length({1})) = {1}, 0)",
    "tolower": "small_letters({0})",
    "toupper": "capitals({0})",
    "length": "length({0})",
    "indexof": "(instr({0}, {1}) - 1)",
    "substring": "substr({0}, {1} + 1)",
    "concat": "({0} || {1})",
    "trim": "trim({0})",
    "year": "CAST(substr({0}, 1, 4) AS INTEGER)",
    "month": "CAST(substr({0}, 6, 2) AS INTEGER)",
    "day": "CAST(substr({0}, 9, 2) AS INTEGER)",
    "hour": "CAST(substr({0}, 12, 2) AS INTEGER)",
    "minute": "CAST(substr({0}, 15, 2) AS INTEGER)",
    "second": "CAST(substr({0}, 18, 2) AS INTEGER)",
    "date": "substr({0}, 1, 10)",
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "div": "({0} / {1})",
    "mod": "({0} % {1})",
    "minus": "(- {0})",
}


@dataclass(frozen=True)
class Listed:
    """One question to a list; `ids` are the things that count, None all of them.

    Without `order` rows come by thing and place, and `after` is the (id, place) of the last one that was seen.
    """

    name: str
    where: Expression | None = None
    order: tuple[tuple[Expression, bool], ...] = ()
    ids: Sequence[int] | None = None
    after: tuple[int, int] | None = None
    offset: int = 0
    limit: int = -1


@dataclass(frozen=True)
class ListRow:
    """One row: of what, which one of it, and its cells in the order of the columns."""

    id: int
    place: int
    cells: tuple[Any, ...] = field(repr=False)


def list_names(layout: Layout) -> Mapping[str, str]:
    """The table of each list."""
    return {name: f"lijst{number}" for number, name in enumerate(layout.lists)}


def list_tables(layout: Layout) -> str:
    """What makes the tables."""
    names = list_names(layout)
    return "".join(
        f"CREATE TABLE IF NOT EXISTS {names[name]}(id INTEGER, plaats INTEGER, "
        f"{', '.join(f'k{number}' for number in range(len(columns)))}, PRIMARY KEY (id, plaats)) WITHOUT ROWID;"
        for name, columns in layout.lists.items()
    )


def list_functions(connection: sqlite3.Connection) -> None:
    """What SQLite does only for letters without accents."""
    for name, change in (("small_letters", str.lower), ("capitals", str.upper)):
        connection.create_function(name, 1, lambda text, change=change: text and change(text), deterministic=True)


def rows(connection: sqlite3.Connection, layout: Layout, asked: Listed) -> list[ListRow]:
    """The rows that fit, in order."""
    sql = _Sql(layout, asked.name)
    columns = ", ".join(f"t.k{number}" for number in range(len(layout.lists[asked.name])))
    order = "".join(f"{sql.text(key)} {'DESC' if descending else 'ASC'}, " for key, descending in asked.order)
    statement = (
        f"SELECT t.id, t.plaats, {columns} FROM {sql.table} t WHERE {sql.where(asked)} "
        f"ORDER BY {order}t.id, t.plaats LIMIT {int(asked.limit)} OFFSET {int(asked.offset)}"
    )
    return [ListRow(row[0], row[1], row[2:]) for row in connection.execute(statement, sql.values)]


def count(connection: sqlite3.Connection, layout: Layout, asked: Listed) -> int:
    """How many rows fit, wherever the reader is among them."""
    sql = _Sql(layout, asked.name)
    statement = f"SELECT count(*) FROM {sql.table} t WHERE {sql.where(asked, from_start=True)}"
    return int(connection.execute(statement, sql.values).fetchone()[0])


class _Sql:
    """Writes expressions as SQL, and keeps their values apart."""

    def __init__(self, layout: Layout, name: str) -> None:
        self._layout = layout
        self._tables = list_names(layout)
        self._lists = [name]
        self.table = self._tables[name]
        self.values: dict[str, Any] = {}

    def where(self, asked: Listed, from_start: bool = False) -> str:
        parts = ["1"]
        if asked.where is not None:
            parts.append(self.text(asked.where))
        if asked.ids is not None:
            parts.append(
                f"t.id IN (SELECT value FROM json_each({self._value(orjson.dumps(list(asked.ids)).decode())}))"
            )
        if asked.after is not None and not from_start:
            parts.append(f"(t.id, t.plaats) > ({self._value(asked.after[0])}, {self._value(asked.after[1])})")
        return " AND ".join(parts)

    def text(self, expression: Expression) -> str:
        match expression:
            case Field(name, of_other):
                columns = self._layout.lists[self._lists[-1 if of_other else 0]]
                return f"{'o' if of_other else 't'}.k{columns.index(name)}"
            case Value(value):
                return self._value(int(value) if isinstance(value, bool) else value)
            case OneOf(of, values):
                return f"coalesce({self.text(of)} IN ({', '.join(map(self.text, values))}), 0)"
            case Some(other, condition):
                return self._some(other, condition)
            case Op(name, arguments):
                return OPERATORS[name].format(*map(self.text, arguments))

    def _some(self, other: str, condition: Expression | None) -> str:
        self._lists.append(other)
        held = "" if condition is None else f" AND {self.text(condition)}"
        self._lists.pop()
        return f"EXISTS (SELECT 1 FROM {self._tables[other]} o WHERE o.id = t.id{held})"

    def _value(self, value: Any) -> str:
        name = f"w{len(self.values)}"
        self.values[name] = value
        return f":{name}"
