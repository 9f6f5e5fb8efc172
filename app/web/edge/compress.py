"""Smaller answers for who can unpack them: pages, styles and JSON that everybody may have.

What is somebody's own goes as it is: who compresses a secret beside something that a stranger chose, tells its length
(https://www.breachattack.com). The SPARQL endpoint and the feeds compress by themselves.
"""

from __future__ import annotations

import gzip

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.sparql.answer import LEVEL, WORTH_COMPRESSING, takes_gzip

TEXTS = ("text/html", "text/css", "text/javascript", "text/turtle", "application/json", "application/ld+json",
         "image/svg+xml", "application/openapi+json")  # fmt: skip
OWN = ("no-store", "private")


class Compressed:
    """Wraps an application; answers in one piece are packed, those in parts pass."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "POST"):
            return await self._app(scope, receive, send)
        packing = Packing(send, takes_gzip(Headers(scope=scope).get("accept-encoding", "")))
        return await self._app(scope, receive, packing.send)


class Packing:
    """One answer on its way out; its head waits until the body tells whether it is packed."""

    def __init__(self, send: Send, wanted: bool) -> None:
        self._send = send
        self._wanted = wanted
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._may_pack(message):
            self._head = message
            return
        if self._head is not None and message["type"] == "http.response.body":
            head, self._head = self._head, None
            message = self._pack(head, message)
            await self._send(head)
        await self._send(message)

    def _may_pack(self, head: Message) -> bool:
        """Whether the answer comes in two forms; then caches are told by what they differ."""
        headers = MutableHeaders(raw=head["headers"])
        told = headers.get("cache-control", "")
        if not headers.get("content-type", "").startswith(TEXTS) or any(word in told for word in OWN):
            return False
        headers.add_vary_header("Accept-Encoding")
        return self._wanted and "content-encoding" not in headers

    @staticmethod
    def _pack(head: Message, message: Message) -> Message:
        body = message.get("body", b"")
        if message.get("more_body") or len(body) < WORTH_COMPRESSING:
            return message
        headers, packed = MutableHeaders(raw=head["headers"]), gzip.compress(body, LEVEL, mtime=0)
        headers["content-encoding"], headers["content-length"] = "gzip", str(len(packed))
        # The same page in other bytes: only as good as equal (RFC 9110 section 8.8.3).
        if (tag := headers.get("etag")) and not tag.startswith("W/"):
            headers["etag"] = f"W/{tag}"
        return {**message, "body": packed}
