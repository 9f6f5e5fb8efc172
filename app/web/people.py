"""Who did something, as far as everybody may know: an organisation, never a person."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.codelists import CodeLists
from app.web.service import Publisher, Service


@dataclass(frozen=True)
class Organisation:
    """A body that acts, by name."""

    iri: str
    name: str


def organisation(service: Service, actor: str) -> Organisation | None:
    """The municipality, publisher or association with this IRI; None for anybody else, as that may be a person."""
    if found := service.schema.entity_of(actor):
        type, code = found
        return Organisation(actor, f"{type.label} {code}")
    return organisation_in(service.codelists, service.publisher, actor)


def organisation_in(codelists: CodeLists, publisher: Publisher, actor: str) -> Organisation | None:
    """The same, for who has no service."""
    if actor == publisher.iri:
        return Organisation(actor, publisher.name)
    for municipality in codelists.municipalities.all:
        if actor and actor in (municipality.unit, municipality.iri):
            return Organisation(actor, f"Gemeente {municipality.name}")
    return None
