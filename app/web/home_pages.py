"""The front page, and looking for anything at once.

| address | what |
|---|---|
| / | the search box, the ways in, the figures and what changed last |
| /zoeken | what fits in the offer, among the associations and among the decisions, the best of each |
"""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.exchange.register_api.fields import MUNICIPALITY
from app.exchange.telling.change_feed import Entry
from app.model.schema import EntityType
from app.store.decision_index import Sought
from app.store.search.index import Asked
from app.web.answers import cacheable
from app.web.associations.finding import Filter, find
from app.web.associations.listing import item
from app.web.decisions.listing import decisions_of, type_labels
from app.web.pages import page
from app.web.products.offer_pages import KINDS, label_of
from app.web.products.offer_search import FACETS, Wanted
from app.web.service import Service
from app.web.telling.site import Telling

LATEST, EACH = 4, 5
LONGEST = 200
# What people come for most: kinds of offer by their code.
AUDIENCE = "Vereniging"


def home(request: Request) -> Response:
    """What is here, who it is for, and what is new."""
    service: Service = request.app.state.service
    index = service.offers.index()
    found = service.search.find(Asked(counts=(MUNICIPALITY,), limit=0))
    total, decided = decisions_of(request).find(Sought(), 0, LATEST)
    offered = index.search(Wanted(), newest=True)
    values: dict[str, Any] = {
        "figures": (
            ("verenigingen", found.total, "/verenigingen"),
            ("gemeenten", len(found.counts[MUNICIPALITY]), "/verenigingen/kaart"),
            ("producten", len(offered), "/aanbod"),
            ("besluiten", total, "/besluiten"),
        ),
        "kinds": kinds(service, index.counts(Wanted(chosen={"doelgroep": AUDIENCE}))[KINDS]),
        "offers": offered[:LATEST],
        "decisions": decided,
        "changes": changes(request),
    }
    return cacheable(request, page(request, "home.html", **values), "text/html")


def everything(request: Request) -> Response:
    """The best of each kind for these words; a code leads straight to what has it."""
    service: Service = request.app.state.service
    text = request.query_params.get("zoek", "").strip()[:LONGEST]
    if address := address_of(service, text):
        return RedirectResponse(address, 303, {"cache-control": "no-store"})
    values: dict[str, Any] = {"text": text, "label": lambda code: label_of(service, KINDS, code)}
    if text:
        offers = service.offers.index().search(Wanted(text))
        found, nearly = find(service.search, service.codelists, Filter(text, {}), 0, EACH)
        total, decided = decisions_of(request).find(Sought(words=text), 0, EACH)
        values |= {
            "offers": (len(offers), offers[:EACH]),
            "clubs": (found.total, [item(service, hit) for hit in found.hits]),
            "nearly": nearly,
            "decisions": (total, [(each, type_labels(service.codelists, each)) for each in decided]),
            "place": service.codelists.municipality(text),
        }
    return cacheable(request, page(request, "zoeken.html", **values), "text/html")


def address_of(service: Service, text: str) -> str | None:
    """The page of what is public and has this code."""
    for type in service.schema.public_types:
        if re.search(type.code_pattern, code := text.upper()) and _is_public(service, type, code):
            return f"/doc/{type.key}/{code}"
    return None


def _is_public(service: Service, type: EntityType, code: str) -> bool:
    latest = service.log.latest(type.iri(code))
    return latest is not None and latest.public is not None and not latest.ended


def kinds(service: Service, counted: dict[str, int]) -> list[tuple[str, str, int]]:
    """The kinds of offer that there is something of for associations: code, name and how many."""
    scheme = next(scheme for name, _, scheme, _ in FACETS if name == KINDS)
    concepts = service.codelists.concepts(scheme)
    return [(each.notation, each.label, counted[each.notation]) for each in concepts if counted.get(each.notation)]


def changes(request: Request) -> list[Entry]:
    """The last changes of associations, newest first."""
    telling: Telling = request.app.state.telling
    source = telling.followed(request).source
    size = source.size()
    return source.entries(max(1, size - LATEST + 1), size)[::-1] if size else []


ROUTES = (Route("/", home), Route("/zoeken", everything))
