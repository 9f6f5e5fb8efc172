"""The contract of a store of graphs."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from app.errors import BadQuery, Unavailable
from app.model.graph import IRI, BlankNode, Graph, Literal, Triple, from_ntriples
from app.model.terms import XSD
from app.store.graphs import embedded, embedded_place
from app.store.graphs.directories import swap, upcoming
from app.store.graphs.embedded import EmbeddedGraphs, memory_graphs, open_graphs
from app.store.graphs.port import Change, Graphs
from tests.store.builders import entity, triples

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s <http://www.w3.org/ns/locn#fullAddress1> ?o }"
NAME = IRI("http://loket.test/naam")


def change(number: int, **wanted: str) -> Change:
    return Change(entity(number), triples(entity(number), **wanted))  # type: ignore[arg-type]


def count(graphs: Graphs) -> int:
    return int(json.loads(graphs.query(COUNT))["results"]["bindings"][0]["n"]["value"])


def named(*names: str) -> Graph:
    return Graph(Triple(IRI(f"http://loket.test/begrip/{name}"), NAME, Literal(name)) for name in names)


def test_a_new_store_is_at_0(graphs: Graphs) -> None:
    assert graphs.applied() == 0
    assert not graphs.describe(entity(1))


@pytest.mark.parametrize("method", ["apply", "bulk"])
def test_changes_replace_whole_graphs(graphs: Graphs, method: str) -> None:
    write = getattr(graphs, method)
    write([change(number) for number in range(1, 101)], 100)
    write([change(2, value="nieuw"), Change(entity(3), b""), change(101)], 103)
    assert graphs.applied() == 103
    for number in (1, 2, 101):
        wanted = change(number, value="nieuw" if number == 2 else "eerste").triples
        assert graphs.describe(entity(number)) == from_ntriples(wanted)
    assert not graphs.describe(entity(3))
    assert count(graphs) == 100


TYPED = (("1.50", XSD.decimal), ("007", XSD.integer), ("true", XSD.boolean), ("2026-01-01T10:00:00.000+02:00",
         XSD.dateTime), ("2026-01-01", XSD.date), ("2.5E0", XSD.double))  # fmt: skip


@pytest.mark.parametrize("method", ["apply", "bulk"])
def test_what_says_the_same_again_is_no_fault_however_an_engine_writes_it(graphs: Graphs, method: str) -> None:
    values = Graph(Triple(IRI(entity(1)), NAME, Literal(text, datatype=type)) for text, type in TYPED)
    wanted = [Change(entity(1), values.ntriples())]
    for sequence in (1, 2, 3):
        getattr(graphs, method)(wanted, sequence)
        assert (graphs.applied(), len(graphs.describe(entity(1)))) == (sequence, len(TYPED))


def test_a_removed_graph_has_no_name_left(graphs: Graphs) -> None:
    graphs.apply([change(1)], 1)
    graphs.apply([Change(entity(1), b"")], 2)
    graphs.apply([Change(entity(2), b"")], 3)
    assert b"V000" not in graphs.query("SELECT ?g WHERE { GRAPH ?g {} }")


@pytest.mark.parametrize("method", ["apply", "bulk"])
def test_what_is_not_beyond_applied_does_nothing(graphs: Graphs, method: str) -> None:
    graphs.apply([change(1, value="nieuw")], 5)
    for sequence in (4, 5):
        getattr(graphs, method)([change(1)], sequence)
    assert graphs.applied() == 5
    assert graphs.describe(entity(1)) == from_ntriples(change(1, value="nieuw").triples)


def test_a_bulk_that_is_not_the_last_leaves_applied(graphs: Graphs) -> None:
    graphs.bulk([change(number) for number in range(100)], None)
    assert (graphs.applied(), count(graphs)) == (0, 100)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(text=st.text(st.characters(exclude_categories=["Cs"])), method=st.sampled_from(["apply", "bulk"]))
def test_any_text_comes_back_as_it_was(text: str, method: str) -> None:
    graphs = memory_graphs()
    subject = IRI(entity(1))
    wanted = Graph([Triple(subject, NAME, Literal(text)), Triple(subject, NAME, Literal(text, language="nl"))])
    fill = [change(number) for number in range(2, 60)]
    for sequence in (1, 2):
        getattr(graphs, method)([Change(entity(1), wanted.ntriples()), *fill], sequence)
        assert graphs.describe(entity(1)) == wanted


def test_text_that_looks_like_an_update_stays_text(graphs: Graphs) -> None:
    text = '" } } ; DROP ALL ; INSERT DATA { GRAPH <http://a> { <http://a> <http://b> "'
    wanted = Graph([Triple(IRI(entity(1)), NAME, Literal(text))])
    graphs.apply([Change(entity(1), wanted.ntriples()), change(2)], 1)
    assert graphs.describe(entity(1)) == wanted
    assert count(graphs) == 1


def test_a_graph_name_that_is_no_iri_is_refused(graphs: Graphs) -> None:
    with pytest.raises(ValueError):
        graphs.apply([Change("http://a> { } } ; DROP ALL ; #", triples(entity(1)))], 1)
    assert graphs.applied() == 0


def test_a_static_graph_is_written_only_when_it_changed(graphs: Graphs) -> None:
    scheme, other = "http://loket.test/schema", "http://loket.test/schema2"
    assert graphs.load_static(scheme, named("sport", "cultuur"))
    assert graphs.load_static(other, named("jeugd") | [Triple(BlankNode(), NAME, Literal("zonder naam"))])
    assert not graphs.load_static(scheme, named("cultuur", "sport"))
    assert graphs.load_static(scheme, named("sport"))
    assert not graphs.load_static(scheme, named("sport"))
    assert graphs.describe(scheme) == named("sport")
    assert len(graphs.describe(other)) == 2
    assert graphs.applied() == 0


def test_a_large_static_graph_is_whole_whatever_of_it_stood_there_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "LARGE", 0)
    scheme, begun = "http://loket.test/schema", "http://loket.test/schema2"
    with closing(open_graphs(tmp_path / "public")) as graphs:
        with graphs.place.filling() as store:
            # Somebody was killed before it was marked.
            store.bulk_load(named("oud").ntriples(), format=RdfFormat.N_TRIPLES, to_graph=IRI(begun))
        for graph, names in ((scheme, ("sport", "cultuur")), (scheme, ("sport",)), (begun, ("jeugd", "cultuur"))):
            assert graphs.load_static(graph, named(*names))
            assert not graphs.load_static(graph, named(*names))
            assert graphs.describe(graph) == named(*names)


def test_queries_see_the_union_of_all_graphs(graphs: Graphs) -> None:
    graphs.load_static("http://loket.test/schema", named("sport"))
    graphs.apply([change(1)], 1)
    text = f"SELECT ?o WHERE {{ {{ ?s {NAME} ?o }} UNION {{ ?s <http://www.w3.org/ns/locn#fullAddress1> ?o }} }}"
    assert len(json.loads(graphs.query(text))["results"]["bindings"]) == 2


ANSWERS = [
    ("ASK { ?s ?p ?o }", None, b'"boolean":true'),
    ("ASK { ?s ?p ?o }", "application/sparql-results+xml", b"<boolean>true</boolean>"),
    (f"SELECT ?o WHERE {{ ?s {NAME} ?o }}", "text/csv", b"o\r\nsport\r\n"),
    (f"CONSTRUCT {{ ?s {NAME} ?o }} WHERE {{ ?s {NAME} ?o }}", None, b'/naam> "sport" .\n'),
    (f"CONSTRUCT {{ ?s {NAME} ?o }} WHERE {{ ?s {NAME} ?o }}", "text/turtle", b'/naam> "sport" .\n'),
]


@pytest.mark.parametrize("text, accept, wanted", ANSWERS)
def test_answers_come_in_the_media_type_asked(graphs: Graphs, text: str, accept: str | None, wanted: bytes) -> None:
    graphs.load_static("http://loket.test/schema", named("sport"))
    assert wanted in graphs.query(text, accept)


def test_an_unknown_media_type_is_an_error(graphs: Graphs) -> None:
    for text in ("ASK {}", "DESCRIBE <http://a>"):
        with pytest.raises(ValueError):
            graphs.query(text, "image/png")


def test_a_wrong_query_says_where(graphs: Graphs) -> None:
    with pytest.raises(BadQuery) as caught:
        graphs.query("SELECT *\nWHERE { ?s ?p }")
    assert (caught.value.line, caught.value.column) == (2, 16)


def test_a_snapshot_is_whole_and_stands_still(tmp_path: Path) -> None:
    graphs = open_graphs(tmp_path / "public")
    graphs.apply([change(1)], 1)
    graphs.snapshot(tmp_path / "generaties" / "1")
    graphs.apply([change(2)], 2)
    copy = open_graphs(tmp_path / "generaties" / "1")
    assert (copy.applied(), count(copy), count(graphs)) == (1, 1, 2)
    copy.close()
    graphs.close()


def test_a_store_is_as_it_was_after_it_was_closed(tmp_path: Path) -> None:
    for sequence in (1, 2, 3):
        graphs = open_graphs(tmp_path / "public")
        graphs.apply([change(sequence)], sequence)
        assert (graphs.applied(), count(graphs)) == (sequence, sequence)
        graphs.close()


def test_a_store_that_another_has_open_is_left_alone(tmp_path: Path) -> None:
    graphs = open_graphs(tmp_path / "public")
    graphs.apply([change(1)], 1)
    with pytest.raises(Unavailable):
        open_graphs(tmp_path / "public")
    assert count(graphs) == 1
    graphs.close()


@pytest.fixture
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_thawed")
def test_a_store_is_made_anew_though_an_error_that_was_set_aside_holds_the_old_one(tmp_path: Path) -> None:
    """As when that happens just while an error is told: see `app.bootstrap.collecting`."""
    graphs = open_graphs(tmp_path / "public")
    graphs.apply([change(1)], 1)
    found_damaged(graphs)
    gc.freeze()
    graphs.renew()
    graphs.place.completed()
    assert (graphs.applied(), count(graphs)) == (0, 0)
    graphs.close()


def test_who_cannot_let_go_of_a_damaged_store_asks_for_a_new_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_place, "PATIENCE", 0.3)
    graphs, asked = open_graphs(tmp_path / "public"), list[str]()
    graphs.place.stuck = lambda: asked.append("a new start")
    with graphs.place.reading() as held:
        found_damaged(graphs)
        with pytest.raises(Unavailable):
            graphs.renew()
        assert (asked, held is None) == (["a new start"], False)
    del held
    graphs.renew()
    assert graphs.applied() == 0
    graphs.close()


def found_damaged(graphs: EmbeddedGraphs) -> None:
    """Leaves an error that refers to itself, and by where it came from to the store."""
    try:
        with graphs.place.reading() as store:
            assert store is not None
            raise OSError
    except Unavailable as error:
        error.__dict__["itself"] = error


SWAP_STATES = [
    # what stands there when killed,        what it settles to
    ({"public": "1"}, "1"),
    ({"public": "1", "public.nieuw": "half"}, "1"),
    ({"public.oud": "1", "public.nieuw": "2"}, "2"),
    ({"public.oud": "1", "public": "2"}, "2"),
    ({"public.oud": "1"}, "1"),
]


@pytest.mark.parametrize("present, wanted", SWAP_STATES)
def test_a_swap_that_was_killed_is_settled(tmp_path: Path, present: dict[str, str], wanted: str) -> None:
    for name, label in present.items():
        graphs = open_graphs(tmp_path / "elders" / name)
        graphs.load_static("http://loket.test/schema", named(label))
        graphs.close()
        (tmp_path / "elders" / name).rename(tmp_path / name)
    settled = open_graphs(tmp_path / "public")
    assert settled.describe("http://loket.test/schema") == named(wanted)
    settled.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elders", "public"]


def test_a_swap_puts_the_new_in_the_place_of_the_old(tmp_path: Path) -> None:
    for path, label in ((tmp_path / "public", "1"), (upcoming(tmp_path / "public"), "2")):
        path.mkdir()
        (path / "bestand").write_text(label)
    swap(tmp_path / "public")
    assert (tmp_path / "public" / "bestand").read_text() == "2"
    assert len(list(tmp_path.iterdir())) == 1
