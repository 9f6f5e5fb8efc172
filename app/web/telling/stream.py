"""Changes as they come: Server-Sent Events at `/wijzigingen/stream`, from the log, so that none is missed.

Each event has its position as id. A browser that lost the connection says the last one (Last-Event-ID), and gets all
that came after it; who wants to begin somewhere else says `?sinds=`.
https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import orjson
from anyio import Event
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Unavailable
from app.exchange.telling.change_feed import Entry, Source
from app.web.telling.site import Telling

MOST_CLIENTS = 200
AT_ONCE = 50
LOOK_SECONDS = 0.5
HEARTBEAT_SECONDS = 15
RECONNECT_MS = 3000
SEND_SECONDS = 30
# So long a stream gets to end whole when the service stops.
LAST_WORDS_SECONDS = 3


class Pulse:
    """Tells all who wait that the log has moved, with one look at it for all of them."""

    def __init__(self, head: Callable[[], int]) -> None:
        self._head = head
        self._looking: asyncio.Task[int] | None = None

    async def beyond(self, known: int, closing: Event) -> int:
        """The sequence of the last version, once it is another than `known` or the service stops."""
        while True:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.ensure_future(self._look())
            # Who hangs up does not end the looking for the others.
            found = await asyncio.shield(self._looking)
            if found != known or closing.is_set():
                return found

    async def _look(self) -> int:
        await asyncio.sleep(LOOK_SECONDS)
        return await run_in_threadpool(self._head)


class Streams:
    """How many listen, and no more than we can bear."""

    def __init__(self, head: Callable[[], int], most: int = MOST_CLIENTS) -> None:
        self.pulse = Pulse(head)
        self.head = head
        self.most = most
        self.open = 0

    async def events(self, source: Source, position: int, closing: Event) -> AsyncIterator[ServerSentEvent]:
        """Everything after a position, until the service stops."""
        self.open += 1
        try:
            yield ServerSentEvent(comment="verenigingsloket", retry=RECONNECT_MS)
            known = await run_in_threadpool(self.head)
            while not closing.is_set():
                entries = await run_in_threadpool(source.entries, position + 1, position + AT_ONCE)
                for entry in entries:
                    yield event(entry)
                    position = entry.position
                if not entries:
                    known = await self.pulse.beyond(known, closing)
        finally:
            self.open -= 1


def event(entry: Entry) -> ServerSentEvent:
    """One change; its data is the message that webhooks get, as far as everybody may know it."""
    return ServerSentEvent(id=str(entry.position), event="wijziging", data=orjson.dumps(entry.message).decode())


async def stream(request: Request) -> Response:
    """What is followed, from now on or from where the client was; raises Unavailable when too many listen."""
    streams: Streams = request.app.state.streams
    telling: Telling = request.app.state.telling
    if streams.open >= streams.most:
        raise Unavailable("Er luisteren al te veel programma's. Probeer het straks opnieuw.", retry_after=30)
    followed = await run_in_threadpool(telling.followed, request)
    size = await run_in_threadpool(followed.source.size)
    known = request.headers.get("last-event-id") or request.query_params.get("sinds", "")
    # A position that we never gave, as from another server: begin now.
    position = min(int(known), size) if known.isascii() and known.isdigit() and len(known) < 16 else size
    closing = Event()
    return EventSourceResponse(
        streams.events(followed.source, position, closing),
        ping=HEARTBEAT_SECONDS,
        send_timeout=SEND_SECONDS,
        sep="\n",
        shutdown_event=closing,
        shutdown_grace_period=LAST_WORDS_SECONDS,
    )


ROUTES = (Route("/wijzigingen/stream", stream),)
