"""Errors as answers: one table from domain error to status, as application/problem+json (RFC 9457) or as a Dutch page.

    raise Unknown("Er is geen vereniging met code V0001001.")     # anywhere under app.web, bare ASGI apps too

An unknown error shows no internals: a sentence and the correlation id by which the operator finds it in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import orjson
from jinja2 import TemplateError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from app import errors
from app.web.negotiate import negotiate
from app.web.pages import page

MEDIA_TYPE = "application/problem+json"
OFFERED = (MEDIA_TYPE, "application/json", "text/html")


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its place on the page /problemen, its status, and what it means."""

    slug: str
    status: int
    meaning: str


KINDS: dict[type[BaseException], Kind] = {
    errors.PossibleDuplicates: Kind("mogelijk-dubbel", 409, "Wat u wilt registreren, bestaat misschien al."),
    errors.Refused: Kind("geweigerd", 400, "De invoer is niet volledig of niet juist. Er is niets bewaard."),
    errors.Unknown: Kind("onbekend", 404, "Op dit adres staat niets."),
    errors.Gone: Kind("verwijderd", 410, "Dit bestond, maar is verwijderd."),
    errors.Stale: Kind("andere-versie", 412, "De gegevens zijn intussen gewijzigd. Haal ze opnieuw op."),
    errors.Conflict: Kind("intussen-gewijzigd", 409, "Iemand anders heeft dit intussen gewijzigd."),
    errors.Unauthenticated: Kind("niet-aangemeld", 401, "Meld u eerst aan."),
    errors.Forbidden: Kind("niet-toegestaan", 403, "U hebt geen toegang."),
    errors.BadQuery: Kind("foute-vraag", 400, "De SPARQL-vraag is niet juist geschreven."),
    errors.TooLarge: Kind("te-groot", 413, "Het antwoord of de invoer is groter dan toegelaten."),
    errors.TooMany: Kind("te-vaak", 429, "Dit werd vanaf hier te vaak gedaan. Probeer later opnieuw."),
    errors.NotYet: Kind("wordt-gemaakt", 503, "Dit wordt net gemaakt. Vraag het straks opnieuw."),
    errors.Unavailable: Kind("niet-beschikbaar", 503, "De dienst kan dit nu niet beantwoorden. Probeer later opnieuw."),
}
UNEXPECTED = Kind("onverwacht", 500, "Er ging iets mis bij ons. Probeer later opnieuw.")
# What the web layer itself raises, as HTTPException: nothing that a domain error could name.
BY_STATUS = {
    400: Kind("foute-aanvraag", 400, "Deze aanvraag is niet juist."),
    404: KINDS[errors.Unknown],
    405: Kind("methode", 405, "Deze methode kan hier niet."),
    406: Kind("formaat", 406, "Dit bestaat niet in het formaat dat u vraagt."),
    408: Kind("te-traag", 408, "Wat u stuurde, kwam te traag binnen."),
    415: Kind("mediatype", 415, "Dit formaat lezen we hier niet."),
}


@dataclass(frozen=True)
class ProblemReport:
    """One error, ready to be written as JSON or as a page."""

    kind: Kind
    title: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, base: str, path: str, correlation: str) -> dict[str, Any]:
        """The members of the problem document, in the order in which a person reads them."""
        return {
            "type": f"{base}/problemen#{self.kind.slug}",
            "title": self.title,
            "status": self.kind.status,
            "detail": self.kind.meaning,
            "instance": path,
            "correlationId": correlation,
            **self.extra,
        }


async def respond(request: Request, error: Exception) -> Response:
    """The answer to an error: a page for who asks for HTML first, problem+json for everybody else."""
    told = report(error)
    if told.kind.status == 405:
        # A part of the application that routes by itself says so itself.
        told = replace(told, headers={"allow": allowed(request) or told.headers.get("allow", "")})
    correlation = getattr(request.state, "correlation", "")
    body = told.body(request.app.state.service.base, request.url.path, correlation)
    headers = {**told.headers, "cache-control": "no-store", "vary": "Accept"}
    if negotiate(request.headers.get("accept"), OFFERED) == "text/html":
        if isinstance(error, errors.Unauthenticated) and _may_log_in(request):
            return RedirectResponse(login_address(request), 303, {"cache-control": "no-store"})
        # A page that cannot be made must not hide the error that it was to tell.
        with suppress(TemplateError):
            html = page(request, "fout.html", problem=body, replaced_by=getattr(error, "replaced_by", None))
            return Response(html, told.kind.status, headers, "text/html")
    return Response(orjson.dumps(body, option=orjson.OPT_INDENT_2), told.kind.status, headers, MEDIA_TYPE)


def allowed(request: Request) -> str:
    """All methods of an address, whatever number of routes it has: the router names those of the first alone.

    https://www.rfc-editor.org/rfc/rfc9110#name-405-method-not-allowed
    """
    matching = [route for route in request.app.routes if route.matches(request.scope)[0] != Match.NONE]
    # The address as it is written, before one with a name in it: /v1/verenigingen/zoeken is no V-code.
    nearest = min(matching, key=lambda route: route.path.count("{")).path if matching else ""
    same = [getattr(route, "methods", None) or () for route in matching if route.path == nearest]
    return ", ".join(sorted(set().union(*same)))


def _may_log_in(request: Request) -> bool:
    """A person who looks at a page: a machine shows a token, and a form would be lost on the way."""
    return request.method == "GET" and "authorization" not in request.headers


def login_address(request: Request) -> str:
    """Where to log in, to come back here."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/aanmelden?{urlencode({'terug': request.url.path + query})}"


def report(error: BaseException) -> ProblemReport:
    """What to tell of an error; of one that is not ours, only that it happened."""
    if isinstance(error, HTTPException):
        kind = BY_STATUS.get(error.status_code) or Kind("http", error.status_code, "")
        own_words = error.detail != HTTPStatus(error.status_code).phrase
        return ProblemReport(kind, error.detail if own_words else kind.meaning, headers=error.headers or {})
    if not isinstance(error, errors.LoketError):
        return ProblemReport(UNEXPECTED, UNEXPECTED.meaning)
    kind = next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), UNEXPECTED)
    return ProblemReport(kind, error.title, _extra(error), _headers(error))


def _extra(error: errors.LoketError) -> dict[str, Any]:
    if isinstance(error, errors.PossibleDuplicates):
        return {"candidates": [{"code": code, "reasons": list(reasons)} for code, reasons in error.candidates]}
    if isinstance(error, errors.Refused):
        return {"problems": [{"path": one.path, "message": one.message} for one in error.problems]}
    if isinstance(error, errors.BadQuery) and error.line is not None:
        return {"line": error.line, "column": error.column}
    if isinstance(error, errors.Gone) and error.replaced_by:
        return {"dct:isReplacedBy": {"@id": error.replaced_by}}
    return {}


def _headers(error: errors.LoketError) -> dict[str, str]:
    if isinstance(error, errors.Unavailable):
        return {"retry-after": str(error.retry_after)}
    if isinstance(error, errors.Unauthenticated):
        return {"www-authenticate": "Bearer"}
    if isinstance(error, errors.Gone) and error.replaced_by:
        # RFC 8288 has no "is replaced by"; an extension relation type is a URI.
        return {"link": f'<{error.replaced_by}>; rel="http://purl.org/dc/terms/isReplacedBy"'}
    return {}
