"""The peers as their users run them, each a process of its own on this machine: oxigraph serve, Virtuoso, nginx."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.load import Target
from tests.running import free_port

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
ASK = "query=ASK%7B%7D"
PATIENCE = 120
# The sizes that Virtuoso's own example file advises for 4 GB of memory.
VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
TransactionFile = {folder}/virtuoso.trx
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}, {data}
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
ServerThreads = 100
MaxClientConnections = 100
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 100
MaxClientConnections = 100
[SPARQL]
ResultSetMaxRows = 100000
MaxQueryCostEstimationTime = 4000
MaxQueryExecutionTime = 60
"""
# All texts are indexed, as Virtuoso needs for bif:contains.
LOAD = """
DB.DBA.RDF_OBJ_FT_RULE_ADD(null, null, 'All');
ld_dir('{data}', '{file}', 'urn:x');
rdf_loader_run();
DB.DBA.VT_INC_INDEX_DB_DBA_RDF_OBJ();
checkpoint;
"""


@contextmanager
def running(command: Sequence[str], address: str) -> Iterator[None]:
    """A process that answers at this address, until the end."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_answer(address, lambda: process.poll() is None)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def await_answer(address: str, alive: Callable[[], bool]) -> None:
    """Wait for an answer, however long, as long as the process lives."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and alive():
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"{address} does not answer")


@contextmanager
def oxigraph(directory: Path) -> Iterator[Target]:
    """The engine's own server on a store."""
    port = free_port()
    command = [str(OXIGRAPH), "serve-read-only", "--location", str(directory), "--bind", f"127.0.0.1:{port}"]
    with running([*command, "--union-default-graph"], f"http://127.0.0.1:{port}/query?{ASK}"):
        yield Target("oxigraph serve", f"http://127.0.0.1:{port}", f"127.0.0.1:{port}")


def oxigraph_load(place: Path, quads: Path) -> None:
    """A new store of these N-Quads."""
    subprocess.run([str(OXIGRAPH), "load", "-l", str(place), "-f", str(quads)], check=True, capture_output=True)


def oxigraph_dump(place: Path, quads: Path) -> None:
    """All of a store as N-Quads."""
    subprocess.run([str(OXIGRAPH), "dump", "-l", str(place), "-f", str(quads)], check=True, capture_output=True)


@contextmanager
def virtuoso(folder: Path, quads: Path) -> Iterator[tuple[Target, float]]:
    """A new Virtuoso with these N-Quads and a full-text index, and how many seconds the loading took."""
    sql, http = free_port(), free_port()
    folder.mkdir()
    config = folder / f"virtuoso-{http}.ini"
    config.write_text(VIRTUOSO.format(folder=folder, data=quads.parent, sql=sql, http=http))
    command = ["virtuoso-t", "-f", "-c", str(config)]
    with running(command, f"http://127.0.0.1:{http}/sparql?{ASK}"):
        started = time.perf_counter()
        statements = LOAD.format(data=quads.parent, file=quads.name)
        client = [isql(), f"127.0.0.1:{sql}", "dba", "dba"]
        subprocess.run(client, input=statements, check=True, capture_output=True, text=True)
        yield Target("virtuoso", f"http://127.0.0.1:{http}", config.name), time.perf_counter() - started


def isql() -> str:
    """Virtuoso's client; unixODBC has another program of the same name."""
    return shutil.which("isql-vt") or "isql"


def size(path: Path) -> int:
    """Bytes on disk of a file or a whole directory."""
    return path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())
