"""HTTP/1.1 on the wire, with what uvicorn leaves to a proxy in front: limits on headers, on waiting and on connections.

A client that opens a connection and says nothing, dribbles its headers, or never reads its answer (slowloris and its
kin) loses the connection; so does one that opens too many of them. What proxies and servers could read in two ways is
refused: no Host or several, and trailers count for nothing. https://www.rfc-editor.org/rfc/rfc9112#name-request-smuggling
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.cli.joining import Joining
from app.web.edge.budget import Network, client_of, stands_in

HEADER_BYTES = 64_000
PER_CLIENT = 200
# How long a connection on which nothing happens stays open once the service stops.
LINGER_SECONDS = 1.0


class PatientProtocol(HttpToolsProtocol):
    """One connection; `open_by` counts those of a server, whose own machines are in `own`."""

    own: Sequence[Network] = ()
    open_by: ClassVar[Counter[str]]
    header_seconds: ClassVar[float] = 15.0
    # An answer must go on being read, with pauses as long as nginx allows: who follows a stream may be at work on the
    # page before. https://nginx.org/en/docs/http/ngx_http_core_module.html#send_timeout
    read_seconds: ClassVar[float] = 60.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._joining = Joining(transport)
        self._in_head, self._head_bytes, self._leaving = True, 0, False
        self._last = self.loop.time()
        self._late: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._peer = self.client[0] if self.client else ""
        self._opener = client_of(self._peer)
        self.open_by[self._opener] += 1
        if self.open_by[self._opener] > PER_CLIENT and not self._is_own():
            self.transport.abort()
            return
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop(self._late, self._unread)
        self.open_by[self._opener] -= 1
        if not self.open_by[self._opener]:
            del self.open_by[self._opener]

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            # Also of blank lines before a request, which the parser passes over in silence.
            self._await_head()
            if self._head_bytes > HEADER_BYTES:
                self._refuse(431)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop(self._late)
        self._late = None
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEADER_BYTES:
            return self._refuse(431)
        hosts = [name for name, _ in self.headers].count(b"host")
        if hosts > 1 or (not hosts and self.parser.get_http_version() != "1.0"):
            return self._refuse(400)
        super().on_headers_complete()
        self.cycle.transport = cast(asyncio.Transport, self._joining)
        if self._leaving:
            self.cycle.keep_alive = False
        return None

    def on_body(self, body: bytes) -> None:
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_head, self._head_bytes = True, 0
        if not self.transport.is_closing():
            super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self.transport.is_closing():
            self._stop(self._unread)
            self._unread = None

    def on_response_complete(self) -> None:
        self._joining.end()
        super().on_response_complete()
        self._see_it_read()

    def shutdown(self) -> None:
        """Stop after the next answer: what is on its way here already must not find the door shut."""
        self._leaving = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False
        else:
            self.loop.call_later(LINGER_SECONDS, self._leave)

    def _leave(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def timeout_keep_alive_handler(self) -> None:
        # Who still reads the last answer has not been idle.
        reading = self.transport.get_write_buffer_size() > 0
        left = self.timeout_keep_alive if reading else self._left(self.timeout_keep_alive)
        if left and not self.transport.is_closing():
            self._await_next(left)
        else:
            super().timeout_keep_alive_handler()

    def note_answer(self) -> None:
        """A request was answered past the parser; both clocks run on, and look here before they strike."""
        self._last, self._head_bytes = self.loop.time(), 0
        self.server_state.total_requests += 1
        if self.timeout_keep_alive_task is None:
            self._await_next(self.timeout_keep_alive)
        self._see_it_read()

    def _await_next(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _left(self, seconds: float) -> float:
        """How many of so many seconds are left since the last `note_answer`."""
        return max(0.0, self._last + seconds - self.loop.time())

    def _see_it_read(self) -> None:
        if self.transport.get_write_buffer_size():
            self._watch()

    def _await_head(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.header_seconds, self._give_up)

    def _give_up(self) -> None:
        self._late = None
        if left := self._left(self.header_seconds):
            self._late = self.loop.call_later(left, self._give_up)
            return
        waiting = self.cycle is None or self.cycle.response_complete
        if waiting and not self.transport.is_closing():
            self._refuse(408)

    def _watch(self) -> None:
        """See to it that what waits here is read, until nothing waits any more."""
        if self._unread is None:
            size = self.transport.get_write_buffer_size()
            self._unread = self.loop.call_later(self.read_seconds, self._unless_read, size)

    def _unless_read(self, before: int) -> None:
        self._unread, size = None, self.transport.get_write_buffer_size()
        if size >= before:
            self.transport.abort()
        elif size:
            self._watch()

    def _refuse(self, status: int) -> None:
        self.transport.write(STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()

    def _is_own(self) -> bool:
        # A socket in the file system has no address; who may use it is for its permissions to say.
        return not self._peer or stands_in(self._peer, self.own)

    @staticmethod
    def _stop(*timers: asyncio.TimerHandle | None) -> None:
        for timer in timers:
            if timer is not None:
                timer.cancel()
