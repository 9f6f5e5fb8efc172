"""How fast what is offered comes in and is found, over so many products: `python -m tests.bench.offers 5000`.

The demonstration's products of all its municipalities, again and again; a question is a whole answer of the
application, in this process. Nothing is asserted.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles

import structlog

from app.cli.clerk import clerk
from app.cli.demo_offers import offers
from app.cli.demo_products import LINKS, done
from app.register.commands import Create, RegisterAssociation
from app.register.handle import handle, handle_all
from tests.register.builders import A_MANAGER
from tests.web.conftest import asking
from tests.web.world import World, open_world

BATCH = 500
QUESTIONS = {
    "alles": "/aanbod",
    "een woord": "/aanbod?zoek=subsidie",
    "drie woorden": "/aanbod?zoek=subsidie+jeugd+kamp",
    "gemeente en thema": "/aanbod?gemeente=44021&thema=CultuurSportVrijeTijd",
    "niets gevonden": "/aanbod?zoek=onbestaand",
    "bladzij 20": "/aanbod?pagina=20",
    "voor een vereniging": "/aanbod?vereniging={club}",
    "als JSON": "/aanbod.json?zoek=subsidie",
    "één product": "/doc/product/P0001001",
}


def fill(world: World, count: int) -> str:
    """The products, and the code of an association to ask for."""
    register = world.service.register
    places = {place: list(products.values()) for place, products in offers().items()}
    for place, products in places.items():
        commands = [
            Create("product", {term: value for term, value in each.items() if term not in LINKS})
            for each in islice(cycle(products), count // len(places))
        ]
        for first in range(0, len(commands), BATCH):
            done(handle_all(commands[first : first + BATCH], clerk(place, register), register))
    find = world.concept
    club = {
        "naam": "De Ravotters",
        "verenigingstype": find("verenigingstype", "VZER"),
        "hoofdactiviteiten": [find("hoofdactiviteit", "Jeugdwerk")],
        "locaties": [
            {
                "locatietype": find("locatietype", "Activiteiten"),
                "adres": {"straatnaam": "Kerkstraat", "huisnummer": "1", "postcode": "9000", "gemeente": "Gent"},
            }
        ],
    }
    return handle(RegisterAssociation(club), A_MANAGER, register).code


def main(count: int, rounds: int = 20) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        worlds = open_world(Path(folder))
        world = next(worlds)
        started = time.perf_counter()
        club = fill(world, count)
        print(f"{count} products registered in {time.perf_counter() - started:.1f} s")
        ask = asking(world)
        started = time.perf_counter()
        ask("/aanbod")
        print(f"first question: {time.perf_counter() - started:.1f} s")
        for name, path in QUESTIONS.items():
            times = []
            for _ in range(rounds):
                started = time.perf_counter()
                answer = ask(path.format(club=club))
                times.append((time.perf_counter() - started) * 1000)
                assert answer.status_code == 200, answer.text
            cuts = quantiles(times, n=20)
            print(f"{name:22} p50 {cuts[9]:6.1f} ms  p95 {cuts[18]:6.1f} ms  {len(answer.content)} bytes")
        next(worlds, None)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
