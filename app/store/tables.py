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

# Who wants to be told of what. The address itself stands in the vault, under the IRI of the subscription; `standing`
# is what its owner might know when it was made, and `since` the sequence after which it holds.
subscription = Table(
    "subscription",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("occasions", Text, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("rhythm", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("created", String(27), nullable=False),
    Column("since", Integer, nullable=False),
    Index("subscription_by_owner", "owner", "created"),
)

# One message to one subscriber; the id is made of both, so that none can be there twice. While somebody sends it,
# `lease` says until when nobody else does.
delivery = Table(
    "delivery",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("subscription", String(64), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("state", String(10), nullable=False),
    Column("created", String(27), nullable=False),
    Column("due", String(27), nullable=False),
    Column("lease", String(27)),
    Column("attempts", Integer, nullable=False),
    Column("finished", String(27)),
    Column("outcome", Text, nullable=False),
    Index("delivery_by_due", "state", "due"),
    Index("delivery_by_subscription", "subscription", "created"),
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

# What was compared with other registers, and every call that was made to them.
check = Table(
    "register_check",
    metadata,
    Column("node", Text, primary_key=True),
    Column("register", String(20), primary_key=True),
    Column("entity", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("state", String(30), nullable=False),
    Column("detail", Text, nullable=False),
    Column("time", String(27), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", String(27)),
    Index("register_check_by_entity", "entity"),
    Index("register_check_due", "due"),
)
call = Table(
    "register_call",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("time", String(27), nullable=False),
    Column("service", String(40), nullable=False),
    Column("reference", Text, nullable=False),
    Column("on_behalf_of", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("outcome", String(80), nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Index("register_call_by_subject", "subject"),
)

# What readers said of the page of a product. What they wrote, and the answer, stand in the vault under the IRI of the
# row; `state` is where it stands in the work list of the administration whose product it is.
feedback = Table(
    "feedback",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("product", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("clear", Boolean),
    Column("source", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("created", String(27), nullable=False),
    Column("changed", String(27), nullable=False),
    Column("written", Boolean, nullable=False),
    Column("answered", Boolean, nullable=False),
    Index("feedback_by_owner", "owner", "state", "created"),
    Index("feedback_by_product", "product", "state"),
)

# Where municipalities publish their decisions, and what stood on each page when it was last read. `graph` is what the
# page said then, packed; a page that is gone has none. `due` says when it is to be looked at again.
harvest_source = Table(
    "harvest_source",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("municipality", String(10), nullable=False),
    Column("url", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("created", String(27), nullable=False),
    Column("due", String(27), nullable=False),
    Column("ran", String(27)),
    Column("outcome", Text, nullable=False),
    Index("harvest_source_by_municipality", "municipality"),
)
harvest_page = Table(
    "harvest_page",
    metadata,
    Column("url", Text, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("municipality", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("due", String(27), nullable=False),
    Column("fetched", String(27)),
    Column("changed", String(27)),
    Column("digest", String(64), nullable=False),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("level", Integer),
    Column("problem", Text, nullable=False),
    Column("notes", LargeBinary, nullable=False),
    Column("graph", LargeBinary),
    Index("harvest_page_by_due", "source", "due"),
)
harvest_mention = Table(
    "harvest_mention",
    metadata,
    Column("page", Text, primary_key=True),
    Column("entity", Text, primary_key=True),
    Column("kind", String(40), nullable=False),
    Index("harvest_mention_by_entity", "entity"),
)

# The event streams of others that we follow: where they begin, which pages they have, and of each thing in them the
# latest snapshot that we looked at. `data` is a snapshot that was put aside, packed, until it goes in or a newer one
# comes. `followed_owner` says for whom a stream may speak.
followed_feed = Table(
    "followed_feed",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("url", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("created", String(27), nullable=False),
    Column("due", String(27), nullable=False),
    Column("ran", String(27)),
    Column("outcome", Text, nullable=False),
)
followed_page = Table(
    "followed_page",
    metadata,
    Column("feed", String(40), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("etag", Text, nullable=False),
    Column("read", String(27), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", String(27), nullable=False),
    Column("problem", Text, nullable=False),
    Index("followed_page_by_place", "feed", "closed", "place"),
)
followed_thing = Table(
    "followed_thing",
    metadata,
    Column("feed", String(40), primary_key=True),
    Column("thing", Text, primary_key=True),
    Column("snapshot", Text, nullable=False),
    Column("generated", String(30), nullable=False),
    Column("state", String(10), nullable=False),
    Column("code", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("time", String(27), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", String(27), nullable=False),
    Column("format", String(40), nullable=False),
    Column("data", LargeBinary),
    Index("followed_thing_by_state", "feed", "state", "due"),
)
followed_owner = Table(
    "followed_owner",
    metadata,
    Column("feed", String(40), primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("given", String(27), nullable=False),
    Column("given_by", Text, nullable=False),
)
