"""Everything that is measured beside a peer, in one run on this machine: `python -m tests.bench`.

    python -m tests.bench --scale 0.01                  # 2,000 associations, 200 products, 10,000 decisions
    python -m tests.bench --scale 1                     # Flanders: hours, and some 60 GB
    python -m tests.bench --grow 0.01 0.1 1             # the same questions to ever more entities
    python -m tests.bench --only opslag vragen
    python -m tests.bench --scale 1 --data FOLDER       # filled once, used again

What is missing is installed first, by name (as root). Nothing is asserted: machines are noisy, and ratios tell more
than figures. `--json FILE` keeps the figures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from ctypes.util import find_library
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import orjson

from tests.bench import checking, decisions, duplicates, feeds, queries, store
from tests.bench.engines import oxigraph, virtuoso
from tests.bench.flanders import ASSOCIATIONS, PORT, Filled, by_day, filled
from tests.bench.growth import Place, curve, show_curve
from tests.bench.load import Blanks, Target, until_still
from tests.bench.table import Line, show
from tests.conformance.peers import CI, LDES_CLIENT
from tests.running import serving

# The program, and the Debian package that has it.
PROGRAMS = {"wrk": "wrk", "nginx": "nginx-light", "virtuoso-t": "virtuoso-opensource-7-bin", "node": "nodejs"}


@dataclass
class Run:
    """What the parts share: the data, where they may write, and how long to measure."""

    filled: Filled
    folder: Path
    seconds: int
    scale: float
    measuring: queries.Measuring = field(init=False)

    def __post_init__(self) -> None:
        blanks = Blanks(self.filled.associations, self.filled.decisions, queries.WORDS, queries.PLACES)
        self.measuring = queries.Measuring(blanks, self.folder, self.seconds)

    def storing(self) -> Iterator[Line]:
        return store.lines(self.filled, self.folder)

    def asking(self) -> Iterator[Line]:
        """SPARQL, entities and search, beside both engines."""
        with ExitStack() as stack:
            ours = queries.service(stack.enter_context(self._service()))
            ox = stack.enter_context(oxigraph(self.folder / "peer"))
            virt, seconds = stack.enter_context(virtuoso(self.folder / "virtuoso", self.folder / "all.nq"))
            yield Line("laden", seconds, "s (virtuoso, met tekstindex)")
            yield from queries.lines(ours, [queries.engine(ox), queries.engine(virt)], self.measuring)
        yield from queries.cost_lines(self.measuring)

    def feeding(self) -> Iterator[Line]:
        with self._service() as ours:
            yield from feeds.lines(ours, self.folder, self.seconds)

    def checking(self) -> Iterator[Line]:
        yield from checking.lines(self.filled)
        yield from decisions.lines()

    def comparing(self) -> Iterator[Line]:
        return duplicates.lines(max(1000, round(ASSOCIATIONS * self.scale)))

    @contextmanager
    def _service(self) -> Iterator[Target]:
        """The service as its users start it, as a target of load."""
        with serving(by_day(self.filled.data), port=PORT) as server:
            ours = Target("wij", server.address, server.address.rpartition(":")[2])
            until_still(ours.word)
            yield ours


PARTS: dict[str, tuple[str, Callable[[Run], Iterator[Line]]]] = {
    "opslag": ("Opslag", Run.storing),
    "vragen": ("Vragen", Run.asking),
    "stromen": ("Stromen", Run.feeding),
    "nakijken": ("Nakijken", Run.checking),
    "dubbels": ("Dubbels", Run.comparing),
}


def main() -> None:
    options = read_options()
    install()
    kept: dict[str, list[dict[str, object]]] = {}
    place = partial(place_for, options.data)
    if options.grow:
        points = list(curve(options.grow, options.seconds, place))
        show_curve(points)
        kept["groei"] = [asdict(point) for point in points]
    else:
        kept = measured(options.scale, options.seconds, options.only or list(PARTS), place)
    if options.json:
        options.json.write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.01, help="which part of Flanders; 1 is all of it")
    parser.add_argument("--seconds", type=int, default=3, help="how long each question is asked")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="these parts; the questions need the store")
    parser.add_argument("--grow", type=float, nargs="+", metavar="SCALE", help="a curve over these scales instead")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep what is filled here, and use what is there")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    return parser.parse_args()


@contextmanager
def place_for(kept: Path | None, scale: float) -> Iterator[Path]:
    """The data directory of this size: where it is kept, or for this run alone."""
    with tempfile.TemporaryDirectory() as name:
        yield (kept or Path(name)) / f"vlaanderen-{scale:g}".replace(".", "_")


def measured(scale: float, seconds: int, parts: list[str], place: Place) -> dict[str, list[dict[str, object]]]:
    """One data directory, and every part on it; each table is shown as soon as it is there."""
    kept: dict[str, list[dict[str, object]]] = {}
    with place(scale) as data, tempfile.TemporaryDirectory() as name:
        found_in = filled(data, scale)
        print(f"{found_in.associations} verenigingen, {found_in.products} producten, {found_in.decisions} besluiten; "
              f"{os.cpu_count()} kernen, belasting {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        run = Run(found_in, Path(name), seconds, scale)
        for part in parts:
            title, lines = PARTS[part]
            found = list(lines(run))
            show(title, found)
            kept[part] = [{**asdict(line), "ratio": line.ratio} for line in found]
    return kept


def install() -> None:
    """The peers that are not here yet, by name, and what an operator gives our own queries."""
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    missing += [] if find_library("jemalloc") else ["libjemalloc2"]
    if missing and (os.geteuid() != 0 or not shutil.which("apt-get")):
        sys.exit(f"installeer eerst: {' '.join(missing)}")
    if missing:
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=True)
    place = CI / LDES_CLIENT.folder
    if not (place / "node_modules" / LDES_CLIENT.entry).exists() and shutil.which("npm"):
        place.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(place)]
        subprocess.run([*command, LDES_CLIENT.package], check=True)


if __name__ == "__main__":
    main()
