"""Changes as Atom (RFC 4287), with older ones in archive documents that never change (RFC 5005 section 4).

https://www.rfc-editor.org/rfc/rfc4287
https://www.rfc-editor.org/rfc/rfc5005#section-4
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from app.exchange.telling.change_feed import Entry
from app.model.wording import moment
from app.register.telling.messages import Message

ATOM, HISTORY = "http://www.w3.org/2005/Atom", "http://purl.org/syndication/history/1.0"
MEDIA_TYPE = "application/atom+xml"
register_namespace("", ATOM)
register_namespace("fh", HISTORY)


@dataclass(frozen=True)
class Head:
    """What a document says of itself: `links` are addresses by relation; an archive never changes any more."""

    id: str
    title: str
    updated: str
    author: str
    links: Mapping[str, str]
    archive: bool = False


def atom(head: Head, entries: Sequence[Entry]) -> bytes:
    """One document, the newest entry first."""
    feed = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "nl"})
    _text(feed, "id", head.id)
    _text(feed, "title", head.title)
    _text(feed, "updated", head.updated)
    _text(SubElement(feed, f"{{{ATOM}}}author"), "name", head.author)
    for relation, address in head.links.items():
        _link(feed, relation, address, MEDIA_TYPE if relation != "alternate" else "text/html")
    if head.archive:
        SubElement(feed, f"{{{HISTORY}}}archive")
    for entry in reversed(entries):
        _entry(feed, entry)
    body: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _entry(feed: Element, entry: Entry) -> None:
    made = SubElement(feed, f"{{{ATOM}}}entry")
    _text(made, "id", entry.id)
    _text(made, "title", entry.title)
    _text(made, "updated", entry.time)
    _text(made, "published", entry.time)
    if who := entry.message.get("door"):
        _text(SubElement(made, f"{{{ATOM}}}author"), "name", who)
    _link(made, "alternate", entry.message["pagina"], "text/html")
    SubElement(made, f"{{{ATOM}}}category", {"term": entry.message["handeling"]})
    _text(made, "summary", entry.message["samenvatting"])
    _text(made, "content", "".join(content(entry.message)), type="html")


def content(message: Message) -> Iterator[str]:
    """When, who and which fields, in HTML."""
    who = f", {escape(message['door'])}" if "door" in message else ""
    yield f"<p>{moment(message['tijdstip'])}{who}</p>"
    if message["velden"]:
        yield "<ul>"
        for field in message["velden"]:
            now = f": {escape(field['na'])}" if "na" in field else ""
            yield f"<li>{escape(field['label'])} {field['wat']}{now}</li>"
        yield "</ul>"


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = _allowed(text)


def _link(parent: Element, relation: str, address: str, type: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": relation, "type": type, "href": address})


def _allowed(text: str) -> str:
    """Without what no XML document may hold: https://www.w3.org/TR/xml/#charsets"""
    return "".join(one for one in text if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff"))
