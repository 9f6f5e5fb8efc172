"""How fast a messy list goes in: `python -m tests.bench.imports [--rows 10000] [--workers 2]`.

Everything that an import does is in it: reading, cleaning, rules, shape, doubles, vault, log, on disk at each 500 rows.
`vrij` is what the processor time used comes down to on a machine with that many idle cores; nothing is asserted.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from itertools import islice
from pathlib import Path

from app.exchange.imports.associations import import_associations
from fixtures.generate import STYLES, messy, stream, write_csv
from tests.register.builders import GENT, ROOT, make_log, make_register, make_tools


def used() -> float:
    """Processor seconds of this process and of the workers that it has ended."""
    parts = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in parts)


def bring_in(path: Path, folder: Path, workers: int) -> None:
    """One import into an empty register."""
    folder.mkdir()
    register = make_register(make_tools(), make_log(folder))
    start, before = time.perf_counter(), used()
    with import_associations(path, "Gent", register, GENT, ROOT, workers=workers) as report:
        took, busy = time.perf_counter() - start, used() - before
        cores = max(1, workers)
        print(
            f"{report.rows} rijen, {workers} hulpprocessen: {report.rows / took:.0f} rijen/s in {took:.1f} s; "
            f"{busy / report.rows * 1000:.2f} ms processortijd per rij, vrij {cores * report.rows / busy:.0f} rijen/s"
        )
    register.log.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seed", type=int, default=77)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "lijst.csv"
        rows = messy(islice(stream("Gent", chosen.seed), chosen.rows), chosen.seed, 0.15)
        write_csv(path, [row for row, _ in rows], STYLES["klerk"])
        for workers in (0, chosen.workers):
            bring_in(path, folder / f"register-{workers}", workers)


if __name__ == "__main__":
    main()
