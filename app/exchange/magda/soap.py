"""Asking MAGDA (the Flemish gateway to authentic sources) over SOAP 1.1: envelope, signature, answer, faults.

    answer = Magda(line, url, sender, credentials, clock, mint).ask(ENTERPRISE, criteria, register_iri)
    answer.find("Onderneming/Namen")            # the Inhoud of the one Antwoord; children have no namespace

Facts: the services' versions, paths and codes as the public code of Vlaanderen's association registry uses them
(https://github.com/Informatievlaanderen/association-registry, src/integrations). XML from outside is read without
DTDs, entities or network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner

from app.errors import LoketError, Unavailable
from app.exchange.magda.faults import TEMPORARY, words_of
from app.exchange.neighbour import Line

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DS = "http://www.w3.org/2000/09/xmldsig#"
HERE = ZoneInfo("Europe/Brussels")
RECEIVER = "vip.vlaanderen.be"
MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class Service:
    """One service of MAGDA; the elements inside its own have no namespace."""

    name: str
    version: str
    namespace: str
    path: str


ENTERPRISE = Service(
    "GeefOnderneming",
    "02.00.0000",
    "http://webservice.geefondernemingdienst-02_00.onderneming-02_00.vip.vlaanderen.be",
    "/GeefOndernemingDienst-02.00/soap/WebService",
)
PERSON = Service(
    "GeefPersoon",
    "02.02.0000",
    "http://magda.vlaanderen.be/persoon/soap/geefpersoon/v02_02",
    "/GeefPersoonDienst-02.02/soap/WebService",
)


class Fault(LoketError):
    """MAGDA answers that it cannot answer; `code` is its Identificatie (40046: unknown enterprise number, …)."""

    def __init__(self, code: str) -> None:
        super().__init__(words_of(code))
        self.code = code


@dataclass(frozen=True)
class Sender:
    """Who asks, as agreed with MAGDA."""

    id: str
    capacity: str = ""


@dataclass(frozen=True)
class Credentials:
    """The certificate by which questions are signed, in PEM."""

    key: bytes = field(repr=False)
    certificate: bytes = field(repr=False)


@dataclass(frozen=True)
class Magda:
    """The way to one service."""

    line: Line
    url: str
    sender: Sender
    clock: Callable[[], datetime] = field(repr=False)
    mint: Callable[[], str] = field(repr=False)
    credentials: Credentials | None = None

    def ask(self, service: Service, content: etree._Element) -> etree._Element:
        """The Inhoud of the answer; raises Fault with MAGDA's code, or Unavailable when there is no (good) answer."""
        reference = self.mint()
        envelope = to_envelope(service, content, self.sender, reference, self.clock())
        body = sign(envelope, self.credentials) if self.credentials else etree.tostring(envelope)
        request = self.line.client.build_request(
            "POST", self.url.rstrip("/") + service.path, content=body,
            headers={"content-type": "application/soap+xml; charset=utf-8"},
        )  # fmt: skip
        return _content(self.line.call(request, reference, told_of=_outcome))


def to_envelope(
    service: Service, content: etree._Element, sender: Sender, reference: str, now: datetime
) -> etree._Element:
    """A question with its context."""
    local = now.astimezone(HERE)
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"s": SOAP})
    etree.SubElement(envelope, f"{{{SOAP}}}Header")
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body", Id="Body")
    ask = etree.SubElement(etree.SubElement(body, f"{{{service.namespace}}}{service.name}"), "Verzoek")
    context = etree.SubElement(ask, "Context")
    _text(context, "Naam", service.name)
    _text(context, "Versie", service.version)
    message = etree.SubElement(context, "Bericht")
    _text(message, "Type", "VRAAG")
    time = etree.SubElement(message, "Tijdstip")
    _text(time, "Datum", local.date().isoformat())
    _text(time, "Tijd", f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}")
    from_ = etree.SubElement(message, "Afzender")
    _text(from_, "Identificatie", sender.id)
    _text(from_, "Referte", reference)
    if sender.capacity:
        _text(from_, "Hoedanigheid", sender.capacity)
    _text(etree.SubElement(message, "Ontvanger"), "Identificatie", RECEIVER)
    question = etree.SubElement(etree.SubElement(ask, "Vragen"), "Vraag")
    _text(question, "Referte", reference)
    question.append(content)
    return envelope


def enterprise_question(number: str) -> etree._Element:
    """Everything of an enterprise that an association takes over."""
    content = etree.Element("Inhoud")
    criteria = etree.SubElement(content, "Criteria")
    _text(criteria, "Ondernemingsnummer", number)
    for part in ("Basisgegevens", "Rechtstoestanden"):
        _text(criteria, part, "1")
    _text(etree.SubElement(criteria, "Omschrijvingen"), "Aanduiding", "1")
    _text(content, "Taal", "nl")
    return content


def person_question(insz: str) -> etree._Element:
    """A person by number, from the national register."""
    content = etree.Element("Inhoud")
    _text(etree.SubElement(content, "Criteria"), "INSZ", insz)
    _text(content, "Bron", "RR")
    _text(content, "Taal", "nl")
    return content


def sign(envelope: etree._Element, credentials: Credentials) -> bytes:
    """With an enveloped XML signature over the body, directly in the header, as MAGDA takes it."""
    header = envelope.find(f"{{{SOAP}}}Header")
    assert header is not None
    etree.SubElement(header, f"{{{DS}}}Signature", Id="placeholder", nsmap={"ds": DS})
    signer = XMLSigner(c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0)
    signed = signer.sign(
        envelope, key=credentials.key, cert=credentials.certificate.decode(), reference_uri="#Body",
        id_attribute="Id", always_add_key_value=True,
    )  # fmt: skip
    return bytes(etree.tostring(signed))


def _outcome(answer: httpx.Response) -> str:
    """For the log of calls: the code of a fault, never what was answered."""
    try:
        _content(answer)
    except Fault as fault:
        return f"MAGDA {fault.code}"
    except Unavailable as error:
        return error.title
    return f"status {answer.status_code}"


def _content(answer: httpx.Response) -> etree._Element:
    if len(answer.content) > MOST_BYTES:
        raise Unavailable("MAGDA gaf een antwoord dat te groot is.")
    tree = read_xml(answer.content)
    if (fault := tree.find(f".//{{{SOAP}}}Fault")) is not None:
        code = text_of(fault, "faultstring").partition(" ")[0]
        raise _failed(code if code.isdecimal() else text_of(fault, "faultcode"))
    if answer.status_code != 200:
        raise _failed(str(answer.status_code))
    given = tree.find(".//Antwoorden/Antwoord")
    exceptions = [] if given is None else given.findall("Uitzonderingen/Uitzondering")
    content = None if given is None else given.find("Inhoud")
    for exception in exceptions:
        # What does not exist comes as INFORMATIE, without content.
        if content is None or text_of(exception, "Type") == "FOUT":
            raise _failed(text_of(exception, "Identificatie"))
    if content is None:
        raise Unavailable("MAGDA gaf een antwoord zonder inhoud.")
    return content


def _failed(code: str) -> LoketError:
    """The diagnosis is not told: it may repeat the number that was asked for."""
    if code in TEMPORARY:
        return Unavailable(words_of(code), retry_after=60)
    return Fault(code)


def read_xml(body: bytes) -> etree._Element:
    """A document without a DTD; raises Unavailable for anything else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except etree.XMLSyntaxError:
        raise Unavailable("MAGDA gaf een antwoord dat geen XML is.") from None
    if root.getroottree().docinfo.doctype:
        raise Unavailable("MAGDA gaf XML met een DTD; die lezen we niet.")
    return root


def text_of(node: etree._Element | None, path: str) -> str:
    """The text at a path, without the white space of the layout; empty where there is none."""
    found = None if node is None else node.findtext(path)
    return " ".join((found or "").split())


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text
