"""Checking a page with decisions: what each level asks, in sentences about one page that has it all."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.exchange.publication.check import Finding, Report, check_page
from app.exchange.publication.profile import Profile, load_profiles
from app.exchange.publication.report import as_json
from app.exchange.rdfa.reading import read_page
from app.exchange.rdfa.spellings import load_spellings

ROOT = Path(__file__).parent.parent.parent
SPELLINGS, PROFILES = load_spellings(ROOT), load_profiles(ROOT)
WHOLE = (ROOT / "fixtures" / "voorbeelden" / "notulen.html").read_text()
URL = "https://raad.voorbeeldgem.be/zittingen/12/notulen"
OFFICE = "http://data.lblod.info/id/mandatarissen/"


def check(html: str, key: str | None = None) -> Report:
    return check_page(read_page(html, URL, SPELLINGS, "urn:x:"), PROFILES, key)


def without(text: str) -> str:
    assert text in WHOLE
    return WHOLE.replace(text, "")


def line_of(html: str, text: str) -> int:
    return html[: html.index(text)].count("\n") + 1


def test_minutes_that_have_it_all_reach_level_three_without_a_remark() -> None:
    report = check(WHOLE)
    assert (report.profile.key, report.level, report.notes, report.findings) == ("notulen", 3, (), ())


# what is changed in the page | the level it reaches then | what is told
CHANGED = [
    ('<h3 property="dct:title">Subsidiereglement jeugdwerk</h3>', "", 0, "Titel ontbreekt bij een agendapunt."),
    ('<span property="prov:atLocation">Raadzaal, Markt 1</span>', "", 0, "Plaats staat nergens bij een zitting."),
    ('content="2026-03-23T22:10:00+01:00"', 'content="om tien uur"', 0,
     "Einde is geen geldig tijdstip (jjjj-mm-ddTuu:mm:ss, met datatype xsd:dateTime)."),
    ("Besluit tot erkenning van Chiro De Vlinders als jeugdvereniging", " ", 0, "Titel is leeg."),
    ('datatype="xsd:integer">2<', 'datatype="xsd:integer">3<', 0, "Er staan 2 voorstanders, maar het aantal is 3."),
    ('typeof="besluit:Stemming"', "", 0, "Er staat geen stemming in de pagina."),
    ('property="besluit:geplandeStart"', 'property="besluit:geplandeStart prov:startedAtTime"', 0,
     "Start staat meer dan één keer bij een zitting."),
    (f"{OFFICE}m2", "https://raad.voorbeeldgem.be/id/mandatarissen/m2", 1,
     "Aanwezigen: verwijs naar de IRI van wie het is bij data.lblod.info."),
    ('property="besluit:motivering" lang="nl"', "", 2, "Motivering ontbreekt bij een besluit."),
    ('<html lang="nl">', "<html>", 3, ""),
    ('<b property="eli:title">Erkenning</b>', "", 2, "Titel ontbreekt bij een artikel."),
    ('<span property="eli:title_short">Erkenning Chiro De Vlinders</span>', "", 2,
     "Citeeropschrift staat nergens bij een besluit."),
    ('resource="http://data.lblod.info/id/functionarissen/f1" typeof="lblodlg:Functionaris"',
     'resource="http://data.lblod.info/id/functionarissen/f1" typeof="foaf:Document"', 0,
     "Secretaris verwijst naar iets van een ander soort."),
    ('<link property="prov:wasGeneratedBy" href="https://raad.voorbeeldgem.be/id/behandelingen/1">', "", 3,
     "Behandeling waaruit het volgt ontbreekt bij een besluit."),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "level", "message"), CHANGED, ids=lambda value: str(value)[:50])
def test_a_level_is_missed_by_one_thing_that_is_told(before: str, after: str, level: int, message: str) -> None:
    assert before in WHOLE
    report = check(WHOLE.replace(before, after))
    assert report.level == level
    assert not message or message in [finding.message for finding in report.findings]


def finding(report: Report, message: str) -> Finding:
    return next(one for one in report.findings if one.message == message)


def test_a_finding_says_where_and_how_to_write_it() -> None:
    html = without('<h3 property="dct:title">Subsidiereglement jeugdwerk</h3>')
    found = finding(check(html), "Titel ontbreekt bij een agendapunt.")
    place = "https://raad.voorbeeldgem.be/id/agendapunten/2"
    assert found.places == ((place, line_of(html, f'"{place}" typeof')),)
    assert 'property="dct:title"' in found.example


def test_a_wrong_value_is_pointed_at_where_it_stands() -> None:
    html = WHOLE.replace('content="2026-03-23T22:10:00+01:00"', 'content="laat"')
    found = next(one for one in check(html).findings if one.property == "einde")
    assert found.places[0][1] == line_of(html, "prov:endedAtTime")


def test_the_same_finding_in_many_places_is_told_once() -> None:
    report = check(WHOLE.replace('property="besluit:openbaar"', ""))
    assert finding(report, "Openbaar ontbreekt bij een behandeling van een agendapunt.").count == 2


def test_one_item_alone_needs_no_order() -> None:
    alone = WHOLE[
        : WHOLE.index('  <div property="besluit:behandelt" resource="https://raad.voorbeeldgem.be/id/agendap')
    ]
    assert not any("vorige agendapunt" in one.property for one in check(alone, "agenda").findings)


def test_a_secret_vote_names_nobody() -> None:
    secret = WHOLE.replace('property="besluit:geheim" datatype="xsd:boolean" content="false"',
                           'property="besluit:geheim" datatype="xsd:boolean" content="true"')  # fmt: skip
    html = secret.replace('datatype="xsd:integer">2<', 'datatype="xsd:integer">3<')
    assert not any(one.kind == "telling" for one in check(html).findings)


def test_who_is_only_referred_to_may_be_anybody() -> None:
    assert check(WHOLE.replace('typeof="mandaat:Mandataris"', "")).level == 3


def test_with_a_resolver_people_in_office_must_be_found() -> None:
    page = read_page(WHOLE, URL, SPELLINGS, "urn:x:")
    assert check_page(page, PROFILES, resolver=lambda iri: True).level == 3
    assert check_page(page, PROFILES, resolver=lambda iri: not iri.endswith("m2")).level == 1


# a page | the type that it is held against
TYPES = [
    ("", "besluit"),
    ('<p typeof="besluit:Besluit">', "besluit"),
    ('<p typeof="besluit:Zitting">', "agenda"),
    ('<p typeof="besluit:Zitting"></p><p typeof="besluit:BehandelingVanAgendapunt">', "besluitenlijst"),
    ('<p typeof="https://data.vlaanderen.be/id/concept/BesluitDocumentType/13fefad6-a9d6-4025-83b5-e4cbee3a8965">',
     "agenda"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "key"), TYPES)
def test_a_page_is_held_against_what_it_says_to_be_or_else_what_is_in_it(html: str, key: str) -> None:
    assert check(f"<div>{html}</div>").profile.key == key


def test_a_page_without_rdfa_reaches_nothing() -> None:
    report = check("<p>Notulen</p>")
    assert (report.level, report.triples) == (0, 0)


def test_a_resource_without_level_says_nothing_of_the_level() -> None:
    html = without("https://data.vlaanderen.be/id/concept/BesluitType/d7060f97-c417-474c-abc6-ef006cb61f41")
    report = check(html)
    assert (report.level, [one.message for one in report.at(None)]) == (3, ["Soort besluit ontbreekt bij een besluit."])


def test_the_report_as_json_says_all() -> None:
    told = as_json(check(without('<b property="eli:title">Erkenning</b>')))
    assert (told["niveau"], told["documenttype"], told["onderdelen"]["stemming"]) == (2, "notulen", 1)
    [one] = [one for one in told["bevindingen"] if one["niveau"] == 3]
    assert (one["soort"], one["onderdeel"], one["eigenschap"], one["aantal"]) == ("ontbreekt", "artikel", "titel", 1)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.key)
def test_every_property_is_explained_with_an_example_that_uses_it(profile: Profile) -> None:
    assert profile.parts
    for part in profile.parts:
        for one in part.properties:
            assert one.name and one.description
            local = one.paths[0].value.replace("#", "/").rpartition("/")[2]
            assert local in one.example or local == "type"
