"""How fast pages are over so many associations and products: `python -m tests.bench.pages 200000 20000 [FOLDER]`.

A question is a whole answer of the application, in this process: search, counts, template and headers. The index alone
is filled, as only it is asked; the products are those of the demonstration, over and over. A folder that is named keeps
what was filled for the next time. Beside time on the clock stands time of the processor, which others do not disturb,
and how long Python collected garbage. The words of `DIFFERENT` are others at each round, as those of visitors are.
Nothing is asserted.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles

import httpx
import structlog

from app.bootstrap.collecting import sparing_what_stays
from app.cli.clerk import clerk
from app.cli.demo_offers import offers
from app.cli.demo_products import LINKS, done
from app.exchange.odata.lists import load_tables
from app.exchange.register_api.fields import Derived, entry_of
from app.exchange.register_api.json import RegisterJson
from app.register.commands import Create
from app.register.handle import handle_all
from app.store.search.index import Asked
from app.web.app import create_app
from app.web.products.offer_index import Index
from tests.bench.search import ROOT, documents
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

WORDS = ("zaal", "feest", "materiaal", "verzekering", "kamp", "opleiding", "erkenning", "huur", "advies", "sport")
DIFFERENT = {
    "telkens een andere naam": "/verenigingen?naam={name}",
    "telkens een typfout": "/verenigingen?naam={typo}",
    "telkens een naam, zoeken": "/zoeken?zoek={name}",
    "aanbod, telkens een woord": "/aanbod?zoek={word}",
}
ROUNDS = 60


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
    for place, products in offers().items() if not known.all() else ():
        commands = [Create("product", {t: v for t, v in each.items() if t not in LINKS}) for each in products.values()]
        done(handle_all(commands, clerk(place, register), register))
    few = list(known.all().values())
    more = [
        replace(each, code=f"P{number:07d}", iri=f"{world.service.base}/id/product/P{number:07d}")
        for number, each in enumerate(islice(cycle(few), count), 1_000_000)
    ]
    known._offers, known._index = {each.iri: each for each in more}, Index(world.service.codelists).changed((), more)


def paths(world: World) -> Iterator[tuple[str, list[str]]]:
    """Each question, and what is asked at each round."""
    known = [word for word in world.service.search._state.vocabulary if len(word) > 4]
    names = random.Random(1).choices(known, k=ROUNDS)
    for name, path in QUESTIONS.items():
        yield name, [path] * ROUNDS
    for name, path in DIFFERENT.items():
        yield (
            name,
            [
                path.format(name=word, typo=word[:2] + word[3:] + "x", word=other)
                for word, other in zip(names, cycle(WORDS), strict=False)
            ],
        )


async def measure(client: httpx.AsyncClient, world: World) -> None:
    """Each question so many times."""
    collected: list[float] = []
    watch_collecting(collected)
    for name, asked in paths(world):
        times = []
        collected.clear()
        for path in asked:
            started, worked = time.perf_counter(), time.process_time()
            answer = await client.get(path)
            times.append(((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000))
            assert answer.status_code == 200, answer.text
        wall, work = (quantiles([each[kind] for each in times], n=20) for kind in (0, 1))
        print(
            f"{name:26} p50 {wall[9]:6.1f} ms  p95 {wall[18]:6.1f} ms  "
            f"processor p50 {work[9]:6.1f} p95 {work[18]:6.1f} ms  {len(answer.content):6} bytes  "
            f"longest collecting {max(collected, default=0):5.1f} ms",
            flush=True,
        )


def watch_collecting(collected: list[float]) -> None:
    """Note how long each collection of garbage keeps the processor."""
    started = 0.0

    def note(phase: str, _: dict[str, int]) -> None:
        nonlocal started
        if phase == "start":
            started = time.thread_time()
        else:
            collected.append((time.thread_time() - started) * 1000)

    gc.callbacks.append(note)


async def ask(world: World) -> None:
    """All questions to one application, whose threads stay as those of a server do."""
    transport = httpx.ASGITransport(create_app(world.service))
    async with httpx.AsyncClient(
        transport=transport, base_url=world.service.base, headers={"accept": "text/html"}
    ) as client:
        started = time.perf_counter()
        await client.get("/")
        print(f"first question: {time.perf_counter() - started:.1f} s")
        with sparing_what_stays():
            await measure(client, world)


def main(count: int, products: int, folder: Path) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder.mkdir(parents=True, exist_ok=True)
    worlds = open_world(folder)
    world = next(worlds)
    started = time.perf_counter()
    if world.service.search.find(Asked(limit=0)).total != count:
        fill(world, count)
    offer(world, products)
    print(f"{count} associations and {products} products in {time.perf_counter() - started:.0f} s")
    asyncio.run(ask(world))
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB at most")
    next(worlds, None)


if __name__ == "__main__":
    given = sys.argv[1:] or ["200000", "20000"]
    with tempfile.TemporaryDirectory() as kept:
        main(int(given[0]), int(given[1]), Path(given[2] if len(given) > 2 else kept))
