"""One page of somebody's event stream, as it really is: what is a member, and where the other pages are.

    page = read_page(body, "application/ld+json", "https://ipdc.vlaanderen.be/doc/conceptsnapshot", contexts)
    page.members[0].graph()

Asked of a page is only that it has `tree:member` and `tree:relation`, in JSON-LD, Turtle, TriG or N-Quads. Relations
need no value and no path, the stream may have the IRI of the page, and `timestampPath` may mean nothing. One member
that cannot be read is that member's problem. https://treecg.github.io/specification/ and https://w3id.org/ldes/specification
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson

from app.errors import Refused
from app.exchange.ldes.contexts import Contexts, localised
from app.model.graph import IRI, Graph, Literal, RdfFormat, Subject, Term, parse_named
from app.model.languages import repair_tags
from app.model.terms import RDF

FORMATS: Mapping[str, RdfFormat] = {
    "application/ld+json": RdfFormat.JSON_LD,
    "application/json": RdfFormat.JSON_LD,
    "text/turtle": RdfFormat.TURTLE,
    "application/trig": RdfFormat.TRIG,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/n-quads": RdfFormat.N_QUADS,
}
ACCEPT = "application/ld+json, application/trig;q=0.9, text/turtle;q=0.8, application/n-quads;q=0.7, */*;q=0.1"
TREE = ("https://w3id.org/tree#", "http://w3id.org/tree#")
MEMBER_KEYS = ("member", "tree:member", *(f"{start}member" for start in TREE))
WRONG_PAGE = "Deze pagina is geen geldige JSON-LD, Turtle of TriG."
WRONG_MEMBER = "Dit lid is geen geldige RDF."
NO_ID = "Dit lid heeft geen IRI."
_LOOSE_IRI = re.compile(rb"<\s*(https?://[^\s<>\"]*)\s+>")
_IS_ADDRESS = re.compile(r"\s*https?://\S+\s*")


@dataclass(frozen=True)
class Member:
    """A member by its IRI: triples, or bytes to be read when it is taken in, so that a wrong one stops no other."""

    id: str
    content: bytes | Graph = field(repr=False)
    format: RdfFormat = RdfFormat.N_TRIPLES

    def graph(self) -> Graph:
        """What it says. Raises Refused."""
        if isinstance(self.content, Graph):
            return self.content
        try:
            graphs = parse_named(repair_tags(self.content), self.format, base="urn:x-verenigingsloket:lid")
        except (SyntaxError, ValueError):
            raise Refused(WRONG_MEMBER) from None
        return Graph(triple for graph in graphs.values() for triple in graph)

    def data(self) -> bytes:
        """What it says, to be kept, in its format."""
        return self.content.ntriples() if isinstance(self.content, Graph) else self.content


@dataclass(frozen=True)
class Page:
    """`links` are the addresses of other pages; `closed` when a later one follows, so that nothing is added here."""

    url: str
    members: tuple[Member, ...]
    links: tuple[str, ...]
    closed: bool


def read_page(body: bytes, media_type: str, url: str, contexts: Contexts) -> Page:
    """What stands on a page. Raises Refused when it is no page at all."""
    format = FORMATS.get(media_type.partition(";")[0].strip().lower()) or _guess(body)
    if format is not RdfFormat.JSON_LD:
        graphs = _parsed(_LOOSE_IRI.sub(rb"<\1>", body), format, url)
        return _page(url, graphs, tuple(_members(graphs)))
    document = _json(body)
    if isinstance(document, dict) and "@context" in document:
        document["@context"] = localised(document["@context"], contexts)
    try:
        graphs = _parsed(orjson.dumps(document), format, url)
    except Refused:
        return _piecemeal(document, url)
    return _page(url, graphs, tuple(_members(graphs)))


def _piecemeal(document: Any, url: str) -> Page:
    """A page that cannot be read whole, with each member by itself; raises Refused when that does not help."""
    keys = [key for key in MEMBER_KEYS if key in document] if isinstance(document, dict) else []
    if not keys:
        raise Refused(WRONG_PAGE)
    head = {key: value for key, value in document.items() if key not in MEMBER_KEYS}
    context = document.get("@context", {})
    members = []
    for item in (item for key in keys for item in _listed(document[key])):
        whole = {"@context": context, **item} if isinstance(item, dict) else item
        members.append(Member(_id_of(item), orjson.dumps(whole), RdfFormat.JSON_LD))
    return _page(url, _parsed(orjson.dumps(head), RdfFormat.JSON_LD, url), tuple(members))


def _page(url: str, graphs: Mapping[str, Graph], members: tuple[Member, ...]) -> Page:
    links: dict[str, None] = {}
    closed = False
    for graph in graphs.values():
        for relation in _any(graph, "relation"):
            kinds = [kind.value for kind in _objects(graph, relation, RDF.type)]
            later = any("GreaterThan" in kind for kind in kinds)
            for start in TREE:
                for node in _objects(graph, relation, IRI(f"{start}node")):
                    link = _link(url, node.value.strip())
                    if link != url:
                        links[link] = None
                        closed |= later
    return Page(url, members, tuple(links), closed)


def _link(url: str, target: str) -> str:
    """Where a page leads; to itself by what is no address."""
    try:
        return urljoin(url, target)
    except ValueError:
        return url


def same_host(url: str, other: str) -> bool:
    """Whether a feed may lead there: to its own host, whichever of the two schemes."""
    one, two = urlsplit(url), urlsplit(other)
    return one.hostname == two.hostname and two.scheme in ("http", "https")


def _members(graphs: Mapping[str, Graph]) -> Iterator[Member]:
    """Each member with all that hangs on it: named graph, blank nodes, parts with IRIs; never another member."""
    ids = list(dict.fromkeys(each for graph in graphs.values() for each in _any(graph, "member")))
    stop = set[Term](ids)
    for id in ids:
        if not isinstance(id, IRI):
            yield Member("", b"")
            continue
        found = Graph()
        for triple in graphs.get(id.value, ()):
            found.add(triple.subject, triple.predicate, triple.object)  # type: ignore[arg-type]
        _gather(graphs[""], id, stop - {id}, found)
        yield Member(id.value, found)


def _gather(graph: Graph, start: Subject, stop: set[Term], into: Graph) -> None:
    todo: list[Subject] = [start]
    seen: set[Subject] = set()
    while todo:
        subject = todo.pop()
        if subject in seen:
            continue
        seen.add(subject)
        for predicate, objects in graph.described(subject).items():
            for object in objects:
                into.add(subject, predicate, object)
                if not isinstance(object, Literal) and object not in stop:
                    todo.append(object)


def _any(graph: Graph, name: str) -> Iterator[Subject]:
    for subject in graph.subjects():
        for start in TREE:
            yield from _objects(graph, subject, IRI(f"{start}{name}"))


def _objects(graph: Graph, subject: Subject, predicate: IRI) -> Iterator[Any]:
    yield from graph.objects(subject, predicate)


def _parsed(data: bytes, format: RdfFormat, base: str) -> dict[str, Graph]:
    try:
        return parse_named(repair_tags(data), format, base=base)
    except (SyntaxError, ValueError):
        raise Refused(WRONG_PAGE) from None


def _json(body: bytes) -> Any:
    try:
        return _trimmed(orjson.loads(body))
    except orjson.JSONDecodeError:
        raise Refused(WRONG_PAGE) from None


def _trimmed(value: Any) -> Any:
    """Addresses without the spaces that people type around them: an IRI has none."""
    if isinstance(value, str):
        return value.strip() if _IS_ADDRESS.fullmatch(value) else value
    if isinstance(value, list):
        return [_trimmed(item) for item in value]
    if isinstance(value, dict):
        return {key: _trimmed(item) for key, item in value.items()}
    return value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _id_of(item: Any) -> str:
    found = item.get("@id") if isinstance(item, dict) else item
    return found if isinstance(found, str) else ""


def _guess(body: bytes) -> RdfFormat:
    """Of who does not say what it sends."""
    return RdfFormat.JSON_LD if body.lstrip()[:1] in (b"{", b"[") else RdfFormat.TRIG
