"""Tables of what stands elsewhere: checks with other registers, pages that are harvested, feeds that are followed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from app.store.tables.log import metadata

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
    Column("purpose", String(40), nullable=False, server_default=""),
    Index("register_call_by_subject", "subject"),
    Index("register_call_by_service", "service", "id"),
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
# Of whom MAGDA has us in its repertory: of each person (by a blind index) and enterprise where that stands. The number
# of an enterprise stands here, that of a person in the vault, under the IRI of the inscription.
inscription = Table(
    "inscription",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("register", String(20), nullable=False),
    Column("number", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("detail", Text, nullable=False),
    Column("changed", String(27), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", String(27)),
    Index("inscription_by_due", "due"),
)
