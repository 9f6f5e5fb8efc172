"""`/besluiten/nakijken`: a supplier gives a page and sees at once what is missing in it, and how to write it.

curl -H 'Accept: application/json' -H 'Content-Type: text/html' --data-binary @notulen.html …/besluiten/nakijken
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Problem, Refused, TooLarge
from app.exchange.fetching import NotFetched
from app.exchange.publication.check import LEVELS, Report, check_page
from app.exchange.publication.profile import Profile, load_profiles
from app.exchange.publication.report import as_json
from app.exchange.rdfa.reading import read_page
from app.exchange.rdfa.spellings import Spellings, load_spellings
from app.web.answers import cacheable
from app.web.negotiate import negotiate
from app.web.pages import page
from app.web.service import Service

PATH = "/besluiten/nakijken"
MOST_BYTES = 10_000_000
# Asked after while somebody waits; the rest counts as there.
MOST_OFFICIALS = 10
# Where a page stands that was pasted: relative addresses in it are then seen for what they are.
NOWHERE = "https://pagina.invalid/"
HTML, JSON = "text/html", "application/json"


@dataclass(frozen=True)
class Given:
    """What somebody gave to be checked: an address, or the page itself."""

    url: str = ""
    html: bytes | str = b""
    charset: str | None = None
    profile: str = ""


@dataclass(frozen=True)
class Tools:
    """What reading and checking need, read once."""

    spellings: Spellings
    profiles: Mapping[str, Profile]


@lru_cache(maxsize=4)
def tools(root: Path) -> Tools:
    """Of one folder with ontology/ and shapes/."""
    return Tools(load_spellings(root), load_profiles(root))


UNKEPT = {"cache-control": "no-store"}


async def show(request: Request) -> Response:
    """The form; after it, what came of checking."""
    if request.method != "POST":
        given = Given(url=request.query_params.get("url", ""), profile=request.query_params.get("type", ""))
        return cacheable(request, _page(request, given), HTML)
    wants_page = negotiate(request.headers.get("accept"), (HTML, JSON)) != JSON
    given = Given()
    try:
        given = await _given(request)
        report = await run_in_threadpool(_check, request, given)
    except Refused as error:
        if not wants_page:
            raise
        return Response(_page(request, given, error=error), 400, UNKEPT, HTML)
    if wants_page:
        return Response(_page(request, given, report), headers=UNKEPT, media_type=HTML)
    return Response(orjson.dumps(as_json(report), option=orjson.OPT_INDENT_2), headers=UNKEPT, media_type=JSON)


def _page(request: Request, given: Given, report: Report | None = None, error: Refused | None = None) -> bytes:
    profiles = tools(_service(request).root).profiles
    return page(request, "nakijken.html", given=given, report=report, error=error, profiles=profiles, levels=LEVELS)


async def _given(request: Request) -> Given:
    """What the request brings: a form, or the page as its body. Raises TooLarge or Refused."""
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise Refused("Zeg in de koptekst Content-Length hoe groot de pagina is.")
    if int(length) > MOST_BYTES:
        raise TooLarge("Deze pagina is te groot om na te kijken: 10 MB is het meeste.")
    content = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content in (HTML, "application/xhtml+xml"):
        query = request.query_params
        return Given(html=await request.body(), url=query.get("url", ""), profile=query.get("type", ""))
    async with request.form(max_files=1, max_fields=10, max_part_size=MOST_BYTES) as form:
        return await _of_form(form)


async def _of_form(form: FormData) -> Given:
    upload = form.get("bestand")
    html: bytes | str = await upload.read() if isinstance(upload, UploadFile) and upload.filename else b""
    url, profile, pasted = (str(form.get(name) or "").strip() for name in ("url", "type", "html"))
    return Given(url, html or pasted, None, profile)


def _check(request: Request, given: Given) -> Report:
    """Read the page, or fetch it first. Raises Refused with the field that is wrong."""
    service = _service(request)
    if not given.url and not given.html:
        raise Refused("Geef een webadres, plak de HTML of kies een bestand.", [Problem("url", "Hier staat niets.")])
    url, html, charset = given.url, given.html, given.charset
    if not html:
        url, html, charset = _fetch(service, url)
    elif not url.startswith(("http://", "https://")):
        url = NOWHERE
    read = read_page(html, url, tools(service.root).spellings, f"{service.base}/.well-known/genid/", charset)
    resolver = service.officials.asking(MOST_OFFICIALS) if service.officials else None
    return check_page(read, tools(service.root).profiles, given.profile or None, resolver)


def _fetch(service: Service, url: str) -> tuple[str, bytes, str | None]:
    if service.fetcher is None:
        raise Refused("Deze dienst haalt geen pagina's op. Plak de HTML.")
    try:
        fetched = service.fetcher.fetch(url)
    except NotFetched as error:
        raise Refused("Deze pagina kon niet opgehaald worden.", [Problem("url", str(error))]) from None
    if fetched.body is None:
        raise Refused("Deze pagina kon niet opgehaald worden.", [Problem("url", "Op dit adres staat niets (meer).")])
    if len(fetched.body) > MOST_BYTES:
        raise TooLarge("Deze pagina is te groot om na te kijken: 10 MB is het meeste.")
    return fetched.url, fetched.body, fetched.charset


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ROUTES = (Route(PATH, show, methods=["GET", "POST"]),)
