"""What the pages about applications and dossiers show alike."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from app.exchange.attachments.kinds import NAMES
from app.model.codelists import CodeLists
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.model.languages import text_of
from app.model.wording import day
from app.register.dossiers.own_dossiers import open_document
from app.register.dossiers.processes import OWNER, Process, process_for
from app.store.documents import StoredDocument
from app.store.records import Version
from app.web.associations.editing import Option
from app.web.dossiers.process_picture import process_picture
from app.web.service import Service


def product_document(version: Version, service: Service) -> Document:
    """What everybody sees of a product."""
    return to_document(from_ntriples(version.public or b""), service.schema.entity_types["product"], version.entity)


def title_of(version: Version, service: Service) -> str:
    """What a product is called."""
    return text_of(product_document(version, service).get("naam"))


def title_at(iri: str, service: Service) -> str:
    """What a product is called, whether it is still offered or not."""
    version = service.log.latest(iri)
    return text_of(open_document(version, service.register).get("naam")) if version else ""


def owner_of(version: Version, service: Service) -> str:
    """Whose product it is."""
    owner = service.codelists.organisations.heir(product_document(version, service).get("aangemaaktDoor", ""))
    return owner.name if owner else "het bestuur"


def process_of_product(product: Document, service: Service) -> Process | None:
    """The process of applications for a product; None when one cannot apply here."""
    form = product.get("aanvraagvorm")
    if not form:
        return None
    register, lists = service.register, service.codelists
    organisation = lists.organisations.heir(product.get("aangemaaktDoor", ""))
    home = lists.municipality(organisation.nis) if organisation and organisation.nis else None
    owner = (home.unit or home.iri) if home else product.get("aangemaaktDoor", "")

    def look(iri: str) -> Document | None:
        version = register.log.latest(iri)
        return open_document(version, register) if version and not version.ended else None

    own = [found for iri in register.log.find(OWNER, owner) if (found := look(iri))]
    return process_for(product, form, own, register.schema.processes, look, lists)


def process_picture_of(version: Version, service: Service) -> Markup | None:
    """What an application for a product goes through, as a picture."""
    whole = open_document(version, service.register)
    process = process_of_product(whole, service)
    return process_picture(process) if process else None


def documents_to_choose(documents: Iterable[StoredDocument], codelists: CodeLists) -> tuple[Option, ...]:
    """Documents by what they are and when they were given: a name may say who somebody is."""
    return tuple(Option(each.iri, label_of(each, codelists), False, each.kind) for each in documents)


def label_of(document: StoredDocument, codelists: CodeLists) -> str:
    """What a document is called without opening the vault."""
    kind = codelists.concept(document.kind, "documentsoort")
    name = NAMES.get(document.media_type, "document")
    return f"{kind.label if kind else 'Document'}, {name}, van {day(document.created)}"
