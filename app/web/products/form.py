"""The form of a product: of one that everybody sees, of a draft of one, or of one that is not there yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.errors import LoketError, Refused
from app.model.fields import Document
from app.model.languages import FORMAL, INFORMAL, NEUTRAL, text_of
from app.model.whole import whole_number
from app.register.products.address_forms import carried_over, read_guidelines
from app.register.products.approving import may_approve, validators_for
from app.register.products.conduct import ASIDE
from app.register.products.drafts import ProductDraft, draft_about
from app.register.products.own_products import Own
from app.register.products.writing import Helped, help_with
from app.web.associations.editing import Frame, Items, by_path, form_of_type, read_form, without_empty
from app.web.associations.editing_parts import arrange
from app.web.auth import agent_of
from app.web.rooms import DESK, framed
from app.web.service import Service

PATH, DRAFTS = "/beheer/producten", "/beheer/producten/ontwerpen"
FORMS = ((NEUTRAL, "neutraal"), (FORMAL, "u"), (INFORMAL, "je"))
CHECKED = "Alles is goed ingevuld."
KEPT = "Bewaard. Enkel uw bestuur ziet dit ontwerp."


@dataclass(frozen=True)
class Written:
    """What somebody is writing, and on what: `own` is seen by everybody, `draft` by nobody else, a new one is neither.

    `said` is all that the form sent.
    """

    document: Document
    language: str
    own: Own | None = None
    draft: ProductDraft | None = None
    said: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where the form sends itself."""
        if self.draft is not None:
            return f"{DRAFTS}/{self.draft.code}"
        return f"{PATH}/{self.own.code if self.own else 'nieuw'}"

    @property
    def version(self) -> int:
        """Of what is written on, as it was when the form was opened."""
        given = self.said.get("versie", "")
        found = self.draft or self.own
        number = whole_number(given)
        return number if number is not None else found.version.number if found else 0

    @property
    def content(self) -> Document:
        """What was written, without the parts that were left empty."""
        return {**without_empty(self.document), "taalvariant": self.language}


def product_form(
    request: Request, written: Written, error: LoketError | None = None, notice: str = "", status: int = 200
) -> Response:
    """The page, with what is wrong beside each field."""
    service: Service = request.app.state.service
    type = service.schema.entity_types["product"]
    problems = error.problems if isinstance(error, Refused) else ()
    frame = Frame(service.codelists, written.language, ASIDE, by_path(problems))
    agent, document, own, draft = agent_of(request), written.document, written.own, written.draft
    about = own.document if own else draft.about if draft else None
    validators = validators_for(about, document, service.codelists)
    values: dict[str, Any] = {
        "own": own, "draft": draft, "title": title(document), "sections": form_of_type(type, document, frame),
        "forms": FORMS, "language": written.language, "error": error, "problems": problems, "notice": notice,
        "version": written.version or "", "here": written.place, "concept": document.get("linkedConcept", ""),
        "helped": _help(request, written), "approve": may_approve(agent, validators), "validated": bool(validators),
        "other_draft": draft_about(own.version.entity, service.register) if own else "", "account": agent.account,
    }  # fmt: skip
    return framed(request, DESK, "product_bewerken.html", status, **values)


def read_product(request: Request, items: Items, own: Own | None = None, draft: ProductDraft | None = None) -> Written:
    """What the form says, with what it does not show; a part more or less where a button says so."""
    service: Service = request.app.state.service
    type, said = service.schema.entity_types["product"], dict(items)
    language = language_of(said.get("taalvariant"))
    before = own.document if own else draft.said if draft else {}
    kept = {term: before[term] for term in ASIDE - {"taalvariant"} if term in before}
    given = {"linkedConcept": said["linkedConcept"]} if said.get("linkedConcept") and not own else {}
    document = {**kept, **given, **read_form(items, type, language)}
    if before:
        document = carried_over(document, before, type, language)
    arrange(document, said)
    return Written(document, language, own, draft, said)


def language_of(text: str | None) -> str:
    """The form of Dutch that somebody chose."""
    return text if text in (FORMAL, INFORMAL) else NEUTRAL


def title(document: Document) -> str:
    """What a product is called, also before it has a name."""
    return text_of(document.get("naam")) or "Zonder titel"


def _help(request: Request, written: Written) -> Helped:
    """What somebody who reads along would say."""
    service: Service = request.app.state.service
    owner = written.own.document.get("aangemaaktDoor", "") if written.own else agent_of(request).iri
    guidelines = read_guidelines(owner, service.register)
    type = service.schema.entity_types["product"]
    return help_with(written.content, type, guidelines, request.app.state.plain_language)
