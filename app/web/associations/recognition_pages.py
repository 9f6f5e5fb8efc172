"""Recognitions of one association: all there are, and giving, changing, suspending and withdrawing one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Refused
from app.model.dates import validate_date
from app.model.fields import Document
from app.model.numbering import number_of
from app.model.whole import whole_number
from app.register.commands import Command
from app.register.handle import handle
from app.register.recognitions.commands import (
    ChangeRecognition,
    LiftSuspension,
    RegisterRecognition,
    SuspendRecognition,
    WithdrawRecognition,
)
from app.register.recognitions.rules import TRUSTED, grantor
from app.web.associations.own_pages import LIST, OWN, Desk, on_the_desk
from app.web.entity_page import Value, rows_of
from app.web.forms import form_of

Form = Mapping[str, str]
DATES = ("startdatum", "einddatum")
OTHER = ("hernieuwingsdatum", "hernieuwingsUrl", "besluit")
NOTHING = "Kies wat u met de erkenning wilt doen."


def show(request: Request) -> Response:
    """All recognitions, and forms for those that the agent may touch."""
    return _page(request, on_the_desk(request))


def act(request: Request) -> Response:
    """Carry out one deed; what stands in the way is told, and what was filled in comes back."""
    desk, form = on_the_desk(request), form_of(request)
    try:
        make = DEEDS.get(form.get("doe", ""))
        if make is None:
            raise Refused(NOTHING)
        handle(make(desk.code, form), desk.agent, desk.service.register, form.get("reden", "")[:500])
    except Refused as error:
        return _page(request, desk, error, form)
    return RedirectResponse(f"{desk.place}/erkenningen", 303, {"cache-control": "no-store"})


def _page(request: Request, desk: Desk, error: Refused | None = None, form: Form | None = None) -> Response:
    service = desk.service
    rows = {row.term: row for row in rows_of(service, desk.document, service.register.tools.type)}
    shown: tuple[Value, ...] = rows["erkenningen"].values if "erkenningen" in rows else ()
    kept = desk.document.get("erkenningen", [])
    recognitions = [
        {"number": number_of(node["@id"]), "own": _is_own(node, desk), "node": node, "shown": value}
        for node, value in zip(kept, shown, strict=True)
    ]
    told = [] if error is None else list(dict.fromkeys(one.message for one in error.problems)) or [error.title]
    may = desk.may(RegisterRecognition)
    return desk.page(
        request,
        "erkenningen.html",
        400 if error else 200,
        recognitions=recognitions,
        told=told,
        form=form or {},
        may=may,
    )


def _is_own(node: Document, desk: Desk) -> bool:
    return desk.agent.role in TRUSTED or node.get("toegekendDoor") == grantor(desk.agent)


def _register(code: str, form: Form) -> Command:
    product = {term: form[f"product{term}"] for term in ("nummer", "naam") if form.get(f"product{term}")}
    return RegisterRecognition(code, {"ipdcProduct": product, **_filled(form)})


def _change(code: str, form: Form) -> Command:
    """A form holds all of its fields: one that is empty is cleared."""
    period = {term: form.get(term) or None for term in DATES}
    return ChangeRecognition(code, _number(form), {**{term: form.get(term) or None for term in OTHER},
                                                   "geldigheidsperiode": _dates(period)})  # fmt: skip


def _filled(form: Form) -> Document:
    period = _dates({term: form[term] for term in DATES if form.get(term)})
    rest = {term: form[term] for term in OTHER if form.get(term)}
    return {**({"geldigheidsperiode": period} if period else {}), **rest}


def _dates(period: Mapping[str, str | None]) -> Document:
    """Days as people write them."""
    try:
        return {term: validate_date(day) if day else None for term, day in period.items()}
    except ValueError as error:
        raise Refused(str(error)) from None


def _number(form: Form) -> int:
    number = whole_number(form.get("nummer"))
    if number is None:
        raise Refused(NOTHING)
    return number


DEEDS: Mapping[str, Callable[[str, Form], Command]] = {
    "erkennen": _register,
    "wijzigen": _change,
    "schorsen": lambda code, form: SuspendRecognition(code, _number(form), form.get("redenSchorsing", "")),
    "rechtzetten": lambda code, form: SuspendRecognition(
        code, _number(form), form.get("redenSchorsing", ""), correct=True
    ),
    "opheffen": lambda code, form: LiftSuspension(code, _number(form)),
    "verwijderen": lambda code, form: WithdrawRecognition(code, _number(form)),
}

ROUTES = (
    Route(f"{LIST}/{{code}}/erkenningen", show),
    Route(f"{LIST}/{{code}}/erkenningen", act, methods=["POST"]),
    Route(f"{OWN}/{{code}}/erkenningen", show),
)
