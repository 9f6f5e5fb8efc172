"""Decisions as delta files: who polls them has in the end what everybody sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.model.graph import IRI, Graph, Literal, from_ntriples
from app.register.commands import Archive, Change, Create
from app.register.handle import handle
from tests.web.conftest import Ask, asking
from tests.web.decision_world import READER, fill_decisions
from tests.web.world import World, open_world

FILES = "/sync/besluiten/files"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Decisions that came, changed, grew and went."""
    for made in open_world(tmp_path_factory.mktemp("deltas")):
        fill_decisions(made)
        register = made.service.register
        handle(Change("besluit", "B0000002", {"naam": "Nieuwe titel", "motivering": "Zo."}), READER, register)
        bijlagen = [f"https://bijlage.be/{number}" for number in range(250)]
        handle(Create("besluit", {"code": "0" * 20, "bijlagen": bijlagen}, "0" * 20), READER, register)
        handle(Archive("besluit", "0" * 20), READER, register)
        yield made


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def consume(ask: Ask) -> tuple[dict[tuple[Any, ...], None], int]:
    """As a consumer does: file by file, on from the time of the last one."""
    triples: dict[tuple[Any, ...], None] = {}
    since, read = "", 0
    while files := ask(f"{FILES}?since={since}").json()["data"]:
        for file in files:
            [change] = ask(f"/files/{file['id']}/download").json()
            assert len(change["deletes"]) + len(change["inserts"]) <= 100
            for gone in change["deletes"]:
                del triples[key(gone)]
            triples |= dict.fromkeys(map(key, change["inserts"]))
            since, read = file["attributes"]["created"], read + 1
    return triples, read


def key(triple: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(tuple(sorted(triple[place].items())) for place in ("subject", "predicate", "object"))


def test_who_reads_all_files_has_what_everybody_sees(world: World, ask: Ask) -> None:
    triples, read = consume(ask)
    type = world.service.schema.entity_types["besluit"]
    public = [world.service.log.latest(type.iri(code)) for code in ("B0000001", "B0000002")]
    assert len(triples) == sum(len(from_ntriples(version.public or b"")) for version in public if version)
    assert read > 8


def test_a_term_is_written_as_they_read_it(ask: Ask) -> None:
    triples, _ = consume(ask)
    objects = [dict(object) for _, _, object in triples]
    assert {"value": "Nieuwe titel", "type": "literal"} in objects
    string = "http://www.w3.org/2001/XMLSchema#string"
    assert {"value": "Zo.", "type": "literal", "datatype": string, "xml:lang": "nl"} in objects


def test_a_file_never_changes_and_one_that_is_not_there_is_not_found(ask: Ask) -> None:
    first = ask(FILES).json()["data"][0]["id"]
    assert "immutable" in ask(f"/files/{first}/download").headers["cache-control"]
    for id in ("besluiten-9999-i0", "besluiten-1-i9", "verenigingen-1-i0", "x", "besluiten-1-x0"):
        assert ask(f"/files/{id}/download").status_code == 404
    assert ask("/sync/verenigingen/files").status_code == 404


def test_a_time_that_is_none_is_refused_and_the_end_is_empty(ask: Ask) -> None:
    assert ask(f"{FILES}?since=gisteren").status_code == 400
    assert ask(f"{FILES}?since=2099-01-01T00:00:00+01:00").json() == {"data": []}


# --- With a dump to begin with ----------------------------------------------------------------------------------------


def begin(ask: Ask, base: str, feed: str = "besluiten") -> tuple[Graph, str]:
    """The initial sync of https://github.com/lblod/delta-consumer: the triples, and the time to go on from."""
    asked = f"/datasets?filter[subject]={base}/datasets/{feed}&filter[:has-no:next-version]=yes"
    [dataset] = ask(asked).json()["data"]
    related = dataset["relationships"]["distributions"]["links"]["related"]
    [distribution] = ask(f"/{related}?include=subject").json()["data"]
    id = distribution["relationships"]["subject"]["data"]["id"]
    return from_ntriples(ask(f"/files/{id}/download").content), dataset["attributes"]["release-date"]


def test_a_dump_and_what_happened_since_is_what_everybody_sees(world: World, ask: Ask) -> None:
    graph, since = begin(ask, world.service.base)
    type, register = world.service.schema.entity_types["besluit"], world.service.register
    assert len(graph) > 0 and ask(f"{FILES}?since={since}").json()["data"] == []
    third = {"code": "B0000004", "naam": "Nog een", "ondertekendOp": "2026-03-25"}
    handle(Create("besluit", third, "B0000004"), READER, register)
    handle(Change("besluit", "B0000002", {"naam": "Weer een andere titel"}), READER, register)
    handle(Archive("besluit", "B0000001"), READER, register)
    triples = set(graph.ntriples().splitlines())
    for file in ask(f"{FILES}?since={since}").json()["data"]:
        [change] = ask(f"/files/{file['id']}/download").json()
        triples -= {line(gone) for gone in change["deletes"]}
        triples |= {line(come) for come in change["inserts"]}
    public = [world.service.log.latest(type.iri(code)) for code in ("B0000002", "B0000004")]
    stand = b"".join(version.public or b"" for version in public if version)
    assert triples == set(from_ntriples(stand).ntriples().splitlines())
    assert begin(ask, world.service.base)[0].ntriples() == from_ntriples(stand).ntriples()


def line(told: dict[str, Any]) -> bytes:
    """A triple of a file as N-Triples."""
    object, graph = told["object"], Graph()
    value = IRI(object["value"]) if object["type"] == "uri" else literal(object)
    graph.add(IRI(told["subject"]["value"]), IRI(told["predicate"]["value"]), value)
    return graph.ntriples().splitlines()[0]


def literal(object: dict[str, str]) -> Literal:
    if "xml:lang" in object:
        return Literal(object["value"], language=object["xml:lang"])
    return (
        Literal(object["value"], datatype=IRI(object["datatype"])) if "datatype" in object else Literal(object["value"])
    )


@pytest.mark.parametrize("path", ["/datasets/verenigingen/distributions", "/files/verenigingen/download"])
def test_there_are_dumps_of_decisions_and_sessions_alone(ask: Ask, path: str) -> None:
    assert ask(path).status_code == 404
    assert len(ask("/datasets").json()["data"]) == 2
    assert ask("/datasets?filter[subject]=http://elders.test/x").json() == {"data": []}
