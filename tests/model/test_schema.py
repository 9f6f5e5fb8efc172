"""The schema that comes out of catalogue, shapes and contexts, and what it refuses."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.model.graph import Graph, Literal, parse_graph
from app.model.schema import EntityType, Field, Kind, NodeType, Schema, Secrecy, load_schema
from app.model.terms import OWL, PROV, RDF, RDFS, SH, SKOS, VL, Namespace
from tests.model.associations import BASE, ROOT

DPV = Namespace("https://w3id.org/dpv#")

# field, kind, required, list, who may see it
FIELDS = [
    ("naam", Kind.TEXT, True, False, Secrecy.PUBLIC),
    ("korteBeschrijving", Kind.LANGUAGE, False, False, Secrecy.PUBLIC),
    ("startdatum", Kind.TYPED, False, False, Secrecy.PUBLIC),
    ("versie", Kind.INTEGER, False, False, Secrecy.PUBLIC),
    ("hoofdactiviteiten", Kind.LINK, False, True, Secrecy.PUBLIC),
    ("locaties", Kind.NODE, False, True, Secrecy.PUBLIC),
    ("locaties.adres.postcode", Kind.TEXT, True, False, Secrecy.PUBLIC),
    ("erkenningen.ipdcProduct.nummer", Kind.TEXT, True, False, Secrecy.PUBLIC),
    ("erkenningen.geldigheidsperiode.startdatum", Kind.TYPED, False, False, Secrecy.PUBLIC),
    ("erkenningen.besluit", Kind.LINK, False, False, Secrecy.PUBLIC),
    ("locaties.bron", Kind.LINK, False, False, Secrecy.INTERNAL),
    ("zichtbaarInLoket", Kind.BOOLEAN, False, False, Secrecy.INTERNAL),
    ("vertegenwoordigers", Kind.NODE, False, True, Secrecy.INTERNAL),
    ("vertegenwoordigers.rol", Kind.TEXT, False, False, Secrecy.INTERNAL),
    ("vertegenwoordigers.insz", Kind.TEXT, True, False, Secrecy.PERSONAL),
    ("bankrekeningnummers.iban", Kind.TEXT, True, False, Secrecy.PERSONAL),
]


def find(type: NodeType, path: str) -> Field:
    first, _, rest = path.partition(".")
    field = type.field(first)
    return find(field.node, rest) if rest and field.node else field


def walk(type: NodeType) -> Iterator[Field]:
    for field in type.fields:
        yield field
        if field.node:
            yield from walk(field.node)


@pytest.mark.parametrize("path, kind, required, is_list, secrecy", FIELDS, ids=[row[0] for row in FIELDS])
def test_a_field_is_what_its_shape_says(
    association: EntityType, path: str, kind: Kind, required: bool, is_list: bool, secrecy: Secrecy
) -> None:
    field = find(association, path)
    assert (field.kind, field.required, field.is_list, field.secrecy) == (kind, required, is_list, secrecy)
    assert field.label
    assert field.order


def test_a_concept_field_knows_its_scheme_and_the_code_lists_have_concepts_in_it(
    schema: Schema, association: EntityType
) -> None:
    schemes = {field.scheme for field in walk(association) if field.scheme}
    assert len(schemes) == 9
    assert schemes <= {triple.object for triple in schema.concepts}


def test_fields_come_in_the_order_of_their_groups(association: EntityType) -> None:
    groups = list(dict.fromkeys(field.group for field in association.fields))
    assert groups[0] == "Algemeen"
    assert groups[-1] == "Beheer"
    assert association.fields[0].term == "naam"


def test_an_entity_iri_is_recognised_and_others_are_not(schema: Schema, association: EntityType) -> None:
    assert association.iri("V0001001") == f"{BASE}/id/vereniging/V0001001"
    assert schema.entity_of(f"{BASE}/id/vereniging/V0001001") == (association, "V0001001")
    for other in (f"{BASE}/id/vereniging/x", f"{BASE}/id/product/V0001001", "V0001001", f"{BASE}/id/vereniging/"):
        assert schema.entity_of(other) is None


def test_every_prefix_of_the_context_is_a_prefix_of_the_schema(schema: Schema) -> None:
    assert schema.prefixes["fv"] == "https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#"
    assert all(namespace.startswith("http") for namespace in schema.prefixes.values())


# --- Contradictions ---------------------------------------------------------------------------------------------------

CONTRADICTIONS = [
    ("ontology/context/vereniging.jsonld", '"naam": "skos:prefLabel"', '"noam": "skos:prefLabel"', "no term naam"),
    ("ontology/context/vereniging.jsonld", '"@type": "xsd:date" }', '"@type": "xsd:dateTime" }', "has @type"),
    ("ontology/context/vereniging.jsonld", '"@type": "@id", "@container": "@set" }', '"@type": "@id" }', "@set"),
    ("ontology/context/vereniging.jsonld", '"@language": "nl" }', '"@language": "fr" }', "same language"),
    ("shapes/vereniging.ttl", "sh:targetObjectsOf org:hasSite ;\n    rdfs", "rdfs", "must have sh:targetObjectsOf"),
]


@pytest.mark.parametrize("file, before, after, message", CONTRADICTIONS, ids=[row[3] for row in CONTRADICTIONS])
def test_a_context_that_contradicts_the_shape_is_refused_at_load(
    tmp_path: Path, file: str, before: str, after: str, message: str
) -> None:
    for folder in ("ontology", "shapes"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    text = (tmp_path / file).read_text()
    assert before in text
    (tmp_path / file).write_text(text.replace(before, after))
    with pytest.raises(ValueError, match=message):
        load_schema(tmp_path, BASE)


# --- Files of the ontology --------------------------------------------------------------------------------------------


def test_every_term_of_our_own_is_defined_in_dutch_and_english(schema: Schema) -> None:
    terms = [s for s in schema.vocabulary.subjects() if s.value.startswith(VL)]
    assert len(terms) > 20
    for term in terms:
        for predicate in (RDFS.label, SKOS.definition):
            found = {o.language for o in schema.vocabulary.objects(term, predicate) if isinstance(o, Literal)}
            assert found == {"nl", "en"}, (term, predicate)


def test_every_term_of_our_own_in_shapes_contexts_and_catalogue_is_defined(schema: Schema) -> None:
    lists = Graph(t for f in (ROOT / "ontology/codelists").glob("*.ttl") for t in parse_graph(f.read_bytes()))
    defined = {*schema.vocabulary.subjects(), *lists.subjects()}
    catalogue = parse_graph((ROOT / "ontology/catalogue.ttl").read_bytes(), base=f"{BASE}/")
    used = {term for graph in (*schema.shape_graphs.values(), catalogue) for triple in graph for term in triple}
    assert {term for term in used if term.value.startswith(VL)} - defined == set()


def test_there_is_an_activity_for_everything_that_can_happen_to_an_association(schema: Schema) -> None:
    terms = schema.vocabulary
    activities = {term for term in terms.subjects() if PROV.Activity in terms.objects(term, RDFS.subClassOf)}
    happened = ["Geregistreerd", "Gewijzigd", "Gestopt", "Verwijderd", "ZichtbaarGemaakt", "OnzichtbaarGemaakt"]
    generic = {VL.Toegevoegd, VL.Gewijzigd, VL.Gearchiveerd}
    doubles = {VL[f"Dubbel{word}"] for word in ("Gemarkeerd", "Aanvaard", "Rechtgezet", "Losgelaten")}
    assert activities >= {VL.PersoonsgegevensGewijzigd, *(VL[f"Vereniging{word}"] for word in happened), *generic}
    assert activities >= {VL.VerenigingenSamengevoegd, *doubles}
    assert VL.PersoonsgegevensGewist in activities
    assert all(OWL.Class in terms.objects(activity, RDF.type) for activity in activities)


def test_the_register_of_processing_names_exactly_the_fields_that_can_be_personal(schema: Schema) -> None:
    register = parse_graph((ROOT / "ontology/personal.ttl").read_bytes(), base=f"{BASE}/")
    named = {triple.object for triple in register if triple.predicate == DPV.hasPersonalData}
    fields = [field for type in schema.entity_types.values() for field in walk(type)]
    assert named == {f.shape for f in fields if f.secrecy is Secrecy.PERSONAL or f.personal_if}
    for process in (s for s in register.subjects() if DPV.Process in register.objects(s, RDF.type)):
        for needed in (DPV.hasPurpose, DPV.hasLegalBasis, DPV.hasStorageCondition, DPV.hasDataSubject):
            assert register.value(process, needed) in register.subjects()


def test_every_field_and_every_rule_with_a_message_speaks_dutch(schema: Schema) -> None:
    for graph in schema.shape_graphs.values():
        texts = [t.object for t in graph if t.predicate in (SH.name, SH.description, SH.message)]
        assert len(texts) > 15
        assert all(isinstance(text, Literal) and text.language == "nl" for text in texts)


def test_a_path_is_named_by_the_labels_of_its_fields(schema: Schema) -> None:
    association = schema.entity_types["vereniging"]
    assert association.in_words("naam") == "Naam"
    assert association.in_words("locaties[1].adres.postcode") == "Locatie 2, Adres, Postcode"
    assert association.in_words("bestaat.niet") == "bestaat.niet"
    assert schema.entity_types["product"].in_words("naam.nl") == "Titel"
