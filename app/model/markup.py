"""Text with markup, such as the description of a product: only what a reader needs, nothing that acts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby

import nh3

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "u", "a", "h3", "h4", "h5", "table", "thead", "tbody",
        "tr", "th", "td", "sub", "sup", "blockquote"}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_BLOCK = re.compile(r"</?(?:p|br|ul|ol|li|h[1-6]|div|table|thead|tbody|tr|th|td|blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)[^<>]*>")
# Blanks before are taken from their first one on, or one would look again from each of them.
_ITEM = re.compile(r"(?:(?<!\s)\s+)?<li>\s*")
_WHOLE = re.compile(r"(?:(?<!\s)\s+)?</?(?:p|ul)>\s*")
_SIMPLE = frozenset(("p", "ul", "li", "br"))
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


def from_plain(text: str) -> str:
    """What people type without knowing HTML: a blank line begins a paragraph, a dash an item; HTML stays HTML.

    >>> from_plain("Breng mee:\\n- uw kaart\\n- een foto\\n\\nTot dan & dag!")
    '<p>Breng mee:</p><ul><li>uw kaart</li><li>een foto</li></ul><p>Tot dan &amp; dag!</p>'
    """
    text = text.replace("\r\n", "\n").strip()
    if not text or _TAG.search(text):
        return text
    return "".join(_block(lines) for lines in _blocks(text))


def to_plain(markup: str) -> str:
    """The same the other way, where nothing is lost by it; else the HTML itself.

    >>> to_plain("<p>Breng mee:</p><ul><li>uw kaart</li></ul>"), to_plain("<p><a href='x'>Hier</a></p>")
    ('Breng mee:\\n- uw kaart', "<p><a href='x'>Hier</a></p>")
    """
    if any(tag.lower() not in _SIMPLE for tag in _TAG.findall(markup)):
        return markup
    lines = _ITEM.sub("\n- ", _WHOLE.sub("\n\n", markup))
    text = html.unescape(re.sub(r"</li>", "", re.sub(r"<br\s*/?>", "\n", lines)))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _blocks(text: str) -> Iterator[list[str]]:
    """Lines that belong together: paragraphs and lists."""
    for paragraph in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        for _, group in groupby(lines, key=lambda line: line.startswith("- ")):
            yield list(group)


def _block(lines: list[str]) -> str:
    escaped = [html.escape(line, quote=False) for line in lines]
    if lines[0].startswith("- "):
        return f"<ul>{''.join(f'<li>{line[2:].strip()}</li>' for line in escaped)}</ul>"
    return f"<p>{'<br>'.join(escaped)}</p>"
