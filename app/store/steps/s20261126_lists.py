"""Lists that are brought in by browser."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, Integer, LargeBinary, String, Text


def upgrade(op: Operations) -> None:
    """Make the table of lists on their way in."""
    op.create_table(
        "list_import",
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
    )
    op.create_index("list_import_by_owner", "list_import", ["owner", "created"])
    op.create_index("list_import_by_state", "list_import", ["state", "changed"])
