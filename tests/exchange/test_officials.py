"""Whether people in office are there, asked of a site of our own on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.exchange.fetching import Fetcher
from app.exchange.guarded import Guarded
from app.exchange.publication.check import check_page
from app.exchange.publication.officials import WEEK, Officials
from app.exchange.publication.profile import load_profiles
from app.exchange.rdfa.reading import read_page
from app.exchange.rdfa.spellings import load_spellings
from tests.register.builders import ROOT
from tests.running import answering

AT = "http://data.lblod.info/id/mandatarissen/"
KNOWN = ("/id/mandatarissen/m1", "/id/mandatarissen/m2", "/id/functionarissen/f1")


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked.append((self.path, self.headers["accept"] or ""))
        status, body = 404, b""
        if self.path in people:
            status, body = 200, f"<http://data.lblod.info{self.path}> a <http://x.be/M> .\n".encode()
        elif self.path == "/id/mandatarissen/leeg":
            status, body = 200, b"<p>Alles staat hier.</p>"
        elif self.path == "/id/mandatarissen/kapot":
            status = 500
        self.send_response(status)
        self.send_header("content-type", "application/n-triples")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Nothing."""


asked: list[tuple[str, str]] = []
people: set[str] = set()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with answering(ThreadingHTTPServer(("127.0.0.1", 0), Site)) as found:
        yield found


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def officials(address: str, clock: Clock) -> Officials:
    asked.clear()
    people.clear()
    people.update(KNOWN)
    return Officials(Fetcher(Guarded(private=True), "Proef", pause=0.0), address, clock)


@pytest.mark.parametrize(
    ("who", "there"),
    [("m1", True), ("m1#x", True), ("m1?y=1", True), ("niemand", False), ("leeg", False), ("kapot", True)],
)
def test_who_is_there_is_found_and_who_cannot_be_asked_after_is_not_held_against_a_page(
    officials: Officials, who: str, there: bool
) -> None:
    assert officials.asking(5)(AT + who) is there


def test_everybody_is_asked_after_once_as_data_and_again_after_a_week(officials: Officials, clock: Clock) -> None:
    for _ in range(3):
        officials.asking(5)(AT + "m1")
        officials.asking(5)(AT + "niemand")
    fetched = [path for path, accept in asked if "n-triples" in accept]
    assert fetched == ["/id/mandatarissen/m1", "/id/mandatarissen/niemand"]
    clock.now += WEEK + 1
    officials.asking(5)(AT + "m1")
    assert len([path for path, _ in asked if path.endswith("m1")]) == 2


def test_a_page_with_many_is_no_way_to_have_us_ask_for_ever(officials: Officials) -> None:
    resolver = officials.asking(2)
    assert [resolver(f"{AT}niemand{number}") for number in range(4)] == [False, False, True, True]


def test_a_page_reaches_level_2_only_with_people_that_are_there(officials: Officials) -> None:
    html = (ROOT / "fixtures" / "voorbeelden" / "notulen.html").read_bytes()
    page = read_page(html, "https://raad.voorbeeldgem.be/12", load_spellings(ROOT), "urn:x:")
    profiles = load_profiles(ROOT)
    assert check_page(page, profiles, resolver=officials.asking(10)).level == 3
    people.discard("/id/mandatarissen/m2")
    fresh = Officials(officials._fetcher, officials._site, Clock())
    assert check_page(page, profiles, resolver=fresh.asking(10)).level == 1


def test_no_address_inside_is_asked_unless_it_may(address: str) -> None:
    asked.clear()
    guarded = Officials(Fetcher(Guarded(private=False), "Proef", pause=0.0), address, Clock())
    assert guarded.asking(5)(AT + "niemand") is True
    assert asked == []
