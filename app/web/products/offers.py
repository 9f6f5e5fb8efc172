"""All public products in memory, in step with the log, as the list of what is offered needs them.

20,000 products take some 100 MB. Reading all anew takes 2 ms for each; whoever runs the service asks once in a while,
so that no visitor waits for that.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from app.model.codelists import CodeLists, fold
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.model.languages import NEUTRAL, text_of
from app.model.markup import plain_text
from app.model.schema import Schema
from app.register.products.address_forms import in_form
from app.store.log import Log, Version
from app.web.products.offer_index import Index
from app.web.products.offer_search import FACETS, Offer
from app.web.products.verdicts import Verdicts

KIND = "product"
BATCH = 2000
SUMMARY, CONDITION = 220, 140
# What a decision over eligibility looks at; the texts stay in the log.
DECIDING = ("doelgroepen", "startDienstVerlening", "eindeDienstVerlening", "geografischToepassingsgebieden",
            "activiteiten", "vereist", "aangemaaktDoor", "productnummer", "code", "naam")  # fmt: skip


class Offers:
    """Gives the products as they are now; safe to ask from several threads."""

    def __init__(self, log: Log, schema: Schema, codelists: CodeLists) -> None:
        self._log, self._schema, self._codelists = log, schema, codelists
        self.verdicts = Verdicts(codelists)
        self._lock = threading.Lock()
        self._at = 0
        self._offers: dict[str, Offer] = {}
        self._index = Index(codelists)

    def all(self) -> Mapping[str, Offer]:
        """By IRI, after looking in the log for what changed."""
        self._follow()
        return self._offers

    def index(self) -> Index:
        """The same, to search in."""
        self._follow()
        return self._index

    def _follow(self) -> None:
        """Whoever comes while another looks, and some are known, does not wait for it."""
        if self._log.head() == self._at or not self._lock.acquire(blocking=not self._offers):
            return
        try:
            self._look()
        finally:
            self._lock.release()

    def _look(self) -> None:
        offers, at = dict(self._offers), self._at
        if not at:
            at = self._log.head()
            for version in _current(self._log):
                self._settle(offers, version)
        while versions := self._log.read(at, BATCH):
            for version in versions:
                if version.kind == KIND:
                    self._settle(offers, version)
            at = versions[-1].sequence
        gone = [offer for iri, offer in self._offers.items() if offers.get(iri) is not offer]
        new = [offer for iri, offer in offers.items() if self._offers.get(iri) is not offer]
        if gone or new:
            self._index, self._offers = self._index.changed(gone, new), offers
        self._at = at

    def _settle(self, offers: dict[str, Offer], version: Version) -> None:
        offers.pop(version.entity, None)
        if version.public is not None and version.operation != "delete":
            offers[version.entity] = read_offer(version, self._schema, self._codelists)


def _current(log: Log) -> Iterator[Version]:
    code = ""
    while versions := log.entities(KIND, code, BATCH):
        yield from versions
        code = versions[-1].entity.rpartition("/")[2]


def read_offer(version: Version, schema: Schema, codelists: CodeLists) -> Offer:
    """What the index knows of a version of a product."""
    type = schema.entity_types[KIND]
    found = to_document(from_ntriples(version.public or b""), type, version.entity)
    document = in_form(found, type, found.get("taalvariant", NEUTRAL))
    title, text = text_of(document.get("naam")), plain_text(text_of(document.get("beschrijving")))
    keywords = " ".join(word for words in document.get("zoektermen", {}).values() for word in words)
    owner = codelists.organisations.get(document.get("aangemaaktDoor", ""))
    conditions = [
        {"naam": each.get("naam"), "criteria": each.get("criteria", ())} for each in document.get("voorwaarden", ())
    ]
    return Offer(
        code=version.entity.rpartition("/")[2],
        iri=version.entity,
        title=title,
        summary=_short(text),
        owner=owner.name if owner else "",
        condition=_short(" ".join(_conditions(document)), CONDITION),
        changed=version.time,
        order=fold(title),
        title_words=_searchable(title),
        words=_searchable(f"{title} {keywords} {text} {owner.name if owner else ''}"),
        areas=tuple(iri.rpartition("/")[2] for iri in document.get("geografischToepassingsgebieden", ())),
        facets={name: _codes(document.get(term), scheme, codelists) for name, term, scheme, _ in FACETS},
        deciding={**{term: document[term] for term in DECIDING if term in document}, "voorwaarden": conditions},
    )


def _codes(value: Any, scheme: str, codelists: CodeLists) -> tuple[str, ...]:
    iris = value if isinstance(value, list) else [value] if value else []
    found = (codelists.concept(iri, scheme) for iri in iris)
    return tuple(concept.notation for concept in found if concept is not None)


def _searchable(text: str) -> str:
    """Each word as it sounds, so that a part of a word is found and never one across two words."""
    return " ".join(fold(word) for word in text.split())


def _conditions(document: Document) -> Iterator[str]:
    """What one must meet, in words: the text of each condition, or its name when that is all."""
    for each in document.get("voorwaarden", ()):
        text = plain_text(text_of(each.get("beschrijving"))) or text_of(each.get("naam"))
        yield text if text.endswith((".", "!", "?")) else f"{text}."


def _short(text: str, most: int = SUMMARY) -> str:
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + " …"
