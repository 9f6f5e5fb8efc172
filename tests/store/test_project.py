"""Stores follow the log, from wherever they stand, and come back from any damage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.model.graph import Graph, from_ntriples
from app.store.graphs import project
from app.store.graphs.embedded import memory_graphs
from app.store.graphs.port import Graphs
from app.store.graphs.project import catch_up, internal_part, open_following, public_part, rebuild
from app.store.log import Log
from tests.store.builders import a_version, append, entity, hide, next_version, remove, triples

NOTHING = Graph()


def assert_equal_to_log(log: Log, public: Graphs, internal: Graphs) -> None:
    versions = [version for kind in log.kinds() for version in log.entities(kind, limit=10_000)]
    assert versions
    assert public.applied() == internal.applied() == log.head()
    for version in versions:
        assert public.describe(version.entity) == from_ntriples(public_part(version))
        assert internal.describe(version.entity) == from_ntriples(internal_part(version))


def test_an_empty_log_leaves_empty_stores(log: Log) -> None:
    assert catch_up(log, memory_graphs(), memory_graphs()) == 0


def test_stores_follow_every_kind_of_change(log: Log, graphs: Graphs) -> None:
    internal = memory_graphs()
    first, second, third = append(log, a_version(1), a_version(2), a_version(3))
    assert catch_up(log, graphs, internal) == 3
    changed, hidden, _ = append(
        log, next_version(first, public=triples(entity(1), value="nieuw")), hide(second), remove(third)
    )
    assert catch_up(log, graphs, internal) == 6
    assert_equal_to_log(log, graphs, internal)
    assert not graphs.describe(entity(2))
    assert internal.describe(entity(2))
    append(log, next_version(hidden, public=triples(entity(2))), next_version(changed), a_version(4))
    assert catch_up(log, graphs, internal) == 9
    assert_equal_to_log(log, graphs, internal)


def test_stores_that_stand_at_different_places_both_arrive(log: Log, graphs: Graphs) -> None:
    internal = memory_graphs()
    (version,) = append(log, a_version(1))
    catch_up(log, graphs, memory_graphs())
    append(log, next_version(version, public=triples(entity(1), value="nieuw")), a_version(2))
    assert catch_up(log, graphs, internal) == 3
    assert_equal_to_log(log, graphs, internal)


def test_a_large_catch_up_arrives_where_small_ones_do(
    log: Log, graphs: Graphs, graph_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    amount, many = (100, 3000) if graph_store in ("memory", "directory") else (10, 90)
    if many < project.LARGE:
        monkeypatch.setattr(project, "LARGE", 30)
        monkeypatch.setattr(project, "BATCH", 50)
    internal = memory_graphs()
    versions = append(log, *(a_version(number) for number in range(1, amount + 1)))
    catch_up(log, graphs, internal)
    append(log, *(a_version(number) for number in range(amount + 1, many + 1)))
    half = amount // 2
    append(log, *(remove(version) for version in versions[:half]))
    append(log, *(next_version(version, public=triples(version.entity, value="nieuw")) for version in versions[half:]))
    catch_up(log, graphs, internal)
    assert_equal_to_log(log, graphs, internal)


def test_what_the_public_store_never_gets(log: Log, graphs: Graphs) -> None:
    append(log, a_version(1), a_version(2, public=None, feeds=(), internal=triples(entity(2))))
    catch_up(log, graphs, memory_graphs())
    assert b"intern" not in graphs.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert entity(2).encode() not in graphs.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def test_a_rebuilt_store_is_the_same(log: Log, tmp_path: Path) -> None:
    public, internal = (open_following(tmp_path / name, log) for name in ("public", "internal"))
    first, second, *_ = append(log, *(a_version(number) for number in range(1, 201)))
    append(log, next_version(first, public=triples(entity(1), value="nieuw")), hide(second))
    catch_up(log, public, internal)
    public.close()
    rebuild(log, tmp_path / "public", public_part, {"http://loket.test/schema": from_ntriples(triples(entity(0)))})
    public = open_following(tmp_path / "public", log)
    assert_equal_to_log(log, public, internal)
    assert len(public.describe("http://loket.test/schema")) == 3
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["internal", "public"]
    public.close()
    internal.close()


def truncate(*patterns: str) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        for pattern in patterns:
            for file in path.glob(pattern):
                file.write_bytes(file.read_bytes()[:20])

    return damage


def delete(pattern: str) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        for file in path.glob(pattern):
            file.unlink()

    return damage


DAMAGES = {
    "no manifest": delete("MANIFEST*"),
    "half a manifest": truncate("MANIFEST*"),
    "no data": delete("*.sst"),
    "half the data": truncate("*.sst"),
    "no pointer": delete("CURRENT"),
    "an empty directory": delete("*"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_store_is_made_anew_from_the_log(log: Log, tmp_path: Path, damage: str) -> None:
    public, internal = open_following(tmp_path / "public", log), memory_graphs()
    append(log, *(a_version(number) for number in range(1, 101)))
    catch_up(log, public, internal)
    public.close()
    assert list((tmp_path / "public").glob("*.sst"))
    DAMAGES[damage](tmp_path / "public")
    public = open_following(tmp_path / "public", log)
    catch_up(log, public, internal)
    assert_equal_to_log(log, public, internal)
    public.close()


def test_a_store_ahead_of_its_log_is_made_anew(log: Log, tmp_path: Path) -> None:
    public = open_following(tmp_path / "public", log)
    public.apply([], 99)
    public.close()
    append(log, a_version(1))
    public, internal = open_following(tmp_path / "public", log), memory_graphs()
    catch_up(log, public, internal)
    assert_equal_to_log(log, public, internal)
    public.close()
