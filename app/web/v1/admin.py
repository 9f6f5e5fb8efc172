"""The addresses of the admin API of the Verenigingsregister, for who has a right: see `v1` for how it answers."""

from __future__ import annotations

from starlette.routing import Route

from app.web.v1 import admin_reads as v1_admin_reads
from app.web.v1 import parts as v1_parts
from app.web.v1 import writes as v1_writes
from app.web.v1.call import Endpoint, endpoint
from app.web.v1.parts import adding, changing, dropping, only_without_personality

START = "/v1/verenigingen"
ONE = START + "/{code}"
NUMBERED = (v1_parts.CONTACT, v1_parts.LOCATION, v1_parts.PERSON, v1_parts.ACCOUNT, v1_parts.MEMBERSHIP)
GUARDED = {"vertegenwoordigers": (v1_parts.ADD_PERSON, v1_parts.DROP_PERSON)}


def route(method: str, path: str, function: Endpoint) -> Route:
    """One method on one address."""
    return Route(path, endpoint(function), methods=[method])


def part_routes(part: v1_parts.Part) -> tuple[Route, ...]:
    """Adding, changing and dropping parts of one kind."""
    add, drop = adding(part), dropping(part)
    if part.term in GUARDED:
        on_add, on_drop = GUARDED[part.term]
        add, drop = only_without_personality(on_add, add), only_without_personality(on_drop, drop)
    return (
        route("POST", f"{ONE}/{part.term}", add),
        route("PATCH", f"{ONE}/{part.term}/{{number:int}}", changing(part)),
        route("DELETE", f"{ONE}/{part.term}/{{number:int}}", drop),
    )


RECOGNITION = ONE + "/erkenningen/{number:int}"
SUSPENSION = RECOGNITION + "/schorsingen"
CONFIRMATION = ONE + "/bankrekeningnummers/{number:int}/validaties"

ROUTES = (
    route("POST", f"{START}/vzer", v1_writes.register),
    route("POST", f"{START}/feitelijkeverenigingen", v1_writes.register),
    route("POST", f"{START}/kbo", v1_writes.register_from_kbo),
    route("GET", f"{ONE}/historiek", v1_admin_reads.history),
    route("PATCH", ONE, v1_writes.change),
    route("PATCH", f"{ONE}/kbo", v1_writes.change_from_kbo),
    route("DELETE", ONE, v1_writes.remove),
    route("POST", f"{ONE}/stop", v1_writes.stop),
    route("POST", f"{ONE}/in-stopzetting", v1_writes.closing),
    route("PATCH", f"{ONE}/subtype", v1_writes.subtype),
    route("POST", f"{ONE}/dubbelVan", v1_writes.mark_double),
    route("DELETE", f"{ONE}/dubbelVan", v1_writes.undo_double),
    *(each for part in NUMBERED for each in part_routes(part)),
    route("PATCH", f"{ONE}/kbo/contactgegevens/{{number:int}}", changing(v1_parts.KBO_CONTACT)),
    route("PATCH", f"{ONE}/kbo/locaties/{{number:int}}", changing(v1_parts.SEAT)),
    route("POST", CONFIRMATION, v1_parts.confirm_account),
    route("DELETE", CONFIRMATION, v1_parts.withdraw_confirmation),
    route("POST", f"{ONE}/erkenningen", v1_parts.recognise),
    route("PATCH", RECOGNITION, v1_parts.change_recognition),
    route("DELETE", RECOGNITION, v1_parts.withdraw),
    route("POST", SUSPENSION, v1_parts.suspend),
    route("PATCH", SUSPENSION, v1_parts.correct_suspension),
    route("DELETE", SUSPENSION, v1_parts.lift),
)
