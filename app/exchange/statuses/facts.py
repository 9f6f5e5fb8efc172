"""What other systems are told of a status of a dossier: plain values by name, for templates; nothing personal in them.

    facts_of(status, register, source="https://gent.be/dossiers")["code"]        # 'Goedgekeurd'

They are those of the dossier as it was when it got that status, so that telling later, or again, tells the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.errors import Unknown
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.model.languages import text_of
from app.register.register import Register
from app.store.dossier_statuses import DossierStatus
from app.store.records import Version

Facts = Mapping[str, Any]
# How long a notification is of use to somebody.
SHOWN_DAYS = 90
LINK = "Bekijk het dossier"


def facts_of(status: DossierStatus, register: Register, source: str) -> Facts:
    """All that may be told; raises Unknown when the log does not have that version."""
    version = register.log.version(status.dossier, status.version)
    if version is None:
        raise Unknown(f"De versie {status.version} van het dossier is er niet.")
    dossier = read_document(version, register)
    product = _latest(dossier.get("product", ""), register)
    number = status.dossier.rpartition("/")[2]
    return {
        "kenmerk": status.id,
        "eigenaar": status.owner,
        "adres": f"{register.schema.base}/v1/dossiers/{number}",
        "id": str(uuid5(NAMESPACE_URL, f"{source}#{status.id}")),
        "index": status.sequence,
        "bron": source,
        "dossiernummer": number,
        "transactie": f"{source}+{number}",
        "naam": dossier.get("naam", ""),
        "linknaam": LINK,
        "doorverwijzing": dossier.get("doorverwijzing") or f"{register.schema.base}/mijn-vereniging/aanvragen/{number}",
        **_state(status, dossier, register),
        **_handler(status, dossier, product, register),
        **_applicant(status, register),
        **_product(dossier, product),
        "ingediendOp": dossier.get("ingediendOp"),
        "afgeslotenOp": dossier.get("afgeslotenOp"),
    }


def read_document(version: Version, register: Register) -> Document:
    """What stands in the log of a version, without personal values."""
    graph = from_ntriples((version.public or b"") + version.internal)
    return to_document(graph, register.schema.entity_types[version.kind], version.entity)


def _state(status: DossierStatus, dossier: Document, register: Register) -> dict[str, Any]:
    expires = date.fromisoformat(status.time[:10]) + timedelta(days=SHOWN_DAYS)
    concept = register.codelists.find("dossierstatus", status.status)
    return {
        "code": status.status,
        "fase": status.phase,
        "statusNaam": concept.label if concept else status.status,
        "detail": dossier.get("statusDetail", ""),
        "sinds": status.time,
        "actieNodig": bool(dossier.get("actieNodig")),
        "actie": dossier.get("actie", ""),
        "vervaldatum": expires.isoformat(),
    }


def _handler(status: DossierStatus, dossier: Document, product: Document, register: Register) -> dict[str, Any]:
    """The administration and its service, reached as the product says."""
    owner = register.codelists.organisations.get(status.owner)
    contact: Document = next(iter(product.get("contactgegevens", ())), {})
    address = contact.get("adres", {})
    return {
        "bestuur": owner.name if owner else "",
        "nis": owner.nis if owner else None,
        "dienst": dossier.get("dienst") or contact.get("dienst"),
        "email": contact.get("email"),
        "telefoon": contact.get("telefoonnummer"),
        "website": contact.get("url"),
        "straat": text_of(address.get("straatnaam")),
        "huisnummer": address.get("huisnummer"),
        "postcode": address.get("postcode"),
        "gemeente": text_of(address.get("gemeentenaam")),
    }


def _product(dossier: Document, product: Document) -> dict[str, Any]:
    """Its number in the IPDC; what asks for some number gets our own code where it is not there (yet)."""
    number = product.get("productnummer") or dossier.get("productnummer")
    return {"productnummer": number, "productId": number or _code(dossier.get("product", ""))}


def _applicant(status: DossierStatus, register: Register) -> dict[str, Any]:
    """An association goes by its V-code, and by its enterprise number where it has one."""
    document = _latest(status.association, register)
    return {"vCode": _code(status.association), "kboNummer": document.get("kboNummer")}


def _latest(iri: str, register: Register) -> Document:
    version = register.log.latest(iri)
    return {} if version is None else read_document(version, register)


def _code(iri: str) -> str:
    return iri.rpartition("/")[2]
