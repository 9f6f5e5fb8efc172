"""An association as the admin API of the Verenigingsregister shows it: its public JSON, and what is not public.

Personal values stand there as far as the document has them; who may not read them gets empty texts in their place, so
that a part is still found by its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.exchange.register_api.ids import identifier
from app.exchange.register_api.json import CONTACTS, WITHOUT_PERSONALITY, Json, NameOf, RegisterJson, number_of
from app.exchange.register_api.reading import HOLDERS
from app.model.documents import Document

OWN, KBO = "Initiator", "KBO"
PERSON = ("insz", "voornaam", "achternaam", "roepnaam", "rol")
REACH = {"e-mail": "email", "telefoon": "telefoon", "mobiel": "mobiel", "socialMedia": "socialMedia"}
Each = Mapping[str, Any]


@dataclass(frozen=True)
class AdminJson:
    """Adds to the public JSON; `administration` tells the name of the administration with an IRI."""

    public: RegisterJson
    administration: NameOf

    def detail(self, document: Document, name_of: NameOf) -> Json:
        """Everything, as version 2 shows it."""
        code, shown = document["vCode"], self.public.detail(document, name_of)
        memberships = document.get("lidmaatschappen", ())
        return {
            **shown,
            "corresponderendeVCodes": [self._code(iri) for iri in document.get("corresponderendeVCodes", ())],
            "isDubbelVan": self._code(document.get("isDubbelVan", "")),
            **_links(document),
            "einddatum": document.get("einddatum"),
            "isUitgeschrevenUitPubliekeDatastroom": not document.get("zichtbaarInLoket", True),
            "contactgegevens": [self.contact(code, each) for each in document.get("contactgegevens", ())],
            "locaties": _numbered(shown["locaties"], "locatieId", document.get("locaties", ()), self.source),
            "lidmaatschappen": _numbered(shown["lidmaatschappen"], "lidmaatschapId", memberships),
            "vertegenwoordigers": [self.representative(code, each) for each in document.get("vertegenwoordigers", ())],
            "bankrekeningnummers": [self.account(code, each) for each in document.get("bankrekeningnummers", ())],
            "bron": OWN if shown["verenigingstype"]["code"] in WITHOUT_PERSONALITY else KBO,
        }

    def source(self, part: Each) -> str:
        """Who supplied a part."""
        seat = self.public.code_of(part.get("locatietype")) == "Maatschappelijke zetel volgens KBO"
        return KBO if seat or self.public.code_of(part.get("bron")) == KBO else OWN

    def contact(self, code: str, part: Each) -> Json:
        """A contact detail; one whose value may not be read has none, and no kind."""
        term = next((term for term in CONTACTS if part.get(term)), "")
        return {
            "@id": identifier("contactgegeven", code, number_of(part)),
            "@type": "schema:ContactPoint",
            "contactgegevenId": int(number_of(part)),
            "contactgegeventype": CONTACTS.get(term, ""),
            "waarde": part.get(term, ""),
            "beschrijving": part.get("beschrijving", ""),
            "isPrimair": part.get("isPrimair", False),
            "bron": self.source(part),
        }

    def representative(self, code: str, part: Each) -> Json:
        """Somebody who acts for the association."""
        number = number_of(part)
        reach = {key: part.get(term, "") for key, term in REACH.items()}
        primary = {"isPrimair": part.get("isPrimair", False)}
        return {
            "@id": identifier("vertegenwoordiger", code, number),
            "@type": "person:Person",
            "vertegenwoordigerId": int(number),
            **{term: part.get(term, "") for term in PERSON},
            **primary,
            **reach,
            "vertegenwoordigerContactgegevens": {
                "@id": identifier("vertegenwoordigerContactgegeven", code, number),
                "@type": "schema:ContactPoint",
                **primary,
                **reach,
            },
            "bron": self.source(part),
        }

    def account(self, code: str, part: Each) -> Json:
        """An account of the association."""
        holders = part.get("titularis", "")
        return {
            "@id": identifier("bankrekeningnummer", code, number_of(part)),
            "@type": "schema:BankAccount",
            "bankrekeningnummerId": int(number_of(part)),
            "iban": part.get("iban", ""),
            "doel": part.get("doel", ""),
            "titularissen": holders.split(HOLDERS) if holders else [],
            "bevestigdDoor": [
                {"ovoCode": self.public.ovo_of(iri), "naam": self.administration(iri)}
                for iri in part.get("bevestigdDoor", ())
            ],
            "bron": self.source(part),
        }

    def candidate(self, document: Document, reasons: tuple[str, ...]) -> Json:
        """An association that may be the one that somebody registers, and why; `redenen` is ours."""
        shown = self.public.hit(document)
        kept = (
            "vCode", "verenigingstype", "verenigingssubtype", "naam", "korteNaam",
            "hoofdactiviteitenVerenigingsloket", "links",
        )  # fmt: skip
        locations = [
            {"locatietype": each["locatietype"], "isPrimair": each["isPrimair"], "adres": each["adresvoorstelling"],
             "naam": each["naam"], "postcode": each["postcode"], "gemeente": each["gemeente"]}
            for each in shown["locaties"]
        ]  # fmt: skip
        return {**{key: shown[key] for key in kept if key in shown}, "locaties": locations, "redenen": list(reasons)}

    def _code(self, iri: str) -> str:
        return iri.removeprefix(self.public.iri_start)


def _links(document: Document) -> Json:
    """Which associations are doubles of which, as links: the register's own keys hold codes, and empty texts."""
    terms = {"vervangt": "corresponderendeVCodes", "vervangenDoor": "isDubbelVan"}
    return {key: document[term] for key, term in terms.items() if document.get(term)}


def _numbered(shown: list[Json], key: str, parts: Any, source: Any = None) -> list[Json]:
    """The same parts with their number, by which a client changes them, and their source if that is known."""
    return [
        {**each, key: int(number_of(part)), **({"bron": source(part)} if source else {})}
        for each, part in zip(shown, parts, strict=True)
    ]
