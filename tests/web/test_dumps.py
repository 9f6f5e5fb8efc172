"""Downloads: complete, only what is public, renewed when something changed, and resumable."""

from __future__ import annotations

import gzip
import json
import threading

import pytest
from rdflib import Dataset

from tests.web.conftest import HARMONY, PLAIN, Ask, asking, fill
from tests.web.world import World

QUADS, LINES = "/dumps/verenigingen.nq.gz", "/dumps/verenigingen.jsonl.gz"


def quads(ask: Ask, path: str = QUADS) -> str:
    return gzip.decompress(ask(path).content).decode()


def test_the_dump_holds_every_public_association_in_a_graph_of_its_own(ask: Ask, world: World) -> None:
    graphs = {line.rsplit("<", 1)[1].split(">")[0] for line in quads(ask).splitlines()}
    assert graphs == {world.iri(code) for code in ("V0001001", "V0001002", "V0001005")}


def test_the_dump_is_what_the_pages_say(ask: Ask, world: World) -> None:
    ours = ask(f"/doc/vereniging/{HARMONY}.nt").text
    lines = [line for line in quads(ask).splitlines() if line.endswith(f"<{world.iri(HARMONY)}> .")]
    assert len(lines) > 40
    assert all(line.removesuffix(f"<{world.iri(HARMONY)}> .") + "." in ours for line in lines)


def test_no_line_of_a_dump_is_broken_by_what_people_typed(empty_world: World) -> None:
    empty_world.put(PLAIN, {"naam": 'Punt .\n "x" <y> .\n', "korteBeschrijving": "a .\r\nb ."})
    text = quads(asking(empty_world))
    assert len(text.splitlines()) == len(empty_world.service.log.entities("vereniging")[0].public.splitlines())  # type: ignore[union-attr]
    assert 'Punt .\\n \\"x\\" <y> .\\n' in text


def test_lines_are_json_ld(ask: Ask, world: World) -> None:
    documents = [json.loads(line) for line in gzip.decompress(ask(LINES).content).splitlines()]
    assert [one["vCode"] for one in documents] == ["V0001001", "V0001002", "V0001005"]
    assert documents[0] == ask(f"/doc/vereniging/{HARMONY}.jsonld").json()


def test_the_code_lists_can_be_had_at_once(ask: Ask, world: World) -> None:
    found = {line.rsplit("<", 1)[1].split(">")[0] for line in quads(ask, "/dumps/codelijsten.nq.gz").splitlines()}
    assert found == {scheme.iri for scheme in world.service.codelists.schemes()}


def test_a_dump_tells_up_to_which_change_it_is_complete(ask: Ask, world: World) -> None:
    assert ask(QUADS).headers["x-sequence"] == str(world.service.log.head())


def test_a_dump_is_kept_until_something_changes(empty_world: World) -> None:
    ask = asking(empty_world)
    fill(empty_world)
    first = ask(QUADS)
    assert ask(QUADS).headers["etag"] == first.headers["etag"]
    assert ask(QUADS, if_none_match=first.headers["etag"]).status_code == 304
    empty_world.put(PLAIN, {"naam": "Anders"})
    second = ask(QUADS, if_none_match=first.headers["etag"])
    assert second.status_code == 200 and b"Anders" in gzip.decompress(second.content)
    empty_world.put(PLAIN, {"naam": "Nog anders"})
    ask(QUADS)
    kept = {file.name for file in (empty_world.service.data / "dumps").iterdir()}
    head = empty_world.service.log.head()
    assert kept == {f"{head}.verenigingen.nq.gz", f"{head - 1}.verenigingen.nq.gz"}


def test_a_broken_download_goes_on_where_it_stopped(ask: Ask) -> None:
    whole = ask(QUADS)
    part = ask(QUADS, range="bytes=100-", if_range=whole.headers["etag"])
    assert part.status_code == 206 and part.content == whole.content[100:]
    changed = ask(QUADS, range="bytes=100-", if_range='"anders"')
    assert changed.status_code == 200 and changed.content == whole.content


def test_many_at_once_make_one_dump(empty_world: World) -> None:
    fill(empty_world)
    ask, tags = asking(empty_world), set()
    threads = [threading.Thread(target=lambda: tags.add(ask(QUADS).headers["etag"])) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tags) == 1


def test_what_cannot_be_downloaded_is_not_found(ask: Ask) -> None:
    for name in ("niets.nq.gz", "verenigingen.ttl.gz", "..%2Flog.sqlite", "1.verenigingen.nq.gz"):
        assert ask(f"/dumps/{name}").status_code == 404


# rdflib's own parser still uses what it deprecates.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")
def test_another_reader_reads_the_dump(ask: Ask) -> None:
    dataset = Dataset()
    dataset.parse(data=quads(ask), format="nquads")
    assert sum(len(graph) for graph in dataset.graphs()) == len(quads(ask).splitlines())


def test_the_page_lists_every_download(ask: Ask) -> None:
    ask(QUADS)
    page = ask("/dumps").text
    assert all(name in page for name in (QUADS, LINES, "/dumps/codelijsten.nq.gz"))
