"""Who did something, as far as everybody may know: an organisation, never a person."""

from __future__ import annotations

from dataclasses import dataclass

from app.web.service import Service


@dataclass(frozen=True)
class Organisation:
    """A body that acts, by name."""

    iri: str
    name: str


def organisation(service: Service, actor: str) -> Organisation | None:
    """The municipality or publisher with this IRI; None for anybody else, as that may be a person."""
    if actor == service.publisher.iri:
        return Organisation(actor, service.publisher.name)
    for municipality in service.codelists.municipalities.all:
        if actor and actor in (municipality.unit, municipality.iri):
            return Organisation(actor, f"Gemeente {municipality.name}")
    return None
