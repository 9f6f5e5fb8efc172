"""`/ldes` and all below it, as bare ASGI: a full page that was asked for before is answered from memory at once.

| path | what |
|---|---|
| /ldes | the feeds |
| /ldes/verenigingen | root of a feed: what it is, and where its pages are |
| /ldes/verenigingen/12 | a page |
| /ldes/verenigingen/index/1/3 | an index node over 100 pages (level 1, number 3) |
| /ldes/verenigingen/gemeente/44021, …/12, …/index/1/3 | the same for one municipality |

Each in the media types of `ldes.writing.FORMATS` and as a web page, by Accept or by a suffix: `/ldes/verenigingen.ttl`.
Errors are raised: the `Edge` around this makes answers of them, answers HEAD, and adds the CORS headers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from app.errors import Gone, Unknown
from app.exchange.ldes.addresses import Target, parse_path
from app.exchange.ldes.feed import LdesFeeds, Place
from app.exchange.ldes.sealing import IDENTITY, compress, etag
from app.exchange.ldes.writing import FORMATS
from app.web.edge.shelf import Shelf
from app.web.negotiate import negotiate
from app.web.sharing import Sharing

FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=5"
# What a 304 repeats: https://www.rfc-editor.org/rfc/rfc9110#name-304-not-modified
REPEATED = (b"etag", b"cache-control", b"vary")
HTML = "html"
ALSO: Mapping[str, str] = MappingProxyType({"application/json": "jsonld", "text/n3": "ttl"})
BY_MEDIA_TYPE: Mapping[str, str] = MappingProxyType(
    {**{format.media_type: suffix for suffix, format in FORMATS.items()}, "text/html": HTML, **ALSO}
)
MEMORY = 128_000_000
# Making a page takes some 20 ms of processor: more at once only slows everybody, and more waiting is overload.
AT_ONCE = 2
WAITING = 200
RETRY = MappingProxyType({"retry-after": "2"})
LONG_HEADERS = 500


@dataclass(frozen=True)
class Answer:
    """Bytes in one media type and encoding, with all their headers."""

    body: bytes
    etag: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    @property
    def size(self) -> int:
        """Roughly what it takes in memory."""
        return len(self.body) + 1000


@dataclass(frozen=True)
class Asked:
    """What of a request decides over its answer."""

    path: str
    accept: str
    encodings: str
    known: bytes


Key = tuple[Place, str, str]


class FeedApp:
    """Answers for all feeds; `page` makes the web page of a place, `written` gives another mark once anybody wrote."""

    def __init__(
        self,
        feeds: LdesFeeds,
        page: Callable[[Scope, Place], bytes],
        memory: int = MEMORY,
        written: Callable[[], object] = object,
    ) -> None:
        self._feeds = feeds
        self._page = page
        self._written = written
        self._answers: Shelf[Key, Answer] = Shelf(memory, lambda answer: answer.size)
        # Only requests for full pages are in here: their place cannot move.
        self._known: Shelf[tuple[str, str, str], Key] = Shelf(20_000, lambda key: 1)
        self._places: Sharing[Target, Place] = Sharing(lambda target: feeds.find(target))
        # Where the others are, as long as nobody writes.
        self._found: Shelf[Target, tuple[object, Place]] = Shelf(20_000, lambda found: 1)
        self._making: dict[Key, asyncio.Future[Answer]] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"allow": "GET, HEAD, OPTIONS"})
        asked = read(scope)
        key = self._known.get((asked.path, asked.accept, asked.encodings))
        answer = self._answers.get(key) if key is not None else None
        if answer is None:
            if asked.path.endswith("/"):
                return await redirect(asked.path.rstrip("/"), send)
            try:
                answer = await self._answer(scope, asked)
            except Gone as gone:
                return await redirect(str(gone.replaced_by), send)
        return await reply(answer, asked.known, send)

    async def _answer(self, scope: Scope, asked: Asked) -> Answer:
        target = parse_path(asked.path)
        if target is None:
            raise Unknown("Op dit adres staat geen feed.")
        suffix = target.suffix or choose_format(asked.accept)
        if suffix not in FORMATS and suffix != HTML:
            raise Unknown("In dit formaat bestaat de feed niet.")
        place = await self._find(target)
        encoding = choose_encoding(asked.encodings)
        if suffix == HTML:
            return await asyncio.to_thread(self._html, scope, place, encoding)
        key = (place, suffix, encoding)
        if place.full and len(asked.accept + asked.encodings) < LONG_HEADERS:
            self._known.put((asked.path, asked.accept, asked.encodings), key)
        return self._answers.get(key) or await self._make(key)

    async def _find(self, target: Target) -> Place:
        mark, found = self._written(), self._found.get(target)
        if found is None or found[0] != mark:
            found = mark, await self._places.ask(target)
            self._found.put(target, found)
        return found[1]

    async def _make(self, key: Key) -> Answer:
        """Make an answer once, however many ask for it at the same time."""
        making = self._making.get(key)
        if making is None:
            if len(self._making) >= WAITING:
                raise HTTPException(429, "Er komen te veel vragen tegelijk. Probeer het straks opnieuw.", RETRY)
            making = self._making[key] = asyncio.ensure_future(self._make_now(key))
            making.add_done_callback(lambda _: self._making.pop(key, None))
        # Who hangs up does not take the answer away from the others who wait for it.
        return await asyncio.shield(making)

    async def _make_now(self, key: Key) -> Answer:
        place, suffix, encoding = key
        async with self._turns:
            body = await asyncio.to_thread(self._feeds.represent, place, suffix, encoding)
        cache = FOREVER if place.full else BRIEFLY
        answer = make_answer(body, FORMATS[suffix].content_type, encoding, cache, self._link(place))
        self._answers.put(key, answer)
        return answer

    def _html(self, scope: Scope, place: Place, encoding: str) -> Answer:
        body = compress(self._page(scope, place), encoding)
        return make_answer(body, "text/html; charset=utf-8", encoding, BRIEFLY, self._link(place))

    def _link(self, place: Place) -> tuple[bytes, bytes]:
        return b"link", f'<{self._feeds.iri(place)}>; rel="canonical"'.encode()


def read(scope: Scope) -> Asked:
    """What of a request the answer depends on."""
    found = {b"accept": b"", b"accept-encoding": b"", b"if-none-match": b""}
    for name, value in scope["headers"]:
        if name in found:
            found[name] = found[name] + b"," + value if found[name] else value
    accept, encodings = found[b"accept"].decode("latin-1"), found[b"accept-encoding"].decode("latin-1")
    return Asked(scope["path"], accept, encodings, found[b"if-none-match"])


@lru_cache(maxsize=1000)
def choose_format(accept: str) -> str:
    """The suffix of the format that an Accept header likes best; raises 406."""
    media_type = negotiate(accept, tuple(BY_MEDIA_TYPE))
    if media_type is None:
        names = ", ".join(format.media_type for format in FORMATS.values())
        raise HTTPException(406, f"De feed bestaat alleen als {names}.", {"vary": "Accept"})
    return BY_MEDIA_TYPE[media_type]


@lru_cache(maxsize=1000)
def choose_encoding(accepted: str) -> str:
    """
    >>> choose_encoding("gzip, deflate, br"), choose_encoding("gzip;q=1, br;q=0.5"), choose_encoding("")
    ('br', 'gzip', 'identity')
    """
    qualities: dict[str, float] = {}
    for element in accepted.lower().split(","):
        name, _, quality = element.partition(";")
        try:
            qualities[name.strip()] = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
    other = qualities.get("*", 0.0)
    best = max(("br", "gzip"), key=lambda name: qualities.get(name, other))
    return best if qualities.get(best, other) > 0 else IDENTITY


def make_answer(body: bytes, content_type: str, encoding: str, cache: str, *more: tuple[bytes, bytes]) -> Answer:
    """An answer with its validator and how long it may be kept."""
    tag = etag(body).encode()
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"etag", tag),
        (b"cache-control", cache.encode()),
        (b"vary", b"Accept, Accept-Encoding"),
        *more,
    ]
    if encoding != IDENTITY:
        headers.append((b"content-encoding", encoding.encode()))
    return Answer(body, tag, tuple(headers))


async def reply(answer: Answer, known: bytes, send: Send) -> None:
    """Send the answer, or 304 when the client has it."""
    # Our tags are quoted hashes, so one is in the list exactly when it is in the text of the list.
    fresh = known and (answer.etag in known or known == b"*")
    if fresh:
        headers = [header for header in answer.headers if header[0] in REPEATED]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(answer.headers)})
    await send({"type": "http.response.body", "body": answer.body})


async def redirect(location: str, send: Send) -> None:
    """Send on to another address for good."""
    headers = [(b"location", location.encode()), (b"cache-control", b"public, max-age=3600"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 301, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
