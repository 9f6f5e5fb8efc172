"""What MAGDA tells of an enterprise and of a person, as far as an association needs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from app.exchange.magda.soap import text_of

ACTIVE, SEAT, ENTERPRISE, LEGAL_PERSON = "AC", "001", "1", "2"


@dataclass(frozen=True)
class Address:
    """An address as the KBO has it; the street in Dutch where there is one."""

    street: str
    number: str
    box: str
    postcode: str
    municipality: str
    country: str


@dataclass(frozen=True)
class Enterprise:
    """An enterprise of the KBO: names, legal form by its code there, seat, and how to reach it."""

    number: str
    name: str
    short_name: str
    legal_form: str
    started: str
    stopped: str
    active: bool
    legal_person: bool
    seat: Address | None
    email: str
    phone: str
    mobile: str
    website: str


@dataclass(frozen=True)
class Person:
    """A person of the national register."""

    first_names: str = field(repr=False)
    last_names: str = field(repr=False)
    deceased: bool


def read_enterprise(content: etree._Element, today: str) -> Enterprise | None:
    """The enterprise in an answer; None when it holds none."""
    node = content.find("Onderneming")
    if node is None:
        return None
    seat = next((each for each in _current(node, "Adressen/Adres", today) if _code(each, "Type") == SEAT), None)
    described = _dutch(seat.findall("Descripties/Descriptie")) if seat is not None else None
    forms = list(_current(node, "Rechtsvormen/Rechtsvorm", today))
    kind = node.find("OndernemingOfVestiging")
    return Enterprise(
        number=text_of(node, "Ondernemingsnummer"),
        name=_name(node, "Namen/MaatschappelijkeNamen/MaatschappelijkeNaam", today),
        short_name=_name(node, "Namen/AfgekorteNamen/AfgekorteNaam", today),
        legal_form=text_of(forms[0], "Code") if forms else "",
        started=text_of(node, "Start/Datum"),
        stopped=text_of(node, "Stopzetting/Datum"),
        active=text_of(node, "StatusKBO/Code") == ACTIVE,
        legal_person=_code(node, "SoortOnderneming") == LEGAL_PERSON and text_of(kind, "Code") == ENTERPRISE,
        seat=None if seat is None else _address(seat, described),
        email=text_of(described, "Contact/Email"),
        phone=text_of(described, "Contact/Telefoonnummer"),
        mobile=text_of(described, "Contact/GSM"),
        website=text_of(described, "Contact/Website"),
    )


def read_person(content: etree._Element) -> Person | None:
    """The person in an answer; None when it holds none."""
    node = content.find("Persoon")
    if node is None:
        return None
    names = node.findall("Naam")
    ended = bool(names) and all(name.get("DatumEinde") for name in names)
    last = names[-1] if names else None
    return Person(
        first_names=" ".join(_all(last, "Voornamen/Voornaam")),
        last_names=" ".join(_all(last, "Achternamen/Achternaam")),
        deceased=node.find("Overlijden") is not None or ended,
    )


def _current(node: etree._Element, path: str, today: str) -> Iterator[etree._Element]:
    """Those that hold today."""
    for each in node.findall(path):
        if each.get("DatumBegin", "") <= today <= (each.get("DatumEinde") or today):
            yield each


def _name(node: etree._Element, path: str, today: str) -> str:
    """The name of today, in Dutch if there is one."""
    return text_of(_dutch(list(_current(node, path, today))), "Naam")


def _dutch(nodes: list[etree._Element]) -> etree._Element | None:
    """The one in Dutch, else the first."""
    in_dutch = (each for each in nodes if text_of(each, "Taalcode").lower() == "nl")
    return next(in_dutch, nodes[0] if nodes else None)


def _address(seat: etree._Element, described: etree._Element | None) -> Address:
    """Numbers stand beside the codes, names in the description."""
    told = None if described is None else described.find("Adres")

    def either(path: str) -> str:
        return text_of(told, path) or text_of(seat, path)

    return Address(
        street=either("Straat/Naam"),
        number=either("Huisnummer"),
        box=either("Busnummer"),
        postcode=either("Gemeente/PostCode"),
        municipality=either("Gemeente/Naam"),
        country=either("Land/Naam"),
    )


def _code(node: etree._Element, path: str) -> str:
    return text_of(node, f"{path}/Code")


def _all(node: etree._Element | None, path: str) -> list[str]:
    return [" ".join((each.text or "").split()) for each in ([] if node is None else node.findall(path))]
