"""What a row changes of an association that is there: only what it says, and nothing that others added.

A list replaces the values that a list can say (a bare e-mail address, a bare account number). What somebody described,
a representative, a second place of activities and other kinds of contact stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.exchange.spreadsheet.draft import Document
from app.register.doubles.names import fold

CONTACT_KINDS = ("email", "telefoon", "website", "socialMedia")
STREET = ("straatnaam", "huisnummer", "busnummer")
MAIN_PARTS = ("straatnaam", "huisnummer", "postcode")


@dataclass
class Merge:
    """`supplied` is what to change; `paths` leads from the nodes in it to those of the row they came from."""

    before: Document = field(repr=False)
    row: Document = field(repr=False)
    supplied: Document = field(default_factory=dict, repr=False)
    paths: dict[str, str] = field(default_factory=dict)

    def origin(self, path: str) -> str:
        """The path in the row's document of a path in the merged one."""
        start = path[: path.find("]") + 1]
        return self.paths.get(start, start) + path[len(start) :]

    def keep(self, term: str, nodes: list[tuple[Document, int | None]]) -> None:
        """Supply a list of nodes, each with its place in the row if it came from there."""
        self.supplied[term] = [node for node, _ in nodes]
        for index, (_, place) in enumerate(nodes):
            if place is not None:
                self.paths[f"{term}[{index}]"] = f"{term}[{place}]"


def merge(before: Document, row: Document) -> Merge:
    """Work out what `row` changes of `before`, the association with its personal values."""
    merged = Merge(before, row)
    for term, value in row.items():
        MERGERS.get(term, _replace)(merged, term, value)
    merged.supplied = {term: value for term, value in merged.supplied.items() if value != before.get(term)}
    return merged


def _replace(merged: Merge, term: str, value: Any) -> None:
    if isinstance(value, list) and sorted(value) == sorted(merged.before.get(term, [])):
        return
    merged.supplied[term] = value


def _overlay(merged: Merge, term: str, value: Document) -> None:
    merged.supplied[term] = {**merged.before.get(term, {}), **value}


def _contacts(merged: Merge, term: str, new: list[Document]) -> None:
    """The row's values in the place of the bare ones of the same kinds; a list without people keeps personal ones."""
    old: list[Document] = merged.before.get(term, [])
    kinds = {_kind(contact) for contact in new}
    people = bool(merged.row.get("vertegenwoordigers"))
    values = {_value(contact) for contact in new}

    def stays(contact: Document) -> bool:
        described = contact.get("beschrijving") or (contact.get("isPersoonlijk") and not people)
        return _kind(contact) not in kinds or _value(contact) in values or bool(described)

    places = {_value(contact): place for place, contact in enumerate(new)}
    nodes: list[tuple[Document, int | None]] = []
    for contact in filter(stays, old):
        place = places.pop(_value(contact), None)
        personal = place is not None and new[place].get("isPersoonlijk")
        nodes.append(({**contact, "isPersoonlijk": True} if personal else contact, place))
    merged.keep(term, nodes + [(new[place], place) for place in places.values()])


def _memberships(merged: Merge, term: str, new: list[Document]) -> None:
    """By name; a membership about which more is known than its name stays."""
    _bare_nodes(merged, term, new, lambda node: fold(node.get("naam", "")), ("naam",))


def _accounts(merged: Merge, term: str, new: list[Document]) -> None:
    """By number; an account with a purpose stays."""
    _bare_nodes(merged, term, new, lambda node: str(node.get("iban", "")), ("iban", "titularis"))


def _bare_nodes(
    merged: Merge, term: str, new: list[Document], key: Callable[[Document], str], bare: tuple[str, ...]
) -> None:
    places = {key(node): place for place, node in enumerate(new)}
    nodes: list[tuple[Document, int | None]] = []
    for node in merged.before.get(term, []):
        place = places.pop(key(node), None)
        if place is not None:
            nodes.append(({**node, **new[place]}, place))
        elif any(value for name, value in node.items() if name not in (*bare, "@id", "@type")):
            nodes.append((node, None))
    merged.keep(term, nodes + [(new[place], place) for place in places.values()])


def _people(merged: Merge, term: str, new: list[Document]) -> None:
    """By number; nobody is taken away by a list that has one representative in a row."""
    places = {person["insz"]: place for place, person in enumerate(new)}
    nodes: list[tuple[Document, int | None]] = []
    for person in merged.before.get(term, []):
        place = places.pop(person.get("insz"), None)
        nodes.append((person, None) if place is None else ({**person, **new[place]}, place))
    merged.keep(term, nodes + [(new[place], place) for place in places.values()])


def _locations(merged: Merge, term: str, new: list[Document]) -> None:
    """By kind; of several of that kind the one at the same address, and if there is none it is one more."""
    nodes: list[tuple[Document, int | None]] = [(node, None) for node in merged.before.get(term, [])]
    for place, location in enumerate(new):
        same_kind = [i for i, (old, _) in enumerate(nodes) if old.get("locatietype") == location.get("locatietype")]
        at = next((i for i in same_kind if _same_address(nodes[i][0], location)), None)
        if at is None and len(same_kind) == 1:
            at = same_kind[0]
        if at is None:
            nodes.append((location, place))
        else:
            nodes[at] = (_location(nodes[at][0], location), place)
    merged.keep(term, nodes)


def _location(old: Document, new: Document) -> Document:
    return {**old, **new, "adres": _address(old.get("adres", {}), new["adres"])}


def _address(old: Document, new: Document) -> Document:
    """Part of an address completes what is there; a whole other one replaces it."""
    if _same_parts(old, new, MAIN_PARTS):
        return {
            **old,
            **new,
            "gemeente": old.get("gemeente", new.get("gemeente")) if _same_place(old, new) else new["gemeente"],
        }
    whole = all(part in new for part in MAIN_PARTS)
    kept = {"@id": old["@id"]} if "@id" in old else {}
    if whole:
        return {**kept, **new}
    overlaid = {**old, **new}
    overlaid.pop("verwijstNaar", None)
    return overlaid


def _same_place(old: Document, new: Document) -> bool:
    """`Mariakerke` is how a list writes `Mariakerke (Gent)`."""
    name, full = fold(new.get("gemeente", "")), fold(old.get("gemeente", ""))
    return not name or name == full or name in full or full in name


def _same_address(old: Document, new: Document) -> bool:
    return _same_parts(old.get("adres", {}), new.get("adres", {}), (*STREET, "postcode"))


def _same_parts(old: Document, new: Document, parts: tuple[str, ...]) -> bool:
    """Whether all that the new one says of these parts is what the old one says."""
    return all(fold(str(new[part])) == fold(str(old.get(part, ""))) for part in parts if part in new)


def _kind(contact: Document) -> str:
    return next((kind for kind in CONTACT_KINDS if kind in contact), "")


def _value(contact: Document) -> tuple[str, str]:
    kind = _kind(contact)
    return kind, str(contact.get(kind, "")).casefold()


MERGERS: dict[str, Callable[[Merge, str, Any], None]] = {
    "doelgroep": _overlay,
    "contactgegevens": _contacts,
    "lidmaatschappen": _memberships,
    "bankrekeningnummers": _accounts,
    "vertegenwoordigers": _people,
    "locaties": _locations,
}
