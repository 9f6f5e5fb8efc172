"""A type that is only described, not programmed: everything the register does for it follows from its files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import Conflict, Gone, LoketError, Refused, Unknown
from app.exchange.ldes.describe import describer
from app.model.codelists import load_codelists
from app.model.fields import Kind
from app.model.schema import load_schema
from app.model.shapes import load_checker
from app.model.terms import VL
from app.register.commands import Archive, Change, Create, Outcome
from app.register.handle import handle, rehearse_all
from app.register.register import Register
from tests.register.builders import A_MANAGER, AN_ASSOCIATION, BASE, NOON, ROOT, Document, make_log

CATALOGUE = """
<soorten#gids> a vl:Entiteitstype ;
    dct:identifier "gids" ; skos:prefLabel "gids"@nl, "guide"@en ; vl:meervoud "gidsen"@nl ;
    vl:feed "gidsen" ; vl:deelfeed "doelgroep" ; vl:codepatroon "^G[0-9]{7}$" ; vl:codeBegin "G" ;
    sh:targetClass vl:Gids ; vl:vorm <shapes/gids> ; vl:context <context/gids> ; vl:vraag <queries/entity/vereniging> .
<soorten#bron> a vl:Entiteitstype ;
    dct:identifier "bron" ; skos:prefLabel "bron"@nl, "source"@en ; vl:meervoud "bronnen"@nl ;
    vl:feed "bronnen" ; vl:codepatroon "^[a-z]+$" ; vl:iriBegin "https://elders.example/id/" ;
    sh:targetClass vl:Gids ; vl:vorm <shapes/gids> ; vl:context <context/gids> ; vl:vraag <queries/entity/vereniging> .
"""
SHAPE = """
@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix pav: <http://purl.org/pav/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vl: <https://w3id.org/verenigingsloket#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<> a sh:NodeShape ; rdfs:label "Gids"@nl ; sh:targetClass vl:Gids ;
    sh:property <#naam>, <#uitleg>, <#zoektermen>, <#thema>, <#stappen>, <#versie>, <#hoogsteVolgnummer>, <#gemaakt> .
<#naam> sh:path dct:title ; sh:name "Naam"@nl ; sh:datatype rdf:langString ; sh:minCount 1 ; sh:uniqueLang true ;
    sh:languageIn ( "nl" "en" ) ; sh:order 1 .
<#uitleg> sh:path dct:description ; sh:name "Uitleg"@nl ; sh:datatype rdf:langString ; sh:uniqueLang true ;
    sh:languageIn ( "nl" "en" ) ; vl:opgemaakt true ; sh:order 2 .
<#zoektermen> sh:path dcat:keyword ; sh:name "Zoektermen"@nl ; sh:datatype rdf:langString ;
    sh:languageIn ( "nl" ) ; sh:order 3 .
<#thema> sh:path dct:type ; sh:name "Thema"@nl ; sh:nodeKind sh:IRI ; sh:maxCount 1 ; sh:node <#uit-themas> ;
    sh:order 4 .
<#uit-themas> sh:property [ sh:path skos:inScheme ;
    sh:hasValue <https://productencatalogus.data.vlaanderen.be/id/conceptscheme/Thema> ] .
<#stappen> sh:path dct:hasPart ; sh:name "Stappen"@nl ; sh:nodeKind sh:IRI ; sh:class vl:Stap ; sh:node <#Stap> ;
    sh:order 5 .
<#Stap> a sh:NodeShape ; sh:targetObjectsOf dct:hasPart ; rdfs:label "Stap"@nl ;
    sh:property <#Stap-naam>, <#Stap-order> .
<#Stap-naam> sh:path dct:title ; sh:name "Naam"@nl ; sh:datatype rdf:langString ; sh:minCount 1 ; sh:uniqueLang true ;
    sh:languageIn ( "nl" "en" ) .
<#Stap-order> sh:path sh:order ; sh:name "Volgorde"@nl ; sh:datatype xsd:integer ; sh:maxCount 1 .
<#versie> sh:path pav:version ; sh:name "Versie"@nl ; sh:datatype xsd:integer ; sh:maxCount 1 .
<#gemaakt> sh:path schema:dateCreated ; sh:name "Gemaakt"@nl ; sh:datatype xsd:dateTime ; sh:maxCount 1 .
<#hoogsteVolgnummer> sh:path vl:hoogsteVolgnummer ; sh:name "Hoogste volgnummer"@nl ; sh:datatype xsd:integer ;
    sh:maxCount 1 ; vl:zichtbaarheid vl:intern .
"""
CONTEXT = """{"@context": {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#",
    "pav": "http://purl.org/pav/", "schema": "http://schema.org/", "sh": "http://www.w3.org/ns/shacl#",
    "vl": "https://w3id.org/verenigingsloket#", "xsd": "http://www.w3.org/2001/XMLSchema#",
    "Gids": "vl:Gids", "Stap": "vl:Stap", "naam": {"@id": "dct:title", "@container": "@language"},
    "uitleg": {"@id": "dct:description", "@container": "@language"},
    "zoektermen": {"@id": "dcat:keyword", "@container": ["@language", "@set"]},
    "thema": {"@id": "dct:type", "@type": "@id"},
    "stappen": {"@id": "dct:hasPart", "@type": "@id", "@container": "@set"},
    "order": "sh:order", "versie": "pav:version", "hoogsteVolgnummer": "vl:hoogsteVolgnummer",
    "gemaakt": {"@id": "schema:dateCreated", "@type": "xsd:dateTime"}}}"""

GUIDE: Document = {
    "naam": {"nl": "Een fuif organiseren", "en": "Throwing a party"},
    "uitleg": "<p onclick='kwaad()'>Begin <b>op tijd</b>.</p>",
    "zoektermen": {"nl": ["fuif", "feest", "fuif"]},
    "thema": "cultuur, sport en vrije tijd",
    "stappen": [{"naam": {"nl": "Opruimen"}, "order": 2}, {"naam": {"nl": "Zaal zoeken"}, "order": 1}],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our files, with the new type beside them."""
    folder = tmp_path_factory.mktemp("soorten")
    for name in ("ontology", "shapes"):
        shutil.copytree(ROOT / name, folder / name)
    with (folder / "ontology/catalogue.ttl").open("a") as catalogue:
        catalogue.write(CATALOGUE)
    (folder / "shapes/gids.ttl").write_text(SHAPE)
    (folder / "ontology/context/gids.jsonld").write_text(CONTEXT)
    return folder


@pytest.fixture
def register(root: Path, tmp_path: Path) -> Iterator[Register]:
    schema = load_schema(root, BASE)
    log = make_log(tmp_path)
    yield Register(schema, load_codelists(root), load_checker(schema, "vereniging"), log, lambda: NOON)
    log.close()


def do(command: Create | Change | Archive, register: Register) -> Outcome:
    return handle(command, A_MANAGER, register)


def read(register: Register, code: str = "G0001001") -> str:
    version = register.log.latest(f"{BASE}/id/gids/{code}")
    assert version is not None
    return (version.public or b"").decode()


def test_texts_by_language_are_fields_of_their_own_kind(register: Register) -> None:
    type = register.schema.entity_types["gids"]
    name, keywords = type.field("naam"), type.field("zoektermen")
    assert (name.kind, name.languages, name.several, name.is_list) == (Kind.LANGUAGES, ("nl", "en"), False, False)
    assert (keywords.kind, keywords.several) == (Kind.LANGUAGES, True)


def test_a_document_gets_a_code_clean_text_concepts_by_name_and_parts_with_iris_in_order(register: Register) -> None:
    assert do(Create("gids", GUIDE), register).code == "G0001001"
    written = read(register)
    assert f"<{BASE}/id/gids/G0001001#stap-1> " in written
    assert '"<p>Begin <b>op tijd</b>.</p>"@nl' in written
    assert written.count("keyword") == 2
    assert "id/concept/Thema/CultuurSportVrijeTijd>" in written
    assert "_:" not in written


def test_the_same_again_changes_nothing_and_something_else_makes_a_version(register: Register) -> None:
    code = do(Create("gids", GUIDE), register).code
    created = [line for line in read(register).splitlines() if "dateCreated" in line]
    assert do(Change("gids", code, GUIDE, whole=True), register).sequence is None
    assert do(Change("gids", code, {"thema": None}), register).version == 2
    assert [line for line in read(register).splitlines() if "dateCreated" in line] == created
    assert "#type" in read(register) and "Thema/" not in read(register)


def test_a_change_of_what_somebody_else_changed_is_a_conflict(register: Register) -> None:
    code = do(Create("gids", GUIDE), register).code
    do(Change("gids", code, {"thema": None}, expected_version=1), register)
    with pytest.raises(Conflict):
        do(Change("gids", code, {"thema": "Milieu en Energie"}, expected_version=1), register)


def test_what_is_wrong_stands_beside_its_field(register: Register) -> None:
    wrong = {
        "naam": {"fr": "Une fête"},
        "thema": "cultur en sport",
        "stappen": [{"order": 1}],
        "kleur": "rood",
    }
    with pytest.raises(Refused) as error:
        do(Create("gids", wrong), register)
    found = {problem.path: problem.message for problem in error.value.problems}
    assert set(found) == {"naam", "thema", "stappen[0].naam", "kleur"}
    assert "De taal fr kan hier niet" in found["naam"]
    assert "Bedoelde u" in found["thema"]
    assert register.log.head() == 0


def test_archiving_leaves_a_tombstone_and_what_was_archived_may_come_back(register: Register) -> None:
    code = do(Create("gids", GUIDE), register).code
    do(Archive("gids", code), register)
    with pytest.raises(Gone):
        do(Change("gids", code, {"thema": None}), register)
    assert do(Create("gids", GUIDE, code=code), register).version == 3
    assert [member.operation for member in register.log.members("gidsen", 1, 10)] == ["create", "delete", "create"]
    with pytest.raises(Conflict):
        do(Create("gids", GUIDE, code=code), register)


def test_a_type_with_iris_of_others_keeps_them_and_has_its_parts_and_versions_with_us(register: Register) -> None:
    outcome = do(Create("bron", GUIDE, code="fuiven"), register)
    assert outcome.entity == "https://elders.example/id/fuiven"
    version = register.log.latest(outcome.entity)
    assert version is not None and f"<{BASE}/doc/bron/fuiven#stap-1>".encode() in (version.public or b"")
    assert version.iri(BASE) == f"{BASE}/id/bron/fuiven/versie/1"
    with pytest.raises(Unknown):
        do(Create("bron", GUIDE), register)


def test_a_rehearsal_answers_the_same_and_writes_nothing(register: Register) -> None:
    outcomes = rehearse_all([Create("gids", GUIDE), Create("gids", {})], A_MANAGER, register)
    assert isinstance(outcomes[0], Outcome) and isinstance(outcomes[1], Refused)
    assert register.log.head() == 0
    assert do(Create("gids", GUIDE), register).code == "G0001001"


def test_who_has_no_right_is_refused(register: Register) -> None:
    with pytest.raises(LoketError, match="rol"):
        handle(Create("gids", GUIDE), AN_ASSOCIATION, register)


def test_its_feed_has_the_views_that_the_catalogue_names(register: Register) -> None:
    describe = describer(register.schema, register.codelists.municipality, {"burger": "burgers"})
    assert [bool(describe(f)) for f in ("gidsen", "gidsen/doelgroep/burger", "gidsen/gemeente/44021")] == [
        True,
        True,
        False,
    ]
    assert [bool(describe(f)) for f in ("verenigingen/gemeente/44021", "verenigingen/doelgroep/burger")] == [
        True,
        False,
    ]


def test_it_happened_in_words_of_the_vocabulary(register: Register) -> None:
    do(Create("gids", GUIDE), register)
    assert register.log.read(0, 1)[0].activity == VL.Toegevoegd.value
