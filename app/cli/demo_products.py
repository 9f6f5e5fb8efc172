"""The demonstration's products, and some recognitions that decide who can get them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.cli.clerk import clerk
from app.cli.demo_offers import offers
from app.errors import LoketError
from app.register.commands import Change, Create, Outcome, RegisterRecognition
from app.register.handle import handle_all
from app.register.register import Register

LINKS = ("vereist", "verwant")
RECOGNITIONS = {"erkenning-jeugd": "Jeugdwerk", "erkenning-sport": "Sport",
                "erkenning-cultuur": "Kunsten, Erfgoed & Cultuur"}  # fmt: skip
# Of the associations that a municipality could recognise, this many it has.
RECOGNISED = 25


def load_products(register: Register) -> None:
    """Sixty invented products of eight municipalities, linked to each other."""
    for place, products in offers().items():
        agent = clerk(place, register)
        bare = [{k: v for k, v in each.items() if k not in LINKS} for each in products.values()]
        outcomes = done(handle_all([Create("product", each) for each in bare], agent, register))
        made = dict(zip(products, outcomes, strict=True))
        changes = [
            Change("product", made[key].code, linked) for key, each in products.items() if (linked := links(each, made))
        ]
        done(handle_all(changes, agent, register))
        recognise(place, {key: made[key].code for key in made if key in RECOGNITIONS}, register)


def links(product: dict[str, Any], made: dict[str, Outcome]) -> dict[str, list[str]]:
    """The links to products that this municipality also has, by their IRIs."""
    found = {term: [made[key].entity for key in product[term] if key in made] for term in LINKS}
    return {term: iris for term, iris in found.items() if iris}


def recognise(place: str, codes: dict[str, str], register: Register) -> None:
    """Some associations of the municipality are recognised for what they do."""
    agent = clerk(place, register)
    commands = []
    for key, code in codes.items():
        activity = register.codelists.find("hoofdactiviteit", RECOGNITIONS[key])
        assert activity is not None
        for association in associations_with(activity.iri, agent.municipality or "", register):
            recognition = {"ipdcProduct": {"nummer": code}, "geldigheidsperiode": PERIOD}
            commands.append(RegisterRecognition(association, recognition))
    handle_all(commands, agent, register, "demo")


PERIOD = {"startdatum": "2025-01-01", "einddatum": "2028-12-31"}


def associations_with(activity: str, nis: str, register: Register) -> Iterator[str]:
    """The codes of the first associations with an activity in the feed of a municipality."""
    needle, found = f"<{activity}>".encode(), 0
    feed = f"verenigingen/gemeente/{nis}"
    for member in register.log.members(feed, 1, register.log.feed_size(feed)):
        if member.operation == "create" and needle in (member.version.public or b""):
            yield member.version.entity.rpartition("/")[2]
            found += 1
            if found == RECOGNISED:
                return


def done(outcomes: list[Outcome | LoketError]) -> list[Outcome]:
    """The outcomes; raises the first error."""
    for outcome in outcomes:
        if isinstance(outcome, LoketError):
            raise outcome
    return [outcome for outcome in outcomes if isinstance(outcome, Outcome)]
