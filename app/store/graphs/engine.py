"""A SPARQL 1.1 engine of another maker, over HTTP: the addresses that it has, and what goes wrong on the way.

    engine = Engine(Addresses(query="http://127.0.0.1:7878/query?union-default-graph", update="…/update", …))
    engine.ask("SELECT * WHERE { ?s ?p ?o } LIMIT 10")
    engine.update("CLEAR GRAPH <http://loket.test/a>")
    engine.put("http://loket.test/a", b"<http://loket.test/a> <http://loket.test/naam> \"De Harmonie\" .")

SPARQL 1.1 Protocol: https://www.w3.org/TR/sparql11-protocol/ and Graph Store HTTP Protocol:
https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import httpx

from app.errors import BadQuery, BadSetting, TooLarge, Unavailable
from app.store.spans import CLIENT, onward, step

NO_ANSWER = "De graafopslag antwoordt niet; probeer het straks opnieuw."
REFUSED = "De graafopslag weigert de vraag (HTTP {status})."
LATE = "De vraag duurde langer dan {seconds:g} seconden en is gestopt. Maak ze eenvoudiger of vraag minder."
CUT = "De graafopslag geeft hoogstens {rows} rijen. Vraag minder, bijvoorbeeld met LIMIT en OFFSET."
BROKEN = "De graafopslag brak haar antwoord af; maak de vraag eenvoudiger of probeer het straks opnieuw."
# Virtuoso leaves rows out without an error, and says so in one of these headers only.
CUT_ROWS, CUT_TIME = "x-sparql-maxrows", "x-sql-state"
# With this in the address Oxigraph takes all graphs together as the default one, whatever the query says itself.
UNION = "union-default-graph"
JSON, TRIPLES, TRIG = "application/sparql-results+json", "application/n-triples", "application/trig"
PATIENCE = httpx.Timeout(300.0, connect=5.0)


@dataclass(frozen=True)
class Addresses:
    """Where an engine answers, and how it knows us: `auth` is "", basic, digest or bearer.

    `store` takes one graph at a time (the graph's IRI comes after `?graph=`, or at the end when it ends in `=`), `bulk`
    many in one TriG document. `largest_update` is the longest update in bytes that the engine takes well; with 0 all
    content goes through `store`.
    """

    query: str
    update: str
    store: str = ""
    bulk: str = ""
    auth: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    largest_update: int = 1_000_000


class Engine:
    """Requests to one engine; safe to use from several threads."""

    def __init__(self, addresses: Addresses, transport: httpx.BaseTransport | None = None) -> None:
        self.addresses = addresses
        self._host = urlsplit(addresses.query).hostname or ""
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
        self._client = httpx.Client(transport=transport, timeout=PATIENCE, limits=limits, auth=_auth(addresses))

    def ask(
        self,
        text: str,
        accept: str = JSON,
        *,
        dataset: Sequence[tuple[str, str]] = (),
        union: bool = True,
        seconds: float = 300.0,
        most: int | None = None,
    ) -> bytes:
        """The answer to a query; `dataset` are pairs like ("default-graph-uri", iri), which win over the union.

        Raises BadQuery, TooLarge past `most` bytes or the engine's own limit, Unavailable past `seconds`.
        """
        address = self.addresses.query if union and not dataset else _without_union(self.addresses.query)
        body = urlencode([("query", text), *dataset])
        headers = {"accept": accept, "content-type": "application/x-www-form-urlencoded"}
        deadline = time.monotonic() + seconds
        try:
            with (
                step("query the engine", {"server.address": self._host}, CLIENT),
                self._client.stream(
                    "POST", address, content=body, headers={**headers, **onward()}, timeout=seconds
                ) as answer,
            ):
                data = _read(answer, deadline, seconds, most)
        except httpx.TimeoutException:
            raise Unavailable(LATE.format(seconds=seconds)) from None
        except httpx.RemoteProtocolError:
            raise Unavailable(BROKEN) from None
        except httpx.TransportError as error:
            raise Unavailable(NO_ANSWER) from error
        _check_whole(answer, seconds)
        return data

    def update(self, text: str) -> None:
        """Carry out a SPARQL update."""
        self._send("POST", self.addresses.update, text.encode(), "application/sparql-update")

    def put(self, graph: str, triples: bytes) -> None:
        """Let a graph hold exactly these N-Triples."""
        self._send("PUT", self._graph(graph), triples, TRIPLES)

    def delete(self, graph: str) -> None:
        """Remove a graph, if it is there."""
        self._send("DELETE", self._graph(graph), b"", None, fine=(httpx.codes.NOT_FOUND,))

    def load(self, trig: bytes) -> None:
        """Add many graphs at once."""
        self._send("POST", self.addresses.bulk, trig, TRIG)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _graph(self, graph: str) -> str:
        store = self.addresses.store
        start = store if store.endswith("=") else f"{store}{'&' if '?' in store else '?'}graph="
        return start + quote(graph, safe="")

    def _send(self, method: str, address: str, body: bytes, type: str | None, fine: Iterable[int] = ()) -> None:
        headers = {"accept": "*/*"} | ({"content-type": type} if type else {})
        try:
            with step("write to the engine", {"server.address": self._host}, CLIENT):
                answer = self._client.request(method, address, content=body, headers={**headers, **onward()})
        except httpx.TransportError as error:
            raise Unavailable(NO_ANSWER) from error
        if answer.status_code not in fine:
            _check(answer)


def read_auth(auth: str) -> str:
    """The setting; raises BadSetting."""
    if auth not in ("", "basic", "digest", "bearer"):
        raise BadSetting("De instelling graphs_auth moet basic, digest of bearer zijn, of leeg.")
    return auth


def _auth(addresses: Addresses) -> httpx.Auth | None:
    if addresses.auth == "digest":
        return httpx.DigestAuth(addresses.user, addresses.password)
    if addresses.auth == "basic":
        return httpx.BasicAuth(addresses.user, addresses.password)
    return _Bearer(addresses.password) if addresses.auth == "bearer" else None


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request):  # type: ignore[no-untyped-def]
        request.headers["authorization"] = f"Bearer {self._token}"
        yield request


def _read(answer: httpx.Response, deadline: float, seconds: float, most: int | None) -> bytes:
    data = bytearray()
    for part in answer.iter_bytes():
        data += part
        if most is not None and len(data) > most:
            raise TooLarge(f"Het antwoord is groter dan {most // 1_000_000} MB. Vraag minder.")
        if time.monotonic() > deadline:
            raise Unavailable(LATE.format(seconds=seconds))
    return bytes(data)


def _check_whole(answer: httpx.Response, seconds: float) -> None:
    """Refuse what is no answer, or only a part of one."""
    if answer.status_code == httpx.codes.BAD_REQUEST:
        raise BadQuery("De graafopslag kan deze vraag niet beantwoorden.")
    _check(answer)
    if answer.headers.get("content-type", "").startswith("text/html"):
        # A page of something in between, whatever the status says.
        raise Unavailable(NO_ANSWER)
    if rows := answer.headers.get(CUT_ROWS):
        raise TooLarge(CUT.format(rows=rows))
    if answer.headers.get(CUT_TIME):
        raise Unavailable(LATE.format(seconds=seconds))


def _check(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise Unavailable(REFUSED.format(status=answer.status_code))


def _without_union(address: str) -> str:
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != UNION]
    return urlunsplit(parts._replace(query=urlencode(kept)))
