"""What people supply, each field in its one canonical form; what cannot be read is a problem beside its field.

The schema is compiled once (`Plan`), so that reading a document asks it nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.errors import Problem
from app.model.codelists import CodeLists
from app.model.dates import validate_moment, validate_time
from app.model.fields import KEYWORDS, Document, Field, Kind, NodeType, Secrecy
from app.model.graph import IRI
from app.model.identifiers import (
    validate_date,
    validate_email,
    validate_iban,
    validate_insz,
    validate_kbo,
    validate_person_name,
    validate_phone,
    validate_social_media,
    validate_text,
    validate_website,
)
from app.model.markup import clean_markup
from app.model.organisations import flemish_iri
from app.model.persons_in_text import without_national_number
from app.model.terms import XSD

Parse = Callable[[Any], Any]


VALIDATORS: Mapping[str, Callable[[str], str]] = {
    "kboNummer": validate_kbo,
    "iban": validate_iban,
    "email": validate_email,
    "telefoon": validate_phone,
    "telefoonnummer": validate_phone,
    "mobiel": validate_phone,
    "website": validate_website,
    "url": validate_website,
    "socialMedia": validate_social_media,
    "hernieuwingsUrl": validate_website,
    "voornaam": validate_person_name,
    "achternaam": validate_person_name,
}
MOMENTS: Mapping[IRI | None, Callable[[str], str]] = {XSD.dateTime: validate_moment, XSD.time: validate_time}
# The list has not all of them: others have the organisation register.
ORGANISATIONS = IRI("https://productencatalogus.data.vlaanderen.be/id/conceptscheme/IPDCOrganisaties")
# No larger than every reader of JSON reads as it is: https://www.rfc-editor.org/rfc/rfc7493#section-2.2
INTEGER = re.compile("[+-]?[0-9]{1,15}")
NO_LIST = "Geef één waarde, geen lijst."
UNKNOWN = "Dit veld kennen we niet."
NOT_LISTED = "Deze waarde staat niet in de lijst."
NO_TEXT = "Geef hier een tekst."
NO_NODE = "Geef hier de onderdelen van het veld."


@dataclass(frozen=True)
class Step:
    """How to read one field: a nested node by its plan, anything else by a function that raises ValueError."""

    is_list: bool
    node: Plan | None
    parse: Parse


Plan = dict[str, Step]


def compile_plan(
    type: NodeType,
    test_identities: bool = False,
    codelists: CodeLists | None = None,
    trusting: bool = False,
    lenient: bool = False,
) -> Plan:
    """The plan of a node type; `test_identities` lets MAGDA's invented people in.

    With `codelists` a concept may be given by code or name. `trusting` leaves texts as they are;
    `lenient` reads them as ever, but keeps an e-mail, number or web address of which it can make nothing as it came.
    """
    return {
        found.term: Step(
            is_list=found.is_list,
            node=compile_plan(found.node, test_identities, codelists, trusting, lenient) if found.node else None,
            parse=_parser(found, test_identities, codelists, trusting, lenient),
        )
        for found in type.fields
    }


@dataclass
class Reader:
    """Reads one document; `problems` are in the order of the document."""

    plan: Plan
    problems: list[Problem] = field(default_factory=list)

    def read(self, document: Mapping[str, Any]) -> Document:
        """The canonical document; fields that are empty stay away."""
        return self._node(document, self.plan, "")

    def _node(self, node: Mapping[str, Any], plan: Plan, path: str) -> Document:
        read: Document = {}
        for term, value in node.items():
            if value is None or value == "" or value == []:
                continue
            step = plan.get(term)
            if step is None:
                self._keyword(read, term, value, path)
            elif not step.is_list:
                self._one(read, step, term, value, path)
            elif items := self._many(step, value, path + term):
                read[term] = items
        return read

    def _keyword(self, read: Document, term: str, value: Any, path: str) -> None:
        if term not in KEYWORDS:
            self.problems.append(Problem(path + term, UNKNOWN))
        elif term == "@id" and path:
            read[term] = value

    def _one(self, read: Document, step: Step, term: str, value: Any, path: str) -> None:
        try:
            if isinstance(value, list):
                raise ValueError(NO_LIST)
            found = step.parse(value) if step.node is None else self._nested(value, step.node, f"{path}{term}.")
            if found != {}:
                read[term] = found
        except ValueError as error:
            self.problems.append(Problem(path + term, str(error)))

    def _many(self, step: Step, value: Any, path: str) -> list[Any]:
        items = []
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            if item is None or item == "":
                continue
            try:
                if step.node is None:
                    items.append(step.parse(item))
                elif found := self._nested(item, step.node, f"{path}[{index}]."):
                    items.append(found)
            except ValueError as error:
                self.problems.append(Problem(f"{path}[{index}]", str(error)))
        return items

    def _nested(self, value: Any, plan: Plan, path: str) -> Document:
        if not isinstance(value, Mapping):
            raise ValueError(NO_NODE)
        return self._node(value, plan, path)


def _parser(
    found: Field,
    test_identities: bool,
    codelists: CodeLists | None = None,
    trusting: bool = False,
    lenient: bool = False,
) -> Parse:
    if found.kind is Kind.LANGUAGES:
        return partial(_languages, found, trusting)
    if found.kind is Kind.BOOLEAN:
        return _boolean
    if found.kind is Kind.INTEGER:
        return _integer
    if found.term == "insz":
        return partial(_text, partial(validate_insz, test_identities=test_identities))
    if trusting and found.kind is not Kind.LINK:
        return partial(_text, str.strip)
    if validator := VALIDATORS.get(found.term):
        return partial(_text, partial(_or_as_it_came, validator) if lenient else validator)
    if found.datatype == XSD.date:
        return partial(_text, validate_date)
    if found.datatype in MOMENTS:
        return partial(_text, MOMENTS[found.datatype])
    if found.kind is Kind.LINK:
        return partial(_text, partial(_concept, found, codelists) if codelists and found.scheme else str.strip)
    free = validate_text if found.secrecy is Secrecy.PERSONAL else _free_text
    return partial(_text, partial(free, multiline=found.kind is Kind.LANGUAGE))


def _or_as_it_came(validate: Callable[[str], str], text: str) -> str:
    try:
        return validate(text)
    except ValueError:
        return _free_text(text)


def _free_text(text: str, multiline: bool = False) -> str:
    """What everybody or the administration reads, for ever: nobody's number."""
    return without_national_number(validate_text(text, multiline))


def _text(validate: Callable[[str], str], value: Any) -> str:
    """A link may also come as {"@id": ...}, with its code and name beside it."""
    if isinstance(value, Mapping):
        value = value.get("@id")
    if not isinstance(value, str):
        raise ValueError(NO_TEXT)
    return validate(value)


def _concept(found: Field, codelists: CodeLists, text: str) -> str:
    """A concept by IRI, code or name; what looks like an IRI is left to the shape."""
    assert found.scheme is not None
    if ":" in text:
        return text.strip()
    concept = codelists.find(found.scheme.value, text)
    if concept is None and found.scheme == ORGANISATIONS and (iri := flemish_iri(text)):
        return iri
    if concept is None:
        near = codelists.suggest(found.scheme.value, text)
        raise ValueError(f"{NOT_LISTED} Bedoelde u {' of '.join(near)}?" if near else NOT_LISTED)
    return concept.iri


def _languages(found: Field, trusting: bool, value: Any) -> Document:
    """Texts by language; a text alone is Dutch. The tags are lower case, as RDF compares them."""
    texts = value if isinstance(value, Mapping) else {"nl": value}
    read: Document = {}
    for tag, given in texts.items():
        items = [_one_text(found, trusting, item) for item in (given if isinstance(given, list) else [given]) if item]
        if str(tag).lower() not in found.languages and items:
            raise ValueError(f"De taal {tag} kan hier niet. Kies uit {', '.join(found.languages)}.")
        if len(items) > 1 and not found.several:
            raise ValueError("Geef per taal hoogstens één tekst.")
        if items:
            read[str(tag).lower()] = list(dict.fromkeys(items)) if found.several else items[0]
    return read


def _one_text(found: Field, trusting: bool, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(NO_TEXT)
    if trusting:
        return value.strip()
    return clean_markup(value) if found.markup else _free_text(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Antwoord met ja of nee.")
    return value


def _integer(value: Any) -> int:
    found = INTEGER.fullmatch(str(value).strip())
    if not found:
        raise ValueError("Geef een geheel getal.")
    return int(found[0])
