"""From the bytes of a page to its tree: which characters they are, and which elements."""

from __future__ import annotations

import codecs
import re

from lxml import etree

from app.errors import Refused
from app.exchange.rdfa.names import resolve

# https://html.spec.whatwg.org/multipage/parsing.html#encoding-sniffing-algorithm: only the start is looked at.
_META = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_SNIFFED = 4096
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# The web means windows-1252 when it says these: https://encoding.spec.whatwg.org/#names-and-labels
# HTML knows no <div/>: https://html.spec.whatwg.org/multipage/syntax.html#start-tags; the parser takes it for closed.
_SELF_CLOSED = re.compile(
    r"""(<(?:a|abbr|article|b|blockquote|body|cite|code|dd|div|dl|dt|em|figcaption|figure|footer|h[1-6]|head|header|html
    |i|label|li|main|nav|ol|p|q|section|small|span|strong|sub|sup|table|tbody|td|tfoot|th|thead|time|tr|u|ul)
    (?=[\s/])(?:[^<>"'/]|/(?!>)|"[^"]*"|'[^']*')*+)/>""",
    re.IGNORECASE | re.VERBOSE,
)
_LATIN = {"iso-8859-1", "latin1", "iso8859-1", "ascii", "us-ascii", "iso-8859-15"}


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of a page: by its byte order mark, the `charset` of the transport, its own word, or UTF-8.

    Bytes that are not what they were said to be are read as windows-1252, which has a character for each.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    meta = _META.search(data[:_SNIFFED])
    said = charset or (meta[1].decode("ascii") if meta else None) or "utf-8"
    for name in ("windows-1252" if said.lower() in _LATIN else said, "utf-8"):
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("windows-1252", "replace")


def parse_page(text: str) -> etree._Element:
    """The tree of a page, its elements knowing their line. Raises Refused when there is no element in it."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    # U+FFFD stands for what somebody lost before us; a NUL ends the page for the parser.
    clean = _SELF_CLOSED.sub(r"\1>", text.replace("\ufffd", "").replace("\0", ""))
    try:
        root: etree._Element | None = etree.fromstring(clean.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise Refused("Dit is geen HTML-pagina: er staat geen enkel element in.")
    return root


def links_of(root: etree._Element, url: str) -> list[tuple[str, str]]:
    """Every link that says what it leads to: the names in its `property`, and its address."""
    return [(a.get("property"), resolve(url, a.get("href").strip())) for a in root.iterfind(".//a[@property][@href]")]


def canonical_of(root: etree._Element) -> str | None:
    """The address that a page itself says to stand at."""
    for link in root.iterfind("head/link[@rel][@href]"):
        if "canonical" in link.get("rel").lower().split():
            return str(link.get("href").strip()) or None
    return None
