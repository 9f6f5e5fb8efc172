"""Reading a form in a plain `def` endpoint, which runs in a thread of its own."""

from __future__ import annotations

from collections.abc import Mapping

from anyio import from_thread
from starlette.datastructures import FormData
from starlette.requests import Request


def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a posted form, of each the last value, without blanks around it; a file counts for nothing."""
    return {name: value.strip() for name, value in _read(request).multi_items() if isinstance(value, str)}


def chosen_in(request: Request, name: str) -> tuple[str, ...]:
    """All values of one field: of a list of boxes, those that were ticked."""
    return tuple(value.strip() for value in _read(request).getlist(name) if isinstance(value, str))


def _read(request: Request) -> FormData:
    async def read() -> FormData:
        return await request.form()

    return from_thread.run(read)
