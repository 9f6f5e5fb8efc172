"""Products of a municipality that is no more, as the one that it merged into finds them at `/beheer/fusie`."""

from __future__ import annotations

from typing import Any

from app.cli.clerk import clerk
from app.cli.demo_offers import offers
from app.cli.demo_products import LINKS
from app.model.terms import VL
from app.register.agents import SYSTEM, Agent
from app.register.commands import Create
from app.register.desk import Desk
from app.register.entities import restore_entity, type_of
from app.register.handle import handle
from app.register.products.conduct import KIND
from app.register.products.municipal_merger import heirs_of, merged_municipality, moved
from app.register.products.own_products import read_own
from app.register.register import Register

FORMER, INTO = "Gemeente Sint-Amands", "Puurs-Sint-Amands"
# One that the new municipality has, too, and one that only the old one had.
ALIKE = "zaal"
ALONE = "Uitleendienst van de oude gemeenteschool"


def leave_old_products(register: Register) -> None:
    """They stand in the name of the former municipality, as nobody could bring them in today."""
    known = offers()[INTO]
    alike = known[ALIKE]
    variant = next(iter(alike["naam"]))
    for document in (alike, {**alike, "naam": {variant: ALONE}}):
        bare = {term: value for term, value in document.items() if term not in LINKS}
        _age(handle(Create(KIND, bare), clerk(INTO, register), register).code, register)


def _age(code: str, register: Register) -> None:
    """Put the old names where the new ones stand."""
    version = register.log.latest(register.schema.entity_types[KIND].iri(code))
    assert version is not None
    aged = moved(read_own(version, register).document, _former(register))
    system = Agent(SYSTEM, "Het systeem", SYSTEM)
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, system, "", register.today())
        restore_entity(type_of(KIND, desk), code, aged, VL.Gewijzigd.value, desk)


def _former(register: Register) -> dict[Any, Any]:
    """By the IRI of what the merger brought, what it was in the former municipality."""
    into = merged_municipality(INTO, register)
    organisations, areas = register.codelists.organisations, register.codelists.scheme("toepassingsgebied").concepts
    names = {iri: one for iri in heirs_of(into, register) if (one := organisations.get(iri))}
    gone = {one.iri for one in names.values() if one.name == FORMER}
    area = next(each for each in areas if each.deprecated and each.label == FORMER.removeprefix("Gemeente "))
    new = register.codelists.find("toepassingsgebied", into.nis)
    return {into.unit: gone.pop(), new.iri if new else "": area.iri}
