"""The demonstration's products: what its municipalities offer, linked to each other."""

from __future__ import annotations

from typing import Any

from app.cli.clerk import clerk
from app.cli.demo_offers import offers
from app.errors import LoketError
from app.register.commands import Change, Create, Outcome
from app.register.handle import handle_all
from app.register.register import Register

LINKS = ("vereist", "verwant")


def load_products(register: Register) -> None:
    """Some sixty invented products of eight municipalities."""
    for place, products in offers().items():
        agent = clerk(place, register)
        bare = [{k: v for k, v in each.items() if k not in LINKS} for each in products.values()]
        outcomes = done(handle_all([Create("product", each) for each in bare], agent, register))
        made = dict(zip(products, outcomes, strict=True))
        linked = ((made[key].code, links(each, made)) for key, each in products.items())
        done(handle_all([Change("product", code, found) for code, found in linked if found], agent, register))


def links(product: dict[str, Any], made: dict[str, Outcome]) -> dict[str, list[str]]:
    """The links to products that this municipality also has, by their IRIs."""
    found = {term: [made[key].entity for key in product[term] if key in made] for term in LINKS}
    return {term: iris for term, iris in found.items() if iris}


def done(outcomes: list[Outcome | LoketError]) -> list[Outcome]:
    """The outcomes; raises the first error."""
    for outcome in outcomes:
        if isinstance(outcome, LoketError):
            raise outcome
    return [outcome for outcome in outcomes if isinstance(outcome, Outcome)]
