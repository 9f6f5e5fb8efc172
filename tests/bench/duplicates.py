"""How well and how fast doubles are found: `python -m tests.bench.duplicates [--seed 90210] [--size 200000]`.

Lists of several municipalities go into a real log. Then come associations that are in it already, as somebody else
writes them (other spelling, abbreviation, typing error; contact details missing or other); strangers; and strangers
that share a name, a hall, a telephone or a secretary with somebody in it. Recall is how many of the first kind are
found, precision how many of all that is proposed is right. What the numbers rest on is generated from the seed; the
words and weights of `app/register` were tuned on seeds 1 to 9 only. The hard ways come one by one, for what each
tells. Nothing is asserted here: `tests/register/test_duplicate_accuracy.py` does, on a smaller list.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median, quantiles

from app.model.terms import VL
from app.register.derive import derive
from app.register.desk import Desk, standing
from app.register.doubles.duplicates import Match
from app.register.doubles.traits import Traits, traits_of
from app.register.prepare import read_new
from app.register.register import KIND, Register
from app.store.records import NewVersion
from fixtures.columns import Row
from fixtures.generate import stream
from tests.bench.table import Line, show
from tests.register.builders import GENT, make_log, make_register, make_tools
from tests.register.lists import HARD_WAYS, rewritten, rewritten_hard, sibling, to_document

PLACES = ("Gent", "Aalter", "Kortrijk", "Genk", "Diest", "Hoogstraten", "Ieper", "Lommel")
TODAY = date(2026, 11, 24)
AT_ONCE = 20_000


@dataclass
class Tally:
    """What came of the questions: right and wrong proposals, doubles missed, and which."""

    asked: int = 0
    doubles: int = 0
    found: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.found / self.doubles if self.doubles else 1.0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    def __str__(self) -> str:
        return (
            f"{self.asked} vragen, {self.doubles} dubbels: recall {self.recall:.4f} "
            f"({self.doubles - self.found} gemist), precision {self.precision:.4f} ({self.wrong} onterecht)"
        )


def traits(row: Row, register: Register) -> Traits:
    """What an association is compared by, read by the road that every registration takes."""
    _, document = read_new(to_document(row, register.codelists), register.tools)
    homes = derive(document, register.tools, TODAY, [])
    return traits_of(document, homes, register.codelists)


def fill(register: Register, rows: Iterable[Row]) -> dict[str, Row]:
    """Put what can be found of these associations in the log, and nothing else; answers them by code."""
    known = {}
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, GENT, "", TODAY)
        for row in rows:
            code = f"V{transaction.next_number(KIND, 1001):07d}"
            _, keys, summary = standing(desk.seal(traits(row, register)), code, {}, stopped=False)
            transaction.append(
                NewVersion(
                    entity=desk.iri(code), kind=KIND, number=1, operation="create",
                    activity=VL.VerenigingGeregistreerd.value, actor=GENT.iri, reason="", public=b"", internal=b"",
                    claims=frozenset(), keys=keys, summary=summary,
                )
            )  # fmt: skip
            known[code] = row
    return known


def questions(seed: int, place: str, size: int) -> Iterator[tuple[Row, Row | None]]:
    """Rows to ask about, each with the row in the list that it is a double of, if any."""
    random = Random(f"{place}/{seed}")
    rows = stream(place, seed)
    known, strangers = list(islice(rows, size)), list(islice(rows, size // 2))
    for row in random.sample(known, size // 2):
        yield rewritten(row, random), row
    for stranger in strangers[::2]:
        yield stranger, None
    for stranger in strangers[1::2]:
        yield sibling(random.choice(known), stranger, random), None


def accuracy(register: Register, seed: int, size: int, places: Iterable[str] = PLACES, show: int = 0) -> Tally:
    """Ask everything, over lists of `size` associations in each place."""
    tally = Tally()
    for place in places:
        known = fill(register, islice(stream(place, seed), size))
        names = {str(row["naam"]): code for code, row in known.items()}
        with register.log.transaction() as transaction:
            desk = Desk(register, transaction, GENT, "", TODAY)
            for row, original in questions(seed, place, size):
                found = desk.candidates.of(desk.seal(traits(row, register)))
                code = names[str(original["naam"])] if original else None
                _count(tally, code, found, row, original, known if show else None)
    return tally


def harder(register: Register, seed: int, size: int, places: Iterable[str] = PLACES[:4]) -> dict[str, Tally]:
    """The same for names changed in one way each, that neither words nor weights were made for."""
    tallies = {name: Tally() for name in HARD_WAYS}
    for place in places:
        known = fill(register, islice(stream(place, seed), size))
        random = Random(f"{place}/{seed}/zwaar")
        with register.log.transaction() as transaction:
            desk = Desk(register, transaction, GENT, "", TODAY)
            for code, row in random.sample(sorted(known.items()), size // 4):
                for name, way in HARD_WAYS.items():
                    other = rewritten_hard(row, way, random)
                    found = desk.candidates.of(desk.seal(traits(other, register)))
                    _count(tallies[name], code, found, other, row, None)
    return tallies


def _count(
    tally: Tally,
    code: str | None,
    found: list[tuple[str, Match]],
    row: Row,
    original: Row | None,
    known: dict[str, Row] | None,
) -> None:
    codes = [each for each, _ in found]
    tally.asked += 1
    tally.doubles += code is not None
    tally.found += code in codes
    tally.right += code in codes
    tally.wrong += len([each for each in codes if each != code])
    if known is None:
        return
    if code is not None and code not in codes:
        print("MISSED", dict(original or {}), "\n   ", dict(row))
    for each, match in found:
        if each != code and each in known:
            print("WRONG", match, "\n   ", dict(known[each]), "\n   ", dict(row))


def speed(register: Register, size: int, seed: int) -> Line:
    """How long one check takes, each in a transaction of its own, among `size` associations all over Flanders."""
    every = [each for each in register.codelists.municipalities.all if each.nis[:2] != "21"]
    streams = [stream(each, seed) for each in every]
    # As in the real world: a tenth in the largest, the rest everywhere.
    order = Random(seed).choices(range(len(every)), [1 / (rank + 3) for rank in range(len(every))], k=size)
    start = time.perf_counter()
    for begin in range(0, size, AT_ONCE):
        fill(register, (next(streams[number]) for number in order[begin : begin + AT_ONCE]))
    filled = time.perf_counter() - start
    random, asking = Random(seed), 0.0
    took, busy = [], time.process_time()
    for number in random.choices(order, k=1000):
        before = time.process_time()
        wanted = traits(rewritten(next(streams[number]), random), register)
        asking += time.process_time() - before
        begin_check = time.perf_counter()
        with register.log.transaction() as transaction:
            desk = Desk(register, transaction, GENT, "", TODAY)
            desk.candidates.of(desk.seal(wanted))
        took.append((time.perf_counter() - begin_check) * 1000)
    busy = (time.process_time() - busy - asking) * 1000 / len(took)
    print(f"{size} verenigingen ({filled:.0f} s): een controle duurt {median(took):.2f} ms mediaan, "
          f"{quantiles(took, n=100)[94]:.2f} ms in 95 van de 100; {busy:.2f} ms processortijd")  # fmt: skip
    return Line(f"een controle op dubbels onder {size}", busy, "ms processor")


def lines(size: int, seed: int = 90210) -> Iterator[Line]:
    """What one check costs among so many."""
    with tempfile.TemporaryDirectory() as folder:
        register = make_register(make_tools(), make_log(Path(folder)))
        yield speed(register, size, seed)
        register.log.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=90210)
    options.add_argument("--list", type=int, default=600, help="associations per municipality for recall and precision")
    options.add_argument("--size", type=int, default=200_000, help="associations for the speed of a check; 0: skip")
    options.add_argument("--show", action="store_true", help="print every mistake")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        register = make_register(make_tools(), make_log(Path(folder)))
        print(f"zaad {chosen.seed}: {accuracy(register, chosen.seed, chosen.list, show=chosen.show)}")
        register.log.close()
    with tempfile.TemporaryDirectory() as folder:
        register = make_register(make_tools(), make_log(Path(folder)))
        for name, tally in harder(register, chosen.seed, chosen.list).items():
            print(f"  {name}: {tally}")
        register.log.close()
    if chosen.size:
        show("Dubbels", lines(chosen.size, chosen.seed))


if __name__ == "__main__":
    main()
