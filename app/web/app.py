"""The web application: the edge around the SPARQL endpoint, the feeds and the site, and the addresses of the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import LoketError
from app.exchange.imports.browser import Lists
from app.exchange.ldes.describe import describer
from app.exchange.ldes.feed import LdesFeeds
from app.exchange.ldes.nodes import Description
from app.model.plain_language import load_plain_language
from app.register.reports.reporting import Reporter, Sources, load_reports
from app.store import spans
from app.web import blocks_pages, developer_pages, entities, health, history, home_pages, login_pages, openapi, portal
from app.web.assets import Assets
from app.web.associations import (
    downloads,
    editing_pages,
    founding_pages,
    listing,
    map_pages,
    mine_pages,
    own_pages,
    recognition_pages,
    representative_pages,
)
from app.web.data import catalogue_pages, categories, dump_pages, graph_pages, ontology, void
from app.web.data.dumps import Dumps
from app.web.data.feed_pages import feed_pages
from app.web.data.feeds import FeedApp
from app.web.data.odata import odata_app
from app.web.decisions import announcements, deltas, draft_pages, publication, session_pages
from app.web.decisions import desk as decision_desk
from app.web.decisions import listing as decisions
from app.web.desk import check_pages, chore_pages, desk_pages, import_pages, people_pages, rights_pages, work_pages
from app.web.documents import DocumentApp
from app.web.dossiers import api as dossier_api
from app.web.dossiers import applying_pages, handover_pages, own_dossier_pages, process_desk
from app.web.dossiers import desk as dossier_desk
from app.web.edge import metrics
from app.web.edge.budget import Budgets
from app.web.edge.compress import Compressed
from app.web.edge.edge import POLICY, Edge
from app.web.edge.guard import Guard
from app.web.edge.lasting import Repeatable
from app.web.edge.problems import respond
from app.web.edge.traced import Traced
from app.web.edge.turns import Free, Turns
from app.web.insight import search_of
from app.web.pages import HERE, Pages
from app.web.personal import access_pages, personal_pages, processing_pages, subject_pages
from app.web.products import desk as product_desk
from app.web.products import draft_pages as product_draft_pages
from app.web.products import (
    feedback_desk,
    feedback_export,
    feedback_pages,
    followed_pages,
    looking_after_pages,
    merger_pages,
    offer_pages,
    previews,
    published_pages,
    review_pages,
    speaking_pages,
)
from app.web.products import upload as product_upload
from app.web.reading import Reading
from app.web.reports import pages as report_pages
from app.web.service import Service
from app.web.sparql.pages import sparql_app
from app.web.telling import (
    agreeing,
    change_pages,
    delivery_pages,
    letter_pages,
    news_pages,
    stream,
    subscription_api,
    subscription_pages,
)
from app.web.telling.site import make_telling
from app.web.v1 import routes as v1

# FastAPI would send addresses as they were asked and texts of exceptions wherever the environment says; `Traced` tells
# what an operator may know.
UNFOLLOWED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
# Where some answers never change, and leave no line in the log.
LASTING = ("/ldes",)
# Who waits for a database elsewhere does not compute meanwhile.
AT_ONCE_BESIDE_A_SERVER = 4
ROUTES: tuple[BaseRoute, ...] = (
    *home_pages.ROUTES,
    *portal.ROUTES,
    *health.ROUTES,
    *metrics.ROUTES,
    *processing_pages.ROUTES,
    *applying_pages.ROUTES,
    *own_dossier_pages.ROUTES,
    *dossier_desk.ROUTES,
    *process_desk.ROUTES,
    *access_pages.ROUTES,
    *personal_pages.ROUTES,
    *subject_pages.ROUTES,
    *check_pages.ROUTES,
    *blocks_pages.ROUTES,
    *chore_pages.ROUTES,
    *followed_pages.ROUTES,
    *published_pages.ROUTES,
    *listing.ROUTES,
    *map_pages.ROUTES,
    *offer_pages.ROUTES,
    *downloads.ROUTES,
    *publication.ROUTES,
    *decisions.ROUTES,
    *deltas.ROUTES,
    *announcements.ROUTES,
    *draft_pages.ROUTES,
    *session_pages.ROUTES,
    *decision_desk.ROUTES,
    *categories.ROUTES,
    *catalogue_pages.ROUTES,
    *history.ROUTES,
    *graph_pages.ROUTES,
    *developer_pages.ROUTES,
    *change_pages.ROUTES,
    *stream.ROUTES,
    *entities.ROUTES,
    *ontology.ROUTES,
    *dump_pages.ROUTES,
    *void.ROUTES,
    *openapi.ROUTES,
    *subscription_api.ROUTES,
    *subscription_pages.ROUTES,
    *delivery_pages.ROUTES,
    *agreeing.ROUTES,
    *dossier_api.ROUTES,
    *handover_pages.ROUTES,
    *v1.ROUTES,
    *desk_pages.ROUTES,
    *recognition_pages.ROUTES,
    *editing_pages.ROUTES,
    *login_pages.ROUTES,
    *rights_pages.ROUTES,
    *report_pages.ROUTES,
    *people_pages.ROUTES,
    *work_pages.ROUTES,
    *import_pages.ROUTES,
    *founding_pages.ROUTES,
    *mine_pages.ROUTES,
    *representative_pages.ROUTES,
    *letter_pages.ROUTES,
    *news_pages.ROUTES,
    *own_pages.ROUTES,
    *review_pages.ROUTES,
    *product_upload.ROUTES,
    *product_draft_pages.ROUTES,
    *product_desk.ROUTES,
    *previews.ROUTES,
    *looking_after_pages.ROUTES,
    *merger_pages.ROUTES,
    *speaking_pages.ROUTES,
    *feedback_pages.ROUTES,
    *feedback_desk.ROUTES,
    *feedback_export.ROUTES,
)


def create_app(service: Service, more: Sequence[BaseRoute] = ()) -> ASGIApp:
    """Everything that this service answers over HTTP, and `more`."""
    site = create_site(service, more)
    pages: Pages = site.state.pages
    database = service.log.database
    turns = Free(1 if database.is_file else AT_ONCE_BESIDE_A_SERVER)
    fast: dict[str, ASGIApp] = {
        "/ldes": feed_app(service, pages),
        "/odata": Turns(odata_app(service, pages), turns),
        "/sparql": sparql_app(service, pages),
    }
    in_turns = Turns(site, turns)
    pages_and_data = Compressed(DocumentApp(in_turns, service.schema.entity_types, service.written, database.has_room))
    front = Front(site, in_turns, {**fast, "/doc": pages_and_data}, service.budgets)
    figures = metrics.Metrics(service, rooms(site, fast), lambda: site.state.streams.open)
    site.state.metrics = figures
    secure = service.base.startswith("https:")
    policy = service.widgets.opened(POLICY) if service.widgets else POLICY
    edge = Edge(front, service.mint, respond, busy=tuple(fast), secure=secure, observe=figures.observe, policy=policy)
    if spans.are_followed():
        return Traced(edge, site.routes, fast)
    return Repeatable(edge, LASTING, service.mint, figures.observe, service.budgets)


def rooms(site: FastAPI, fast: Iterable[str]) -> set[str]:
    """The first parts of all addresses."""
    paths = (*(getattr(route, "path", "") for route in site.routes), *fast)
    return {path.split("/")[1].partition(".")[0] for path in paths if path.count("/")} - {""}


def create_site(service: Service, more: Sequence[BaseRoute] = ()) -> FastAPI:
    """The pages and their data, without what stands in front of them."""
    site = FastAPI(
        title=service.title,
        version=service.version,
        routes=[*more, *ROUTES, Mount("/static", Assets(directory=HERE / "static")), Route("/{path:path}/", sent_on)],
        # To the host that the client says to have asked, which may be anybody's.
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=UNFOLLOWED,
        exception_handlers={LoketError: respond, HTTPException: respond, Exception: respond},
    )
    site.state.service = service
    site.state.pages = Pages(service)
    site.state.dumps = Dumps(service)
    site.state.reading = Reading(service)
    site.state.telling = make_telling(service, describer_of(service))
    site.state.streams = stream.Streams(service.log.head)
    site.state.aid = speaking_pages.make_aid(service)
    site.state.plain_language = load_plain_language(service.root)
    site.state.lists = Lists(service.register, service.root, service.mint)
    sources = Sources(service.public, service.internal, lambda agent: search_of(service, agent))
    site.state.reporter = service.reporter or Reporter(service.register, sources, load_reports(service.root))
    site.state.gate = feedback_pages.make_gate(service)
    return site


def sent_on(request: Request) -> Response:
    """From an address with a slash too many to the one without; raises 404 where there is none."""
    path = f"/{request.path_params['path'].strip('/')}"
    asked = {**request.scope, "path": path}
    if not any(route.matches(asked)[0] == Match.FULL for route in request.app.routes):
        raise HTTPException(404)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{path}{query}", 301)


def feed_app(service: Service, pages: Pages) -> FeedApp:
    """The event streams."""
    describe = describer_of(service)
    feeds = LdesFeeds(service.log, service.base, service.data / "feeds", describe, service.page_size)
    return FeedApp(feeds, feed_pages(feeds, pages), written=service.written)


def describer_of(service: Service) -> Callable[[str], Description | None]:
    """Which feeds there are, and what they are called."""
    concepts = service.codelists.concepts("doelgroep")
    audiences = {concept.notation.lower(): concept.label.lower() for concept in concepts}
    sorts = {concept.notation: concept.label.lower() for concept in service.codelists.concepts("besluittype")}
    return describer(service.schema, service.codelists.municipality, audiences, sorts)


class Front:
    """Behind the guard, hands a path under one of the prefixes to its own bare application, past the site's routing."""

    def __init__(self, site: FastAPI, pages: ASGIApp, apps: dict[str, ASGIApp], budgets: Budgets | None = None) -> None:
        self._site = site
        self._apps = apps
        self._pages = Compressed(pages)
        self._guard = Guard(self._choose, budgets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Whoever answers needs it, an error too.
        scope["app"] = self._site
        await self._guard(scope, receive, send)

    async def _choose(self, scope: Scope, receive: Receive, send: Send) -> None:
        # "*" is the path of OPTIONS for the whole server.
        first = scope.get("path", "").removeprefix("/").partition("/")[0].partition(".")[0]
        app = self._apps.get(f"/{first}", self._pages)
        await app(scope, receive, send)
