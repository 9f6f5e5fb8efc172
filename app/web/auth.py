"""Who sends this request, and whether it was meant.

    agent = agent_of(request)        # or Unauthenticated: a browser goes to /aanmelden, a client gets 401
    agent = visitor_of(request)      # None for anybody

Both may ask the provider over the network: call them in a plain `def` endpoint, which runs in a thread.
A session counts for POST, PUT, PATCH and DELETE only when the request comes from our own pages, so that no form needs
a token against forgery.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from starlette.requests import Request

from app.errors import Forbidden, Unauthenticated
from app.register.agents import Agent
from app.web.identity import Credentials
from app.web.service import Service

COOKIE = "loket_sessie"
SECURE_COOKIE = f"__Host-{COOKIE}"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PURPOSE = "x-request-reason"
INITIATOR = "vr-initiator"
MOST_OF_A_PURPOSE = 500


def agent_of(request: Request) -> Agent:
    """Who asks; raises Unauthenticated when nobody is logged in and the request bears no valid token.

    The purpose for which personal values are asked comes with the request, in the header X-Request-Reason. Raises
    Forbidden, saying what is missing, for a token that counts for nothing here.
    """
    if not hasattr(request.state, "agent"):
        request.state.agent = _identify(request)
    agent: Agent | None = request.state.agent
    if agent is None:
        raise Unauthenticated("Meld u aan om dit te zien of te doen.")
    return agent


def visitor_of(request: Request) -> Agent | None:
    """Who asks, or None for anybody: whoever may do nothing more than anybody is answered as anybody.

    A token that is shown but not valid raises Unauthenticated all the same: its owner should know.
    """
    if not (request.headers.get("authorization") or session_of(request)):
        return None
    try:
        return agent_of(request)
    except Forbidden:
        return None
    except Unauthenticated:
        if _bearer(request) is not None:
            raise
        return None


def session_of(request: Request) -> str | None:
    """The value of the session cookie."""
    return request.cookies.get(SECURE_COOKIE if is_secure(request) else COOKIE)


def is_secure(request: Request) -> bool:
    """Whether the public address of the service is https, whatever a proxy makes of it on the inside."""
    service: Service = request.app.state.service
    return service.base.startswith("https:")


def check_origin(request: Request) -> None:
    """Raise Forbidden when a request that changes something does not come from a page of this very site.

    Browsers say so themselves in Sec-Fetch-Site, and older ones in Origin; a page cannot forge either. That replaces
    tokens in forms: https://words.filippo.io/csrf/ and
    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html#fetch-metadata-headers.
    Stricter than there: a session never counts for a request that says neither.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("sec-fetch-site")
    if site in ("same-origin", "none") or (site is None and _own_origin(request)):
        return
    raise Forbidden("Deze opdracht kwam niet van een pagina van dit loket. Open de pagina opnieuw en probeer nog eens.")


def _identify(request: Request) -> Agent | None:
    service: Service = request.app.state.service
    bearer, session = _bearer(request), session_of(request)
    if bearer is None and session is None:
        return None
    if bearer is None:
        check_origin(request)
    credentials = Credentials(None if bearer else session, bearer, request.headers.get(INITIATOR))
    agent = service.identity.identify(credentials)
    if agent is None and bearer:
        raise Unauthenticated("Dit token is niet (meer) geldig.")
    purpose = request.headers.get(PURPOSE, "").strip()[:MOST_OF_A_PURPOSE]
    return replace(agent, purpose=purpose) if agent and purpose else agent


def _bearer(request: Request) -> str | None:
    """RFC 6750 section 2.1; a token in the address is not read, for addresses get logged.

    https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return (token.strip() or None) if scheme.lower() == "bearer" else None


def _own_origin(request: Request) -> bool:
    """Ports count, the scheme does not: a proxy may speak https for us."""
    service: Service = request.app.state.service
    _, _, origin = request.headers.get("origin", "").partition("://")
    return bool(origin) and origin in (request.headers.get("host"), urlsplit(service.base).netloc)
