"""MAGDA: the question as it takes it, the answers and faults as it gives them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.verifier import XMLVerifier

from app.errors import Unavailable
from app.exchange.magda.answers import Address, read_enterprise, read_person
from app.exchange.magda.soap import (
    ENTERPRISE,
    PERSON,
    SOAP,
    Credentials,
    Fault,
    enterprise_question,
    person_question,
    read_xml,
    text_of,
)
from app.exchange.stubs.magda import number_beginning
from tests.exchange.neighbours import Outside

TODAY = "2026-11-24"


def ask(number: str) -> etree._Element:
    return Outside().to_magda().ask(ENTERPRISE, enterprise_question(number))


def ask_person(insz: str) -> etree._Element:
    return Outside().to_magda().ask(PERSON, person_question(insz))


def test_a_question_bears_its_context() -> None:
    outside = Outside()
    outside.to_magda().ask(ENTERPRISE, enterprise_question("0403170701"))
    question = read_xml(outside.bodies[0])
    for path, text in {
        "Verzoek/Context/Naam": "GeefOnderneming",
        "Verzoek/Context/Versie": "02.00.0000",
        "Verzoek/Context/Bericht/Type": "VRAAG",
        "Verzoek/Context/Bericht/Tijdstip/Datum": "2026-11-24",
        "Verzoek/Context/Bericht/Tijdstip/Tijd": "13:00:00.000",
        "Verzoek/Context/Bericht/Afzender/Identificatie": "voorbeeld.be/loket",
        "Verzoek/Context/Bericht/Afzender/Referte": "referte-1",
        "Verzoek/Context/Bericht/Afzender/Hoedanigheid": "6001",
        "Verzoek/Context/Bericht/Ontvanger/Identificatie": "vip.vlaanderen.be",
        "Verzoek/Vragen/Vraag/Inhoud/Criteria/Ondernemingsnummer": "0403170701",
    }.items():
        assert text_of(question, f"{{{SOAP}}}Body/{{{ENTERPRISE.namespace}}}GeefOnderneming/{path}") == text


def test_with_a_certificate_the_question_is_signed_over_its_body() -> None:
    outside, (credentials, certificate) = Outside(), a_certificate()
    outside.to_magda(credentials).ask(ENTERPRISE, enterprise_question("0403170701"))
    [body] = outside.bodies
    signature = read_xml(body).find(f"{{{SOAP}}}Header")[0]
    assert signature.tag == "{http://www.w3.org/2000/09/xmldsig#}Signature"
    verified = XMLVerifier().verify(body, x509_cert=certificate, id_attribute="Id", expect_references=1)
    assert not isinstance(verified, list)
    assert verified.signed_xml is not None
    assert verified.signed_xml.tag == f"{{{SOAP}}}Body"
    for needed in (b"RSAKeyValue", b"X509Certificate", b"REC-xml-c14n-20010315", b'URI="#Body"'):
        assert needed in body


def test_an_enterprise_is_read() -> None:
    found = read_enterprise(ask("0403170701"), TODAY)
    assert found is not None
    assert (found.name, found.short_name, found.legal_form) == ("Koninklijke Harmonie", "KH", "017")
    assert (found.started, found.active, found.legal_person) == ("1901-05-01", True, True)
    assert found.seat == Address("Kerkstraat", "1", "", "9000", "Gent", "België")


def test_a_person_is_read() -> None:
    found = read_person(ask_person("85010100115"))
    assert found is not None
    assert (found.first_names, found.last_names, found.deceased) == ("Godelieve Maria", "Verzonnen", False)
    assert "Verzonnen" not in repr(found)


def test_who_died_is_known_to_be_dead() -> None:
    found = read_person(ask_person("85010199700"))
    assert found is not None
    assert found.deceased


@pytest.mark.parametrize("serial, code", [("991", "30001"), ("992", "30002"), ("993", "30003"), ("994", "30004"),
                                          ("995", "60003"), ("996", "13202")])  # fmt: skip
def test_the_faults_of_persons_come_by_their_code_and_without_the_number(serial: str, code: str) -> None:
    with pytest.raises(Fault) as fault:
        ask_person(f"850101{serial}00")
    assert fault.value.code == code
    assert "850101" not in str(fault.value)


def test_an_unknown_enterprise_is_a_fault_though_magda_calls_it_information() -> None:
    with pytest.raises(Fault) as fault:
        ask("0000000196")
    assert fault.value.code == "40046"


@pytest.mark.parametrize("prefix", ["09990001", "09990002", "09990003", "09990004", "09990005", "09990008", "09990009"])
def test_what_is_no_answer_is_unavailable(prefix: str) -> None:
    """429, 500, a time-out, too many at once, the source down, broken XML, a DTD."""
    with pytest.raises(Unavailable):
        ask(number_beginning(prefix))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"niets",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
    ],
)
def test_xml_from_outside_brings_nothing_in(body: bytes) -> None:
    with pytest.raises(Unavailable):
        read_xml(body)


def test_white_space_of_the_layout_is_no_content() -> None:
    node = read_xml(b"\n<?xml version='1.0'?>\n<a><b>\n   0403170701\n  </b></a>")
    assert text_of(node, "b") == "0403170701"


def a_certificate() -> tuple[Credentials, x509.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "verzonnen")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Credentials(pem, certificate.public_bytes(Encoding.PEM)), certificate
