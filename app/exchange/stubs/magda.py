"""A stand-in for MAGDA with answers of its own making, in the form of the real ones: for tests and for who develops.

    python -m app.cli stub magda          # then serve with --kbo-url http://127.0.0.1:PORT --persons-url …

It knows the enterprises and people of the invented lists; any other enterprise does not exist. Faults are asked for by
number: an enterprise number that begins as in `ENTERPRISE_CASES`, an INSZ with a serial number of `PERSON_CASES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from app.errors import Unavailable
from app.exchange.magda.repertory import SERVICES
from app.exchange.magda.soap import ENTERPRISE, PERSON, SOAP, Service, read_xml, text_of
from app.exchange.stubs.known import Known, KnownEnterprise

SLOW = 120.0
LONG_AGO = "1990-01-01"
CONTENT_TYPE = "text/xml; charset=utf-8"


@dataclass(frozen=True)
class StubAnswer:
    """What a stub answers, after so many seconds."""

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": CONTENT_TYPE})
    seconds: float = 0.0


def soap_fault(code: str, text: str) -> StubAnswer:
    """As the gateway itself answers, before any source is asked."""
    body = (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Header/><s:Body><s:Fault><faultcode>Server</faultcode>'
        f"<faultstring>{code} - {text}</faultstring></s:Fault></s:Body></s:Envelope>"
    )
    return StubAnswer(body=body.encode())


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
TOO_MANY = StubAnswer(429, headers={"retry-after": "1"})
BROKEN = StubAnswer(500, b"<html>Internal Server Error</html>")
NEVER = StubAnswer(seconds=SLOW)
THROTTLED = soap_fault("99995", "Te veel gelijktijdige bevragingen")
RUBBISH = StubAnswer(body=b"<niet afgesloten")
BOMBED = StubAnswer(body=BOMB)

FAULTS = {
    "40046": ("INFORMATIE", "Gevraagd ondernemingsnummer bestaat niet in KBO"),
    "60009": ("FOUT", "Er heeft zich een technisch probleem voorgedaan"),
    "60013": ("FOUT", "De authentieke bron is niet bereikbaar"),
    "30001": ("FOUT", "Geen gegevens gevonden voor dit INSZ"),
    "30002": ("FOUT", "INSZ is geannuleerd"),
    "30003": ("FOUT", "INSZ bestaat niet"),
    "30004": ("FOUT", "INSZ is vervangen"),
    "60003": ("FOUT", "Het formaat van het INSZ is niet juist"),
    "13202": ("FOUT", "Gegevens niet opvraagbaar, geen persoonsdossier geregistreerd"),
}
ENTERPRISE_CASES: Mapping[str, StubAnswer | str] = {
    "09990001": TOO_MANY,
    "09990002": BROKEN,
    "09990003": NEVER,
    "09990004": THROTTLED,
    "09990005": "60013",
    "09990010": "60009",
    "09990008": RUBBISH,
    "09990009": BOMBED,
}
ENTERPRISE_KINDS: Mapping[str, KnownEnterprise] = {
    "09990006": KnownEnterprise("", "De Gestopte Kring", stopped="2024-06-30"),
    "09990007": KnownEnterprise("", "Bakkerij Het Broodje", form="001"),
}
PERSON_CASES: Mapping[str, StubAnswer | str] = {
    "990": TOO_MANY,
    "991": "30001",
    "992": "30002",
    "993": "30003",
    "994": "30004",
    "995": "60003",
    "988": NEVER,
    "989": BROKEN,
    "996": "13202",
    "998": THROTTLED,
}
DECEASED = "997"


def number_beginning(prefix: str) -> str:
    """The enterprise number of ten digits that begins with these eight."""
    return f"{prefix}{97 - int(prefix) % 97:02d}"


@dataclass(frozen=True)
class MagdaStub:
    """Answers as MAGDA; `services` are the paths that it has."""

    known: Known
    services: tuple[Service, ...] = (ENTERPRISE, PERSON, *SERVICES)
    enrolled: set[str] = field(default_factory=set, repr=False)

    def answer(self, method: str, path: str, body: bytes) -> StubAnswer:
        """The answer to one request."""
        service = next((each for each in self.services if each.path == path.partition("?")[0]), None)
        if service is None:
            return StubAnswer(404)
        if method != "POST":
            return StubAnswer(405)
        try:
            question = read_xml(body)
        except Unavailable:
            return soap_fault("99000", "Bericht is geen geldige XML")
        asked = question.find(f"{{{SOAP}}}Body/{{{service.namespace}}}{service.name}/Verzoek/Vragen/Vraag")
        if asked is None:
            return soap_fault("99001", "Bericht voldoet niet aan het schema")
        ask = {ENTERPRISE.name: self._enterprise, PERSON.name: self._person}.get(service.name, self._repertory)
        found = ask(asked)
        return found if isinstance(found, StubAnswer) else _reply(service, question, text_of(asked, "Referte"), found)

    def _enterprise(self, asked: etree._Element) -> StubAnswer | etree._Element:
        number = text_of(asked, "Inhoud/Criteria/Ondernemingsnummer")
        case = ENTERPRISE_CASES.get(number[:8])
        if isinstance(case, StubAnswer):
            return case
        kind = ENTERPRISE_KINDS.get(number[:8])
        found = self.known.enterprises.get(number) or (replace(kind, number=number) if kind else None)
        if case or found is None:
            return _exception(case or "40046")
        return _enterprise(found)

    def _person(self, asked: etree._Element) -> StubAnswer | etree._Element:
        insz = text_of(asked, "Inhoud/Criteria/INSZ")
        case = PERSON_CASES.get(insz[6:9])
        if isinstance(case, StubAnswer):
            return case
        first, last = self.known.persons.get(insz, ("Onbekend", "Testpersoon"))
        return _exception(case) if case else _person(insz, first, last, insz[6:9] == DECEASED)

    def _repertory(self, asked: etree._Element) -> StubAnswer | etree._Element:
        """Who comes twice is in it once; who leaves twice has left."""
        content = asked.find("Inhoud")
        told = content[0] if content is not None and len(content) else None
        number = text_of(told, "INSZ") or text_of(told, "BetrokkenSubject/Subjecten/Subject/Sleutel")
        case = ENTERPRISE_CASES.get(number[:8]) if len(number) == 10 else PERSON_CASES.get(number[6:9])
        if told is None or not number:
            return _exception("60003")
        if case:
            return case if isinstance(case, StubAnswer) else _exception(case)
        (self.enrolled.add if told.tag == "Inschrijving" else self.enrolled.discard)(number)
        root = etree.Element("Inhoud")
        _tell(root, Resultaat="1")
        return root


def _reply(service: Service, question: etree._Element, reference: str, content: etree._Element) -> StubAnswer:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"SOAP-ENV": SOAP})
    etree.SubElement(envelope, f"{{{SOAP}}}Header")
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    reply = etree.SubElement(etree.SubElement(body, f"{{{service.namespace}}}{service.name}Response"), "Repliek")
    context = etree.SubElement(reply, "Context")
    _tell(context, Naam=service.name, Versie=service.version)
    message = etree.SubElement(context, "Bericht")
    _tell(message, Type="ANTWOORD")
    _tell(etree.SubElement(message, "Afzender"), Identificatie="vip.vlaanderen.be", Naam="MagdaGateway")
    sender = text_of(question, ".//Afzender/Identificatie")
    _tell(etree.SubElement(message, "Ontvanger"), Identificatie=sender, Referte=reference)
    answer = etree.SubElement(etree.SubElement(reply, "Antwoorden"), "Antwoord")
    _tell(answer, Referte=reference)
    answer.append(content)
    return StubAnswer(body=etree.tostring(envelope, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _exception(code: str) -> etree._Element:
    kind, diagnosis = FAULTS[code]
    root = etree.Element("Uitzonderingen")
    _tell(
        etree.SubElement(root, "Uitzondering"),
        Identificatie=code, Oorsprong="MAGDA", Type=kind, Diagnose=diagnosis,
    )  # fmt: skip
    return root


def _enterprise(found: KnownEnterprise) -> etree._Element:
    root = etree.Element("Inhoud")
    node = etree.SubElement(root, "Onderneming")
    _tell(node, Ondernemingsnummer=found.number)
    for part, code in (
        ("OndernemingOfVestiging", "1"),
        ("StatusKBO", "ST" if found.stopped else "AC"),
        ("SoortOnderneming", "2"),
    ):
        _tell(etree.SubElement(node, part), Code=code)
    names = etree.SubElement(node, "Namen")
    for list_, one, name in (
        ("MaatschappelijkeNamen", "MaatschappelijkeNaam", found.name),
        ("AfgekorteNamen", "AfgekorteNaam", found.short_name),
    ):
        if name:
            each = etree.SubElement(etree.SubElement(names, list_), one, DatumBegin=found.started or LONG_AGO)
            _tell(each, Naam=name, Taalcode="nl")
    if found.seat:
        _seat(etree.SubElement(node, "Adressen"), found)
    if found.started:
        _tell(etree.SubElement(node, "Start"), Datum=found.started)
    if found.stopped:
        _tell(etree.SubElement(node, "Stopzetting"), Datum=found.stopped)
    form = etree.SubElement(etree.SubElement(node, "Rechtsvormen"), "Rechtsvorm", DatumBegin=found.started or LONG_AGO)
    _tell(form, Code=found.form)
    return root


def _seat(parent: etree._Element, found: KnownEnterprise) -> None:
    assert found.seat is not None
    address = etree.SubElement(parent, "Adres", DatumBegin=found.started or LONG_AGO)
    _tell(address, Huisnummer=found.seat.number, **({"Busnummer": found.seat.box} if found.seat.box else {}))
    _tell(etree.SubElement(address, "Gemeente"), PostCode=found.seat.postcode)
    _tell(etree.SubElement(address, "Type"), Code="001")
    told = etree.SubElement(etree.SubElement(etree.SubElement(address, "Descripties"), "Descriptie"), "Adres")
    _tell(etree.SubElement(told, "Straat"), Naam=found.seat.street)
    _tell(etree.SubElement(told, "Gemeente"), Naam=found.seat.municipality)
    _tell(etree.SubElement(told, "Land"), Naam="België")


def _person(insz: str, first: str, last: str, deceased: bool) -> etree._Element:
    root = etree.Element("Inhoud")
    node = etree.SubElement(root, "Persoon")
    _tell(node, INSZ=insz)
    ended = {"DatumEinde": "2024-03-01"} if deceased else {}
    name = etree.SubElement(node, "Naam", {"DatumBegin": "1990-01-01", **ended})
    _tell(etree.SubElement(name, "Achternamen"), Achternaam=last)
    _tell(etree.SubElement(name, "Voornamen"), Voornaam=first)
    if deceased:
        _tell(etree.SubElement(node, "Overlijden"), Datum="2024-03-01")
    return root


def _tell(parent: etree._Element, **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, name).text = text


Answer = Callable[[str, str, bytes], StubAnswer]
