"""A store that is damaged, or gone, under a running service is noticed and made anew from the log, without a restart.

What was tried, and how long it took, is printed: `pytest -s tests/bootstrap/test_damage_while_running.py`.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from app.bootstrap.service import open_service
from app.errors import BadSetting, Unavailable
from app.store.graphs.embedded import EmbeddedGraphs
from app.store.graphs.engine import Addresses, Engine
from app.store.graphs.port import APPLIED, BOOKKEEPING, Graphs
from app.store.graphs.remote import RemoteGraphs
from tests.bootstrap.test_engines import HEADERS, Ask, asking, follow, running, settings_for, sparql
from tests.engines import new_database, oxigraph
from tests.running import wait_for
from tests.store.test_faults import DAMAGE, damage

pytestmark = pytest.mark.slow
CLUBS = 12
# What has nothing but its files: the pointer and the list of tables are read at the start only.
HOW = tuple(how for how in DAMAGE if how not in ("the list of tables is gone", "the pointer is empty"))
FV = "https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#"
COUNT = f"SELECT (COUNT(DISTINCT ?v) AS ?n) WHERE {{ ?v a <{FV}Vereniging> }}"
CONCEPTS = "ASK { ?c a <http://www.w3.org/2004/02/skos/core#Concept> }"


def register(ask: Ask, first: int, count: int = CLUBS) -> None:
    for number in range(first, first + count):
        made = ask("/v1/verenigingen/vzer", "POST", json={"naam": f"Kring Nummer {number} St.-Jan"}, headers=HEADERS)
        assert made.status_code == 202, made.text


def is_whole(ask: Ask, wanted: int, told: Counter[int]) -> bool:
    """Whether strangers find all; what they are told until then is that it is not there, never a part."""
    # Either question may be the one that brings the damage to light.
    answers = sparql(ask, COUNT, "text/csv"), sparql(ask, CONCEPTS)
    told.update(answer.status_code for answer in answers)
    for answer in answers:
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) > 0
            return False
        assert answer.status_code == 200, answer.text
    return int(answers[0].text.split()[1]) == wanted and answers[1].json()["boolean"]


@pytest.mark.parametrize("how", HOW)
def test_a_store_that_is_damaged_under_us_is_made_anew(tmp_path: Path, how: str) -> None:
    told: Counter[int] = Counter()
    with open_service(settings_for(tmp_path, "")) as service:
        ask, stuck = asking(service), threading.Event()
        for graphs in (service.public, service.internal):
            assert isinstance(graphs, EmbeddedGraphs)
            graphs.place.stuck = stuck.set
        register(ask, 1)
        follow(ask)
        for number, (name, graphs) in enumerate((("public", service.public), ("internal", service.internal))):
            graphs.flush()
            damage(tmp_path / name, how, Random(number))
        register(ask, 100)
        begun = time.monotonic()
        # Reading is how it comes to light.
        for graphs in (service.public, service.internal):
            _look_through(graphs)
        wait_for(lambda: stuck.is_set() or is_whole(ask, 2 * CLUBS, told), "it was not made anew")
        if stuck.is_set():
            # The engine keeps it: the command that serves starts anew then, which this process cannot.
            assert how == "bytes have turned"
            print(f"{how}: a new start was asked for, {dict(told)}")
            return
        follow(ask)
        for graphs in (service.public, service.internal):
            _look_through(graphs, whole=True)
        assert ask("/ready").status_code == 200
    print(f"{how}: {time.monotonic() - begun:.1f} s, {dict(told)}")
    # A table that is gone from its folder is still open, until it is packed together with others.
    assert (tmp_path / "public.defect").exists() or how.endswith("gone")


def test_an_engine_that_forgets_everything_under_us_is_filled_anew(postgresql: str, tmp_path: Path) -> None:
    told: Counter[int] = Counter()
    with oxigraph() as engine, running(settings_for(tmp_path, new_database(postgresql), engine)) as ask:
        register(ask, 1)
        follow(ask)
        wait_for(lambda: is_whole(ask, CLUBS, told), "it was never whole")
        for round in range(1, 4):
            update(engine, "DROP ALL")
            register(ask, 100 * round, 2)
            wait_for(lambda: is_whole(ask, CLUBS + 2 * round, told), "it was not filled anew")  # noqa: B023
    print(f"3 times: {dict(told)}")


def test_an_engine_that_forgot_all_but_how_far_it_was_is_filled_anew(postgresql: str, tmp_path: Path) -> None:
    """As when it forgets between two looks: who followed the log has filled it again, with nothing else."""
    with oxigraph() as engine, running(settings_for(tmp_path, new_database(postgresql), engine)) as ask:
        register(ask, 1)
        follow(ask)
        position = f"GRAPH <{BOOKKEEPING}> {{ <{BOOKKEEPING}> {APPLIED} {ask('/health').json()['sequence']} }}"
        update(engine, f"DROP ALL ; INSERT DATA {{ {position} }}")
        wait_for(lambda: is_whole(ask, CLUBS, Counter()), "it was not filled anew")


def test_what_another_log_filled_is_refused(postgresql: str, tmp_path: Path) -> None:
    """An engine elsewhere is left as it is; a folder of our own is set aside, and filled from this log."""
    with oxigraph() as engine:
        with running(settings_for(tmp_path / "een", new_database(postgresql), engine)) as ask:
            register(ask, 1)
            follow(ask)
        other = settings_for(tmp_path / "twee", new_database(postgresql), engine)
        with pytest.raises(BadSetting, match="ander logboek"), open_service(other):
            pass
        with closing(RemoteGraphs(Engine(engine))) as graphs:
            assert sum("/id/vereniging/" in name for name in graphs.names()) == CLUBS, "nothing of it was taken away"
    with running(settings_for(tmp_path / "drie", "")) as ask:
        register(ask, 1, 3)
        follow(ask)
    with running(settings_for(tmp_path / "vier", "")) as ask:
        register(ask, 1, 5)
        follow(ask)
    for name in ("public", "internal"):
        shutil.rmtree(tmp_path / "vier" / name)
        shutil.copytree(tmp_path / "drie" / name, tmp_path / "vier" / name)
    with running(settings_for(tmp_path / "vier", "")) as ask:
        assert is_whole(ask, 5, Counter())


def update(engine: Addresses, text: str) -> None:
    with closing(Engine(engine)) as to:
        to.update(text)


def _look_through(graphs: Graphs, whole: bool = False) -> None:
    assert isinstance(graphs, EmbeddedGraphs)
    try:
        graphs.look_through()
    except Unavailable:
        assert not whole
