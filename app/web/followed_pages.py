"""`/beheer/bronnen`: the event streams of others that we follow, what came of them, and what waits aside and why."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Unknown
from app.store import followed
from app.store.followed import ACTIVE, APPLIED, ASIDE, STOPPED, Feed, Thing
from app.store.times import iso
from app.web.auth import agent_of
from app.web.forms import form_of
from app.web.rooms import DESK, framed
from app.web.service import Service

AT = "/beheer/bronnen"
SHOWN = 100
KINDS = {followed.CONCEPTS: "concepten", followed.PRODUCTS: "producten"}
Row = dict[str, Any]


def overview(request: Request) -> Response:
    """All streams, and how each stands."""
    service = _service(request)
    rows = [_row(feed, service) for feed in followed.feeds(service.log.database)]
    if request.url.path.endswith(".json"):
        return _json({"bronnen": rows})
    return framed(request, DESK, "bronnen.html", rows=rows)


def show(request: Request) -> Response:
    """One stream: its pages with a problem, and what is aside."""
    service, feed = _service(request), _feed(request)
    _, troubled = followed.pages_of(service.log.database, feed.id)
    row = {
        **_row(feed, service),
        "paginas": [{"url": page.url, "probleem": page.problem, "opnieuw": page.due} for page in troubled],
        "opzij": [_aside(thing) for thing in followed.aside(service.log.database, feed.id, limit=SHOWN)],
    }
    if request.url.path.endswith(".json"):
        return _json(row)
    return framed(request, DESK, "bron.html", row=row, at=f"{AT}/{feed.id}", active=ACTIVE)


def act(request: Request) -> Response:
    """Try again all that is wrong, or stop following, or go on."""
    service, feed = _service(request), _feed(request)
    now, wanted = iso(service.clock()), form_of(request).get("doe", "")
    with service.log.database.writing() as connection:
        if wanted == "opnieuw":
            followed.ask_now(connection, feed.id, now)
        elif wanted in (ACTIVE, STOPPED):
            followed.set_state(connection, feed.id, wanted)
        else:
            raise Unknown("Deze handeling kennen we niet.")
    return RedirectResponse(f"{AT}/{feed.id}", 303, {"cache-control": "no-store"})


def _service(request: Request) -> Service:
    """For who runs the service."""
    service: Service = request.app.state.service
    service.register.rights.check(agent_of(request), "Operate")
    return service


def _feed(request: Request) -> Feed:
    feed = followed.feed_with(_service(request).log.database, request.path_params["feed"])
    if feed is None:
        raise Unknown("Deze bron kennen we niet.")
    return feed


def _row(feed: Feed, service: Service) -> Row:
    counted = followed.counts(service.log.database, feed.id)
    pages, troubled = followed.pages_of(service.log.database, feed.id)
    return {
        "id": feed.id,
        "naam": feed.label,
        "soort": KINDS[feed.kind],
        "url": feed.url,
        "toestand": feed.state,
        "laatsteRonde": feed.ran,
        "uitkomst": feed.outcome,
        "volgendeRonde": feed.due if feed.state == ACTIVE else None,
        "gelezenPaginas": pages,
        "paginasMetProbleem": len(troubled),
        "verwerkt": counted.get(APPLIED, 0),
        "aantalOpzij": counted.get(ASIDE, 0),
    }


def _aside(thing: Thing) -> Row:
    title, *fields = thing.why.splitlines() or [""]
    problems = [dict(zip(("veld", "probleem"), line.partition(": ")[::2], strict=True)) for line in fields]
    return {
        "ding": thing.thing,
        "versie": thing.snapshot,
        "reden": title,
        "problemen": problems,
        "pogingen": thing.attempts,
        "sinds": thing.time,
        "opnieuw": thing.due,
    }


def _json(body: Row) -> Response:
    content = orjson.dumps(body, option=orjson.OPT_INDENT_2)
    return Response(content, headers={"cache-control": "no-store"}, media_type="application/json")


ROUTES = (
    Route(AT, overview),
    Route(AT + ".json", overview),
    Route(AT + "/{feed}.json", show),
    Route(AT + "/{feed}", show),
    Route(AT + "/{feed}", act, methods=["POST"]),
)
