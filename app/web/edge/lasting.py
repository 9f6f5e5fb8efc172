"""Answers that never change: whoever serves may give them again to the same request, without asking the application.

A server that can do so leaves in the scope, among the extensions, a function that takes a `Lasting`. Each time that it
gives the answer again, `again` counts it as any other: on the account of its client, in the figures, with a
correlation id of its own. https://asgi.readthedocs.io/en/latest/extensions.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooMany
from app.web.edge.budget import Budgets
from app.web.edge.edge import CORRELATION, Observe

AGAIN, KEEP = "verenigingsloket.again", "keep"
FOREVER = b"immutable"
STATUSES = (200, 304)
Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Lasting:
    """An answer to one request of one client, and what is done each time that it is given again."""

    status: int
    lines: bytes
    body: bytes
    ask: Callable[[], None]
    mint: Callable[[], str]
    observe: Callable[[float], None]

    @property
    def size(self) -> int:
        return len(self.lines) + len(self.body) + 1000

    def again(self) -> bytes | None:
        """The lines of its head, this time; None when the application has to tell why this client must wait."""
        started = perf_counter()
        try:
            self.ask()
        except TooMany:
            return None
        head = b"%b%b: %b\r\n\r\n" % (self.lines, CORRELATION, self.mint().encode())
        self.observe(perf_counter() - started)
        return head


class Repeatable:
    """Wraps the application, edge and all; `paths` are those whose answers leave no line in the log."""

    def __init__(
        self,
        app: ASGIApp,
        paths: Sequence[str],
        mint: Callable[[], str],
        observe: Observe,
        budgets: Budgets | None = None,
    ) -> None:
        self._app, self._paths, self._mint, self._observe, self._budgets = app, tuple(paths), mint, observe, budgets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        keep = scope.get("extensions", {}).get(AGAIN, {}).get(KEEP)
        if keep is None or not self._is_plain(scope):
            return await self._app(scope, receive, send)
        given = Given(send)
        await self._app(scope, receive, given.send)
        if given.lasts():
            keep(self._lasting(scope, given))
        return None

    def _is_plain(self, scope: Scope) -> bool:
        """Whether the answer leaves no line in the log, and bears no correlation id that the client chose."""
        own = scope["path"].startswith(self._paths) and scope["method"] in ("GET", "HEAD") and scope.get("client")
        return bool(own) and all(name != CORRELATION for name, _ in scope["headers"])

    def _lasting(self, scope: Scope, given: Given) -> Lasting:
        body = b"" if scope["method"] == "HEAD" else given.body
        observe = partial(self._observe, scope["path"], scope["method"], given.status)
        return Lasting(
            given.status,
            written(header for header in given.headers if header[0] != CORRELATION),
            body,
            self._budgets.asking(scope["client"][0]) if self._budgets else freely,
            self._mint,
            lambda seconds: observe(seconds, len(body)),
        )


class Given:
    """An answer on its way out, remembered as it goes."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status, self.body, self.pieces = 0, b"", 0
        self.headers: list[Header] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        elif message["type"] == "http.response.body":
            self.body, self.pieces = message.get("body", b""), self.pieces + 1
        await self._send(message)

    def lasts(self) -> bool:
        """Whether this answer, whole as it is, is that for ever."""
        promised = any(name == b"cache-control" and FOREVER in value for name, value in self.headers)
        return promised and self.status in STATUSES and self.pieces == 1


def written(headers: Iterable[Header]) -> bytes:
    """The lines of a head."""
    return b"".join(b"%b: %b\r\n" % header for header in headers)


def freely() -> None:
    """Where nobody is counted."""
