"""Agreeing to messages, having them more or less often and stopping them, without logging in: for whoever holds the
link from an e-mail.

A look at the page changes nothing, for programs that check mail open every link in it; the button does. A mail program
that offers to unsubscribe posts to the same address by itself (RFC 8058).
https://www.rfc-editor.org/rfc/rfc8058
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Unknown
from app.register.products.audience import about
from app.register.telling.commands import Unsubscribe
from app.register.telling.subscribing import change_rhythm, confirm, unsubscribe
from app.register.telling.subscription_checks import rhythms_of
from app.store.subscriptions import subscription
from app.web.forms import form_of
from app.web.pages import page
from app.web.service import Service

AGREE, STOP, RHYTHM = "bevestigen", "afmelden", "ritme"


def look(request: Request) -> Response:
    """What it is about, and the button."""
    _known(request)
    return _page(request, done=False)


def act(request: Request) -> Response:
    """Do it; again changes nothing. Raises Unknown for a wrong token."""
    service: Service = request.app.state.service
    id, token = request.path_params["id"], request.query_params.get("token", "")
    if _known(request) == AGREE:
        confirm(id, token, service.register)
    elif _known(request) == RHYTHM:
        change_rhythm(id, token, form_of(request).get("ritme", ""), service.register)
    else:
        unsubscribe(Unsubscribe(id, token), None, service.register)
    return _page(request, done=True)


def _known(request: Request) -> str:
    what: str = request.path_params["what"]
    if what not in (AGREE, STOP, RHYTHM):
        raise Unknown("Op dit adres staat niets.")
    return what


def _page(request: Request, *, done: bool) -> Response:
    service: Service = request.app.state.service
    known = subscription(service.log.database, request.path_params["id"])
    values = {
        "what": request.path_params["what"],
        "request_id": request.path_params["id"],
        "about": about(known.scope, service.register) if known else "",
        "rhythm": known.rhythm if known else "",
        "rhythms": rhythms_of(known.scope) if known else (),
        "token": request.query_params.get("token", ""),
        "done": done,
    }
    html = page(request, "meldingen_link.html", **values)
    # The address holds the token: it must not leave with a click on a link in the page.
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}
    return Response(html, 200, headers, "text/html")


ROUTES = (
    Route("/abonnement/{id}/{what}", look),
    Route("/abonnement/{id}/{what}", act, methods=["POST"]),
)
