"""A small register to ask things over `/v1`, with the search index in step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.exchange.register_fields import follower, layout_of
from app.store.search import Search
from app.store.search_file import SearchFile
from tests.web.conftest import fill
from tests.web.world import World, open_world

CLUBS = 7


def open_searchable(folder: Path) -> Iterator[tuple[World, Callable[[], int]]]:
    """A world whose service can search, and what brings the index up to date."""
    for world in open_world(folder):
        service = world.service
        type = service.schema.entity_types["vereniging"]
        with closing(Search(SearchFile(folder / "search", layout_of(service.codelists, service.base)))) as search:
            follow = follower(service.log, search, type, service.codelists, service.base)
            yield World(replace(service, search=search)), follow


def filled(world: World) -> None:
    """What every test of the web has, and some clubs in other municipalities."""
    fill(world)
    for number in range(CLUBS):
        world.put(f"V{2001 + number:07d}", club(world, number))


def club(world: World, number: int) -> dict[str, Any]:
    """A sports club without legal personality."""
    find = world.concept
    city, postcode = (("Aalst", "9300"), ("Sint-Niklaas", "9100"))[number % 2]
    return {
        "naam": f"{'Zwemclub' if number % 3 else 'Turnkring'} Nummer {number} St.-Jan",
        "korteBeschrijving": "Wij sporten elke week.",
        "verenigingstype": find("verenigingstype", "VZER"),
        "verenigingssubtype": find("verenigingssubtype", "FV"),
        "status": find("status", "Actief"),
        "doelgroep": {"minimumleeftijd": 3 * number, "maximumleeftijd": 60},
        "hoofdactiviteiten": [find("hoofdactiviteit", "SPRT")],
        "gemeente": [find("gemeente", city)],
        "locaties": [
            {
                "locatietype": find("locatietype", "Correspondentie"),
                "isPrimair": True,
                "adres": {
                    "straatnaam": "Sportlaan", "huisnummer": str(number), "postcode": postcode, "gemeente": city,
                    "land": "België", "adresvoorstelling": f"Sportlaan {number}, {postcode} {city}, België",
                },
            }
        ],
        "sleutels": [
            {"codeerSysteem": "vCode", "gestructureerdeIdentificator": {"nummer": f"V{2001 + number:07d}"}}
        ],
        "datumLaatsteAanpassing": "2026-03-02T10:00:00.000000Z",
    }  # fmt: skip
