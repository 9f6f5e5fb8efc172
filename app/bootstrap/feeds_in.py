"""Settings -> what follows the event streams of others, and the thread that does so in its time."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import structlog

from app.bootstrap.ambient import root, tls
from app.bootstrap.beside import SELDOM_SECONDS, in_turns
from app.config import Settings
from app.errors import LoketError, Problem
from app.exchange.following import Follower, Taker
from app.exchange.following_run import Run
from app.exchange.guarded import open_internet
from app.exchange.ldes.client import FeedReader
from app.exchange.ldes.contexts import load_contexts
from app.exchange.products.ipdc_concepts import ConceptTaker
from app.exchange.products.vendor_products import VendorTaker, nobody_unknown
from app.model.fields import Document
from app.register.register import Register
from app.store import followed
from app.store.followed import ACTIVE, CONCEPTS, PRODUCTS, STOPPED, Feed
from app.store.times import iso

IPDC = "ipdc"
LOOK_SECONDS = 5.0
# In one turn, so that every stream gets one: the next goes on where this one stopped.
PAGES_AT_ONCE = 10
AGENT = "verenigingsloket"


@contextmanager
def open_follower(
    settings: Settings,
    register: Register,
    unknown: Callable[[Document], Iterable[Problem]] = nobody_unknown,
    transport: httpx.BaseTransport | None = None,
) -> Iterator[Follower]:
    """One that keeps to the rate in the settings; `unknown` names authorities that nobody knows.

    `transport` stands in for the network.
    """
    times = httpx.Timeout(settings.neighbour_timeout, connect=min(5.0, settings.neighbour_timeout))
    named = {"user-agent": AGENT}
    way = transport or _way(settings)
    client = httpx.Client(timeout=times, follow_redirects=False, headers=named, transport=way)
    with closing(client):
        reader = FeedReader(client, time.monotonic, time.sleep, random.random, settings.follow_requests)
        contexts = load_contexts(root())
        takers: Mapping[str, Taker] = {
            CONCEPTS: ConceptTaker(register, settings.ipdc_environment),
            PRODUCTS: VendorTaker(register, contexts, unknown),
        }
        yield Follower(register, reader, contexts, takers)


def _way(settings: Settings) -> httpx.BaseTransport:
    """To the open internet; what the operator names may stand in a closed network, and all may when a setting says."""
    if settings.fetch_private:
        return httpx.HTTPTransport(verify=tls())
    host = urlsplit(settings.ipdc_feed).hostname
    return open_internet(tls(), [host] if host else [])


def settle_ipdc(settings: Settings, register: Register) -> Feed | None:
    """The stream of the IPDC as the settings have it; without an address it is not followed any more."""
    database, now = register.log.database, iso(register.clock())
    known = followed.feed_with(database, IPDC)
    if not settings.ipdc_feed and known is None:
        return None
    created = known.created if known else now
    url = settings.ipdc_feed or (known.url if known else "")
    state = ACTIVE if settings.ipdc_feed else STOPPED
    ran, outcome = (known.ran, known.outcome) if known else (None, "")
    feed = Feed(IPDC, CONCEPTS, url, "Concepten van de IPDC", state, created, now, ran, outcome)
    with database.writing() as connection:
        followed.put_feed(connection, feed)
    return feed


@contextmanager
def following_feeds(follower: Follower, every: timedelta) -> Iterator[None]:
    """Look at each stream when its turn comes, one at a time."""
    register = follower.register

    def look(stop: threading.Event) -> None:
        now = iso(register.clock())
        for feed in followed.feeds(register.log.database):
            if stop.is_set():
                return
            if feed.state == ACTIVE and feed.due <= now:
                take_turn(follower, feed, every)

    with in_turns("follow-feeds", look, register.log.database.bell, LOOK_SECONDS, SELDOM_SECONDS):
        yield


def take_turn(follower: Follower, feed: Feed, every: timedelta) -> Run | None:
    """One turn of a stream; its next one follows at once while pages of it wait."""
    register = follower.register
    started = register.clock()
    run, outcome = None, ""
    try:
        run = follower.run(feed, PAGES_AT_ONCE)
        outcome = str(run)
    except LoketError as error:
        outcome = error.title
        structlog.get_logger("following").warning("feed failed", feed=feed.id, why=error.title)
    except Exception as error:  # the thread has other streams to look at; the log says where it is
        outcome = "Er ging iets mis bij ons."
        structlog.get_logger("following").error("unexpected", error=type(error).__name__, exc_info=True)
    now = register.clock()
    more = followed.next_page(register.log.database, feed.id, iso(started), iso(now)) is not None
    with register.log.database.writing() as connection:
        followed.note_run(connection, feed.id, iso(now), iso(now if more and run else now + every), outcome)
    return run
