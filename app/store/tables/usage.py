"""Tables of figures: how much is used, counted without anybody in it, and reports that were made before."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from app.store.tables.log import metadata

# How often something happened on a day, and with how many visitors; older days are joined to months.
usage = Table(
    "usage_count",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("event", String(20), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("place", String(5), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("visitors", Integer, nullable=False),
    Index("usage_count_by_event", "event", "subject"),
)
# Of this very day: who was counted already for what, as a hash that nobody can make again once the salt of the day is
# gone. A mark holds what it was made for, so that two marks of one visitor have nothing in common.
usage_mark = Table(
    "usage_mark",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("mark", LargeBinary(8), primary_key=True),
)
usage_salt = Table(
    "usage_salt",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("salt", LargeBinary(32), nullable=False),
)
# What a report answered, and when: so that a slow one is asked once, by one process.
report_answer = Table(
    "report_answer",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("made", String(27), nullable=False),
    Column("stand", Text, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("rows", LargeBinary, nullable=False),
)
