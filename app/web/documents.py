"""`/doc/{type}/{code}` in a data format, as bare ASGI; what nobody wrote about since is answered from memory at once.

All else below `/doc`, pages above all, goes to the site. Errors are raised: the `Edge` around this makes answers of
them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web import entities
from app.web.answers import http_date, is_known
from app.web.data.formats import HTML, choose, split_suffix
from app.web.edge.shelf import Shelf

MEMORY = 64_000_000
ACCEPT, LONGEST = b"accept", 500
# A document may be asked as it once was, or about a moment.
OTHERWISE = (b"accept-datetime",)
Header = tuple[bytes, bytes]
Asked = tuple[str, bytes]


@dataclass(frozen=True)
class Standing:
    """An answer, and the mark of what had been written when it was made."""

    mark: object
    body: bytes
    headers: list[Header]
    etag: str
    modified: datetime | None

    @property
    def size(self) -> int:
        return len(self.body) + 3000


class DocumentApp:
    """In front of the site, for entities of these types; `written` gives another mark as soon as anybody wrote.

    While `at_once` says that the log answers without waiting, a document is made on the spot: handing that to a thread
    costs more than all of it (with eight clients 2.3 ms of processor instead of 0.6).
    """

    def __init__(
        self,
        site: ASGIApp,
        types: Collection[str],
        written: Callable[[], object],
        at_once: Callable[[], bool],
        memory: int = MEMORY,
    ) -> None:
        self._site, self._types, self._written, self._at_once = site, frozenset(types), written, at_once
        self._standing: Shelf[Asked, Standing] = Shelf(memory, lambda standing: standing.size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = read(scope, self._types)
        if asked is None:
            return await self._site(scope, receive, send)
        mark, standing = self._written(), self._standing.get(asked)
        if standing is None or standing.mark != mark:
            request = whole(scope)
            make = entities.document
            response = make(request) if self._at_once() else await asyncio.to_thread(make, request)
            if response.status_code != 200:
                return await response(scope, receive, send)
            standing = stand(response, mark)
            self._standing.put(asked, standing)
        return await give(standing, Request(scope), send)


def read(scope: Scope, types: Collection[str]) -> Asked | None:
    """The document that is asked for and how; None when that is for the site."""
    _, _, *rest = scope["path"].split("/")
    if len(rest) != 2 or rest[0] not in types or scope["method"] not in ("GET", "HEAD") or scope["query_string"]:
        return None
    if any(name in OTHERWISE for name, _ in scope["headers"]):
        return None
    accept = b", ".join(value for name, value in scope["headers"] if name == ACCEPT)
    name, suffix = split_suffix(rest[1])
    if len(accept) > LONGEST or "." in name or not is_data(suffix, accept.decode("latin-1")):
        return None
    return scope["path"], accept


@lru_cache(maxsize=1000)
def is_data(suffix: str | None, accept: str) -> bool:
    """Whether one of the data formats is asked for."""
    scope = {"type": "http", "headers": [(ACCEPT, accept.encode("latin-1"))] if accept else []}
    try:
        return choose(Request(scope), suffix).suffix != HTML
    except HTTPException:
        return False


def whole(scope: Scope) -> Request:
    """The same request of somebody who has nothing yet."""
    _, _, type, code = scope["path"].split("/")
    accepted = [header for header in scope["headers"] if header[0] == ACCEPT]
    return Request({**scope, "headers": accepted, "path_params": {"type": type, "code": code}})


def stand(response: Response, mark: object) -> Standing:
    modified = http_date(response.headers.get("last-modified"))
    return Standing(mark, bytes(response.body), response.raw_headers, response.headers["etag"], modified)


async def give(standing: Standing, request: Request, send: Send) -> None:
    """The answer, or 304 when the client has it."""
    status, headers, body = 200, list(standing.headers), standing.body
    if is_known(request, standing.etag, standing.modified):
        status, body = 304, b""
        headers = [header for header in headers if header[0] not in (b"content-length", b"content-type")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
