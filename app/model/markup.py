"""Text with markup, such as the description of a product: only what a reader needs, nothing that acts."""

from __future__ import annotations

import html
import re

import nh3

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "u", "a", "h3", "h4", "h5", "table", "thead", "tbody",
        "tr", "th", "td", "sub", "sup", "blockquote"}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_BLOCK = re.compile(r"</?(?:p|br|ul|ol|li|h[1-6]|div|table|thead|tbody|tr|th|td|blockquote)\b[^>]*>", re.IGNORECASE)
SCHEMES = {"http", "https", "mailto", "tel"}


def clean_markup(text: str) -> str:
    """The HTML without scripts, styles, odd links and what a browser would have to repair; plain text stays itself.

    >>> clean_markup("<p onclick='x()'>Dag <b>jij</b><script>alert(1)</script>")
    '<p>Dag <b>jij</b></p>'
    """
    return nh3.clean(text.strip(), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None).strip()


def plain_text(text: str) -> str:
    """The words alone, for search, summaries and comparison.

    >>> plain_text("<ul><li>één</li><li>twee &amp; drie</li></ul>")
    'één twee & drie'
    """
    spaced = _BLOCK.sub(" ", text)
    return " ".join(html.unescape(nh3.clean(spaced, tags=set())).split())
