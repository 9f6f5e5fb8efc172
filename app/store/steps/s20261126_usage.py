"""Figures of use, and what reports answered."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, Integer, LargeBinary, String, Text


def upgrade(op: Operations) -> None:
    """Make the tables of counts, marks, salts and answers."""
    op.create_table(
        "usage_count",
        Column("day", String(10), primary_key=True),
        Column("event", String(20), primary_key=True),
        Column("subject", Text, primary_key=True),
        Column("place", String(5), primary_key=True),
        Column("times", Integer, nullable=False),
        Column("visitors", Integer, nullable=False),
    )
    op.create_index("usage_count_by_event", "usage_count", ["event", "subject"])
    op.create_table(
        "usage_mark",
        Column("day", String(10), primary_key=True),
        Column("mark", LargeBinary(8), primary_key=True),
    )
    op.create_table(
        "usage_salt",
        Column("day", String(10), primary_key=True),
        Column("salt", LargeBinary(32), nullable=False),
    )
    op.create_table(
        "report_answer",
        Column("key", String(64), primary_key=True),
        Column("made", String(27), nullable=False),
        Column("stand", Text, nullable=False),
        Column("milliseconds", Integer, nullable=False),
        Column("rows", LargeBinary, nullable=False),
    )
