"""Changes as delta files, as the consumers of the Flemish local-government services read them.

    files_since(log, "besluiten", "2026-03-01T09:00:00Z")     # [DeltaFile("besluiten-12-d0", …), …]
    content(log, "besluiten-12-i0", graph)                    # b'[{"deletes": [], "inserts": [...]}]'

A version of an entity is some files: first what it takes away, then what it adds, at most a hundred triples in each
(https://github.com/lblod/delta-consumer). Nothing is kept for it: the files are made of the log. All files of one
version have its time, and are told together, so who goes on after the time of the last file misses none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from app.errors import Unknown
from app.model.graph import IRI, BlankNode, Graph, Literal, Term, Triple, from_ntriples
from app.model.terms import RDF, XSD
from app.store.log import Log, Member

AT_ONCE = 100
MOST_TRIPLES = 100
_ID = re.compile(r"([a-z]+)-(\d{1,12})-([di])(\d{1,6})")


@dataclass(frozen=True)
class DeltaFile:
    """One file: what to ask for it by, and when what is in it happened."""

    id: str
    created: str


def files_since(log: Log, feed: str, since: str) -> list[DeltaFile]:
    """The files of what happened after a time, oldest first: about a hundred, and whole versions only."""
    found: list[DeltaFile] = []
    position, last = _first_after(log, feed, since), log.feed_size(feed)
    while position <= last and len(found) < AT_ONCE:
        for member in log.members(feed, position, min(position + AT_ONCE - 1, last)):
            found += _files(log, member)
            position = member.position + 1
            if len(found) >= AT_ONCE:
                break
    return found


def content(log: Log, id: str, graph: str) -> bytes:
    """One file; `graph` is the IRI of the graph that its triples are in. Raises Unknown."""
    match = _ID.fullmatch(id)
    members = log.members(match[1], int(match[2]), int(match[2])) if match else []
    if match is None or not members:
        raise Unknown("Dit bestand is er niet.")
    deletes, inserts = _change(log, members[0])
    triples = (deletes if match[3] == "d" else inserts)[int(match[4]) * MOST_TRIPLES :][:MOST_TRIPLES]
    if not triples:
        raise Unknown("Dit bestand is er niet.")
    told = [_told(triple, graph) for triple in triples]
    return orjson.dumps([{"deletes": told, "inserts": []} if match[3] == "d" else {"deletes": [], "inserts": told}])


def _files(log: Log, member: Member) -> Iterator[DeltaFile]:
    for letter, triples in zip("di", _change(log, member), strict=True):
        for number in range(-(-len(triples) // MOST_TRIPLES)):
            yield DeltaFile(f"{member.feed}-{member.position}-{letter}{number}", member.version.time)


def _change(log: Log, member: Member) -> tuple[list[Triple], list[Triple]]:
    """What a version takes away of what everybody saw, and what it adds."""
    version = member.version
    before = log.version(version.entity, version.number - 1) if version.number > 1 else None
    old = from_ntriples(before.public) if before is not None and before.public is not None else Graph()
    new = from_ntriples(version.public) if version.public is not None and member.operation != "delete" else Graph()
    return [t for t in old if t not in new], [t for t in new if t not in old]


def _first_after(log: Log, feed: str, since: str) -> int:
    """The position of the first member that happened after a time: times only grow."""
    low, high = 1, log.feed_size(feed) + 1
    while low < high:
        middle = (low + high) // 2
        [member] = log.members(feed, middle, middle)
        low, high = (middle + 1, high) if member.version.time <= since else (low, middle)
    return low


def _told(triple: Triple, graph: str) -> dict[str, Any]:
    return {
        "graph": {"value": graph, "type": "uri"},
        "subject": _term(triple.subject),  # type: ignore[arg-type]
        "predicate": _term(triple.predicate),
        "object": _term(triple.object),  # type: ignore[arg-type]
    }


def _term(term: Term) -> dict[str, str]:
    """A term as their consumers want it: of a string no datatype, but of a text in a language that of a string."""
    if isinstance(term, IRI):
        return {"value": term.value, "type": "uri"}
    if isinstance(term, BlankNode):
        return {"value": term.value, "type": "bnode"}
    assert isinstance(term, Literal)
    told = {"value": term.value, "type": "literal"}
    if term.language:
        return {**told, "datatype": XSD.string.value, "xml:lang": term.language}
    if term.datatype in (XSD.string, RDF.langString):
        return told
    return {**told, "datatype": term.datatype.value}
