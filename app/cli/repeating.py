"""The same request again, to which the answer never changes: answered from memory before anything else looks at it.

The same is: byte for byte, from the same peer, and alone, while nothing else is under way on the connection. Whatever
differs in anything goes the whole road. Which answers these are, and what counts each time, `app.web.edge.lasting`
says; how long a client may take to ask and to read, `app.cli.wire`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from functools import partial
from hashlib import blake2b
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from app.cli.wire import PatientProtocol
from app.web.edge.budget import Network
from app.web.edge.lasting import AGAIN, KEEP, Lasting, written
from app.web.edge.shelf import Shelf

MEMORY = 64_000_000
LONGEST = 4_000


class RepeatingProtocol(PatientProtocol):
    """One connection; `kept` are the answers of a server, each under the name of its request."""

    kept: ClassVar[Shelf[bytes, Lasting]]
    # A request can say who asks: only a hash of it stays, that nobody else can make.
    secret: ClassVar[bytes]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._begun = self._complete = 0
        super().connection_made(transport)
        self._naming = blake2b(self._peer.encode() + b"\n", key=self.secret, digest_size=32)

    def on_message_begin(self) -> None:
        self._begun += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._complete += 1
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        before = self._begun
        if before != self._complete or len(data) > LONGEST or not self._is_at_rest():
            return super().data_received(data)
        name = self._name(data)
        lasting = self.kept.get(name)
        if lasting is not None and self._answer_again(lasting):
            return None
        super().data_received(data)
        if self._begun == self._complete == before + 1:
            # The task that answers begins later, and finds it there.
            self.scope["extensions"] = {AGAIN: {KEEP: partial(self._keep, name, self.cycle)}}
        return None

    def _is_at_rest(self) -> bool:
        """Whether the next request would be answered at once, and be followed by others."""
        most = self.limit_concurrency
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not (self._leaving or self.flow.write_paused or self.transport.is_closing())
            and (most is None or (len(self.connections) < most and len(self.tasks) < most))
        )

    def _name(self, request: bytes) -> bytes:
        naming = self._naming.copy()
        naming.update(request)
        return naming.digest()

    def _answer_again(self, lasting: Lasting) -> bool:
        head = lasting.again()
        if head is None:
            return False
        self.transport.writelines(
            (STATUS_LINE[lasting.status], written(self.server_state.default_headers), head, lasting.body)
        )
        self.note_answer()
        return True

    def _keep(self, name: bytes, cycle: RequestResponseCycle, lasting: Lasting) -> None:
        if cycle.keep_alive:
            self.kept.put(name, lasting)


def serving_to(proxies: Sequence[Network], secret: bytes) -> type[RepeatingProtocol]:
    """The protocol of one server: machines of our own may open as many connections as they like."""
    kept: Shelf[bytes, Lasting] = Shelf(MEMORY, lambda lasting: lasting.size)
    more: dict[str, Any] = {"own": tuple(proxies), "open_by": Counter(), "kept": kept, "secret": secret}
    return type("Connection", (RepeatingProtocol,), more)
