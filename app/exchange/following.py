"""Follows the event streams of others and takes in what they say: each snapshot once, however often it comes.

    follower = Follower(register, reader, contexts, takers)
    follower.run(feed)          # Run(pages=212, taken=5300, …)

What a snapshot changed, that it was looked at and how far its page went are kept in one transaction: stopped at any
moment, the next run goes on from there. A snapshot that cannot go in is put aside with the reason and tried again; a
newer one of the same thing takes its place. Older ones than that are passed over. One page is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Protocol

import structlog

from app.errors import LoketError, Refused
from app.exchange.following_run import ENDLESS, Run
from app.exchange.ldes.client import FeedReader
from app.exchange.ldes.contexts import Contexts
from app.exchange.ldes.incoming import NO_ID, Member, Page, read_page, same_host
from app.model.dates import moment_key
from app.model.graph import RdfFormat
from app.register.agents import SYSTEM, Agent
from app.register.commands import Outcome
from app.register.desk import Desk
from app.register.register import Register
from app.store import followed
from app.store.batches import batches
from app.store.followed import APPLIED, ASIDE, Feed, KnownPage, Thing
from app.store.times import iso

log = structlog.get_logger("following")
AT_ONCE, MOST_TOLD = 50, 20
# As many of one stream are known; the largest that we know of has a few hundred.
MOST_PAGES = 100_000
LONGEST = timedelta(days=1)
HINTED = "Overgenomen. Voor wie dit product hier bewerkt, moet dit eerst in orde."
OUR_FAULT = "Er ging iets mis bij ons met deze versie."
# Clocks differ; more than this is a mistake.
AHEAD = timedelta(days=1)
TOO_NEW = "Deze versie zegt gemaakt te zijn op een dag die nog moet komen."
ELSEWHERE = "Een pagina verwijst naar een andere site; die volgen we niet: "


@dataclass(frozen=True)
class Arrival:
    """A snapshot that came: of what, made when (to compare as text), and what it says for the one who takes it in.

    `time` is that moment as it was written.
    """

    thing: str
    snapshot: str
    generated: str
    member: Member = field(repr=False)
    content: object = field(default=None, repr=False)
    time: str = ""
    error: LoketError | None = None


class Taker(Protocol):
    """What reads snapshots of one kind, and takes them into the register."""

    def read(self, member: Member) -> Arrival:
        """What a member says. Raises Refused when it cannot be read."""
        ...

    def take(self, arrival: Arrival, feed: Feed, code: str, desk: Desk) -> Outcome:
        """Take it in; `code` is what it was known by here, if it was. Raises what `handle` does."""
        ...


@dataclass(frozen=True)
class Follower:
    """Takes streams into a register, each kind by its taker."""

    register: Register
    reader: FeedReader
    contexts: Contexts
    takers: Mapping[str, Taker]

    def run(self, feed: Feed, pages: int = MOST_PAGES) -> Run:
        """Look at every page that may have news, and try again what was aside and is due."""
        run, database = Run(), self.register.log.database
        started = self._now()
        with database.writing() as connection:
            followed.add_pages(connection, feed.id, [feed.url], MOST_PAGES)
        self.retry(feed, run)
        for _ in range(pages):
            page = followed.next_page(database, feed.id, started, self._now())
            if page is None:
                break
            self._visit(feed, page, run)
        return run

    def retry(self, feed: Feed, run: Run) -> None:
        """Try again what was aside and is due."""
        database, tried = self.register.log.database, set[str]()
        while due := [t for t in followed.aside(database, feed.id, self._now(), AT_ONCE) if t.thing not in tried]:
            tried |= {each.thing for each in due}
            arrivals = [self._read(feed, _member(each)) for each in due]
            self._settle(feed, arrivals, run, {each.thing for each in due})
            named = [t for t, arrival in zip(due, arrivals, strict=True) if t.thing != arrival.thing]
            with database.writing() as connection:  # what now says of what it is a version, is known by that
                followed.drop_things(connection, named)

    def rehearse(self, feed: Feed) -> Run:
        """What a run over the whole stream from its beginning would come to; nothing is kept, page by page."""
        run, todo, seen = Run(), [feed.url], set[str]()
        while todo and len(seen) < MOST_PAGES:
            url = todo.pop(0)
            if url in seen:
                continue
            seen.add(url)
            page = self._fetched(url, "", run)
            if page is None:
                continue
            todo += [link for link in page.links if same_host(feed.url, link)]
            arrivals = [self._read(feed, member) for member in page.members]
            with suppress(_Undone):
                self._attempt(feed, arrivals, run, frozenset(each.thing for each in arrivals), _undo)
        return run

    def _visit(self, feed: Feed, known: KnownPage, run: Run) -> None:
        """Fetch a page and take in what it has; whatever is wrong with it is its own problem."""
        try:
            answer = self.reader.get(known.url, known.etag)
            body = answer.body
            page = None if body is None else read_page(body, answer.media_type, known.url, self.contexts)
        except LoketError as error:
            self._failed(known, error, run)
            return
        run.pages += 1
        done = replace(known, read=self._now(), etag=answer.etag, attempts=0, problem="")
        if page is None:
            self._keep(done)
            return
        arrivals = [self._read(feed, member) for member in page.members]
        for part in batches(arrivals, AT_ONCE):
            self._settle(feed, part, run)
        elsewhere = [link for link in page.links if not same_host(feed.url, link)]
        run.problems += [(known.url, ELSEWHERE + link) for link in elsewhere[:MOST_TOLD]]
        links = [link for link in page.links if same_host(feed.url, link)]
        done = replace(done, closed=page.closed, problem=ELSEWHERE + elsewhere[0] if elsewhere else "")
        if self._keep(done, links):
            run.most = MOST_PAGES
            self._keep(replace(done, problem=ENDLESS.format(most=MOST_PAGES)))

    def _fetched(self, url: str, etag: str, run: Run) -> Page | None:
        try:
            answer = self.reader.get(url, etag)
            run.pages += 1
            return read_page(answer.body or b"", answer.media_type, url, self.contexts)
        except LoketError as error:
            run.problems.append((url, error.title))
            return None

    def _failed(self, known: KnownPage, error: LoketError, run: Run) -> None:
        run.problems.append((known.url, error.title))
        attempts = known.attempts + 1
        due = iso(self.register.clock() + _wait(attempts))
        self._keep(replace(known, read=self._now(), attempts=attempts, due=due, problem=error.title))

    def _keep(self, page: KnownPage, links: Iterable[str] = ()) -> int:
        """Note how a page stands and where it leads; answers how many addresses were too many."""
        with self.register.log.database.writing() as connection:
            followed.put_page(connection, page)
            return followed.add_pages(connection, page.feed, links, MOST_PAGES)

    def _read(self, feed: Feed, member: Member) -> Arrival:
        """What a member says, or why that cannot be told."""
        name = member.id or f"urn:sha256:{sha256(member.data()).hexdigest()}"
        try:
            if not member.id:
                raise Refused(NO_ID)
            arrival = self.takers[feed.kind].read(member)
            if arrival.generated > moment_key(iso(self.register.clock() + AHEAD)):
                # Known by itself alone: nothing that is really newer would ever come in after it.
                return Arrival(arrival.snapshot, arrival.snapshot, "", member, error=Refused(TOO_NEW))
            return arrival
        except LoketError as error:
            return Arrival(name, name, "", member, error=error)
        except Exception as error:  # a fault of ours in one member must not stop the others; the log says where it is
            log.error("unexpected", member=name, error=type(error).__name__, exc_info=True)
            return Arrival(name, name, "", member, error=Refused(OUR_FAULT))

    def _settle(self, feed: Feed, arrivals: Sequence[Arrival], run: Run, again: Iterable[str] = ()) -> None:
        """Take these in, in one transaction; when something unforeseen breaks it, each in one of its own."""
        before = replace(run, aside=list(run.aside), hinted=list(run.hinted))
        try:
            self._attempt(feed, arrivals, run, frozenset(again))
        except Exception as error:
            run.taken, run.same, run.aside, run.hinted = before.taken, before.same, before.aside, before.hinted
            if len(arrivals) > 1:
                for each in arrivals:
                    self._settle(feed, [each], run, again)
                return
            log.error("unexpected", feed=feed.id, error=type(error).__name__, exc_info=True)
            broken = [replace(each, error=Refused(OUR_FAULT)) for each in arrivals]
            self._attempt(feed, broken, run, frozenset(again))

    def _attempt(
        self, feed: Feed, arrivals: Sequence[Arrival], run: Run, again: frozenset[str],
        then: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        agent = Agent(f"{self.register.schema.base}/id/systeem/{feed.id}", feed.label, SYSTEM)
        with self.register.log.transaction() as transaction:
            desk = Desk(self.register, transaction, agent, f"Feed {feed.label}", self.register.today())
            known = followed.things(transaction.connection, feed.id, {each.thing for each in arrivals})
            new: dict[str, Thing] = {}
            for arrival in arrivals:
                before = new.get(arrival.thing) or known.get(arrival.thing)
                thing = self._one(feed, arrival, before, arrival.thing in again, desk, run)
                if thing is not None:
                    new[thing.thing] = thing
            followed.put_things(transaction.connection, list(new.values()))
            then()

    def _one(
        self, feed: Feed, arrival: Arrival, known: Thing | None, again: bool, desk: Desk, run: Run
    ) -> Thing | None:
        """What is known of a thing after this snapshot; None when nothing new is."""
        if known is not None and not (again and known.snapshot == arrival.snapshot):
            if known.generated >= arrival.generated:
                run.same += 1
                return None
            again = False
        code = known.code if known else ""
        thing = Thing(feed.id, arrival.thing, arrival.snapshot, arrival.generated, APPLIED, code, time=self._now())
        try:
            if arrival.error:
                raise arrival.error
            outcome = self.takers[feed.kind].take(arrival, feed, code, desk)
        except LoketError as error:
            attempts = known.attempts + 1 if known is not None and again else 1
            due, member = iso(self.register.clock() + _wait(attempts)), arrival.member
            thing = replace(thing, state=ASIDE, why=told(error), attempts=attempts, due=due,
                            data=member.data(), format=member.format.media_type)  # fmt: skip
            run.aside.append(thing)
            return thing
        run.taken += outcome.sequence is not None
        run.same += outcome.sequence is None
        thing = replace(thing, code=outcome.code)
        if outcome.hints:
            thing = replace(thing, why=told(Refused(HINTED, outcome.hints)))
            run.hinted.append(thing)
        return thing

    def _now(self) -> str:
        return iso(self.register.clock())


class _Undone(Exception):
    """Ends a transaction that was only a rehearsal."""


def _undo() -> None:
    raise _Undone


def _member(thing: Thing) -> Member:
    """A snapshot that was put aside, as it came."""
    format = RdfFormat.from_media_type(thing.format) or RdfFormat.N_TRIPLES
    return Member(thing.snapshot, thing.data or b"", format)


def _wait(attempts: int) -> timedelta:
    """A minute, two, four … up to a day."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 12)), LONGEST)


def told(error: LoketError) -> str:
    """The reason, and on a line of its own each field that is wrong."""
    problems = error.problems if isinstance(error, Refused) else ()
    return "\n".join((error.title, *(f"{each.path}: {each.message}" for each in problems)))
