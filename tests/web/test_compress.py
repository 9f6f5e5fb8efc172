"""Which answers are packed, and what caches are told."""

from __future__ import annotations

import doctest
from dataclasses import replace

import pytest

from app.errors import BadSetting
from app.web import facets, widgets
from app.web.edge.edge import POLICY
from app.web.widgets import Widgets, widgets_of
from tests.web.conftest import Ask, asking
from tests.web.world import World

ID = "0b0d9a3c-3d3b-4b1f-9c53-0123456789ab"
HOST = "https://widgets.example"


PACKED = ("/", "/verenigingen", "/static/site.css", "/static/vendor/yasgui.min.js", "/doc/vereniging/V0001001.jsonld")


@pytest.mark.parametrize("path", PACKED)
def test_what_everybody_may_have_is_packed_for_who_asks(ask: Ask, path: str) -> None:
    plain, packed = ask(path), ask(path, accept_encoding="br, gzip")
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) == packed.num_bytes_downloaded < len(plain.content) / 1.5
    assert all("accept-encoding" in answer.headers["vary"].lower() for answer in (plain, packed))


def test_a_packed_page_that_did_not_change_is_not_sent_again(ask: Ask) -> None:
    tag = ask("/verenigingen", accept_encoding="gzip").headers["etag"]
    assert tag.startswith('W/"')
    again = ask("/verenigingen", accept_encoding="gzip", if_none_match=tag)
    assert again.status_code == 304 and again.content == b""


def test_what_is_not_for_everybody_and_what_is_small_goes_as_it_is(ask: Ask) -> None:
    for path in ("/health", "/aanmelden"):
        assert "content-encoding" not in ask(path, accept_encoding="gzip").headers, path
    assert "content-encoding" not in ask("/verenigingen", accept_encoding="gzip;q=0").headers


def test_the_header_of_the_government_lets_in_one_host_and_is_off_by_default() -> None:
    assert widgets_of(HOST, "", "") is None
    found = widgets_of(HOST, ID, "")
    assert found == Widgets(HOST, ID)
    assert found.address(ID) == f"{HOST}/api/v2/widget/{ID}/embed"
    opened = found.opened(POLICY)
    assert f"script-src 'self' {HOST};" in opened and "unsafe" not in opened and opened.count("https://") == 6
    assert opened.startswith("default-src 'none';") and "form-action 'self';" in opened


def test_a_page_has_the_widgets_that_are_switched_on(world: World) -> None:
    service = replace(world.service, widgets=Widgets(HOST, ID))
    answer = asking(replace(world, service=service))("/over")
    assert f'<script src="{HOST}/api/v2/widget/{ID}/embed" async>' in answer.text and "site-header" in answer.text
    assert f"script-src 'self' {HOST};" in answer.headers["content-security-policy"]
    plain = asking(world)("/over")
    assert HOST not in plain.text and plain.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize(
    "host, id",
    [
        ("http://widgets.example", ID),
        (f"{HOST}/x", ID),
        ("https://a.example; script-src *", ID),
        (HOST, "x'y"),
        ("", ID),
    ],
)
def test_a_wrong_host_or_identifier_is_refused_at_the_start(host: str, id: str) -> None:
    with pytest.raises(BadSetting, match="widget"):
        widgets_of(host, id, "")


@pytest.mark.parametrize("module", [facets, widgets], ids=lambda module: module.__name__)
def test_the_examples_in_the_text_are_right(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
