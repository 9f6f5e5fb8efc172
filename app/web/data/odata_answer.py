"""The answer to one question to one list, as OData writes it.

https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.errors import Refused, Unknown
from app.exchange.odata.expressions import refused
from app.exchange.odata.lists import Column, Table, load_tables
from app.exchange.odata.options import Options
from app.exchange.odata.place import Place, key_text
from app.exchange.register_api.query import parse_query
from app.exchange.reports.tables import Rows
from app.store.search.index import Search
from app.store.search.lists import Expression, Field, Listed, ListRow, Op, Value
from app.store.search.query import Query
from app.web.negotiate import negotiate
from app.web.service import Service

PREFIX = "/odata"
PAGE, LARGEST_PAGE = 2000, 20_000
JSON, PLAIN = "application/json", "text/plain"
KINDS = ("minimal", "none", "full")
PREFERENCE = re.compile(r"(?:odata\.)?maxpagesize\s*=\s*(\d{1,9})", re.IGNORECASE)
# Parameters of a media type, but not its quality.
PARAMETERS = re.compile(r";\s*(?!q=)[\w.]+=[^;,]*")
# What a query string may bear as it stands, so that an address stays readable.
READABLE = "$',()/:*"


class Answering:
    """Answers one question to one list."""

    def __init__(self, request: Request, place: Place, options: Options, source: Search | Rows) -> None:
        self._request = request
        self._source = source
        self._service: Service = request.app.state.service
        self._address = self._service.base + PREFIX
        self._tables = {table.name: table for table in load_tables(self._service.root)}
        self._place = place
        self._options = options
        self._detail = detail_of(request)
        found = PREFERENCE.search(request.headers.get("prefer", ""))
        self.preferred = max(1, min(int(found[1]), LARGEST_PAGE)) if found else None

    def count(self) -> int:
        """How many rows fit."""
        return self._source.count(self._asked())

    def page(self) -> dict[str, Any]:
        """One page, and where the next one is."""
        options, size = self._options, self.preferred or PAGE
        wanted = size if options.top is None else min(size, options.top)
        # One more than is shown tells whether there is more.
        asked = replace(self._asked(), offset=options.offset or options.skip, limit=wanted + 1)
        found = self._source.rows(asked)
        shown = found[:wanted]
        body: dict[str, Any] = self._context(self._place.listed.name)
        if options.counted:
            body["@odata.count"] = self.count()
        body["value"] = self._rows(shown, self._place.listed, options)
        if len(found) > wanted and (options.top is None or options.top > wanted) and shown:
            body["@odata.nextLink"] = self._next(shown, asked.offset)
        return body

    def one(self) -> dict[str, Any]:
        """The row that the address names, or one value of it; raises Unknown."""
        found = self._source.rows(replace(self._asked(), limit=1))
        if not found:
            raise Unknown("Deze rij is er niet.")
        table, column = self._place.table, self._place.column
        if column:
            value = _value(found[0].cells[table.columns.index(column)], column)
            return {**self._context(f"{table.name}({key_text(self._place.key)})/{column.name}"), "value": value}
        [row] = self._rows(found, table, self._options)
        return {**self._context(f"{table.name}/$entity"), **row}

    def _asked(self) -> Listed:
        """The rows of the list that fit, all of them."""
        place, options = self._place, self._options
        where = [] if options.where is None else [options.where]
        ids = None
        # A list about an association has the association's own key first.
        where += [_is(name, value) for name, value in place.key if place.to is None or name in place.to.key]
        ids = None if options.search is None else self._service.search.ids(_sought(options.search))
        return Listed(place.listed.name, _all(where), options.order, ids, options.after)

    def _rows(self, rows: Sequence[ListRow], table: Table, options: Options) -> list[dict[str, Any]]:
        wanted = [(place, column) for place, column in enumerate(table.columns) if _is_wanted(column, options)]
        shown = [
            {**self._about(row, table), **{column.name: _value(row.cells[place], column) for place, column in wanted}}
            for row in rows
        ]
        for name, inner in options.expand.items():
            self._expand(shown, rows, name, inner)
        return shown

    def _expand(self, shown: list[dict[str, Any]], rows: Sequence[ListRow], name: str, inner: Options) -> None:
        """Put the rows of another list with each association."""
        other = self._tables[name]
        found: dict[int, list[ListRow]] = defaultdict(list)
        for row in self._source.rows(Listed(name, inner.where, inner.order, [row.id for row in rows])):
            found[row.id].append(row)
        for owner, body in zip(rows, shown, strict=True):
            body[name] = self._rows(found[owner.id][: inner.top], other, inner)

    def _about(self, row: ListRow, table: Table) -> dict[str, str]:
        if self._detail != "full":
            return {}
        places = {column.name: place for place, column in enumerate(table.columns)}
        key = tuple((name, str(row.cells[places[name]])) for name in table.key)
        return {
            "@odata.type": f"#Verenigingsloket.{table.singular}",
            "@odata.id": f"{self._address}/{table.name}({key_text(key)})",
        }

    def _context(self, of: str) -> dict[str, Any]:
        if self._detail == "none":
            return {}
        select = f"({','.join(self._options.select)})" if self._options.select else ""
        name, _, rest = of.partition("/")
        return {"@odata.context": f"{self._address}/$metadata#{name}{select}{'/' + rest if rest else ''}"}

    def _next(self, shown: Sequence[ListRow], offset: int) -> str:
        """The same question, from the row after the last one that was shown."""
        options = self._options
        changed = {} if options.top is None else {"$top": str(options.top - len(shown))}
        last = shown[-1]
        changed["$skiptoken"] = f"o{offset + len(shown)}" if options.order else f"r{last.id}-{last.place}"
        dropped = {"$skip", "$skiptoken", "$top"}
        kept = [pair for pair in self._request.query_params.multi_items() if pair[0] not in dropped]
        query = urlencode([*kept, *changed.items()], safe=READABLE, quote_via=quote)
        return f"{self._service.base}{self._request.url.path}?{query}"


def _sought(text: str) -> Query:
    """What is searched for; all words are required. Raises Refused."""
    try:
        return parse_query(text or "*", all_words=True)
    except Refused as error:
        raise refused("$search", error.problems[0].message) from None


def _is(name: str, value: str) -> Expression:
    return Op("eq", (Field(name), Value(value)))


def _all(parts: Sequence[Expression]) -> Expression | None:
    """All of these at once."""
    return reduce(lambda left, right: Op("and", (left, right)), parts) if parts else None


def _is_wanted(column: Column, options: Options) -> bool:
    return not options.select or column.name in options.select


def _value(cell: Any, column: Column) -> Any:
    return bool(cell) if column.type == "boolean" and cell is not None else cell


def detail_of(request: Request) -> str:
    """How much an answer tells of itself: `odata.metadata=none` and so on. Raises 406."""
    format = request.query_params.get("$format", "").lower()
    wanted = format if format not in ("", "json") else request.headers.get("accept") or JSON
    if (format and "json" not in format) or negotiate(PARAMETERS.sub("", wanted), (JSON, PLAIN)) is None:
        raise HTTPException(406, "Dit bestaat enkel als application/json.")
    return next((kind for kind in KINDS if f"metadata={kind}" in wanted.replace(" ", "")), "minimal")
