"""How fast pages are over so many associations and products: `python -m tests.bench.pages 200000 20000`.

A question is a whole answer of the application, in this process: search, counts, template and headers. The index alone
is filled, as only it is asked; the products are those of the demonstration, over and over. Nothing is asserted.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles

import structlog

from app.cli.clerk import clerk
from app.cli.demo_offers import offers
from app.cli.demo_products import LINKS, done
from app.exchange.list_tables import load_tables
from app.exchange.register_fields import Derived, entry_of
from app.exchange.register_json import RegisterJson
from app.register.commands import Create
from app.register.handle import handle_all
from tests.bench.search import ROOT, documents
from tests.web.conftest import Ask, asking
from tests.web.world import World, open_world

QUESTIONS = {
    "alles": "/verenigingen",
    "een naam": "/verenigingen?naam=harmonie",
    "drie woorden": "/verenigingen?naam=koninklijke+harmonie+gent",
    "een typfout": "/verenigingen?naam=harmnoie",
    "gemeente en activiteit": "/verenigingen?gemeente=44021&activiteit=SPRT",
    "postcode": "/verenigingen?postcode=9000",
    "leeftijd en soort": "/verenigingen?leeftijd=6-11&soort=VZW",
    "bladzij 40": "/verenigingen?pagina=40",
    "niets gevonden": "/verenigingen?naam=zzzzzz",
    "de kaart": "/verenigingen/kaart",
    "de kaart van de sport": "/verenigingen/kaart?activiteit=SPRT",
    "alles doorzoeken": "/zoeken?zoek=harmonie",
    "start": "/",
    "aanbod": "/aanbod",
    "aanbod, een woord": "/aanbod?zoek=subsidie",
    "aanbod, drie woorden": "/aanbod?zoek=subsidie+jeugd+kamp",
    "aanbod, plaats en thema": "/aanbod?gemeente=44021&thema=CultuurSportVrijeTijd",
    "aanbod, laatst gewijzigd": "/aanbod?sorteer=gewijzigd&doelgroep=Vereniging",
    "aanbod, bladzij 40": "/aanbod?pagina=40",
}


def fill(world: World, count: int) -> None:
    """The index of what is public, without the register behind it."""
    service = world.service
    shaped = RegisterJson(service.codelists, service.base, f"{service.base}/id/vereniging/")
    derived = Derived(service.codelists, load_tables(ROOT))
    file, head = service.search.file, service.log.head()
    with file.writing(head) as writing:
        for document in documents(count):
            writing.put(entry_of(document, shaped, derived))
        file.settle(head, 0, anew=True)


def offer(world: World, count: int) -> None:
    """So many products in the list, each with a code of its own."""
    register, known = world.service.register, world.service.offers
    for place, products in offers().items():
        commands = [Create("product", {t: v for t, v in each.items() if t not in LINKS}) for each in products.values()]
        done(handle_all(commands, clerk(place, register), register))
    few = list(known.all().values())
    more = (
        replace(each, code=f"P{number:07d}", iri=f"{world.service.base}/id/product/P{number:07d}")
        for number, each in enumerate(islice(cycle(few), count), 1_000_000)
    )
    known._offers, known._index = {each.iri: each for each in more}, None


def measure(ask: Ask, rounds: int) -> None:
    """Each question so many times."""
    for name, path in QUESTIONS.items():
        times = []
        for _ in range(rounds):
            started, worked = time.perf_counter(), time.process_time()
            answer = ask(path, accept="text/html")
            times.append(((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000))
            assert answer.status_code == 200, answer.text
        wall, work = (quantiles([each[kind] for each in times], n=20) for kind in (0, 1))
        print(
            f"{name:24} p50 {wall[9]:6.1f} ms  p95 {wall[18]:6.1f} ms  "
            f"processor p50 {work[9]:6.1f} p95 {work[18]:6.1f} ms  {len(answer.content)} bytes"
        )


def main(count: int, products: int, rounds: int = 30) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        worlds = open_world(Path(folder))
        world = next(worlds)
        started = time.perf_counter()
        fill(world, count)
        offer(world, products)
        print(f"{count} associations and {products} products in {time.perf_counter() - started:.0f} s")
        ask = asking(world)
        started = time.perf_counter()
        ask("/")
        print(f"first question: {time.perf_counter() - started:.1f} s")
        measure(ask, rounds)
        next(worlds, None)


if __name__ == "__main__":
    main(*(int(given) for given in (sys.argv[1:3] if len(sys.argv) > 2 else ("200000", "20000"))))
