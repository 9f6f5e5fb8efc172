"""Addresses, hosts and bodies that nobody sends in earnest: each gets an ordinary refusal, and learns nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import quote

import pytest
from starlette.types import Message

from app.web.app import create_app
from tests.web.conftest import Ask
from tests.web.people import municipality, with_token
from tests.web.world import World

Raw = Callable[..., tuple[int, dict[bytes, bytes], bytes]]


@pytest.fixture(scope="module")
def raw(world: World) -> Raw:
    """Ask with a path that no client library would send, as the server hands it on."""
    app = create_app(world.service)

    def ask(path: str, host: str = "loket.test") -> tuple[int, dict[bytes, bytes], bytes]:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode("utf-8", "replace"), "query_string": b"", "root_path": "",
            "headers": [(b"host", host.encode()), (b"accept", b"text/html")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip

        async def go() -> None:
            await app(scope, receive, send)

        asyncio.run(go())
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], dict(sent[0]["headers"]), body

    return ask


PLACES = (
    "/static/{}", "/dumps/{}", "/doc/vereniging/{}", "/ldes/{}", "/shapes/{}", "/context/{}", "/ns/{}",
    "/v1/contexten/{}", "/verenigingen/{}", "/uittreksel/{}", "/{}",
)  # fmt: skip
TRICKS = (
    "../../../../etc/passwd", "..\\..\\..\\etc\\passwd", "....//....//etc/passwd", "/etc/passwd",
    "%2e%2e/%2e%2e/etc/passwd",
    "../config.py", "..", ".", "V0001001\0.ttl", "\0", "a\r\nSet-Cookie: x=y", "x" * 5000, "\ud7ff\uffff", "{{7*7}}",
    "<script>alert(1)</script>", "V0001001;.ttl", "con", "../../log.sqlite", "%00", "'; DROP TABLE version; --",
)  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS, ids=[str(number) for number in range(len(TRICKS))])
def test_no_path_leads_out_of_its_folder_or_breaks_anything(raw: Raw, trick: str) -> None:
    for place in PLACES:
        status, headers, body = raw(place.format(trick))
        assert status < 500, place
        assert b"root:" not in body and b"SQLite format" not in body and b"PREFIX = " not in body
        assert b"<script>alert(1)" not in body and body.strip() != b"49"
        assert not any(b"\r" in value or b"\n" in value for value in headers.values())
        assert b"set-cookie" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/id/vereniging/V0001001",
        "/aanmelden",
        "/sparql",
        "/ldes/verenigingen",
        "/catalogus",
        "/v1/verenigingen/V0001001",
        "/verenigingen/",
        "/doc/vereniging/V0001001/",
        "/doc/vereniging/v0001001",
        "/ldes/verenigingen/",
        "/static",
        "/static/",
    ],
)
def test_a_host_that_somebody_made_up_is_repeated_nowhere(raw: Raw, path: str) -> None:
    _, headers, body = raw(path, host="kwaad.example")
    assert b"kwaad.example" not in body
    assert not any(b"kwaad.example" in value for value in headers.values())


DIGITS = ("9" * 5000, "0000000001" + "9" * 30, "9" * 20, "²", "٣", "-1", "1_0", "1e3", "+1", "0x1", "NaN")
# Everywhere that an address holds a number.
NUMBERS = (
    "/verenigingen?pagina={}", "/aanbod?pagina={}", "/besluiten?pagina={}", "/doc/vereniging/V0001001?versie={}",
    "/id/vereniging/V0001001/versie/{}", "/odata/Verenigingen?$top={}", "/odata/Verenigingen?$skip={}",
    "/odata/Verenigingen?$filter=minimumleeftijd%20eq%20{}", "/v1/verenigingen/zoeken?q=a~{}",
    "/v1/verenigingen/zoeken?q=%22a%20b%22~{}", "/v1/verenigingen/zoeken?limit={}", "/v1/verenigingen/zoeken?offset={}",
    "/v1/verenigingen/mutaties?sinds={}", "/v1/verenigingen/V{}", "/wijzigingen?archief={}", "/ldes/verenigingen/{}",
    "/zoeken?pagina={}", "/verenigingen?opgericht={}", "/datasets?page={}",
)  # fmt: skip


@pytest.mark.parametrize("place", NUMBERS)
def test_what_is_no_number_that_can_be_breaks_nothing(ask: Ask, place: str) -> None:
    for digits in DIGITS:
        assert ask(place.format(quote(digits))).status_code < 500, digits[:30]


MOMENTS = (
    "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 01 Jan 2024 00:00:00 +99999999999999",
    "Mon, 01 Jan 0001 00:00:00 +2359", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00", "9999-12-31", "²",
)  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_that_no_calendar_has_breaks_nothing(ask: Ask, moment: str) -> None:
    said = quote(moment)
    for path in ("/", "/doc/vereniging/V0001001", "/dumps", "/ldes/verenigingen", "/catalogus"):
        for name in ("if_modified_since", "accept_datetime", "if_unmodified_since", "if_range"):
            assert ask(path, **{name: moment}).status_code < 500, (path, name)
    for path in (
        "/sync/besluiten/files?since={}", "/odata/Verenigingen?$filter=laatstGewijzigd%20gt%20{}",
        "/besluiten?van={}&tot={}", "/v1/verenigingen/zoeken?q=startdatum:[{}%20TO%20*]",
    ):  # fmt: skip
        assert ask(path.replace("{}", said)).status_code < 500, path


@pytest.mark.parametrize("origin", ["http://[", "http://[x]", "null", "http://", "//loket.test", "loket.test", "é"])
def test_an_origin_that_is_none_is_not_ours(ask: Ask, origin: str) -> None:
    for path in ("/wisselen", "/afmelden", "/beheer/nieuw"):
        answer = ask(path, "POST", b"", cookie="loket_sessie=x", host="loket.test", origin=origin)
        assert answer.status_code == 403, path


@pytest.mark.parametrize("slashes", ["/", "//", "///"])
def test_a_slash_too_many_leads_to_where_there_is_none(raw: Raw, slashes: str) -> None:
    status, headers, _ = raw(f"/verenigingen{slashes}", host="kwaad.example")
    assert (status, headers[b"location"]) == (301, b"/verenigingen")
    for path in (f"//kwaad.example{slashes}", f"/bestaat-niet{slashes}", f"{slashes}verenigingen{slashes}x/"):
        status, headers, _ = raw(path)
        assert (status, b"location" in headers) == (404, False), path


@pytest.mark.parametrize(
    "word", ["\u202e", "\u0301", "\ufeff", "\x00", "*", "\ufffe", "🎺", "ß", "ﬁ", "%", "_", "\\", '"']
)
def test_a_word_of_odd_signs_is_looked_for_like_any_other(ask: Ask, word: str) -> None:
    for path in ("/zoeken?zoek=", "/aanbod?zoek=", "/verenigingen?naam=", "/v1/verenigingen/zoeken?q="):
        for text in (word, f"{word} zaal", f"zaal{word}", f"{word} {word}"):
            assert ask(path + quote(text)).status_code < 500, path


ELSEWHERE = (
    "x_forwarded_host", "x_forwarded_proto", "x_forwarded_prefix", "x_forwarded_server", "x_host", "x_original_url",
    "x_rewrite_url", "forwarded",
)  # fmt: skip


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_a_stranger_says_a_proxy_said_is_repeated_nowhere(ask: Ask, name: str) -> None:
    """A cache in front would keep it, and give it to everybody."""
    said = {name: "host=kwaad.example;proto=kwaad" if name == "forwarded" else "kwaad.example"}
    for path in ("/", "/id/vereniging/V0001001", "/ldes/verenigingen", "/catalogus", "/sparql", "/openapi.json"):
        answer = ask(path, **said)
        assert "kwaad" not in answer.text and not any("kwaad" in value for value in answer.headers.values())


def deep(levels: int) -> bytes:
    return b'{"naam": ' + b"[" * levels + b"]" * levels + b"}"


BODIES = {
    "deep lists": deep(200_000),
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "huge number": b'{"naam": ' + b"9" * 500_000 + b"}",
    "huge literal": b'{"naam": "' + b"x" * 900_000 + b'"}',
    "many fields": b"{" + b",".join(b'"f%d":1' % number for number in range(60_000)) + b"}",
    "no number": b'{"naam": NaN}',
    "more than a number": b'{"naam": 1e999}',
    "another encoding": '{"naam": "Kantkring"}'.encode("utf-16"),
    "packed": b"\x1f\x8b" + bytes(1000),
    "half a surrogate": b'{"naam": "\\ud800"}',
    "remote context": b'{"@context": "http://127.0.0.1:1/geheim", "naam": "Kantkring"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_json_that_is_deep_or_huge_is_refused_like_any_other_mistake(ask: Ask, body: bytes) -> None:
    token = with_token(municipality("Gent"))
    answer = ask("/v1/verenigingen/vzer", "POST", body, content_type="application/json", **token)
    assert 400 <= answer.status_code < 500, answer.text[:300]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_with_endless_fields_is_refused(ask: Ask, kind: str) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    body = "a=b&" * 100_000 if "urlencoded" in kind else part * 20_000 + "--x--\r\n"
    answer = ask("/wisselen", "POST", body.encode(), content_type=kind, origin="http://loket.test")
    assert answer.status_code == 400
    assert "meer dan duizend velden" in answer.text


def test_each_page_forbids_what_pages_elsewhere_could_do_with_it(ask: Ask) -> None:
    headers = ask("/").headers
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
