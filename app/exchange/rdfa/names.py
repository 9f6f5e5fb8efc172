"""How an attribute of RDFa names something: terms, CURIEs and IRIs; https://www.w3.org/TR/rdfa-core/#s_curieprocessing.

    names = Names("http://www.voorbeeld.be/zitting").declaring("besluit: http://data.vlaanderen.be/ns/besluit#")
    names.term("besluit:Besluit")    # 'http://data.vlaanderen.be/ns/besluit#Besluit'
    names.resource("#punt1")         # 'http://www.voorbeeld.be/zitting#punt1'

A blank node is a string that starts with `_:`; an author's own label gets a letter in front, so it meets none of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from app.exchange.rdfa.context import PREFIXES, TERMS, XHV

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
TERM = re.compile(r"[^\W\d][\w./-]*\Z")
# "prefix: IRI" pairs; a pair that is not one is skipped without losing the next.
DECLARATION = re.compile(r"(?<!\S)(\S+):[ \t\r\n\f]+(\S+)")


@dataclass(frozen=True)
class Names:
    """What names mean at one place in a document."""

    base: str
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)
    vocabulary: str = ""
    # What each relative reference became; shared by all places of one document.
    relative: dict[str, str] = field(default_factory=dict)

    def declaring(self, declarations: str) -> Names:
        """These names with those of a `prefix` attribute in front; a prefix is the same in capitals."""
        declared = {prefix.lower(): iri for prefix, iri in DECLARATION.findall(declarations)}
        declared.pop("_", None)
        return replace(self, prefixes={**self.prefixes, **declared}) if declared else self

    def using(self, vocabulary: str) -> Names:
        """These names with a default vocabulary, or none when it is empty."""
        return replace(self, vocabulary=self.iri(vocabulary) if vocabulary else "")

    def term(self, text: str) -> str | None:
        """TERMorCURIEorAbsIRI: of `property`, `typeof`, `datatype`, `rel` and `rev`; None when it names nothing."""
        if ":" in text:
            return self.curie(text) or (text if SCHEME.match(text) else None)
        if self.vocabulary and TERM.match(text):
            return self.vocabulary + text
        return TERMS.get(text) or TERMS.get(text.lower())

    def resource(self, text: str) -> str | None:
        """SafeCURIEorCURIEorIRI: of `about` and `resource`; None when it is a safe CURIE that names nothing."""
        text = text.strip()
        if text.startswith("[") and text.endswith("]"):
            return self.curie(text[1:-1])
        return self.curie(text) or self.iri(text)

    def curie(self, text: str) -> str | None:
        """What a compact IRI stands for; None when it is none, or its prefix is unknown here."""
        prefix, colon, reference = text.partition(":")
        if not colon or reference.startswith("//"):
            return None
        if prefix == "_":
            return f"_:n{reference}"
        start = self.prefixes.get(prefix.lower()) if prefix else XHV
        return None if start is None else start + reference

    def iri(self, text: str) -> str:
        """An IRI, against the base when it is relative."""
        text = text.strip()
        if SCHEME.match(text):
            return text
        resolved = resolve(self.base, text)
        self.relative[resolved] = text
        return resolved


def resolve(base: str, reference: str) -> str:
    """RFC 3986, section 5.2; what cannot be resolved stays as it is.

    >>> resolve("http://a.be/b?c#d", "#"), resolve("http://a.be/b?c#d", "")
    ('http://a.be/b?c#', 'http://a.be/b?c')
    """
    document = base.partition("#")[0]
    if not reference or reference[0] == "#":
        return document + reference
    try:
        joined = urljoin(document, reference)
    except ValueError:
        return reference
    return joined + "#" if reference.endswith("#") and "#" not in joined else joined
