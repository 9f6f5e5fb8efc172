"""How fast each report answers over so many generated associations: `python -m tests.bench.reports 200000 [FOLDER]`.

What is measured is the question to the store or the log in this process, as a report asks it, once over everything and
once for one municipality; nothing is asserted. With a folder, what was generated is kept there for the next time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from os import getloadavg
from pathlib import Path
from typing import Any

import orjson

from app.model.codelists import Municipality
from app.model.documents import number_nodes, to_graph
from app.model.figures import NARROW, SPARQL, Figure, load_figures
from app.model.schema import load_schema
from app.store import tables, tables_usage
from app.store.database import Database, insert_rows, open_database
from app.store.embedded import EmbeddedGraphs, open_graphs
from app.store.figures import ask
from app.store.graphs import Change
from fixtures.places import codelists
from tests.bench.search import ROOT, documents

BASE = "http://loket.test"
TODAY = date(2026, 11, 1)
AT_ONCE = 5000
TOWN = "Gent"
ADMINISTRATION = (
    "http://data.lblod.info/id/bestuurseenheden/353234a365664e581db5c2f7cc07add2534b47b8e1ab87c821fc6e6365e6bef5"
)
COUNT = "SELECT (COUNT(*) AS ?n) { ?v a <https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#Vereniging> }"
REGISTERED = "https://w3id.org/verenigingsloket#VerenigingGeregistreerd"


def completed(documents: Iterable[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same associations with what reports ask for besides, and the NIS code of where they are."""
    lists = codelists()
    towns = [each for each in lists.municipalities.all if each.nis[0] != "2" or each.nis[:2] != "21"]
    recognised, kind = lists.find("erkenningsstatus", "Actief"), {"nummer": "1500", "naam": "Erkenning als club"}
    assert recognised is not None
    for number, document in enumerate(documents):
        home, changed = towns[number % len(towns)], TODAY - timedelta(days=number * 37 % 2000)
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


def main(count: int, folder: Path) -> None:
    started = time.perf_counter()
    if not (folder / "log.sqlite").exists():
        fill(folder, count)
        print(f"{count} associations in {time.perf_counter() - started:.0f} s")
    store, database = open_graphs(folder / "public"), open_database(f"sqlite:///{folder / 'log.sqlite'}")
    home, load = codelists().municipality(TOWN), getloadavg()[0]
    assert home is not None
    print(f"seconds of processor time and by the clock, over everything and in {TOWN}; load of the machine {load:.0f}")
    for figure in load_figures(ROOT).values():
        told = []
        for place in (None, home):
            if place is None or NARROW in figure.parameters:
                clock, processor = time.perf_counter(), time.process_time()
                _ask(figure, place, store, database)
                spent = time.process_time() - processor, time.perf_counter() - clock
                told.append(f"{spent[0]:7.2f} {spent[1]:7.2f}")
        print(f"{figure.name:30}" + "  ".join(told), flush=True)


def _ask(figure: Figure, place: Municipality | None, store: EmbeddedGraphs, database: Database) -> None:
    """As a report asks it."""
    if figure.language == SPARQL:
        store.query(figure.question(**({NARROW: place.iri} if place else {})))
        return
    where = {"gemeente": place.nis if place else "", "bestuur": (place.unit or "") if place else ""}
    ask(database, figure.plain, {**where, "minstens": 5, "van": f"{TODAY - timedelta(days=330)}", "tot": f"{TODAY}"})


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    if len(sys.argv) > 2:
        main(wanted, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(wanted, Path(made))
