"""Pages of a long list: which there are, and the address of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.model.whole import whole_number

# Around the current page this many are shown by number.
NEAR = 2


@dataclass(frozen=True)
class Paging:
    """One page of a list; `parameter` bears its number in the address, other parameters stay as they are."""

    path: str
    parameters: Mapping[str, str]
    page: int
    total: int
    size: int
    parameter: str = "page"

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The index of the first item on this page."""
        return (self.page - 1) * self.size

    @property
    def previous(self) -> str | None:
        """The address of the page before."""
        return self.href(self.page - 1) if self.page > 1 else None

    @property
    def next(self) -> str | None:
        """The address of the page after."""
        return self.href(self.page + 1) if self.page < self.last else None

    @property
    def numbers(self) -> Iterator[tuple[int | None, str]]:
        """(number, address) of the pages to show, and (None, "") where some are left out.

        >>> [number for number, _ in Paging("/x", {}, 6, 200, 10).numbers]
        [1, None, 4, 5, 6, 7, 8, None, 20]
        """
        shown = sorted({1, self.last, *range(max(1, self.page - NEAR), min(self.last, self.page + NEAR) + 1)})
        before = 0
        for number in shown:
            if number > before + 1:
                yield (None, "")
            yield (number, self.href(number))
            before = number

    def neighbours(self) -> Iterator[tuple[str, int]]:
        """The numbers of the first, previous, next and last page, as far as there are."""
        yield "first", 1
        if self.page > 1:
            yield "previous", self.page - 1
        if self.page < self.last:
            yield "next", self.page + 1
        yield "last", self.last

    def href(self, number: int) -> str:
        """The address of a page, with all that was asked."""
        return self.path + self.query(number)

    def query(self, number: int) -> str:
        """The query string of a page; the first page bears no number."""
        kept = {name: value for name, value in self.parameters.items() if name != self.parameter and value}
        if number > 1:
            kept[self.parameter] = str(number)
        return f"?{urlencode(kept)}" if kept else ""


def page_number(request: Request, parameter: str) -> int:
    """The number of the page that is asked for, from 1; raises 400."""
    number = whole_number(request.query_params.get(parameter, "1"))
    if not number:
        raise HTTPException(400, "Een pagina is een nummer: 1, 2, 3 …")
    return number
