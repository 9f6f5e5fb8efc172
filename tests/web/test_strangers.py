"""What strangers bring in and look for: no name acts in a page, and what is hidden is as what never was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.web.conftest import HIDDEN, Ask, asking
from tests.web.world import World, harmony

NAME = "\"'><img src=x onerror=alert(1)></script><script>alert(2)</script>{{ 7 * 191 }}"
CODE, NEVER = "V0001001", "V0001999"
SHOWN = (
    f"/doc/vereniging/{CODE}", f"/doc/vereniging/{CODE}/historiek", f"/doc/vereniging/{CODE}/graaf", "/",
    f"/doc/vereniging/{CODE}?versie=1", "/verenigingen", "/verenigingen/kaart", "/zoeken?zoek=onerror", "/wijzigingen",
    "/ldes/verenigingen", f"/verenigingen?naam={NAME[:12]}", f"/zoeken?zoek={NAME}", "/sparql?query=" + NAME,
)  # fmt: skip
ACTS = re.compile(r"<img src=x|</script><script>alert|href=[\"']?(javascript|data):|1337", re.IGNORECASE)


@pytest.fixture
def evil(empty_world: World) -> World:
    contacts = [
        {"website": "javascript:alert(1)"}, {"socialMedia": "data:text/html,x"}, {"email": f"a@b.be?body={NAME}"},
    ]  # fmt: skip
    place = {**harmony(empty_world)["locaties"][0], "naam": NAME}
    names: dict[str, Any] = dict.fromkeys(("naam", "korteNaam", "korteBeschrijving"), NAME)
    empty_world.put(CODE, {**harmony(empty_world), **names, "contactgegevens": contacts, "locaties": [place]})
    return empty_world


def test_no_name_acts_in_a_page(evil: World) -> None:
    """Whatever another register hands over, or a rule of ours forgets to refuse."""
    ask, met = asking(evil), 0
    for path in SHOWN:
        answer = ask(path.replace("{{", "%7B%7B").replace('"', "%22"), accept="text/html")
        assert answer.headers["content-type"].startswith("text/html"), path
        assert not ACTS.search(answer.text), path
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        met += "onerror" in answer.text
    assert met > 8


PLACES = (
    "/id/vereniging/{}", "/doc/vereniging/{}", "/doc/vereniging/{}.ttl", "/doc/vereniging/{}.jsonld",
    "/doc/vereniging/{}/historiek", "/doc/vereniging/{}/graaf", "/doc/vereniging/{}?versie=1",
    "/id/vereniging/{}/versie/1", "/v1/verenigingen/{}", "/v1/verenigingen/zoeken?q=vCode:{}",
    "/odata/Verenigingen('{}')", "/verenigingen?naam={}", "/zoeken?zoek={}", "/ldes/verenigingen/{}",
    "/mijn-vereniging/{}", "/beheer/verenigingen/{}", "/v1/verenigingen/{}/historiek",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_to_a_stranger_what_is_hidden_is_as_what_never_was(ask: Ask, place: str, accept: str) -> None:
    hidden, never = (ask(place.format(code), accept=accept) for code in (HIDDEN, NEVER))
    assert told(hidden, HIDDEN) == told(never, NEVER)


def told(answer: httpx.Response, code: str) -> tuple[int, str, Mapping[str, str]]:
    """All that an answer tells but what it was asked, and what no two answers have alike."""
    own = {"content-length", "x-correlation-id", "etag"}
    headers = {name: value.replace(code, "") for name, value in answer.headers.items() if name not in own}
    return answer.status_code, re.sub(r"kenmerk-\d+", "", answer.text.replace(code, "")), headers
