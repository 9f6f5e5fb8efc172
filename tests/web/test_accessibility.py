"""Pages of the demonstration as a browser shows them: axe, the width of a phone, the keyboard alone, and how heavy.

Every kind of page, as the first of the people who may see it, and the page where a desk begins as each of them. At a
service that runs already, with the people of the demonstration: `LOOK_AT=http://… pytest …`.

axe-core (https://github.com/dequelabs/axe-core) is the engine behind most checkers; it judges what a machine can. Our
own policy forbids foreign scripts, so the browser is told to let this one in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, ViewportSize, sync_playwright

from app.web.auth import COOKIE
from tests.running import PATIENCE, Server
from tests.visiting import PEOPLE, Visit, missed, visits

AXE = Path(__file__).parent.parent.parent / ".ci/axe/node_modules/axe-core/axe.min.js"
CHROMIUM = "/usr/bin/chromium"
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=800)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What width decides; all else is the same in both.
OF_WIDTH = ["target-size", "scrollable-region-focusable"]
FIRST_VISIT = 100_000
BROWSER_PATIENCE = 120_000
# A dot of the map lies where its municipality does; each has a link of full size in the list below it, which is the
# exception "equivalent" of https://www.w3.org/TR/WCAG22/#target-size-minimum
# The query editor scrolls along with its cursor.
EXCEPTED = (("target-size", ".map"), ("scrollable-region-focusable", ".CodeMirror-scroll"))
# Software of others, stated on /toegankelijkheid: the viewer of the API.
FOREIGN = "/openapi"

ENTRANCES = ("/", "/aanbod", "/doc/product/P0001011", "/verenigingen")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not there: .ci/run installs it"),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="there is no Chromium"),
]


class Walked:
    """What one walk along all pages found."""

    def __init__(self) -> None:
        self.pages: list[Visit] = []
        self.wrong: list[str] = []
        self.wide: list[str] = []
        self.policy: list[str] = []
        self.descriptions: dict[str, str] = {}


@pytest.fixture(scope="module")
def server(demo: Server) -> Server:
    return demo


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def walked(server: Server, browser: Browser) -> Walked:
    found = Walked()
    for _, visited in groupby(visits(server.address), key=lambda visit: visit.session):
        own = list(visited)
        context = browser.new_context(viewport=WIDE, bypass_csp=True, reduced_motion="reduce")
        context.set_default_timeout(BROWSER_PATIENCE)
        if own[0].session:
            context.add_cookies([{"name": COOKIE, "value": own[0].session, "url": server.address}])
        look(context, server.address, own, found)
        context.close()
    return found


def look(context: BrowserContext, address: str, visited: list[Visit], found: Walked) -> None:
    """At the pages of one person."""
    page, script = context.new_page(), AXE.read_text()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for visit in visited:
        named = f"{visit.path} ({visit.person or 'bezoeker'})"
        page.set_viewport_size(WIDE)
        page.goto(address + visit.path, wait_until="load")
        if visit.status >= 500:
            found.wrong.append(f"{named}: {visit.status}")
        page.evaluate(script)
        found.pages.append(visit)
        found.wrong += [f"{named}: {each}" for each in violations(page, visit, TAGS, [])]
        found.wide += too_wide(page, named, WIDE)
        page.set_viewport_size(NARROW)
        found.wrong += [f"{named} at 320: {each}" for each in violations(page, visit, [], OF_WIDTH)]
        found.wide += too_wide(page, named, NARROW)
        description = page.locator("meta[name=description]").get_attribute("content") or ""
        found.descriptions[named] = f"{page.title()}|{description}"
    found.policy += [url for url in asked if not url.startswith((address, "data:", "blob:"))]


def violations(page: Page, visit: Visit, tags: list[str], rules: list[str]) -> Iterator[str]:
    """What axe finds, but for what is excepted above."""
    only = {"type": "tag", "values": tags} if tags else {"type": "rule", "values": rules}
    options = {"runOnly": only, "resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    skipped = [[".swagger-ui"]] if visit.path.startswith(FOREIGN) else []
    result: dict[str, Any] = page.evaluate("([skip, options]) => axe.run({exclude: skip}, options)", [skipped, options])
    for violation in result["violations"]:
        for node in violation["nodes"]:
            target = " ".join(str(part) for part in node["target"])
            if not any(violation["id"] == rule and target.startswith(part) for rule, part in EXCEPTED):
                yield f"{violation['id']} {target}: {node['html'][:160]}"


def too_wide(page: Page, named: str, size: ViewportSize) -> Iterator[str]:
    """What reaches out of a window of this size."""
    if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
        yield f"{named} at {size['width']}: {page.evaluate(WIDEST)}"


WIDEST = """() => [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | ")"""


def test_axe_finds_nothing_on_any_page_in_either_width(walked: Walked) -> None:
    assert not walked.wrong, "\n".join(walked.wrong)


def test_nothing_is_wider_than_the_window_a_phone_or_a_page_four_times_enlarged(walked: Walked) -> None:
    assert not walked.wide, "\n".join(walked.wide)


def test_the_walk_went_everywhere(walked: Walked) -> None:
    assert len(walked.pages) > 120
    assert {visit.person for visit in walked.pages} == set(PEOPLE)
    print(len(walked.pages), "pages; not met:", missed({visit.kind for visit in walked.pages}))


def test_no_page_asks_another_host_for_anything(walked: Walked) -> None:
    assert walked.policy == []


def test_each_page_has_a_title_of_its_own_and_says_what_it_is(walked: Walked) -> None:
    for named, text in walked.descriptions.items():
        title, _, description = text.partition("|")
        assert len(title) > 8 and title.count(" · ") == 1 and len(description) > 10, named


@pytest.mark.parametrize("path", ENTRANCES)
def test_a_first_visit_is_light_and_can_be_kept(browser: Browser, server: Server, path: str) -> None:
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(BROWSER_PATIENCE)
    page, answers = context.new_page(), list[Response]()
    page.on("response", lambda answer: answers.append(answer))
    page.goto(server.address + path, wait_until="load")
    weight = sum(answer.request.sizes()["responseBodySize"] for answer in answers)
    assert weight < FIRST_VISIT, weight
    for answer in answers:
        assert "cache-control" in answer.headers and "etag" in answer.headers, answer.url
    context.close()
    html = httpx.get(
        server.address + path, headers={"accept": "text/html", "accept-encoding": "gzip"}, timeout=PATIENCE
    )
    assert html.headers["content-encoding"] == "gzip" and "accept-encoding" in html.headers["vary"].lower()


def test_without_script_and_with_the_keyboard_alone_a_chair_finds_a_subsidy(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport=WIDE, java_script_enabled=True)
    context.set_default_timeout(BROWSER_PATIENCE)
    page = context.new_page()
    page.goto(server.address + "/")
    page.keyboard.press("Tab")
    assert focus(page) == "Naar de inhoud"
    page.keyboard.press("Enter")
    tab_to(page, "zoek")
    page.keyboard.type("subsidie")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoeken?*")
    tab_to(page, "Alle producten")
    page.keyboard.press("Enter")
    page.wait_for_url("**/aanbod?*")
    tab_to(page, "Financieel voordeel")
    page.keyboard.press("Enter")
    page.wait_for_url("**type=FinancieelVoordeel*")
    assert "gevonden" in page.locator("[role=status]").inner_text()
    context.close()
    without = browser.new_context(java_script_enabled=False)
    without.set_default_timeout(BROWSER_PATIENCE)
    bare = without.new_page()
    bare.goto(server.address + "/aanbod?zoek=subsidie")
    bare.get_by_role("link", name=re.compile("Financieel voordeel")).first.click()
    assert bare.locator(".results > li").count() > 0
    without.close()


@pytest.mark.parametrize("path", ["/", "/verenigingen/kaart"])
def test_the_keyboard_goes_through_a_page_and_out_and_always_shows_where_it_is(
    browser: Browser, server: Server, path: str
) -> None:
    context = browser.new_context(viewport=NARROW)
    context.set_default_timeout(BROWSER_PATIENCE)
    page = context.new_page()
    page.goto(server.address + path)
    seen: list[str] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        state = page.evaluate(SHOWN)
        if state is None:
            break
        assert state["visible"], state
        seen.append(state["text"])
    else:
        pytest.fail(f"no way out: {seen[-5:]}")
    assert len(seen) > 15 and seen[0] == "Naar de inhoud"
    context.close()


# Whether what has the focus is in sight and marked; None when the focus left the page.
SHOWN = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e), dot = e.querySelector(".dot");
  const marked = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none"
    || dot && parseFloat(getComputedStyle(dot).strokeWidth) > 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const text = (e.innerText ?? e.textContent).trim().slice(0, 40) || e.id;
  return {text, visible: Boolean(marked && inside), html: e.outerHTML.slice(0, 120)};
}"""


def focus(page: Page) -> str:
    return str(page.evaluate("(document.activeElement.innerText || document.activeElement.id || '').trim()"))


def tab_to(page: Page, name: str) -> None:
    """On with Tab until what is named has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if focus(page).startswith(name):
            return
    pytest.fail(f"the keyboard never came to {name}")


def test_the_pages_that_the_law_asks_for_are_in_the_footer(server: Server) -> None:
    html = httpx.get(server.address + "/", timeout=PATIENCE).text
    for path in ("/toegankelijkheid", "/privacy", "/cookies", "/disclaimer"):
        assert f'href="{path}"' in html
