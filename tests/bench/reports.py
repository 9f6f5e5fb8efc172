"""How fast each report answers over so many generated associations: `python -m tests.bench.reports 200000 [FOLDER]`.

What is measured is the answer in this process, over everything and for one municipality that has one in 25 of them;
nothing is asserted. With a folder, what was generated is kept there for the next time; with `sparql` behind it the
questions are asked of the store too, as whoever copies them from a report does.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from os import getloadavg
from pathlib import Path
from typing import Any

import orjson

from app.exchange.odata.lists import load_tables
from app.exchange.register_api.fields import Derived, entry_of, layout_of
from app.exchange.register_api.hidden import finder_in
from app.exchange.register_api.json import RegisterJson
from app.model.documents import number_nodes, to_graph
from app.model.figures import NARROW, SPARQL, Figure
from app.model.schema import load_schema
from app.model.shapes import load_checker
from app.register.agents import MANAGER, Agent
from app.register.register import Register
from app.register.reports.periods import Wanted
from app.register.reports.reporting import Reporter, Reports, Sources, load_reports
from app.store.database import insert_rows, open_database
from app.store.figures import forget_answers
from app.store.graphs.embedded import open_graphs
from app.store.graphs.port import Change
from app.store.log import open_log
from app.store.search.file import SearchFile
from app.store.search.index import Search
from app.store.tables import log as tables
from app.store.tables import usage as tables_usage
from app.store.vault import Cipher
from fixtures.places import codelists
from tests.bench.search import ROOT, documents

BASE = "http://loket.test"
TODAY = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
WHO = Agent(BASE, "Wie alles beheert", MANAGER)
AT_ONCE = 5000
# One in so many is in the largest town, as in life.
TOWN, LARGE_EVERY = "Gent", 25
ADMINISTRATION = (
    "http://data.lblod.info/id/bestuurseenheden/353234a365664e581db5c2f7cc07add2534b47b8e1ab87c821fc6e6365e6bef5"
)
COUNT = "SELECT (COUNT(*) AS ?n) { ?v a <https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#Vereniging> }"
REGISTERED = "https://w3id.org/verenigingsloket#VerenigingGeregistreerd"


def completed(documents: Iterable[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same associations with what reports ask for besides, and the NIS code of where they are."""
    lists = codelists()
    towns = [each for each in lists.municipalities.all if each.nis[0] != "2" or each.nis[:2] != "21"]
    large = next(each for each in towns if each.name == TOWN)
    recognised, kind = lists.find("erkenningsstatus", "Actief"), {"nummer": "1500", "naam": "Erkenning als club"}
    assert recognised is not None
    for number, document in enumerate(documents):
        home = large if number % LARGE_EVERY == 0 else towns[number % len(towns)]
        changed = TODAY - timedelta(days=number * 37 % 2000)
        document |= {
            "@type": ["Vereniging"],
            "gemeente": [home.iri],
            "startdatum": f"{1900 + number * 7 % 126}-05-01",
            "datumLaatsteAanpassing": f"{changed}T10:00:00Z",
            "versie": 1,
        }
        if number % 10:
            document["contactgegevens"] = [{"email": f"info@club{number}.example"}, {"telefoon": "+3292223344"}]
        if number % 3:
            document["korteBeschrijving"] = "Wij komen elke week samen."
        if number % 20 == 0:
            until = str(TODAY + timedelta(days=number % 700))
            document["erkenningen"] = [
                {"ipdcProduct": kind, "toegekendDoor": ADMINISTRATION, "naamToekenner": f"Gemeente {home.name}",
                 "geldigheidsperiode": {"startdatum": "2024-01-01", "einddatum": until}, "status": recognised.iri}
            ]  # fmt: skip
        yield home.nis, document


def fill(folder: Path, count: int) -> None:
    """A store and a log with so many associations, and a year of use."""
    type = load_schema(ROOT, BASE).entity_types["vereniging"]
    store = open_graphs(folder / "public")
    for scheme in codelists().schemes():
        store.load_static(scheme.iri, scheme.graph)
    homes: list[str] = []
    # What was interrupted goes on where it stopped.
    there = int(orjson.loads(store.query(COUNT))["results"]["bindings"][0]["n"]["value"])
    rows = completed(documents(count))
    while part := list(islice(rows, AT_ONCE)):
        changes = []
        for nis, document in part:
            iri = type.iri(document["vCode"])
            homes.append(nis)
            if len(homes) <= there:
                continue
            changes.append(Change(iri, to_graph(number_nodes(document, type, iri, None), type, iri).ntriples()))
        store.bulk(changes, None)
    store.flush()
    store.close()
    _fill_log(folder, homes, type.iri)


def _fill_log(folder: Path, homes: list[str], iri: Any) -> None:
    database = open_database(f"sqlite:///{folder / 'log.sqlite'}")
    towns = sorted(set(homes))
    feeds = {nis: number for number, nis in enumerate(towns, 2)}
    with database.writing() as connection:
        names = [(1, "verenigingen", len(homes))]
        names += [(number, f"verenigingen/gemeente/{nis}", 0) for nis, number in feeds.items()]
        insert_rows(connection, tables.feed, names)
        for start in range(0, len(homes), AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, len(homes)))
            codes = [f"V{1001 + number:07d}" for number in numbers]
            times = [f"{TODAY - timedelta(days=number * 37 % 700)}T10:00:00.000000Z" for number in numbers]
            insert_rows(
                connection, tables.version,
                [(n + 1, iri(code), "vereniging", 1, "create", when, REGISTERED, ADMINISTRATION, "", b"-", b"-", None,
                  "") for n, code, when in zip(numbers, codes, times, strict=True)],
            )  # fmt: skip
            insert_rows(
                connection, tables.head,
                [(n + 1, iri(code), "vereniging", code, n + 1, 1, True, b"-",
                  f"verenigingen\nverenigingen/gemeente/{homes[n]}", b"", b"")
                 for n, code in zip(numbers, codes, strict=True)],
            )  # fmt: skip
            members = [(1, n + 1, n + 1, "create") for n in numbers]
            members += [(feeds[homes[n]], n + 1, n + 1, "create") for n in numbers]
            insert_rows(connection, tables.member, members)
            use = [(f"{TODAY - timedelta(days=30 * month)}", "pagina", iri(code), "", 3, 2)
                   for month in range(1, 7) for code in codes[::4]]  # fmt: skip
            insert_rows(connection, tables_usage.usage, use)
    database.close()


def fill_index(folder: Path, count: int) -> None:
    """The search index of the same associations, of which none is hidden."""
    lists, tables = codelists(), load_tables(ROOT)
    shaped, derived = RegisterJson(lists, BASE, f"{BASE}/id/vereniging/"), Derived(lists, tables)
    file = SearchFile(folder / "search", layout_of(lists, BASE, tables))
    with file.writing(count) as writing:
        for nis, document in completed(documents(count)):
            document["@id"], document["gemeente"] = f"{BASE}/id/vereniging/{document['vCode']}", [home_iri(nis)]
            writing.put(entry_of(document, shaped, derived))
        file.settle(count, 0, anew=True)
    file.close()
    SearchFile(folder / "hidden", layout_of(lists, BASE)).close()


def home_iri(nis: str) -> str:
    home = codelists().municipality(nis)
    assert home is not None
    return home.iri


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Register, Sources]]:
    """The register and where its figures come from."""
    schema, lists = load_schema(ROOT, BASE), codelists()
    log = open_log(f"sqlite:///{folder / 'log.sqlite'}", lambda: NOW, Cipher(bytes(range(32))))
    register = Register(schema, lists, load_checker(schema, "vereniging"), log, lambda: NOW)
    with (
        closing(log),
        closing(open_graphs(folder / "public")) as store,
        closing(Search(SearchFile(folder / "search", layout_of(lists, BASE, load_tables(ROOT))))) as search,
        closing(Search(SearchFile(folder / "hidden", layout_of(lists, BASE)))) as hidden,
    ):
        yield register, Sources(store, store, finder_in(search, hidden, register))


def main(count: int, folder: Path, with_sparql: bool) -> None:
    started = time.perf_counter()
    if not (folder / "log.sqlite").exists():
        fill(folder, count)
    if not (folder / "search").exists():
        fill_index(folder, count)
        print(f"{count} associations in {time.perf_counter() - started:.0f} s")
    with opened(folder) as (register, sources):
        home, reports = register.codelists.municipality(TOWN), load_reports(ROOT)
        print(f"seconds of processor time, the first time and the next, over everything and in {TOWN}; "
              f"load of the machine {getloadavg()[0]:.0f}")  # fmt: skip
        sources.finder(None).sequence()
        for figure in reports.figures.values():
            told = [figure.name.ljust(30)]
            for place in (None, home):
                if place is None or NARROW in figure.parameters:
                    told += _measured(figure, Wanted(place=place), register, sources, reports)
                    if with_sparql and figure.language == SPARQL and not figure.internal:
                        question = figure.question(**({NARROW: place.iri} if place else {}))
                        told.append(f"sparql {_spent(partial(sources.public.query, question)):7.2f}")
            print("  ".join(told), flush=True)


def _measured(figure: Figure, wanted: Wanted, register: Register, sources: Sources, reports: Reports) -> Iterator[str]:
    """As who manages asks it, of a service that begins, and then once more."""
    forget_answers(register.log.database, "9")
    reporter = Reporter(register, sources, reports)
    for _ in range(2):
        yield f"{_spent(partial(reporter.answer, figure.name, wanted, WHO)):7.3f}"


def _spent(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    if len(sys.argv) > 2:
        main(wanted, Path(sys.argv[2]), "sparql" in sys.argv)
    else:
        with tempfile.TemporaryDirectory() as made:
            main(wanted, Path(made), False)
