"""Before anything else looks at a request: may this client ask now, and is what it sends small and quick enough?

Bodies are counted as they come in, whatever the request says of their length, and must go on coming: a client that
sends a byte now and then keeps a place occupied that others need.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLarge
from app.web.edge.budget import Budgets

# The largest file that somebody may bring is 10 MB; around it stands the form.
MAX_BODY = 12_000_000
SILENCE, PATIENCE, BYTES_PER_SECOND = 20.0, 30.0, 1000
LATE = "De aanvraag kwam te traag binnen en is afgebroken."
CLOSE = {"connection": "close"}
WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Wraps the application; without budgets nobody is counted."""

    def __init__(self, app: ASGIApp, budgets: Budgets | None = None) -> None:
        self._app = app
        self._budgets = budgets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._count(scope)
            if scope["method"] not in WITHOUT_BODY:
                receive = Upload(declared_length(scope), receive).receive
        await self._app(scope, receive, send)

    def _count(self, scope: Scope) -> None:
        client = scope.get("client")
        account = self._budgets.account(client[0]) if self._budgets and client else None
        if account is not None:
            # Noted first, so that the refusal says how much there was.
            scope.setdefault("state", {})["account"] = account
            account.ask()


class Upload:
    """A body on its way in; raises TooLarge, or 408 when it comes too slowly."""

    def __init__(self, length: int, receive: Receive, clock: Callable[[], float] = monotonic) -> None:
        if length > MAX_BODY:
            raise too_large()
        self._receive, self._clock = receive, clock
        self._begun = clock()
        self._size = 0
        self._complete = False

    async def receive(self) -> Message:
        """The next part; once all has come, this waits as long as the client does."""
        if self._complete:
            return await self._receive()
        try:
            async with asyncio.timeout(self._patience()):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, LATE, CLOSE) from None
        self._size += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        if self._size > MAX_BODY:
            raise too_large()
        return message

    def _patience(self) -> float:
        left = self._begun + PATIENCE + self._size / BYTES_PER_SECOND - self._clock()
        return max(0.0, min(SILENCE, left))


def declared_length(scope: Scope) -> int:
    """What the request says of its own length; 0 when it does not."""
    found = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(found) if found.isdigit() and len(found) < 20 else 0


def too_large() -> TooLarge:
    return TooLarge(f"Een aanvraag mag hoogstens {MAX_BODY // 1_000_000} MB groot zijn.")
