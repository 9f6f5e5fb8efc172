"""Values under a key, kept in step with the versions of a transaction: checkpoints, and what an import remembers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.store.batches import batches
from app.store.names import AT_ONCE
from app.store.tables import log as tables

STATE = select(tables.state.c.value).where(tables.state.c.key == bindparam("key"))
STATES = select(tables.state.c.key, tables.state.c.value).where(
    tables.state.c.key.in_(bindparam("keys", expanding=True))
)
FORGET = delete(tables.state).where(tables.state.c.key == bindparam("old"))


class StateWriter:
    """Sees the values in the database and those not yet flushed as one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, str | None] = {}
        self._changed: dict[str, str | None] = {}

    def get(self, key: str) -> str | None:
        """The value as this transaction left it."""
        if key in self._known:
            return self._known[key]
        return self._connection.execute(STATE, {"key": key}).scalar()

    def put(self, key: str, value: str | None) -> None:
        """Another value from the end of the transaction on; None takes it away."""
        self._known[key] = self._changed[key] = value

    def load(self, keys: Iterable[str]) -> None:
        """Look many keys up at once, so that `get` need not ask for each."""
        unknown = list(dict.fromkeys(key for key in keys if key not in self._known))
        self._known.update(dict.fromkeys(unknown))
        for part in batches(unknown, AT_ONCE):
            found = self._connection.execute(STATES, {"keys": part})
            self._known.update((row.key, row.value) for row in found)

    def drop(self, first: str, before: str) -> None:
        """Take away all keys from `first` on and below `before`, in the order of text."""
        key = tables.state.c.key
        self._connection.execute(delete(tables.state).where(key >= first, key < before))
        for known in [each for each in self._known if first <= each < before]:
            self._known[known] = None
            self._changed.pop(known, None)

    def flush(self) -> None:
        """Write the changes down in the transaction."""
        if not self._changed:
            return
        self._connection.execute(FORGET, [{"old": key} for key in self._changed])
        rows = [{"key": key, "value": value} for key, value in self._changed.items() if value is not None]
        if rows:
            self._connection.execute(insert(tables.state), rows)
        self._changed.clear()
