"""Tables of what goes out to people and what comes back: subscriptions, messages, feedback."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from app.store.tables.log import metadata

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
