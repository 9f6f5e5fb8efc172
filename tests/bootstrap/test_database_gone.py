"""PostgreSQL goes while the service runs, and comes back: who asks meanwhile is told so, and nothing is lost or halved.

How often it went, and what was asked meanwhile, is printed: `pytest -s tests/bootstrap/test_database_gone.py`.
"""

from __future__ import annotations

import json
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from app.bootstrap.service import open_service
from app.errors import Unavailable
from app.store.database import connect
from app.store.log import Log, open_log
from tests.bootstrap.test_engines import HEADERS, Ask, follow, running, settings_for
from tests.engines import Postgresql, a_postgresql, new_database
from tests.running import wait_for

pytestmark = pytest.mark.slow
# In the midst of what it does, and as when its machine fails.
WAYS = (signal.SIGINT, signal.SIGQUIT, signal.SIGINT, signal.SIGQUIT)
THREADS = {"follow-the-log", "tell-of-changes", "bring-in-lists", "harvest", "follow-feeds", "listen", "nightly"}
DATABASE_PAGES = ("/wijzigingen.json", "/doc/vereniging/V0001001", "/ldes/verenigingen", "/v1/verenigingen/V0001001")


@dataclass
class Club:
    """Who registers without end: what was promised, and what was refused or is not sure."""

    ask: Ask
    promised: set[str] = field(default_factory=set)
    tried: int = 0
    told: Counter[int] = field(default_factory=Counter)
    titles: set[str] = field(default_factory=set)

    def work(self, stop: threading.Event, prefix: str) -> None:
        while not stop.is_set():
            self.tried += 1
            name = f"Kring {prefix} Nummer {self.tried}"
            answer = self.ask("/v1/verenigingen/vzer", "POST", json={"naam": name}, headers=HEADERS)
            self.told[answer.status_code] += 1
            if answer.status_code == 202:
                self.promised.add(name)
            else:
                assert answer.status_code == 503, answer.text
                assert int(answer.headers["retry-after"]) > 0
                self.titles.add(answer.json()["title"])
                time.sleep(0.1)


@pytest.fixture
def server() -> Iterator[Postgresql]:
    with a_postgresql(haste=False) as server:
        yield server


def test_the_database_goes_and_comes_back_while_people_write(server: Postgresql, tmp_path: Path) -> None:
    database = new_database(server.address)
    with running(settings_for(tmp_path, database)) as ask:
        club, stop = Club(ask), threading.Event()
        clerk = threading.Thread(target=club.work, args=(stop, "Ebbe"))
        clerk.start()
        try:
            for how in WAYS:
                wait_for(lambda: bool(club.promised), "nothing is registered")
                _go_and_come_back(server, ask, club, how)
        finally:
            stop.set()
            clerk.join()
        follow(ask)
        wait_for(lambda: {thread.name for thread in threading.enumerate()} >= THREADS, "not all work goes on")
        assert ask("/health").json()["status"] == "ok"
        log = open_log(database, _never)
        written = names(log)
        log.close()
    print(f"{len(WAYS)} times gone: {dict(club.told)}, {sorted(club.titles)}, {len(written)} in the log")
    assert written >= club.promised
    assert len(written - club.promised) <= len(WAYS), "what was said to be refused was kept"
    assert all("database" in title for title in club.titles)


def _go_and_come_back(server: Postgresql, ask: Ask, club: Club, how: signal.Signals) -> None:
    server.stop(how)
    for path in DATABASE_PAGES:
        answer = ask(path, headers={"accept": "application/json"})
        assert answer.status_code == 503, f"{path}: {answer.text}"
        assert "De database antwoordt niet" in answer.json()["title"]
        assert int(answer.headers["retry-after"]) > 0
    page = ask("/doc/vereniging/V0001001", headers={"accept": "text/html"})
    assert page.status_code == 503 and "De database antwoordt niet" in page.text
    ready, health = ask("/ready"), ask("/health")
    assert (ready.status_code, ready.json()["waiting"]) == (503, ["log"])
    assert (health.status_code, health.json()["status"]) == (200, "De database antwoordt niet; probeer straks opnieuw.")
    assert "verenigingsloket_stores_answer 0" in ask("/metrics").text
    # What is made from the log goes on answering.
    assert ask("/sparql", "POST", data={"query": "ASK { ?s ?p ?o }"}).status_code == 200
    server.start()
    before = len(club.promised)
    wait_for(lambda: len(club.promised) > before + 5, "nobody can write any more")
    wait_for(lambda: ask("/ready").status_code == 200, "it is not ready again")


def test_a_service_does_not_start_without_its_database_and_says_so(server: Postgresql, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, new_database(server.address))
    server.stop()
    with pytest.raises(Unavailable, match="De database antwoordt niet"), open_service(settings):
        pass


def test_a_connection_that_is_lost_before_its_first_statement_is_told_as_any_other(server: Postgresql) -> None:
    database = connect(new_database(server.address))

    def lose(connection: Any, *_: object) -> None:
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            while True:
                connection.pgconn.consume_input()

    with database.reading():
        event.listen(database.engine, "checkout", lose)
    with pytest.raises(Unavailable, match="De database antwoordt niet"), database.reading():
        pass
    database.close()


def names(log: Log) -> set[str]:
    """The names of all associations in the log; its sequence has no gaps."""
    versions = log.read(0, 100_000)
    assert [version.sequence for version in versions] == list(range(1, len(versions) + 1))
    found = [line for version in versions for line in (version.public or b"").decode().splitlines()]
    labels = (line for line in found if 'prefLabel> "Kring' in line)
    return {json.loads(line.split("prefLabel> ")[1].rpartition('"')[0] + '"') for line in labels}


def _never() -> datetime:
    raise AssertionError("nothing is written here")
