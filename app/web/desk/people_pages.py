"""Who is logged in for an organisation, and which vendors a municipality lets act for it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Problem, Refused
from app.exchange.oidc.entrance import Entrance
from app.model.identifiers import validate_kbo
from app.model.whole import whole_number
from app.register.agents import Agent
from app.register.rights import Subject
from app.web.auth import agent_of, session_of
from app.web.forms import posted
from app.web.rooms import DESK, framed
from app.web.service import Service

WRONG = "De machtiging is niet goed ingevuld."
LONGEST_NAME = 100


def users(request: Request) -> Response:
    """Whoever is logged in for the same organisation; for the administrator, whoever is logged in."""
    agent, entrance = agent_of(request), _entrance(request)
    own = entrance.sessions.get(session_of(request) or "")
    found = entrance.sessions.current(_reach(request, agent))
    roles = _service(request).register.rights.table.roles
    rows = [(each, roles[each.capacities[each.chosen]["role"]].label) for each in found if each.chosen is not None]
    return framed(request, DESK, "beheer_gebruikers.html", sessions=rows, own=own.id if own else "")


async def end_session(request: Request) -> Response:
    """End somebody's session."""
    form = await posted(request)
    return await run_in_threadpool(_end, request, str(form.get("sessie", "")))


def vendors(request: Request) -> Response:
    """The authorisations of the municipality, those that it took back too."""
    return _vendors(request)


async def authorise(request: Request) -> Response:
    """Give an authorisation, or take one back."""
    form = await posted(request)
    told = {name: str(value).strip() for name, value in form.items()}
    return await run_in_threadpool(_authorise, request, told)


def _end(request: Request, id: str) -> Response:
    agent = agent_of(request)
    _entrance(request).sessions.end_by_id(id, _reach(request, agent))
    return RedirectResponse("/beheer/gebruikers", 303)


def _reach(request: Request, agent: Agent) -> str | None:
    """Whose sessions an agent sees: None for all."""
    return None if _service(request).register.rights.may(agent, "Operate") else agent.iri


def _vendors(request: Request, told: dict[str, str] | None = None, problems: tuple[Problem, ...] = ()) -> Response:
    agent = _municipality(request)
    given = _entrance(request).machines.authorisations.of_municipality(agent.municipality or "")
    wrong = {problem.path: problem.message for problem in problems}
    return framed(
        request, DESK, "beheer_machtigingen.html", 400 if problems else 200, given=given, told=told or {}, wrong=wrong
    )


def _authorise(request: Request, told: dict[str, str]) -> Response:
    agent = _municipality(request)
    authorisations = _entrance(request).machines.authorisations
    home = agent.municipality or ""
    if (withdrawn := whole_number(told.get("intrekken"))) is not None:
        authorisations.withdraw(withdrawn, home, agent.reader)
        return RedirectResponse("/beheer/machtigingen", 303)
    try:
        vendor, name = read_vendor(told)
    except Refused as error:
        return _vendors(request, told, error.problems)
    authorisations.give(vendor, name, home, agent.reader)
    return RedirectResponse("/beheer/machtigingen", 303)


def read_vendor(told: dict[str, str]) -> tuple[str, str]:
    """KBO number and name; raises Refused naming each field that is wrong."""
    problems, vendor, name = [], "", told.get("naam", "")
    try:
        vendor = validate_kbo(told.get("nummer", ""))
    except ValueError as error:
        problems.append(Problem("nummer", str(error)))
    if not name or len(name) > LONGEST_NAME:
        problems.append(Problem("naam", f"Geef de naam van de leverancier, in hoogstens {LONGEST_NAME} tekens."))
    if problems:
        raise Refused(WRONG, problems)
    return vendor, name


def _municipality(request: Request) -> Agent:
    """Who may authorise for a municipality: that municipality; raises Forbidden."""
    agent = agent_of(request)
    _service(request).register.rights.check(agent, "Authorise", Subject(owner=agent.iri))
    return agent


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _entrance(request: Request) -> Entrance:
    entrance = _service(request).entrance
    if entrance is None:
        raise Refused("Voor deze dienst is geen aanmelddienst ingesteld.")
    return entrance


ROUTES = (
    Route("/beheer/gebruikers", users),
    Route("/beheer/gebruikers", end_session, methods=["POST"]),
    Route("/beheer/machtigingen", vendors),
    Route("/beheer/machtigingen", authorise, methods=["POST"]),
)
