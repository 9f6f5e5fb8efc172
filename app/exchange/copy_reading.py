"""What a register's public API shows of an association, as a document in our terms.

    copied(answer, codelists, source="https://publiek.verenigingen.vlaanderen.be")

Parts keep their numbers: they follow from the identifiers, which everybody can compute (`register_api.ids`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.errors import Problem, Refused
from app.exchange.register_api.ids import same_identifier
from app.exchange.register_api.json import ADDRESS, CONTACTS, Json
from app.model.codelists import CodeLists
from app.model.fields import Document

NOT_READ = "Dit antwoord van het andere register kunnen we niet lezen."
UNKNOWN_CODE = "Deze code staat niet in onze codelijst."
HIGHEST = 400
V_CODE = re.compile(r"V\d{7}")
TEXTS = ("naam", "roepnaam", "korteNaam", "korteBeschrijving", "startdatum")
TIE = ("naam", "identificatie", "beschrijving")
ORGANISATION = "https://data.vlaanderen.be/id/organisatie/"
KIND_OF = {name: term for term, name in CONTACTS.items()}


def copied(answer: Json, codelists: CodeLists, type_iri: Callable[[str], str], source: str) -> tuple[str, Document]:
    """(V-code, document); raises Refused naming the field that cannot be read."""
    try:
        shown = answer["vereniging"]
        code = shown["vCode"].strip().upper()
        if not V_CODE.fullmatch(code):
            raise Refused(NOT_READ, [Problem("vCode", "Dit is geen V-code.")])
        return code, _Copying(codelists, code, type_iri(code)).document(answer, shown, source)
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused(NOT_READ, [Problem(str(error)[:60], NOT_READ)]) from None


class _Copying:
    """Reads one association."""

    def __init__(self, codelists: CodeLists, code: str, iri: str) -> None:
        self._codelists = codelists
        self._code = code
        self._iri = iri

    def document(self, answer: Json, shown: Json, source: str) -> Document:
        changed = str(answer.get("metadata", {}).get("datumLaatsteAanpassing") or "")
        about = answer.get("@id") or f"{source}/v1/verenigingen/{self._code}"
        return _filled(
            {
                "@type": ["Vereniging"],
                **{term: shown.get(term) for term in TEXTS},
                "verenigingstype": self._concept("verenigingstype", shown["verenigingstype"]),
                "verenigingssubtype": self._concept("verenigingssubtype", shown.get("verenigingssubtype")),
                "inStopzetting": shown.get("inStopzetting") or None,
                "kboNummer": next((key["waarde"] for key in shown.get("sleutels", ()) if key["bron"] == "KBO"), None),
                "doelgroep": _filled(
                    {term: shown["doelgroep"].get(term) for term in ("minimumleeftijd", "maximumleeftijd")}
                ),
                "hoofdactiviteiten": self._concepts("hoofdactiviteit", shown["hoofdactiviteitenVerenigingsloket"]),
                "werkingsgebieden": self._concepts("werkingsgebied", shown.get("werkingsgebieden", ())),
                "locaties": [self._location(each) for each in shown.get("locaties", ())],
                "contactgegevens": [self._contact(each) for each in shown.get("contactgegevens", ())],
                "lidmaatschappen": [self._membership(each) for each in shown.get("lidmaatschappen", ())],
                "erkenningen": [self._recognition(each) for each in shown.get("erkenningen", ())],
                "subverenigingVan": self._tie(shown.get("subverenigingVan") or {}),
                "overgenomenUit": about,
                "datumLaatsteAanpassing": f"{changed[:10]}T00:00:00Z" if changed else None,
            }
        )

    def _location(self, shown: Json) -> Document:
        address = {term: (shown.get("adres") or {}).get(term) for term in ADDRESS}
        address["adresvoorstelling"] = shown.get("adresvoorstelling")
        address["verwijstNaar"] = (shown.get("adresId") or {}).get("bronwaarde")
        # The register shows no street where somebody lives; what it withholds is not to be filled in here.
        withheld = bool(address["postcode"]) and not (address["straatnaam"] or address["verwijstNaar"])
        return _filled(
            {
                **self._identified("locatie", "locatie", shown),
                "locatietype": self._concept("locatietype", {"code": shown["locatietype"]}),
                "isPrimair": bool(shown.get("isPrimair")),
                "naam": shown.get("naam"),
                "isThuisadres": withheld or None,
                "adres": _filled(address),
            }
        )

    def _contact(self, shown: Json) -> Document:
        term = KIND_OF.get(shown["contactgegeventype"])
        if term is None:
            raise Refused(NOT_READ, [Problem("contactgegeventype", UNKNOWN_CODE)])
        return _filled(
            {
                **self._identified("contactgegeven", "contact", shown),
                term: shown["waarde"],
                "beschrijving": shown.get("beschrijving"),
                "isPrimair": bool(shown.get("isPrimair")),
            }
        )

    def _membership(self, shown: Json) -> Document:
        return _filled(
            {
                **self._identified("lidmaatschap", "lidmaatschap", shown),
                **self._tie(shown),
                **{term: shown.get(term) for term in ("van", "tot")},
            }
        )

    def _tie(self, shown: Json) -> Document:
        """Another association by its code, or who is not in the register by its name."""
        other = shown.get("andereVereniging")
        named = {term: shown.get(term) for term in TIE if term != "naam" or not other}
        return _filled({"andereVereniging": other, **named})

    def _recognition(self, shown: Json) -> Document:
        grantor, product = shown.get("geregistreerdDoor") or {}, shown.get("ipdcProduct") or {}
        ovo = grantor.get("ovoCode")
        home = self._codelists.municipalities.by_ovo(ovo) if ovo else None
        period = {term: shown.get(term) for term in ("startdatum", "einddatum")}
        rest = ("hernieuwingsdatum", "hernieuwingsUrl", "redenSchorsing")
        return _filled(
            {
                **self._identified("erkenning", "erkenning", shown),
                "toegekendDoor": (home and home.unit) or (ORGANISATION + ovo if ovo else None),
                "naamToekenner": grantor.get("naam"),
                "ipdcProduct": _filled({term: product.get(term) for term in ("nummer", "naam")}),
                "geldigheidsperiode": _filled(period),
                **{term: shown.get(term) for term in rest},
            }
        )

    def _identified(self, kind: str, name: str, shown: Json) -> Document:
        """The number that the part has in its register, as our IRI of it."""
        given = str(shown.get("@id", ""))
        numbers = (number for number in range(1, HIGHEST) if same_identifier(given, kind, self._code, str(number)))
        number = next(numbers, None) if given else None
        return {} if number is None else {"@id": f"{self._iri}#{name}-{number}"}

    def _concepts(self, scheme: str, shown: Any) -> list[str]:
        return [found for each in shown if (found := self._concept(scheme, each))]

    def _concept(self, scheme: str, shown: Mapping[str, Any] | None) -> str | None:
        code = str((shown or {}).get("code") or "")
        if not code:
            return None
        # Exactly this code: nothing that only looks like it.
        found = next((each for each in self._codelists.scheme(scheme).concepts if each.notation == code), None)
        if found is None:
            raise Refused(NOT_READ, [Problem(scheme, UNKNOWN_CODE)])
        return found.iri


def _filled(document: Document) -> Document:
    """Without what is empty: there an empty text says that nothing is known."""
    return dict(_not_empty(document))


def _not_empty(document: Document) -> Iterator[tuple[str, Any]]:
    return ((term, value) for term, value in document.items() if value not in (None, "", [], {}))
