"""Whoever only reads is answered in turn: threads that compute at once get less done than one after the other.

Python lets one thread compute at a time. Many that want to hand its lock to each other thousands of times a second,
from one processor core to another, and every answer costs two to three times as much.
https://docs.python.org/3/library/threading.html (on the global interpreter lock)
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from weakref import WeakKeyDictionary

from starlette.types import ASGIApp, Message, Receive, Scope, Send

READING = ("GET", "HEAD")
# Whoever waits for something elsewhere, or has much to do, lets the others go on after so many seconds.
LONGEST = 0.05


class Free:
    """So many turns at a time, in the event loop that asks; a server has one loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._in: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    def here(self) -> asyncio.Semaphore:
        """Of the loop that runs now."""
        loop = asyncio.get_running_loop()
        if loop not in self._in:
            self._in[loop] = asyncio.Semaphore(self._most)
        return self._in[loop]


class Turns:
    """Wraps an application; requests that only read wait until there is a turn `free`.

    A turn ends when the answer starts to go out, and after 0.05 s in any case: so nobody stands still behind one that
    takes long, or behind a client that reads slowly.
    """

    def __init__(self, app: ASGIApp, free: Free) -> None:
        self._app = app
        self._free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in READING:
            return await self._app(scope, receive, send)
        async with Turn(self._free.here()) as turn:

            async def sending(message: Message) -> None:
                turn.end()
                await send(message)

            return await self._app(scope, receive, sending)


class Turn:
    """One turn, from when it is there until it ends, whichever way that comes."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free
        self._ended = False

    async def __aenter__(self) -> Turn:
        await self._free.acquire()
        self._timer = asyncio.get_running_loop().call_later(LONGEST, self.end)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Let the next go on; ending twice is ending once."""
        if not self._ended:
            self._ended = True
            self._timer.cancel()
            self._free.release()
