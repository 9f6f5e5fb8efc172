"""Content negotiation: which of the offered media types suits an Accept header best.

    negotiate("text/html, */*;q=0.1", ("text/turtle", "text/html"))   # "text/html"
    negotiate("image/png", ("text/turtle",))                          # None: answer 406
    negotiate(None, ("text/turtle", "text/html"))                     # "text/turtle": the first offered is the default

After RFC 9110 section 12.5.1 (https://www.rfc-editor.org/rfc/rfc9110#name-accept).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

# A quoted string may hold commas and semicolons: `profile="http://a,b"`.
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_PARAMETER = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+')
# Browsers name eight, libraries of RDF a dozen; each is compared with all that we offer, before anything else is done.
MOST_CHARACTERS, MOST_RANGES = 4000, 50


@dataclass(frozen=True)
class MediaRange:
    """One element of an Accept header; `*` stands for any."""

    type: str
    subtype: str
    parameters: Mapping[str, str]
    quality: float

    def specificity(self, offer: MediaRange) -> int:
        """How closely this range names `offer`: 0 not at all, 1 `*/*`, 2 `text/*`, 3 the type, 4 its parameters too."""
        if self.type == "*":
            return 1
        if self.type != offer.type:
            return 0
        if self.subtype == "*":
            return 2
        if self.subtype != offer.subtype or self._contradicts(offer):
            return 0
        return 4 if any(name in offer.parameters for name in self.parameters) else 3

    def _contradicts(self, offer: MediaRange) -> bool:
        # Strictly, `application/ld+json;profile=x` does not match an offer without a profile. Answering without one
        # serves such a client better than 406; only another value of the same parameter counts against an offer.
        return any(offer.parameters.get(name, value) != value for name, value in self.parameters.items())


def negotiate(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type that the client likes best, or None when it takes none of them.

    Equal qualities go to what the client names most exactly, then first in its header, then first in ours.
    """
    ranges = tuple(_ranges(accept or ""))
    if not ranges:
        return offered[0]
    best, best_rank = None, (0.0, 0, 0)
    for text in offered:
        rank = _rank(ranges, text)
        if rank[0] > 0 and rank > best_rank:
            best, best_rank = text, rank
    return best


def _rank(ranges: Sequence[MediaRange], text: str) -> tuple[float, int, int]:
    """(quality, specificity, place in the header) of an offer; the most specific range decides its quality."""
    offer = _offer(text)
    specificity, place = max((range.specificity(offer), -place) for place, range in enumerate(ranges))
    return (ranges[-place].quality if specificity else 0.0, specificity, place)


@lru_cache(maxsize=500)
def _offer(text: str) -> MediaRange:
    """Ours are few and always the same."""
    offer = _range(text)
    if offer is None:
        raise ValueError(f"not a media type: {text}")
    return offer


def _ranges(accept: str) -> Iterator[MediaRange]:
    """The first of an Accept header: what comes after those is not read."""
    for element in islice(_ELEMENT.finditer(accept[:MOST_CHARACTERS]), MOST_RANGES):
        if (range := _range(element[0])) is not None:
            yield range


def _range(text: str) -> MediaRange | None:
    """Parse one element; None when it is malformed, as one bad element must not spoil the others."""
    full, *rest = _PARAMETER.findall(text) or [""]
    # `*` alone comes from Java's HttpURLConnection: "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2".
    type, _, subtype = (full.strip().lower() if full.strip() != "*" else "*/*").partition("/")
    parameters = dict(_parameters(rest))
    quality = _quality(parameters.pop("q", "1"))
    if not type or not subtype or quality is None:
        return None
    parameters.pop("charset", None)  # we write UTF-8, whatever is asked
    return MediaRange(type, subtype, parameters, quality)


def _parameters(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        name, separator, value = text.partition("=")
        if separator:
            yield name.strip().lower(), value.strip().strip('"')


def _quality(text: str) -> float | None:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return None
