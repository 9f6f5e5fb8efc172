"""How fast /sparql answers, beside `oxigraph serve` on the same data in the same run.

    python -m tests.bench.bench_sparql [--rows 5000] [--seconds 2] [--data DIR]

Needs wrk. Every request of "new" is a query never asked before (a comment with a number), so no cache helps; "known"
asks a few again and again. In brackets the processor time of the server in ms a request: on a machine that others use
too it says more than requests/s. Measures, and asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote

from app.store.embedded import open_graphs
from fixtures.generate import STYLES, stream, write
from tests.running import PROGRAM, free_port, serving

RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
FAILED = re.compile(r"Non-2xx or 3xx responses: (\d+)")
PREFIXES = (
    "PREFIX fv: <https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#> PREFIX dct: <http://purl.org/dc/terms/> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX regorg: <http://www.w3.org/ns/regorg#> "
)
LUA = """
local counter = math.random(1, 1000000000)
function request()
  counter = counter + 1
  local entity = string.format("%03d", 1 + counter % 990)
  local path = "/{path}?query={query}"
  path = path:gsub("NUMBER", entity)
  if {new} then path = path .. "%20%23" .. counter end
  return wrk.format("GET", path, {{["Accept"] = "{accept}"}})
end
"""


@dataclass(frozen=True)
class Question:
    """One kind of question; NUMBER stands for the end of a code."""

    name: str
    query: str
    accept: str


JSON, TURTLE = "application/sparql-results+json", "text/turtle"
QUESTIONS = (
    Question("lookup", "SELECT ?p ?o { ?v dct:identifier 'V0001NUMBER' ; ?p ?o }", JSON),
    Question(
        "1000 rows", "SELECT ?v ?n ?c { ?v a fv:Vereniging ; skos:prefLabel ?n ; dct:identifier ?c } LIMIT 1000", JSON
    ),
    Question("CONSTRUCT", "CONSTRUCT { ?v ?p ?o } { ?v dct:identifier 'V0001NUMBER' ; ?p ?o }", TURTLE),
    Question(
        "aggregate", "SELECT ?a (COUNT(?v) AS ?n) { ?v regorg:orgActivity ?a } GROUP BY ?a ORDER BY DESC(?n)", JSON
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Hoe snel /sparql is, naast oxigraph serve.")
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--data", type=Path, help="een map die er al is, in plaats van een nieuwe")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is needed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = options.data or imported(folder, options.rows)
        copy = folder / "peer"
        store = open_graphs(data / "public")
        store.snapshot(copy)
        store.close()
        with serving(data) as ours, oxigraph(copy) as peer:
            compare(ours.address, peer, folder, options.seconds)


def imported(folder: Path, rows: int) -> Path:
    """A data directory with that many associations."""
    path, data = folder / "lijst.csv", folder / "data"
    write(path, islice(stream("Gent", seed=1), rows), STYLES["sjabloon"])
    command = [*PROGRAM, "import", "associations", str(path), "--municipality", "Gent", "--data", str(data)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # The stores follow the log when the service starts.
    with serving(data):
        pass
    return data


@contextmanager
def oxigraph(directory: Path) -> Iterator[str]:
    """The engine's own server on a copy of the public store."""
    binary, port = Path(sys.executable).parent / "oxigraph", free_port()
    bind = ("--bind", f"127.0.0.1:{port}", "--union-default-graph")
    process = subprocess.Popen([str(binary), "serve-read-only", "--location", str(directory), *bind])
    address = f"http://127.0.0.1:{port}"
    try:
        wait(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def wait(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/query?query=ASK%7B%7D").close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    sys.exit("oxigraph did not start")


@dataclass(frozen=True)
class Speed:
    """Requests/s, and ms of processor time for each."""

    rate: float
    cost: float

    def __str__(self) -> str:
        return f"{self.rate:>9,.0f} ({self.cost:6.3f})"

    def beside(self, other: Speed) -> str:
        return f"{self} {self.rate / other.rate:>6.2f}x"


def compare(ours: str, peer: str, folder: Path, seconds: int) -> None:
    """Print the speed of each, and ours as a multiple of the other's."""
    print(f"{'':<11}{'oxigraph':>18}{'ours, new':>27}{'ours, known':>27}")
    for question in QUESTIONS:
        other = measure(peer, "query", question, True, folder, seconds)
        new = measure(ours, "sparql", question, True, folder, seconds)
        known = measure(ours, "sparql", question, False, folder, seconds)
        print(f"{question.name:<11}{other}  {new.beside(other)}  {known.beside(other)}", flush=True)


def measure(address: str, path: str, question: Question, new: bool, folder: Path, seconds: int) -> Speed:
    """Eight connections, after a second to warm up; the run ends when anything but an answer comes back."""
    script = folder / "ask.lua"
    query = quote(PREFIXES + question.query, safe="")
    script.write_text(LUA.format(path=path, query=query, new=str(new).lower(), accept=question.accept))
    command = ["wrk", "-t1", "-c8", "-s", str(script), address]
    subprocess.run([*command, "-d1s"], check=True, capture_output=True)
    word = "oxigraph" if path == "query" else "app."
    before = processor_seconds(word)
    out = subprocess.run([*command, f"-d{seconds}s"], check=True, capture_output=True, text=True).stdout
    used = processor_seconds(word) - before
    found = RATE.search(out)
    if found is None or FAILED.search(out):
        sys.exit(f"{question.name} at {address} failed:\n{out}")
    rate = float(found[1])
    return Speed(rate, used * 1000 / (rate * seconds))


def processor_seconds(word: str) -> float:
    """What the processes below this one with `word` in their command line have used so far."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            stats[int(path.name)] = (int(fields[1]), sum(map(int, fields[11:13])), (path / "cmdline").read_text())
    ours = {os.getpid()}
    while more := {pid for pid, (parent, _, _) in stats.items() if parent in ours} - ours:
        ours |= more
    ticks = sum(used for pid, (_, used, line) in stats.items() if pid in ours - {os.getpid()} and word in line)
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
