"""Mends what publishers got wrong in their pages, where there is one way to read it; everything is noted.

before the evaluation   straighten(root, notes), part_empty(root, notes), clean_address(url)
after it                Repair(evaluation, spellings, url, notes).resource(iri, line)
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from lxml import etree

from app.exchange.rdfa.literals import mend
from app.exchange.rdfa.notes import Fault, Notes
from app.exchange.rdfa.spellings import Spellings
from app.exchange.rdfa.statements import XSD, Evaluation, Text

NAMING = ("about", "datatype", "prefix", "property", "rel", "resource", "rev", "typeof", "vocab")
CURLED = re.compile("[“”„‟″«»]")
_SESSION = re.compile(r";jsessionid=[^?#/]*|/\(S\([^)/]*\)\)", re.IGNORECASE)
# https://www.rfc-editor.org/rfc/rfc3987#section-2.2: what no IRI contains.
_ILLEGAL = re.compile('[\x00-\x20<>"{}|\\\\^`\x7f]')
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"([a-z0-9-]+\.)+[a-z]{2,}(?=[/#?]|\Z)", re.IGNORECASE)
_LEAKED = re.compile(r"(?:null|undefined|none)(?=/)", re.IGNORECASE)


def clean_address(url: str) -> str:
    """The address of a page without what belongs to one visit.

    >>> clean_address("https://a.be/(S(x1))/zitting;jsessionid=12?id=3#top")
    'https://a.be/zitting?id=3'
    """
    return _SESSION.sub("", url.partition("#")[0])


def straighten(root: etree._Element, notes: Notes) -> None:
    """Take the curly quotes out of the attributes that name things."""
    for element in root.iter(etree.Element):
        for key, value in element.items():
            if key in NAMING and not value.isascii() and CURLED.search(value):
                straight = CURLED.sub("", value)
                element.set(key, straight)
                notes.add(Fault.QUOTES, element.sourceline or 0, f"{key}={value}", f'{key}="{straight}"')


def part_empty(root: etree._Element, notes: Notes) -> None:
    """Something typed that refers to nothing is something without a name, unless it is a document: that is the page."""
    for number, element in enumerate(root.iterfind(".//*[@resource='']")):
        kind = element.get("typeof", "")
        if kind and "about" not in element.attrib and "Document" not in kind:
            element.set("resource", f"[_:leeg{number}]")
            line = element.sourceline or 0
            notes.add(Fault.EMPTY, line, f'resource="" typeof="{kind}"', "een onderdeel zonder webadres")


class Repair:
    """Mends the IRIs and values of one page."""

    def __init__(self, evaluation: Evaluation, spellings: Spellings, url: str, notes: Notes) -> None:
        self._relative = evaluation.names.relative
        self._spellings = spellings
        self._notes = notes
        self._prefixes = {**spellings.prefixes, **_unanimous(evaluation.prefixes)}
        parts = urlsplit(url)
        self._scheme, self._host, self._origin = parts.scheme, parts.hostname or "", f"{parts.scheme}://{parts.netloc}"
        own = f"{self._origin}/id/"
        self._has_own_ids = any(statement.subject.startswith(own) for statement in evaluation.statements)
        self._known: dict[str, tuple[str | None, Fault | None]] = {}
        for token in evaluation.ignored:
            if ":" in token.text or CURLED.search(token.text):
                notes.add(Fault.UNREADABLE, token.line, token.text)

    def object(self, iri: str, line: int) -> str | None:
        """As `resource`; a reference to nothing is not one to the page."""
        if self._relative.get(iri) == "":
            self._notes.add(Fault.EMPTY, line, 'resource=""')
            return None
        return self.resource(iri, line)

    def resource(self, iri: str, line: int) -> str | None:
        """The IRI as it was meant; None when nobody can tell, and the statement is to be left out."""
        if iri.startswith("_:"):
            return iri
        if iri not in self._known:
            self._known[iri] = self._mended(iri)
        mended, fault = self._known[iri]
        if fault is not None:
            self._notes.add(fault, line, self._relative.get(iri, iri), mended)
        return mended

    def text(self, text: Text, line: int) -> Text:
        """The literal with a datatype that exists and a value that fits; else as plain text, and noted."""
        if text.datatype is None:
            return text
        datatype = self._spellings.datatypes.get(text.datatype, text.datatype)
        if datatype != text.datatype:
            self._notes.add(Fault.DATATYPE, line, text.datatype, datatype)
        value = mend(text.value, datatype)
        if value is None:
            self._notes.add(Fault.VALUE, line, text.value.strip())
            return Text(text.value)
        if value != text.value:
            self._notes.add(Fault.VALUE, line, text.value, value)
        return Text(value, text.language, None if datatype == XSD + "string" else datatype)

    def _mended(self, iri: str) -> tuple[str | None, Fault | None]:
        reference = self._relative.get(iri)
        if reference is not None:
            return self._of_reference(iri, reference)
        scheme, _, rest = iri.partition(":")
        if scheme.lower() not in self._spellings.schemes:
            start = self._prefixes.get(scheme.lower())
            if start is None:
                return None, Fault.UNKNOWN_PREFIX
            return self._spellings.official(start + rest), Fault.PREFIX
        official = self._spellings.official(iri)
        if official != iri:
            return official, Fault.SPELLING
        return _legal(iri)

    def _of_reference(self, iri: str, reference: str) -> tuple[str | None, Fault | None]:
        """What a relative reference was meant as."""
        host = _HOST.match(reference)
        if host and akin(host[0].lower(), self._host):
            return _legal(f"{self._scheme}://{reference}")[0], Fault.NO_SCHEME
        leaked = _LEAKED.match(reference)
        if leaked:
            mended = self._origin + reference[leaked.end() :]
            return _legal(mended if self._has_own_ids else iri)[0], Fault.NULL
        return _legal(iri)


def _unanimous(prefixes: dict[str, set[str]]) -> dict[str, str]:
    """The prefixes that have one meaning in all of the page."""
    return {prefix: next(iter(meanings)) for prefix, meanings in prefixes.items() if len(meanings) == 1}


def akin(host: str, other: str) -> bool:
    """Whether two hosts are of one owner: the same, or of the same second-level domain.

    >>> akin("aalst.meetingburger.net", "boortmeerbeek.meetingburger.net"), akin("a.be", "b.be")
    (True, False)
    """
    return host == other or host.split(".")[-2:] == other.split(".")[-2:]


def _legal(iri: str) -> tuple[str | None, Fault | None]:
    """The IRI with what may not stand in it written as browsers do; None when it is no IRI even then."""
    clean = _ILLEGAL.sub(lambda found: quote(found[0]), iri.strip("\"' \t\r\n"))
    clean = _BAD_PERCENT.sub("%25", clean)
    before, mark, fragment = clean.partition("#")
    clean = before + mark + fragment.replace("#", "%23")
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.", clean):
        return None, Fault.CHARACTERS
    return clean, None if clean == iri else Fault.CHARACTERS
