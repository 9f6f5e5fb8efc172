"""Import, rebuild, start and bytes on disk: `python -m tests.bench.bench_store [--rows 100000]`.

The peer is `oxigraph load` on the same N-Quads, in the same run. Measures, and asserts nothing.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

from app.bootstrap.ambient import now
from app.model.graph import IRI, RdfFormat, from_ntriples, to_format, to_quads
from app.store.log import open_log
from fixtures.generate import STYLES, stream, write
from tests.running import PROGRAM, serving


def main() -> None:
    parser = argparse.ArgumentParser(description="Hoe snel de opslag is, naast die van een ander.")
    parser.add_argument("--rows", type=int, default=100_000)
    rows: int = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        path = folder / "lijst.csv"
        write(path, islice(stream("Gent", seed=1), rows), STYLES["sjabloon"])
        seconds = timed(lambda: run("import", "associations", path, "--municipality", "Gent", "--data", data))
        print(f"import, everything included  {rows / seconds:10,.0f} rows/s   ({seconds:.1f} s)")
        rebuild = timed(lambda: run("rebuild", "--data", data))
        print(f"rebuild of both stores       {rebuild:10.1f} s")
        quads = folder / "alles.nq"
        entities = export(data, quads)
        peer = timed(lambda: oxigraph_load(folder / "peer", quads))
        print(f"oxigraph load of the same    {peer:10.1f} s   (ratio for two stores {rebuild / peer:.2f})")
        for part in ("log.sqlite", "public", "internal"):
            print(f"{part:<28} {size(data / part) / entities:10,.0f} bytes per association")
        print(f"oxigraph on the same         {size(folder / 'peer') / entities:10,.0f} bytes per association")
        with serving(data) as server:
            print(f"start until /health answers  {server.seconds:10.2f} s   ({entities:,} associations)")


def run(*arguments: object) -> None:
    subprocess.run([*PROGRAM, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def export(data: Path, path: Path) -> int:
    """All that the internal store holds of the associations, as N-Quads; answers how many there are."""
    count = 0
    with closing(open_log(f"sqlite:///{data / 'log.sqlite'}", now)) as log, path.open("wb") as file:
        code = ""
        while versions := log.entities("vereniging", code, 2000):
            for version in versions:
                graph = from_ntriples((version.public or b"") + version.internal)
                file.write(to_format(to_quads(graph, IRI(version.entity)), RdfFormat.N_QUADS))
            count += len(versions)
            code = versions[-1].entity.rpartition("/")[2]
    return count


def oxigraph_load(place: Path, quads: Path) -> None:
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
    subprocess.run([program, "load", "-l", str(place), "-f", str(quads)], check=True, capture_output=True)


def size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())


if __name__ == "__main__":
    main()
