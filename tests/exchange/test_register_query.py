"""The register's query syntax: what each form asks, and what cannot be read."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.exchange.register_api.query import parse_query
from app.store.search.query import EVERYTHING, Between, Combined, Near, OneOf, Pattern, Phrase, Query, Words


def word(text: str, field: str | None = None) -> Words:
    return Words(field, text)


A, B, C = word("a"), word("b"), word("c")
READ: list[tuple[str, Query]] = [
    ("", EVERYTHING),
    ("  *  ", EVERYTHING),
    ("a", A),
    ("a b", Combined(should=(A, B))),
    ("a OR b", Combined(should=(A, B))),
    ("a || b", Combined(should=(A, B))),
    ("a AND b", Combined(must=(A, B))),
    ("a && b", Combined(must=(A, B))),
    ("a and b", Combined(should=(A, word("and"), B))),
    ("a AND b OR c", Combined(must=(A, B), should=(C,))),
    ("a OR b AND c", Combined(must=(B, C), should=(A,))),
    ("a AND (b OR c)", Combined(must=(A, Combined(should=(B, C))))),
    ("NOT a", Combined(must_not=(A,))),
    ("-a", Combined(must_not=(A,))),
    ("!a", Combined(must_not=(A,))),
    ("a AND NOT b", Combined(must=(A,), must_not=(B,))),
    ("+a b -c", Combined(must=(A,), should=(B,), must_not=(C,))),
    ("-(a b)", Combined(must_not=(Combined(should=(A, B)),))),
    ("naam:a", word("a", "naam")),
    ("naam: a", word("a", "naam")),
    ("locaties.postcode:1000", word("1000", "locaties.postcode")),
    ("locaties.\\*:gent", word("gent", "locaties.*")),
    ("geotags.identificatie:BE23444021", word("BE23444021", "geotags.identificatie")),
    ("naam:(a OR b)", Combined(should=(word("a", "naam"), word("b", "naam")))),
    ("verenigingstype.code:FV", OneOf("verenigingstype.code", ("FV", "VZER"))),
    ("verenigingstype.code:vzer", OneOf("verenigingstype.code", ("FV", "VZER"))),
    ("korteNaam:DV*", Pattern("korteNaam", "DV*")),
    ("*foo*", Pattern(None, "*foo*")),
    ("f?o", Pattern(None, "f?o")),
    ("naam:*", Pattern("naam", "*")),
    ("_exists_:korteNaam", Pattern("korteNaam", "*")),
    ('"ware vrienden"', Phrase(None, "ware vrienden")),
    ('naam:"ware vrienden"~3', Phrase("naam", "ware vrienden", 3)),
    ('"een \\"woord\\""', Phrase(None, 'een "woord"')),
    ("foo~", Near(None, "foo")),
    ("foo~1", Near(None, "foo", 1)),
    ("foo~0.8", Near(None, "foo")),
    ("foo^2", word("foo")),
    ("leeftijd:[5 TO 10}", Between("leeftijd", "5", "10", True, False)),
    ("naam:[* TO b]", Between("naam", None, "b")),
    ("datum:[2020-01-01 TO 2021-01-01]", Between("datum", "2020-01-01", "2021-01-01")),
    ("leeftijd:>=5", Between("leeftijd", "5", None, True, False)),
    ("leeftijd:<5", Between("leeftijd", None, "5", False, False)),
    ("'t Hof", Combined(should=(word("'t"), word("Hof")))),
    ("St.-Niklaas", word("St.-Niklaas")),
    ("info@harmonie.example", word("info@harmonie.example")),
    ("https://harmonie.example", word("https://harmonie.example")),
    ("C++", word("C++")),
    ("a\\:b", word("a:b")),
    ("\\(a\\)", word("(a)")),
]
NOT_READ = [
    '"open', "(a", "a)", "a AND", "AND a", "OR", "a AND OR b", "naam:", "a:b:c", "[a TO", "/re/", "a\\",
    "(" * 50 + "a" + ")" * 50, "a " * 1100, "a" * 9000, "NOT", "a NOT",
]  # fmt: skip


@pytest.mark.parametrize("text, query", READ)
def test_a_query_asks(text: str, query: Query) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize("text", NOT_READ)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_query(text)
    assert refused.value.problems[0].path == "q"


def test_all_words_can_be_required() -> None:
    assert parse_query("a b", all_words=True) == Combined(must=(A, B))
    assert parse_query("a b OR c", all_words=True) == Combined(must=(A,), should=(B, C))


@given(st.text(alphabet=list('ab*?"()[]{}:+-!&|~^\\/<> .TOANDR'), max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Refused):
        parse_query(text)
