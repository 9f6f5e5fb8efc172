"""Who may what over HTTP: role by request by whose association, each to the status that comes of it.

The table of `tests/register/test_rights.py` is what people would say of it; here the whole service says the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.register.commands import RegisterAssociation
from app.register.handle import handle
from app.web.app import create_app
from tests.web.people import (
    DPO,
    MANAGER,
    Headers,
    federation,
    municipality,
    representative,
    vendor,
    with_session,
    with_token,
)
from tests.web.world import World, open_world

V1 = "/v1/verenigingen"
Request = tuple[str, str, Any]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A federation (V0001001), its member in Gent (V0001002), and an association of Aalst (V0001003)."""
    for made in open_world(tmp_path_factory.mktemp("rechten")):
        kind = made.concept("verenigingstype", "VZER")
        member = [{"andereVereniging": "V0001001", "van": "2020-01-01"}]
        for name, postcode, place, more in (
            ("Koepel van Klokkenluiders", "1000", "Brussel", {}),
            ("Klokkenluiders van Gent", "9000", "Gent", {"lidmaatschappen": member}),
            ("Turnkring Reuzenpoort", "9300", "Aalst", {}),
        ):
            address = {"straatnaam": "Kerkstraat", "huisnummer": "1", "postcode": postcode, "gemeente": place}
            location = {"locatietype": made.concept("locatietype", "Activiteiten"), "adres": address}
            document = {"naam": name, "verenigingstype": kind, "locaties": [location], **more}
            handle(RegisterAssociation(document), MANAGER, made.service.register)
        made.follow()
        yield made


OWN, OTHER = "V0001002", "V0001003"
WHO: dict[str, Headers] = {
    "bezoeker": {},
    "vereniging": with_token(representative(OWN)),
    "gemeente": with_token(municipality("Gent")),
    "leverancier": with_token(vendor("Gent")),
    "federatie": with_token(federation("V0001001")),
    "beheerder": with_token(MANAGER),
    "dpo": with_token(DPO),
}
ROLES = tuple(WHO)
# Each is right but for the version that the client says to know: 412 is what comes to whoever may, so nothing changes.
STALE = {"if-match": 'W/"999999"'}
CONTACT = {"contactgegeventype": "E-mail", "waarde": "info@klok.example"}
REQUESTS: dict[str, Request] = {
    "wijzigen": ("PATCH", f"{V1}/{{code}}", {"korteNaam": "KvG"}),
    "een contactgegeven": ("POST", f"{V1}/{{code}}/contactgegevens", CONTACT),
    "een vertegenwoordiger minder": ("DELETE", f"{V1}/{{code}}/vertegenwoordigers/1", None),
    "stopzetten": ("POST", f"{V1}/{{code}}/stop", {"einddatum": "2026-01-31"}),
    "verwijderen": ("DELETE", f"{V1}/{{code}}", {"reden": "bestaat niet meer"}),
    "als dubbel aanduiden": ("POST", f"{V1}/{{code}}/dubbelVan", {"isDubbelVan": "V0001001"}),
}
yes, no, own, login = (412, 412), (403, 403), (412, 403), (401, 401)
# With one's own, with another's; columns are those of ROLES.
TABLE: dict[str, tuple[tuple[int, int], ...]] = {
    #                               bez    ver  gem  lev  fed  beh  dpo
    "wijzigen":                     (login, own, own, own, own, yes, no),
    "een contactgegeven":           (login, own, own, own, own, yes, no),
    "een vertegenwoordiger minder": (login, own, own, own, own, yes, no),
    "stopzetten":                   (login, no,  own, own, no,  yes, no),
    "verwijderen":                  (login, no,  own, own, no,  yes, no),
    "als dubbel aanduiden":         (login, no,  own, own, no,  yes, no),
}  # fmt: skip
CELLS = [
    (name, role, code, status)
    for name, row in TABLE.items()
    for role, cell in zip(ROLES, row, strict=True)
    for code, status in zip((OWN, OTHER), cell, strict=True)
]


@pytest.mark.parametrize(("name", "role", "code", "status"), CELLS)
def test_a_request_comes_to_this(world: World, name: str, role: str, code: str, status: int) -> None:
    method, path, body = REQUESTS[name]
    answer = send(world, method, path.format(code=code), body, {**WHO[role], **STALE})
    assert answer.status_code == status, answer.text
    if status == 403:
        assert answer.json()["title"].endswith(".")
        assert len(answer.json()["title"]) > 30


PAGES = ("/beheer", "/beheer/rechten", "/beheer/werklijst", "/beheer/inzagen", "/mijn-vereniging")
SEEN = {
    #             beheer rechten werklijst inzagen mijn
    "vereniging":  (403, 403, 403, 403, 200),
    "gemeente":    (200, 200, 200, 403, 403),
    "federatie":   (200, 200, 403, 403, 403),
    "beheerder":   (200, 200, 200, 403, 403),
    "dpo":         (200, 200, 403, 200, 403),
}  # fmt: skip
PEOPLE = {
    "vereniging": representative(OWN), "gemeente": municipality("Gent"), "federatie": federation("V0001001"),
    "beheerder": MANAGER, "dpo": DPO,
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [(role, path, status) for role, row in SEEN.items() for path, status in zip(PAGES, row, strict=True)],
)
def test_a_page_is_for_who_has_something_to_do_there(world: World, role: str, path: str, status: int) -> None:
    headers = {**with_session(PEOPLE[role]), "accept": "text/html"}
    assert send(world, "GET", path, None, headers).status_code == status


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_is_shown_where_to_log_in(world: World, path: str) -> None:
    answer = send(world, "GET", path, None, {"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/aanmelden")


def send(world: World, method: str, path: str, body: Any, headers: Headers) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(world.service))
        async with httpx.AsyncClient(transport=transport, base_url=world.service.base) as client:
            return await client.request(method, path, json=body, headers=headers)

    return asyncio.run(go())
