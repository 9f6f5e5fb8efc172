"""The products that an agent keeps: which there are, which need a look, which were not reviewed in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.errors import Forbidden, Gone, Unknown
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.register import agents
from app.register.agents import Agent
from app.register.products.conduct import KIND, OWNER, may_keep
from app.register.register import Register
from app.store.records import Version

BATCH = 1000


@dataclass(frozen=True)
class Own:
    """One product that the agent keeps, internal fields included."""

    code: str
    version: Version
    document: Document

    @property
    def review(self) -> str:
        """Why it needs review, as the code of the status; empty when it does not."""
        return str(self.document.get("herzieningsstatus", "")).rpartition("/")[2]

    def overdue(self, today: date) -> bool:
        """Whether the day on which it was to be looked at again has come."""
        return bool(self.document.get("nazichtOp", "9999") <= today.isoformat())


def own_products(agent: Agent, register: Register) -> list[Own]:
    """All of them, by title."""
    found = [read_own(version, register) for version in _versions(agent, register) if version.operation != "delete"]
    return sorted(found, key=lambda own: (str(own.document.get("naam")).casefold(), own.code))


def own_product(code: str, agent: Agent, register: Register) -> Own:
    """One of them; raises Unknown, Gone, or Forbidden for one of another administration."""
    version = register.log.latest(register.schema.entity_types[KIND].iri(code))
    if version is None:
        raise Unknown(f"Er is geen product met code {code}.")
    if version.operation == "delete":
        raise Gone(f"Het product met code {code} is gearchiveerd.", version.replaced_by)
    own = read_own(version, register)
    if not may_keep(agent, own.document, register.codelists):
        raise Forbidden("Dit product is van een ander bestuur.")
    return own


def read_own(version: Version, register: Register) -> Own:
    """A version of an own product, internal fields included."""
    graph = from_ntriples((version.public or b"") + version.internal)
    document = to_document(graph, register.schema.entity_types[version.kind], version.entity)
    return Own(version.entity.rpartition("/")[2], version, document)


def _versions(agent: Agent, register: Register) -> Iterator[Version]:
    if agent.role in (agents.SYSTEM, agents.MANAGER):
        code = ""
        while batch := register.log.entities(KIND, code, BATCH):
            yield from batch
            code = batch[-1].entity.rpartition("/")[2]
        return
    units = owners_of(agent, register) or frozenset()
    for iri in sorted({iri for unit in units for iri in register.log.find(OWNER, unit)}):
        if version := register.log.latest(iri):
            yield version


def owners_of(agent: Agent, register: Register) -> frozenset[str] | None:
    """The administrations whose products this agent keeps; None for who keeps those of all."""
    if agent.role in (agents.SYSTEM, agents.MANAGER):
        return None
    organisations, nis = register.codelists.organisations, agent.municipality or ""
    return organisations.of_municipality(nis) | organisations.heirs(nis).keys() | {agent.iri}
