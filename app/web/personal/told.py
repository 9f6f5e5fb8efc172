"""The log of accesses in the words of people: which organisation, which deed, which fields of which part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.model.fields import EntityType
from app.model.wording import inline
from app.register.agents import SYSTEM
from app.register.personal.people import labels_of, node_types, part_of
from app.register.register import Register
from app.store.vault import Access
from app.web.people import organisation_in
from app.web.service import Publisher

DEEDS = {
    "gelezen": "gelezen",
    "verwerkt": "door het systeem verwerkt",
    "gezocht": "op nummer gezocht",
    "gewist": "gewist",
    "uitgereikt": "aan de persoon zelf gegeven",
}


Words = tuple[Mapping[tuple[str, str], str], Mapping[str, str]]


@dataclass(frozen=True)
class Told:
    """One access as a row of a table."""

    id: int
    time: str
    who: str
    account: str
    on_behalf_of: str
    purpose: str
    why: str
    what: str
    code: str
    fields: tuple[tuple[str, str], ...]

    @property
    def fields_in_words(self) -> str:
        """What was read, part by part."""
        return "; ".join(f"{part}: {terms}" if terms else part for part, terms in self.fields)


class Teller:
    """Makes rows of accesses; `organisations` are looked up in the code lists, anybody else is an IRI."""

    def __init__(self, register: Register, publisher: Publisher) -> None:
        self._register = register
        self._publisher = publisher
        self._words: dict[str, Words] = {}
        processing = register.schema.processing
        self._purposes = {code: each.label for each in processing.purposes for code in each.codes}

    def tell(self, access: Access) -> Told:
        """An access in words."""
        who, _, account = access.reader.partition("#")
        return Told(
            id=access.id,
            time=access.time,
            who=self.name(who),
            account=account,
            on_behalf_of=self.name(access.on_behalf_of.partition("#")[0]),
            purpose=self._purposes.get(access.purpose, access.purpose),
            why=access.why,
            what=DEEDS.get(access.what, access.what),
            code=access.entity.rpartition("/")[2],
            fields=tuple(self.fields(access.fields, self._type_of(access.entity))),
        )

    def _words_of(self, type: EntityType) -> Words:
        """What the fields of a type are called, and its parts."""
        if type.key not in self._words:
            self._words[type.key] = (labels_of(type), {node.name: node.label for node in node_types(type)})
        return self._words[type.key]

    def _type_of(self, iri: str) -> EntityType:
        found = self._register.schema.entity_of(iri)
        return found[0] if found else self._register.tools.type

    def name(self, iri: str) -> str:
        """What people call an organisation."""
        if iri == SYSTEM:
            return "Het systeem zelf"
        if entity := self._register.schema.entity_of(iri):
            return f"De vereniging zelf ({entity[1]})"
        found = organisation_in(self._register.codelists, self._publisher, iri)
        return found.name if found else iri

    def fields(self, told: str, type: EntityType | None = None) -> Iterator[tuple[str, str]]:
        """`adres-3 huisnummer` as (Adres, huisnummer); what stands in no part is named by its whole IRI.

        Without a type it is about an association.
        """
        type = type or self._register.tools.type
        known, parts = self._words_of(type)
        for part in filter(None, told.split("; ")):
            node, _, terms = part.partition(" ")
            kind = type.name if "://" in node else part_of(f"#{node}")
            labels = (inline(known.get((kind, term), term)) for term in terms.split())
            yield parts.get(kind, node), ", ".join(labels)


def parts_of(document: Mapping[str, Any], type: EntityType) -> Iterator[dict[str, Any]]:
    """The nested nodes of a document, each with its name and its own values by label; of a flag only what is true."""
    kinds = {node.name: node for node in node_types(type)}
    for node in _nodes(document):
        kind = kinds.get(part_of(node["@id"]))
        labels = {each.term: each.label for each in kind.fields} if kind else {}
        values = [
            (labels.get(term, term), "ja" if value is True else value)
            for term, value in node.items()
            if not term.startswith("@") and not isinstance(value, dict | list) and value is not False
        ]
        if values:
            yield {"soort": kind.label if kind else "Gegeven", "velden": values}


def _nodes(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for value in document.values():
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, Mapping) and "@id" in node:
                yield node
                yield from _nodes(node)
