"""The one road to personal values: a right, a stated purpose, and a line in the log of accesses.

    read = read_personal("V0001001", agent, register, "dienstverlening: subsidie 2026-12")
    read.document["vertegenwoordigers"][0]["insz"]

A purpose gives the fields of its own activities (`ontology/personal.ttl`) and no other: who sends a newsletter gets no
INSZ. What the register itself takes up to do its work is logged apart, as technical: nobody has seen it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.errors import Gone, Unknown
from app.model.documents import join, to_document
from app.model.fields import Document, EntityType, NodeType
from app.model.graph import IRI, from_ntriples
from app.model.processing import RIGHTS, TECHNICAL, Purpose
from app.register.agents import ASSOCIATION, SYSTEM, Agent
from app.register.personal.commands import ReadPersonalData
from app.register.reasons import plain_reason
from app.register.register import Register
from app.register.subjects import subject_of
from app.store.records import Version
from app.store.vault import Deed, Use, Wanted


@dataclass(frozen=True)
class Read:
    """An association with the personal values that the purpose gives."""

    version: Version = field(repr=False)
    document: Document = field(repr=False)
    purpose: Purpose
    nodes: frozenset[str]

    def personal(self, type: EntityType) -> Document:
        """Only the parts in which a personal value stands, and what is around them in short."""
        return {"@id": self.version.entity, **only_about(self.document, type, self.nodes)}


def read_personal(code: str, agent: Agent, register: Register, stated: str = "") -> Read:
    """The association with its personal values, for what is stated or else for what the request of the agent states.

    An association looks at its own as is its right, whatever it states. Raises Forbidden without the right, Refused
    without a purpose, Unknown or Gone without the association.
    """
    processing = register.schema.processing
    own = agent.role == ASSOCIATION
    purpose, why = (processing.purpose(RIGHTS), "") if own else processing.stated(stated or agent.purpose)
    version, document = current(code, register)
    subject = subject_of(register.log, version.entity, register.today())
    register.rights.check(replace(agent, purpose=purpose.code), ReadPersonalData, subject)
    wanted = None if own else given_by(purpose, register.tools.type)
    kept = register.log.vault.read(version.entity, use_by(agent, purpose.code, why), wanted)
    whole = join(document, {one.node: dict(one.values or {}) for one in kept})
    return Read(version, whole, purpose, frozenset(one.node for one in kept))


def represented_by(insz: str, register: Register, agent: Agent) -> list[str]:
    """The codes of the associations in which a person stands, for the register itself to work with."""
    start = register.tools.type.iri_start
    found = register.log.vault.find(insz, technical_use(agent))
    return [entity.removeprefix(start) for entity in found if entity.startswith(start)]


def current(code: str, register: Register) -> tuple[Version, Document]:
    """The latest version and what stands in the log of it, no personal values; raises Unknown or Gone."""
    type = register.tools.type
    version = register.log.latest(type.iri(code))
    if version is None:
        raise Unknown("Deze vereniging staat niet in het register.")
    if version.operation == "delete":
        raise Gone("Deze vereniging is uit het register verwijderd.", version.replaced_by)
    return version, to_document(from_ntriples((version.public or b"") + version.internal), type, version.entity)


def use_by(agent: Agent, purpose: str, why: str = "", what: Deed = "gelezen") -> Use:
    """What an agent does with personal values, for the log of accesses; raises Refused for a number in the words."""
    return Use(agent.reader, purpose, agent.on_behalf_of or "", plain_reason(why), what)


def technical_use(agent: Agent) -> Use:
    """What the register itself does with personal values, to carry out what the agent asked: nobody sees them."""
    return Use(SYSTEM, TECHNICAL, agent.reader, what="verwerkt")


def only_about(document: Document, type: NodeType, nodes: frozenset[str]) -> Document:
    """Of the nested nodes those with these values, the nodes around them in short: the other half of `without`."""
    about: Document = {}
    for each in type.fields:
        if each.node is None or each.term not in document:
            continue
        value = document[each.term]
        inner = [_about(node, each.node, nodes) for node in (value if isinstance(value, list) else [value])]
        if found := [node for node in inner if node]:
            about[each.term] = found if isinstance(value, list) else found[0]
    return about


def _about(node: Document, type: NodeType, nodes: frozenset[str]) -> Document | None:
    if node.get("@id") in nodes:
        return node
    inner = only_about(node, type, nodes)
    return {"@id": node["@id"], **inner} if inner else None


def given_by(purpose: Purpose, type: EntityType) -> Wanted:
    """Which values a purpose gives."""
    shapes = shapes_of(type)
    return lambda node, term: shapes.get((part_of(node), term)) in purpose.fields


def shapes_of(type: EntityType) -> Mapping[tuple[str, str], IRI]:
    """The shape of a field by the name of its kind of node and its term: that of the vault and of the access log."""
    return {(node.name, each.term): each.shape for node in node_types(type) for each in node.fields}


def labels_of(type: EntityType) -> Mapping[tuple[str, str], str]:
    """What people call a field, by the same."""
    return {(node.name, each.term): each.label for node in node_types(type) for each in node.fields}


def node_types(type: NodeType) -> Iterator[NodeType]:
    """The kind of node itself and every kind that stands in it."""
    yield type
    for each in type.fields:
        if each.node is not None:
            yield from node_types(each.node)


def part_of(node: str) -> str:
    """The kind of a numbered node: `adres` of `…/V0001001#adres-3`."""
    return node.rpartition("#")[2].rpartition("-")[0]
