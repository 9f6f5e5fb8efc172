"""What is known of the event streams of others: their pages, and how far each thing in them went in.

Writes take a connection, so that what is known goes down in the transaction of what was done with it.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from app.store.batches import batches
from app.store.database import Database
from app.store.tables.elsewhere import followed_feed, followed_owner, followed_page, followed_thing

ACTIVE, STOPPED = "actief", "gestopt"
APPLIED, ASIDE = "verwerkt", "opzij"
CONCEPTS, PRODUCTS = "concept", "product"
AT_ONCE = 500
FEED, PAGE, THING, OWNER = followed_feed.c, followed_page.c, followed_thing.c, followed_owner.c


@dataclass(frozen=True)
class Feed:
    """A stream that we follow; `outcome` is what came of the last run, in words."""

    id: str
    kind: str
    url: str
    label: str
    state: str
    created: str
    due: str
    ran: str | None = None
    outcome: str = ""


@dataclass(frozen=True)
class KnownPage:
    """A page of it; `closed` when a later one follows, so that it never changes."""

    feed: str
    url: str
    place: int = 0
    closed: bool = False
    etag: str = ""
    read: str = ""
    attempts: int = 0
    due: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Thing:
    """The latest snapshot of a thing that we looked at; `data` and `format` while it is aside.

    `why` it is aside; of one that went in, what could be better."""

    feed: str
    thing: str
    snapshot: str
    generated: str
    state: str
    code: str = ""
    why: str = ""
    time: str = ""
    attempts: int = 0
    due: str = ""
    format: str = ""
    data: bytes | None = field(default=None, repr=False)


def feeds(database: Database) -> list[Feed]:
    """All of them, by name."""
    with database.reading() as connection:
        rows = connection.execute(select(followed_feed).order_by(FEED.kind, FEED.label, FEED.id)).all()
    return [Feed(**row._mapping) for row in rows]


def feed_with(database: Database, id: str) -> Feed | None:
    """The stream with this id."""
    return next((each for each in feeds(database) if each.id == id), None)


def put_feed(connection: Connection, feed: Feed) -> None:
    """Follow a stream, or know it otherwise; one that moved is read anew, and what it brought stays known."""
    before = connection.execute(select(FEED.url).where(FEED.id == feed.id)).scalar()
    if before is not None and before != feed.url:
        connection.execute(delete(followed_page).where(PAGE.feed == feed.id))
    connection.execute(delete(followed_feed).where(FEED.id == feed.id))
    connection.execute(insert(followed_feed), dict(feed.__dict__))


def note_run(connection: Connection, id: str, ran: str, due: str, outcome: str) -> None:
    """What came of a run, and when the next one is."""
    connection.execute(update(followed_feed).where(FEED.id == id).values(ran=ran, due=due, outcome=outcome))


def set_state(connection: Connection, id: str, state: str) -> None:
    """Follow a stream, or not."""
    connection.execute(update(followed_feed).where(FEED.id == id).values(state=state))


def ask_now(connection: Connection, id: str, now: str) -> None:
    """Have a stream looked at in the next turn, and all that is wrong with it tried again."""
    connection.execute(update(followed_feed).where(FEED.id == id).values(due=now))
    connection.execute(update(followed_page).where(PAGE.feed == id).values(due=now))
    connection.execute(update(followed_thing).where(THING.feed == id, THING.state == ASIDE).values(due=now))


def add_pages(connection: Connection, feed: str, urls: Iterable[str], most: int) -> int:
    """Remember pages that are not known yet, behind those that are, up to `most` in all; answers how many too many."""
    wanted, known = list(dict.fromkeys(urls)), set[str]()
    for part in batches(wanted, AT_ONCE):
        asked = select(PAGE.url).where(PAGE.feed == feed, PAGE.url.in_(part))
        known.update(connection.execute(asked).scalars())
    counted = select(func.count(), func.max(PAGE.place)).where(PAGE.feed == feed)
    count, last = connection.execute(counted).one()
    unknown = [url for url in wanted if url not in known]
    new = [KnownPage(feed, url, place) for place, url in enumerate(unknown[: max(0, most - count)], (last or 0) + 1)]
    if new:
        connection.execute(insert(followed_page), [dict(page.__dict__) for page in new])
    return len(unknown) - len(new)


def next_page(database: Database, feed: str, before: str, now: str) -> KnownPage | None:
    """The first page that may have news and was not read since `before`."""
    open_ones = (PAGE.feed == feed) & PAGE.closed.is_(False) & (PAGE.read < before) & (PAGE.due <= now)
    with database.reading() as connection:
        row = connection.execute(select(followed_page).where(open_ones).order_by(PAGE.place).limit(1)).first()
    return None if row is None else KnownPage(**row._mapping)


def put_page(connection: Connection, page: KnownPage) -> None:
    """How a page stands."""
    same = (PAGE.feed == page.feed) & (PAGE.url == page.url)
    connection.execute(update(followed_page).where(same).values(**page.__dict__))


def pages_of(database: Database, feed: str) -> tuple[int, list[KnownPage]]:
    """How many pages were read to their end, and those with a problem."""
    closed = select(func.count()).where(PAGE.feed == feed, PAGE.read != "")
    wrong = select(followed_page).where(PAGE.feed == feed, PAGE.problem != "").order_by(PAGE.place).limit(50)
    with database.reading() as connection:
        count = connection.execute(closed).scalar() or 0
        return int(count), [KnownPage(**row._mapping) for row in connection.execute(wrong)]


def things(connection: Connection, feed: str, names: Collection[str]) -> dict[str, Thing]:
    """What is known of these things."""
    found: dict[str, Thing] = {}
    for part in batches(list(names), AT_ONCE):
        asked = select(followed_thing).where(THING.feed == feed, THING.thing.in_(part))
        found |= {row.thing: _thing(row) for row in connection.execute(asked)}
    return found


def drop_things(connection: Connection, those: Collection[Thing]) -> None:
    """Know nothing of these any more."""
    for each in those:
        same = (THING.feed == each.feed) & (THING.thing == each.thing)
        connection.execute(delete(followed_thing).where(same))


def put_things(connection: Connection, new: Collection[Thing]) -> None:
    """Know these, each in the place of what was known of it."""
    drop_things(connection, new)
    if new:
        connection.execute(insert(followed_thing), [_row(each) for each in new])


def aside(database: Database, feed: str, due: str | None = None, limit: int = 100) -> list[Thing]:
    """What was put aside, longest due first; with `due` only what is to be tried again by then."""
    conditions: list[ColumnElement[bool]] = [THING.feed == feed, THING.state == ASIDE]
    if due is not None:
        conditions.append(THING.due <= due)
    wanted = select(followed_thing).where(*conditions).order_by(THING.due, THING.thing).limit(limit)
    with database.reading() as connection:
        return [_thing(row) for row in connection.execute(wanted)]


def hinted(database: Database, feed: str, limit: int = 100) -> list[Thing]:
    """What went in though something in it could be better, the latest first."""
    conditions = (THING.feed == feed, THING.state == APPLIED, THING.why != "")
    wanted = select(followed_thing).where(*conditions).order_by(THING.time.desc(), THING.thing).limit(limit)
    with database.reading() as connection:
        return [_thing(row) for row in connection.execute(wanted)]


def counts(database: Database, feed: str) -> dict[str, int]:
    """How many things there are in each state."""
    grouped = select(THING.state, func.count()).where(THING.feed == feed).group_by(THING.state)
    with database.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(grouped)}


def owners(connection: Connection, feed: str) -> frozenset[str]:
    """The organisations that a stream may speak for."""
    return frozenset(connection.execute(select(OWNER.owner).where(OWNER.feed == feed)).scalars())


def allow_owner(connection: Connection, feed: str, owner: str, now: str, by: str) -> None:
    """Let a stream speak for an organisation."""
    forbid_owner(connection, feed, owner)
    connection.execute(insert(followed_owner), {"feed": feed, "owner": owner, "given": now, "given_by": by})


def forbid_owner(connection: Connection, feed: str, owner: str) -> None:
    """Let it no more; what it brought stays."""
    connection.execute(delete(followed_owner).where(OWNER.feed == feed, OWNER.owner == owner))


def _thing(row: Any) -> Thing:
    data = None if row.data is None else zlib.decompress(row.data)
    return Thing(**{**row._mapping, "data": data})


def _row(thing: Thing) -> dict[str, Any]:
    return {**thing.__dict__, "data": None if thing.data is None else zlib.compress(thing.data, 6)}
