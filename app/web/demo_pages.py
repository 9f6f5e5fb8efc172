"""The pages and addresses of the provider of `demo`: choose who you are, or get a token."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.exchange.oidc.demo_provider import DemoProvider
from app.web.forms import posted
from app.web.pages import page

AT = "/demo/aanmelddienst"
FRESH = {"cache-control": "no-store"}


def routes(provider: DemoProvider) -> tuple[BaseRoute, ...]:
    """What to add to the site."""

    def choose(request: Request) -> Response:
        """Who is there to be."""
        people = provider.offered(dict(request.query_params))
        ways = [(person, f"{AT}/als/{person.key}?{urlencode(dict(request.query_params))}") for person in people]
        everybody = f"{AT}/auth?{urlencode({**dict(request.query_params), 'login_hint': ''})}"
        more = everybody if len(people) < len(provider.people) else ""
        return Response(page(request, "demo_wie.html", ways=ways, more=more), headers=FRESH, media_type="text/html")

    def go(request: Request) -> Response:
        """Back to the service, as this person."""
        asked = dict(request.query_params)
        return RedirectResponse(provider.grant(asked, request.path_params["key"]), 303, FRESH)

    def leave(request: Request) -> Response:
        """There is nothing to log out from."""
        return RedirectResponse(provider.landing(dict(request.query_params)), 303, FRESH)

    return (
        Route(f"{AT}/auth", choose),
        Route(f"{AT}/als/{{key}}", go),
        Route(f"{AT}/logout", leave),
        Route(f"{AT}/{{path:path}}", _machine(provider), methods=["GET", "POST"]),
    )


def _machine(provider: DemoProvider) -> Callable[[Request], object]:
    async def answer(request: Request) -> Response:
        form = {name: str(value) for name, value in (await posted(request)).items()}
        authorization = request.headers.get("authorization", "")
        path = f"/{request.path_params['path']}"
        status, body = await run_in_threadpool(provider.answer, request.method, path, form, authorization)
        return Response(orjson.dumps(body), status, FRESH, "application/json")

    return answer
