"""Decisions as delta files: who polls them has in the end what everybody sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.model.graph import from_ntriples
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
