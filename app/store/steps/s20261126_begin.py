"""From here on a database remembers which steps it has been through; all before are alike."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, String


def upgrade(op: Operations) -> None:
    """Make the table of steps."""
    op.create_table("schema_step", Column("name", String(100), primary_key=True))
