"""`/beheer/terugkoppeling`: what readers said of the products of an administration, as a list of work, with figures.

The list shows no text: that is in the vault, and opening one is a reading that is logged.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, LoketError, Refused
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.model.languages import text_of
from app.register.products.feedback import Handled, handle_feedback, open_feedback
from app.register.products.own_products import owners_of
from app.store.feedback import (
    CLARITY,
    MISTAKE,
    OPEN,
    STATES,
    Asked,
    count_feedback,
    list_feedback,
    tallies,
)
from app.web.auth import agent_of
from app.web.forms import form_of
from app.web.paging import Paging, page_number
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH = "/beheer/terugkoppeling"
SIZE = 25
KINDS = {CLARITY: "Was deze pagina duidelijk?", MISTAKE: "Fout gemeld"}
MOST_PRODUCTS = 50


def show_list(request: Request) -> Response:
    """What waits, or what is settled, and the figures of each product."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, "Change")
    asked, number = _asked(request), page_number(request, "pagina")
    database = service.log.database
    counts = count_feedback(database, asked)
    total = sum(counts.get(state, 0) for state in asked.states)
    found = list_feedback(database, asked, SIZE, (number - 1) * SIZE)
    figures = tallies(database, asked.owners)[:MOST_PRODUCTS]
    iris = {each.product for each in found} | {each.product for each in figures}
    titles = {iri: _title(service, iri) for iri in iris}
    return framed(
        request, DESK, "terugkoppelingen.html", found=found, asked=asked, counts=counts, figures=figures, titles=titles,
        paging=Paging(PATH, dict(request.query_params), number, total, SIZE, "pagina"), kinds=KINDS, states=STATES,
        state=request.query_params.get("toestand", ""), product=request.query_params.get("product", ""),
    )  # fmt: skip


def show_one(request: Request) -> Response:
    """One, with what was written."""
    return _page(request)


def act(request: Request) -> Response:
    """Take it up, answer or decline it."""
    service: Service = request.app.state.service
    id, said = request.path_params["id"], form_of(request)
    handled = Handled(said.get("toestand", ""), said.get("antwoord", ""))
    try:
        handle_feedback(id, handled, agent_of(request), service.register, said.get("gezien", ""))
    except (Refused, Conflict) as error:
        return _page(request, error, said.get("antwoord", ""))
    return RedirectResponse(f"{PATH}/{id}", 303, {"cache-control": "no-store"})


def _page(request: Request, error: LoketError | None = None, answer: str | None = None) -> Response:
    service: Service = request.app.state.service
    opened = open_feedback(request.path_params["id"], agent_of(request), service.register)
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 400
    return framed(
        request, DESK, "terugkoppeling_een.html", status, opened=opened, each=opened.feedback, error=error, kinds=KINDS,
        title=_title(service, opened.feedback.product), answer=opened.answer if answer is None else answer,
        problems=error.problems if isinstance(error, Refused) else (), states=STATES,
    )  # fmt: skip


def _asked(request: Request) -> Asked:
    service: Service = request.app.state.service
    given = request.query_params
    state, code, kind = (given.get(name, "") for name in ("toestand", "product", "soort"))
    return Asked(
        owners=owners_of(agent_of(request), service.register),
        states=(state,) if state in STATES else OPEN,
        product=service.schema.entity_types["product"].iri(code) if code else "",
        kind=kind if kind in KINDS else "",
    )


def _title(service: Service, iri: str) -> str:
    """The title as it stands; of a product that is gone, its code."""
    version = service.log.latest(iri)
    if version is None or version.public is None:
        return iri.rpartition("/")[2]
    document = to_document(from_ntriples(version.public), service.schema.entity_types["product"], iri)
    return text_of(document.get("naam"))


ROUTES = (
    Route(PATH, show_list),
    Route(f"{PATH}/{{id}}", show_one),
    Route(f"{PATH}/{{id}}", act, methods=["POST"]),
)
