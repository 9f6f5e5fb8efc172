"""Associations as the public API of the Verenigingsregister shows them: its keys, its order, its empty strings.

Version 1 of that API calls every association without legal personality `FV`; version 2 says `VZER` with a subtype.
Relations, which we do not keep, stand there empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.exchange.register_api.ids import identifier
from app.model.codelists import CodeLists
from app.model.documents import Document

Json = dict[str, Any]
NameOf = Callable[[str], str]

LEGACY = {"code": "FV", "naam": "Feitelijke vereniging"}
WITHOUT_PERSONALITY = ("VZER", "FV")
CONTACTS = {"email": "E-mail", "telefoon": "Telefoon", "website": "Website", "socialMedia": "SocialMedia"}
SOURCES = {"vCode": ("Vcode", "Vcode"), "KBO nummer": ("KBO", "KBO nummer")}
ADDRESS = ("straatnaam", "huisnummer", "busnummer", "postcode", "gemeente", "land")
NUMBER = re.compile(r"-(\d+)$")
ACTIVE = "Actief"
ONLY_IN_2 = ("verenigingssubtype", "subverenigingVan")


@dataclass(frozen=True)
class RegisterJson:
    """Turns public documents into the register's JSON; `iri_start` is what precedes the code in our IRIs."""

    codelists: CodeLists
    base: str
    iri_start: str

    def hit(self, document: Document) -> Json:
        """One search result, as version 2 shows it."""
        code = document["vCode"]
        return {
            **self._head(document),
            "korteNaam": document.get("korteNaam", ""),
            "korteBeschrijving": document.get("korteBeschrijving", ""),
            **self._work(document),
            "locaties": [self._short_location(code, each) for each in document.get("locaties", ())],
            "lidmaatschappen": [self.membership(code, each) for each in document.get("lidmaatschappen", ())],
            "sleutels": [key(code, each) for each in document.get("sleutels", ())],
            "relaties": [],
            "links": {"detail": f"{self.base}/v1/verenigingen/{code}"},
            "isErkend": self.is_recognised(document),
            "inStopzetting": document.get("inStopzetting", False),
        }

    def detail(self, document: Document, name_of: NameOf | None = None) -> Json:
        """Everything that is public, as version 2 shows it; `name_of` tells the name of another association."""
        code = document["vCode"]
        contacts = (contact(code, each) for each in document.get("contactgegevens", ()))
        return {
            **self._head(document, name_of),
            "korteNaam": document.get("korteNaam", ""),
            "korteBeschrijving": document.get("korteBeschrijving", ""),
            "startdatum": document.get("startdatum"),
            **self._work(document),
            "status": self.code_of(document.get("status")),
            "inStopzetting": document.get("inStopzetting", False),
            "contactgegevens": [shown for shown in contacts if shown],
            "locaties": [self._location(code, each) for each in document.get("locaties", ())],
            "lidmaatschappen": [self.membership(code, each, name_of) for each in document.get("lidmaatschappen", ())],
            "sleutels": [key(code, each) for each in document.get("sleutels", ())],
            "relaties": [],
            "erkenningen": [self.recognition(code, each) for each in document.get("erkenningen", ())],
        }

    def ovo_of(self, administration: str) -> str:
        """The code of an administration in the list of organisations; the end of its IRI where it has none."""
        return self.codelists.municipalities.ovo_of(administration) or administration.rpartition("/")[2]

    def code_of(self, iri: str | None) -> str:
        """The code of a concept; empty when there is none."""
        concept = self.codelists.concept(iri) if iri else None
        return concept.notation if concept else ""

    def concepts(self, iris: list[str]) -> list[Json]:
        """Concepts as the register lists them."""
        found = (self.codelists.concept(iri) for iri in iris)
        return [
            {"@id": each.iri, "@type": "skos:Concept", "code": each.notation, "naam": each.label}
            for each in found
            if each is not None
        ]

    def _head(self, document: Document, name_of: NameOf | None = None) -> Json:
        type = self._classified(document.get("verenigingstype"))
        without = type["code"] in WITHOUT_PERSONALITY
        head: Json = {
            "@type": "fei:FeitelijkeVerenigingen" if without else "regorg:RegisteredOrganization",
            "vCode": document["vCode"],
            "verenigingstype": type,
        }
        if without and (subtype := document.get("verenigingssubtype")):
            head["verenigingssubtype"] = self._classified(subtype)
        if tie := document.get("subverenigingVan"):
            head["subverenigingVan"] = self._tie(tie, name_of)
        nick = {"roepnaam": document["roepnaam"]} if "roepnaam" in document else {}
        return {**head, "naam": document.get("naam", ""), **nick}

    def _classified(self, iri: str | None) -> Json:
        concept = self.codelists.concept(iri) if iri else None
        return {"code": concept.notation, "naam": concept.label} if concept else {"code": "", "naam": ""}

    def _work(self, document: Document) -> Json:
        ages = document.get("doelgroep", {})
        return {
            "hoofdactiviteitenVerenigingsloket": self.concepts(document.get("hoofdactiviteiten", [])),
            "werkingsgebieden": self.concepts(document.get("werkingsgebieden", [])),
            "doelgroep": {
                "@id": identifier("doelgroep", document["vCode"]),
                "@type": "verenigingen_ext:Doelgroep",
                "minimumleeftijd": ages.get("minimumleeftijd", 0),
                "maximumleeftijd": ages.get("maximumleeftijd", 150),
            },
        }

    def _short_location(self, code: str, location: Document) -> Json:
        address = location.get("adres", {})
        return {
            "@id": identifier("locatie", code, number_of(location)),
            "@type": "org:Site",
            "locatietype": self.code_of(location.get("locatietype")),
            "isPrimair": location.get("isPrimair", False),
            "adresvoorstelling": line_of(address),
            "naam": location.get("naam", ""),
            "postcode": address.get("postcode", ""),
            "gemeente": address.get("gemeente", ""),
        }

    def _location(self, code: str, location: Document) -> Json:
        address, number = location.get("adres"), number_of(location)
        registered = (address or {}).get("verwijstNaar")
        return {
            "@id": identifier("locatie", code, number),
            "@type": "org:Site",
            "locatietype": self.code_of(location.get("locatietype")),
            "isPrimair": location.get("isPrimair", False),
            "naam": location.get("naam", ""),
            "adres": {
                "@id": identifier("adres", code, number),
                "@type": "locn:Address",
                **{term: address.get(term, "") for term in ADDRESS},
            }
            if address
            else None,
            "adresvoorstelling": line_of(address or {}),
            "adresId": {"broncode": "AR", "bronwaarde": registered} if registered else None,
            "verwijstNaar": {"@id": registered, "@type": "geregistreerdAdres"} if registered else None,
        }

    def is_recognised(self, document: Document) -> bool:
        """Whether a recognition holds now."""
        return any(self.code_of(each.get("status")) == ACTIVE for each in document.get("erkenningen", ()))

    def _tie(self, tie: Document, name_of: NameOf | None) -> Json:
        """What a membership and a part of an association have in common."""
        other = tie.get("andereVereniging", "")
        named = {"naam": (name_of(other) if other else "") or tie.get("naam", "")} if name_of else {}
        return {
            # What is not in the register has no code; an empty one would read as an address.
            "andereVereniging": other.removeprefix(self.iri_start) or None,
            **named,
            "identificatie": tie.get("identificatie", ""),
            "beschrijving": tie.get("beschrijving", ""),
        }

    def membership(self, code: str, membership: Document, name_of: NameOf | None = None) -> Json:
        """That it belongs to another association, or to something outside the register."""
        return {
            "@id": identifier("lidmaatschap", code, number_of(membership)),
            "@type": "org:Membership",
            **self._tie(membership, name_of),
            "van": membership.get("van", ""),
            "tot": membership.get("tot", ""),
        }

    def recognition(self, code: str, found: Document) -> Json:
        """That an administration recognises it for something, and how long."""
        product, period = found.get("ipdcProduct", {}), found.get("geldigheidsperiode", {})
        return {
            "@id": identifier("erkenning", code, number_of(found)),
            "@type": "schema:Certification",
            "erkenningId": int(number_of(found)),
            "geregistreerdDoor": {
                "ovoCode": self.ovo_of(found.get("toegekendDoor", "")),
                "naam": found.get("naamToekenner", ""),
            },
            "ipdcProduct": {"nummer": product.get("nummer", ""), "naam": product.get("naam", "")},
            "startdatum": period.get("startdatum", ""),
            "einddatum": period.get("einddatum", ""),
            "hernieuwingsdatum": found.get("hernieuwingsdatum", ""),
            "hernieuwingsUrl": found.get("hernieuwingsUrl", ""),
            "redenSchorsing": found.get("redenSchorsing", ""),
            "status": self.code_of(found.get("status")),
        }


def in_version_1(association: Json) -> Json:
    """The same association as version 1 of the API shows it."""
    shown = {term: value for term, value in association.items() if term not in ONLY_IN_2}
    if shown["verenigingstype"]["code"] in WITHOUT_PERSONALITY:
        shown["verenigingstype"] = LEGACY
    return shown


def key(code: str, found: Document) -> Json:
    """A code or number under which the association is known."""
    source, system = SOURCES.get(found.get("codeerSysteem", ""), (found.get("codeerSysteem", ""),) * 2)
    number = found.get("gestructureerdeIdentificator", {}).get("nummer", "")
    return {
        "@id": identifier("sleutel", code, source),
        "@type": "adms:Identifier",
        "bron": source,
        "waarde": number,
        "codeerSysteem": system,
        "gestructureerdeIdentificator": {
            "@id": identifier("gestructureerdeIdentificator", code, source),
            "@type": "generiek:GestructureerdeIdentificator",
            "nummer": number,
        },
    }


def contact(code: str, found: Document) -> Json | None:
    """One contact detail; None for one without a value that everybody may see."""
    term = next((term for term in CONTACTS if found.get(term)), None)
    if term is None:
        return None
    return {
        "@id": identifier("contactgegeven", code, number_of(found)),
        "@type": "schema:ContactPoint",
        "contactgegeventype": CONTACTS[term],
        "waarde": found[term],
        "beschrijving": found.get("beschrijving", ""),
        "isPrimair": found.get("isPrimair", False),
    }


def line_of(address: Mapping[str, Any]) -> str:
    """The address on one line, of what everybody may see of it.

    >>> line_of({"straatnaam": "Kerkstraat", "huisnummer": "1", "postcode": "9000", "gemeente": "Gent"})
    'Kerkstraat 1, 9000 Gent'
    """
    if known := address.get("adresvoorstelling"):
        return str(known)
    box = f"bus {address['busnummer']}" if address.get("busnummer") else ""
    street = (address.get("straatnaam", ""), address.get("huisnummer", ""), box)
    parts = (" ".join(filter(None, street)), f"{address.get('postcode', '')} {address.get('gemeente', '')}".strip())
    return ", ".join(filter(None, (*parts, address.get("land", ""))))


def number_of(node: Mapping[str, Any]) -> str:
    """The number of a part within its association."""
    found = NUMBER.search(node.get("@id", ""))
    return found[1] if found else "0"
