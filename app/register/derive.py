"""What follows from what people supply: defaults, codes, municipalities, the address on one line, who may see what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.errors import Problem
from app.model.codelists import CodeLists, Municipality
from app.model.identifiers import validate_postcode
from app.register.doubles.names import fold
from app.register.notions import Notions
from app.register.register import Tools

Document = dict[str, Any]

DERIVED = frozenset(
    {
        "vCode", "sleutels", "gemeente", "status", "primaireLocatie", "datumLaatsteAanpassing", "versie",
        "hoogsteVolgnummer", "moedervereniging", "overgenomenUit",
    }
)  # fmt: skip
# Only marking, merging and undoing write these; whatever else changes leaves them as they are.
LINKS = frozenset({"isDubbelVan", "corresponderendeVCodes"})
BELGIUM = "België"
AGES = {"minimumleeftijd": 0, "maximumleeftijd": 150}
UNKNOWN_PLACE = "Deze postcode en gemeente horen niet bij elkaar, of we kennen ze niet."
V_CODE = re.compile(r"V\d{7}")


def derive(document: Document, tools: Tools, today: date, problems: list[Problem]) -> list[Municipality | None]:
    """Complete a canonical document in place; answers the municipality of each location, None where abroad."""
    notions = tools.notions
    document["doelgroep"] = {**AGES, **document.get("doelgroep", {})}
    document.setdefault("zichtbaarInLoket", True)
    document["status"] = _status(document, notions)
    if "einddatum" in document:
        document.pop("inStopzetting", None)
    if document.get("verenigingstype") == notions.without_personality:
        document.setdefault("verenigingssubtype", notions.not_determined)
    for term in ("locaties", "contactgegevens", "vertegenwoordigers"):
        for node in document.get(term, ()):
            node.setdefault("isPrimair", False)
    parent = document.get("subverenigingVan", {})
    for tie in (*document.get("lidmaatschappen", ()), parent):
        if V_CODE.fullmatch(tie.get("andereVereniging", "")):
            tie["andereVereniging"] = tools.type.iri(tie["andereVereniging"])
    if parent.get("andereVereniging"):
        document["moedervereniging"] = parent["andereVereniging"]
    for recognition in document.get("erkenningen", ()):
        recognition["status"] = recognition_status(recognition, notions, today)
    homes = [_settle(f"locaties[{i}].adres.", location.get("adres", {}), tools.codelists, problems)
             for i, location in enumerate(document.get("locaties", ()))]  # fmt: skip
    document["gemeente"] = sorted({home.iri for home in homes if home})
    if document.get("verenigingstype") in notions.with_personality:
        document["@type"] = ["Vereniging", "GeregistreerdeOrganisatie"]
    _mark_personal(document)
    return homes


def recognition_status(recognition: Mapping[str, Any], notions: Notions, today: date) -> str:
    """Suspended while a reason for it stands; else what the period says: not begun, over, or in force."""
    period = recognition.get("geldigheidsperiode", {})
    if recognition.get("redenSchorsing"):
        return notions.suspended
    if period.get("startdatum", "") > today.isoformat():
        return notions.requested
    end = period.get("einddatum")
    return notions.expired if end and end < today.isoformat() else notions.recognised


def _status(document: Document, notions: Notions) -> str:
    if document.get("isDubbelVan"):
        return notions.double
    return notions.stopped if document.get("einddatum") else notions.active


def identify(document: Document, code: str) -> None:
    """The keys under which the association is known."""
    numbers = {"vCode": code, "KBO nummer": document.get("kboNummer")}
    document["vCode"] = code
    document["sleutels"] = [
        {"codeerSysteem": system, "gestructureerdeIdentificator": {"nummer": number}}
        for system, number in numbers.items()
        if number
    ]


def primary_site(document: Mapping[str, Any], notions: Notions) -> str | None:
    """The location that is marked primary, else the seat, else the correspondence address, else the first."""
    locations = document.get("locaties", ())
    order = {notions.seat: 1, notions.correspondence: 2}
    ranked = sorted(locations, key=lambda each: 0 if each.get("isPrimair") else order.get(each.get("locatietype"), 3))
    return ranked[0]["@id"] if ranked else None


def address_line(address: Mapping[str, Any]) -> str:
    """`Kerkstraat 1 bus 2, 9880 Aalter, België`"""
    box = f" bus {address['busnummer']}" if address.get("busnummer") else ""
    street = f"{address.get('straatnaam', '')} {address.get('huisnummer', '')}".strip()
    place = f"{address.get('postcode', '')} {address.get('gemeente', '')}".strip()
    return ", ".join(part for part in (street + box, place, address.get("land", "")) if part)


def _settle(path: str, address: Document, codelists: CodeLists, problems: list[Problem]) -> Municipality | None:
    if not address:
        return None
    address.setdefault("land", BELGIUM)
    if fold(address["land"]) in ("belgie", "belgium", "belgique", "be", "b"):
        address["land"] = BELGIUM
    home = _home(path, address, codelists, problems) if address["land"] == BELGIUM else None
    address["adresvoorstelling"] = address_line(address)
    return home


def _home(path: str, address: Document, codelists: CodeLists, problems: list[Problem]) -> Municipality | None:
    if not address.get("postcode") or not address.get("gemeente"):
        return None
    try:
        address["postcode"] = validate_postcode(address["postcode"])
    except ValueError as error:
        problems.append(Problem(f"{path}postcode", str(error)))
        return None
    home = codelists.municipality(f"{address['postcode']} {address['gemeente']}")
    if home is None:
        problems.append(Problem(f"{path}gemeente", UNKNOWN_PLACE))
    else:
        address["gemeente"] = _postal_name(address["gemeente"], address["postcode"], home, codelists)
    return home


def _postal_name(name: str, postcode: str, home: Municipality, codelists: CodeLists) -> str:
    """The municipality, with the part of it that the post knows in front: `Mariakerke (Gent)`."""
    given = fold(name.partition("(")[0])
    part = next((postal for postal in codelists.postal_names(postcode) if fold(postal) == given), home.name)
    return home.name if fold(part) == fold(home.name) else f"{part} ({home.name})"


def _mark_personal(document: Document) -> None:
    """An e-mail address that bears the name of a representative, or is theirs, is a person's; so is their telephone."""
    people = document.get("vertegenwoordigers", ())
    if not people:
        return
    theirs = {person.get(term, "").casefold() for person in people for term in ("email", "telefoon", "mobiel")} - {""}
    for contact in document.get("contactgegevens", ()):
        value = contact.get("email", contact.get("telefoon", "")).casefold()
        if value in theirs or ("email" in contact and any(bears_name(value, person) for person in people)):
            contact["isPersoonlijk"] = True


def bears_name(email: str, person: Mapping[str, Any]) -> bool:
    """Whether first and last name both stand before the @: `jan.peeters@…`, `peetersjan@…`."""
    local = fold(email.partition("@")[0]).replace(" ", "")
    first, last = (fold(person.get(term, "")).replace(" ", "") for term in ("voornaam", "achternaam"))
    return len(first) > 1 and len(last) > 1 and first in local and last in local.replace(first, "", 1)
