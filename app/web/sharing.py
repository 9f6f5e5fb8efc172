"""One question to the log for all who ask the same at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Sharing(Generic[Key, Value]):
    """Runs a blocking function in a thread; who asks while it runs waits for the next run, together with the others.

    So nobody gets an answer older than the question, and a thousand clients that poll cost no more than a few.
    """

    def __init__(self, function: Callable[[Key], Value]) -> None:
        self._function = function
        self._running: dict[Key, asyncio.Future[Value]] = {}
        self._next: dict[Key, asyncio.Future[Value]] = {}

    async def ask(self, key: Key) -> Value:
        """The answer; who asks the same meanwhile gets the same one."""
        following = self._next.get(key)
        if following is None:
            following = self._next[key] = asyncio.ensure_future(self._run(key))
        # Who hangs up does not take the answer away from the others who wait for it.
        return await asyncio.shield(following)

    async def _run(self, key: Key) -> Value:
        before = self._running.get(key)
        if before is not None:
            await asyncio.wait([before])
        mine = self._running[key] = self._next.pop(key)
        try:
            return await asyncio.to_thread(self._function, key)
        finally:
            if self._running.get(key) is mine:
                del self._running[key]
