"""What a version changed: for who may know all of it, and for everybody; never a personal value in either.

change = read_event(notice, log, schema, codelists)
change.seen.deeds, change.seen.differences        # for everybody; empty when everybody sees no change
change.known.differences                          # for who may know
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.model.changes import Difference, differences
from app.model.codelists import CodeLists
from app.model.documents import to_document
from app.model.fields import Document, EntityType, Schema
from app.model.graph import from_ntriples
from app.model.terms import DCT, FOAF, RDFS, SCHEMA, SKOS
from app.store.log import Log
from app.store.outbox import Notice
from app.store.records import Version

CREATED, CHANGED, REMOVED, MERGED = "registratie", "wijziging", "verwijdering", "samenvoeging"
SHOWN, HIDDEN = "tonen", "verbergen"
NAMES = (SKOS.prefLabel, DCT["title"], SCHEMA["name"], FOAF["name"], RDFS.label)
IN_MUNICIPALITY = "/gemeente/"


@dataclass(frozen=True)
class View:
    """What one circle of readers sees change; without a deed, nothing."""

    deeds: frozenset[str] = frozenset()
    differences: tuple[Difference, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Event:
    """One version, and what it changed; `homes` are NIS codes and `others` IRIs of entities, before and after it."""

    version: Version
    type: EntityType
    code: str
    homes: frozenset[str]
    others: frozenset[str]
    known: View
    seen: View


def read_event(notice: Notice, log: Log, schema: Schema, codelists: CodeLists) -> Event | None:
    """What the version of a notice changed; None when nothing that we know of bears its sequence."""
    version = next(iter(log.read(notice.sequence - 1, 1)), None)
    if version is None or version.sequence != notice.sequence or version.kind not in schema.entity_types:
        return None
    previous = log.version(version.entity, version.number - 1) if version.number > 1 else None
    return event_of(version, previous, notice, schema, codelists)


def event_of(version: Version, previous: Version | None, notice: Notice, schema: Schema, codelists: CodeLists) -> Event:
    """The change from one version to the next."""
    type = schema.entity_types[version.kind]
    before, after = (_document(each, type, internal=True) for each in (previous, version))
    shown_before, shown_after = (_document(each, type, internal=False) for each in (previous, version))
    others = (iri for iri in _iris([before, after]) if iri != version.entity and schema.entity_of(iri))
    homes = {*_from_feeds(notice.feeds), *_from_documents(type, [before, after], codelists)}
    known = View(
        _deeds(version, previous),
        differences(before, after, type, notice.touched) if version.operation == "update" else (),
        name_in(after, type) or name_in(before, type),
    )
    return Event(
        version,
        type,
        version.entity.removeprefix(type.iri_start),
        frozenset(homes),
        frozenset(others),
        known,
        _seen(version, previous, shown_before, shown_after, type),
    )


def _seen(version: Version, previous: Version | None, before: Document, after: Document, type: EntityType) -> View:
    """What everybody sees: an association that is hidden goes, and of one that was hidden they never hear."""
    was, stands = previous is not None and previous.public is not None, version.public is not None
    if not was and not stands:
        return View()
    name = name_in(after, type) or name_in(before, type)
    found = differences(before, after, type) if was and stands else ()
    if was and stands and not found:
        return View()
    return View(_deeds(version, previous), found, name)


def _deeds(version: Version, previous: Version | None) -> frozenset[str]:
    if version.operation == "create":
        return frozenset({CREATED})
    if version.operation == "delete":
        return frozenset({MERGED if version.replaced_by else REMOVED})
    was, stands = previous is not None and previous.public is not None, version.public is not None
    return frozenset({CHANGED} if was == stands else {SHOWN} if stands else {HIDDEN})


def name_in(document: Document, type: EntityType) -> str:
    """What the entity is called, whichever of the usual properties its type has for that."""
    for path in NAMES:
        field = type.by_path.get(path)
        if field and (name := document.get(field.term)):
            return _text(name)
    return ""


def _text(value: Any) -> str:
    """One text out of a list, or out of those in several languages: plain Dutch rather than another."""
    if isinstance(value, dict):
        best = min(value, key=lambda language: (language != "nl", not language.startswith("nl"), language))
        return _text(value[best])
    return _text(value[0]) if isinstance(value, list) else str(value)


def _document(version: Version | None, type: EntityType, *, internal: bool) -> Document:
    if version is None:
        return {}
    content = (version.public or b"") + (version.internal if internal else b"")
    return to_document(from_ntriples(content), type, version.entity) if content else {}


def _from_feeds(feeds: Iterable[str]) -> Iterator[str]:
    return (feed.partition(IN_MUNICIPALITY)[2] for feed in feeds if IN_MUNICIPALITY in feed)


def _from_documents(type: EntityType, documents: Iterable[Document], codelists: CodeLists) -> Iterator[str]:
    """Of what is in no feed, for nobody may see it: the fields that hold a municipality."""
    for document in documents:
        for field in type.fields:
            values = document.get(field.term) if field.node is None and field.is_list else None
            for value in values or ():
                if (
                    isinstance(value, str)
                    and (concept := codelists.concept(value))
                    and concept.scheme_key == "gemeente"
                ):
                    yield concept.notation


def _iris(values: Iterable[Any]) -> Iterator[str]:
    """All texts in documents that may be an IRI."""
    for value in values:
        if isinstance(value, dict):
            yield from _iris(value.values())
        elif isinstance(value, list):
            yield from _iris(value)
        elif isinstance(value, str) and ":" in value:
            yield value
