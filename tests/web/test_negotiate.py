"""Content negotiation, as a table."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.negotiate import negotiate

RDF = ("text/turtle", "application/ld+json", "application/n-triples", "text/html")

TABLE = [
    # Accept, expected
    (None, "text/turtle"),
    ("", "text/turtle"),
    ("  ", "text/turtle"),
    ("*/*", "text/turtle"),
    ("*", "text/turtle"),
    ("text/*", "text/turtle"),
    ("application/*", "application/ld+json"),
    ("text/html", "text/html"),
    ("TEXT/HTML", "text/html"),
    ("text/html, */*", "text/html"),
    ("*/*, text/html", "text/html"),
    ("text/html;q=0.5, application/n-triples", "application/n-triples"),
    ("text/html;q=0.5, application/n-triples;q=0.6", "application/n-triples"),
    ("text/html ; q=0.5 , application/n-triples ; Q=0.4", "text/html"),
    ("application/n-triples, text/turtle", "application/n-triples"),
    ("text/turtle;q=0, */*", "application/ld+json"),
    ("text/turtle;q=0", None),
    ("*/*;q=0", None),
    ("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "text/html"),
    ("text/*, text/turtle;q=0.1, text/html;q=0.2, */*;q=0.3", "application/ld+json"),
    ("image/png", None),
    ("image/png, image/*", None),
    ("text/turtle;charset=utf-8", "text/turtle"),
    ("text/turtle; charset=iso-8859-1", "text/turtle"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
    ('application/ld+json;profile="a,b;q=0";q=0.5, text/html;q=0.4', "application/ld+json"),
    ("garbage, text/html", "text/html"),
    ("garbage", "text/turtle"),
    ("text/html;q=abc, application/n-triples;q=0.1", "application/n-triples"),
    ("text/html;q=7", "text/html"),
    ("text/html;q=-1", None),
    # Firefox, Java's HttpURLConnection, rdflib
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/html"),
    ("text/turtle, application/rdf+xml;q=0.9, text/n3;q=0.8, */*;q=0.1", "text/turtle"),
]


@pytest.mark.parametrize(("accept", "expected"), TABLE)
def test_the_best_offer_is_taken(accept: str | None, expected: str | None) -> None:
    assert negotiate(accept, RDF) == expected


def test_an_offer_with_the_asked_parameter_wins_from_one_without() -> None:
    offered = ("application/ld+json", 'application/ld+json;profile="framed"')
    assert negotiate('application/ld+json;profile="framed"', offered) == offered[1]
    assert negotiate("application/ld+json", offered) == offered[0]


def test_an_offer_with_another_value_of_the_parameter_does_not_match() -> None:
    assert negotiate("application/ld+json;profile=a", ("application/ld+json;profile=b",)) is None


def test_an_offer_that_is_no_media_type_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="not a media type"):
        negotiate("*/*", ("turtle",))


TYPES = ("text", "application", "image", "*")
SUBTYPES = ("turtle", "html", "ld+json", "n-triples", "xml", "*")
RANGES = st.tuples(st.sampled_from(TYPES), st.sampled_from(SUBTYPES), st.integers(0, 10)).filter(
    lambda range: range[0] != "*" or range[1] == "*"
)


def as_written(ranges: list[tuple[str, str, int]]) -> str:
    return ", ".join(f"{type}/{subtype};q={weight / 10:.1f}" for type, subtype, weight in ranges)


def weight_of(offer: str, ranges: list[tuple[str, str, int]]) -> int:
    """RFC 9110 section 12.5.1, word by word: the most specific range that fits decides; of equals, the first."""
    type, _, subtype = offer.partition("/")
    for wanted in ((type, subtype), (type, "*"), ("*", "*")):
        if found := [weight for *range, weight in ranges if tuple(range) == wanted]:
            return found[0]
    return 0


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(RANGES, min_size=1, max_size=6, unique_by=lambda range: range[:2]))
def test_what_is_taken_has_the_highest_weight_that_the_rfc_gives(ranges: list[tuple[str, str, int]]) -> None:
    weights = {offer: weight_of(offer, ranges) for offer in RDF}
    best = max(weights.values())
    taken = negotiate(as_written(ranges), RDF)
    assert (taken is None) == (best == 0)
    assert taken is None or weights[taken] == best


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.text(st.characters(codec="latin-1") | st.sampled_from('*/;,="q0.1\\ textcharset')))
def test_whatever_stands_in_the_header_something_is_taken_or_nothing(accept: str) -> None:
    assert negotiate(accept, RDF) in (*RDF, None)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(RANGES, min_size=1, max_size=6))
def test_one_bad_element_spoils_no_other(ranges: list[tuple[str, str, int]]) -> None:
    written = as_written(ranges)
    assert negotiate(f"garbage, ;q=1, text/html;q=x, , {written}", RDF) == negotiate(written, RDF)
