"""Answers that can be cached and asked again: entity tag, date, 304, link headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

FRESH_BRIEFLY = "public, max-age=0, must-revalidate"
FRESH_PRIVATELY = "private, max-age=0, must-revalidate"
FRESH_LONG = "public, max-age=86400, stale-while-revalidate=604800"
FRESH_FOREVER = "public, max-age=31536000, immutable"


def cacheable(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    modified: datetime | None = None,
    cache: str = FRESH_BRIEFLY,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Answer `body`, or 304 when the client has it already.

    The entity tag is the digest of the bytes: another format, another text on the page, another tag.
    """
    head = {"etag": etag(body), "cache-control": cache, **(headers or {})}
    if modified is not None:
        head["last-modified"] = format_datetime(modified, usegmt=True)
    if status == 200 and is_known(request, head["etag"], modified):
        return Response(status_code=304, headers=head)
    return Response(body, status, head, media_type)


def etag(body: bytes) -> str:
    """A strong validator of these bytes."""
    return f'"{blake2b(body, digest_size=12).hexdigest()}"'


def is_known(request: Request, tag: str, modified: datetime | None) -> bool:
    """Whether the client's copy is still right.

    RFC 9110 section 13.2.2: If-Modified-Since counts only when there is no If-None-Match.
    https://www.rfc-editor.org/rfc/rfc9110#name-precedence-of-preconditions
    """
    tags = request.headers.getlist("if-none-match")
    if tags:
        known = {one.strip().removeprefix("W/") for one in ",".join(tags).split(",")}
        return bool(known & {tag, "*"})
    since = http_date(request.headers.get("if-modified-since"))
    return since is not None and modified is not None and modified.replace(microsecond=0) <= since


def http_date(text: str | None) -> datetime | None:
    """A date from a header; None when there is none or it is not a date."""
    try:
        when = parsedate_to_datetime(text) if text else None
    except (ValueError, OverflowError):
        return None
    # "-0000" gives a time without a zone.
    return when.replace(tzinfo=UTC) if when and when.tzinfo is None else when


def link(target: str, rel: str, **attributes: str) -> str:
    """One value of a Link header (RFC 8288)."""
    return "; ".join((f"<{target}>", f'rel="{rel}"', *(f'{name}="{value}"' for name, value in attributes.items())))


def links(values: Iterable[str]) -> dict[str, str]:
    """The Link header of these."""
    return {"link": ", ".join(values)}


def see_other(path: str) -> Response:
    """From a thing to the document about it."""
    return RedirectResponse(path, 303, {"cache-control": "public, max-age=3600"})


def moved(request: Request, name: str, right: str) -> Response:
    """From a name as somebody wrote it to the name as it is, everything after it kept."""
    head, _, tail = request.url.path.rpartition(name)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{head}{right}{tail}{query}", 301)
