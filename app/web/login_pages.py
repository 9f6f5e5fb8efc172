"""Logging in and out, and choosing in which capacity to go on; who may then do what is not decided here.

The session stands in a cookie that no script reads, that goes along only with visits to this site, and that changes
whenever somebody logs in or goes on as somebody else.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Refused, Unavailable
from app.exchange.oidc.entrance import Entrance
from app.exchange.oidc.login import ATTEMPT_SECONDS, Wish
from app.model.whole import whole_number
from app.register.agents import Agent
from app.web.auth import COOKIE, agent_of, check_origin, is_secure, session_of, visitor_of
from app.web.forms import posted
from app.web.pages import page
from app.web.rooms import DESK, MINE
from app.web.service import Service

ATTEMPT = "loket_aanmelden"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FRESH = {"cache-control": "no-store"}
# In which capacity ACM should let somebody come, so that they need not choose there ("gericht aanmelden").
WAYS = (
    ("BUR", "Als vertegenwoordiger van een vereniging", "In eigen naam, met itsme, eID of een andere sleutel."),
    ("LB", "Voor een gemeente", "Als medewerker van een lokaal bestuur."),
    ("EA", "Voor een organisatie met een ondernemingsnummer", "Een vzw, een federatie of een koepel."),
    ("GID", "Voor de Vlaamse overheid", "Als medewerker van een Vlaamse entiteit."),
)


def log_in(request: Request) -> Response:
    """The ways to come in; whoever is in already goes on."""
    back = safe_path(request.query_params.get("terug"))
    agent = visitor_of(request)
    if agent is not None:
        return _to(back if back != "/" else first_page(agent))
    return _ways(request, back)


def start(request: Request) -> Response:
    """On to the provider; what must be known at the return goes along in a cookie."""
    entrance = _entrance(request)
    service: Service = request.app.state.service
    if request.url.hostname in LOOPBACK and request.url.hostname != urlsplit(service.base).hostname in LOOPBACK:
        # The provider sends people back to the one address that it knows; the cookie must be there.
        return _to(f"{service.base}/aanmelden/start?{request.url.query}")
    capacity = request.query_params.get("als", "")
    known = capacity if capacity in {code for code, _, _ in WAYS} else ""
    address, kept = entrance.begin(Wish(safe_path(request.query_params.get("terug")), known))
    answer = _to(address)
    _keep(request, answer, ATTEMPT, kept, ATTEMPT_SECONDS)
    return answer


def come_back(request: Request) -> Response:
    """From the provider: a new session, and on to where somebody wanted to go, or to the choice of a capacity."""
    entrance = _entrance(request)
    old = session_of(request)
    try:
        entered = entrance.finish(dict(request.query_params), request.cookies.get(_named(request, ATTEMPT)))
    except Refused as error:
        return _ways(request, "/", error.title)
    if old:
        entrance.sessions.end(old)
    if len(entered.capacities) == 1:
        answer = _to(entered.back if entered.back != "/" else first_page(entered.capacities[0]))
    else:
        answer = _to(f"/wisselen?{urlencode({'terug': entered.back})}")
    _keep(request, answer, COOKIE, entered.token)
    _forget(request, answer, ATTEMPT)
    return answer


def choices(request: Request) -> Response:
    """In which capacity to go on."""
    entrance = _entrance(request)
    known = entrance.capacities(session_of(request))
    back = safe_path(request.query_params.get("terug"))
    if known is None:
        return _to(f"/aanmelden?{urlencode({'terug': back})}")
    return _html(request, "wisselen.html", capacities=known[0], chosen=known[1], back=back)


async def choose(request: Request) -> Response:
    """Go on in this capacity, under a new key; or with another identity, by way of the provider."""
    check_origin(request)
    form = await posted(request)
    return await run_in_threadpool(_choose, request, str(form.get("als", "")), safe_path(str(form.get("terug", ""))))


def log_out(request: Request) -> Response:
    """End the session, here and then at the provider."""
    check_origin(request)
    return _leave(request)


def ask_log_out(request: Request) -> Response:
    """Logging out changes something, so it takes a button."""
    return _html(request, "afmelden.html")


def logged_out(request: Request) -> Response:
    """Where the provider sends people who logged out."""
    return _html(request, "afgemeld.html", onward="")


def who(request: Request) -> Response:
    """As what a token or a session counts here, and what that may do."""
    agent = agent_of(request)
    service: Service = request.app.state.service
    table = service.register.rights.table
    body = {
        "organisatie": agent.iri,
        "naam": agent.label,
        "begin": first_page(agent),
        "rol": agent.role,
        "gemeente": agent.municipality,
        "verenigingen": sorted(agent.associations),
        "namens": agent.on_behalf_of,
        "rechten": [
            {"handeling": row.action, "waarmee": row.scope, "doelNodig": row.purpose}
            for action in table.actions
            for row in table.of(agent.role, action)
        ],
    }
    return Response(orjson.dumps(body), headers=FRESH, media_type="application/json")


def keep_session(request: Request, answer: Response, key: str) -> None:
    """Give the browser the key of its session."""
    _keep(request, answer, COOKIE, key)


def first_page(agent: Agent) -> str:
    """Where somebody in this role begins."""
    houses = {"/beheer": DESK, "/mijn-vereniging": MINE}
    return next((address for address, house in houses.items() if agent.role in house.roles), "/")


def safe_path(text: str | None) -> str:
    """A path on this site, whatever was asked: nobody is sent elsewhere from here.

    >>> [safe_path(text) for text in ("/beheer?a=1", "//kwaad.example", "https://kwaad.example", "/\\\\kwaad", None)]
    ['/beheer?a=1', '/', '/', '/', '/']
    """
    if not text or not text.startswith("/") or "\\" in text or not text.isprintable():
        return "/"
    return text if not text.startswith("//") and not text.startswith("/aanmelden") else "/"


def _ways(request: Request, back: str, wrong: str = "") -> Response:
    """The ways to come in, and why it did not work the last time."""
    known = request.app.state.service.entrance is not None
    ways = [(_start(back, code), label, what) for code, label, what in WAYS] if known else []
    values = {"ways": ways, "any": _start(back), "wrong": wrong}
    return Response(page(request, "aanmelden.html", **values), 400 if wrong else 200, FRESH, "text/html")


def _choose(request: Request, wanted: str, back: str) -> Response:
    entrance, token = _entrance(request), session_of(request)
    if wanted == "anders":
        return _leave(request, switch=True)
    number = whole_number(wanted)
    key = entrance.sessions.choose(token, number) if token and number is not None else None
    found = entrance.capacities(key)
    if key is None or found is None or found[1] is None:
        return _to(f"/wisselen?{urlencode({'terug': back})}")
    answer = _to(back if back != "/" else first_page(found[0][found[1]]))
    _keep(request, answer, COOKIE, key)
    return answer


def _leave(request: Request, *, switch: bool = False) -> Response:
    """Not a redirect: after a form, browsers follow one to another site only where form-action allows that site."""
    entrance, service = _entrance(request), request.app.state.service
    landing = f"{service.base}/afgemeld"
    try:
        onward = entrance.leave(session_of(request), landing, switch=switch)
    except Unavailable:
        onward = ""
    answer = _html(request, "afgemeld.html", onward=onward)
    if onward:
        answer.headers["refresh"] = f"0; url={onward}"
    _forget(request, answer, COOKIE)
    return answer


def _entrance(request: Request) -> Entrance:
    entrance: Entrance | None = request.app.state.service.entrance
    if entrance is None:
        raise Refused("Voor deze dienst is geen aanmelddienst ingesteld.")
    return entrance


def _start(back: str, capacity: str = "") -> str:
    return f"/aanmelden/start?{urlencode({**({'als': capacity} if capacity else {}), 'terug': back})}"


def _to(address: str) -> Response:
    return RedirectResponse(address, 303, FRESH)


def _html(request: Request, template: str, **values: object) -> Response:
    return Response(page(request, template, **values), headers=FRESH, media_type="text/html")


def _named(request: Request, name: str) -> str:
    return f"__Host-{name}" if is_secure(request) else name


def _keep(request: Request, answer: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Lax: at the return from the provider, a visit from another site, the cookies must come along."""
    secure = is_secure(request)
    answer.set_cookie(_named(request, name), value, max_age=seconds, httponly=True, secure=secure, samesite="lax")


def _forget(request: Request, answer: Response, name: str) -> None:
    answer.delete_cookie(_named(request, name), httponly=True, secure=is_secure(request), samesite="lax")


ROUTES = (
    Route("/aanmelden", log_in),
    Route("/aanmelden/start", start),
    Route("/aanmelden/terug", come_back),
    Route("/wisselen", choices),
    Route("/wisselen", choose, methods=["POST"]),
    Route("/afmelden", ask_log_out),
    Route("/afmelden", log_out, methods=["POST"]),
    Route("/afgemeld", logged_out),
    Route("/wie-ben-ik", who),
)
