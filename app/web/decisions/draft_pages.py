"""`/beheer/besluiten/ontwerpen`: a municipality writes decisions out of templates, signs and publishes them.

| address | what |
|---|---|
| /beheer/besluiten/ontwerpen | the drafts and what became of them, by status and word; the sessions |
| /beheer/besluiten/nieuw, `?sjabloon=erkenning` | the templates; what a template has to know |
| /beheer/besluiten/ontwerpen/D0001001 | the form; reading it over, signing, publishing, correcting |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, LoketError, Refused, Unknown
from app.exchange.decisions.drafting import Choices, draft_from
from app.model.dates import validate_date
from app.model.fields import Document
from app.model.graph import IRI
from app.model.identifiers import validate_v_code
from app.model.languages import text_of
from app.model.whole import whole_number
from app.model.wording import moment
from app.register.agents import Agent
from app.register.commands import Archive, Change, Command, Create
from app.register.decisions.draft_commands import (
    CorrectDecision,
    PublishDecision,
    ReturnDraft,
    SignDraft,
    SubmitDraft,
    WithdrawDecision,
)
from app.register.decisions.drafts import KIND, WRITING, status_of
from app.register.decisions.own_drafts import own_draft, own_drafts, own_sessions
from app.register.decisions.templates import Template, template_of, templates
from app.register.decisions.writing import in_order
from app.register.handle import handle
from app.register.products.own_products import own_products
from app.register.rights import Subject
from app.store.records import Version
from app.web.associations.editing import Frame, Items, by_path, form_of_type, read_form, without_empty
from app.web.associations.editing_parts import arrange, pressed
from app.web.auth import agent_of
from app.web.forms import form_of, items_of
from app.web.history import label
from app.web.rooms import DESK, framed
from app.web.service import Service

LIST, NEW = "/beheer/besluiten/ontwerpen", "/beheer/besluiten/nieuw"
# Nobody types these: they follow, or come from the choices on top of the form.
SKIPPED = frozenset(
    {
        "code", "status", "sjabloon", "gemeente", "bestuur", "bekendgemaaktAls", "getekendDoor", "getekendOp",
        "vereniging", "product", "zitting", "dossier",
    }
)  # fmt: skip
DUTCH = "nl"
Form = Mapping[str, str]


def show_list(request: Request) -> Response:
    """All of them, or those of one status or with a word in the title."""
    service, agent = _open(request)
    status, word = request.query_params.get("status", ""), request.query_params.get("zoek", "").strip()[:200]
    rows = [(document, status_of(document, service.codelists)) for _, document in own_drafts(agent, service.register)]
    counts = {each.notation: sum(found == each.notation for _, found in rows) for each in _statuses(service)}
    shown = [row for row in rows if status in ("", row[1]) and word.casefold() in row[0].get("naam", "").casefold()]
    sessions = [document for _, document in own_sessions(agent, service.register)]
    return framed(
        request, DESK, "ontwerpen.html", rows=shown, counts=counts, statuses=_statuses(service), chosen=status,
        word=word, sessions=sessions, all=len(rows), label_of=lambda iri: template_of(iri, service.codelists).label,
        nis=agent.municipality,
    )  # fmt: skip


def show_new(request: Request) -> Response:
    """The templates, or what one of them has to know."""
    return _new(request, request.query_params)


def make(request: Request) -> Response:
    """Fill the template, and go on in the form."""
    service, agent = _open(request)
    form = form_of(request)
    template = templates(service.codelists).get(form.get("sjabloon", ""))
    if template is None:
        raise Unknown("Dit sjabloon kennen we niet.")
    try:
        document = draft_from(template, _choices(form), service.register, agent)
        code = handle(Create(KIND, document), agent, service.register).code
    except Refused as error:
        return _new(request, form, error)
    return _to(code)


def show_one(request: Request) -> Response:
    """The form, or the text as it lies fast."""
    service, agent = _open(request)
    version, document = own_draft(request.path_params["code"], agent, service.register)
    return _one(request, version, document)


def act(request: Request) -> Response:
    """Keep what was written, or carry out a step; what stands in the way is told beside its field."""
    service, agent = _open(request)
    items = items_of(request)
    said = dict(items)
    version, document = own_draft(request.path_params["code"], agent, service.register)
    writing = status_of(document, service.codelists) == WRITING and said.get("doe") in ("bewaren", "klaar", None)
    written = _written(items, document, said, service) if writing else document
    if pressed(said):
        return _one(request, version, written, said=said)
    try:
        if writing:
            expected = _number(said.get("versie", ""), version.number)
            change = Change(KIND, document["code"], without_empty(written), expected, whole=True)
            version_now = handle(change, agent, service.register).version
            said = {**said, "versie": str(version_now)}
        if step := STEPS.get(said.get("doe", "")):
            handle(step(document["code"], said), agent, service.register, said.get("reden", "")[:500])
    except (Refused, Conflict) as error:
        if writing:
            version, _ = own_draft(document["code"], agent, service.register)
        return _one(request, version, written, error, said)
    return RedirectResponse(LIST if said.get("doe") == "weg" else f"{LIST}/{document['code']}", 303)


def _step(command: Callable[[str, int | None], Command]) -> Callable[[str, Form], Command]:
    return lambda code, said: command(code, _number(said.get("versie", ""), None))


STEPS: Mapping[str, Callable[[str, Form], Command]] = {
    "klaar": _step(SubmitDraft),
    "terug": _step(ReturnDraft),
    "ondertekenen": _step(SignDraft),
    "bekendmaken": _step(PublishDecision),
    "rechtzetten": lambda code, said: CorrectDecision(code, said.get("reden", "")),
    "intrekken": lambda code, said: WithdrawDecision(code, said.get("reden", "")),
    "weg": lambda code, said: Archive(KIND, code),
}


def _written(items: Items, before: Document, said: Form, service: Service) -> Document:
    """What the form says, with what it does not show."""
    type = service.schema.entity_types[KIND]
    kept = {term: before[term] for term in SKIPPED if term in before}
    document = {**kept, **read_form(items, type, DUTCH), "vereniging": _association(said, service)}
    document |= {term: said.get(term, "") for term in ("product", "zitting")}
    arrange(document, said)
    articles = sorted(document.get("artikelen", []), key=lambda each: _number(str(each.get("volgorde", "")), 1000))
    document["artikelen"] = [{**each, "volgorde": place} for place, each in enumerate(articles, 1)]
    return document


def _association(said: Form, service: Service) -> str:
    """The IRI of a V-code; what is none stays, to be told of."""
    text = said.get("vereniging", "").strip()
    try:
        return service.register.tools.type.iri(validate_v_code(text)) if text else ""
    except ValueError:
        return text


def _choices(form: Form) -> Choices:
    """What a clerk chose; raises Refused for a date that is none."""
    try:
        start, end = (validate_date(form[term]) if form.get(term) else "" for term in ("begindatum", "einddatum"))
    except ValueError as error:
        raise Refused(str(error)) from None
    about, product, number, amount = (
        form.get(term, "")[:500] for term in ("vereniging", "product", "productnummer", "bedrag")
    )
    return Choices(
        about, product, number, amount, start, end, form.get("zitting", "")[:500], form.get("waarvoor", "")[:300]
    )


def _new(request: Request, form: Form, error: Refused | None = None) -> Response:
    service, agent = _open(request)
    chosen = templates(service.codelists).get(form.get("sjabloon", ""))
    type = service.schema.entity_types[KIND]
    return framed(
        request, DESK, "ontwerp_nieuw.html", 400 if error else 200, templates=templates(service.codelists),
        chosen=chosen, form=form, error=error, problems=by_path(error.problems) if error else {}, fields=type.by_term,
        products=_products(agent, service), sessions=_sessions(agent, service),
    )  # fmt: skip


def _one(
    request: Request, version: Version, document: Document, error: LoketError | None = None, said: Form | None = None
) -> Response:
    service, agent = _open(request)
    problems = error.problems if isinstance(error, Refused) else ()
    frame = Frame(service.codelists, DUTCH, SKIPPED, by_path(problems))
    document = {**document, "artikelen": in_order(document.get("artikelen", []))}
    status = status_of(document, service.codelists)
    template: Template = template_of(document["sjabloon"], service.codelists)
    subject = Subject(document["code"], owner=document["bestuur"])
    may = {key: service.register.rights.may(agent, name, subject) for key, name in ACTIONS.items()}
    code = document.get("vereniging", "").rpartition("/")[2]
    return framed(
        request, DESK, "ontwerp.html", 400 if error else 200, draft=document, state=status, kind=template,
        sections=form_of_type(service.schema.entity_types[KIND], document, frame), error=error, problems=problems,
        beside=frame.problems, version=(said or {}).get("versie") or version.number, may=may, said=said or {},
        products=_products(agent, service), sessions=_sessions(agent, service), association=code,
        label=service.codelists.concept(document["status"]), versions=_history(version, service),
        grounds=[each for iri in document.get("citeert", ()) if (each := service.codelists.concept(iri))],
        place=f"{LIST}/{document['code']}",
    )  # fmt: skip


ACTIONS = {
    "klaar": "SubmitDraft", "terug": "ReturnDraft", "ondertekenen": "SignDraft", "bekendmaken": "PublishDecision",
    "rechtzetten": "CorrectDecision", "intrekken": "WithdrawDecision",
}  # fmt: skip


def _history(version: Version, service: Service) -> list[tuple[str, str, str]]:
    """Of each version, the last first: when, what and why."""
    versions = service.log.versions(version.entity)[::-1]
    return [(each.time, label(service, IRI(each.activity)), each.reason) for each in versions]


def _products(agent: Agent, service: Service) -> list[tuple[str, str]]:
    """The products of this administration: IRI and name."""
    found = ((own.version.entity, text_of(own.document.get("naam"))) for own in own_products(agent, service.register))
    return sorted(found, key=lambda pair: pair[1].casefold())


def _sessions(agent: Agent, service: Service) -> list[tuple[str, str]]:
    """The sessions of this administration: IRI, and body and time in words."""
    return [(version.entity, session_label(document)) for version, document in own_sessions(agent, service.register)]


def session_label(document: Document) -> str:
    """What a session is called where one is chosen."""
    when = document.get("start") or document.get("geplandeStart")
    body = document.get("orgaan", {}).get("naam", "Zitting")
    with suppress(ValueError, OverflowError):
        return f"{body}, {moment(when)}" if when else str(body)
    # What somebody filled in, and is told of.
    return f"{body}, {when}"


def _statuses(service: Service) -> tuple[Any, ...]:
    return service.codelists.concepts("ontwerpstatus")


def _number(text: str, otherwise: Any) -> Any:
    number = whole_number(text)
    return otherwise if number is None else number


def _to(code: str) -> Response:
    return RedirectResponse(f"{LIST}/{code}", 303, {"cache-control": "no-store"})


def _open(request: Request) -> tuple[Service, Agent]:
    """The service, for who may write decisions at all. Raises Unauthenticated or Forbidden."""
    service: Service = request.app.state.service
    agent = agent_of(request)
    service.register.rights.check(agent, "SubmitDraft")
    return service, agent


ROUTES = (
    Route(LIST, show_list),
    Route(NEW, show_new),
    Route(NEW, make, methods=["POST"]),
    Route(LIST + "/{code}", show_one),
    Route(LIST + "/{code}", act, methods=["POST"]),
)
