"""The formats in which a page's data can be had: media type, suffix, and how to write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.model import terms
from app.model.graph import IRI, Graph, RdfFormat, to_format, to_quads
from app.web.answers import link
from app.web.data.jsonld import to_json_ld
from app.web.negotiate import negotiate

HTML = "html"
JSONLD = "jsonld"


@dataclass(frozen=True)
class Format:
    """One format; `also` are other media types, `aliases` other suffixes, by which clients ask for it."""

    suffix: str
    media_type: str
    label: str
    also: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


# The first is what a client gets that does not say what it wants.
FORMATS = (
    Format(JSONLD, "application/ld+json", "JSON-LD", ("application/json",), ("json",)),
    Format("ttl", "text/turtle", "Turtle", ("application/x-turtle", "text/n3")),
    Format("nt", "application/n-triples", "N-Triples"),
    Format("trig", "application/trig", "TriG"),
    Format("rdf", "application/rdf+xml", "RDF/XML", (), ("xml",)),
    Format(HTML, "text/html", "HTML", ("application/xhtml+xml",)),
)
SUFFIXES = frozenset(suffix for format in FORMATS for suffix in (format.suffix, *format.aliases))
DATA_FORMATS = tuple(format for format in FORMATS if format.suffix != HTML)
RDF_FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
}
WELL_KNOWN = {
    name.lower(): str(namespace) for name, namespace in vars(terms).items() if isinstance(namespace, terms.Namespace)
}


def choose(request: Request, suffix: str | None, formats: Sequence[Format] = FORMATS) -> Format:
    """The format that the suffix names, else the one that the Accept header likes best; raises 404 or 406."""
    if suffix is not None:
        named = next((format for format in formats if suffix in (format.suffix, *format.aliases)), None)
        if named is None:
            raise HTTPException(404)
        return named
    by_type = {media_type: format for format in formats for media_type in (format.media_type, *format.also)}
    chosen = negotiate(", ".join(request.headers.getlist("accept")), tuple(by_type))
    if chosen is None:
        names = ", ".join(format.media_type for format in formats)
        raise HTTPException(406, f"Dit bestaat alleen als {names}.", {"vary": "Accept"})
    return by_type[chosen]


def split_suffix(name: str) -> tuple[str, str | None]:
    """`V0001001.ttl` is the Turtle of V0001001; a dot before anything else is part of the name."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, suffix) if dot and suffix in SUFFIXES else (name, None)


def write(graph: Graph, format: Format, prefixes: Mapping[str, str], name: str | None = None) -> bytes:
    """Serialise; in TriG the triples stand in the named graph `name`."""
    known = used(graph, {**WELL_KNOWN, **prefixes})
    if format.suffix == JSONLD:
        return to_json_ld(graph, known)
    if format.suffix == "trig" and name is not None:
        return to_format(to_quads(graph, IRI(name)), RdfFormat.TRIG, known)
    return to_format(graph, RDF_FORMATS[format.suffix], known)


def used(graph: Graph, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Only the prefixes that shorten something."""
    text = graph.ntriples().decode()
    return {prefix: namespace for prefix, namespace in prefixes.items() if f"<{namespace}" in text}


def offers(at: str, query: str = "") -> list[dict[str, str]]:
    """The data formats of a document, for a page."""
    return [
        {"label": format.label, "href": f"{at}.{format.suffix}{query}", "media_type": format.media_type}
        for format in DATA_FORMATS
    ]


def alternates(at: str, query: str = "", formats: Sequence[Format] = FORMATS) -> Iterator[str]:
    """The formats of a document, for a Link header."""
    for format in formats:
        yield link(f"{at}.{format.suffix}{query}", "alternate", type=format.media_type)
