"""Who sends a request: sessions count from our own pages only, tokens must be valid, browsers are shown the way."""

import pytest
from starlette.requests import Request

from app.errors import Forbidden
from app.web.auth import agent_of
from tests.web.conftest import Ask
from tests.web.people import as_manager, as_municipality, as_representative, municipality, with_token
from tests.web.world import World

HTML = "text/html"


def test_a_browser_is_sent_to_log_in_and_will_come_back(ask: Ask) -> None:
    answer = ask("/beheer?pagina=2", accept=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden?terug=%2Fbeheer%3Fpagina%3D2")


def test_a_client_is_told_to_bring_a_token(ask: Ask) -> None:
    answer = ask("/beheer")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["type"].endswith("#niet-aangemeld")


def test_a_token_that_nobody_knows_is_refused_everywhere_that_asks_who(ask: Ask) -> None:
    assert ask("/aanmelden", authorization="Bearer verzonnen").status_code == 401


def test_a_session_that_ended_is_nobody(ask: Ask) -> None:
    assert ask("/beheer", cookie="loket_sessie=voorbij").status_code == 401


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/beheer", as_municipality("Gent"), 200),
        ("/beheer", with_token(municipality("Gent")), 200),
        ("/beheer", as_manager(), 200),
        ("/beheer", as_representative("V0001001"), 403),
        ("/mijn-vereniging", as_representative("V0001001"), 200),
        ("/mijn-vereniging", as_municipality("Gent"), 403),
    ],
)  # fmt: skip
def test_each_has_a_first_page(ask: Ask, path: str, headers: dict[str, str], status: int) -> None:
    answer = ask(path, **headers)
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"


OWN = {"cookie": as_municipality("Gent")["cookie"], "host": "loket.test"}


@pytest.mark.parametrize(
    ("method", "headers", "allowed"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, True),
        ("POST", {"sec-fetch-site": "same-origin"}, True),
        ("POST", {"sec-fetch-site": "none"}, True),
        ("POST", {"sec-fetch-site": "same-site"}, False),
        ("POST", {"sec-fetch-site": "cross-site"}, False),
        ("DELETE", {"sec-fetch-site": "cross-site", "origin": "http://loket.test"}, False),
        ("POST", {"origin": "http://loket.test"}, True),
        ("POST", {"origin": "https://loket.test"}, True),
        ("POST", {"origin": "http://loket.test:81"}, False),
        ("POST", {"origin": "http://elders.test"}, False),
        ("POST", {"origin": "null"}, False),
        ("POST", {}, False),
    ],
)
def test_a_session_changes_something_only_from_our_own_pages(
    world: World, method: str, headers: dict[str, str], allowed: bool
) -> None:
    request = request_of(world, method, {**OWN, **headers})
    if allowed:
        assert agent_of(request).label == "Gemeente Gent"
    else:
        with pytest.raises(Forbidden):
            agent_of(request)


def test_a_token_needs_no_page(world: World) -> None:
    headers = {**with_token(municipality("Gent")), "sec-fetch-site": "cross-site"}
    assert agent_of(request_of(world, "POST", headers)).label == "Gemeente Gent"


def test_the_stated_purpose_comes_along(world: World) -> None:
    headers = {**with_token(municipality("Gent")), "x-request-reason": " vraag van de vereniging "}
    assert agent_of(request_of(world, "GET", headers)).purpose == "vraag van de vereniging"


def request_of(world: World, method: str, headers: dict[str, str]) -> Request:
    class App:
        class state:
            service = world.service

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": method, "path": "/", "headers": raw, "app": App(), "query_string": b""})
