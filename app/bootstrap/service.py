"""Settings -> Service: everything that answers requests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.bootstrap.ambient import mint, now, root, tls
from app.bootstrap.beside import listening
from app.bootstrap.budgets import open_budgets
from app.bootstrap.collecting import sparing_what_stays
from app.bootstrap.damage import damage_in
from app.bootstrap.entrance import PATIENCE, open_entrance
from app.bootstrap.feeds_in import following_feeds, open_follower, settle_ipdc
from app.bootstrap.fetching import open_fetcher, open_officials
from app.bootstrap.harvesting import harvesting, open_harvester
from app.bootstrap.ipdc import open_publisher, publishing
from app.bootstrap.keys import warn_of_key_beside_data
from app.bootstrap.leading import Work, leading
from app.bootstrap.list_imports import bringing_in
from app.bootstrap.neighbours import Neighbours, open_neighbours
from app.bootstrap.nightly import chores_for, mail_for, nightly, prepare_for
from app.bootstrap.register import open_register, settled
from app.bootstrap.reporting import open_reporter
from app.bootstrap.statuses import open_tellers, telling_statuses
from app.bootstrap.stores import (
    decision_index,
    follower_of_hidden,
    following,
    keep_up,
    open_searches,
    open_stores,
    query_pool,
    search_follower,
    turn_of,
)
from app.bootstrap.telemetry import telemetry
from app.bootstrap.telling import make_courier, means_of, telling
from app.bootstrap.usage import counting, open_counter
from app.config import Settings
from app.exchange.blocks import load_blocks
from app.exchange.imports.browser import Lists
from app.exchange.oidc.entrance import Entrance
from app.exchange.products.address_work import ProductAddressWork
from app.exchange.products.checks import ProductChecks
from app.exchange.register_api.hidden import finder_in
from app.exchange.statuses.telling import StatusTeller
from app.exchange.telling.sending import Postbox
from app.register.register import Register
from app.register.reports.reporting import Sources
from app.store import ledger
from app.store.leadership import Leadership
from app.web.identity import Nobody
from app.web.products.offers import Offers
from app.web.service import Publisher, Service
from app.web.widgets import widgets_of


@contextmanager
def open_service(
    settings: Settings,
    http: httpx.Client | None = None,
    postbox: Postbox | None = None,
    to_neighbours: httpx.BaseTransport | None = None,
) -> Iterator[Service]:
    """Everything that answers requests, up to date with the log and following it; closed in the right order.

    `http` is how to reach the provider that people log in with; a `postbox` takes the e-mails that else are sent.
    """
    with ExitStack() as stack:
        stack.enter_context(telemetry(settings))
        register = stack.enter_context(open_register(settings))
        stack.enter_context(listening(register.log.database))
        lead = Leadership(register.log.database, settings.data)
        works: list[Work] = [partial(bringing_in, Lists(register, root(), mint))]
        warn_of_key_beside_data(settings)
        neighbours = stack.enter_context(open_neighbours(settings, register, to_neighbours))
        client = stack.enter_context(http or httpx.Client(timeout=PATIENCE, verify=tls()))
        entrance = open_entrance(settings, register, client)
        means = means_of(settings, postbox)
        parts = _projections(stack, settings, register, lead) | _others(stack, settings, register, neighbours, works)
        parts |= _nightly(stack, settings, register, neighbours, parts)
        tellers = _tellers(stack, settings, register, entrance, to_neighbours, works)
        works += [partial(telling, make_courier(settings, register, means))]
        if not settings.replica:
            stack.enter_context(leading(lead, works))
        stack.enter_context(sparing_what_stays())
        counter = stack.enter_context(counting(None if settings.replica else open_counter(settings, register)))
        yield Service(
            **_itself(settings, register, lead),
            **parts,
            identity=entrance or Nobody(),
            entrance=entrance,
            means=means,
            counter=counter,
            tellers=tellers,
            **_blocks(settings, means.mail),
            written=_written(stack, register),
        )


def _nightly(
    stack: ExitStack, settings: Settings, register: Register, neighbours: Neighbours, parts: Mapping[str, Any]
) -> dict[str, Any]:
    """The chores of the night, done from now on, and the reports that are made ready by them."""
    stop = threading.Event()
    sources = Sources(parts["public"], parts["internal"], finder_in(parts["search"], parts["hidden"], register))
    reporter = stack.enter_context(open_reporter(settings, register, sources))
    stores = {name: parts[name] for name in ("public", "internal")}
    indexes = {name: parts[name] for name in ("search", "hidden")}
    more = (
        prepare_for(reporter),
        mail_for(register, reporter),
        *damage_in(register.log, stores, indexes, stop),
    )
    chores = chores_for(register, settings.data, neighbours.repertory, settings.usage_visitors, more)
    if not settings.replica:
        ledger.follow(settings.data, register.log.database)
    stack.enter_context(nightly(chores, register, stop=stop))
    return {"reporter": reporter, "chores": chores}


def _turn(settings: Settings, register: Register, lead: Leadership) -> AbstractContextManager[bool]:
    """An engine elsewhere is written to by who leads, unless a command does so just now."""
    if settings.graphs_query_url and (settings.replica or not lead.held()):
        return nullcontext(False)
    return turn_of(settings, register)


def _role(settings: Settings, lead: Leadership) -> str:
    """What this process is among those on its database."""
    return "kopie" if settings.replica else "leider" if lead.is_held else "volger"


def _written(stack: ExitStack, register: Register) -> Callable[[], object]:
    """A mark of what was written; a database elsewhere would take too long to tell it."""
    database = register.log.database
    return stack.enter_context(database.marks()) if database.is_file else object


def _itself(settings: Settings, register: Register, lead: Leadership) -> dict[str, Any]:
    """Who this service is, and what stands firm while it runs."""
    return {
        "base": register.schema.base,
        "title": settings.title,
        "version": version("verenigingsloket"),
        "publisher": Publisher(settings.publisher, settings.publisher_name, settings.contact),
        "root": root(),
        "role": partial(_role, settings, lead),
        "budgets": open_budgets(settings, register),
        "metrics_token": settings.metrics_token,
        "widgets": widgets_of(settings.widgets_host, settings.widget_header, settings.widget_footer),
        "data": settings.derived.resolve(),
        "kept": settings.data.resolve(),
        "schema": register.schema,
        "codelists": register.codelists,
        "log": register.log,
        "register": register,
        "clock": now,
        "mint": mint,
        "page_size": int(settled(register.log, "page_size", str(settings.page_size))),
        "api_keys": frozenset(filter(None, map(str.strip, settings.api_keys.split(",")))),
    }


def _projections(stack: ExitStack, settings: Settings, register: Register, lead: Leadership) -> dict[str, Any]:
    """What is made from the log, up to date and following it from now on."""
    turn = partial(_turn, settings, register, lead)
    public, internal = stack.enter_context(open_stores(settings, register, turn))
    queries = stack.enter_context(closing(query_pool(settings, public)))
    search, hidden = stack.enter_context(open_searches(settings, register))
    decisions = decision_index(settings, register)
    indexes = (
        search_follower(register, search),
        follower_of_hidden(register, hidden),
        partial(decisions.follow, register.log),
    )
    for follow in indexes:
        follow()
    bell = register.log.database.bell
    stack.enter_context(following(bell, lambda: keep_up(register, public, internal, turn), *indexes))
    offers = Offers(register.log, register.schema, register.codelists)
    stack.enter_context(following(bell, offers.all))
    return {
        "public": public, "internal": internal, "queries": queries,
        "search": search, "hidden": hidden, "offers": offers, "decisions": decisions,
    }  # fmt: skip


def _others(
    stack: ExitStack, settings: Settings, register: Register, neighbours: Neighbours, works: list[Work]
) -> dict[str, Any]:
    """Other registers, the pages and feeds of others, and the IPDC: each at work as far as its settings say."""
    bell = register.log.database.bell
    if neighbours.checker is not None:
        works.append(partial(following, bell, neighbours.checker.work))
    checks = ProductChecks(neighbours.addresses, neighbours.organisations, register.codelists, register.today)
    if neighbours.addresses is not None:
        works.append(partial(following, bell, ProductAddressWork(register, checks).work))
    if neighbours.repertory is not None:
        works.append(partial(following, bell, neighbours.repertory.work))
    fetcher = open_fetcher(settings, register.schema.base)
    officials = open_officials(settings, fetcher)
    harvester = open_harvester(settings, register, fetcher, officials)
    works.append(partial(harvesting, harvester, register, timedelta(hours=settings.harvest_hours)))
    if not settings.replica:
        settle_ipdc(settings, register)
    follower = stack.enter_context(open_follower(settings, register, checks.unknown_authorities))
    works.append(partial(following_feeds, follower, timedelta(minutes=settings.follow_minutes)))
    publisher = stack.enter_context(open_publisher(settings, register))
    if publisher is not None:
        works.append(partial(publishing, publisher))
    return {
        "kbo": neighbours.kbo, "addresses": neighbours.addresses, "organisations": neighbours.organisations,
        "neighbours": neighbours.lines,
        "fetcher": fetcher, "officials": officials, "follower": follower, "to_ipdc": publisher is not None,
    }  # fmt: skip


def _tellers(
    stack: ExitStack, settings: Settings, register: Register, entrance: Entrance | None,
    transport: httpx.BaseTransport | None, works: list[Work],
) -> tuple[StatusTeller, ...]:  # fmt: skip
    """What tells DOSIS and Notificaties how dossiers stand."""
    provider = entrance.provider if entrance else None
    tellers = stack.enter_context(open_tellers(settings, register, provider, transport))
    works += [partial(telling_statuses, teller) for teller in tellers]
    return tellers


def _blocks(settings: Settings, mail: bool) -> dict[str, Any]:
    """The building blocks, and the host of each that is connected; e-mail may go to the box of a demonstration."""
    blocks = load_blocks(root())
    values = {block.key: str(getattr(settings, block.setting)) if block.setting else "" for block in blocks}
    there = {block.key for block in blocks if not block.setting or values[block.key]} | ({"mail"} if mail else set())
    return {"blocks": blocks, "connected": {key: urlsplit(values[key]).hostname or values[key] for key in there}}
