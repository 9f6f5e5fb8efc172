"""What the web needs of the rest; `bootstrap` makes one and gives it to `create_app`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.exchange.telling.sending import Means
from app.web.identity import Identity, Nobody
from app.web.widgets import Widgets

if TYPE_CHECKING:
    from app.exchange.address_register import AddressRegister
    from app.exchange.blocks import Block
    from app.exchange.enterprises import Enterprises
    from app.exchange.fetching import Fetcher
    from app.exchange.following import Follower
    from app.exchange.neighbour import Line
    from app.exchange.oidc.entrance import Entrance
    from app.exchange.organisations import OrganisationRegister
    from app.exchange.publication.officials import Officials
    from app.exchange.statuses.telling import StatusTeller
    from app.model.codelists import CodeLists
    from app.model.schema import Schema
    from app.register.chores import Chores
    from app.register.register import Register
    from app.register.reports.reporting import Reporter
    from app.register.reports.usage import Counter
    from app.store.decision_index import DecisionIndex
    from app.store.graphs.port import Graphs
    from app.store.log import Log
    from app.store.queries.pool import QueryPool
    from app.store.search.index import Search
    from app.web.edge.budget import Budgets
    from app.web.products.offers import Offers


@dataclass(frozen=True)
class Publisher:
    """Who stands behind the data, for the catalogue and the pages."""

    iri: str
    name: str
    contact: str


@dataclass(frozen=True)
class Service:
    """Everything that answers a request; `root` holds ontology/, shapes/ and queries/.

    `data` is this process's to write in, what it can make anew; `kept` has what stands beside the database for good.
    """

    base: str
    title: str
    version: str
    publisher: Publisher
    root: Path
    data: Path
    kept: Path
    schema: Schema
    codelists: CodeLists
    log: Log
    public: Graphs
    internal: Graphs
    register: Register
    search: Search
    hidden: Search
    chores: Chores
    offers: Offers
    decisions: DecisionIndex
    queries: QueryPool
    clock: Callable[[], datetime]
    mint: Callable[[], str]
    page_size: int = 250
    api_keys: frozenset[str] = frozenset()
    identity: Identity = field(default_factory=Nobody)
    fetcher: Fetcher | None = None
    officials: Officials | None = None
    entrance: Entrance | None = None
    means: Means = field(default_factory=Means)
    kbo: Enterprises | None = None
    addresses: AddressRegister | None = None
    organisations: OrganisationRegister | None = None
    neighbours: tuple[Line, ...] = ()
    follower: Follower | None = None
    to_ipdc: bool = False
    counter: Counter | None = None
    budgets: Budgets | None = None
    tellers: tuple[StatusTeller, ...] = ()
    widgets: Widgets | None = None
    blocks: tuple[Block, ...] = ()
    connected: Mapping[str, str] = field(default_factory=dict)
    metrics_token: str = ""
    reporter: Reporter | None = None
    role: Callable[[], str] = lambda: "leider"
    # A mark that is another one as soon as anybody wrote; where that cannot be told at once, each time another one.
    written: Callable[[], object] = object
