"""What is known of the pages of others: where to look, what stood there, and which pages speak of what."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import delete, func, insert, select, update

from app.store.batches import batches
from app.store.database import Database
from app.store.tables.elsewhere import harvest_mention, harvest_page, harvest_source

WAITING, READ, FAILED, GONE = "wacht", "gelezen", "fout", "weg"
ACTIVE, STOPPED = "actief", "gestopt"
AT_ONCE = 500
Mention = tuple[str, str]
"""The kind of an entity, and its IRI at the source."""


@dataclass(frozen=True)
class Source:
    """A place where a municipality publishes its decisions; `outcome` is what came of the last run, in words."""

    id: str
    municipality: str
    url: str
    state: str
    created: str
    due: str
    ran: str | None = None
    outcome: str = ""


@dataclass(frozen=True)
class HarvestedPage:
    """A page as it was when it was last read; `graph` is N-Triples, None while nothing of it counts."""

    url: str
    source: str
    municipality: str
    state: str = WAITING
    due: str = ""
    fetched: str | None = None
    changed: str | None = None
    digest: str = ""
    etag: str = ""
    modified: str = ""
    misses: int = 0
    level: int | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()
    graph: bytes | None = None


class Harvests:
    """The three tables, each change durable by itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_source(self, source: Source) -> None:
        """Keep a source, or begin it anew under the same id."""
        with self._database.writing() as connection:
            connection.execute(delete(harvest_source).where(harvest_source.c.id == source.id))
            connection.execute(insert(harvest_source), source.__dict__)

    def change_source(self, id: str, **values: Any) -> None:
        """Know this otherwise of a source."""
        with self._database.writing() as connection:
            connection.execute(update(harvest_source).where(harvest_source.c.id == id), values)

    def source(self, id: str) -> Source | None:
        """The source with this id."""
        return next(iter(self._sources(harvest_source.c.id == id)), None)

    def sources(self, municipality: str | None = None) -> list[Source]:
        """Those of one municipality, or all."""
        return self._sources(*([] if municipality is None else [harvest_source.c.municipality == municipality]))

    def due_sources(self, now: str) -> list[Source]:
        """Those whose turn it is."""
        return self._sources(harvest_source.c.state == ACTIVE, harvest_source.c.due <= now)

    def page(self, url: str) -> HarvestedPage | None:
        """What is known of one page."""
        with self._database.reading() as connection:
            row = connection.execute(select(harvest_page).where(harvest_page.c.url == url)).first()
        return None if row is None else _page(row)

    def queue(self, source: str, pages: Iterable[HarvestedPage], most: int) -> tuple[int, int]:
        """Add pages that are not known yet, up to `most` of a source; answers how many were new, how many too many."""
        wanted, known = {page.url: page for page in pages}, set[str]()
        with self._database.writing() as connection:
            for part in batches(list(wanted), AT_ONCE):
                there = select(harvest_page.c.url).where(harvest_page.c.url.in_(part))
                known.update(connection.execute(there).scalars())
            counted = select(func.count()).where(harvest_page.c.source == source)
            room = max(0, most - int(connection.execute(counted).scalar() or 0))
            unknown = [page for url, page in wanted.items() if url not in known]
            if new := unknown[:room]:
                connection.execute(insert(harvest_page), [_row(page) for page in sorted(new, key=lambda one: one.url)])
        return len(new), len(unknown) - len(new)

    def next_page(self, source: str, now: str) -> HarvestedPage | None:
        """The page of a source that is due longest."""
        due = select(harvest_page).where(harvest_page.c.source == source, harvest_page.c.due <= now)
        with self._database.reading() as connection:
            row = connection.execute(due.order_by(harvest_page.c.due, harvest_page.c.url).limit(1)).first()
        return None if row is None else _page(row)

    def put_page(self, page: HarvestedPage, mentions: Sequence[Mention] | None = None) -> None:
        """Keep how a page stands, and with `mentions` what it speaks of now."""
        with self._database.writing() as connection:
            connection.execute(delete(harvest_page).where(harvest_page.c.url == page.url))
            connection.execute(insert(harvest_page), _row(page))
            if mentions is None:
                return
            connection.execute(delete(harvest_mention).where(harvest_mention.c.page == page.url))
            rows = [{"page": page.url, "entity": iri, "kind": kind} for kind, iri in dict.fromkeys(mentions)]
            if rows:
                connection.execute(insert(harvest_mention), rows)

    def mentions(self, page: str) -> list[Mention]:
        """What a page spoke of when it was last read."""
        wanted = select(harvest_mention.c.kind, harvest_mention.c.entity).where(harvest_mention.c.page == page)
        with self._database.reading() as connection:
            return [(row.kind, row.entity) for row in connection.execute(wanted)]

    def pages_about(self, entity: str) -> list[HarvestedPage]:
        """The pages that speak of an entity, the one that changed last first."""
        wanted = (
            select(harvest_page)
            .join(harvest_mention, harvest_mention.c.page == harvest_page.c.url)
            .where(harvest_mention.c.entity == entity, harvest_page.c.graph.is_not(None))
            .order_by(harvest_page.c.changed.desc(), harvest_page.c.url)
        )
        with self._database.reading() as connection:
            return [_page(row) for row in connection.execute(wanted)]

    def counts(self, source: str) -> dict[str, int]:
        """How many pages of a source there are in each state."""
        grouped = select(harvest_page.c.state, func.count()).where(harvest_page.c.source == source)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(grouped.group_by(harvest_page.c.state))}

    def troubled(self, source: str, limit: int = 50) -> list[HarvestedPage]:
        """The pages of a source that something was wrong with the last time."""
        wrong = select(harvest_page).where(harvest_page.c.source == source, harvest_page.c.problem != "")
        with self._database.reading() as connection:
            return [_page(row) for row in connection.execute(wrong.order_by(harvest_page.c.url).limit(limit))]

    def _sources(self, *conditions: Any) -> list[Source]:
        wanted = select(harvest_source).where(*conditions).order_by(harvest_source.c.due, harvest_source.c.id)
        with self._database.reading() as connection:
            return [Source(**row._mapping) for row in connection.execute(wanted)]


def _row(page: HarvestedPage) -> dict[str, Any]:
    packed = None if page.graph is None else zlib.compress(page.graph, 6)
    return {**page.__dict__, "notes": orjson.dumps(page.notes), "graph": packed}


def _page(row: Any) -> HarvestedPage:
    graph = None if row.graph is None else zlib.decompress(row.graph)
    return HarvestedPage(**{**row._mapping, "notes": tuple(orjson.loads(row.notes)), "graph": graph})
