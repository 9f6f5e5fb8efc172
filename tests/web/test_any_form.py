"""Whatever is filled in or left out in a form: an answer that a person understands; a refusal writes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from app.web.app import create_app
from tests.web.decision_world import fill_decisions
from tests.web.dossier_site import ASSOCIATION, GHENT, Site, open_site
from tests.web.people import as_dpo, as_manager

Fields = list[tuple[str, str]]
Ask = Callable[..., httpx.Response]
# Who sees which forms, and where they begin to look for them.
PEOPLE = {
    "municipality": (GHENT, "/beheer"), "association": (ASSOCIATION, "/mijn-vereniging"),
    "manager": (as_manager(), "/beheer"), "officer": (as_dpo(), "/beheer"), "nobody": ({}, "/"),
}  # fmt: skip
MOST_PAGES = 28
LEFT_ALONE = ("/afmelden", "/wisselen", "/aanmelden")
ODD = (
    "", " ", "\x00", "\u202e", "\ufffe", "²", "٣", "-1", "0", "1,5", "9" * 20, "9" * 5000, "a" * 20_000, "é" * 3000,
    "0001-01-01", "9999-12-31", "2026-02-30", "0001-01-01T00:00", "9999-12-31T23:59", "24:00", "32/01/2026",
    "http://[", "https://[x]/", "javascript:alert(1)", "//kwaad.example/", "http://a b/", "urn:x", "../../etc/passwd",
    "=1+1", "x@y.be\r\nBcc: z@y.be", "\"'><script>alert(1)</script>", "{{ 7*7 }}", "{% for %}", "[]", "{}", "null",
    "True", "V0001001", "V9999999", "P0001001", "85010100115", "BE00000000000", "#x", "%00", "\\", "😀",
)  # fmt: skip
SCRIPT = b"<script>alert(1)"


@dataclass(frozen=True)
class Form:
    """A form on a page: who sees it, where it goes, and what each field may be."""

    person: str
    action: str
    packed: bool
    fields: tuple[tuple[str, tuple[str, ...]], ...]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for made in open_site(tmp_path_factory.mktemp("formulieren")):
        fill_decisions(made.world)
        made.apply()
        yield made


@pytest.fixture(scope="module")
def ask(site: Site) -> Ask:
    app = create_app(site.world.service)

    def ask(method: str, path: str, person: str, **content: object) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=site.world.service.base) as client:
                client.headers.update({"accept": "text/html", **PEOPLE[person][0]})
                return await client.request(method, path, **content)  # type: ignore[arg-type]

        return asyncio.run(go())

    return ask


@pytest.fixture(scope="module")
def forms(ask: Ask) -> list[Form]:
    """All forms of the pages that a person comes to by following links."""
    found: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for person, (_, start) in PEOPLE.items():
        queue, met = [start], {start}
        for path in queue:
            answer = ask("GET", path, person)
            if answer.status_code != 200 or "html" not in answer.headers["content-type"] or not answer.content:
                continue
            page = html.fromstring(answer.content)
            for form in (form_of(each, person, path) for each in page.forms):
                found.setdefault((person, kind_of(form.action), tuple(name for name, _ in form.fields)), form)
            links = [urljoin(path, link).partition("#")[0] for link in page.xpath("//a/@href")]
            for link in links:
                if link.startswith("/") and kind_of(link) not in met and len(queue) < MOST_PAGES:
                    met.add(kind_of(link))
                    queue.append(link)
    return [form for form in found.values() if not form.action.startswith(LEFT_ALONE)]


def kind_of(path: str) -> str:
    """An address without what tells one thing from another."""
    plain = path.partition("?")[0]
    return "/".join("#" if any(mark.isdigit() for mark in part) else part for part in plain.split("/"))


def form_of(form: html.FormElement, person: str, path: str) -> Form:
    fields: dict[str, tuple[str, ...]] = {}
    for field in form.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]|.//button[@name]"):
        values = field.xpath(".//option/@value") if field.tag == "select" else [field.get("value") or field.text or ""]
        fields[field.get("name")] = (*fields.get(field.get("name"), ()), *values[:20])
    packed = "multipart" in form.get("enctype", "")
    action = urljoin(path, form.get("action") or path)
    return Form(person, action, packed if form.method == "POST" else False, tuple(fields.items()))


def test_there_are_forms_of_everybody(forms: list[Form]) -> None:
    assert {form.person for form in forms} == set(PEOPLE)
    assert len(forms) > 40


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_a_form_with_anything_in_it_is_answered_and_a_refusal_writes_nothing(
    ask: Ask, forms: list[Form], site: Site, data: st.DataObject
) -> None:
    form = data.draw(st.sampled_from(forms))
    fields = [
        (name, value)
        for name, values in form.fields
        for value in data.draw(st.lists(st.sampled_from((*values, *values, *values, *ODD)), max_size=2))
    ]
    head = site.world.service.log.head()
    answer = send(ask, form, fields)
    # 503 of what asks another register, which no test has.
    assert answer.status_code < 500 or answer.status_code == 503, (form.action, fields)
    assert SCRIPT not in answer.content
    if answer.status_code >= 400:
        assert site.world.service.log.head() == head, "a refusal wrote"


def send(ask: Ask, form: Form, fields: Fields) -> httpx.Response:
    if form.packed:
        files = [(name, (None, value.encode())) for name, value in fields] or [("a", (None, b""))]
        return ask("POST", form.action, form.person, files=files)
    body = urlencode(fields).encode()
    return ask("POST", form.action, form.person, content=body, headers={"content-type": FORM})


FORM = "application/x-www-form-urlencoded"
