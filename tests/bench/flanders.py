"""A data directory as large as Flanders: 200,000 associations, 20,000 products, 1,000,000 decisions; or a part of it.

Associations and products go in by the road that every list takes: cleaned, checked, compared with all the others. So
do some two hundred decisions. All other decisions are copies of those in the log, each about another association, of
that association's municipality and of another day: by the road of a clerk a million would take half a day.

    python -m tests.bench.flanders MAP --scale 0.1

What was filled says so in a file of its own, so that a large one serves more than one run.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

import orjson

from app.bootstrap.nightly import due
from app.bootstrap.register import open_register
from app.cli.clerk import clerk
from app.cli.demo_decisions import decide
from app.cli.demo_offers import offers
from app.cli.demo_products import LINKS, done, load_products
from app.cli.demo_recognitions import recognise
from app.config import read_settings
from app.model.codelists import Municipality
from app.register.commands import Create, Outcome, RegisterAssociation
from app.register.handle import handle_all
from app.register.register import Register
from app.store.heads import HEAD, Head, to_head
from app.store.records import NewVersion, Version
from fixtures.generate import stream
from tests.register.lists import to_document

ASSOCIATIONS, PRODUCTS, DECISIONS = 200_000, 20_000, 1_000_000
AT_ONCE = 500
# Each municipality of the demonstration needs enough associations to recognise and subsidise.
EACH_AT_FIRST = 150
FIRST_DAY, DAYS = date(2015, 1, 1), 4300
# Whoever follows a feed goes to the addresses that stand in it.
PORT = 8417
BASE = f"http://127.0.0.1:{PORT}"
TOLD = "gevuld.json"
Document = dict[str, Any]


@dataclass(frozen=True)
class Filled:
    """A data directory and how many of each are public in it."""

    data: Path
    associations: int
    products: int
    decisions: int
    # Of processor, spent on filling.
    seconds: float = 0.0

    @property
    def entities(self) -> int:
        return self.associations + self.products + self.decisions


@dataclass(frozen=True)
class Known:
    """A public association that decisions can be about."""

    iri: str
    name: str
    home: Municipality


@dataclass(frozen=True)
class Pattern:
    """A decision in the log to make others of, and what in its triples differs from one to the next."""

    version: Version
    head: Head
    about: Known
    day: str

    def about_another(self, code: str, other: Known, day: date) -> NewVersion:
        """The same decision about another association, on another day, under another code."""
        changes = {
            self.version.entity.rpartition("/")[2]: code,
            self.about.iri.rpartition("/")[2]: other.iri.rpartition("/")[2],
            self.about.name: other.name,
            self.about.home.nis: other.home.nis,
            self.about.home.unit or self.about.iri: other.home.unit or other.iri,
            self.day: day.isoformat(),
        }
        # All at once: a new code of seven digits can have an old one of five in it.
        old = re.compile("|".join(sorted(map(re.escape, changes), key=len, reverse=True)))

        def retold(text: str) -> str:
            return old.sub(lambda found: changes[found[0]], text)

        version = self.version
        return NewVersion(
            entity=retold(version.entity), kind=version.kind, number=1, operation="create",
            activity=version.activity, actor=retold(version.actor), reason=version.reason,
            public=retold((version.public or b"").decode()).encode(),
            internal=retold(version.internal.decode()).encode(),
            feeds=tuple(map(retold, self.head.feeds)),
            keys=frozenset((kind, retold(value)) for kind, value in self.head.names[1]),
        )  # fmt: skip


def filled(data: Path, scale: float) -> Filled:
    """The directory as an earlier run filled it, else filled now; `scale` 1 is all of Flanders."""
    told = data / TOLD
    if not told.exists():
        if data.exists() and any(data.iterdir()):
            raise SystemExit(f"{data} is niet leeg, en niet tot het einde gevuld: kies een andere map.")
        began = time.process_time()
        found = replace(fill(data, scale), seconds=time.process_time() - began)
        told.write_bytes(orjson.dumps({**asdict(found), "data": None}))
    return Filled(**{**orjson.loads(told.read_bytes()), "data": data})


def by_day(data: Path) -> Path:
    """The directory, in which the work of last night is done: what is measured is a day."""
    with open_register(read_settings({"data": data, "base": BASE})) as register:
        due(register)
    return data


def fill(data: Path, scale: float, seed: int = 1) -> Filled:
    """Fill a new data directory."""
    counts = [round(number * scale) for number in (ASSOCIATIONS, PRODUCTS, DECISIONS)]
    with open_register(read_settings({"data": data, "base": BASE})) as register:
        homes = Homes(register, seed)
        for home in map(register.codelists.municipality, offers()):
            assert home is not None
            homes.register(home, EACH_AT_FIRST)
        for step in (recognise, load_products, decide):
            step(register)
        homes.register_anywhere(counts[0])
        more_products(register, counts[1])
        more_decisions(register, homes.known, counts[2], seed)
        return counted(register, data)


class Homes:
    """The municipalities of Flanders, each with a list of its own that never ends."""

    def __init__(self, register: Register, seed: int) -> None:
        self.register_ = register
        self.random = Random(seed)
        self.homes = [each for each in register.codelists.municipalities.all if each.unit]
        self.lists = {home.nis: stream(home, seed) for home in self.homes}
        self.known: list[Known] = []

    def register(self, home: Municipality, count: int) -> None:
        """The next so many of one municipality."""
        rows = islice(self.lists[home.nis], count)
        documents = [to_document(row, self.register_.codelists) for row in rows]
        commands = [RegisterAssociation(document) for document in documents]
        outcomes = handle_all(commands, clerk(home.name, self.register_), self.register_)
        # Some are refused as a possible double of another, as in any list.
        self.known += [
            Known(outcome.entity, document["naam"], home)
            for outcome, document in zip(outcomes, documents, strict=True)
            if isinstance(outcome, Outcome) and document["zichtbaarInLoket"]
        ]

    def register_anywhere(self, upto: int) -> None:
        """Until there are so many: a tenth in the largest municipality, the rest spread as in reality."""
        weights = [1 / (rank + 3) for rank in range(len(self.homes))]
        missing = max(0, upto - EACH_AT_FIRST * len(offers()))
        for home, weight in zip(self.homes, weights, strict=True):
            for size in portions(round(missing * weight / sum(weights))):
                self.register(home, size)


def portions(count: int) -> Iterator[int]:
    """
    >>> list(portions(1100))
    [500, 500, 100]
    """
    yield from [AT_ONCE] * (count // AT_ONCE)
    if count % AT_ONCE:
        yield count % AT_ONCE


def more_products(register: Register, upto: int) -> None:
    """The products of the demonstration again and again, until there are so many."""
    places = offers()
    missing = max(0, upto - sum(map(len, places.values())))
    for place, products in places.items():
        endless = cycle([{k: v for k, v in each.items() if k not in LINKS} for each in products.values()])
        for size in portions(missing // len(places)):
            commands = [Create("product", each) for each in islice(endless, size)]
            done(handle_all(commands, clerk(place, register), register))


def more_decisions(register: Register, known: list[Known], upto: int, seed: int) -> None:
    """Copies of the decisions that there are, until there are so many."""
    random, found = Random(seed), list(patterns(register, known))
    number = len(register.log.entities("besluit", limit=AT_ONCE))
    first = 1001 + number
    for start in range(first, 1001 + upto, AT_ONCE * 4):
        with register.log.transaction() as transaction:
            for code in range(start, min(start + AT_ONCE * 4, 1001 + upto)):
                pattern, day = found[code % len(found)], FIRST_DAY + timedelta(days=random.randrange(DAYS))
                transaction.append(pattern.about_another(f"B{code:07d}", random.choice(known), day))
            transaction.next_number("besluit", code)


def patterns(register: Register, known: list[Known]) -> Iterator[Pattern]:
    """The decisions in the log that are about one association."""
    by_iri = {each.iri: each for each in known}
    with register.log.database.reading() as connection:
        for version in register.log.entities("besluit", limit=AT_ONCE):
            row = connection.execute(HEAD, {"entity": version.entity}).first()
            assert row is not None
            head = to_head(row)
            about = [by_iri[value] for kind, value in head.names[1] if kind == "gaatOver" and value in by_iri]
            if len(about) == 1 and version.public and head.number == 1:
                yield Pattern(version, head, about[0], _day(version.public))


def _day(triples: bytes) -> str:
    """The date of the decision."""
    _, _, rest = triples.partition(b'ontology#date_document> "')
    return rest[:10].decode()


def counted(register: Register, data: Path) -> Filled:
    """How much of each is public."""
    sizes = [register.log.feed_size(feed) for feed in ("verenigingen", "producten", "besluiten")]
    return Filled(data, *sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("map", type=Path)
    parser.add_argument("--scale", type=float, default=0.01)
    options = parser.parse_args()
    found = filled(options.map, options.scale)
    print(f"{found.associations} verenigingen, {found.products} producten, {found.decisions} besluiten; "
          f"{found.seconds:.0f} s processor")  # fmt: skip


if __name__ == "__main__":
    main()
