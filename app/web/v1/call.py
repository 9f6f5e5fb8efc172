"""One request to the register's admin API, read and answered as the register does: headers, status codes, problems.

A call is made by somebody (401), about JSON that can be read (400), on the version that the client knows (412). What
the client sends again with the same `Idempotency-Key` is not done again.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Gone, LoketError, Problem, Refused, Stale, TooLarge, Unknown
from app.exchange.register_api.reading import UNREADABLE, Reading
from app.model.identifiers import validate_v_code
from app.register.agents import Agent
from app.register.commands import Command, Outcome
from app.register.once import Once, handle_once
from app.web.auth import agent_of
from app.web.edge.problems import MEDIA_TYPE, report
from app.web.service import Service
from app.web.v1.paths import as_the_client_wrote

MAX_BODY = 1_000_000
ETAG = re.compile(r'W/"(\d{1,9})"')
KEY = re.compile(r"[\x21-\x7e]{1,255}")
NOT_THE_VERSION = "De gevraagde vereniging heeft niet de verwachte sequentiewaarde."
REMOVED = "Deze vereniging werd verwijderd."
NOT_FOUND = "De gevraagde vereniging werd niet gevonden."

Endpoint = Callable[["Call"], Response]


@dataclass(frozen=True)
class Call:
    """What a client asks; `body` shows nothing when printed, for it can hold personal values."""

    request: Request
    service: Service
    agent: Agent
    body: bytes = field(repr=False)

    @cached_property
    def json(self) -> Any:
        """The body; raises Refused when it is no JSON object."""
        try:
            found = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise Refused(UNREADABLE) from None
        if not isinstance(found, dict):
            raise Refused(UNREADABLE)
        return found

    def unwrapped(self, name: str) -> Any:
        """What stands under this key, in any case; the body itself when nothing does."""
        return next((value for key, value in self.json.items() if key.casefold() == name), self.json)

    @property
    def reading(self) -> Reading:
        """What reads the body."""
        return Reading(self.service.codelists)

    @property
    def code(self) -> str:
        """The V-code in the address; raises Refused when it cannot be one."""
        try:
            return validate_v_code(self.request.path_params["code"])
        except ValueError as error:
            raise Refused("Formaat van de VCode moet 'V0000000' zijn", [Problem("vCode", str(error))]) from None

    @property
    def number(self) -> int:
        """The number of the part in the address."""
        return int(self.request.path_params["number"])

    @property
    def expected_version(self) -> int | None:
        """The version that the client knows; raises Stale for a header that tells none, as the register does."""
        given = self.request.headers.get("if-match")
        if given is None:
            return None
        found = ETAG.fullmatch(given.strip())
        if found is None:
            raise Stale(NOT_THE_VERSION)
        return int(found[1])

    @property
    def digest(self) -> str:
        """Tells what is asked from anything else; the order of keys and the spaces between them do not count."""
        body = orjson.dumps(self.json, option=orjson.OPT_SORT_KEYS) if self.body else b""
        asked = f"{self.request.method} {self.request.url.path}\n".encode() + body
        return sha256(asked).hexdigest()

    @property
    def once(self) -> Once | None:
        """The key with which this may be sent again; raises Refused for one that cannot be."""
        key = self.request.headers.get("idempotency-key")
        if key is None:
            return None
        if not KEY.fullmatch(key):
            sentence = "Een Idempotency-Key telt 1 tot 255 tekens."
            raise Refused(sentence, [Problem("Idempotency-Key", sentence)])
        return Once(key, self.digest)

    def do(self, command: Command, reason: str = "") -> Outcome:
        """Carry out a command in the name of the one who calls."""
        return handle_once(command, self.agent, self.service.register, reason, self.once)


def endpoint(function: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """A function of a call as an endpoint: the body is read first, the work is done in a thread."""

    async def answer(request: Request) -> Response:
        try:
            body = await _body(request)
        except LoketError as error:
            return problem(request, error)
        return await run_in_threadpool(answer_call, function, request, body)

    return answer


def answer_call(function: Endpoint, request: Request, body: bytes = b"") -> Response:
    """What the function answers to who sends this request, or the problem in the words of the register."""
    try:
        return function(Call(request, request.app.state.service, agent_of(request), body))
    except LoketError as error:
        return problem(request, error)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise TooLarge(f"Een aanvraag mag hoogstens {MAX_BODY // 1_000_000} MB groot zijn.")
    return bytes(body)


def accepted(outcome: Outcome, location: str | None = None, changed: bool | None = None) -> Response:
    """202 with the version and the sequence; 200 when nothing changed. The body is empty, as the register's is."""
    headers = {"etag": f'W/"{outcome.version}"', "cache-control": "no-store"}
    if location:
        headers["location"] = location
    if outcome.sequence is not None:
        headers["vr-sequence"] = str(outcome.sequence)
    happened = outcome.sequence is not None if changed is None else changed
    return Response(status_code=202 if happened else 200, headers=headers)


def public(function: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """A public read as an endpoint: errors in the words of the register, but what was removed is 410."""

    def answer(request: Request) -> Response:
        try:
            return function(request)
        except LoketError as error:
            return problem(request, error, removed=410)

    return answer


def problem(request: Request, error: LoketError, removed: int = 404) -> Response:
    """An error in the words and with the status of the register.

    Clients tell a removed association from an unknown one by the sentence in `detail`.
    """
    told = report(error)
    service: Service = request.app.state.service
    body = told.body(service.base, request.url.path, getattr(request.state, "correlation", ""))
    status = removed if isinstance(error, Gone) else told.kind.status
    body |= {"status": status, "detail": _detail(error), "title": told.title}
    if isinstance(error, Refused) and error.problems:
        body["problems"] = [
            {"path": as_the_client_wrote(one.path, request.method, request.url.path), "message": one.message}
            for one in error.problems
        ]
    headers = {**told.headers, "cache-control": "no-store"}
    return Response(orjson.dumps(body, option=orjson.OPT_INDENT_2), status, headers, MEDIA_TYPE)


def _detail(error: LoketError) -> str:
    if isinstance(error, Gone):
        return REMOVED
    if isinstance(error, Unknown):
        return NOT_FOUND
    if isinstance(error, Stale):
        return NOT_THE_VERSION
    problems = error.problems if isinstance(error, Refused) else ()
    return " ".join(dict.fromkeys(one.message for one in problems)) or error.title
