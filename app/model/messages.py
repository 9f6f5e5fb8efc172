"""What a violation says to people, in Dutch, when the shape does not say it; never the value itself."""

from __future__ import annotations

from collections.abc import Mapping

from app.model.fields import Field
from app.model.graph import IRI
from app.model.terms import XSD

_DATATYPES: Mapping[IRI | None, str] = {
    XSD.date: "Geef een geldige datum (jjjj-mm-dd).",
    XSD.dateTime: "Geef een geldig tijdstip.",
    XSD.integer: "Geef een geheel getal.",
    XSD.boolean: "Geef ja of nee.",
}
_SENTENCES: Mapping[str, str] = {
    "MinCount": "{label} ontbreekt.",
    "MaxCount": "Geef hoogstens {max_count} keer een waarde.",
    "NodeKind": "Geef een volledig webadres (IRI).",
    "Class": "Dit onderdeel is van een ander soort dan verwacht.",
    "MaxLength": "Gebruik hoogstens {max_length} tekens.",
    "MinInclusive": "Geef een getal van {minimum} of meer.",
    "MaxInclusive": "Geef een getal van {maximum} of minder.",
    "Pattern": "{label} heeft niet de juiste vorm.",
    "LanguageIn": "Geef deze tekst in het Nederlands.",
    "In": "Kies een van deze waarden: {options}.",
    "UniqueLang": "Geef per taal hoogstens één tekst.",
}
UNKNOWN = "Deze gegevens voldoen niet aan de regels."


def default_message(component: str, field: Field | None) -> str:
    """A sentence for a constraint component (its full local name) on a field."""
    name = component.removesuffix("ConstraintComponent")
    if field is None:
        return UNKNOWN
    if name == "Datatype":
        return _DATATYPES.get(field.datatype, "Geef tekst.")
    sentence = _SENTENCES.get(name, UNKNOWN)
    return sentence.format(
        label=field.label,
        max_count=field.max_count,
        max_length=field.max_length,
        minimum=field.minimum,
        maximum=field.maximum,
        options=", ".join(field.options),
    )
