"""The head of an answer goes out together with the first of its body: one packet for most answers, and one wake-up.

So does ASGI ask: "the protocol server must not start sending the response to the client until it has received at least
one Response Body event". https://asgi.readthedocs.io/en/latest/specs/www.html#response-start-send-event
"""

from __future__ import annotations

import asyncio

# What is no answer yet, and must not wait for one.
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Joining:
    """What the answers of one connection are written to, one after the other."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head: bytes | None = None
        self._begun = False

    def write(self, data: bytes) -> None:
        """The head of an answer, then its body piece by piece."""
        if self._begun or data == CONTINUE:
            self._transport.write(data)
        elif self._head is None:
            self._head = data
        else:
            head, self._head, self._begun = self._head, None, True
            self._transport.writelines((head, data))

    def end(self) -> None:
        """This answer has no more; what comes now is the next."""
        if self._head is not None:
            self._transport.write(self._head)
        self._head, self._begun = None, False

    def close(self) -> None:
        """Close the connection, once all is sent."""
        self.end()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._transport.is_closing()
