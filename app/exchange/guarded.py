"""HTTP to addresses that strangers gave us: never into our own network, never longer than a deadline.

    answer = Guarded(resolve, private=False).post("https://crm.gent.be/in", headers, body)
    page = Guarded(resolve).get("https://www.aalter.be/zitting/12", headers, most=20_000_000)

The name is resolved here, once, and the connection goes to an address that was checked: a name that answers with
another address the next time gains nothing. Redirects are not followed, and no proxy of the environment is used.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpcore
import httpx

SECONDS = 15.0
# What `Inflater` unpacks.
PACKED = "gzip, deflate"
# Those with an IPv4 address as their last part: NAT64, and the compatible ones of old (RFC 4291, section 2.5.5.1).
ENDING_IN_IPV4 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]


class NotAllowed(Exception):
    """The target is one that we do not send to; the text says why, in Dutch."""


class Unreachable(Exception):
    """No answer came; the text says why, in Dutch."""


class TooMuch(Exception):
    """More came than was asked for; the text says so, in Dutch."""


@dataclass(frozen=True)
class Download:
    """What came back, its headers by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    retry_after: int | None


@dataclass(frozen=True)
class Answer:
    """What came back: the body is not read."""

    status: int
    retry_after: int | None


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, as the system finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_public(text: str) -> bool:
    """Whether an address is of the open internet, also when it hides another one in it.

    >>> [is_public(one) for one in ("193.191.1.1", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "::7f00:1")]
    [True, False, False, False, False]
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    # Site-local addresses (fec0::/10) are no longer given out, and still lead into a network of one's own.
    local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return not local and all(one.is_global and not one.is_multicast for one in (address, *_inside(address)))


def _inside(address: Address) -> Iterable[Address]:
    """The addresses that lead from an IPv6 address into the older internet: RFC 4291, 3056, 4380 and 6052."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    ends_so = any(address in network for network in ENDING_IN_IPV4)
    last = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if ends_so else None
    return [one for one in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ()), last) if one]


def addresses_of(host: str, port: int, resolve: Resolve, *, private: bool) -> list[str]:
    """Where a name leads; raises Unreachable for nowhere, and NotAllowed for a closed network unless `private`."""
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise Unreachable("De naam in het webadres bestaat niet.")
    if not private and not all(map(is_public, found)):
        raise NotAllowed("Dit webadres leidt naar een besloten netwerk.")
    return found


def open_internet(tls: ssl.SSLContext, trusted: Iterable[str], resolve: Resolve = resolve) -> httpx.BaseTransport:
    """For a client of httpx: connects to the open internet, and to `trusted` hosts wherever they are.

    Raises NotAllowed or Unreachable out of the request.
    """
    transport = httpx.HTTPTransport(verify=tls)
    # httpx hands a backend on to nobody else.
    transport._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=_OpenInternet(resolve, trusted))
    return transport


class Guarded:
    """Sends one request at a time, each over a connection of its own; safe to use from many threads."""

    def __init__(
        self, resolve: Resolve = resolve, *, private: bool = False, seconds: float = SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        self._resolve = resolve
        self._private = private
        self._seconds = seconds
        self._tls = tls

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Raises NotAllowed or Unreachable; any status is an answer."""
        if not url.startswith("https://") and not self._private:
            raise NotAllowed("Een webadres moet met https:// beginnen.")
        with self._exchange("POST", url, headers, body) as answer:
            return Answer(answer.status, _retry_after(answer.headers))

    def get(self, url: str, headers: Mapping[str, str], most: int) -> Download:
        """What stands at an address; a redirect is an answer. Raises NotAllowed, Unreachable, TooMuch past `most`."""
        if not url.startswith(("https://", "http://")):
            raise NotAllowed("Een webadres moet met https:// of http:// beginnen.")
        with self._exchange("GET", url, {"accept-encoding": PACKED, **headers}) as answer:
            found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            inflate = Inflater(found.get("content-encoding", ""), most)
            body = b"".join(inflate(chunk) for chunk in answer.iter_stream())
            return Download(answer.status, found, body, _retry_after(answer.headers))

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str], most: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The status and the body as it comes in, for what is too large to hold; raises as `get` does."""
        if not url.startswith(("https://", "http://")):
            raise NotAllowed("Een webadres moet met https:// of http:// beginnen.")
        with self._exchange("GET", url, {"accept-encoding": PACKED, **headers}) as answer:
            coding = next((value for name, value in answer.headers if name.lower() == b"content-encoding"), b"")
            inflate = Inflater(coding.decode("latin-1"), most)
            yield answer.status, map(inflate, answer.iter_stream())

    @contextmanager
    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Iterator[httpcore.Response]:
        """One request over a connection of its own, and its answer as it comes in."""
        backend = _Backend(self._resolve, self._private, time.monotonic() + self._seconds)
        limits = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self._seconds)}
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
                pool.stream(method, url, headers=[*headers.items()], content=body, extensions=limits) as answer,
            ):
                yield answer
        except httpcore.TimeoutException:
            raise Unreachable("Er kwam geen antwoord binnen de tijd.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError, ValueError):
            raise Unreachable("Er kon geen verbinding gemaakt worden.") from None


class Inflater:
    """Unpacks a body as it comes in, and never more than `most` bytes of it: a small file can hide a very large one."""

    def __init__(self, coding: str, most: int) -> None:
        packed = coding.strip().lower() in ("gzip", "x-gzip", "deflate")
        # 32 over the largest window: a header of gzip or of zlib, whichever is there.
        self._unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32) if packed else None
        self._left = most

    def __call__(self, chunk: bytes) -> bytes:
        """Raises TooMuch, or Unreachable when it is not packed as it was said to be."""
        try:
            plain = self._unpack.decompress(chunk, self._left + 1) if self._unpack else chunk
        except zlib.error:
            raise Unreachable("Het antwoord is beschadigd.") from None
        self._left -= len(plain)
        if self._left < 0:
            raise TooMuch("Het antwoord is te groot.")
        return plain


def unpacked(answer: httpx.Response, most: int) -> Iterator[bytes]:
    """The body of an answer that httpx streams, part by part; raises TooMuch past `most`.

    httpx itself unpacks each part whole, as often as the answer says.
    """
    parts = cast(httpx.SyncByteStream, answer.stream)
    return map(Inflater(answer.headers.get("content-encoding", ""), most), parts)


class _Backend(httpcore.SyncBackend):
    def __init__(self, resolve: Resolve, private: bool, deadline: float) -> None:
        self._resolve = resolve
        self._private = private
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address = addresses_of(host, port, self._resolve, private=self._private)[0]
        left = max(0.01, self._deadline - time.monotonic())
        return _Stream(super().connect_tcp(address, port, left, local_address, socket_options), self._deadline)


class _OpenInternet(httpcore.SyncBackend):
    def __init__(self, resolve: Resolve, trusted: Iterable[str]) -> None:
        self._resolve, self._trusted = resolve, frozenset(trusted)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        if host not in self._trusted:
            host = addresses_of(host, port, self._resolve, private=False)[0]
        return super().connect_tcp(host, port, timeout, local_address, socket_options)


class _Stream(httpcore.NetworkStream):
    """Another one, every wait in which ends at the deadline: who sends a byte a second holds nobody up."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left


def _retry_after(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """The seconds that the other side asks for; a date is not worth reading."""
    given = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return int(given) if given.isdigit() and len(given) < 7 else None
