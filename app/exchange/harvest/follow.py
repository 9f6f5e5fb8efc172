"""Which links of a page lead to more: those that say so, on the same site; and the addresses of a sitemap."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from app.exchange.rdfa.reading import Page
from app.exchange.rdfa.repair import akin, clean_address

# As the harvester of the Flemish government follows them, by a part of the name:
# http://lblod.data.gift/vocabularies/besluit/linkToPublication and the besluit:heeft… of a session.
LEADING = ("heeftNotulen", "heeftAgenda", "heeftBesluitenlijst", "heeftUittreksel", "linkToPublication")
NO_PAGES = (".pdf", ".doc", ".docx", ".odt", ".zip", ".jpg", ".png")
_LOCATION = re.compile(rb"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]+)", re.IGNORECASE)
_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)


def leads_of(page: Page) -> list[str]:
    """The addresses that a page leads to, in its order."""
    said = (href for names, href in page.links if any(name in names for name in LEADING))
    return same_site(said, page.url)


def same_site(addresses: Iterable[str], url: str) -> list[str]:
    """Those of one site that can be pages, without what belongs to one visit; the page itself not.

    >>> same_site(["https://a.be/2", "https://b.be/", "https://["], "https://a.be/1")
    ['https://a.be/2']
    """
    host = urlsplit(url).hostname or ""
    clean = dict.fromkeys(clean_address(address) for address in addresses)
    return [a for a in clean if a != url and _is_page(a, host)]


def is_sitemap(body: bytes) -> bool:
    """Whether this is a list of pages and not one."""
    return _SITEMAP.search(body[:2000]) is not None


def locations(body: bytes) -> list[str]:
    """The addresses in a sitemap, or in a list of sitemaps: https://www.sitemaps.org/protocol.html."""
    return [html.unescape(found.decode("utf-8", "replace").strip()) for found in _LOCATION.findall(body)]


def _is_page(address: str, host: str) -> bool:
    """Whether this can be a page of the site that has this host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    leads_on = parts.scheme in ("http", "https") and not parts.path.lower().endswith(NO_PAGES)
    return leads_on and akin((parts.hostname or "").lower(), host)
