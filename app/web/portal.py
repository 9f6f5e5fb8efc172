"""The pages about the service itself."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web.answers import FRESH_LONG, cacheable
from app.web.edge.problems import BY_STATUS, KINDS, UNEXPECTED
from app.web.pages import page


def text_page(template: str) -> Callable[[Request], Response]:
    """A page whose words all stand in its template."""

    def show(request: Request) -> Response:
        return cacheable(request, page(request, template), "text/html", cache=FRESH_LONG)

    return show


def problems(request: Request) -> Response:
    """What the `type` of a problem document points at."""
    kinds = {kind.slug: kind for kind in (*KINDS.values(), *BY_STATUS.values(), UNEXPECTED)}
    html = page(request, "problemen.html", kinds=sorted(kinds.values(), key=lambda kind: kind.status))
    return cacheable(request, html, "text/html", cache=FRESH_LONG)


ROUTES = (
    Route("/over", text_page("over.html")),
    Route("/toegankelijkheid", text_page("toegankelijkheid.html")),
    Route("/cookies", text_page("cookies.html")),
    Route("/disclaimer", text_page("disclaimer.html")),
    Route("/problemen", problems),
)
