"""Reading pages with RDFa: what publishers get wrong is mended where it can be read in one way, and always told.

The standard itself is held by tests/conformance/test_rdfa.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import Refused
from app.exchange.rdfa.notes import EXPLAINED, Fault
from app.exchange.rdfa.page import decode, parse_page
from app.exchange.rdfa.reading import Page, read_page
from app.exchange.rdfa.spellings import load_spellings
from app.model.graph import IRI, Literal, Triple
from app.model.terms import BESLUIT, DCT, ELI, PROV, RDF, XSD

URL = "https://raad.voorbeeldgem.be/zitting/12"
SPELLINGS = load_spellings(Path(__file__).parent.parent.parent)
D1 = IRI("https://raad.voorbeeldgem.be/id/besluiten/1")
PREFIXES = (
    "besluit: http://data.vlaanderen.be/ns/besluit# eli: http://data.europa.eu/eli/ontology# "
    "prov: http://www.w3.org/ns/prov# xsd: http://www.w3.org/2001/XMLSchema#"
)


def read(inside: str, prefix: str = PREFIXES, url: str = URL) -> Page:
    return read_page(
        f'<!doctype html><title>t</title>\n<div prefix="{prefix}">\n{inside}\n</div>', url, SPELLINGS, "urn:x:"
    )


def decision(inside: str, url: str = URL) -> Page:
    return read(f'<div resource="{D1.value}" typeof="besluit:Besluit">\n{inside}\n</div>', url=url)


# inside a decision | what it must say | the fault that is told
MENDED = [
    (
        '<div property="eli:has_part" resource="#a1" typeof=”besluit:Artikel”></div>',
        Triple(IRI(f"{URL}#a1"), RDF.type, BESLUIT.Artikel),
        Fault.QUOTES,
    ),
    ('<p property="besluit:motivering">Omdat.</p>', Triple(D1, BESLUIT.motivering, Literal("Omdat.")), None),
    (
        '<a property="prov:value" href="/bijlage/1.pdf">Tekst</a>',
        Triple(D1, ELI.is_embodied_by, IRI("https://raad.voorbeeldgem.be/bijlage/1.pdf")),
        Fault.DOCUMENT,
    ),
    (
        '<a property="eli:related_to" href="/bijlage/plan van aanpak.pdf">Bijlage</a>',
        Triple(D1, ELI.related_to, IRI("https://raad.voorbeeldgem.be/bijlage/plan%20van%20aanpak.pdf")),
        Fault.CHARACTERS,
    ),
    (
        '<p property="eli:is_about" resource="raad.voorbeeldgem.be/id/x"></p>',
        Triple(D1, ELI.is_about, IRI("https://raad.voorbeeldgem.be/id/x")),
        Fault.NO_SCHEME,
    ),
    (
        '<p property="eli:is_about" resource="null/id/agenda/5"></p>',
        Triple(D1, ELI.is_about, IRI("https://raad.voorbeeldgem.be/id/agenda/5")),
        Fault.NULL,
    ),
    (
        '<p property="eli:type_document" resource="https://data.vlaanderen.be/doc/concept/BesluitType/d7060f97"></p>',
        Triple(D1, ELI.type_document, IRI("https://data.vlaanderen.be/id/concept/BesluitType/d7060f97")),
        Fault.SPELLING,
    ),
    (
        '<i property="eli:date_publication" datatype="xsd:Date">2024-03-01</i>',
        Triple(D1, ELI.date_publication, Literal("2024-03-01", datatype=XSD.date)),
        Fault.DATATYPE,
    ),
    (
        '<i property="eli:date_publication" datatype="xsd:date">1/3/2024</i>',
        Triple(D1, ELI.date_publication, Literal("2024-03-01", datatype=XSD.date)),
        Fault.VALUE,
    ),
    (
        '<i property="besluit:openbaar" datatype="xsd:boolean" content="True"></i>',
        Triple(D1, BESLUIT.openbaar, Literal("true", datatype=XSD.boolean)),
        Fault.VALUE,
    ),
    (
        '<i property="eli:title" datatype="rdfs:Literal">Titel</i>',
        Triple(D1, ELI["title"], Literal("Titel")),
        Fault.DATATYPE,
    ),
]


@pytest.mark.parametrize(("inside", "said", "fault"), MENDED, ids=lambda value: str(value)[:40])
def test_what_can_be_read_in_one_way_is_mended_and_told(inside: str, said: Triple, fault: Fault | None) -> None:
    page = decision(inside)
    assert said in page.graph
    assert {note.fault for note in page.notes if note.is_repair} == ({fault} if fault else set())


# inside a decision | the fault that is told
LEFT_OUT = [
    ('<p property="zelfbedacht:iets">x</p>', Fault.UNKNOWN_PREFIX),
    ('<p property="eli:cites" resource=""></p>', Fault.EMPTY),
    ('<p property="1:2"></p>', Fault.UNREADABLE),
]


@pytest.mark.parametrize(("inside", "fault"), LEFT_OUT)
def test_what_nobody_can_read_is_left_out_and_told(inside: str, fault: Fault) -> None:
    page = decision(inside)
    assert set(page.graph) == {Triple(D1, RDF.type, BESLUIT.Besluit)}
    assert [(note.fault, note.after, note.line) for note in page.notes] == [(fault, None, 4)]


def test_a_value_that_does_not_fit_its_datatype_stays_as_text_and_is_told() -> None:
    page = decision('<i property="eli:date_publication" datatype="xsd:date">vorige week</i>')
    assert Triple(D1, ELI.date_publication, Literal("vorige week")) in page.graph
    assert [(note.fault, note.is_repair) for note in page.notes] == [(Fault.VALUE, False)]


def test_a_prefix_that_is_declared_elsewhere_in_the_page_means_there_what_it_means_here() -> None:
    page = read_page(
        f'<i prefix="bs: http://data.vlaanderen.be/ns/besluit#"></i><p about="{D1.value}" typeof="bs:Besluit">',
        URL,
        SPELLINGS,
        "urn:x:",
    )
    assert Triple(D1, RDF.type, BESLUIT.Besluit) in page.graph
    assert [note.fault for note in page.notes] == [Fault.PREFIX]


def test_a_prefix_with_two_meanings_in_the_page_is_not_guessed() -> None:
    page = read_page(
        '<div prefix="b: http://a.be/#"></div><div prefix="b: http://c.be/#"></div><p about="#x" typeof="b:X">',
        URL,
        SPELLINGS,
        "urn:x:",
    )
    assert not page.graph
    assert [note.fault for note in page.notes] == [Fault.UNKNOWN_PREFIX]


def test_the_usual_prefixes_need_no_declaration() -> None:
    page = read_page(f'<p about="{D1.value}" property="eli:title">Titel</p>', URL, SPELLINGS, "urn:x:")
    assert Triple(D1, ELI["title"], Literal("Titel")) in page.graph
    assert [note.fault for note in page.notes] == [Fault.PREFIX]


def test_things_without_an_address_stay_apart() -> None:
    attending = (
        '<p property="besluit:heeftAanwezige" resource="" typeof="Mandataris"><i property="eli:title">{}</i></p>'
    )
    page = decision(attending.format("An") + attending.format("Ben"))
    assert len(page.graph.objects(D1, BESLUIT.heeftAanwezige)) == 2


def test_a_document_without_an_address_is_the_page_itself() -> None:
    page = read('<div about="" typeof="foaf:Document"><i property="prov:value">Tekst</i></div>')
    assert Triple(IRI(URL), PROV.value, Literal("Tekst")) in page.graph


def test_another_host_without_scheme_is_not_guessed() -> None:
    page = decision('<p property="eli:is_about" resource="www.iemandanders.be/id/x"></p>')
    assert page.graph.value(D1, ELI.is_about) == IRI("https://raad.voorbeeldgem.be/zitting/www.iemandanders.be/id/x")


@pytest.mark.parametrize("session", [";jsessionid=A1B2", "/(S(abc))", "#deel"])
def test_addresses_do_not_change_with_the_visit(session: str) -> None:
    page = decision('<p property="eli:has_part" resource="#a1"></p>', url=URL + session)
    assert page.url == URL
    assert page.graph.value(D1, ELI.has_part) == IRI(f"{URL}#a1")


BLANKS = (
    '<div property="besluit:heeftStemming" typeof="besluit:Stemming"><i property="besluit:onderwerp">A</i></div>'
    '<div property="besluit:heeftStemming" typeof="besluit:Stemming"><i property="besluit:onderwerp">B</i></div>'
)


def test_a_blank_node_gets_the_same_address_each_time_that_the_same_is_said_of_it() -> None:
    first, second = decision(BLANKS), decision(f'<p property="eli:title">Nieuw</p>{BLANKS}')
    votes = set(first.graph.objects(D1, BESLUIT.heeftStemming))
    assert len(votes) == 2
    assert set(second.graph.objects(D1, BESLUIT.heeftStemming)) == votes
    assert all(isinstance(vote, IRI) for vote in votes)


def test_each_subject_and_property_knows_its_line() -> None:
    page = decision('<p property="eli:title">\nTitel</p>\n<p property="dc:title">x</p>')
    assert (page.line(D1), page.line(D1, ELI["title"]), page.line(D1, DCT["title"])) == (3, 4, 6)
    assert page.line(D1, PROV.value) == 3
    assert page.line(IRI("urn:x:elders")) is None


# bytes of a page, what the transport says, the text in it
ENCODINGS = [
    ("één".encode(), None, "één"),
    ("één".encode("latin-1"), None, "één"),
    ("één".encode(), "utf-8", "één"),
    (b'<meta charset="iso-8859-1">' + "één".encode("latin-1"), None, "één"),
    (b'<meta charset="utf-8">' + "één".encode("latin-1"), None, "één"),
    ("€".encode("cp1252"), "iso-8859-1", "€"),
    (b"\xef\xbb\xbf" + "één".encode(), "iso-8859-1", "één"),
    ("één".encode(), "bestaat-niet", "één"),
]


@pytest.mark.parametrize(("data", "charset", "text"), ENCODINGS)
def test_bytes_are_read_as_what_they_are(data: bytes, charset: str | None, text: str) -> None:
    assert decode(data, charset).endswith(text)


@pytest.mark.parametrize("nothing", ["", "  \n", "<!-- niets -->", "\0"])
def test_a_page_without_elements_is_refused(nothing: str) -> None:
    with pytest.raises(Refused, match="HTML"):
        read_page(nothing, URL, SPELLINGS, "urn:x:")


def test_html_closes_no_element_by_a_slash() -> None:
    root = parse_page('<div id="a" class="x/y"/><p id="b"/>tekst')
    assert root.xpath("string(//div/p)") == "tekst"


def test_a_page_may_be_deep() -> None:
    assert read("<div>" * 1000 + f'<p about="{D1.value}" property="eli:title">diep</p>').graph


def test_every_fault_is_explained() -> None:
    assert set(EXPLAINED) == set(Fault)
