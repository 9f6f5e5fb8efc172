"""`/mijn-vereniging/aanvragen`: what an association applied for, how far it is, and the documents that it gave.

| address | what |
|---|---|
| /mijn-vereniging/aanvragen | all applications: those being written, those being handled, those that ended |
| /mijn-vereniging/aanvragen/A0001001 | one of them: where it stands, messages, completing it, withdrawing it |
| /mijn-vereniging/aanvragen/A0001001/ontvangstbewijs.pdf | the receipt |
| /mijn-vereniging/documenten | the documents of the association, to use again |
| /documenten/{code} | one of them, also for who handles a dossier that names it |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Conflict, Forbidden, LoketError, Problem, Refused, TooLarge
from app.exchange.attachments.kinds import file_name
from app.register.agents import ASSOCIATION, Agent
from app.register.commands import Command
from app.register.dossiers.application_drafts import own_drafts
from app.register.dossiers.commands import CompleteDossier, WithdrawApplication, WriteMessage
from app.register.dossiers.document_store import documents, dossiers_with, erase, read
from app.register.dossiers.own_dossiers import of_association, read_dossier
from app.register.handle import handle
from app.web.associations.editing import by_path
from app.web.auth import agent_of
from app.web.dossiers.applying import label_of, title_at
from app.web.dossiers.applying_pages import OWN, new_document
from app.web.dossiers.view import DossierView, line_of, view_of
from app.web.forms import form_of
from app.web.rooms import MINE, framed
from app.web.service import Service

DOCUMENTS = "/mijn-vereniging/documenten"
Form = Mapping[str, str]
# A file of others is never shown as a page of ours.
AS_FILE = {
    "cache-control": "private, no-store", "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
}  # fmt: skip


def show_list(request: Request) -> Response:
    """Of all associations for which somebody acts."""
    service, agent = _open(request)
    found = [each for code in sorted(agent.associations) for each in of_association(code, agent, service.register)]
    drafts = [each for code in sorted(agent.associations) for each in own_drafts(code, agent, service.register)]
    lines = [line_of(each, service) for each in found]
    return framed(
        request, MINE, "aanvragen.html", running=[line for line in lines if not line.closed],
        ended=[line for line in lines if line.closed],
        drafts=[(each, title_at(each.product, service)) for each in drafts],
    )  # fmt: skip


def show_one(request: Request) -> Response:
    """Where it stands, and what one can do."""
    return _one(request)


def act(request: Request) -> Response:
    """Write, complete or withdraw; what stands in the way is told and what was written comes back."""
    service, agent = _open(request)
    said, code = form_of(request), request.path_params["code"]
    view = _view(request)
    try:
        command = _command(request, said, view, agent)
        handle(command, agent, service.register)
    except (Refused, Conflict, TooLarge) as error:
        return _one(request, error, said)
    return RedirectResponse(f"{OWN}/{code}", 303, {"cache-control": "no-store"})


def receipt(request: Request) -> Response:
    """What was sent, to keep."""
    # Here, as what writes PDF takes a fifth of the time of a start.
    from app.exchange.receipt_pdf import Receipt, receipt_pdf

    service, _ = _open(request)
    view = _view(request)
    answers = [(row.label, ", ".join(_words(value) for value in row.values)) for row in view.answers]
    made = Receipt(
        number=view.code, title=view.title, association=view.association, owner=view.owner,
        submitted=view.document["ingediendOp"], answers=tuple(answers),
        documents=tuple(label for _, label, _ in view.documents), base=service.base, onward=view.process.first.what,
    )  # fmt: skip
    body = receipt_pdf(made, datetime.fromisoformat(view.document["ingediendOp"]))
    name = f'attachment; filename="ontvangstbewijs-{view.code}.pdf"'
    return Response(body, headers={**AS_FILE, "content-disposition": name}, media_type="application/pdf")


def show_documents(request: Request) -> Response:
    """The documents of the association, and in which dossiers each is."""
    return _documents(request)


def keep_document(request: Request) -> Response:
    """Keep a document, or erase one."""
    service, agent = _open(request)
    said = form_of(request)
    try:
        if said.get("wissen"):
            erase(said["wissen"], agent, service.register)
        else:
            _keep(request, said, agent)
    except (Refused, TooLarge) as error:
        return _documents(request, error)
    return RedirectResponse(DOCUMENTS, 303, {"cache-control": "no-store"})


def download(request: Request) -> Response:
    """One document; the reading is logged."""
    service: Service = request.app.state.service
    document, opened = read(request.path_params["code"], agent_of(request), service.register)
    name = file_name(opened.name, document.media_type)
    plain = "".join(letter if letter.isascii() else "_" for letter in name)
    head = {"content-disposition": f'attachment; filename="{plain}"', "digest": f"sha-256={opened.hash}"}
    return Response(opened.content, headers={**AS_FILE, **head}, media_type=document.media_type)


def _command(request: Request, said: Form, view: DossierView, agent: Agent) -> Command:
    association = view.document["vereniging"].rpartition("/")[2]
    if said.get("doe") == "intrekken":
        return WithdrawApplication(view.code, said.get("reden", ""))
    iri = new_document(request, "bestand", _kind(request, said), association, agent)
    sent = tuple(filter(None, (iri, said.get("document", ""))))
    command: Callable[..., Command] = CompleteDossier if said.get("doe") == "aanvullen" else WriteMessage
    return command(view.code, said.get("bericht", ""), sent)


def _one(request: Request, error: LoketError | None = None, said: Form | None = None) -> Response:
    service, agent = _open(request)
    view = _view(request)
    problems = error.problems if isinstance(error, Refused) else ()
    association = view.document["vereniging"].rpartition("/")[2]
    given = [(each.iri, label_of(each, service.codelists)) for each in documents(association, agent, service.register)]
    return framed(
        request, MINE, "aanvraag_dossier.html", 400 if error else 200, dossier=view, error=error, said=said or {},
        beside=by_path(problems), problems=problems, given=given, kinds=service.codelists.concepts("documentsoort"),
        place=f"{OWN}/{view.code}", sent="ingediend" in request.query_params,
    )  # fmt: skip


def _documents(request: Request, error: LoketError | None = None) -> Response:
    service, agent = _open(request)
    found = [each for code in sorted(agent.associations) for each in documents(code, agent, service.register)]
    rows = [(each, label_of(each, service.codelists), dossiers_with(each, service.register)) for each in found]
    return framed(
        request, MINE, "documenten.html", 400 if error else 200, rows=rows, error=error,
        kinds=service.codelists.concepts("documentsoort"), clubs=sorted(agent.associations),
    )  # fmt: skip


def _keep(request: Request, said: Form, agent: Agent) -> None:
    codes = sorted(agent.associations)
    association = said.get("vereniging", codes[0] if codes else "")
    if not new_document(request, "bestand", _kind(request, said), association, agent):
        raise Refused("Kies een bestand.", [Problem("bestand", "Kies een bestand.")])


def _kind(request: Request, said: Form) -> str:
    """The IRI of the kind of document that was chosen."""
    service: Service = request.app.state.service
    found = service.codelists.concept(said.get("soort", ""), "documentsoort")
    other = service.codelists.find("documentsoort", "andere")
    assert other is not None
    return found.iri if found else other.iri


def _words(value: object) -> str:
    """A value as a text: of a part, its values one after the other."""
    rows = getattr(value, "rows", ())
    if not rows:
        return str(getattr(value, "text", ""))
    return " ".join(_words(inner) for row in rows for inner in row.values)


def _view(request: Request) -> DossierView:
    service, agent = _open(request)
    return view_of(read_dossier(request.path_params["code"], agent, service.register), service)


def _open(request: Request) -> tuple[Service, Agent]:
    """The service, for an association. Raises Unauthenticated or Forbidden."""
    agent = agent_of(request)
    if agent.role != ASSOCIATION:
        raise Forbidden("Dit is van een vereniging. Meld aan als haar vertegenwoordiger.")
    return request.app.state.service, agent


ROUTES = (
    Route(OWN, show_list),
    Route(f"{OWN}/{{code:str}}/ontvangstbewijs.pdf", receipt),
    Route(f"{OWN}/{{code}}", show_one),
    Route(f"{OWN}/{{code}}", act, methods=["POST"]),
    Route(DOCUMENTS, show_documents),
    Route(DOCUMENTS, keep_document, methods=["POST"]),
    Route("/documenten/{code}", download),
)
