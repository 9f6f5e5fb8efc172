"""Queries from files: what they declare is what they use, and a value is only ever a term."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from rdflib.plugins.sparql import prepareQuery

from app.model.queries import Query, Value, load_queries, load_query
from app.model.schema import EntityType
from tests.model.associations import ROOT

TEXT = """# Names of associations in a municipality.
#+ param gemeente: iri
#+ param naam: string
#+ param limiet: integer
SELECT ?v WHERE {
  VALUES ?gemeente { UNDEF }
  VALUES ?naam { UNDEF }
  ?v ?p ?gemeente, ?naam .
} LIMIT 10 # ?limiet
"""
SAFE: dict[str, Value | Sequence[Value]] = {"gemeente": "http://a/b", "naam": "x", "limiet": 5}


def query(tmp_path: Path, text: str = TEXT) -> Query:
    (tmp_path / "names.rq").write_text(text)
    return load_query(tmp_path / "names.rq", "names")


def test_values_take_the_places_of_the_parameters(tmp_path: Path) -> None:
    bound = query(tmp_path).bind(**SAFE)
    assert "VALUES ?gemeente { <http://a/b> }" in bound
    assert 'VALUES ?naam { "x" }' in bound
    assert "LIMIT 5 #" in bound


def test_several_values_stand_side_by_side(tmp_path: Path) -> None:
    bound = query(tmp_path).bind(**{**SAFE, "gemeente": ["http://a/b", "http://a/c"]})
    assert "VALUES ?gemeente { <http://a/b> <http://a/c> }" in bound


INJECTIONS = ['x" } ?s ?p ?o . #', "x\\", "a\nb", "} UNION {", '"""', "\\g<name>"]


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_text_breaks_out_of_its_term(tmp_path: Path, text: str) -> None:
    prepared = prepareQuery(query(tmp_path).bind(**{**SAFE, "naam": text}))
    assert f"Literal({text!r})" in repr(prepared.algebra) or text in str(prepared.algebra)


WRONG = [
    ({**SAFE, "gemeente": "http://a/b> } #"}, ValueError),
    ({**SAFE, "limiet": "5; DROP"}, TypeError),
    ({**SAFE, "limiet": True}, TypeError),
    ({**SAFE, "naam": 3}, TypeError),
    ({**SAFE, "ander": "x"}, TypeError),
    ({"gemeente": "http://a/b"}, TypeError),
]


@pytest.mark.parametrize("values, error", WRONG)
def test_a_value_of_the_wrong_type_is_refused(
    tmp_path: Path, values: dict[str, str | int], error: type[Exception]
) -> None:
    with pytest.raises(error):
        query(tmp_path).bind(**values)


BAD_FILES = [
    (TEXT.replace("#+ param naam: string\n", ""), "naam"),
    (TEXT.replace("  VALUES ?naam { UNDEF }\n", ""), "naam"),
    (TEXT.replace("naam: string", "naam: tekst"), "tekst"),
    (TEXT.replace("# Names of associations in a municipality.\n", ""), "first line"),
]


@pytest.mark.parametrize("text, complaint", BAD_FILES, ids=["undeclared", "unused", "no such type", "no summary"])
def test_a_file_that_does_not_say_what_it_does_is_refused_at_load(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        query(tmp_path, text)


@pytest.mark.parametrize("name, found", load_queries(ROOT).items(), ids=lambda v: v if isinstance(v, str) else "")
def test_every_query_of_ours_is_valid_as_it_stands(name: str, found: Query) -> None:
    assert found.summary
    prepareQuery(found.text)


def test_every_entity_type_has_its_query(association: EntityType) -> None:
    assert association.query in load_queries(ROOT)
