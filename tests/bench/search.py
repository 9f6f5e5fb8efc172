"""How fast the search is over so many generated associations: `python -m tests.bench.search 200000`.

What is measured is the search and its JSON in this process, without HTTP; nothing is asserted.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import parse_qsl

from app.exchange.odata.lists import Table, load_tables
from app.exchange.odata.options import read_options
from app.exchange.register_api.fields import STATUS, Derived, entry_of, layout_of
from app.exchange.register_api.json import RegisterJson
from app.exchange.register_api.query import parse_query
from app.store.search.file import SearchFile
from app.store.search.index import Asked, Search, SortKey
from app.store.search.lists import Listed
from app.store.search.query import OneOf
from fixtures.generate import stream
from fixtures.places import codelists

ROOT = Path(__file__).parent.parent.parent
ACTIVITY = "hoofdactiviteitenVerenigingsloket.code"
ACTIVE = {STATUS: OneOf(STATUS, ("Actief",))}
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "alles": ("*", {}),
    "een woord": ("harmonie", {}),
    "drie woorden": ("koninklijke harmonie gent", {}),
    "begin van een woord": ("harm*", {}),
    "midden van een woord": ("*voetbal*", {}),
    "een zin": ('"sint cecilia"', {}),
    "een typfout": ("harmnoie~", {}),
    "postcode": ("locaties.postcode:9000", {}),
    "geotag provincie": ("geotags.identificatie:BE23", {}),
    "en of niet": ("(jeugd* OR chiro) AND locaties.gemeente:Gent -naam:scouts", {}),
    "bereik": ("doelgroep.minimumleeftijd:[6 TO 12]", {}),
    "op naam": ("*", {"keys": (SortKey("naam"),)}),
    "op naam, bladzij 20": ("*", {"keys": (SortKey("naam"),), "offset": 950}),
    "op type en naam": ("*", {"keys": (SortKey("verenigingstype.code"), SortKey("naam", True))}),
    "op relevantie": ("harmonie gent", {"keys": (SortKey("score", True),)}),
}
# Of the lists for spreadsheets: a page of 2,000 rows, and how many there are in all.
LISTS = (
    "",
    "$filter=postcode eq '9000'",
    "$filter=contains(naam,'harmonie')",
    "$filter=contains(tolower(naam),'harmonie')",
    "$filter=Hoofdactiviteiten/any(a: a/code eq 'SPRT')",
    "$search=harmonie",
    "$orderby=naam",
)


def documents(count: int) -> Iterator[dict[str, Any]]:
    lists = codelists()
    find = lists.find
    type_of = {form: find("verenigingstype", form) for form in ("Feitelijke vereniging", "VZW", "Private stichting")}
    every = lists.municipalities.all
    streams = [stream(each, 1) for each in every if each.nis[0] != "2" or each.nis[:2] != "21"]
    site, post = (find("locatietype", code).iri for code in ("Activiteiten", "Correspondentie"))  # type: ignore[union-attr]
    active = find("status", "Actief").iri  # type: ignore[union-attr]
    for number in range(count):
        row: dict[str, Any] = next(streams[number % len(streams)])
        form = type_of.get(row["rechtsvorm"]) or type_of["VZW"]
        code = f"V{1001 + number:07d}"
        yield {
            "vCode": code,
            "naam": row["naam"],
            **({"korteNaam": row["korteNaam"]} if "korteNaam" in row else {}),
            "verenigingstype": form.iri,  # type: ignore[union-attr]
            "status": active,
            "doelgroep": {"minimumleeftijd": int(row.get("leeftijdVan", 0)), "maximumleeftijd": 150},
            "hoofdactiviteiten": [find("hoofdactiviteit", a).iri for a in row["hoofdactiviteiten"].split("; ")],  # type: ignore[union-attr]
            "locaties": [
                {
                    "@id": f"#locatie-{place}",
                    "locatietype": kind,
                    "adres": {
                        "straatnaam": row[f"{lead}Straat"],
                        "huisnummer": row[f"{lead}Huisnummer"],
                        "postcode": row[f"{lead}Postcode"],
                        "gemeente": row[f"{lead}Gemeente"],
                        "land": "België",
                    },
                }
                for place, (lead, kind) in enumerate((("corr", post), ("act", site)), 1)
                if f"{lead}Straat" in row
            ],
            "sleutels": [{"codeerSysteem": "vCode", "gestructureerdeIdentificator": {"nummer": code}}],
        }


def main(count: int, rounds: int = 30) -> None:
    shaped = RegisterJson(codelists(), "http://loket.test", "http://loket.test/id/vereniging/")
    tables = load_tables(ROOT)
    derived = Derived(codelists(), tables)
    with tempfile.TemporaryDirectory() as folder:
        file = SearchFile(Path(folder) / "zoek", layout_of(codelists(), "http://loket.test", tables))
        with timing() as filled, file.writing(1) as writing:
            for document in documents(count):
                writing.put(entry_of(document, shaped, derived))
            file.settle(1, 0, anew=True)
        size = sum(each.stat().st_size for each in file.path.iterdir()) / 1e6
        print(f"{count} associations in {filled[0] / 1000:.0f} s, {size:.0f} MB")
        search = Search(file)
        with timing() as first:
            search.sequence()
        print(f"first question: {first[0]:.0f} ms")
        ask_questions(search, rounds)
        ask_lists(search, tables)
        with timing() as written, file.writing(2) as writing:
            writing.put(entry_of(document, shaped, derived))
            file.settle(2, 0)
        with timing() as seen:
            search.sequence()
        print(f"one change: written in {written[0]:.0f} ms, seen in {seen[0]:.0f} ms")
        search.close()


@contextmanager
def timing() -> Iterator[list[float]]:
    """The milliseconds that the block took, once it has ended."""
    taken: list[float] = []
    started = time.perf_counter()
    yield taken
    taken.append((time.perf_counter() - started) * 1000)


def ask_questions(search: Search, rounds: int) -> None:
    for name, (text, more) in QUESTIONS.items():
        times: list[float] = []
        for _ in range(rounds):
            with timing() as taken:
                found = search.find(Asked(parse_query(text), ACTIVE, (ACTIVITY,), **more))
                body = b"[" + b",".join(hit.shown for hit in found.hits) + b"]"
            times += taken
            search._state.found.clear()  # as if something changed before each question
        cuts = quantiles(times, n=20)
        print(f"{name:25} {found.total:7} hits  p50 {cuts[9]:6.1f} ms  p95 {cuts[18]:6.1f} ms  {len(body)} bytes")


def ask_lists(search: Search, tables: Sequence[Table]) -> None:
    for text in LISTS:
        times: list[float] = []
        for _ in range(10):
            with timing() as taken:
                options = read_options(parse_qsl(text), tables[0], tables)
                ids = None if options.search is None else search.ids(parse_query(options.search, all_words=True))
                listed = Listed(tables[0].name, options.where, options.order, ids, limit=2000)
                rows, total = search.rows(listed), search.count(listed)
            times += taken
        print(
            f"{total:7} rows, page of {len(rows):4}: p50 {sorted(times)[5]:6.0f} ms, worst {max(times):6.0f} ms  {text}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
