"""Notificaties, the building block by which the Flemish government notifies people: a bundle per status of a dossier.

    Notifications(line, "https://…/bundels", "https://gent.be/dossiers", template, token).tell(facts)

The form of a bundle, and which keys each category must and may have, stand in `ontology/berichten/notificatie.json`. A
bundle that lacks what its category needs is not sent: the building block would refuse it as a whole. The id of a bundle
follows from the status, so one that arrives twice is known by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.errors import LoketError
from app.exchange.neighbour import Line
from app.exchange.receiving import Fate, Verdict, tell
from app.exchange.statuses.facts import Facts
from app.exchange.statuses.filling import Template
from app.store.dossier_statuses import DossierStatus

KIND = "notificatie"
REQUIRED = (
    "Id", "AanbiederUri", "Bestemmelingen", "Categorie", "DatumNotificatie", "Kanalen", "ProductId", "MerkCode",
)  # fmt: skip


@dataclass(frozen=True)
class Notifications:
    """The way to it; `brand` is the look that readers see, `token` gives what proves who we are."""

    line: Line
    url: str
    source: str
    template: Template
    token: Callable[[], str] = field(repr=False)
    brand: str = "VL"
    kind: str = KIND

    def wants(self, status: DossierStatus) -> bool:
        """Every one."""
        return True

    def tell(self, facts: Facts) -> Verdict:
        """Send the bundle of one status."""
        bundle = self.template.filled({**facts, "merk": self.brand})
        if lacking := lacks(bundle, self.template.told["categorieen"]):
            return Verdict(Fate.REFUSED, f"niet verzonden: {lacking}")
        try:
            token = self.token()
        except LoketError as error:
            return Verdict(Fate.LATER, error.title)
        headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
        request = self.line.client.build_request("POST", self.url, content=orjson.dumps(bundle), headers=headers)
        return tell(self.line, request, str(facts["id"]))

    def has(self, facts: Facts) -> None:
        """It does not say; it knows a bundle that comes twice by its id."""

    def refused(self) -> Mapping[tuple[str, str], str]:
        """It says at once what it refuses."""
        return {}


def lacks(bundle: Mapping[str, Any], categories: Mapping[str, Mapping[str, list[str]]]) -> str:
    """What a bundle lacks or has too much, in words; empty when it is right.

    >>> lacks({"Categorie": "X", "SleutelWaardeParen": []}, {"X": {"verplicht": ["DossierNummer"], "mag": []}})[:14]
    'Id, AanbiederU'
    """
    missing = [name for name in REQUIRED if not bundle.get(name)]
    category = categories.get(bundle.get("Categorie", ""))
    if category is None:
        return "de categorie staat niet in het sjabloon"
    keys = [each["Sleutel"] for each in bundle.get("SleutelWaardeParen", ())]
    missing += [key for key in category["verplicht"] if key not in keys]
    if missing:
        return f"{', '.join(missing)} ontbreekt" if len(missing) == 1 else f"{', '.join(missing)} ontbreken"
    strange = [key for key in keys if key not in (*category["verplicht"], *category["mag"])]
    return f"{', '.join(strange)} mag niet in deze categorie" if strange else ""
