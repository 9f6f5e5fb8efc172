"""Reads what municipalities publish: page after page of a source, each by itself, going on where it stopped.

    harvester = Harvester(register, Harvests(database), fetcher, tools, folder)
    harvester.run(source)        # Run(fetched=12, changed=3, written=40, …)

What is done with a page is on disk before the next is fetched, so a run that is broken off costs one page. A page that
cannot be read says why, and is tried again; one that is gone in two rounds takes along what only it said.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import structlog

from app.errors import LoketError, Refused
from app.exchange.decisions.order import number
from app.exchange.decisions.read import mentioned
from app.exchange.decisions.terms import PERSONAL
from app.exchange.fetching import Fetched, Fetcher, Known, NotFetched, Why
from app.exchange.harvest.follow import is_sitemap, leads_of, locations, same_site
from app.exchange.harvest.publish import Publisher
from app.exchange.publication.check import check_page
from app.exchange.publication.officials import Officials
from app.exchange.publication.profile import Profile
from app.exchange.rdfa.reading import Page, read_page
from app.exchange.rdfa.spellings import Spellings
from app.model.graph import Graph
from app.register.register import Register
from app.store.harvests import FAILED, GONE, READ, WAITING, HarvestedPage, Harvests, Source
from app.store.times import iso

log = structlog.get_logger("harvest")
ROUNDS = 2
# As many of one source are known, and read in one run.
MOST_PAGES = 50_000
ENDLESS = "Deze site noemt telkens nieuwe pagina's. We kennen er {most}, en volgen geen andere meer."
MOST_NOTES = 20
MOST_OFFICIALS = 200
SOON, DAY, LATE = timedelta(hours=1), timedelta(days=1), timedelta(days=30)


@dataclass
class Run:
    """What a run came to."""

    fetched: int = 0
    unchanged: int = 0
    changed: int = 0
    gone: int = 0
    written: int = 0
    found: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    is_endless: bool = False

    def __str__(self) -> str:
        told = (
            f"{self.fetched} pagina's opgehaald, {self.changed} gewijzigd, {self.gone} verdwenen, {self.found} nieuwe "
            f"adressen, {self.written} versies geschreven"
        )
        told += f", {len(self.problems)} problemen." if self.problems else "."
        return told + (f" {ENDLESS.format(most=MOST_PAGES)}" if self.is_endless else "")


@dataclass(frozen=True)
class ReadingTools:
    """What reading and checking a page need."""

    spellings: Spellings
    profiles: Mapping[str, Profile]
    officials: Officials | None = None

    def level_of(self, page: Page) -> int:
        """The level that a page reaches; people in office are asked after where somebody can be asked."""
        resolver = self.officials.asking(MOST_OFFICIALS) if self.officials else None
        return check_page(page, self.profiles, resolver=resolver).level


class Harvester:
    """Harvests sources into a register; `folder` keeps the pages as they came, each under the digest of its bytes."""

    def __init__(
        self, register: Register, harvests: Harvests, fetcher: Fetcher, tools: ReadingTools, folder: Path
    ) -> None:
        self._register = register
        self._harvests = harvests
        self._fetcher = fetcher
        self._tools = tools
        self._folder = folder

    def run(self, source: Source, limit: int = MOST_PAGES) -> Run:
        """Look at every page of a source whose time it is, and at those that they lead to."""
        run = Run()
        start = HarvestedPage(source.url, source.id, source.municipality, due=self._now())
        self._harvests.queue(source.id, [start], MOST_PAGES)
        known = self._harvests.page(source.url)
        if known is not None:  # where a source begins is looked at in every run: news is there first
            self._harvests.put_page(replace(known, due=min(known.due, self._now())))
        for _ in range(limit):
            page = self._harvests.next_page(source.id, self._now())
            if page is None:
                break
            self._visit(page, run)
        return run

    def read_file(self, page: HarvestedPage, body: bytes, charset: str | None = None) -> Run:
        """Take in one page that is here already."""
        run = Run(fetched=1)
        self._take(page, Fetched(page.url, 200, body, charset, "text/html"), run)
        return run

    def _visit(self, page: HarvestedPage, run: Run) -> None:
        """Fetch and read one page; whatever is wrong with it is its own problem and nobody else's."""
        try:
            fetched = self._fetcher.fetch(page.url, Known(page.etag, page.modified) if page.digest else None)
            run.fetched += 1
            self._settle(page, fetched, run)
        except NotFetched as error:
            wait = timedelta(seconds=error.retry_after) if error.retry_after else DAY
            self._failed(page, str(error), run, max(wait, SOON) if error.why is Why.BUSY else DAY)
        except LoketError as error:
            self._failed(page, error.title, run, DAY)
        except Exception as error:  # a fault of ours in one page must not stop the others; the log says where it is
            log.error("unexpected", page=page.url, error=type(error).__name__, exc_info=True)
            self._failed(page, "Er ging iets mis bij ons met deze pagina.", run, DAY)

    def _settle(self, page: HarvestedPage, fetched: Fetched, run: Run) -> None:
        if fetched.gone:
            self._missed(page, run)
        elif fetched.body is None:
            run.unchanged += 1
            self._harvests.put_page(self._looked_at(replace(page, misses=0, problem="", state=READ)))
        elif is_sitemap(fetched.body):
            self._follow(page, same_site(locations(fetched.body), page.url), run)
            self._harvests.put_page(self._looked_at(_known(page, fetched)))
        else:
            self._take(page, fetched, run)

    def _take(self, page: HarvestedPage, fetched: Fetched, run: Run) -> None:
        """Read a page that came, and settle what it says when it is not what it said."""
        assert fetched.body is not None
        now = _known(page, fetched)
        if now.digest == page.digest and page.state == READ:
            run.unchanged += 1
            self._harvests.put_page(self._looked_at(now))
            return
        if fetched.media_type and "html" not in fetched.media_type:
            raise Refused(f"Dit is geen HTML-pagina ({fetched.media_type}).")
        skolem = f"{self._register.schema.base}/.well-known/genid/"
        read = read_page(fetched.body, fetched.url, self._tools.spellings, skolem, fetched.charset)
        graph = _without_people(number(read))
        mentions = mentioned(graph)
        self._keep(now.digest, fetched.body)
        notes = tuple(_told(read))
        level = self._tools.level_of(read) if mentions else None
        now = replace(now, level=level, notes=notes, changed=self._now(), graph=graph.ntriples() if mentions else None)
        before = self._harvests.mentions(page.url)
        written, refused = self._publisher(page).publish(now, [*mentions, *before], graph if mentions else None)
        run.changed += 1
        run.written += written
        now = replace(now, problem="; ".join(dict.fromkeys(refused))[:500])
        self._harvests.put_page(self._looked_at(now), mentions)
        self._follow(page, leads_of(read), run)

    def _missed(self, page: HarvestedPage, run: Run) -> None:
        """Gone once may be a fault of theirs; gone twice is gone."""
        misses = page.misses + 1
        if misses < ROUNDS:
            due = iso(self._register.clock() + SOON)
            self._harvests.put_page(replace(page, misses=misses, due=due, problem="Hier staat niets meer."))
            return
        before = self._harvests.mentions(page.url)
        gone = replace(page, misses=misses, state=GONE, graph=None, digest="", etag="", modified="", problem="")
        written, _ = self._publisher(page).publish(gone, before, None)
        run.gone += 1
        run.written += written
        self._harvests.put_page(replace(gone, due=iso(self._register.clock() + LATE)), ())

    def _failed(self, page: HarvestedPage, why: str, run: Run, wait: timedelta) -> None:
        run.problems.append((page.url, why))
        state = FAILED if page.graph is None else page.state
        self._harvests.put_page(replace(page, state=state, problem=why, due=iso(self._register.clock() + wait)))

    def _follow(self, page: HarvestedPage, addresses: Sequence[str], run: Run) -> None:
        due = self._now()
        pages = (HarvestedPage(url, page.source, page.municipality, WAITING, due) for url in addresses)
        found, too_many = self._harvests.queue(page.source, pages, MOST_PAGES)
        run.found += found
        run.is_endless |= bool(too_many)

    def _looked_at(self, page: HarvestedPage) -> HarvestedPage:
        """Looked at now, and again the sooner the more recently it changed."""
        now = self._register.clock()
        age = now - datetime.fromisoformat(page.changed) if page.changed else timedelta()
        return replace(page, fetched=iso(now), due=iso(now + min(max(age / 10, DAY), LATE)))

    def _publisher(self, page: HarvestedPage) -> Publisher:
        return Publisher(self._register, self._harvests, page.municipality)

    def _keep(self, digest: str, body: bytes) -> None:
        path = raw_path(self._folder, digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".deel")
            partial.write_bytes(gzip.compress(body, 6, mtime=0))
            partial.replace(path)

    def _now(self) -> str:
        return iso(self._register.clock())


def raw_path(folder: Path, digest: str) -> Path:
    """Where a page is kept as it came."""
    return folder / digest[:2] / f"{digest}.html.gz"


def _known(page: HarvestedPage, fetched: Fetched) -> HarvestedPage:
    digest = sha256(fetched.body or b"").hexdigest()
    return replace(
        page, digest=digest, etag=fetched.known.etag, modified=fetched.known.modified, misses=0, problem="", state=READ
    )


def _without_people(graph: Graph) -> Graph:
    kept = Graph()
    for triple in graph:
        if triple.predicate not in PERSONAL:
            kept.add(triple.subject, triple.predicate, triple.object)  # type: ignore[arg-type]
    return kept


def _told(page: Page) -> list[str]:
    """What was mended, without the lines: they move with every other change."""
    return [f"{note.fault}: {note.before} → {note.after}" for note in page.notes if note.is_repair][:MOST_NOTES]
