"""The literal that an element stands for; https://www.w3.org/TR/html-rdfa/#extensions-to-the-html5-syntax."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from app.exchange.rdfa.names import Names
from app.exchange.rdfa.statements import RDF, XSD, Text

MARKUP = {RDF + "XMLLiteral": "xml", RDF + "HTML": "html"}
_DAY, _CLOCK, _ZONE = r"-?\d{4,}-\d\d-\d\d", r"\d\d:\d\d(:\d\d(\.\d+)?)?", r"(Z|[+-]\d\d:\d\d)?"
# In the order in which HTML+RDFa tries them.
MOMENTS = tuple(
    (re.compile(pattern + r"\Z"), XSD + name)
    for name, pattern in (
        ("dateTime", f"{_DAY}T{_CLOCK}{_ZONE}"),
        ("date", f"{_DAY}{_ZONE}"),
        ("time", f"{_CLOCK}{_ZONE}"),
        ("gYearMonth", r"-?\d{4,}-\d\d"),
        ("gYear", r"-?\d{4,}"),
        ("duration", r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"),
    )
)
text_of = etree.XPath("string()", smart_strings=False)


def stated(element: etree._Element, attributes: Mapping[str, str]) -> tuple[str | None, str | None]:
    """What an element says beside its content, with the datatype that follows from it: `content` or a `time`."""
    content = attributes.get("content")
    if content is None and "datetime" in attributes:
        content = attributes["datetime"]
    elif content is None and element.tag == "time":
        content = str(text_of(element))
    else:
        return content, None
    return content, next((datatype for pattern, datatype in MOMENTS if pattern.match(content)), None)


def typed(element: etree._Element, content: str | None, datatype: str | None, language: str | None) -> Text:
    """The literal of an element, with the datatype that it names; None is one that names nothing."""
    if datatype in MARKUP:
        return Text(_markup(element, MARKUP[datatype]), None, datatype)
    value = str(text_of(element)) if content is None else content
    return Text(value, None, datatype) if datatype else Text(value, language)


def datatype_of(names: Names, attributes: Mapping[str, str], implied: str | None) -> str | None:
    """The IRI of the datatype that is named, else the implied one; an empty one asks for a plain literal."""
    name = attributes.get("datatype")
    if name is None:
        return implied
    return names.term(name.strip()) if name.strip() else None


def _markup(element: etree._Element, method: str) -> str:
    """What stands inside an element, as written."""
    start = element.text or ""
    if method == "xml" or start:
        start = start.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return start + "".join(etree.tostring(child, encoding="unicode", method=method) for child in element)
