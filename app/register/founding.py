"""A founder registers an association that is not there yet, and becomes its representative.

    founder = as_founder(agent, register)        # Forbidden for who did not come in by their own number
    handle(RegisterAssociation(document), founder, register)

In the log the association itself acts: who founded it is nobody's business but that of its representatives.
"""

from __future__ import annotations

from dataclasses import replace

from app.errors import Forbidden, Problem, Refused
from app.model.fields import Document
from app.register import agents
from app.register.agents import Agent
from app.register.desk import Desk
from app.register.prepared import Prepared
from app.register.register import Register

NOT_IN_PERSON = "Een vereniging registreert u in eigen naam: meld u aan als burger, met itsme of eID."
NOT_YOURSELF = "Vul uw eigen rijksregisternummer in: wie een vereniging registreert, wordt er vertegenwoordiger van."
WITH_NUMBER = "Een vereniging met rechtspersoonlijkheid richt u op bij de KBO; van daar komt ze vanzelf hier."
KIND = "VZER"


def as_founder(agent: Agent, register: Register) -> Agent:
    """Whoever came in by their own number, as a founder; raises Forbidden for anybody else."""
    if not agent.person:
        raise Forbidden(NOT_IN_PERSON)
    return founder(register.schema.base, agent.account, agent.person)


def founder(base: str, account: str, person: str) -> Agent:
    """A citizen who may found; `person` is their blind index."""
    return Agent(f"{base}/id/oprichter", "Nieuwe vereniging", agents.FOUNDER, account=account, person=person)


def is_for_its_founder(document: Document, prepared: Prepared, desk: Desk) -> None:
    """Raise Refused when a founder brings in what is not theirs to found, or does not stand in it."""
    if desk.agent.role != agents.FOUNDER:
        return
    kind = desk.register.codelists.find("verenigingstype", KIND)
    if kind is None or document.get("verenigingstype") != kind.iri or prepared.traits.kbo:
        raise Refused(WITH_NUMBER, [Problem("verenigingstype", WITH_NUMBER)])
    numbers = (values.get("insz") for values in prepared.layout.personal.values())
    if desk.agent.person not in {desk.register.log.vault.blind(number).hex() for number in numbers if number}:
        raise Refused(NOT_YOURSELF, [Problem("vertegenwoordigers[0].insz", NOT_YOURSELF)])


def actor_of(desk: Desk, code: str) -> str:
    """Who did it, as it stands in the log."""
    return desk.iri(code) if desk.agent.role == agents.FOUNDER else desk.agent.iri


def as_representative(agent: Agent, association: str, name: str) -> Agent:
    """The founder of this association, as its representative."""
    code = association.rpartition("/")[2]
    return replace(agent, iri=association, label=name, role=agents.ASSOCIATION, associations=frozenset({code}))
