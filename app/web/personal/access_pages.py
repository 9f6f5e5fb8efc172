"""Who used personal data: for the officer of all, for an association of its own; as a page, as JSON and as csv."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from app.errors import Problem, Refused
from app.exchange.export_associations import csv_rows
from app.register.dossiers.own_dossiers import entities_of
from app.register.personal.commands import SeeAccesses, SeeOwnAccesses
from app.register.personal.people import current
from app.register.subjects import subject_of
from app.store.accesses import Which, accesses, count
from app.web.auth import agent_of
from app.web.data.formats import Format, choose
from app.web.personal.told import DEEDS, Teller, Told
from app.web.rooms import DESK, MINE, framed
from app.web.service import Service

PAGE_FORMAT = Format("html", "text/html", "HTML", ("application/xhtml+xml",))
JSON_FORMAT = Format("json", "application/json", "JSON", ("application/ld+json",))
CSV_FORMAT = Format("csv", "text/csv", "CSV")
FORMATS = (PAGE_FORMAT, JSON_FORMAT, CSV_FORMAT)
# Shown unless asked otherwise: the register itself works with values at every change.
SEEN = tuple(deed for deed in DEEDS if deed != "verwerkt")
PAGE, AT_ONCE = 50, 1000
# Of which there is a day after.
LAST = date.max - timedelta(days=1)
BYTE_ORDER_MARK = "\ufeff"
HEADER = ("tijdstip", "bestuur", "account", "namens", "doel", "reden", "wat", "vereniging", "velden")
NO_STORE = {"cache-control": "no-store", "vary": "Accept"}


def all_accesses(request: Request) -> Response:
    """The whole log, for who oversees it, narrowed as asked."""
    service: Service = request.app.state.service
    service.register.rights.check(agent_of(request), SeeAccesses)
    asked = dict(request.query_params)
    format = choose(request, request.path_params.get("suffix"), FORMATS)
    which = read_which(asked, service)
    if format is not PAGE_FORMAT:
        return _data(service, which, format)
    shown = _told(service, which, PAGE)
    return framed(
        request, DESK, "inzagen.html", asked=asked, deeds=DEEDS, purposes=service.schema.processing.purposes,
        rows=shown, total=count(service.log.database, which), older=_older(asked, shown), query=urlencode(asked),
    )  # fmt: skip


def own_accesses(request: Request) -> Response:
    """Who used the values of one association, those in its dossiers too, for that association."""
    service: Service = request.app.state.service
    code, agent = request.path_params["code"], agent_of(request)
    entity = service.register.tools.type.iri(code)
    subject = subject_of(service.log, entity, service.register.today())
    service.register.rights.check(agent, SeeOwnAccesses, subject)
    _, document = current(code, service.register)
    technical = request.query_params.get("systeem") == "1"
    asked = {"systeem": "1"} if technical else {}
    before = request.query_params.get("voor", "")
    also = entities_of(entity, service.register)
    which = Which(entity=entity, also=also, what=() if technical else SEEN, before=_number(before))
    format = choose(request, request.path_params.get("suffix"), FORMATS)
    if format is not PAGE_FORMAT:
        return _data(service, which, format, personal=False)
    shown = _told(service, which, PAGE)
    return framed(
        request, MINE, "inzagen_eigen.html", code=code, name=document.get("naam", code), rows=shown,
        technical=technical, older=_older(asked, shown),
    )  # fmt: skip


def which_association(request: Request) -> Response:
    """On to the only association of a representative, or a choice of them."""
    service: Service = request.app.state.service
    codes = sorted(agent_of(request).associations)
    if len(codes) == 1:
        return RedirectResponse(f"/mijn-vereniging/{codes[0]}/inzagen", 303, NO_STORE)
    named = [(code, current(code, service.register)[1].get("naam", code)) for code in codes]
    return framed(request, MINE, "inzagen_kies.html", associations=named)


def read_which(asked: Mapping[str, str], service: Service) -> Which:
    """The accesses that a form asks for; raises Refused naming the field that cannot be read."""
    code, what = asked.get("vereniging", "").strip().upper(), asked.get("wat", "")
    organisation = asked.get("bestuur", "").strip()
    until = _day(asked, "tot")
    return Which(
        entity=service.register.tools.type.iri(code) if code else "",
        reader=_reader(organisation, service) if organisation else "",
        purpose=asked.get("doel", ""),
        what=(what,) if what in DEEDS else () if what == "alles" else SEEN,
        since=_day(asked, "van"),
        until=(min(date.fromisoformat(until), LAST) + timedelta(days=1)).isoformat() if until else "",
        before=_number(asked.get("voor", "")),
    )


def _reader(name: str, service: Service) -> str:
    """A municipality by name; anybody else by the start of the IRI."""
    home = None if "://" in name else service.codelists.municipality(name.removeprefix("Gemeente "))
    if home is None and "://" not in name and name != service.publisher.name:
        raise Refused("Dit bestuur kennen we niet.", (Problem("bestuur", "Geef de naam van een gemeente of een IRI."),))
    if home is not None:
        return home.unit or home.iri
    return service.publisher.iri if name == service.publisher.name else name


def _day(asked: Mapping[str, str], name: str) -> str:
    text = asked.get(name, "").strip()
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        problem = Problem(name, "Schrijf een datum als 2026-11-24.")
        raise Refused("Deze datum kunnen we niet lezen.", (problem,)) from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _older(asked: Mapping[str, str], shown: Sequence[Told]) -> str:
    """The query of the next page; empty when this is the last."""
    kept = {name: value for name, value in asked.items() if name != "voor" and value}
    return urlencode({**kept, "voor": str(shown[-1].id)}) if len(shown) == PAGE else ""


def _told(service: Service, which: Which, limit: int) -> list[Told]:
    teller = Teller(service.register, service.publisher)
    return [teller.tell(access) for access in accesses(service.log.database, which, limit)]


def _data(service: Service, which: Which, format: Format, personal: bool = True) -> Response:
    """All of it, or as JSON the newest thousand; `personal` tells the accounts apart."""
    if format is CSV_FORMAT:
        headers = {**NO_STORE, "content-disposition": 'attachment; filename="inzagen.csv"'}
        lines = csv_rows(HEADER, (_row(told, personal) for told in _all(service, which)))
        encoded = (line.encode() for line in _marked(lines))
        return StreamingResponse(encoded, headers=headers, media_type="text/csv; charset=utf-8")
    told = _told(service, which, AT_ONCE)
    rows = [dict(zip(HEADER, _row(each, personal), strict=True)) for each in told]
    body = {"inzagen": rows, "volgende": told[-1].id if len(told) == AT_ONCE else None}
    return Response(orjson.dumps(body, option=orjson.OPT_INDENT_2), headers=NO_STORE, media_type="application/json")


def _marked(lines: Iterator[str]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    yield from lines


def _all(service: Service, which: Which) -> Iterator[Told]:
    while part := _told(service, which, AT_ONCE):
        yield from part
        which = Which(**{**which.__dict__, "before": part[-1].id})


def _row(told: Told, personal: bool) -> list[Any]:
    account = told.account if personal else ""
    return [
        told.time, told.who, account, told.on_behalf_of, told.purpose, told.why, told.what, told.code,
        told.fields_in_words,
    ]  # fmt: skip


ROUTES = (
    Route("/beheer/inzagen", all_accesses),
    Route("/beheer/inzagen.{suffix}", all_accesses),
    Route("/mijn-vereniging/inzagen", which_association),
    Route("/mijn-vereniging/{code}/inzagen", own_accesses),
    Route("/mijn-vereniging/{code}/inzagen.{suffix}", own_accesses),
)
