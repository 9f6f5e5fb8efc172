"""Which feeds there can be, and what people are told of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from app.exchange.ldes.nodes import Description
from app.model.schema import Schema

MUNICIPALITY, AUDIENCE, SORT = "gemeente", "doelgroep", "soort"
NO_AUDIENCES: Mapping[str, str] = MappingProxyType({})


class Municipality(Protocol):
    """What is said of a municipality."""

    @property
    def nis(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def iri(self) -> str: ...


def describer(
    schema: Schema,
    municipality: Callable[[str], Municipality | None],
    audiences: Mapping[str, str] = NO_AUDIENCES,
    sorts: Mapping[str, str] = NO_AUDIENCES,
) -> Callable[[str], Description | None]:
    """A function from the key of a feed to its description; `municipality` finds one by its NIS code.

    Every kind of entity has one feed, and a view of it for every municipality, every audience of `audiences` and every
    type of decision of `sorts` (code to name), where the catalogue says that it has such views; also before the first
    member is there.
    """
    listed = {AUDIENCE: (audiences, "voor"), SORT: (sorts, "van de soort")}
    kinds = {kind.feed: kind for kind in schema.public_types}

    def describe(feed: str) -> Description | None:
        name, _, view = feed.partition("/")
        by, _, code = view.partition("/")
        kind = kinds.get(name)
        if kind is None or (view and by not in kind.views):
            return None
        place = municipality(code) if by == MUNICIPALITY else None
        # The code of a municipality that merged finds the new one, and is no feed of its own.
        if by == MUNICIPALITY and (place is None or place.nis != code):
            return None
        names, word = listed.get(by, (NO_AUDIENCES, ""))
        if by in listed and code not in names:
            return None
        where = f" in {place.name}" if place else f" {word} {names[code]}" if names else ""
        return Description(
            title=f"{kind.plural.capitalize()}{where}",
            description=f"Elke wijziging van {kind.plural}{where}, in volgorde. Zonder persoonsgegevens.",
            shape=kind.shape.value,
            place=place.iri if place else None,
        )

    return describe
