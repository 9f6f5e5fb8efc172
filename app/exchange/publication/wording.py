"""What is wrong with a property of a page, in Dutch."""

from __future__ import annotations

from app.model.graph import IRI, Graph
from app.model.terms import RDF, SH, XSD

VALUES: dict[object, str] = {
    XSD.date: "geen geldige datum (jjjj-mm-dd, met datatype xsd:date)",
    XSD.dateTime: "geen geldig tijdstip (jjjj-mm-ddTuu:mm:ss, met datatype xsd:dateTime)",
    XSD.boolean: "niet true of false, met datatype xsd:boolean",
    XSD.integer: "geen geheel getal, met datatype xsd:integer",
    RDF.langString: 'tekst zonder taal: zet lang="nl" op het element',
}
SENTENCES = {
    "MinCount": "{Name} ontbreekt bij een {part}.",
    "QualifiedMinCount": "{Name} ontbreekt bij een {part}.",
    "MaxCount": "{Name} staat meer dan één keer bij een {part}.",
    "Class": "{Name} verwijst naar iets van een ander soort.",
    "Or": "{Name} verwijst naar iets van een ander soort.",
    "Pattern": "{Name} is leeg.",
}
KINDS: dict[object, str] = {SH.IRI: "geen verwijzing (IRI): gebruik resource of href", SH.Literal: "geen tekst"}


def wording(component: str, part: str, name: str, shapes: Graph, shape: IRI) -> str:
    """One sentence on what a constraint component (its full local name) found."""
    kind = component.removesuffix("ConstraintComponent")
    upper = capital(name)
    if kind == "Datatype":
        return f"{upper} is {VALUES.get(shapes.value(shape, SH.datatype), 'niet van het juiste datatype')}."
    if kind == "NodeKind":
        return f"{upper} is {KINDS.get(shapes.value(shape, SH.nodeKind), 'niet van de juiste soort')}."
    return SENTENCES.get(kind, "{Name} klopt niet.").format(Name=upper, part=part)


def capital(text: str) -> str:
    """
    >>> capital("geplande start")
    'Geplande start'
    """
    return text[:1].upper() + text[1:]
