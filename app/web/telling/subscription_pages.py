"""Asking to be told of changes, on pages: for a body under `/beheer`, for an association under `/mijn-vereniging`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Refused
from app.register.agents import Agent
from app.register.personal.people import current
from app.register.products.audience import HOME, ONE, subject_in
from app.register.register import KIND
from app.register.reports.figures_mail import send_now
from app.register.rights import ANYTHING
from app.register.telling.commands import ChangeSubscription, Subscribe, Unsubscribe
from app.register.telling.recipients import EMAIL
from app.register.telling.subscribing import change, owned, send_test, subscribe, unsubscribe
from app.register.telling.subscription_checks import AT_ONCE, RHYTHMS, is_of_figures, rhythms_of
from app.store.deliveries import DROPPED, FAILED, SENT, TO_SEND, deliveries
from app.web.auth import agent_of
from app.web.forms import chosen_in, form_of
from app.web.rooms import DESK, MINE, House, framed
from app.web.service import Service
from app.web.telling.site import Telling
from app.web.telling.subscription_views import groups, managed, scope_of, shown

NO_STORE = {"cache-control": "no-store"}
LAST = 10
DONE = {
    "gevraagd": "We hebben een e-mail gestuurd. Klik op de link erin om het abonnement te bevestigen.",
    "begonnen": "Het abonnement loopt. Verstuur een proefmelding om te zien of ze aankomt.",
    "gewijzigd": "Het abonnement is gewijzigd.",
    "gestopt": "Het abonnement is stopgezet en het adres is gewist.",
    "proef": "De proefmelding is onderweg. Vernieuw deze pagina om te zien of ze aankwam.",
}


@dataclass(frozen=True)
class Place:
    """Under which house the pages stand; `code` is the association of a representative."""

    house: House
    at: str
    code: str = ""

    @property
    def scope(self) -> str:
        """What the subscription is about; empty where one still has to choose."""
        return f"{ONE}/{self.code}" if self.code else ""


def which_association(request: Request) -> Response:
    """On to the only association of a representative, or a choice of them."""
    service: Service = request.app.state.service
    codes = sorted(agent_of(request).associations)
    if len(codes) == 1:
        return RedirectResponse(f"/mijn-vereniging/{codes[0]}/abonnementen", 303, NO_STORE)
    named = [(code, current(code, service.register)[1].get("naam", code)) for code in codes]
    return framed(request, MINE, "abonnementen_kies.html", associations=named)


def show(request: Request) -> Response:
    """What is asked for already, and the form to ask for more."""
    return _list(request)


def ask(request: Request) -> Response:
    """Subscribe as the form says, or the form again with what is wrong."""
    telling: Telling = request.app.state.telling
    agent, place, form = agent_of(request), place_of(request), form_of(request)
    command = Subscribe(
        scope=place.scope or scope_of(form, agent),
        occasions=chosen_in(request, "aanleiding"),
        channel=form.get("kanaal", EMAIL),
        address=form.get("adres", ""),
        rhythm=form.get("ritme", AT_ONCE),
    )
    try:
        made = subscribe(command, agent, telling.service.register, telling.offer)
    except Refused as refused:
        return _list(request, refused, {**form, "aanleiding": command.occasions})
    return _back(f"{place.at}/{made.id}", "gevraagd" if made.channel == EMAIL else "begonnen")


def show_one(request: Request) -> Response:
    """One subscription: what was sent, and the forms to change, try and stop it."""
    return _one(request)


def act(request: Request) -> Response:
    """What the button says: change, try, or stop."""
    telling: Telling = request.app.state.telling
    register, agent = telling.service.register, agent_of(request)
    place, id, form = place_of(request), request.path_params["id"], form_of(request)
    try:
        if form.get("doe") == "stoppen":
            unsubscribe(Unsubscribe(id), agent, register)
            return _back(place.at, "gestopt")
        if form.get("doe") == "proef":
            _try(request, id, agent)
            return _back(f"{place.at}/{id}", "proef")
        known = owned(id, agent, register)
        occasions = known.occasions if is_of_figures(known.scope) else chosen_in(request, "aanleiding")
        wanted = ChangeSubscription(id, occasions, form.get("ritme", ""))
        change(wanted, agent, register, telling.offer)
    except Refused as refused:
        return _one(request, refused)
    return _back(f"{place.at}/{id}", "gewijzigd")


def _try(request: Request, id: str, agent: Agent) -> None:
    """Send something now: an invented message, or of figures the very thing."""
    telling: Telling = request.app.state.telling
    register, known = telling.service.register, owned(id, agent, telling.service.register)
    if is_of_figures(known.scope) and known.is_active:
        if not send_now(known, telling.offer.mint(), register, request.app.state.reporter):
            raise Refused("Wie dit abonnement nam, mag deze cijfers niet meer zien.")
    else:
        send_test(id, agent, register, telling.offer)


def place_of(request: Request) -> Place:
    """Where the request came in."""
    if code := request.path_params.get("code", ""):
        return Place(MINE, f"/mijn-vereniging/{code}/abonnementen", code)
    return Place(DESK, "/beheer/abonnementen")


def _list(request: Request, refused: Refused | None = None, form: Mapping[str, Any] | None = None) -> Response:
    telling: Telling = request.app.state.telling
    register, agent, place = telling.service.register, agent_of(request), place_of(request)
    register.rights.check(agent, Subscribe, subject_in(place.scope, register) if place.code else ANYTHING)
    owner = register.tools.type.iri(place.code) if place.code else None
    rows = [shown(one, agent, telling) for one in managed(agent, register, owner)]
    name = current(place.code, register)[1].get("naam", place.code) if place.code else ""
    values = {
        **_form(telling, agent, refused, place),
        "rows": rows,
        "place": place,
        "name": name,
        "form": form or {},
        "rhythms": RHYTHMS,
    }
    return framed(request, place.house, "abonnementen.html", 400 if refused else 200, done=_done(request), **values)


def _one(request: Request, refused: Refused | None = None) -> Response:
    telling: Telling = request.app.state.telling
    register, agent, place = telling.service.register, agent_of(request), place_of(request)
    one = owned(request.path_params["id"], agent, register)
    last = deliveries(register.log.database, [one.id], (TO_SEND, SENT, FAILED, DROPPED), LAST)
    values = {
        **_form(telling, agent, refused, place),
        "row": shown(one, agent, telling),
        "place": place,
        "last": last,
        "rhythms": rhythms_of(one.scope),
        "form": {"aanleiding": one.occasions, "ritme": one.rhythm},
    }
    return framed(request, place.house, "abonnement.html", 400 if refused else 200, done=_done(request), **values)


def _form(telling: Telling, agent: Agent, refused: Refused | None, place: Place) -> dict[str, Any]:
    """What both forms choose from."""
    service = telling.service
    return {
        "problems": {problem.path: problem.message for problem in refused.problems} if refused else {},
        "refused": refused.title if refused else "",
        "occasions": [one for one in telling.occasions if not place.code or one.kind in ("", KIND)],
        "groups": groups(telling, (KIND,) if place.code else ()),
        "municipalities": sorted(service.codelists.municipalities.all, key=lambda one: one.name),
        "own": agent.municipality or "",
        "default_scope": HOME if agent.municipality else "alle",
        "mail": service.means.mail,
        "insecure": service.means.insecure,
    }


def _done(request: Request) -> str:
    return DONE.get(request.query_params.get("gedaan", ""), "")


def _back(address: str, done: str) -> Response:
    return RedirectResponse(f"{address}?gedaan={done}", 303, NO_STORE)


ROUTES = (
    Route("/mijn-vereniging/abonnementen", which_association),
    *(
        route
        for at in ("/beheer/abonnementen", "/mijn-vereniging/{code}/abonnementen")
        for route in (
            Route(at, show),
            Route(at, ask, methods=["POST"]),
            Route(f"{at}/{{id}}", show_one),
            Route(f"{at}/{{id}}", act, methods=["POST"]),
        )
    ),
)
