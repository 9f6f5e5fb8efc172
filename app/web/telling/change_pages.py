"""What changed lately, for everybody: `/wijzigingen` as a page, as Atom and as JSON Feed.

`?gemeente=`, `?vereniging=` or `?feed=` chooses what is followed; `?archief=n` is an older part that never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Unknown
from app.exchange.telling import atom, json_feed
from app.exchange.telling.change_feed import Entry
from app.web.answers import FRESH_FOREVER, cacheable, link, links
from app.web.pages import page
from app.web.service import Service
from app.web.telling.site import Followed, Telling

PATH = "/wijzigingen"
PER_PART = 50
NEVER = "1970-01-01T00:00:00.000000Z"
BRIEFLY = "public, max-age=30"


@dataclass(frozen=True)
class Part:
    """The newest entries, or an archive; `archives` is how many of those there are."""

    followed: Followed
    number: int | None
    archives: int
    entries: list[Entry]

    @property
    def updated(self) -> str:
        """When the last change in it was."""
        return self.entries[-1].time if self.entries else NEVER


def show(request: Request) -> Response:
    """The page: the newest first, and the ways to follow."""
    part = read_part(request)
    service: Service = request.app.state.service
    values: dict[str, Any] = {
        "followed": part.followed,
        "number": part.number,
        "older": _older(part),
        "entries": part.entries[::-1],
        "at": f"{service.base}{PATH}",
        "municipalities": sorted(service.codelists.municipalities.all, key=lambda one: one.name),
        "chosen": request.query_params.get("gemeente", ""),
    }
    return cacheable(request, page(request, "wijzigingen.html", **values), "text/html", headers=_headers(request, part))


def as_atom(request: Request) -> Response:
    """RFC 4287, with archives as in RFC 5005."""
    part = read_part(request)
    head = _head(request, part, "atom")
    return _answer(request, part, atom.atom(head, part.entries), f"{atom.MEDIA_TYPE}; charset=utf-8")


def as_json(request: Request) -> Response:
    """JSON Feed 1.1."""
    part = read_part(request)
    return _answer(request, part, json_feed.json_feed(_head(request, part, "json"), part.entries), json_feed.MEDIA_TYPE)


def read_part(request: Request) -> Part:
    """The entries that are asked for; raises Unknown for an archive that is not there (yet)."""
    telling: Telling = request.app.state.telling
    followed = telling.followed(request)
    size = followed.source.size()
    archives = size // PER_PART
    asked = request.query_params.get("archief")
    if asked is None:
        return Part(followed, None, archives, followed.source.entries(max(1, size - PER_PART + 1), size))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 9 and 1 <= int(asked) <= archives):
        raise Unknown("Dit deel van het archief bestaat niet.")
    number = int(asked)
    entries = followed.source.entries((number - 1) * PER_PART + 1, number * PER_PART)
    return Part(followed, number, archives, entries)


def _head(request: Request, part: Part, suffix: str) -> atom.Head:
    service: Service = request.app.state.service
    at = f"{service.base}{PATH}.{suffix}?{part.followed.query}"
    found = {"self": at if part.number is None else f"{at}&archief={part.number}"}
    found["alternate"] = f"{service.base}{PATH}?{part.followed.query}"
    if part.number is not None:
        found["current"] = at
    if older := _older(part):
        found["prev-archive"] = f"{at}&archief={older}"
    return atom.Head(at, part.followed.title, part.updated, service.publisher.name, found, part.number is not None)


def _older(part: Part) -> int:
    """The archive before this part; 0 when there is none."""
    return part.archives if part.number is None else part.number - 1


def _answer(request: Request, part: Part, body: bytes, media_type: str) -> Response:
    modified = datetime.fromisoformat(part.updated) if part.entries else None
    cache = BRIEFLY if part.number is None else FRESH_FOREVER
    headers = _headers(request, part)
    return cacheable(request, body, media_type, modified=modified, cache=cache, headers=headers)


def _headers(request: Request, part: Part) -> dict[str, str]:
    """The same changes elsewhere."""
    service: Service = request.app.state.service
    at = f"{service.base}{PATH}"
    others = [
        link(f"{at}.atom?{part.followed.query}", "alternate", type=atom.MEDIA_TYPE),
        link(f"{at}.json?{part.followed.query}", "alternate", type=json_feed.MEDIA_TYPE),
    ]
    if part.followed.ldes:
        others.append(link(part.followed.ldes, "alternate", type="application/trig"))
    return links(others)


ROUTES = (
    Route(PATH, show),
    Route(f"{PATH}.atom", as_atom),
    Route(f"{PATH}.json", as_json),
)
