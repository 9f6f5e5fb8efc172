"""The form that an administration has elsewhere: its address filled in with what everybody may know of the association.

address_elsewhere(product, "V0001001", agent, register)
# https://formulieren.voorbeeld.be/subsidie?v=V0001001
"""

from __future__ import annotations

import re
from urllib.parse import quote

from app.errors import Refused
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.register.agents import Agent
from app.register.dossiers.application_drafts import check
from app.register.register import Register

NOT_THERE = "Dit bestuur heeft elders geen formulier voor dit product."
BLANK = re.compile(r"\{([a-z]+)\}")
LABELS = {
    "vcode": "V-code", "naam": "naam", "kbo": "KBO-nummer", "postcode": "postcode", "gemeente": "gemeente",
    "product": "code van het product",
}  # fmt: skip


def address_elsewhere(product: str, association: str, agent: Agent, register: Register) -> str:
    """Where to go on; raises Refused when there is no such form, Forbidden for another association."""
    check(agent, association, register)
    link = _public(product, register).get("aanvraaglink", "")
    if not link.startswith("https://"):
        raise Refused(NOT_THERE)
    values = _values(product, association, register)
    return BLANK.sub(lambda match: quote(values.get(match[1], ""), safe=""), link)


def shared_elsewhere(product: str, association: str, agent: Agent, register: Register) -> dict[str, str] | None:
    """What would go along, by what it is called; None when there is no such form."""
    check(agent, association, register)
    link = _public(product, register).get("aanvraaglink", "")
    if not link.startswith("https://"):
        return None
    values = _values(product, association, register)
    return {LABELS[name]: values[name] for name in dict.fromkeys(BLANK.findall(link)) if values.get(name)}


def _values(product: str, association: str, register: Register) -> dict[str, str]:
    """Only what is public."""
    known = _public(register.tools.type.iri(association), register)
    addresses = [each.get("adres", {}) for each in _primary_first(known)]
    place: Document = next((address for address in addresses if address.get("postcode")), {})
    return {
        "vcode": association, "naam": known.get("naam", ""), "kbo": known.get("kboNummer", ""),
        "postcode": place.get("postcode", ""), "gemeente": place.get("gemeente", ""),
        "product": product.rpartition("/")[2],
    }  # fmt: skip


def _primary_first(association: Document) -> list[Document]:
    primary = association.get("primaireLocatie")
    return sorted(association.get("locaties", ()), key=lambda each: each.get("@id") != primary)


def _public(iri: str, register: Register) -> Document:
    version = register.log.latest(iri)
    if version is None or version.public is None or version.ended:
        return {}
    return to_document(from_ntriples(version.public), register.schema.entity_types[version.kind], iri)
