"""Tables of the desks: lists of associations on their way in."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from app.store.tables.log import metadata

# A list that somebody brings in by browser. The list itself stands in the vault, under the address of the row, for it
# holds persons; `agent` is whoever brought it in, `outcomes` what became of each row, without any value of it.
list_import = Table(
    "list_import",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("municipality", String(5), nullable=False),
    Column("agent", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("lease", String(27)),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("counts", Text, nullable=False),
    Column("outcomes", LargeBinary, nullable=False),
    Column("problem", Text, nullable=False),
    Column("created", String(27), nullable=False),
    Column("changed", String(27), nullable=False),
    Index("list_import_by_owner", "owner", "created"),
    Index("list_import_by_state", "state", "changed"),
)
