"""SPARQL queries from files: valid as they stand, with declared, typed parameters that are only ever bound as terms.

    # One association with the labels of its concepts.
    #+ param vereniging: iri
    CONSTRUCT { ... } WHERE { VALUES ?vereniging { UNDEF } ... } LIMIT 100 # ?limiet

    query = load_queries(root)["entity/vereniging"]
    query.bind(vereniging="https://…/id/vereniging/V0001001")

A parameter stands in `VALUES ?name { UNDEF }` inside WHERE (a VALUES at the end joins after aggregation), where one or
more terms replace UNDEF, or it is the number of a LIMIT or OFFSET on a line that ends in `# ?name`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.model.graph import IRI, Literal, Term
from app.model.terms import XSD

Value = str | int
_PARAMETER = re.compile(r"^#\+ param (\w+): (\w+)\s*$", re.MULTILINE)
_PLACE = re.compile(
    r"VALUES\s+\?(?P<name>\w+)\s*\{\s*(?P<terms>UNDEF)\s*\}"
    r"|\b(?:LIMIT|OFFSET)\s+(?P<number>\d+)[ \t]*#[ \t]*\?(?P<numbered>\w+)[ \t]*$",
    re.MULTILINE,
)


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, not {type(value).__name__}")
    return value


def _whole(value: Value) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"expected a whole number, not {type(value).__name__}")
    return value


TYPES: Mapping[str, Callable[[Value], Term]] = {
    "iri": lambda value: IRI(_text(value)),
    "string": lambda value: Literal(_text(value)),
    "dutch": lambda value: Literal(_text(value), language="nl"),
    "date": lambda value: Literal(_text(value), datatype=XSD.date),
    "time": lambda value: Literal(_text(value), datatype=XSD.dateTime),
    "integer": lambda value: Literal(_whole(value)),
}
"""How a value of each declared type becomes a term; a value that does not fit raises TypeError or ValueError."""


@dataclass(frozen=True)
class Query:
    """A query with its declared parameters; `summary` says what it answers."""

    name: str
    summary: str
    text: str
    parameters: Mapping[str, str]

    def bind(self, **values: Value | Sequence[Value]) -> str:
        """The text with every parameter replaced by its value, or by all of them where several are given.

        Raises TypeError for a parameter that is missing, unknown or of the wrong type, ValueError for a bad IRI.
        """
        if values.keys() != self.parameters.keys():
            odd = ", ".join(sorted(values.keys() ^ self.parameters.keys()))
            raise TypeError(f"{self.name}: missing or unknown parameter: {odd}")
        return _PLACE.sub(lambda place: self._filled(place, values), self.text)

    def _filled(self, place: re.Match[str], values: Mapping[str, Value | Sequence[Value]]) -> str:
        name = place["name"] or place["numbered"]
        given = values[name]
        several = [given] if isinstance(given, str | int) else list(given)
        if place["number"]:
            return place[0].replace(place["number"], str(abs(_whole(several[0]))), 1)
        terms = " ".join(str(TYPES[self.parameters[name]](value)) for value in several)
        return place[0].replace(place["terms"], terms, 1)


def load_query(path: Path, name: str) -> Query:
    """Read one file; raises ValueError when it declares what it does not use, or uses what it does not declare."""
    text = path.read_text(encoding="utf-8")
    parameters = dict(_PARAMETER.findall(text))
    used = {place["name"] or place["numbered"] for place in _PLACE.finditer(text)}
    summary = text.partition("\n")[0]
    if not summary.startswith("# "):
        raise ValueError(f"{name}: the first line must say what the query answers")
    if used != parameters.keys():
        raise ValueError(f"{name}: declared or used, but not both: {', '.join(sorted(used ^ parameters.keys()))}")
    if unknown := set(parameters.values()) - TYPES.keys():
        raise ValueError(f"{name}: no such type of parameter: {', '.join(sorted(unknown))}")
    return Query(name, summary.removeprefix("# "), text, parameters)


def load_queries(root: Path) -> dict[str, Query]:
    """All files under `root`/queries by name, such as `entity/vereniging`."""
    folder = root / "queries"
    names = {path: path.relative_to(folder).with_suffix("").as_posix() for path in sorted(folder.rglob("*.rq"))}
    return {name: load_query(path, name) for path, name in names.items()}
