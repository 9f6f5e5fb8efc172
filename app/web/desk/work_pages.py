"""The work queue of who decides: `/beheer/werklijst`, one case side by side, and the same as JSON for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, Forbidden, LoketError, PossibleDuplicates, Refused
from app.register.doubles.cases import Case, lay_out_case, personal_of
from app.register.doubles.commands import UndoDuplicate
from app.register.doubles.queue import decide
from app.register.doubles.referrals import ADDRESS, CHECK, DUPLICATE, LINK, PAIR, Referral
from app.register.doubles.worklist import Asked, case, worklist
from app.register.handle import handle
from app.web.associations.compared import compared
from app.web.auth import agent_of
from app.web.desk.waiting import elsewhere
from app.web.desk.work_decisions import decision_of, fields_of
from app.web.desk.work_json import as_json, case_json, list_json
from app.web.forms import form_of
from app.web.paging import Paging, page_number
from app.web.people import organisation
from app.web.personal.told import parts_of
from app.web.rooms import DESK, framed
from app.web.service import Service

SIZE = 25
PATH = "/beheer/werklijst"
STATUS = ((Conflict, 409), (PossibleDuplicates, 409), (Forbidden, 403), (LoketError, 400))
AGES = (("", "alles"), ("7", "langer dan een week"), ("30", "langer dan een maand"))
LABELS = {
    DUPLICATE: "Mogelijke dubbel",
    ADDRESS: "Onbekend adres",
    PAIR: "Mogelijk paar in het register",
    CHECK: "Controle bij een ander register",
    LINK: "Waarover een besluit gaat",
}


def show_list(request: Request) -> Response:
    """What waits for whoever is logged in."""
    service: Service = request.app.state.service
    asked, number = _asked(request), page_number(request, "pagina")
    found = worklist(asked, agent_of(request), service.register, SIZE, (number - 1) * SIZE)
    if request.url.path.endswith(".json"):
        return as_json(list_json(found, service))
    paging = Paging(PATH, dict(request.query_params), number, found.total, SIZE, "pagina")
    return framed(
        request, DESK, "werklijst.html", found=found, asked=asked, paging=paging, labels=LABELS, ages=AGES,
        places=_places(found.by_municipality, service), place=service.codelists.municipality,
        elsewhere=elsewhere(service, agent_of(request), PATH),
    )  # fmt: skip


def show_case(request: Request) -> Response:
    """One case; `?met=` chooses with which candidate it is compared, `?blijft=` which of a pair stays."""
    service: Service = request.app.state.service
    referral = _referral(request)
    if referral.kind == CHECK:
        suffix = ".json" if request.url.path.endswith(".json") else ""
        return RedirectResponse(f"/beheer/verenigingen/{referral.code}/controles{suffix}", 303)
    if referral.kind == LINK:
        return RedirectResponse(f"/beheer/besluiten/{referral.code}", 303)
    laid = lay_out_case(referral, agent_of(request), service.register)
    if request.url.path.endswith(".json"):
        return as_json(case_json(laid, service))
    return _case(request, laid)


def act(request: Request) -> Response:
    """Carry out what was decided, by form or by JSON; a form that cannot be carried out comes back with why."""
    service: Service = request.app.state.service
    agent, referral, fields = agent_of(request), _referral(request), fields_of(request)
    wants_json = request.url.path.endswith(".json")
    try:
        decision = decision_of(fields, referral, agent, service.register)
        outcome = decide(referral, decision, agent, service.register, fields.get("reden", "")[:500])
    except LoketError as error:
        if wants_json or not isinstance(error, Refused | Conflict | Forbidden):
            raise
        return _case(request, _again(request, error), error, fields)
    if wants_json:
        return as_json({"besluit": fields.get("besluit", ""), "vCode": outcome.code if outcome else None})
    return RedirectResponse(f"{PATH}/{referral.task.id}", 303, {"cache-control": "no-store"})


def undo(request: Request) -> Response:
    """Take a marking as a double back."""
    service: Service = request.app.state.service
    agent, referral, form = agent_of(request), _referral(request), form_of(request)
    handle(UndoDuplicate(form.get("vCode", "")), agent, service.register, form.get("reden", "")[:500])
    return RedirectResponse(f"{PATH}/{referral.task.id}?rechtgezet=1", 303, {"cache-control": "no-store"})


def show_personal(request: Request) -> Response:
    """The personal values of what was brought in, for the purpose that the form states; logged."""
    service: Service = request.app.state.service
    referral, form = _referral(request), form_of(request)
    stated = ": ".join(filter(None, (form.get("doel", ""), form.get("dossier", "")[:200])))
    laid = lay_out_case(referral, agent_of(request), service.register)
    try:
        personal = personal_of(referral, stated or "?", agent_of(request), service.register)
    except Refused as error:
        return _case(request, laid, error)
    return _case(request, laid, personal=list(parts_of(personal, service.register.tools.type)))


@dataclass(frozen=True)
class _Chosen:
    """What of a case is on the page: with whom it is compared, and which way round."""

    candidate: Any
    comparison: Any
    stays: str = ""
    double: str = ""


def _case(
    request: Request, laid: Case, error: LoketError | None = None, fields: Mapping[str, Any] | None = None,
    personal: Any = None,
) -> Response:  # fmt: skip
    service: Service = request.app.state.service
    status = 200 if error is None else next(code for kind, code in STATUS if isinstance(error, kind))
    decided = organisation(service, laid.referral.decided.get("door", ""))
    return framed(
        request, DESK, "werklijst_vraag.html", status, laid=laid, referral=laid.referral, error=error,
        chosen=_chosen(request, laid, service, fields or {}), fields=fields or {}, personal=personal, labels=LABELS,
        place=service.codelists.municipality, purposes=service.schema.processing.choosable,
        decider=decided.name if decided else "", undone=_undone(laid.referral, service),
    )  # fmt: skip


def _chosen(request: Request, laid: Case, service: Service, fields: Mapping[str, Any]) -> _Chosen | None:
    if laid.side is None or not laid.candidates:
        return None
    wanted = fields.get("met") or request.query_params.get("met")
    by_code = {each.side.code: each for each in laid.candidates}
    candidate = by_code.get(wanted or "", laid.candidates[0])
    if laid.referral.kind != PAIR:
        return _Chosen(candidate, compared(laid.side.document, candidate.side.document, service), candidate.side.code)
    two = {laid.side.code: laid.side, candidate.side.code: candidate.side}
    stays = two.get(fields.get("blijft") or request.query_params.get("blijft") or "", laid.side)
    double = next(side for side in two.values() if side is not stays)
    return _Chosen(candidate, compared(double.document, stays.document, service), stays.code, double.code)


def _again(request: Request, error: LoketError) -> Case:
    """The case as it is now; when somebody else was first, it is decided."""
    service: Service = request.app.state.service
    referral = _referral(request)
    try:
        return lay_out_case(referral, agent_of(request), service.register)
    except Conflict:
        return Case(referral, None)


def _undone(referral: Referral, service: Service) -> str | None:
    """Of a pair that was made one: the code of the double, while it is one."""
    if referral.kind != PAIR or referral.is_open:
        return None
    for code in (referral.code, *(code for code, _ in referral.candidates)):
        version = service.log.latest(service.register.tools.type.iri(code))
        if version is not None and version.replaced_by and version.operation != "delete":
            return code
    return None


def _referral(request: Request) -> Referral:
    service: Service = request.app.state.service
    return case(int(request.path_params["id"]), agent_of(request), service.register)


def _asked(request: Request) -> Asked:
    given = request.query_params
    days = given.get("ouder", "")
    return Asked(
        kind=given.get("soort", "") if given.get("soort") in LABELS else "",
        municipality=given.get("gemeente", ""),
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
        done=given.get("toestand") == "beslist",
    )


def _places(counts: Mapping[str, int], service: Service) -> list[tuple[str, str, int]]:
    """The municipalities to choose from, by name."""
    found = [(nis, service.codelists.municipality(nis), count) for nis, count in counts.items()]
    return sorted(((nis, home.name if home else "zonder gemeente", count) for nis, home, count in found), key=str)


ROUTES = (
    Route(PATH, show_list),
    Route(f"{PATH}.json", show_list),
    Route(f"{PATH}/{{id:int}}", show_case),
    Route(f"{PATH}/{{id:int}}.json", show_case),
    Route(f"{PATH}/{{id:int}}", act, methods=["POST"]),
    Route(f"{PATH}/{{id:int}}.json", act, methods=["POST"]),
    Route(f"{PATH}/{{id:int}}/rechtzetten", undo, methods=["POST"]),
    Route(f"{PATH}/{{id:int}}/persoonsgegevens", show_personal, methods=["POST"]),
)
