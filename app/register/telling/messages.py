"""What a message says of a change: when, who, why, and which fields; never a personal value.

    message = Teller(schema, codelists, occasions, organisation).message(change, change.known, reason=True)

A message is JSON: it waits in the database, and a webhook gets it as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.model.changes import CHANGED as CHANGED_FIELD
from app.model.changes import Difference, What
from app.model.codelists import CodeLists
from app.model.fields import EntityType, Kind, Schema
from app.model.graph import IRI
from app.model.reading import text_of
from app.model.terms import SKOS, VL, XSD
from app.model.wording import day, listed
from app.register.events import CHANGED, CREATED, HIDDEN, MERGED, REMOVED, SHOWN, Event, View
from app.register.telling.occasions import Occasion, occasions_of

Message = dict[str, Any]
DEEDS = {
    CREATED: "in het register gekomen",
    REMOVED: "uit het register verwijderd",
    MERGED: "samengevoegd met een andere",
    SHOWN: "zichtbaar geworden voor het publiek",
    HIDDEN: "niet langer zichtbaar voor het publiek",
}
LONGEST_VALUE = 300


@dataclass(frozen=True)
class Teller:
    """What it takes to tell of a change; `organisation` names the body that acted, None for what may be a person."""

    schema: Schema
    codelists: CodeLists
    occasions: Sequence[Occasion]
    organisation: Callable[[str], str | None]

    def message(self, change: Event, view: View, *, internal: bool) -> Message:
        """The message; a reason is typed by hand and may name somebody, so only who may know more gets it."""
        version = change.version
        return {
            "volgnummer": version.sequence,
            "soort": change.type.key,
            "id": version.entity,
            "code": change.code,
            "naam": view.name,
            "pagina": f"{self.schema.base}/doc/{change.type.key}/{change.code}",
            "versie": version.number,
            "tijdstip": version.time,
            "handeling": min(view.deeds, default=""),
            "activiteit": version.activity,
            "wat": self.label(version.activity),
            "aanleidingen": sorted(self.occasions_of(change, view)),
            "velden": [dict(self._field(change.type, each)) for each in view.differences],
            "samenvatting": summary(view),
            **dict(self._circumstances(change, internal)),
        }

    def occasions_of(self, change: Event, view: View) -> frozenset[str]:
        """The keys of the occasions that arise."""
        return occasions_of(view, change.type, self.occasions)

    def label(self, term: str) -> str:
        """What the vocabulary calls a term, in Dutch."""
        return text_of(self.schema.vocabulary, IRI(term), SKOS.prefLabel) or "Gewijzigd"

    def _circumstances(self, change: Event, internal: bool) -> Iterator[tuple[str, str]]:
        version = change.version
        if who := self.organisation(version.actor):
            yield "door", who
        if internal and version.reason:
            yield "reden", version.reason
        if version.replaced_by:
            yield "vervangenDoor", version.replaced_by

    def _field(self, type: EntityType, difference: Difference) -> Iterator[tuple[str, Any]]:
        yield "veld", difference.term
        yield "label", difference.label
        yield "wat", difference.what
        if difference.parts:
            yield "onderdelen", list(difference.parts)
        for key, value in (("voor", difference.before), ("na", difference.after)):
            if value is not None:
                yield key, self._say(type, difference.term, value)

    def _say(self, type: EntityType, term: str, value: Any) -> str:
        field = type.by_term[term]
        if field.kind is Kind.BOOLEAN:
            return "ja" if value else "nee"
        if field.datatype == XSD.date:
            return day(value)
        if field.kind is Kind.LINK and (concept := self.codelists.concept(value)):
            return concept.label
        text = str(value)
        return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def summary(view: View) -> str:
    """One line on what happened: `naam en locaties gewijzigd`, `uit het register verwijderd`."""
    deed = next((DEEDS[deed] for deed in sorted(view.deeds) if deed in DEEDS), "")
    if deed or not view.differences:
        return deed or "gewijzigd"
    whats: dict[str, What] = {}
    for each in view.differences:
        label = each.label.lower() if each.label[1:2].islower() else each.label
        # What lost one part and got another has changed.
        whats[label] = each.what if whats.get(label, each.what) == each.what else CHANGED_FIELD
    labels: dict[What, list[str]] = {}
    for label, what in whats.items():
        labels.setdefault(what, []).append(label)
    return ", ".join(f"{listed(names)} {what}" for what, names in labels.items())


def example(schema: Schema, time: str) -> Message:
    """An invented message, to show what one looks like."""
    return {
        "volgnummer": 0,
        "soort": "vereniging",
        "id": f"{schema.base}/id/vereniging/V0000000",
        "code": "V0000000",
        "naam": "Harmonie De Proef (verzonnen)",
        "pagina": f"{schema.base}/verenigingen",
        "versie": 2,
        "tijdstip": time,
        "handeling": CHANGED,
        "activiteit": VL.VerenigingGewijzigd.value,
        "wat": "Vereniging gewijzigd",
        "aanleidingen": ["alles", "bankrekening", "veld:vereniging.naam", "veld:vereniging.bankrekeningnummers"],
        "velden": [
            {"veld": "naam", "label": "Naam", "wat": "gewijzigd", "voor": "De Proef", "na": "Harmonie De Proef"},
            {"veld": "bankrekeningnummers", "label": "Bankrekeningnummers", "wat": "gewijzigd"},
        ],
        "samenvatting": "naam en bankrekeningnummers gewijzigd",
        "door": "Gemeente Voorbeeld",
        "reden": "Om te proberen of meldingen aankomen.",
    }
