"""The feeds as web pages: how large, how to follow, and what changed lately."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from starlette.types import Scope

from app.exchange.ldes.addresses import node_name
from app.exchange.ldes.feed import LdesFeeds, Place, Summary
from app.exchange.ldes.page import PageMember
from app.exchange.ldes.writing import FORMATS
from app.model.graph import IRI
from app.model.terms import AS, PROV, RDF
from app.web.pages import Pages

WHAT: Mapping[IRI, str] = MappingProxyType({AS.Create: "nieuw", AS.Update: "gewijzigd", AS.Delete: "verdwenen"})
LABELS = MappingProxyType({"trig": "TriG", "nq": "N-Quads", "jsonld": "JSON-LD", "ttl": "Turtle", "nt": "N-Triples"})


def feed_pages(feeds: LdesFeeds, pages: Pages) -> Callable[[Scope, Place], bytes]:
    """A function that renders a place for a browser."""

    def render(scope: Scope, place: Place) -> bytes:
        template, values = _values(feeds, place)
        return pages.render(template, scope["path"], values)

    return render


def _values(feeds: LdesFeeds, place: Place) -> tuple[str, dict[str, Any]]:
    if place.feed is None:
        return "feeds.html", {"summaries": sorted(feeds.summaries(), key=_whole_before_parts)}
    values: dict[str, Any] = {"summary": feeds.summary(place.feed), "offers": list(_offers(feeds.iri(place)))}
    if place.node is None:
        return "feed.html", values
    name = f"{'deel' if place.node.level else 'pagina'} {node_name(place.node, place.revision)}"
    members = [_member(member) for member in feeds.page(place).members]
    return "feed_page.html", {**values, "name": name, "full": place.full, "members": members}


def _whole_before_parts(summary: Summary) -> tuple[bool, str]:
    return summary.address.municipality is not None, summary.description.title


def _offers(iri: str) -> Iterator[dict[str, str]]:
    for suffix, label in LABELS.items():
        yield {"label": label, "href": f"{iri}.{suffix}", "media_type": FORMATS[suffix].media_type}


def _member(member: PageMember) -> dict[str, str]:
    subject = IRI(member.iri)
    operation, time = member.envelope.value(subject, RDF.type), member.envelope.value(subject, PROV.generatedAtTime)
    assert isinstance(operation, IRI) and time is not None
    return {"iri": member.iri, "what": WHAT[operation], "time": str(getattr(time, "value", ""))}
