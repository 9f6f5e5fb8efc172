"""How far an import came, in the log itself: a chunk of rows and the note that it is done are one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from app.exchange.imports.report import RowOutcome
from app.exchange.imports.seen import Seen
from app.store.log import Log
from app.store.transaction import Transaction


@dataclass
class Checkpoint:
    """The progress of one file for one municipality: `chunks` done, up to and including row `row`."""

    id: str
    chunks: int = 0
    row: int = 0

    def save(self, transaction: Transaction, outcomes: Sequence[RowOutcome], seen: Seen) -> None:
        """Note one more chunk in the transaction that did it; no value of the list is in the note."""
        note = {"rijen": [outcome.to_json() for outcome in outcomes], "gezien": seen.take_fresh()}
        transaction.put_state(f"{self.id}/{self.chunks}", orjson.dumps(note).decode())
        self.chunks += 1
        self.row = outcomes[-1].row if outcomes else self.row
        transaction.put_state(self.id, orjson.dumps([self.chunks, self.row]).decode())

    def restore(self, log: Log, seen: Seen) -> Iterator[list[RowOutcome]]:
        """The outcomes of the chunks that were done before the import was interrupted."""
        for number in range(self.chunks):
            note = orjson.loads(log.get_state(f"{self.id}/{number}") or "{}")
            seen.restore([(small, row) for small, row in note.get("gezien", ())])
            yield [RowOutcome.from_json(value) for value in note.get("rijen", ())]

    def clear(self, transaction: Transaction) -> None:
        """Forget the progress: the import is complete, so the same file is a new import."""
        for number in range(self.chunks):
            transaction.put_state(f"{self.id}/{number}", None)
        transaction.put_state(self.id, None)


def find_checkpoint(log: Log, path: Path, nis: str) -> Checkpoint:
    """Where the import of this very file for this municipality stopped, or its beginning."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    id = f"invoer/{nis}/{found}"
    chunks, row = orjson.loads(log.get_state(id) or "[0, 0]")
    return Checkpoint(id, chunks, row)
