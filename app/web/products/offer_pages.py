"""`/aanbod`: what administrations offer, searched and filtered; for one association with what it can get, and why.

| address | what |
|---|---|
| /aanbod, /aanbod.json | the list, with filters and counts; `?vereniging=V0001001` adds an answer to each |
| /aanbod/P0001001/kan, .json | one product and one association: every condition with its reason |
| /aanbod/cpsv-ap, /aanbod/P0001001/cpsv-ap, .ttl, .jsonld … | the same in the terms of the European profile |
| /aanbod/insluiten | how to show the list on a site of one's own |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import Unknown
from app.register.products.eligibility import NO, UNKNOWN, YES, Verdict, eligibility
from app.register.reports.usage import OFFERS
from app.web.answers import FRESH_LONG, cacheable
from app.web.associations.club import LABELS, TONES, Club, club_of
from app.web.data.formats import DATA_FORMATS, choose, write
from app.web.facets import Choice, Here, facet
from app.web.found import canonical_code, entity_type, find
from app.web.pages import page
from app.web.paging import Paging, page_number
from app.web.products.offer_search import AREAS, FACETS, PLACE, Offer, Wanted
from app.web.products.verdicts import facts_of
from app.web.reading import Reading
from app.web.reports.counting import count_search
from app.web.service import Service

PER_PAGE = 20
JSON_MOST = 200
LONGEST = 200
ANSWER = "kan"
NEWEST = "gewijzigd"
KINDS = "type"
SCHEMES: Mapping[str, str] = {PLACE: AREAS, **{name: scheme for name, _, scheme, _ in FACETS}}
# Beside the list: what is offered comes before whom it is for.
SHOWN_FACETS = sorted(FACETS, key=lambda each: ("type", "thema", "activiteit", "bestuur", "doelgroep").index(each[0]))
# Whoever does not say what it wants gets what is easiest to read.
OFFERED = tuple(sorted(DATA_FORMATS, key=lambda format: format.suffix != "ttl"))


Judged = tuple[Offer, Verdict]
Listed = tuple[Offer, Verdict | None]


def show(request: Request) -> Response:
    """One page of the products that fit; as JSON for a site of a municipality's own."""
    service: Service = request.app.state.service
    wanted, club = read_wanted(request), club_of(request)
    index = service.offers.index()
    newest = request.query_params.get("sorteer") == NEWEST
    found: Sequence[Listed] = Unjudged(index.search(wanted, newest))
    answer = request.query_params.get(ANSWER)
    if club is not None:
        found = judged(service, service.offers.all(), index.search(wanted, newest), club)
        found = [each for each in found if each[1].answer == answer] if answer else found
    if request.url.path.endswith(".json"):
        return _json(request, found, club)
    count_search(request, OFFERS, wanted.text, len(found), wanted.chosen.get(PLACE, ""))
    number = page_number(request, "pagina")
    paging = Paging(request.url.path, request.query_params, number, len(found), PER_PAGE, "pagina")
    if paging.page > paging.last:
        raise Unknown("Deze pagina bestaat niet: zo lang is de lijst niet.")
    here, counts = Here(request.url.path, request.query_params), index.counts(wanted)
    values = {
        "wanted": wanted,
        "club": club,
        "answer": answer or "",
        "labels": LABELS,
        "tones": TONES,
        "paging": paging,
        "items": found[paging.first : paging.first + PER_PAGE],
        "here": here,
        "places": choices_of(PLACE, service, counts, wanted),
        "facets": [
            facet(name, label, choices_of(name, service, counts, wanted), here) for name, _, _, label in SHOWN_FACETS
        ],
        "orders": (("", "Best passend" if wanted.text else "Op titel"), (NEWEST, "Laatst gewijzigd")),
        "order": NEWEST if newest else "",
        "label": partial(label_of, service),
    }
    return cacheable(request, page(request, "aanbod.html", **values), "text/html")


def read_wanted(request: Request) -> Wanted:
    """What the address asks for; a municipality may be named, or given by NIS code."""
    service: Service = request.app.state.service
    given = {name: request.query_params.get(name, "").strip()[:LONGEST] for name in (PLACE, *(f[0] for f in FACETS))}
    chosen = {name: code for name, code in given.items() if code}
    if place := chosen.get(PLACE):
        home = service.codelists.municipality(place)
        chosen[PLACE] = home.nis if home else place
    return Wanted(request.query_params.get("zoek", "").strip()[:LONGEST], chosen)


class Unjudged(Sequence[Listed]):
    """Products without an association to answer for."""

    def __init__(self, found: Sequence[Offer]) -> None:
        self._found = found

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, asked: Any) -> Any:
        return [(offer, None) for offer in self._found[asked]]


def judged(service: Service, everything: Mapping[str, Offer], found: Sequence[Offer], club: Club) -> list[Judged]:
    """Each product with the answer for the association: what it can get first, then what it must weigh itself."""
    answered = service.offers.verdicts.of(club.profile, found, everything, service.register.today())
    return sorted(answered, key=lambda each: (YES, UNKNOWN, NO).index(each[1].answer))


def choices_of(name: str, service: Service, counted: Mapping[str, Mapping[str, int]], wanted: Wanted) -> list[Choice]:
    """The values of a filter; those that give nothing stay away, but for the chosen one."""
    concepts = service.codelists.concepts(SCHEMES[name])
    if name == PLACE:
        concepts = tuple(sorted(concepts, key=lambda concept: concept.label))
    chosen, count = wanted.chosen.get(name), counted[name]
    return [
        Choice(concept.notation, concept.label, count.get(concept.notation, 0), concept.notation == chosen)
        for concept in concepts
        if count.get(concept.notation) or concept.notation == chosen
    ]


def label_of(service: Service, name: str, code: str) -> str:
    """What a value of a filter is called."""
    concept = service.codelists.find(SCHEMES[name], code)
    return concept.label if concept else code


def can(request: Request) -> Response:
    """Whether one association can get one product: every condition with its answer and the reason."""
    service: Service = request.app.state.service
    type = entity_type(service, "product")
    found = find(service, type, canonical_code(type, request.path_params["code"].removesuffix(".json")))
    everything, club = service.offers.all(), club_of(request)
    offer = everything[found.iri]
    verdict = None
    if club is not None:
        verdict = eligibility(
            offer.deciding, club.profile, facts_of(service.codelists, everything), service.register.today()
        )
    if request.url.path.endswith(".json"):
        if club is None or verdict is None:
            raise Unknown("Geef de V-code van een vereniging: ?vereniging=V0001001.")
        return _answer(request, {"vereniging": club.code, **_item(service, offer, verdict, whole=True)})
    values = {"offer": offer, "club": club, "verdict": verdict, "labels": LABELS, "tones": TONES}
    return cacheable(request, page(request, "aanbod_kan.html", **values), "text/html")


def european(request: Request) -> Response:
    """One product, or all, as plain CPSV-AP (https://semiceu.github.io/CPSV-AP/)."""
    service: Service = request.app.state.service
    reading: Reading = request.app.state.reading
    format = choose(request, request.path_params.get("suffix"), OFFERED)
    given: dict[str, str] = {}
    if code := request.path_params.get("code"):
        type = entity_type(service, "product")
        given["product"] = find(service, type, canonical_code(type, code)).iri
    graph = reading.graph("export/cpsv-ap", **given)
    body = write(graph, format, service.schema.prefixes)
    return cacheable(request, body, format.media_type, headers={"vary": "Accept"})


def embed(request: Request) -> Response:
    """How to show products on a site of one's own."""
    return cacheable(request, page(request, "aanbod_insluiten.html"), "text/html", cache=FRESH_LONG)


def _json(request: Request, found: Sequence[Listed], club: Club | None) -> Response:
    service: Service = request.app.state.service
    body = {
        "totaal": len(found),
        **({"vereniging": club.code} if club else {}),
        "producten": [_item(service, offer, verdict) for offer, verdict in found[:JSON_MOST]],
    }
    return _answer(request, body)


def _item(service: Service, offer: Offer, verdict: Verdict | None, whole: bool = False) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": offer.iri,
        "code": offer.code,
        "titel": offer.title,
        "samenvatting": offer.summary,
        "aanbieder": offer.owner,
        "pagina": f"{service.base}/doc/product/{offer.code}",
        "gewijzigd": offer.changed,
        **{name: list(codes) for name, codes in offer.facets.items()},
    }
    if verdict is not None:
        item[ANSWER] = verdict.answer
        told = [reason for reason in verdict.reasons if whole or reason.answer != YES]
        item["redenen"] = [{"antwoord": each.answer, "tekst": each.text, "pad": each.path} for each in told]
    return item


def _answer(request: Request, body: dict[str, Any]) -> Response:
    return cacheable(request, orjson.dumps(body, option=orjson.OPT_INDENT_2), "application/json")


ROUTES = (
    Route("/aanbod", show),
    Route("/aanbod.json", show),
    Route("/aanbod/insluiten", embed),
    Route("/aanbod/cpsv-ap", european),
    Route("/aanbod/cpsv-ap.{suffix}", european),
    Route("/aanbod/{code}/cpsv-ap", european),
    Route("/aanbod/{code}/cpsv-ap.{suffix}", european),
    Route("/aanbod/{code}/kan", can),
    Route("/aanbod/{code}/kan.json", can),
)
