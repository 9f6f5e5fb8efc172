"""The steps from the tables of an older version to those of today; each is a module that is never changed again.

A step is `sYYYYMMDD_what_it_does.py` with one function, in which alembic's operations do the work, for SQLite and
PostgreSQL alike:

    def upgrade(op: Operations) -> None:
        op.create_table("klacht", Column("id", Integer, primary_key=True), Column("text", Text, nullable=False))
        op.create_index("klacht_by_time", "klacht", ["time"])

Who changes `tables*.py` adds one; `tests/store/test_migration.py` says so, and shows the lines to put in it.
"""
