"""Whom MAGDA has us follow, and for what purpose it was called."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, Integer, String, Text


def upgrade(op: Operations) -> None:
    """Make the table of inscriptions, and let a call tell its purpose; of earlier ones that is not known."""
    op.create_table(
        "inscription",
        Column("id", String(64), primary_key=True),
        Column("register", String(20), nullable=False),
        Column("number", String(20), nullable=False),
        Column("state", String(20), nullable=False),
        Column("detail", Text, nullable=False),
        Column("changed", String(27), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("due", String(27)),
    )
    op.create_index("inscription_by_due", "inscription", ["due"])
    op.add_column("register_call", Column("purpose", String(40), nullable=False, server_default=""))
    op.create_index("register_call_by_service", "register_call", ["service", "id"])
