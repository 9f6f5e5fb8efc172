"""A small register to ask things over `/v1`."""

from __future__ import annotations

from typing import Any

from tests.web.conftest import fill
from tests.web.world import World

CLUBS = 7


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
