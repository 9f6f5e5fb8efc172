"""`/beheer/verenigingen/…/bericht`: write to an association by e-mail, without seeing where it goes."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Refused
from app.register.telling.desk_letters import ACTION, Letter, addresses, letters_to, write_letter
from app.web.associations.own_pages import LIST, Desk, on_the_desk
from app.web.forms import form_of
from app.web.telling.delivery_pages import STATES

PATH = f"{LIST}/{{code}}/bericht"


def show(request: Request) -> Response:
    """The form, and what was written before."""
    return _page(request, on_the_desk(request, ACTION), {})


def send(request: Request) -> Response:
    """Have it sent, or say what is missing."""
    desk, told = on_the_desk(request, ACTION), form_of(request)
    letter = Letter(desk.code, told.get("onderwerp", ""), told.get("tekst", ""), told.get("antwoord", ""))
    try:
        write_letter(letter, desk.agent, desk.service.register, desk.service.mint)
    except Refused as error:
        return _page(request, desk, told, error)
    return RedirectResponse(f"{desk.place}/bericht?verzonden=1", 303, {"cache-control": "no-store"})


def _page(request: Request, desk: Desk, told: Mapping[str, str], error: Refused | None = None) -> Response:
    register = desk.service.register
    known = bool(addresses(desk.code, desk.agent, register))
    return desk.page(
        request, "bericht.html", 400 if error else 200, told=told, title=error.title if error else "",
        problems={one.path: one.message for one in error.problems} if error else {}, known=known,
        written=letters_to(desk.code, register), states=STATES, means=desk.service.means,
        sent=request.query_params.get("verzonden") == "1",
    )  # fmt: skip


ROUTES = (Route(PATH, show), Route(PATH, send, methods=["POST"]))
