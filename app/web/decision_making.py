"""`/beheer/besluiten/nieuw`: a municipality writes a decision out of a template, reads it over, and signs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Forbidden, LoketError, Refused, Unknown
from app.model.decision_templates import Template, load_templates
from app.model.wording import BRUSSELS
from app.register.agents import Agent
from app.register.commands import Archive
from app.register.drafting import ANNOUNCED, SIGNED, Meeting, Writing, draft, draft_at, drafts_of, last_meeting, sign
from app.register.handle import handle
from app.web.auth import agent_of
from app.web.forms import form_of
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH = "/beheer/besluiten/nieuw"
DRAFT = "/beheer/besluiten/ontwerp/"
# Of the session: the field of the form, what it asks, and where it begins when nothing was filled in before.
MEETING = {
    "orgaan": ("Bestuursorgaan", "College van Burgemeester en Schepenen"),
    "orgaanIri": ("IRI van het orgaan bij data.lblod.info (mag leeg)", ""),
    "gepland": ("Zitting gepland op", ""),
    "begin": ("Begonnen op", ""),
    "einde": ("Geëindigd op", ""),
    "plaats": ("Plaats", ""),
    "voorzitter": ("Voorzitter (IRI bij data.lblod.info)", ""),
    "secretaris": ("Secretaris of algemeen directeur (IRI bij data.lblod.info)", ""),
    "aanwezigen": ("Aanwezigen (één IRI per regel)", ""),
}
REMEMBERED = {
    "orgaan": "body", "orgaanIri": "body_iri", "plaats": "place", "voorzitter": "chair", "secretaris": "secretary",
}  # fmt: skip


@lru_cache(maxsize=4)
def templates(root: Path) -> Mapping[str, Template]:
    """The templates of one folder with ontology/."""
    return load_templates(root)


def show_form(request: Request) -> Response:
    """The templates to choose from, or the form of one of them, the session as it was last time."""
    service, agent = _service(request), agent_of(request)
    key = request.query_params.get("sjabloon", "")
    known = last_meeting(_home(agent), service.register)
    fields = {field: str(known.get(name, "")) for field, name in REMEMBERED.items()}
    fields["aanwezigen"] = "\n".join(known.get("present", ()))
    fields["vereniging"] = request.query_params.get("vereniging", "")
    return _form(request, key, {field: value for field, value in fields.items() if value})


def write(request: Request) -> Response:
    """Keep what was written as a draft; a form that is not complete comes back with what is missing."""
    service, agent, form = _service(request), agent_of(request), form_of(request)
    key = form.get("sjabloon", "")
    template = templates(service.root).get(key)
    if template is None:
        raise Unknown("Dit sjabloon bestaat niet.")
    writing = Writing(
        template,
        _meeting(form),
        {term: form.get(f"vraag.{term}", "")[:5000] for term in template.questions},
        form.get("vereniging", "").upper(),
    )
    try:
        code = draft(writing, agent, service.register)
    except (Refused, Unknown) as error:
        return _form(request, key, form, error)
    return RedirectResponse(DRAFT + code, 303, {"cache-control": "no-store"})


def show_draft(request: Request) -> Response:
    """A draft as it will stand."""
    return _draft(request)


def settle(request: Request) -> Response:
    """Sign a draft, or throw it away."""
    service, agent, form = _service(request), agent_of(request), form_of(request)
    code = request.path_params["code"]
    if form.get("doe") == "weg":
        decision = draft_at(_iri(service, code), service.register)
        if SIGNED in decision:
            raise Forbidden("Een besluit dat bekendgemaakt is, blijft.")
        handle(Archive("besluit", code), agent, service.register)
        return RedirectResponse(PATH, 303, {"cache-control": "no-store"})
    sign(code, agent, service.register)
    return RedirectResponse(ANNOUNCED + code, 303, {"cache-control": "no-store"})


def _form(request: Request, key: str, fields: Mapping[str, str], error: LoketError | None = None) -> Response:
    service, agent = _service(request), agent_of(request)
    problems = {problem.path: problem.message for problem in error.problems} if isinstance(error, Refused) else {}
    return framed(
        request, DESK, "beheer_besluit_nieuw.html", 400 if error else 200, templates=templates(service.root),
        chosen=templates(service.root).get(key), fields=fields, meeting=MEETING, error=error, problems=problems,
        drafts=drafts_of(_home(agent), service.register), home=_home(agent),
    )  # fmt: skip


def _draft(request: Request) -> Response:
    service, agent = _service(request), agent_of(request)
    decision = draft_at(_iri(service, request.path_params["code"]), service.register)
    home = service.codelists.municipality(decision.get("gemeente", ""))
    if home is None or not agent.covers(home.nis):
        raise Forbidden("Dit is van een andere gemeente.")
    return framed(request, DESK, "beheer_ontwerp.html", decision=decision, signed=SIGNED in decision, page=ANNOUNCED)


def _meeting(form: Mapping[str, str]) -> Meeting:
    return Meeting(
        body=form.get("orgaan", "")[:200],
        planned=_local(form.get("gepland", "")),
        started=_local(form.get("begin", "")),
        ended=_local(form.get("einde", "")),
        place=form.get("plaats", "")[:200],
        chair=form.get("voorzitter", ""),
        secretary=form.get("secretaris", ""),
        present=tuple(dict.fromkeys(form.get("aanwezigen", "").split())),
        body_iri=form.get("orgaanIri", ""),
    )


def _local(text: str) -> str:
    """A moment of a form, which has no zone, on the clock here; what is none stays as it is, to be told of.

    >>> _local("2026-05-04T09:00"), _local("straks")
    ('2026-05-04T09:00:00+02:00', 'straks')
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (when if when.tzinfo else when.replace(tzinfo=BRUSSELS)).isoformat()


def _home(agent: Agent) -> str:
    if agent.municipality is None:
        raise Forbidden("Enkel een gemeente neemt hier besluiten.")
    return agent.municipality


def _iri(service: Service, code: str) -> str:
    return service.schema.entity_types["besluit"].iri(code)


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ROUTES = (
    Route(PATH, show_form),
    Route(PATH, write, methods=["POST"]),
    Route(DRAFT + "{code}", show_draft),
    Route(DRAFT + "{code}", settle, methods=["POST"]),
)
