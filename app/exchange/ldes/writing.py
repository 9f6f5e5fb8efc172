"""A page of a feed as bytes in each media type; the same page gives the same bytes, always and everywhere.

The bytes are put together here and not by a general serialiser, because a full page is immutable: another order of
lines after an upgrade would be another page. Hypermedia comes first, then member by member, each opened by its
`tree:member` triple, in order of time: the TREE profile (https://w3id.org/tree/specification/profile).

What a member says has two forms. TriG, N-Quads and JSON-LD hold it in the named graph that bears the member's IRI, in
the words of the entity itself; a client takes that graph along whole. Turtle and N-Triples know no named graphs: there
the member *is* the version, so the entity's IRI is replaced by the version's, and the nested nodes become blank nodes,
because clients without a shape follow only those
(https://semiceu.github.io/LinkedDataEventStreams/#members).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

from app.exchange.ldes.json import write_json
from app.exchange.ldes.page import PREFIXES, Page, PageMember
from app.model.graph import Graph
from app.model.terms import RDF, TREE

TREE_PROFILE = ';profile="https://w3id.org/tree/profile"'
SAFE_NAME = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
Row = tuple[str, str, str]


@dataclass(frozen=True)
class Format:
    """One media type that pages are offered in."""

    suffix: str
    media_type: str
    content_type: str
    write: Callable[[Page], bytes]


def write_trig(page: Page) -> bytes:
    """Members in named graphs."""
    parts = [HEADER, *blocks(rows(page.hypermedia))]
    for member in page.members:
        parts += [opening(page, member), *blocks(rows(member.envelope))]
        if member.payload:
            parts += [f"<{member.iri}> {{\n", *blocks(payload_rows(member)), "}\n"]
    return "".join(parts).encode()


def write_turtle(page: Page) -> bytes:
    """Members as versions, for who reads no graphs."""
    parts = [HEADER, *blocks(rows(page.hypermedia))]
    for member in page.members:
        parts += [opening(page, member), *blocks((*rows(member.envelope), *version_rows(member)))]
    return "".join(parts).encode()


def write_nquads(page: Page) -> bytes:
    """Members in named graphs, a triple on a line."""
    parts = [*lines(rows(page.hypermedia))]
    for member in page.members:
        parts += [f"<{page.stream}> {TREE.member} <{member.iri}> .\n", *lines(rows(member.envelope))]
        parts += lines(payload_rows(member), f" <{member.iri}>")
    return "".join(parts).encode()


def write_ntriples(page: Page) -> bytes:
    """As `write_turtle`, a triple on a line."""
    parts = [*lines(rows(page.hypermedia))]
    for member in page.members:
        parts.append(f"<{page.stream}> {TREE.member} <{member.iri}> .\n")
        parts += lines((*rows(member.envelope), *version_rows(member)))
    return "".join(parts).encode()


def rows(graph: Graph) -> Iterator[Row]:
    """The triples of a graph as text."""
    return ((str(s), str(p), str(o)) for s, p, o in graph)


def payload_rows(member: PageMember) -> Iterator[Row]:
    """What a member says, as text."""
    for line in member.payload.decode().splitlines():
        subject, predicate, rest = line.split(" ", 2)
        yield subject, predicate, rest.removesuffix(" .")


def version_rows(member: PageMember) -> Iterator[Row]:
    """The payload about the version instead of the entity, nested nodes blank, labels unlike those of other pages."""
    entity, nested = f"<{member.entity}>", f"<{member.entity}#"

    def of_version(term: str) -> str:
        if term == entity:
            return f"<{member.iri}>"
        return f"_:v{member.sequence}-{term[len(nested) : -1]}" if term.startswith(nested) else term

    return ((of_version(s), p, of_version(o)) for s, p, o in payload_rows(member))


def opening(page: Page, member: PageMember) -> str:
    """That the stream has this member."""
    return f"\n<{page.stream}> tree:member <{member.iri}> .\n"


def lines(triples: Iterable[Row], graph: str = "") -> Iterator[str]:
    """Triples as lines of N-Triples, or of N-Quads in one graph."""
    return (f"{s} {p} {o}{graph} .\n" for s, p, o in triples)


def blocks(triples: Iterable[Row]) -> Iterator[str]:
    """Turtle, one statement for each run of triples with one subject."""
    for subject, group in groupby(triples, key=itemgetter(0)):
        pairs = " ;\n    ".join(f"{'a' if p == RDF_TYPE else short(p)} {short(o)}" for _, p, o in group)
        yield f"{subject} {pairs} .\n"


@lru_cache(maxsize=10_000)
def short(term: str) -> str:
    """A term of N-Triples with its IRI, or that of its datatype, as a prefixed name where one fits.

    >>> short("<http://purl.org/dc/terms/title>"), short('"1"^^<http://www.w3.org/2001/XMLSchema#integer>')
    ('dct:title', '"1"^^xsd:integer')
    """
    if not term.endswith(">"):
        return term
    start = term.rindex("<")
    cut = max(term.rfind("#"), term.rfind("/")) + 1
    prefix, name = NAMESPACES.get(term[start + 1 : cut]), term[cut:-1]
    return f"{term[:start]}{prefix}:{name}" if prefix and SAFE_NAME.fullmatch(name) else term


RDF_TYPE = str(RDF.type)
NAMESPACES = MappingProxyType({namespace: prefix for prefix, namespace in PREFIXES.items()})
HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()) + "\n"
# The first is what a client gets that says nothing about what it likes.
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        format.suffix: format
        for format in (
            Format("trig", "application/trig", "application/trig" + TREE_PROFILE, write_trig),
            Format("nq", "application/n-quads", "application/n-quads" + TREE_PROFILE, write_nquads),
            Format("jsonld", "application/ld+json", "application/ld+json", write_json),
            Format("ttl", "text/turtle", "text/turtle" + TREE_PROFILE, write_turtle),
            Format("nt", "application/n-triples", "application/n-triples" + TREE_PROFILE, write_ntriples),
        )
    }
)
