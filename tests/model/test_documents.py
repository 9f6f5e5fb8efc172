"""Documents and graphs are the same thing; two JSON-LD processors and a framer of others prove it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld

from app.errors import Refused
from app.model.documents import Document, split, to_document, to_graph
from app.model.graph import IRI, Graph, Literal, RdfFormat, from_ntriples, parse_graph, to_format
from app.model.schema import EntityType
from app.model.terms import DCT, FV, ORG, PAV, RDF, REGORG, VER, XSD
from tests.model import associations
from tests.model.associations import an_association


def parts(association: EntityType) -> list[Document]:
    """What the public and what the administration sees, as JSON-LD shows it."""
    public, internal, _ = split(an_association(association), association)
    seen = to_graph(public, association, associations.IRI)
    whole = seen | to_graph(internal, association, associations.IRI)
    return [to_document(graph, association, associations.IRI) for graph in (seen, whole)]


def linked(document: Document, association: EntityType) -> dict[str, Any]:
    return {"@context": association.context, **document}


# --- The context, read by others --------------------------------------------------------------------------------------


def test_pyld_reads_a_document_as_our_graph(association: EntityType) -> None:
    for document in parts(association):
        quads = jsonld.to_rdf(linked(document, association), {"format": "application/n-quads"})
        assert from_ntriples(quads.encode()) == to_graph(document, association, associations.IRI)


# rdflib's own JSON-LD parser still uses its old dataset classes.
@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
def test_rdflib_reads_a_document_as_our_graph(association: EntityType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # it would write Z as +00:00
    for document in parts(association):
        read = rdflib.Dataset().parse(data=json.dumps(linked(document, association)), format="json-ld")
        triples = from_ntriples(read.serialize(format="nt", encoding="utf-8"))
        assert triples == to_graph(document, association, associations.IRI)


def test_oxigraph_reads_a_document_as_our_graph(association: EntityType) -> None:
    for document in parts(association):
        read = parse_graph(json.dumps(linked(document, association)), RdfFormat.JSON_LD)
        assert read == to_graph(document, association, associations.IRI)


def test_the_context_is_a_document_that_loads_by_its_address(association: EntityType) -> None:
    def loader(url: str, options: dict[str, Any]) -> dict[str, Any]:
        assert url == association.context_iri
        return {"documentUrl": url, "contextUrl": None, "document": {"@context": association.context}}

    document = parts(association)[0]
    options = {"documentLoader": loader, "format": "application/n-quads"}
    quads = jsonld.to_rdf({"@context": association.context_iri, **document}, options)
    assert from_ntriples(quads.encode()) == to_graph(document, association, associations.IRI)


def test_no_iri_is_relative_or_has_an_undeclared_prefix(association: EntityType) -> None:
    graphs = [to_graph(document, association, associations.IRI) for document in parts(association)]
    terms = {term for graph in graphs for triple in graph for term in triple}
    datatypes = {term.datatype for term in terms if isinstance(term, Literal)}
    iris = {term.value for term in terms | datatypes if isinstance(term, IRI)}
    assert len(iris) > 80
    assert {urlsplit(iri).scheme for iri in iris} <= {"http", "https"}
    assert all(urlsplit(iri).netloc for iri in iris)


def test_our_framer_makes_of_a_graph_what_the_framing_algorithm_makes(association: EntityType) -> None:
    document = parts(association)[0]
    quads = to_format(to_graph(document, association, associations.IRI), RdfFormat.N_QUADS).decode()
    expanded = jsonld.from_rdf(quads, {"useNativeTypes": True})
    frame = {
        "@context": association.context,
        "@id": associations.IRI,
        "@embed": "@always",
        "primaireLocatie": {"@embed": "@never", "@omitDefault": True},
    }
    framed = jsonld.frame(expanded, frame, {"omitGraph": True, "omitDefault": True})
    del framed["@context"]
    # The algorithm shortens an IRI in our own namespace to a prefixed name; we leave it whole.
    whole = json.loads(json.dumps(framed).replace('"vl:', f'"{associations.VL}'))
    assert settled(whole) == settled(document)


def settled(value: Any) -> Any:
    """Without what is free in JSON-LD: the order of sets, and one type alone or in a list."""
    if isinstance(value, list):
        return sorted((settled(item) for item in value), key=str)
    if not isinstance(value, dict):
        return value
    types = value["@type"] if isinstance(value["@type"], list) else [value["@type"]]
    return {key: settled(value[key]) for key in sorted(value)} | {"@type": sorted(types)}


# --- The model --------------------------------------------------------------------------------------------------------

TRIPLES = [
    (RDF.type, FV.Vereniging),
    (DCT.identifier, Literal("V0001001")),
    (DCT.description, Literal("Muziek voor jong & oud, sinds 1921.", language="nl")),
    (PAV.createdOn, Literal("1921-05-01", datatype=XSD.date)),
    (PAV.lastUpdateOn, Literal("2026-11-24T10:00:00.000001Z", datatype=XSD.dateTime)),
    (REGORG.orgStatus, IRI("http://lblod.data.gift/concepts/63cc561de9188d64ba5840a42ae8f0d6")),
    (ORG.hasPrimarySite, IRI(f"{associations.IRI}#locatie-2")),
    (VER.doelgroep, IRI(f"{associations.IRI}#doelgroep-1")),
]


@pytest.mark.parametrize("predicate, value", TRIPLES, ids=lambda term: term.value[-30:])
def test_the_terms_are_those_of_the_ecosystem(association: EntityType, predicate: IRI, value: IRI | Literal) -> None:
    graph = to_graph(parts(association)[0], association, associations.IRI)
    assert value in graph.objects(IRI(associations.IRI), predicate)


def test_an_association_in_the_kbo_can_have_a_second_class(association: EntityType) -> None:
    document = {**an_association(association), "@type": ["Vereniging", "GeregistreerdeOrganisatie"]}
    public, _, _ = split(document, association)
    graph = to_graph(public, association, associations.IRI)
    assert set(graph.objects(IRI(associations.IRI), RDF.type)) == {FV.Vereniging, REGORG.RegisteredOrganization}
    assert to_document(graph, association, associations.IRI)["@type"] == ["GeregistreerdeOrganisatie", "Vereniging"]


# --- There and back ---------------------------------------------------------------------------------------------------


def test_a_document_survives_the_graph(association: EntityType) -> None:
    for document in parts(association):
        graph = to_graph(document, association, associations.IRI)
        assert to_document(from_ntriples(graph.ntriples()), association, associations.IRI) == document


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"])), number=st.integers(), truth=st.booleans())
def test_any_text_number_and_truth_survive(association: EntityType, text: str, number: int, truth: bool) -> None:
    contact = {"@id": f"{associations.IRI}#contact-1", "beschrijving": text, "isPrimair": truth}
    document = {"naam": text, "korteBeschrijving": text, "versie": number, "contactgegevens": [contact]}
    graph = to_graph(document, association, associations.IRI)
    back = to_document(from_ntriples(graph.ntriples()), association, associations.IRI)
    assert {term: back[term] for term in document if term != "contactgegevens"} == {
        term: document[term] for term in document if term != "contactgegevens"
    }
    assert back["contactgegevens"] == [{"@type": ["Contactgegeven"], **contact}]


def test_nested_nodes_come_in_the_order_of_their_numbers(association: EntityType) -> None:
    nodes = [{"@id": f"{associations.IRI}#contact-{number}", "email": "a@b.be"} for number in (10, 9, 2)]
    graph = to_graph({"contactgegevens": nodes}, association, associations.IRI)
    back = to_document(from_ntriples(graph.ntriples()), association, associations.IRI)
    assert [node["@id"].rpartition("-")[2] for node in back["contactgegevens"]] == ["2", "9", "10"]


def test_what_a_graph_says_beside_the_fields_is_left_out(association: EntityType) -> None:
    graph = to_graph({"naam": "Harmonie"}, association, associations.IRI)
    graph.add(IRI("http://a/concept"), RDF.type, IRI("http://a/Concept"))
    graph.add(IRI(associations.IRI), IRI("http://a/other"), Literal("x"))
    expected = {"@id": associations.IRI, "@type": ["Vereniging"], "naam": "Harmonie"}
    assert to_document(graph, association, associations.IRI) == expected


def test_a_concept_may_come_with_its_code_and_name(association: EntityType) -> None:
    shown = {"@id": associations.CITIZENS, "code": "BIAG", "naam": "Burgerinitiatief & Actiegroep"}
    one = to_graph({"hoofdactiviteiten": [shown]}, association, associations.IRI)
    assert one == to_graph({"hoofdactiviteiten": [associations.CITIZENS]}, association, associations.IRI)


def test_empty_values_say_nothing(association: EntityType) -> None:
    document: Document = {"naam": "Harmonie", "korteNaam": None, "locaties": [], "@context": "https://ergens"}
    assert len(to_graph(document, association, associations.IRI)) == 2


# --- Refusals ---------------------------------------------------------------------------------------------------------

NODE = {"@id": f"{associations.IRI}#locatie-1"}
REFUSED: list[tuple[Document, str, str]] = [
    ({"noam": "x"}, "noam", "Dit veld bestaat niet."),
    ({"naam": 3}, "naam", "Geef tekst."),
    ({"naam": ["x"]}, "naam", "Geef één waarde, geen lijst."),
    ({"locaties": NODE}, "locaties", "Geef een lijst."),
    ({"locaties": ["x"]}, "locaties[0]", "Geef een onderdeel met een @id."),
    ({"locaties": [{}]}, "locaties[0]", "Geef een onderdeel met een @id."),
    ({"locaties": [NODE, {**NODE, "isPrimair": "ja"}]}, "locaties[1].isPrimair", "Geef ja of nee."),
    ({"locaties": [{**NODE, "adres": {"@id": "a:b", "x": 1}}]}, "locaties[0].adres.x", "Dit veld bestaat niet."),
    ({"versie": True}, "versie", "Geef een geheel getal."),
    ({"startdatum": 2001}, "startdatum", "Geef tekst."),
    ({"status": "actief"}, "status", "Geef een volledig webadres (IRI)."),
    ({"status": "http://a b"}, "status", "Geef een volledig webadres (IRI)."),
    ({"@type": ["Fanfare"]}, "@type", "Dit soort bestaat niet."),
]  # fmt: skip


@pytest.mark.parametrize("document, path, message", REFUSED, ids=[f"{row[1]} {row[2]}" for row in REFUSED])
def test_what_does_not_fit_is_refused_with_its_place(
    association: EntityType, document: Document, path: str, message: str
) -> None:
    with pytest.raises(Refused) as refusal:
        to_graph(document, association, associations.IRI)
    assert [(p.path, p.message) for p in refusal.value.problems] == [(path, message)]


def test_all_that_does_not_fit_is_told_at_once(association: EntityType) -> None:
    with pytest.raises(Refused) as refusal:
        to_graph({"naam": 1, "korteNaam": 2, "x": 3}, association, associations.IRI)
    assert len(refusal.value.problems) == 3


def test_a_graph_never_takes_a_personal_value_nor_shows_it(association: EntityType) -> None:
    with pytest.raises(ValueError, match=r"vertegenwoordigers\[0\]\.insz is personal") as refusal:
        to_graph(an_association(association), association, associations.IRI)
    assert "85073003328" not in str(refusal.value)


def test_two_documents_with_the_same_content_in_another_order_are_equal_graphs(association: EntityType) -> None:
    document = parts(association)[0]
    turned = dict(reversed(document.items())) | {"locaties": document["locaties"][::-1]}
    graphs = [to_graph(d, association, associations.IRI) for d in (document, turned)]
    assert graphs[0].ntriples() == graphs[1].ntriples()
    assert isinstance(graphs[0], Graph)
