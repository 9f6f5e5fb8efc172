"""A picture of every page of the demonstration in two widths: `python -m tests.screenshots FOLDER [ADDRESS]`.

Without an address it starts a demonstration of its own. `FOLDER/index.html` shows them all beside each other.
"""

from __future__ import annotations

import re
import sys
import tempfile
from contextlib import ExitStack
from html import escape
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from app.web.auth import COOKIE
from tests.running import serving
from tests.visiting import Visit, missed, visits

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ("--no-sandbox", "--disable-background-networking")
WIDTHS = (1280, 390)


def main(folder: Path, address: str | None = None) -> None:
    """Find the pages, then take their pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if address is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "demo"
            address = stack.enter_context(serving(data, "demo")).address
        found = list(visits(address))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        stack.callback(browser.close)
        for _, visited in groupby(found, key=lambda visit: visit.session):
            take(browser, address, list(visited), folder)
    (folder / "index.html").write_text(index(found), encoding="utf-8")
    print(f"{len(found)} pages in {len(WIDTHS)} widths: {folder / 'index.html'}")
    print("not met:", ", ".join(missed({visit.kind for visit in found})))


def take(browser: Browser, address: str, visited: list[Visit], folder: Path) -> None:
    """The pages of one person, each as a whole."""
    context = browser.new_context(reduced_motion="reduce")
    if visited[0].session:
        context.add_cookies([{"name": COOKIE, "value": visited[0].session, "url": address}])
    page = context.new_page()
    for visit in visited:
        page.goto(address + visit.path, wait_until="load")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=folder / f"{name(visit)}-{width}.png", full_page=True)
    context.close()


def name(visit: Visit) -> str:
    """A file name that says which page it is, and whose."""
    slug = re.sub(r"[^a-z0-9]+", "-", visit.path.lower()).strip("-") or "start"
    return f"{visit.person or 'bezoeker'}--{slug[:80]}"


def index(found: list[Visit]) -> str:
    """All pictures on one page."""
    rows = "".join(
        f"<h2>{escape(visit.path)} ({visit.person or 'bezoeker'})</h2>"
        + "".join(f'<img src="{name(visit)}-{width}.png" width="{width // 3}" alt="">' for width in WIDTHS)
        for visit in found
    )
    return f'<!doctype html><html lang="nl"><meta charset="utf-8"><title>Alle pagina’s</title>{rows}</html>'


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
