"""Locations that a client gives by the identifier of their address alone: the address register knows the rest."""

from __future__ import annotations

from app.errors import Problem, Refused
from app.model.documents import Document
from app.web.v1.call import Call

ONLY = frozenset({"verwijstNaar"})
NOT_CONNECTED = "Geef ook het adres: het Adressenregister is hier niet aangesloten."


def completed(call: Call, location: Document, path: str) -> Document:
    """The location with the parts of its address; raises Refused for one that is unknown or past, or Unavailable."""
    address = location.get("adres", {})
    if address.keys() != ONLY:
        return location
    where = f"{path}.adresId.bronwaarde"
    if call.service.addresses is None:
        raise Refused(NOT_CONNECTED, [Problem(where, NOT_CONNECTED)])
    try:
        return {**location, "adres": {**call.service.addresses.find(address["verwijstNaar"]), **address}}
    except Refused as refused:
        raise Refused(refused.title, [Problem(where, refused.title)]) from None
