"""`$filter` and `$orderby` of OData 4 as questions to a list, checked against the types of its columns.

    parse_filter("contains(naam,'harmonie') and minimumleeftijd le 12", table, tables)
    parse_order("gemeente desc,naam", table, tables)

odata-query reads the text (the grammar of OASIS, in use with Django and SQLAlchemy); what it means for our lists is
decided here. https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from odata_query import ast
from odata_query.exceptions import FunctionCallException, ODataException
from odata_query.grammar import ODataLexer, ODataParser

from app.errors import Problem, Refused
from app.exchange.odata.lists import Table
from app.store.search.lists import Expression, Field, OneOf, Op, Some, Value
from app.store.times import iso

LONGEST = 8000
DEEPEST = 60
TEXT, NUMBER, YES_NO, DATE, MOMENT, NOTHING = "tekst", "een getal", "ja of nee", "een datum", "een tijdstip", "niets"
TYPES = {"string": TEXT, "integer": NUMBER, "boolean": YES_NO, "date": DATE, "dateTime": MOMENT}
COMPARISONS = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}
ARITHMETIC = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Mod: "mod"}
# What each function takes and gives; DATE stands for a date or a moment.
FUNCTIONS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "contains": ((TEXT, TEXT), YES_NO),
    "startswith": ((TEXT, TEXT), YES_NO),
    "endswith": ((TEXT, TEXT), YES_NO),
    "tolower": ((TEXT,), TEXT),
    "toupper": ((TEXT,), TEXT),
    "trim": ((TEXT,), TEXT),
    "length": ((TEXT,), NUMBER),
    "indexof": ((TEXT, TEXT), NUMBER),
    "substring": ((TEXT, NUMBER), TEXT),
    "concat": ((TEXT, TEXT), TEXT),
    "year": ((DATE,), NUMBER),
    "month": ((DATE,), NUMBER),
    "day": ((DATE,), NUMBER),
    "hour": ((MOMENT,), NUMBER),
    "minute": ((MOMENT,), NUMBER),
    "second": ((MOMENT,), NUMBER),
    "date": ((DATE,), DATE),
}
# The lexer of odata-query wants a space here, the standard does not.
CLOSE_NOT = re.compile(r"'(?:[^']|'')*'|\bnot\(")
DIRECTION = re.compile(r"(?<!\s)\s+(asc|desc)\s*$", re.IGNORECASE)
# A comma outside brackets and quotes.
PARTS = re.compile(r"(?:[^,('\s]|\s+|'(?:[^']|'')*'|\((?:[^()']|'(?:[^']|'')*'|\([^()]*\))*\))+")


@dataclass(frozen=True)
class Typed:
    """An expression and the type of its value."""

    expression: Expression
    type: str


def parse_filter(text: str, table: Table, tables: Sequence[Table]) -> Expression:
    """What rows must fit. Raises Refused saying in Dutch what is wrong with it."""
    found = Reader("$filter", table, tables).read(text)
    if found.type not in (YES_NO, NOTHING):
        raise refused("$filter", f"Een filter is waar of onwaar; dit is {found.type}.")
    return found.expression


def parse_order(text: str, table: Table, tables: Sequence[Table]) -> tuple[tuple[Expression, bool], ...]:
    """By what rows are sorted, and which of these descending. Raises Refused."""
    reader, order = Reader("$orderby", table, tables), []
    parts = PARTS.findall(text)
    if ",".join(parts) != text:
        raise refused("$orderby", "Zet komma's tussen de kolommen om op te sorteren.")
    for part in parts:
        direction = DIRECTION.search(part)
        key = part[: direction.start()] if direction else part
        descending = direction is not None and direction[1].lower() == "desc"
        order.append((reader.read(key.strip()).expression, descending))
    return tuple(order)


class Reader:
    """Reads expressions about the rows of one list."""

    def __init__(self, option: str, table: Table, tables: Sequence[Table]) -> None:
        self._option = option
        self._table = table
        self._tables = {each.name: each for each in tables}
        # The variable of the lambda that is being read, and the list that it goes through.
        self._inner: tuple[str, Table] | None = None
        self._depth = 0

    def read(self, text: str) -> Typed:
        """The expression in a text; raises Refused."""
        if len(text) > LONGEST:
            raise self._refused(f"Dit telt meer dan {LONGEST} tekens.")
        spaced = CLOSE_NOT.sub(lambda found: "not (" if found[0] == "not(" else found[0], text.strip())
        try:
            tree = ODataParser().parse(ODataLexer().tokenize(spaced))
        except FunctionCallException as error:
            raise self._refused(_about_function(error)) from None
        except (ODataException, ValueError) as error:
            raise self._refused(_where(error)) from None
        return self._typed(tree)

    def _typed(self, node: Any) -> Typed:
        read = READERS.get(type(node))
        if read is None:
            raise self._refused("Dit soort uitdrukking kan hier niet.")
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refused("Er staan te veel delen in elkaar.")
        found = read(self, node)
        self._depth -= 1
        return found

    def identifier(self, node: ast.Identifier) -> Typed:
        return self._column(self._table, node.name, of_other=False)

    def attribute(self, node: ast.Attribute) -> Typed:
        owner = node.owner
        if self._inner and isinstance(owner, ast.Identifier) and owner.name == self._inner[0]:
            return self._column(self._inner[1], node.attr, of_other=True)
        raise self._refused("Schrijf Locaties/any(x: x/postcode eq '9000') voor wat in een andere lijst staat.")

    def _column(self, table: Table, name: str, of_other: bool) -> Typed:
        column = table.column(name)
        if column is None:
            known = ", ".join(each.name for each in table.columns)
            raise self._refused(f"De lijst {table.name} heeft geen kolom {name[:60]}. Er zijn: {known}.")
        return Typed(Field(name, of_other), TYPES[column.type])

    def constant(self, node: Any) -> Typed:
        value, type = CONSTANTS[node.__class__](node)
        return Typed(Value(value), type)

    def moment(self, node: ast.DateTime) -> Typed:
        try:
            time = datetime.fromisoformat(node.val.replace("z", "Z"))
            return Typed(Value(iso(time if time.tzinfo else time.replace(tzinfo=UTC))), MOMENT)
        except (ValueError, OverflowError):
            raise self._refused("Een tijdstip ziet eruit als 2026-01-31T12:00:00Z.") from None

    def compare(self, node: ast.Compare) -> Typed:
        left = self._typed(node.left)
        if isinstance(node.comparator, ast.In):
            items = node.right.val if isinstance(node.right, ast.List) else [node.right]
            values = [self._typed(item) for item in items]
            for value in values:
                self._alike(left, value)
            return Typed(OneOf(left.expression, tuple(value.expression for value in values)), YES_NO)
        right = self._typed(node.right)
        self._alike(left, right)
        return Typed(Op(COMPARISONS[type(node.comparator)], (left.expression, right.expression)), YES_NO)

    def both(self, node: ast.BoolOp) -> Typed:
        parts = (self._needing(each, YES_NO) for each in (node.left, node.right))
        return Typed(Op("and" if isinstance(node.op, ast.And) else "or", tuple(parts)), YES_NO)

    def unary(self, node: ast.UnaryOp) -> Typed:
        if isinstance(node.op, ast.Not):
            return Typed(Op("not", (self._needing(node.operand, YES_NO),)), YES_NO)
        return Typed(Op("minus", (self._needing(node.operand, NUMBER),)), NUMBER)

    def arithmetic(self, node: ast.BinOp) -> Typed:
        parts = tuple(self._needing(each, NUMBER) for each in (node.left, node.right))
        return Typed(Op(ARITHMETIC[type(node.op)], parts), NUMBER)

    def call(self, node: ast.Call) -> Typed:
        name = node.func.name.lower()
        if name == "now":
            raise self._refused("now() kan hier niet; schrijf het tijdstip.")
        if name not in FUNCTIONS:
            raise self._refused(f"De functie {name[:40]} kan hier niet. Er zijn: {', '.join(FUNCTIONS)}.")
        needed, given = FUNCTIONS[name]
        if len(node.args) != len(needed):
            raise self._refused(f"De functie {name} neemt {len(needed)} waarden, en krijgt er {len(node.args)}.")
        arguments = (self._needing(each, type) for each, type in zip(node.args, needed, strict=True))
        return Typed(Op(name, tuple(arguments)), given)

    def some(self, node: ast.CollectionLambda) -> Typed:
        """`any` is that there is such a row, `all` that there is none for which it does not hold."""
        other = self._tables.get(node.owner.name) if isinstance(node.owner, ast.Identifier) else None
        if other is None or self._table.path or not other.path or self._inner:
            raise self._refused("any en all gaan over een lijst bij een vereniging, zoals Locaties.")
        if node.lambda_ is None:
            return Typed(Some(other.name), YES_NO)
        self._inner = (node.lambda_.identifier.name, other)
        condition = self._needing(node.lambda_.expression, YES_NO)
        self._inner = None
        if isinstance(node.operator, ast.Any):
            return Typed(Some(other.name, condition), YES_NO)
        return Typed(Op("not", (Some(other.name, Op("not", (condition,))),)), YES_NO)

    def _needing(self, node: Any, type: str) -> Expression:
        found = self._typed(node)
        dates = {DATE, MOMENT}
        if found.type not in (type, NOTHING) and not (type in dates and found.type in dates):
            raise self._refused(f"Hier hoort {type}, maar er staat {found.type}.")
        return found.expression

    def _alike(self, left: Typed, right: Typed) -> None:
        types = {left.type, right.type} - {NOTHING}
        if len(types) > 1 and types != {DATE, MOMENT}:
            raise self._refused(f"Vergelijk niet {left.type} met {right.type}{_hint(types)}.")

    def _refused(self, message: str) -> Refused:
        return refused(self._option, message)


READERS: Mapping[type, Callable[[Reader, Any], Typed]] = {
    ast.Identifier: Reader.identifier,
    ast.Attribute: Reader.attribute,
    ast.Compare: Reader.compare,
    ast.BoolOp: Reader.both,
    ast.UnaryOp: Reader.unary,
    ast.BinOp: Reader.arithmetic,
    ast.Call: Reader.call,
    ast.CollectionLambda: Reader.some,
    ast.DateTime: Reader.moment,
    **dict.fromkeys((ast.Null, ast.Integer, ast.Float, ast.Boolean, ast.String, ast.Date), Reader.constant),
}
CONSTANTS: Mapping[type, Callable[[Any], tuple[str | int | float | bool | None, str]]] = {
    ast.Null: lambda node: (None, NOTHING),
    ast.Integer: lambda node: (_whole(node.val), NUMBER),
    ast.Float: lambda node: (float(node.val), NUMBER),
    ast.Boolean: lambda node: (node.val.lower() == "true", YES_NO),
    ast.String: lambda node: (node.val, TEXT),
    ast.Date: lambda node: (node.val, DATE),
}


def _whole(text: str) -> int | float:
    """SQLite has no whole numbers past 64 bits."""
    return int(text) if len(text) < 18 else float(text)


def _hint(types: set[str]) -> str:
    if DATE in types and TEXT in types:
        return "; schrijf een datum zonder aanhalingstekens"
    return "; zet tekst tussen enkele aanhalingstekens" if TEXT in types else ""


def _about_function(error: FunctionCallException) -> str:
    name = str(getattr(error, "function_name", ""))[:40]
    return f"De functie {name} kan hier niet, of krijgt een ander aantal waarden. Er zijn: {', '.join(FUNCTIONS)}."


def _where(error: Exception) -> str:
    place = getattr(getattr(error, "token", None), "index", None)
    return "Dit houdt te vroeg op." if place is None else f"Bij teken {place + 1} staat iets wat daar niet kan."


def refused(option: str, message: str) -> Refused:
    """An option of OData that cannot be."""
    return Refused(f"{option}: {message}", [Problem(option, message)])
