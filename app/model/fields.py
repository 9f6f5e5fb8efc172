"""The records of the schema: fields, kinds of nodes, kinds of entities; `schema.load_schema` makes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import cached_property
from typing import Any

from app.model.graph import IRI, Graph
from app.model.permissions import Permissions
from app.model.processing import ProcessingRegister

Document = dict[str, Any]
"""JSON in the terms of a type's context: what commands take, forms fill and JSON-LD shows."""

KEYWORDS = frozenset(("@id", "@type", "@context"))


class Secrecy(IntEnum):
    """Who may see a field: everybody, the administration, or only who has a right to the person's data."""

    PUBLIC = 0
    INTERNAL = 1
    PERSONAL = 2


class Kind(Enum):
    """What a value is in JSON and in RDF."""

    TEXT = "text"
    LANGUAGE = "text in one language"
    LANGUAGES = "texts by language"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    TYPED = "literal of another datatype"
    LINK = "iri"
    NODE = "nested node"


@dataclass(frozen=True)
class Field:
    """One property of a node: its name in documents, its property in RDF, and what the shape asks of it.

    `languages` are those of a text in several (`{"nl": …}`); `several` says that each has a list of texts, not one.
    `markup` says that the text is HTML. In an application `prefill` is the path in the association that fills it
    beforehand, and `attachment` the kind of document that it asks for.
    """

    term: str
    path: IRI
    shape: IRI
    kind: Kind
    label: str
    help: str
    group: str
    order: float
    datatype: IRI | None
    language: str | None
    languages: tuple[str, ...]
    several: bool
    scheme: IRI | None
    options: tuple[str, ...]
    node: NodeType | None
    min_count: int
    max_count: int | None
    max_length: int | None
    minimum: int | None
    maximum: int | None
    pattern: str | None
    flags: str
    message: str
    recognises: bool
    markup: bool
    secrecy: Secrecy
    personal_if: IRI | None
    internal_if: IRI | None
    prefill: str = ""
    attachment: IRI | None = None

    @property
    def is_list(self) -> bool:
        """Whether a document has a list of values here, were it of one."""
        return self.max_count != 1 and self.kind is not Kind.LANGUAGES

    @property
    def required(self) -> bool:
        """Whether it must have a value."""
        return self.min_count > 0


@dataclass(frozen=True, kw_only=True)
class NodeType:
    """A kind of node with its fields in the order of the shape; `name` is the fragment of its shape and of its IRIs."""

    name: str
    label: str
    type: IRI
    type_term: str
    shape: IRI
    fields: tuple[Field, ...]
    class_terms: Mapping[str, IRI] = field(repr=False)
    by_term: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    by_path: Mapping[IRI, Field] = field(init=False, repr=False, compare=False)
    holds_personal: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_term", {f.term: f for f in self.fields})
        object.__setattr__(self, "by_path", {f.path: f for f in self.fields})
        object.__setattr__(self, "holds_personal", any(_can_be_personal(f) for f in self.fields))

    @cached_property
    def personal_fields(self) -> tuple[Field, ...]:
        """The fields that are always personal, and those in whose nodes there are any."""
        return tuple(
            found
            for found in self.fields
            if found.secrecy is Secrecy.PERSONAL or (found.node is not None and found.node.personal_fields)
        )

    def field(self, term: str) -> Field:
        """The field with this name; raises KeyError when there is none."""
        return self.by_term[term]

    def in_words(self, path: str) -> str:
        """A path in documents as people name it: `voorwaarden[1].naam.nl` is "Voorwaarde 2, Naam"."""
        type: NodeType | None = self
        words = []
        for step in path.split("."):
            term, _, index = step.rstrip("]").partition("[")
            found = type.by_term.get(term) if type else None
            if found is None:
                break
            numbered = found.node is not None and index.isdecimal()
            words.append(f"{found.node.label} {int(index) + 1}" if found.node and numbered else found.label)
            type = found.node
        return ", ".join(words) or path


def _can_be_personal(found: Field) -> bool:
    if found.secrecy is Secrecy.PERSONAL or found.personal_if is not None:
        return True
    return found.node is not None and found.node.holds_personal


@dataclass(frozen=True, kw_only=True)
class EntityType(NodeType):
    """A kind of thing with pages, versions and a feed of its own; of a `hidden` one nothing is ever public."""

    key: str
    plural: str
    feed: str
    code_pattern: str
    context: Mapping[str, Any] = field(repr=False)
    context_iri: str
    query: str
    iri_start: str
    part_start: str
    code_start: str
    views: tuple[str, ...]
    keeps_parts: bool = False
    hidden: bool = False

    def iri(self, code: str) -> str:
        """The IRI of the entity with this code."""
        return self.iri_start + code

    def parts(self, iri: str) -> str:
        """What the IRIs of its nested nodes start with: always an address of ours, also where the entity's is not."""
        return self.part_start + iri.removeprefix(self.iri_start)


@dataclass(frozen=True)
class Schema:
    """Everything that the ontology and the shapes say, for one base IRI; `concepts` says which scheme each is in.

    `incoming` has the looser shapes, of types whose entities others answer for; `processes` has those that ship.
    """

    base: str
    entity_types: Mapping[str, EntityType]
    prefixes: dict[str, str]
    vocabulary: Graph = field(repr=False)
    shape_graphs: Mapping[str, Graph] = field(repr=False)
    incoming: Mapping[str, Graph] = field(repr=False)
    concepts: Graph = field(repr=False)
    processing: ProcessingRegister = field(repr=False)
    permissions: Permissions = field(repr=False)
    processes: Mapping[str, Document] = field(default_factory=dict, repr=False)

    @cached_property
    def public_types(self) -> tuple[EntityType, ...]:
        """The types of which anything can be public."""
        return tuple(each for each in self.entity_types.values() if not each.hidden)

    def entity_of(self, iri: str) -> tuple[EntityType, str] | None:
        """The type and code of an entity IRI of this service, or None for any other IRI."""
        for entity_type in self.entity_types.values():
            code = iri.removeprefix(entity_type.iri_start)
            if code != iri and re.search(entity_type.code_pattern, code):
                return entity_type, code
        return None
