"""`/beheer/bronnen`: the event streams of others that we follow, what came of them, and what waits aside and why."""

from __future__ import annotations

import re
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Problem, Refused, Unavailable, Unknown
from app.register.doubles.names import fold
from app.store import followed
from app.store.followed import ACTIVE, APPLIED, ASIDE, STOPPED, Feed, Thing
from app.store.times import iso
from app.web.auth import agent_of
from app.web.forms import form_of
from app.web.rooms import DESK, framed
from app.web.service import Service

AT = "/beheer/bronnen"
SHOWN = 100
_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
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
    """One stream: its pages with a problem, what is aside, and what went in with remarks."""
    service, feed = _service(request), _feed(request)
    _, troubled = followed.pages_of(service.log.database, feed.id)
    row = {
        **_row(feed, service),
        "paginas": [{"url": page.url, "probleem": page.problem, "opnieuw": page.due} for page in troubled],
        "besturen": _owners(feed, service),
        "opzij": [_aside(thing) for thing in followed.aside(service.log.database, feed.id, limit=SHOWN)],
        "opmerkingen": [_hinted(thing) for thing in followed.hinted(service.log.database, feed.id, limit=SHOWN)],
    }
    if request.url.path.endswith(".json"):
        return _json(row)
    return framed(request, DESK, "bron.html", row=row, at=f"{AT}/{feed.id}", active=ACTIVE)


def act(request: Request) -> Response:
    """Try again all that is wrong, stop following or go on, and say for whom a stream may speak."""
    service, feed = _service(request), _feed(request)
    form, agent = form_of(request), agent_of(request)
    now, wanted = iso(service.clock()), form.get("doe", "")
    if wanted == "proef":
        return _rehearsed(request, service, feed)
    owner = _organisation(form.get("organisatie", ""), service) if wanted == "machtig" else form.get("organisatie", "")
    with service.log.database.writing() as connection:
        if wanted == "opnieuw":
            followed.ask_now(connection, feed.id, now)
        elif wanted in (ACTIVE, STOPPED):
            followed.set_state(connection, feed.id, wanted)
        elif wanted == "machtig":
            followed.allow_owner(connection, feed.id, owner, now, agent.reader)
        elif wanted == "trek-in":
            followed.forbid_owner(connection, feed.id, owner)
        else:
            raise Unknown("Deze handeling kennen we niet.")
    return RedirectResponse(f"{AT}/{feed.id}", 303, {"cache-control": "no-store"})


def add(request: Request) -> Response:
    """Follow the stream of a vendor; it speaks for nobody until somebody says for whom."""
    service, form = _service(request), form_of(request)
    label, url = form.get("naam", ""), form.get("url", "")
    problems = [
        *([] if 0 < len(label) <= 80 else [Problem("naam", "Geef een naam van hoogstens 80 tekens.")]),
        *([] if _ADDRESS.fullmatch(url) else [Problem("url", "Geef een webadres dat met https:// begint.")]),
    ]
    id = re.sub(r"[^a-z0-9]+", "-", fold(label))[:40].strip("-")
    if not problems and (not id or followed.feed_with(service.log.database, id)):
        problems.append(Problem("naam", "Er is al een bron met deze naam."))
    if problems:
        raise Refused("Deze bron kan niet toegevoegd worden.", problems)
    now = iso(service.clock())
    with service.log.database.writing() as connection:
        followed.put_feed(connection, Feed(id, followed.PRODUCTS, url, label, ACTIVE, now, now))
    return RedirectResponse(f"{AT}/{id}", 303, {"cache-control": "no-store"})


def _rehearsed(request: Request, service: Service, feed: Feed) -> Response:
    """What the whole stream would come to; nothing of it is kept."""
    if service.follower is None:
        raise Unavailable("Deze dienst volgt geen feeds.")
    run = service.follower.rehearse(feed)
    rows, hinted = [_aside(thing) for thing in run.aside[:SHOWN]], [_hinted(thing) for thing in run.hinted[:SHOWN]]
    values: Row = {"name": feed.label, "run": run, "rows": rows, "hinted": hinted, "at": f"{AT}/{feed.id}"}
    return framed(request, DESK, "bron_proef.html", **values)


def _organisation(text: str, service: Service) -> str:
    """The IRI of an administration, by that or by its name. Raises Refused."""
    lists = service.codelists
    known = lists.organisations.get(text)
    found = known.iri if known else getattr(lists.find("organisatie", text), "iri", None)
    if found is None:
        why = "Dit bestuur kennen we niet."
        raise Refused(why, [Problem("organisatie", why)])
    return str(found)


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


def _hinted(thing: Thing) -> Row:
    title, *fields = thing.why.splitlines() or [""]
    problems = [dict(zip(("veld", "probleem"), line.partition(": ")[::2], strict=True)) for line in fields]
    return {"ding": thing.thing, "versie": thing.snapshot, "reden": title, "problemen": problems}


def _aside(thing: Thing) -> Row:
    return {
        **_hinted(thing),
        "pogingen": thing.attempts,
        "sinds": thing.time,
        "opnieuw": thing.due,
    }


def _owners(feed: Feed, service: Service) -> list[Row]:
    with service.log.database.reading() as connection:
        iris = followed.owners(connection, feed.id)
    find = service.codelists.organisations.get
    named = [{"bestuur": iri, "naam": known.name if (known := find(iri)) else iri} for iri in iris]
    return sorted(named, key=lambda row: row["naam"])


def _json(body: Row) -> Response:
    content = orjson.dumps(body, option=orjson.OPT_INDENT_2)
    return Response(content, headers={"cache-control": "no-store"}, media_type="application/json")


ROUTES = (
    Route(AT, overview),
    Route(AT + ".json", overview),
    Route(AT, add, methods=["POST"]),
    Route(AT + "/{feed}.json", show),
    Route(AT + "/{feed}", show),
    Route(AT + "/{feed}", act, methods=["POST"]),
)
