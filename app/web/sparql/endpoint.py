"""`/sparql`: the SPARQL 1.1 Protocol as bare ASGI; what was asked before of the same data is answered from memory.

| request | answer |
|---|---|
| GET ?query=…, POST form, POST application/sparql-query | the result, by Accept or ?format= |
| GET without query | the service description; for a browser the query editor |
| POST of an update | 403: this address only answers questions |

Errors are raised: the `Edge` around this makes answers of them, answers HEAD and preflights, and adds the CORS headers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from hashlib import blake2b

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from app.errors import LoketError, TooMany, Unknown
from app.store.queries.pool import Answer, QueryPool, Question
from app.web.edge.budget import Account
from app.web.edge.hangup import unless_hung_up
from app.web.edge.shelf import Shelf
from app.web.sparql.answer import (
    WORTH_COMPRESSING,
    Representation,
    has_it,
    is_stable,
    represent,
    send_allowed,
    send_answer,
    send_not_modified,
    takes_gzip,
)
from app.web.sparql.request import Asked, by_post, by_url, not_acceptable, read_body

METHODS = "GET, HEAD, POST, OPTIONS"
HEADERS = (b"accept", b"accept-encoding", b"content-type", b"content-length", b"if-none-match")
MEMORY = 128_000_000
# One answer may not push all others out.
LARGEST_KEPT = MEMORY // 8
PLANS_MEMORY = 8_000_000
COMPRESS_ASIDE = 100_000


@dataclass(frozen=True)
class Plan:
    """A request that has been read: what to ask, under which mark its answer is kept if it may be, and its bytes."""

    asked: Asked
    question: Question | None
    mark: str
    stable: bool
    size: int


Key = tuple[int, str, bool]


class SparqlApp:
    """Answers for /sparql; `describe` and `edit` answer a request without a query, for machines and for people."""

    def __init__(
        self,
        pool: QueryPool,
        address: str,
        describe: Callable[[str], Representation],
        edit: Callable[[Scope, str], Representation],
        salt: str,
    ) -> None:
        self._pool = pool
        self._address = address
        self._describe = describe
        self._edit = edit
        # Another start may be another data set with the same numbers.
        self._salt = salt
        self._plans: Shelf[tuple[bytes, str], Plan] = Shelf(PLANS_MEMORY, lambda plan: plan.size)
        self._answers: Shelf[Key, Representation] = Shelf(MEMORY, lambda answer: answer.size)
        self._running: dict[Key, asyncio.Future[Answer | LoketError | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].rstrip("/") != "/sparql":
            raise Unknown("Op dit adres staat niets.")
        headers = _headers(scope)
        method = scope["method"]
        if method == "OPTIONS":
            return await send_allowed(METHODS, send)
        if method == "POST":
            plan = await self._plan_post(scope, headers, receive)
        elif method in ("GET", "HEAD"):
            plan = self._plan_get(scope["query_string"], headers[b"accept"].decode("latin-1"))
        else:
            raise HTTPException(405, headers={"allow": METHODS})
        return await self._respond(plan, scope, headers, receive, send)

    async def _respond(
        self, plan: Plan, scope: Scope, headers: dict[bytes, bytes], receive: Receive, send: Send
    ) -> None:
        if plan.question is None:
            return await self._without_query(plan.asked, scope, headers, send)
        generation = await self._pool.generation()
        tag = self._tag(plan, generation)
        if tag and has_it(tag, headers[b"if-none-match"]):
            return await send_not_modified(tag, send)
        zipped = takes_gzip(headers[b"accept-encoding"].decode("latin-1"))
        key = (generation, plan.mark, zipped)
        answer = self._answers.get(key) if tag else None
        if answer is None:
            answer = await unless_hung_up(self._represent(plan, key, account_of(scope)), receive)
        if answer is not None:
            await send_answer(answer, send)
        return None

    async def _without_query(self, asked: Asked, scope: Scope, headers: dict[bytes, bytes], send: Send) -> None:
        if scope["method"] == "POST":
            raise HTTPException(400, "Er is geen vraag: de parameter query ontbreekt.")
        page = self._edit(scope, asked.query or "") if asked.html else self._describe(asked.accept)
        tag = dict(page.headers).get(b"etag", b"")
        if tag and has_it(tag, headers[b"if-none-match"]):
            return await send_not_modified(tag, send)
        return await send_answer(page, send)

    def _plan_get(self, query_string: bytes, accept: str) -> Plan:
        plan = self._plans.get((query_string, accept))
        if plan is None:
            plan = self._plan(by_url(query_string, accept))
            room = plan.size + len(query_string) + len(accept)
            self._plans.put((query_string, accept), replace(plan, size=room))
        return plan

    async def _plan_post(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Plan:
        body = await read_body(receive, headers[b"content-length"])
        content_type, accept = headers[b"content-type"].decode("latin-1"), headers[b"accept"].decode("latin-1")
        return self._plan(by_post(scope["query_string"], content_type, body, accept))

    def _plan(self, asked: Asked) -> Plan:
        question = asked.question(self._address)
        mark = blake2b(repr(question).encode(), digest_size=12).hexdigest()
        stable = question is not None and is_stable(question.text)
        return Plan(asked, question, mark, stable, 2 * len(asked.query or "") + len(asked.accept) + 1000)

    def _tag(self, plan: Plan, generation: int) -> bytes:
        # Weak, as the order of the rows may differ from one run to another.
        return f'W/"{self._salt}-{generation}-{plan.mark}"'.encode() if plan.stable else b""

    async def _represent(self, plan: Plan, key: Key, account: Account | None) -> Representation:
        """Have the query answered, once for all who ask the same at the same time; the first of them pays."""
        assert plan.question is not None
        answer = await self._answer(plan.question, key, account)
        if answer.media_type is None:
            raise not_acceptable(answer.kind)
        tag = self._tag(plan, answer.generation)
        zipped = key[2] and len(answer.body) >= WORTH_COMPRESSING
        arguments = (answer.body, answer.media_type, tag, zipped)
        if zipped and len(answer.body) > COMPRESS_ASIDE:
            made = await asyncio.to_thread(represent, *arguments)
        else:
            made = represent(*arguments)
        if tag and made.size < LARGEST_KEPT:
            self._answers.put((answer.generation, plan.mark, key[2]), made)
        return made

    async def _answer(self, question: Question, key: Key, account: Account | None) -> Answer:
        while (running := self._running.get(key)) is not None:
            if (found := await asyncio.shield(running)) is not None:
                return _told(found)
        running = self._running[key] = asyncio.get_running_loop().create_future()
        outcome: Answer | LoketError | None = None
        try:
            with account.query() if account else nullcontext() as meter:
                outcome = await self._pool.answer(question, meter)
        except TooMany:
            # That is about this client alone: the others who wait ask for themselves.
            raise
        except LoketError as error:
            outcome = error
        finally:
            # Nothing when whoever asked first has hung up: then one of the others asks.
            del self._running[key]
            running.set_result(outcome)
        return _told(outcome)


def account_of(scope: Scope) -> Account | None:
    """Who pays for this query, if anybody does."""
    account: Account | None = scope.get("state", {}).get("account")
    return account


def _told(outcome: Answer | LoketError) -> Answer:
    if isinstance(outcome, LoketError):
        raise outcome
    return outcome


def _headers(scope: Scope) -> dict[bytes, bytes]:
    found = dict.fromkeys(HEADERS, b"")
    for name, value in scope["headers"]:
        if name in found:
            found[name] = found[name] + b"," + value if found[name] else value
    return found
