"""The whole application with real query workers behind it, asked in process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import httpx
from starlette.types import ASGIApp

from app.store.graphs.embedded import EmbeddedGraphs
from app.store.queries.pool import Limits, QueryPool
from app.store.queries.snapshots import Snapshots
from app.web.app import create_app
from tests.web.world import World


@dataclass(frozen=True)
class SparqlSite:
    """`ask` sends no header that the test does not name."""

    app: ASGIApp
    base: str
    pool: QueryPool
    world: World

    def ask(self, query: str | None = None, method: str = "GET", **more: Any) -> httpx.Response:
        """A request to /sparql; `parameters` is a list of pairs, `body` bytes, the rest headers."""
        pairs = [*([("query", query)] if query is not None else []), *more.pop("parameters", ())]
        body = more.pop("body", None)
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        return asyncio.run(self._go(method, "/sparql" + ("?" + urlencode(pairs) if pairs else ""), body, headers))

    def post(self, body: str | bytes, content_type: str, **more: Any) -> httpx.Response:
        data = body.encode() if isinstance(body, str) else body
        return self.ask(method="POST", body=data, content_type=content_type, **more)

    async def _go(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
            client.headers.clear()
            return await client.request(method, path, content=body, headers=headers)


@contextmanager
def sparql_site(world: World, folder: Path, limits: Limits | None = None) -> Iterator[SparqlSite]:
    """The application of this world with a pool of its own."""
    pool = QueryPool(Snapshots(cast(EmbeddedGraphs, world.service.public), folder / "copies", burst=100), 2, limits)
    try:
        service = replace(world.service, queries=pool)
        yield SparqlSite(create_app(service), service.base, pool, world)
    finally:
        pool.close()
