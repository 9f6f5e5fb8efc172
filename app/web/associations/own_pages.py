"""The desk for one association: find it, see what stands in the register, and the way to what may be done with it.

The same page serves the administration (`/beheer/verenigingen/…`) and the association itself (`/mijn-vereniging/…`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.model.fields import Document, Secrecy
from app.model.identifiers import validate_v_code
from app.register.agents import ASSOCIATION, Agent
from app.register.commands import ChangeAssociation, StopAssociation
from app.register.personal.people import current
from app.register.recognitions.commands import RegisterRecognition
from app.register.rights import Subject
from app.register.subjects import subject_of
from app.register.telling.desk_letters import ACTION as WRITE
from app.store.records import Version
from app.web.associations.finding import Filter, find
from app.web.associations.listing import item
from app.web.auth import agent_of
from app.web.entity_page import Rows, rows_of
from app.web.insight import search_of
from app.web.paging import Paging, page_number
from app.web.rooms import DESK, MINE, House, framed
from app.web.service import Service

LIST, OWN = "/beheer/verenigingen", "/mijn-vereniging"
READ = "ReadInternal"
PER_PAGE = 25
# Parts of which the values are personal are told on a page of their own, for a purpose.
APART = ("vertegenwoordigers", "bankrekeningnummers", "sleutels", "primaireLocatie", "hoogsteVolgnummer", "versie")


@dataclass(frozen=True)
class Desk:
    """An association as somebody with a right to it has it on the desk."""

    service: Service
    agent: Agent
    code: str
    version: Version
    document: Document
    subject: Subject

    @property
    def place(self) -> str:
        """Where the pages about it begin."""
        return f"{OWN if self.agent.role == ASSOCIATION else LIST}/{self.code}"

    @property
    def house(self) -> House:
        """The menu beside the page."""
        return MINE if self.agent.role == ASSOCIATION else DESK

    def may(self, action: str | type) -> bool:
        """Whether the agent may do this with it."""
        return self.service.register.rights.may(self.agent, action, self.subject)

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """One of its pages."""
        return framed(request, self.house, template, status, desk=self, name=self.document.get("naam"), **values)


def on_the_desk(request: Request, action: str | type = READ) -> Desk:
    """The association in the address; raises Unknown, Gone, or Forbidden without the right to this."""
    service: Service = request.app.state.service
    agent, code = agent_of(request), request.path_params["code"].upper()
    version, document = current(code, service.register)
    subject = subject_of(service.log, version.entity, service.register.today()) or Subject(code)
    service.register.rights.check(agent, action, subject)
    return Desk(service, agent, code, version, document, subject)


def overview(request: Request) -> Response:
    """All that stands in the register, as far as it is nobody's own, and what may be done."""
    desk = on_the_desk(request)
    type = desk.service.register.tools.type
    shown = {term: value for term, value in desk.document.items() if term not in APART}
    rows = Rows((row.term, row) for row in rows_of(desk.service, shown, type))
    internal = {field.term for field in type.fields if field.secrecy is not Secrecy.PUBLIC}
    may = {"change": ChangeAssociation, "recognise": RegisterRecognition, "stop": StopAssociation}
    allowed = {name: desk.may(action) for name, action in may.items()} | {"write": desk.may(WRITE)}
    counted = {term: len(desk.document.get(term, ())) for term in ("vertegenwoordigers", "bankrekeningnummers")}
    return desk.page(request, "dossier.html", rows=rows, internal=internal, allowed=allowed, counted=counted)


def all_own(request: Request) -> Response:
    """Those of the own municipality, stopped and hidden ones too, by name; a V-code leads straight to one."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, READ)
    asked, number = request.query_params.get("naam", "").strip()[:200], page_number(request, "pagina")
    try:
        return RedirectResponse(f"{LIST}/{validate_v_code(asked)}", 303, {"cache-control": "no-store"})
    except ValueError:
        pass
    chosen = {"gemeente": agent.municipality} if agent.municipality else {}
    search, start = search_of(service, agent), (number - 1) * PER_PAGE
    found, nearly = find(search, service.codelists, Filter(asked, chosen), start, PER_PAGE)
    paging = Paging(LIST, request.query_params, number, found.total, PER_PAGE, "pagina")
    items = [item(service, hit) for hit in found.hits]
    return framed(request, DESK, "dossiers.html", asked=asked, nearly=nearly, paging=paging, items=items)


ROUTES = (
    Route(LIST, all_own),
    Route(f"{LIST}/{{code}}", overview),
    Route(f"{OWN}/{{code}}", overview),
)
