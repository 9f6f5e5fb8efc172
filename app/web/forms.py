"""Reading a form in a plain `def` endpoint, which runs in a thread of its own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from anyio import from_thread
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.errors import Refused, TooLarge

UNREADABLE = "Dit formulier is niet te lezen: het is beschadigd, of het heeft meer dan duizend velden."


def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a posted form, of each the last value, without blanks around it; a file counts for nothing."""
    return {name: value.strip() for name, value in _read(request).multi_items() if isinstance(value, str)}


def chosen_in(request: Request, name: str) -> tuple[str, ...]:
    """All values of one field: of a list of boxes, those that were ticked."""
    return tuple(value.strip() for value in _read(request).getlist(name) if isinstance(value, str))


def items_of(request: Request) -> list[tuple[str, str]]:
    """All fields of a posted form in order, one with several values several times."""
    return [(name, value) for name, value in _read(request).multi_items() if isinstance(value, str)]


def file_of(request: Request, name: str, most: int) -> tuple[str, bytes] | None:
    """The name and content of a posted file, or None; raises TooLarge."""
    given = _read(request).get(name)
    if not isinstance(given, UploadFile):
        return None
    with closing(given.file):
        content = given.file.read(most + 1)
    if len(content) > most:
        raise TooLarge(f"Dit bestand is te groot: hoogstens {most // 1_000_000} MB.")
    return (given.filename, content) if given.filename else None


async def posted(request: Request) -> FormData:
    """The form as it was posted, for who reads it in a coroutine. Raises Refused."""
    try:
        return await request.form()
    except HTTPException:
        raise Refused(UNREADABLE) from None


def _read(request: Request) -> FormData:
    return from_thread.run(posted, request)
