"""A real HTTP server over the feeds of a log, for clients that are not ours."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send


class Requests:
    """Counts what is asked, by path, and says which media types were wanted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.paths: Counter[str] = Counter()
        self.accepts: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.paths[scope["path"]] += 1
        self.accepts.add(dict(scope["headers"]).get(b"accept", b"").decode())
        await self._app(scope, receive, send)


@contextmanager
def serving(app: ASGIApp, port: int) -> Iterator[None]:
    """Serve in a thread of this process until the block ends."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)
