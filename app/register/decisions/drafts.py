"""How drafts of decisions behave: what they may say, what they lack still, and whose they are. None is ever public.

In opmaak -> klaar -> ondertekend -> bekendgemaakt: `deciding.py`. Only what is "in opmaak" can be written on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import Forbidden, Problem
from app.model.codelists import CodeLists
from app.model.fields import Document
from app.register import agents
from app.register.conduct import Case, Conduct, Standing, never
from app.register.decisions.templates import template_of
from app.register.desk import Desk
from app.register.entities_there import there
from app.register.recognitions.commands import RegisterRecognition
from app.register.recognitions.rules import grantor
from app.register.rights import Subject
from app.register.subjects import subject_of

KIND = "ontwerp"
WRITING, READY, SIGNED, PUBLISHED, WITHDRAWN = "ontwerp", "klaar", "ondertekend", "bekendgemaakt", "ingetrokken"
OWNER = "ontwerp-van"
BLANK = "[…]"
NEEDED: Mapping[str, str] = {
    "vereniging": "Zeg over welke vereniging het gaat.",
    "product": "Kies het product waarover het gaat.",
    "productnummer": "Geef het nummer van het IPDC-product, of kies een product dat er een heeft.",
    "bedrag": "Geef het bedrag.",
    "begindatum": "Geef de dag vanaf wanneer het geldt.",
    "naam": "Geef het besluit een titel.",
    "citeeropschrift": "Geef het besluit een korte naam.",
    "beschrijving": "Vat het besluit samen in één zin.",
    "motivering": "Zeg waarom zo beslist wordt.",
    "artikelen": "Een besluit heeft minstens één artikel.",
    "zitting": "Kies de zitting waarin het beslist is.",
    "stemming.gevolg": "Geef de uitslag van de stemming.",
}
ALWAYS = ("naam", "citeeropschrift", "beschrijving", "motivering", "artikelen", "zitting", "stemming.gevolg")
SESSION_NEEDS: Mapping[str, str] = {
    "geplandeStart": "wanneer ze gepland was",
    "start": "wanneer ze begon",
    "einde": "wanneer ze eindigde",
    "plaats": "waar ze doorging",
    "voorzitter": "wie voorzat",
    "secretaris": "wie het verslag maakte",
    "aanwezigen": "wie er was",
}


def status_iri(notation: str, codelists: CodeLists) -> str:
    """The IRI of a status."""
    found = codelists.find("ontwerpstatus", notation)
    assert found is not None, notation
    return found.iri


def status_of(document: Mapping[str, Any], codelists: CodeLists) -> str:
    """The notation of the status of a draft."""
    found = codelists.concept(document.get("status", ""), "ontwerpstatus")
    return found.notation if found else WRITING


def derive(document: Document, desk: Desk) -> None:
    """It is in the making, of the administration that writes it; the number of a product follows from the product."""
    codelists = desk.register.codelists
    home = codelists.municipality(desk.agent.municipality) if desk.agent.municipality else None
    document.setdefault("status", status_iri(WRITING, codelists))
    document.setdefault("bestuur", grantor(desk.agent))
    if home is not None:
        document.setdefault("gemeente", home.iri)
    product = there(document.get("product"), "product", desk)
    if product and product.get("productnummer"):
        document["productnummer"] = product["productnummer"]


def only_writing_is_changed(case: Case) -> Iterator[Problem]:
    """What waits for a signature is what is signed."""
    codelists = case.desk.register.codelists
    before = status_of(case.before, codelists) if case.before else WRITING
    if before != WRITING:
        yield Problem("", "Dit ontwerp ligt vast. Geef het eerst terug om eraan te schrijven.")
    elif status_of(case.document, codelists) != WRITING:
        yield Problem(
            "status", "De status verandert door het ontwerp klaar te maken, te ondertekenen of bekend te maken."
        )


def what_it_is_about_is_there(case: Case) -> Iterator[Problem]:
    document, desk = case.document, case.desk
    if document.get("vereniging") and there(document["vereniging"], "vereniging", desk) is None:
        yield Problem("vereniging", "Deze vereniging staat niet (meer) in het register.")
    product = there(document.get("product"), "product", desk)
    if document.get("product") and (product is None or not _is_of(product, document, desk)):
        yield Problem("product", "Dit is geen product van uw bestuur.")
    session = there(document.get("zitting"), "zitting", desk)
    if document.get("zitting") and (session is None or session.get("gemeente") != document.get("gemeente")):
        yield Problem("zitting", "Dit is geen zitting van uw gemeente.")


def it_may_be_recognised(case: Case) -> Iterator[Problem]:
    """Told while writing, and not only when everything is signed."""
    desk, iri = case.desk, case.document.get("vereniging")
    template = template_of(case.document["sjabloon"], desk.register.codelists) if "sjabloon" in case.document else None
    if not iri or template is None or template.effect != "erkennen":
        return
    if subject := subject_of(desk.transaction, iri, desk.today):
        verdict = desk.register.rights.decide(desk.agent, RegisterRecognition, subject)
        if not verdict.allowed:
            yield Problem("vereniging", verdict.reason)


def it_ends_after_it_begins(case: Case) -> Iterator[Problem]:
    start, end = case.document.get("begindatum"), case.document.get("einddatum")
    if start and end and end < start:
        yield Problem("einddatum", "De einddatum ligt voor de begindatum.")


def lacking(document: Document, desk: Desk) -> Iterator[Problem]:
    """What must be mended before a draft is signed, beside the fields."""
    template = template_of(document["sjabloon"], desk.register.codelists)
    for path in (*sorted(template.asks), *ALWAYS):
        term, _, inner = path.partition(".")
        value = document.get(term)
        if not (value.get(inner) if inner and value else value):
            yield Problem(path, NEEDED[path])
    yield from (
        Problem(path, f"Vul aan wat open staat: {BLANK}.") for path, text in texts_of(document) if BLANK in text
    )
    session = there(document.get("zitting"), "zitting", desk)
    missing = [what for term, what in SESSION_NEEDS.items() if session is not None and not session.get(term)]
    if missing:
        yield Problem("zitting", f"Vul bij de zitting eerst aan {', '.join(missing)}.")


def texts_of(document: Document) -> Iterator[tuple[str, str]]:
    """Every text of a draft, with its path."""
    for term in ("naam", "citeeropschrift", "beschrijving", "motivering"):
        yield term, document.get(term, "")
    for index, article in enumerate(document.get("artikelen", ())):
        yield from ((f"artikelen[{index}].{term}", article.get(term, "")) for term in ("naam", "inhoud"))


def standing(document: Document, desk: Desk) -> Standing:
    """Found by the administration that writes it."""
    return Standing(keys=frozenset({(OWNER, document["bestuur"])}))


def allow(case: Case) -> None:
    """An administration, and the vendor that works for it, keeps its own drafts. Raises Forbidden."""
    agent = case.desk.agent
    for document in (case.before, case.document):
        if document is not None and agent.role != agents.SYSTEM and document.get("bestuur") != grantor(agent):
            raise Forbidden("Dit ontwerp is van een ander bestuur.")


def draft_subject(code: str, desk: Desk) -> Subject | None:
    """What rights depend on, of a draft; None when there is none."""
    version = desk.transaction.latest(desk.register.schema.entity_types[KIND].iri(code))
    if version is None or version.operation == "delete":
        return None
    return Subject(code, owner=desk.open_document(version).get("bestuur", ""))


def _is_of(product: Document, draft: Document, desk: Desk) -> bool:
    """Whether a product is of the administration that writes the draft."""
    owner = desk.register.codelists.organisations.get(product.get("aangemaaktDoor", ""))
    home = desk.register.codelists.municipality(draft.get("gemeente", ""))
    return owner is not None and home is not None and owner.nis == home.nis


DRAFTS = Conduct(
    derive=derive,
    rules=(only_writing_is_changed, what_it_is_about_is_there, it_may_be_recognised, it_ends_after_it_begins),
    standing=standing,
    allow=allow,
    visible=never,
)
