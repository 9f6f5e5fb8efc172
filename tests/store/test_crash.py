"""kill -9 at any moment loses nothing that was acknowledged and doubles nothing."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from app.store.graphs.embedded import EmbeddedGraphs
from app.store.graphs.project import Choice, catch_up, internal_part, public_part
from app.store.log import Log, Version
from app.store.membership import memberships
from tests.killing import killed_after, ready_to_fork
from tests.store.builders import AALST, ALL, GENT
from tests.store.crashing import feeds, open_all, write_until_killed

ROUNDS, LONGEST = 50, 0.6
OPENING = 5
ALL_QUADS = "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } FILTER(?s != <urn:x-verenigingsloket:store>) }"


@pytest.mark.slow
def test_fifty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    context = ready_to_fork("tests.store.crashing")
    promised = 0
    for seed in range(ROUNDS):
        # Now and then it is killed while it opens.
        promises, seconds = 1 if seed % OPENING else 0, Random(seed).uniform(0, LONGEST)
        promised = max(promised, killed_after(context, write_until_killed, (tmp_path, seed), seconds, promises))
        assert_whole(tmp_path, promised)
    assert promised > ROUNDS


def assert_whole(directory: Path, promised: int) -> None:
    """What was promised is there, once and in order, in the log, the feeds and both stores."""
    log, public, internal = open_all(directory)
    assert log.head() >= promised
    versions = log.read(0, 10**9)
    assert_well_numbered(versions)
    assert_feeds_tell(log, versions)
    assert catch_up(log, public, internal) == log.head()
    assert_equal(public, public_part, versions)
    assert_equal(internal, internal_part, versions)
    for part in (public, internal, log):
        part.close()


def assert_well_numbered(versions: list[Version]) -> None:
    assert [version.sequence for version in versions] == list(range(1, len(versions) + 1))
    assert all(one.time < other.time for one, other in pairwise(versions))
    numbers = defaultdict(list)
    for version in versions:
        numbers[version.entity].append(version.number)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def assert_feeds_tell(log: Log, versions: list[Version]) -> None:
    """Each feed is what the versions say it must be, made anew from the first on."""
    wanted: dict[str, list[tuple[int, str]]] = {ALL: [], AALST: [], GENT: []}
    public: dict[str, bytes | None] = {}
    for version in versions:
        stood, stands = (
            feeds(int(version.entity.rpartition("V")[2])) if content is not None else ()
            for content in (public.get(version.entity), version.public)
        )
        for feed, operation in memberships(stood, stands, public.get(version.entity) != version.public):
            wanted[feed].append((version.sequence, operation))
        public[version.entity] = version.public
    for feed, members in wanted.items():
        found = log.members(feed, 1, 10**9)
        assert [(member.sequence, member.operation) for member in found] == members
        assert [member.position for member in found] == list(range(1, log.feed_size(feed) + 1))


# The store keeps each quad in several indexes: these questions go through others than the first.
OTHER_WAYS = (
    "SELECT ?s ?o WHERE { ?s <http://www.w3.org/ns/locn#fullAddress1> ?o }",
    'SELECT ?s ?p WHERE { ?s ?p "Kerkstraat 1, eerste" }',
)


def assert_equal(graphs: EmbeddedGraphs, choice: Choice, versions: list[Version]) -> None:
    """All quads in one answer, compared as text: nothing missing, nothing left over, each in its own graph."""
    latest = {version.entity: choice(version).decode() for version in versions}
    wanted = [
        "\t".join((f"<{entity}>", *line.removesuffix(" .").split(" ", 2)))
        for entity, content in latest.items()
        for line in content.splitlines()
    ]
    found = graphs.query(ALL_QUADS, "text/tab-separated-values").decode().splitlines()[1:]
    assert sorted(found) == sorted(wanted)
    addresses = [line for line in wanted if "fullAddress1>" in line]
    firsts = [line for line in addresses if line.endswith(', eerste"')]
    for question, lines in zip(OTHER_WAYS, (addresses, firsts), strict=True):
        assert graphs.query(question, "text/tab-separated-values").count(b"\n") == len(lines) + 1
