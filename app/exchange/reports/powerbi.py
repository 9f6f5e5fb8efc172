"""The ten files of the Power BI export of the Verenigingsregister, under the same names and with the same columns.

    lines = powerbi_lines("Basisgegevens.csv", source)

As the register writes them: commas, a byte order mark, `True` and `False`, and nothing for what is not there. Whoever
reads its files reads these. https://github.com/Informatievlaanderen/association-registry has the names, the misspelt
one too. What is not for everybody is in the files for who manages alone. In `DubbelDetectie.csv` no token stands: what
waits there was found in a list or in the register itself, where nobody is given one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from app.errors import Unknown
from app.exchange.export_associations import harmless
from app.exchange.register_api.admin_json import AdminJson
from app.exchange.register_api.history import events
from app.exchange.register_api.json import Json
from app.model.documents import Document, to_document
from app.model.fields import EntityType
from app.model.graph import from_ntriples
from app.model.wording import BRUSSELS
from app.register.doubles.referrals import DUPLICATE, PAIR, Referral
from app.store.records import Version

BYTE_ORDER_MARK = "\ufeff"
BETWEEN = ", "
Row = Sequence[Any]


@dataclass(frozen=True)
class Source:
    """What the files are made of: the latest versions and the history of associations, and the questions about doubles.

    `whole` says whether what is not public is in it, as far as a version holds it. `confirmed` tells with which token
    somebody said that a new association is none of those that it looks like; None when nobody had to.
    """

    shaped: AdminJson
    type: EntityType
    versions: Callable[[], Iterable[Version]]
    history: Callable[[str], Iterable[Version]]
    questions: Callable[[], Iterable[Referral]]
    whole: bool
    confirmed: Callable[[str], str | None] = lambda _: None

    def shown(self, version: Version) -> Json:
        """One association, with what stands in no answer of the API."""
        document = self.document(version)
        return {
            **self.shaped.detail(document, lambda _: ""),
            "kbo": document.get("kboNummer", ""),
            "gewijzigd": _day(document.get("datumLaatsteAanpassing", "")),
        }

    def document(self, version: Version) -> Document:
        """A version as far as the reader may see it."""
        triples = (version.public or b"") + (version.internal if self.whole else b"")
        return to_document(from_ntriples(triples), self.type, version.entity)


def powerbi_lines(name: str, source: Source) -> Iterator[str]:
    """The lines of one file, its header first; raises Unknown."""
    if name not in FILES:
        raise Unknown(f"Dit bestand is er niet. Er zijn: {', '.join(FILES)}.")
    columns, rows = FILES[name]
    return _lines([columns], rows(source))


def _lines(header: Sequence[Row], rows: Iterable[Row]) -> Iterator[str]:
    line = StringIO()
    writer = csv.writer(line)
    begin = BYTE_ORDER_MARK
    for part in (header, rows):
        for row in part:
            writer.writerow(["" if cell is None else harmless(cell) for cell in row])
            yield begin + line.getvalue()
            begin = ""
            line.seek(0)
            line.truncate()


def _basics(source: Source) -> Iterator[Row]:
    for version in source.versions():
        one = source.shown(version)
        ages, type, subtype = one["doelgroep"], one["verenigingstype"], one.get("verenigingssubtype") or {}
        parent, token = one.get("subverenigingVan") or {}, source.confirmed(one["vCode"])
        yield (
            one["bron"], ages["maximumleeftijd"], ages["minimumleeftijd"], one["einddatum"],
            one["isUitgeschrevenUitPubliekeDatastroom"], one["korteBeschrijving"], one["korteNaam"], one["naam"],
            one.get("roepnaam"), one["startdatum"], one["status"], one["vCode"], type["code"], type["naam"], one["kbo"],
            BETWEEN.join(one["corresponderendeVCodes"]), len(one["vertegenwoordigers"]), one["gewijzigd"],
            subtype.get("code"), subtype.get("naam"), parent.get("andereVereniging"), parent.get("identificatie"),
            parent.get("beschrijving"), _confirmed(token, source), token or None,
            one["inStopzetting"],
        )  # fmt: skip


def _confirmed(token: str | None, source: Source) -> bool | None:
    """Whether somebody had to say that it is no double; not for everybody."""
    return token is not None if source.whole else None


def _parts(key: str, cells: Callable[[Json, str], Row]) -> Callable[[Source], Iterator[Row]]:
    """A row for each part of each association."""

    def rows(source: Source) -> Iterator[Row]:
        for version in source.versions():
            one = source.shown(version)
            yield from (cells(part, one["vCode"]) for part in one[key])

    return rows


def _location(part: Json, code: str) -> Row:
    address, registered = part["adres"] or {}, part["adresId"] or {}
    return (
        registered.get("broncode"), registered.get("bronwaarde"), part["adresvoorstelling"], part["bron"],
        address.get("busnummer"), address.get("gemeente"), address.get("huisnummer"), part["isPrimair"],
        address.get("land"), part["locatieId"], part["locatietype"], part["naam"], address.get("postcode"),
        address.get("straatnaam"), code,
    )  # fmt: skip


def _contact(part: Json, code: str) -> Row:
    return (
        part["beschrijving"], part["bron"], part["contactgegevenId"], part["contactgegeventype"], part["isPrimair"],
        code, part["waarde"],
    )  # fmt: skip


def _concept(part: Json, code: str) -> Row:
    return part["code"], part["naam"], code


def _membership(part: Json, code: str) -> Row:
    terms = ("lidmaatschapId", "andereVereniging", "van", "tot", "identificatie", "beschrijving")
    return (*(part[term] for term in terms), code)


def _account(part: Json, code: str) -> Row:
    confirmed = BETWEEN.join(each["ovoCode"] for each in part["bevestigdDoor"])
    return part["bankrekeningnummerId"], part["doel"], code, confirmed, part["bron"]


def _recognition(part: Json, code: str) -> Row:
    by, product = part["geregistreerdDoor"], part["ipdcProduct"]
    terms = ("startdatum", "einddatum", "hernieuwingsdatum", "hernieuwingsUrl", "redenSchorsing", "status")
    return (part["erkenningId"], by["ovoCode"], by["naam"], product["naam"], product["nummer"],
            *(part[term] for term in terms), code)  # fmt: skip


def _history(source: Source) -> Iterator[Row]:
    for latest in source.versions():
        code, before = latest.entity.rpartition("/")[2], None
        for version in source.history(latest.entity):
            seen = version.public is not None or (source.whole and bool(version.internal))
            after = source.shown(version) if version.operation != "delete" and seen else None
            if before is None and after is None:
                continue
            when = datetime.fromisoformat(version.time).astimezone(BRUSSELS)
            for event in events(before, after, "") or ():
                by = source.shaped.public.ovo_of(version.answerable)
                yield f"{when:%Y-%m-%d}", event.name, by, f"{when:%H:%M:%S}", code, version.sequence
            before = after


def _doubles(source: Source) -> Iterator[Row]:
    for question in source.questions():
        if question.kind in (DUPLICATE, PAIR):
            others = BETWEEN.join(code for code, _ in question.candidates)
            yield (question.task.id, None, question.name, None, question.municipality, others, question.task.time,
                   None, question.task.subject.rpartition("/")[2])  # fmt: skip


def _day(time: str) -> str:
    return datetime.fromisoformat(time).astimezone(BRUSSELS).date().isoformat() if time else ""


File = tuple[tuple[str, ...], Callable[[Source], Iterator[Row]]]
FILES: Mapping[str, File] = {
    "Basisgegevens.csv": (
        (
            "bron", "doelgroep.maximumleeftijd", "doelgroep.minimumleeftijd", "einddatum",
            "isUitgeschrevenUitPubliekeDatastroom", "korteBeschrijving", "korteNaam", "naam", "roepnaam", "startdatum",
            "status", "vCode", "verenigingstype.code", "verenigingstype.naam", "kboNummer", "corresponderendeVCodes",
            "aantalVertegenwoordigers", "datumLaatsteAanpassing", "verenigingssubtype.code", "verenigingssubtype.naam",
            "subverenigingVan.andereVereniging", "subverenigingVan.identificatie", "subverenigingVan.beschrijving",
            "duplicatieInfo.bevestigdNaDuplicatie", "duplicatieInfo.bevestigingstoken", "inStopzetting",
        ),
        _basics,
    ),
    "Locaties.csv": (
        (
            "adresId.broncode", "adresId.bronwaarde", "adresvoorstelling", "bron", "busnummer", "gemeente",
            "huisnummer", "isPrimair", "land", "locatieId", "locatieType", "naam", "postcode", "straatnaam", "vCode",
        ),
        _parts("locaties", _location),
    ),
    "Contactgegevens.csv": (
        ("beschrijving", "bron", "contactgegevenId", "contactgegevenType", "isPrimair", "vCode", "waarde"),
        _parts("contactgegevens", _contact),
    ),
    "Hoofdactiviteiten.csv": (("code", "naam", "vcode"), _parts("hoofdactiviteitenVerenigingsloket", _concept)),
    "Werkingsgebieden.csv": (("code", "naam", "vcode"), _parts("werkingsgebieden", _concept)),
    "Lidmaatschappen.csv": (
        ("lidmaatschapId", "andereVereniging", "van", "tot", "identificatie", "beschrijving", "vCode"),
        _parts("lidmaatschappen", _membership),
    ),
    "Bankrekeningnummers.csv": (
        ("bankrekeningnummerId", "doel", "vCode", "bevestigdDoor", "bron"), _parts("bankrekeningnummers", _account),
    ),
    "Erkennigen.csv": (
        (
            "erkenningId", "gegevensInitiatorOvoCode", "gegevensInitiatorNaam", "ipdcProductNaam", "ipdcProductNummer",
            "startdatum", "einddatum", "hernieuwingsdatum", "hernieuwingsUrl", "redenSchorsing", "status", "vCode",
        ),
        _parts("erkenningen", _recognition),
    ),
    "Historiek.csv": (("datum", "gebeurtenis", "initiator", "tijdstip", "vCode", "sequence"), _history),
    "DubbelDetectie.csv": (
        (
            "id", "bevestigingstoken", "naam", "postcodes", "gemeentes", "gedetecteerdeDubbels", "tijdstip",
            "initiator", "correlationId",
        ),
        _doubles,
    ),
}  # fmt: skip
