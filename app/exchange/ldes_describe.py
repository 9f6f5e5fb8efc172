"""Which feeds there can be, and what people are told of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.exchange.ldes_nodes import Description
from app.model.schema import Schema


class Municipality(Protocol):
    """What is said of a municipality."""

    @property
    def nis(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def iri(self) -> str: ...


def describer(
    schema: Schema, municipality: Callable[[str], Municipality | None]
) -> Callable[[str], Description | None]:
    """A function from the key of a feed to its description; `municipality` finds one by its NIS code.

    Every kind of entity has one feed, and every municipality a view of it, also before the first member is there.
    """
    kinds = {kind.feed: kind for kind in schema.entity_types.values()}

    def describe(feed: str) -> Description | None:
        name, _, nis = feed.partition("/gemeente/")
        kind, place = kinds.get(name), municipality(nis) if nis else None
        # The code of a municipality that merged finds the new one, and is no feed of its own.
        if kind is None or (nis and (place is None or place.nis != nis)):
            return None
        where = f" in {place.name}" if place else ""
        return Description(
            title=f"{kind.plural.capitalize()}{where}",
            description=f"Elke wijziging van {kind.plural}{where}, in volgorde. Zonder persoonsgegevens.",
            shape=kind.shape.value,
            place=place.iri if place else None,
        )

    return describe
