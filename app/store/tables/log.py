"""The tables of the log database; nothing in them but the vault holds a personal value, and that one encrypted."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()
# The truth: one row for each version of each entity, never changed and never removed.
version = Table(
    "version",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("entity", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("operation", String(6), nullable=False),
    Column("time", String(27), nullable=False),
    Column("activity", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("public", LargeBinary),
    Column("internal", LargeBinary, nullable=False),
    Column("replaced_by", Text),
    # For whom the actor acted; empty when for itself.
    Column("on_behalf_of", Text, nullable=False),
    UniqueConstraint("entity", "number"),
)
# Where each entity stands now. `id` is the sequence of its first version: other tables point with it, not with the IRI.
head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("entity", Text, nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("code", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("digest", LargeBinary),
    Column("feeds", Text, nullable=False),
    Column("names", LargeBinary, nullable=False),
    Column("summary", LargeBinary, nullable=False),
    Index("head_by_kind", "kind", "code"),
)
# What only one entity may hold (a KBO number), and what several may share (a normalised name).
claim = Table(
    "claim",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("head", Integer, nullable=False),
    sqlite_with_rowid=False,
)
key = Table(
    "key",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("head", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("size", Integer, nullable=False),
)
member = Table(
    "member",
    metadata,
    Column("feed", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
    Column("operation", String(6), nullable=False),
    sqlite_with_rowid=False,
)
# Which steps between versions this database has been through: see `store.migration`.
schema_step = Table("schema_step", metadata, Column("name", String(100), primary_key=True))
counter = Table(
    "counter", metadata, Column("series", String(40), primary_key=True), Column("last", Integer, nullable=False)
)
state = Table("state", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
# `subject` is the blind index of the person (HMAC of the INSZ), `digest` that of all values: useless without the key.
vault = Table(
    "vault",
    metadata,
    Column("node", Text, primary_key=True),
    Column("entity", Text, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("subject", LargeBinary),
    Index("vault_by_entity", "entity"),
    Index("vault_by_subject", "subject"),
)
access_log = Table(
    "access_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("time", String(27), nullable=False),
    Column("reader", Text, nullable=False),
    Column("on_behalf_of", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("what", String(10), nullable=False),
    Column("fields", Text, nullable=False),
    Index("access_log_by_entity", "entity"),
    Index("access_log_by_deed", "what", "id"),
)
# Messages to send and work to do, committed together with the version that calls for them.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("topic", String(40), nullable=False),
    Column("time", String(27), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("sent", String(27)),
    Index("outbox_by_topic", "topic", "sent", "id"),
)
task = Table(
    "task",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("queue", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("time", String(27), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("done", String(27)),
    Column("outcome", Text),
    Index("task_by_queue", "queue", "done", "id"),
)
# Who is logged in: of the key in the browser we know only the digest, of the person only a pseudonym and a blind index.
session = Table(
    "session",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("account", String(40), nullable=False),
    Column("capacities", LargeBinary, nullable=False),
    Column("chosen", Integer),
    Column("subject", LargeBinary),
    Column("owner", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("started", String(27), nullable=False),
    Column("seen", String(27), nullable=False),
    Index("session_by_owner", "owner"),
)
authorisation = Table(
    "authorisation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("vendor", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("nis", String(5), nullable=False),
    Column("given", String(27), nullable=False),
    Column("given_by", Text, nullable=False),
    Column("withdrawn", String(27), nullable=False),
    Column("withdrawn_by", Text, nullable=False),
    Index("authorisation_by_vendor", "vendor", "nis"),
)
