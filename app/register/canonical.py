"""What people supply, each field in its one canonical form; what cannot be read is a problem beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import Problem
from app.model.fields import KEYWORDS, Document, Field, Kind, NodeType
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
from app.model.terms import XSD

Validator = Callable[[str], str]

VALIDATORS: Mapping[str, Validator] = {
    "kboNummer": validate_kbo,
    "iban": validate_iban,
    "email": validate_email,
    "telefoon": validate_phone,
    "website": validate_website,
    "socialMedia": validate_social_media,
    "voornaam": validate_person_name,
    "achternaam": validate_person_name,
}
EMPTY: tuple[Any, ...] = (None, "", [], {})
NO_LIST = "Geef één waarde, geen lijst."
UNKNOWN = "Dit veld kennen we niet."


@dataclass
class Reader:
    """Reads one document; `problems` are in the order of the document.

    `test_identities` lets MAGDA's invented people in.
    """

    test_identities: bool = False
    problems: list[Problem] = field(default_factory=list)

    def read(self, node: Mapping[str, Any], type: NodeType, path: str = "") -> Document:
        """The canonical node; fields that are empty stay away."""
        read: Document = {"@id": node["@id"]} if node.get("@id") and path else {}
        for term, value in node.items():
            if term in KEYWORDS or value in EMPTY:
                continue
            found = type.by_term.get(term)
            if found is None:
                self.problems.append(Problem(path + term, UNKNOWN))
            else:
                self._field(read, found, value, path + term)
        return read

    def _field(self, read: Document, found: Field, value: Any, path: str) -> None:
        if not found.is_list:
            if isinstance(value, list):
                self.problems.append(Problem(path, NO_LIST))
                return
            values = list(self._values(found, [value], [path]))
            if values:
                read[found.term] = values[0]
            return
        items = value if isinstance(value, list) else [value]
        paths = [f"{path}[{index}]" for index in range(len(items))]
        if values := list(self._values(found, items, paths)):
            read[found.term] = values

    def _values(self, found: Field, values: list[Any], paths: list[str]) -> Iterator[Any]:
        for value, path in zip(values, paths, strict=True):
            if value in EMPTY:
                continue
            try:
                yield self._value(found, value, path)
            except ValueError as error:
                self.problems.append(Problem(path, str(error)))

    def _value(self, found: Field, value: Any, path: str) -> Any:
        if found.node is not None:
            if not isinstance(value, Mapping):
                raise ValueError("Geef hier de onderdelen van het veld.")
            return self.read(value, found.node, f"{path}.")
        if found.kind is Kind.BOOLEAN:
            return _boolean(value)
        if found.kind is Kind.INTEGER:
            return _integer(value)
        if isinstance(value, Mapping):
            value = value.get("@id", "")
        if not isinstance(value, str):
            raise ValueError("Geef hier een tekst.")
        return self._text(found, value)

    def _text(self, found: Field, value: str) -> str:
        if found.term == "insz":
            return validate_insz(value, self.test_identities)
        if validator := VALIDATORS.get(found.term):
            return validator(value)
        if found.datatype == XSD.date:
            return validate_date(value)
        if found.kind is Kind.LINK:
            return value.strip()
        return validate_text(value, multiline=found.kind is Kind.LANGUAGE)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Antwoord met ja of nee.")
    return value


def _integer(value: Any) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise ValueError("Geef een geheel getal.") from None
