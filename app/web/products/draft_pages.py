"""`/beheer/producten/ontwerpen/O0001001`: a draft of a product; nobody outside the administration sees it.

Its buttons keep it, check it, show it as each portal would, put it to the validator, publish it or throw it away. While
it waits for the validator its form is closed, and what would change stands beside what everybody sees now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NoReturn

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, LoketError, Problem, Refused
from app.model.changes import differences
from app.model.fields import Document
from app.model.whole import whole_number
from app.register.agents import Agent
from app.register.canonical import Reader
from app.register.commands import Archive, Change, Command, Create
from app.register.handle import handle, rehearse_all
from app.register.products.approving import may_approve
from app.register.products.conduct import ASIDE
from app.register.products.draft_commands import PublishProduct, ReturnProduct, SubmitProduct
from app.register.products.drafts import KIND, ProductDraft, draft_of, own_product_draft, product_command
from app.register.register import Register
from app.web.associations.editing_parts import pressed
from app.web.auth import agent_of
from app.web.forms import form_of, items_of
from app.web.products.checking import compared, joined
from app.web.products.form import CHECKED, DRAFTS, KEPT, PATH, Written, language_of, product_form, read_product
from app.web.products.previews import preview_page
from app.web.products.review_pages import Line, shown
from app.web.rooms import DESK, framed
from app.web.service import Service

Form = Mapping[str, str]
FRESH = {"cache-control": "no-store"}


def show(request: Request) -> Response:
    """The form, or what waits for the validator."""
    draft = _own(request)
    if draft.waits:
        return _waiting(request, draft)
    notice = KEPT if "bewaard" in request.query_params else ""
    return product_form(request, _as_written(draft), notice=notice)


def send(request: Request) -> Response:
    """Do what the button says."""
    service: Service = request.app.state.service
    draft, said = _own(request), form_of(request)
    if said.get("besluit") in STEPS:
        return _step(request, draft, said)
    written = read_product(request, items_of(request), draft=draft)
    choice = written.said.get("besluit")
    if pressed(written.said):
        return product_form(request, written)
    if choice == "voorbeeld":
        return preview_page(request, written.content)
    if choice == "voorleggen":
        return submit(request, written)
    if choice == "bekendmaken":
        return _kept_and(request, written, PublishProduct)
    if choice == "nakijken":
        settled, problems = compared(request, written)
        command = product_command(replace(draft, said=settled.content))
        [outcome] = rehearse_all([command], agent_of(request), service.register)
        error = joined(outcome, problems)
        return product_form(request, written, error, "" if error else CHECKED)
    return keep(request, written)


def preview(request: Request) -> Response:
    """How each portal would show the draft."""
    draft = _own(request)
    return preview_page(request, draft.said, draft.code, f"{DRAFTS}/{draft.code}")


def keep(request: Request, written: Written) -> Response:
    """Keep what was written for later, whatever it lacks."""
    try:
        code = _keep(request, written)
    except (Refused, Conflict) as error:
        return product_form(request, written, error, status=_status(error))
    return RedirectResponse(f"{DRAFTS}/{code}?bewaard=1", 303, FRESH)


def submit(request: Request, written: Written) -> Response:
    """Keep what was written, and ask the validator."""
    return _kept_and(request, written, SubmitProduct)


def _kept_and(request: Request, written: Written, step: Callable[[str], Command]) -> Response:
    """Keep what was written and go on with it; what stands in the way is told beside its field, and nothing is lost."""
    service: Service = request.app.state.service
    agent, register = agent_of(request), service.register
    reason = written.said.get("reden", "")[:500]
    settled, problems = compared(request, written)
    try:
        code = _keep(request, settled)
    except (Refused, Conflict) as error:
        return product_form(request, written, error, status=_status(error))
    try:
        if problems:
            _tell(own_product_draft(code, agent, register), problems, agent, register)
        outcome = handle(step(code), agent, register, reason)
    except (Refused, Conflict) as error:
        kept = own_product_draft(code, agent, register)
        again = Written(written.document, written.language, draft=kept)
        return product_form(request, again, error, status=_status(error))
    place = f"{DRAFTS}/{code}" if step is SubmitProduct else f"/doc/product/{outcome.code}"
    return RedirectResponse(place, 303, FRESH)


def _tell(draft: ProductDraft, problems: tuple[Problem, ...], agent: Agent, register: Register) -> NoReturn:
    """Raise all that stands in the way: what other registers do not know, and what this one refuses."""
    [outcome] = rehearse_all([product_command(draft)], agent, register)
    error = joined(outcome, problems)
    assert error is not None
    raise error


def _keep(request: Request, written: Written) -> str:
    service: Service = request.app.state.service
    agent, register, draft = agent_of(request), service.register, written.draft
    if draft is None:
        begun = {"opVersie": written.version} if written.own else {}
        document = {**draft_of(written.content, written.own.version if written.own else None), **begun}
        return handle(Create(KIND, document), agent, register).code
    kept: Document = {term: draft.document[term] for term in ("product", "opVersie") if term in draft.document}
    document = {**draft_of(written.content), **kept}
    return handle(Change(KIND, draft.code, document, written.version or None), agent, register).code


STEPS: Mapping[str, Callable[[ProductDraft, Form], Command]] = {
    "goedkeuren": lambda draft, said: PublishProduct(draft.code, _number(said)),
    "terugsturen": lambda draft, said: ReturnProduct(draft.code, said.get("waarom", "")[:500], _number(said)),
    "weggooien": lambda draft, _said: Archive(KIND, draft.code),
    "bijwerken": lambda draft, _said: Change(KIND, draft.code, {"opVersie": draft.about_version}),
}


def _step(request: Request, draft: ProductDraft, said: Form) -> Response:
    service: Service = request.app.state.service
    step = said["besluit"]
    try:
        outcome = handle(STEPS[step](draft, said), agent_of(request), service.register, said.get("reden", "")[:500])
    except (Refused, Conflict) as error:
        return _waiting(request, draft, error) if draft.waits else product_form(
            request, _as_written(draft), error, status=_status(error)
        )  # fmt: skip
    places = {"goedkeuren": f"/doc/product/{outcome.code}", "weggooien": PATH}
    return RedirectResponse(places.get(step, f"{DRAFTS}/{draft.code}"), 303, FRESH)


def _waiting(request: Request, draft: ProductDraft, error: LoketError | None = None) -> Response:
    service: Service = request.app.state.service
    values: dict[str, Any] = {
        "draft": draft, "error": error, "approve": may_approve(agent_of(request), draft.validators),
        "lines": _lines(draft, service), "place": f"{DRAFTS}/{draft.code}",
        "problems": error.problems if isinstance(error, Refused) else (),
    }  # fmt: skip
    return framed(request, DESK, "product_goedkeuren.html", _status(error), **values)


def _lines(draft: ProductDraft, service: Service) -> list[Line]:
    """What would change, field by field: as it is now, and as the draft says."""
    type = service.schema.entity_types["product"]
    read = Reader(service.register.tools.plan_of(type.key)).read(draft.said)
    after = {term: value for term, value in read.items() if term not in ASIDE}
    before = {term: value for term, value in (draft.about or {}).items() if term not in ASIDE}
    lines = []
    for each in differences(before, {"@id": draft.document["@id"], **after}, type):
        found = type.by_term[each.term]
        ours, base = (shown(service, found, side.get(each.term)) for side in (after, before))
        if ours != base:
            lines.append(Line(each.term, each.label, ours, base, (), False, False))
    return lines


def _own(request: Request) -> ProductDraft:
    service: Service = request.app.state.service
    return own_product_draft(request.path_params["code"], agent_of(request), service.register)


def _as_written(draft: ProductDraft) -> Written:
    return Written(draft.said, language_of(draft.said.get("taalvariant")), draft=draft)


def _status(error: LoketError | None) -> int:
    return 200 if error is None else 409 if isinstance(error, Conflict) else 400


def _number(said: Form) -> int | None:
    return whole_number(said.get("versie"))


ROUTES = (
    Route(f"{DRAFTS}/{{code}}", show),
    Route(f"{DRAFTS}/{{code}}", send, methods=["POST"]),
    Route(f"{DRAFTS}/{{code}}/voorbeeld", preview),
)
