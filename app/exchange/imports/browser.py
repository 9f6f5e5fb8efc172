"""Bringing a list in by browser: it is looked at, corrected, tried, brought in, and given back with what became of it.

    id = lists.take_in("lijst.xlsx", content, agent, "44021")     # and lists.work() tries it
    lists.correct(id, agent, Corrections({(7, 3): "9000"}))       # tried again
    lists.bring_in(id, agent)                                     # and lists.work() does

A list stands in the vault while it is here, and goes by itself after a while. Who is killed at it has the lease run
out, and another goes on where the import stopped: `import_associations` remembers.
"""

from __future__ import annotations

import tempfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import orjson

from app.errors import Conflict, LoketError, Unknown
from app.exchange.imports.associations import import_associations
from app.exchange.imports.corrections import Corrections, correct
from app.exchange.imports.report import ImportReport, Result, RowOutcome
from app.exchange.spreadsheet.cells import Limits
from app.exchange.spreadsheet.columns import Column, load_columns
from app.exchange.spreadsheet.headers import Recognition, recognise
from app.exchange.spreadsheet.outcome import write_outcome
from app.exchange.spreadsheet.read import read_sheets
from app.register import agents
from app.register.agents import Agent
from app.register.commands import RegisterAssociation
from app.register.personal.people import technical_use
from app.register.register import Register
from app.store.list_imports import (
    BROUGHT,
    FAILED,
    TO_BRING,
    TO_TRY,
    TRIED,
    ListImport,
    change,
    claim,
    drop,
    get,
    of_owner,
    older_than,
    put,
)
from app.store.times import iso
from app.store.transaction import Transaction
from app.store.vault import Personal

MOST_BYTES = 5_000_000
MOST_ROWS = 20_000
LIMITS = Limits(file_bytes=MOST_BYTES, unpacked_bytes=200 * 2**20, rows=MOST_ROWS)
LEASE = timedelta(minutes=10)
KEPT = timedelta(days=14)
CHUNK_ROWS = 100
CONTENT = "bestand"
BUSY = "Deze lijst wordt net nagekeken of ingelezen. Wacht even, en probeer dan opnieuw."
UNEXPECTED = "Er ging iets mis bij ons. Probeer het opnieuw, of neem contact met ons op."
STILL = (TRIED, BROUGHT, FAILED)


@dataclass(frozen=True)
class Opened:
    """A list as it stands now, in a file of its own for as long as it is looked at."""

    listed: ListImport
    path: Path
    found: Recognition


@dataclass(frozen=True)
class Lists:
    """The lists of all, in this register; `root` holds the ontology, `mint` gives names that nobody guesses."""

    register: Register
    root: Path
    mint: Callable[[], str]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """What a list may have."""
        return load_columns(self.root)

    def take_in(self, name: str, content: bytes, agent: Agent, municipality: str) -> str:
        """Keep a new list, to be tried; raises Refused or TooLarge for what is no list, Forbidden without the right."""
        self.register.rights.check(agent, RegisterAssociation)
        home = self.register.codelists.known_municipality(municipality)
        with _as_file(content) as path:
            found = recognise(read_sheets(path, LIMITS), self.columns)
            total = sum(1 for row in found.sheet.rows() if row.number > found.header_row)
        now = iso(self.register.clock())
        acting = replace(agent, purpose="", person="")
        kept = orjson.dumps({term: value for term, value in asdict(acting).items() if isinstance(value, str)})
        id = self.mint()[:32]
        new = ListImport(id, agent.iri, home.nis, kept, Path(name).name[:100], TO_TRY, now, now, total=total)
        with self.register.log.transaction() as transaction:
            put(transaction.connection, new)
            self._keep(id, content, transaction)
        return id

    def of(self, agent: Agent) -> list[ListImport]:
        """Those of an organisation, the newest first."""
        return of_owner(self.register.log.database, agent.iri)

    def get(self, id: str, agent: Agent) -> ListImport:
        """One of them; raises Unknown."""
        found = get(self.register.log.database, id, agent.iri)
        if found is None:
            raise Unknown("Deze lijst is hier niet (meer).")
        return found

    @contextmanager
    def opened(self, id: str, agent: Agent) -> Iterator[Opened]:
        """One of them with all that is in it; that it was opened is logged."""
        listed = self.get(id, agent)
        with _as_file(self._content(id, agent)) as path:
            yield Opened(listed, path, recognise(read_sheets(path, LIMITS), self.columns))

    def correct(self, id: str, agent: Agent, corrections: Corrections) -> None:
        """Put other texts in cells or another meaning over columns, and have it tried again; raises Conflict."""
        with self.opened(id, agent) as opened:
            content = correct(opened.path, opened.found, corrections, self.columns)
        self._ask(id, TO_TRY, content)

    def bring_in(self, id: str, agent: Agent) -> None:
        """Have it brought in for real; raises Conflict while it is being tried, or when it was not."""
        self.get(id, agent)
        self._ask(id, TO_BRING, states=(TRIED, BROUGHT))

    def workbook(self, id: str, agent: Agent) -> bytes:
        """The list with what became of each row."""
        with self.opened(id, agent) as opened, _report(opened) as report:
            return _written(report, opened.path)

    def forget(self, id: str, agent: Agent) -> None:
        """Throw a list away; what was brought in stays."""
        self.get(id, agent)
        self._drop([id])

    def tidy(self) -> int:
        """Throw away what nobody touched for a while; answers how many."""
        with self.register.log.database.reading() as connection:
            old = older_than(connection, iso(self.register.clock() - KEPT))
        self._drop(old)
        return len(old)

    def work(self) -> bool:
        """Try or bring in the list that waits longest; False when none waits."""
        now = self.register.clock()
        listed = claim(self.register.log.database, iso(now), iso(now + LEASE))
        if listed is None:
            return False
        agent = Agent(**orjson.loads(listed.agent))
        try:
            self._run(listed, agent)
        except LoketError as error:
            self._end(listed, {"state": FAILED, "problem": error.title})
        except Exception:
            # Trying for ever what cannot be done would keep all other lists waiting.
            self._end(listed, {"state": FAILED, "problem": UNEXPECTED})
            raise
        return True

    def _run(self, listed: ListImport, agent: Agent) -> None:
        dry = listed.state == TO_TRY
        progress = (lambda _: None) if dry else lambda report: self._tell(listed, report)
        with (
            _as_file(self._content(listed.id, agent)) as path,
            import_associations(
                path, listed.municipality, self.register, agent, self.root,
                dry_run=dry, progress=progress, workers=0, chunk_rows=CHUNK_ROWS, limits=LIMITS,
            ) as report,
        ):  # fmt: skip
            outcomes = [_of_a_try(outcome) if dry else outcome for outcome in report.outcomes()]
            told = _told(report) | {"outcomes": _packed(outcomes), "state": TRIED if dry else BROUGHT, "problem": ""}
            with _again(report, outcomes) as said:
                self._end(listed, told, _written(said, path))

    def _tell(self, listed: ListImport, report: ImportReport) -> None:
        until = iso(self.register.clock() + LEASE)
        with self.register.log.transaction() as transaction:
            change(transaction.connection, listed.id, (listed.state,), **_told(report), lease=until)

    def _end(self, listed: ListImport, values: dict[str, object], content: bytes | None = None) -> None:
        """Close the work; the list itself now says what became of its rows, and has a place for decisions."""
        with self.register.log.transaction() as transaction:
            now = transaction.now()
            done = change(transaction.connection, listed.id, (listed.state,), **values, lease=None, changed=now)
            if done and content is not None:
                self._keep(listed.id, content, transaction)

    def _ask(self, id: str, state: str, content: bytes | None = None, states: Sequence[str] = STILL) -> None:
        with self.register.log.transaction() as transaction:
            now = transaction.now()
            if not change(transaction.connection, id, states, state=state, lease=None, changed=now, done=0, problem=""):
                raise Conflict(BUSY)
            if content is not None:
                self._keep(id, content, transaction)

    def _content(self, id: str, agent: Agent) -> bytes:
        with self.register.log.transaction() as transaction:
            kept = transaction.personal(self._node(id), technical_use(agent))
        if not kept or not kept[0].values:
            raise Unknown("Deze lijst is hier niet (meer).")
        return b64decode(kept[0].values[CONTENT])

    def _keep(self, id: str, content: bytes, transaction: Transaction) -> None:
        node = self._node(id)
        transaction.keep([Personal(node, node, {CONTENT: b64encode(content).decode()})])

    def _drop(self, ids: Sequence[str]) -> None:
        with self.register.log.transaction() as transaction:
            drop(transaction.connection, ids)
            transaction.keep([Personal(self._node(id), self._node(id), None) for id in ids])

    def _node(self, id: str) -> str:
        return f"{self.register.schema.base}/beheer/invoer/{id}"


def outcomes_of(listed: ListImport) -> list[RowOutcome]:
    """What became of each row."""
    lines = zlib.decompress(listed.outcomes).splitlines() if listed.outcomes else []
    return [RowOutcome.from_json(orjson.loads(line)) for line in lines]


def may_bring_in(agent: Agent) -> bool:
    """Whether lists are for this role: those that have, or may choose, a municipality."""
    return agent.role in (agents.MUNICIPALITY, agents.VENDOR, agents.MANAGER)


@contextmanager
def _as_file(content: bytes) -> Iterator[Path]:
    """The list in a folder that only this process may read."""
    with tempfile.TemporaryDirectory(prefix="lijst-") as folder:
        path = Path(folder) / "lijst"
        path.write_bytes(content)
        path.chmod(0o600)
        yield path


@contextmanager
def _report(opened: Opened) -> Iterator[ImportReport]:
    """What became of the rows, as a report again."""
    listed = opened.listed
    report = ImportReport(Path(listed.name), listed.municipality, listed.state == TRIED, opened.found)
    with report:
        report.add(outcomes_of(listed))
        yield report


@contextmanager
def _again(report: ImportReport, outcomes: Sequence[RowOutcome]) -> Iterator[ImportReport]:
    with ImportReport(report.path, report.municipality, report.dry_run, report.recognition) as said:
        said.add(outcomes)
        yield said


def _of_a_try(outcome: RowOutcome) -> RowOutcome:
    """The code that a new association had in a try is nobody's."""
    return replace(outcome, code="") if outcome.result is Result.REGISTERED else outcome


def _written(report: ImportReport, path: Path) -> bytes:
    target = path.with_name("resultaat.xlsx")
    write_outcome(report, path, target)
    return target.read_bytes()


def _told(report: ImportReport) -> dict[str, object]:
    counts = {str(result): count for result, count in report.counts.items()}
    return {"done": report.counts.total(), "counts": orjson.dumps(counts).decode()}


def _packed(outcomes: Sequence[RowOutcome]) -> bytes:
    return zlib.compress(b"\n".join(orjson.dumps(outcome.to_json()) for outcome in outcomes))
