"""`/beheer/dossiers`: an administration handles what associations applied for.

| address | what |
|---|---|
| /beheer/dossiers | all of them, by status, product, handler and word; what is late comes first |
| /beheer/dossiers/A0001001 | one: taking it up, the next step, asking for more, writing, deciding, paying |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, LoketError, Refused, Unknown
from app.exchange.decisions.drafting import Choices, draft_from
from app.model.fields import Document
from app.model.whole import whole_number
from app.register.agents import Agent
from app.register.commands import Command
from app.register.decisions.templates import templates
from app.register.dossiers.commands import DraftDecision, MoveDossier, TakeUpDossier, WriteMessage
from app.register.dossiers.conduct import is_open, subject_of_document
from app.register.dossiers.own_dossiers import READ, Asked, chosen, handled_by, is_late, read_dossier
from app.register.dossiers.processes import COMPLETION
from app.register.dossiers.steps import handler_of
from app.register.handle import handle
from app.web.associations.editing import by_path
from app.web.auth import agent_of
from app.web.dossiers.applying import title_at
from app.web.dossiers.view import DossierView, line_of, view_of
from app.web.forms import form_of
from app.web.paging import Paging, page_number
from app.web.rooms import DESK, framed
from app.web.service import Service

LIST = "/beheer/dossiers"
DRAFTS = "/beheer/besluiten/ontwerpen"
PER_PAGE = 25
FACTS = ("bedrag", "betaaldOp", "betaalkenmerk")
# Which templates decide about an application.
DECIDING = ("erkenning", "subsidie", "weigering")
Form = Mapping[str, str]


def show_list(request: Request) -> Response:
    """The dossiers that wait, what is late first; or those that were closed."""
    service, agent = _open(request)
    query, today = request.query_params, service.register.today()
    asked = Asked(
        query.get("status", ""), query.get("product", ""), handler_of(agent) if query.get("van") == "mij" else "",
        query.get("laat") == "ja", query.get("afgesloten") == "ja", query.get("zoek", "").strip()[:200],
    )  # fmt: skip
    all_of_them = handled_by(agent, service.register)
    found, number = chosen(all_of_them, asked, today), page_number(request, "pagina")
    paging = Paging(LIST, query, number, len(found), PER_PAGE, "pagina")
    start = (number - 1) * PER_PAGE
    waiting = [each for each in all_of_them if is_open(each)]
    lines = [line_of(each, service) for each in found[start : start + PER_PAGE]]
    return framed(
        request, DESK, "dossiers_beheer.html", lines=lines, asked=asked, paging=paging,
        total=len(found), waiting=len(waiting), mine=query.get("van", ""),
        late=sum(is_late(each, today) for each in waiting), statuses=_counted(waiting, "status", service),
        products=_counted(waiting, "product", service), account=handler_of(agent),
    )  # fmt: skip


def show_one(request: Request) -> Response:
    """Where it stands, what was filled in, and what may be done; the reading is logged."""
    return _one(request)


def act(request: Request) -> Response:
    """Carry out one deed; what stands in the way is told beside its field, and what was written comes back."""
    service, agent = _open(request)
    said, code = form_of(request), request.path_params["code"]
    read = read_dossier(code, agent, service.register)
    make = DEEDS.get(said.get("doe", ""))
    try:
        if make is None:
            raise Refused("Kies wat u met het dossier wilt doen.")
        command = make(request, read.document, said, agent)
        outcome = handle(command, agent, service.register)
    except (Refused, Conflict) as error:
        return _one(request, error, said)
    place = f"{DRAFTS}/{outcome.code}" if isinstance(command, DraftDecision) else f"{LIST}/{code}"
    return RedirectResponse(place, 303, {"cache-control": "no-store"})


def _take_up(_request: Request, dossier: Document, said: Form, _agent: Agent) -> Command:
    return TakeUpDossier(dossier["code"], said.get("dienst", ""), _version(said))


def _move(_request: Request, dossier: Document, said: Form, _agent: Agent) -> Command:
    facts = {term: said[term] for term in FACTS if said.get(term)}
    return MoveDossier(
        dossier["code"], said.get("stap", ""), facts, said.get("actie", ""), said.get("bericht", ""), _version(said)
    )


def _write(_request: Request, dossier: Document, said: Form, _agent: Agent) -> Command:
    return WriteMessage(dossier["code"], said.get("bericht", ""))


def _decide(request: Request, dossier: Document, said: Form, agent: Agent) -> Command:
    """A draft of a decision, filled with what the dossier knows."""
    service: Service = request.app.state.service
    template = templates(service.codelists).get(said.get("sjabloon", ""))
    if template is None:
        raise Unknown("Dit sjabloon kennen we niet.")
    amount = said.get("bedrag", "") or dossier.get("bedrag", "")
    choices = Choices(
        association=dossier["vereniging"].rpartition("/")[2], product=dossier["product"],
        number=dossier.get("productnummer", ""), amount=amount,
    )  # fmt: skip
    document = draft_from(template, choices, service.register, agent)
    return DraftDecision(dossier["code"], {term: value for term, value in document.items() if value})


DEEDS: Mapping[str, Callable[[Request, Document, Form, Agent], Command]] = {
    "opnemen": _take_up,
    "stap": _move,
    "bericht": _write,
    "besluit": _decide,
}


def _one(request: Request, error: LoketError | None = None, said: Form | None = None) -> Response:
    service, agent = _open(request)
    read = read_dossier(request.path_params["code"], agent, service.register)
    view: DossierView = view_of(read, service)
    problems = error.problems if isinstance(error, Refused) else ()
    subject, rights = subject_of_document(read.document), service.register.rights
    opened = is_open(read.document)
    return framed(
        request, DESK, "dossier_beheer.html", 400 if error else 200, dossier=view, error=error, problems=problems,
        beside=by_path(problems), said=said or {}, place=f"{LIST}/{view.code}", opened=opened,
        onward=read.process.after(read.document.get("stap", "")) if opened else (), completion=COMPLETION,
        kept=templates(service.codelists), deciding=[key for key in DECIDING if key in templates(service.codelists)],
        may={key: rights.may(agent, action, subject) for key, action in ACTIONS.items()},
        asked=str(read.application.get("gevraagdBedrag", "")),
        club=read.document["vereniging"].rpartition("/")[2], account=handler_of(agent),
    )  # fmt: skip


ACTIONS = {"opnemen": "TakeUpDossier", "stap": "MoveDossier", "bericht": "WriteMessage", "besluit": "DraftDecision"}


def _counted(dossiers: list[Document], term: str, service: Service) -> list[tuple[str, str, int]]:
    """The values that dossiers have, with a name and how many there are."""
    counts = Counter(each[term] for each in dossiers)
    named = [(value, _name(value, service), count) for value, count in counts.items()]
    return sorted(named, key=lambda each: each[1].casefold())


def _name(value: str, service: Service) -> str:
    concept = service.codelists.concept(value)
    return concept.label if concept else title_at(value, service)


def _version(said: Form) -> int | None:
    return whole_number(said.get("versie"))


def _open(request: Request) -> tuple[Service, Agent]:
    """The service, for who handles dossiers. Raises Unauthenticated or Forbidden."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, READ)
    service.register.rights.check(agent, TakeUpDossier)
    return service, agent


ROUTES: tuple[Any, ...] = (
    Route(LIST, show_list),
    Route(f"{LIST}/{{code}}", show_one),
    Route(f"{LIST}/{{code}}", act, methods=["POST"]),
)
