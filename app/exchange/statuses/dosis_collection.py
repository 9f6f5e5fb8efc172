"""Statuses of dossiers as a collection that another system pulls, in the form that DOSIS connectors have.

collection(statuses, register, source, address, index=0, limit=100)["nieuweIndex"]     # begin there the next time

Elements stand in order of their index, and the next one to ask for is the last plus one. The keys are those of
https://github.com/Qmino/dosis-connector, the one with a space included; what it lacks is an agent for associations,
which stands here by its V-code (`VerenigingAgent`, an assumption).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.exchange.statuses.facts import facts_of
from app.exchange.statuses.filling import fill
from app.register.register import Register
from app.store.dossier_statuses import DossierStatus

MOST = 500
ELEMENT: dict[str, Any] = {
    "@type": "DossierStatus",
    "index": "$index",
    "dossiernummer": "$dossiernummer",
    "dossiernaam": "$naam",
    "doorverwijzingUrl": "$doorverwijzing",
    "wijzigingsdatum": "$sinds",
    "status": {
        "@type": "Status",
        "vlaamseFase": "$fase",
        "vlaamseCode": "$code",
        "detail": "$detail",
        "actie": "$actie",
    },
    "dossier beheerder": {
        "@type": "Contact",
        "naam": "$bestuur",
        "dienst": "$dienst",
        "telefoon": "$telefoon",
        "email": "$email",
        "website": "$website",
        "adres": {"straat": "$straat", "huisnummer": "$huisnummer", "postcode": "$postcode", "gemeente": "$gemeente"},
    },
    "agenten": [{"@type": "VerenigingAgent", "vCode": "$vCode"}],
    "product": "$productnummer",
}


def collection(
    statuses: Sequence[DossierStatus], register: Register, source: str, address: str, index: int, limit: int
) -> dict[str, Any]:
    """The elements with their index; without any, the next time begins where this time did."""
    further = statuses[-1].sequence + 1 if statuses else index
    found: dict[str, Any] = {
        "@type": "StatusVeranderingsVerzameling",
        "@id": f"{address}?index={index}&limiet={limit}",
        "index": index,
        "limiet": limit,
        "nieuweIndex": further,
        "elementen": [_element(status, register, source) for status in statuses],
    }
    if len(statuses) == limit:
        found["@volgendeVerzameling"] = f"{address}?index={further}&limiet={limit}"
    return found


def _element(status: DossierStatus, register: Register, source: str) -> dict[str, Any]:
    facts = facts_of(status, register, source)
    element: dict[str, Any] = fill(ELEMENT, facts)
    if facts.get("kboNummer"):
        enterprise = {"@type": "OndernemerAgent", "kboNummer": facts["kboNummer"], "toegangsrechten": []}
        element["agenten"] = [*element["agenten"], enterprise]
    return element
