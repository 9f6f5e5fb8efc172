"""The page where a supplier checks a page with decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.exchange.fetching import Fetched, Known, NotFetched, Why
from app.web.app import create_app
from tests.web.conftest import Ask
from tests.web.world import ROOT, World

PATH = "/besluiten/nakijken"
WHOLE = (ROOT / "fixtures" / "voorbeelden" / "notulen.html").read_text()
Post = Callable[..., httpx.Response]


class Pages:
    """Stands in for the fetcher: one page, and nothing else."""

    def fetch(self, url: str, known: Known | None = None) -> Fetched:
        if url == "https://raad.voorbeeldgem.be/12":
            return Fetched(url, 200, WHOLE.encode(), "utf-8", "text/html")
        if url.endswith("/weg"):
            return Fetched(url, 410)
        raise NotFetched(Why.ADDRESS, "Dit webadres leidt naar een besloten netwerk.")


@pytest.fixture(scope="module")
def post(world: World) -> Post:
    app = create_app(replace(world.service, fetcher=Pages()))  # type: ignore[arg-type]

    def send(accept: str = "text/html", headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=world.service.base) as client:
                return await client.post(PATH, headers={"accept": accept, **(headers or {})}, **body)

        return asyncio.run(go())

    return send


def test_the_form_says_what_can_be_given(ask: Ask) -> None:
    answer = ask(f"{PATH}?url=https://a.be/x&type=notulen", accept="text/html")
    assert answer.status_code == 200
    assert all(f'name="{name}"' in answer.text for name in ("url", "html", "bestand", "type"))
    assert 'value="https://a.be/x"' in answer.text
    assert '<option value="notulen" selected>' in answer.text


# what is sent: an address, the HTML itself, a file
GIVEN = [
    {"data": {"url": "https://raad.voorbeeldgem.be/12"}},
    {"data": {"html": WHOLE}},
    {"files": {"bestand": ("notulen.html", WHOLE.encode(), "text/html")}},
    {"content": WHOLE.encode(), "headers": {"content-type": "text/html"}},
]


@pytest.mark.parametrize("given", GIVEN, ids=["adres", "html", "bestand", "inhoud"])
def test_each_way_to_give_a_page_is_answered_the_same(post: Post, given: dict[str, Any]) -> None:
    assert "maturiteitsniveau 3" in post(**given).text
    told = post("application/json", **given).json()
    assert (told["documenttype"], told["niveau"], told["bevindingen"]) == ("notulen", 3, [])


def test_what_is_missing_is_shown_with_its_line_and_an_example(post: Post) -> None:
    html = WHOLE.replace('property="besluit:motivering" lang="nl"', "")
    answer = post(data={"html": html})
    assert "Motivering ontbreekt bij een besluit." in answer.text
    assert "&lt;div property=&#34;besluit:motivering&#34; lang=&#34;nl&#34;&gt;" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_another_type_of_document_can_be_asked_for(post: Post) -> None:
    assert post("application/json", data={"html": WHOLE, "type": "agenda"}).json()["documenttype"] == "agenda"


def test_what_was_read_otherwise_than_it_stands_is_shown(post: Post) -> None:
    answer = post(data={"html": "<p about='#a' typeof=”besluit:Besluit”>"})
    assert "Gekrulde aanhalingstekens" in answer.text


# what is sent | the sentence
REFUSED = [
    ({"data": {"url": ""}}, "Geef een webadres, plak de HTML of kies een bestand."),
    ({"data": {"url": "http://10.0.0.1/"}}, "Dit webadres leidt naar een besloten netwerk."),
    ({"data": {"url": "https://raad.voorbeeldgem.be/weg"}}, "Op dit adres staat niets (meer)."),
    ({"data": {"html": "<!-- niets -->"}}, "Dit is geen HTML-pagina: er staat geen enkel element in."),
]


@pytest.mark.parametrize(("given", "sentence"), REFUSED)
def test_what_cannot_be_checked_is_said_beside_the_form(post: Post, given: dict[str, Any], sentence: str) -> None:
    answer = post(**given)
    assert answer.status_code == 400
    assert sentence in answer.text and "<form" in answer.text
    told = post("application/json", **given)
    assert (told.status_code, told.headers["content-type"]) == (400, "application/problem+json")


def test_a_page_that_is_too_large_is_not_read(post: Post) -> None:
    answer = post("application/json", content=b"x", headers={"content-type": "text/html", "content-length": "99999999"})
    assert answer.status_code == 413


class Nobody:
    """Knows of nobody in office."""

    def asking(self, most: int) -> Any:
        return lambda iri: False


def test_people_in_office_are_asked_after_when_somebody_can_be_asked(world: World) -> None:
    app = create_app(replace(world.service, officials=Nobody()))  # type: ignore[arg-type]

    async def go() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=world.service.base) as client:
            headers = {"content-type": "text/html", "accept": "application/json"}
            return await client.post(PATH, content=WHOLE.encode(), headers=headers)

    told = asyncio.run(go()).json()
    assert (told["niveau"], told["mandatarissenOpgezocht"]) == (1, True)
