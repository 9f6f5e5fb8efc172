"""Work for a client is worth doing only as long as that client waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.types import Receive

Result = TypeVar("Result")
# Most answers are there sooner; watching costs a task.
LISTEN_AFTER = 1.0


async def unless_hung_up(work: Awaitable[Result], receive: Receive) -> Result | None:
    """The result, or None when the client hangs up first; then the work is cancelled."""
    asking = asyncio.current_task()
    assert asking is not None
    watching: list[asyncio.Task[None]] = []

    def watch() -> None:
        watching.append(asyncio.ensure_future(_cancel_when_gone(asking, receive)))

    timer = asyncio.get_running_loop().call_later(LISTEN_AFTER, watch)
    try:
        return await work
    except asyncio.CancelledError:
        if not (watching and watching[0].done()):
            raise
        asking.uncancel()
        return None
    finally:
        timer.cancel()
        for task in watching:
            task.cancel()


async def _cancel_when_gone(asking: asyncio.Task[object], receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    asking.cancel()
