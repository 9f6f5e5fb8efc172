"""Our code lists beside those of the product catalogue of Flanders: the same members, codes and names."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.model.codelists import CodeLists, load_codelists
from app.model.graph import IRI, Graph, Literal, parse_graph
from app.model.terms import RDF, SKOS, Namespace

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared/data"
TIME = Namespace("http://www.w3.org/2006/time#")
OFFICIAL = {
    "bevoegd-bestuursniveau": ("bevoegdbestuursniveau", 5),
    "uitvoerend-bestuursniveau": ("uitvoerendbestuursniveau", 6),
    "concept-tag": ("concepttag", 2),
    "instantie-tag": ("instantietag", 0),
    "doelgroep": ("doelgroep", 6),
    "thema": ("thema", 8),
    "type": ("producttype", 7),
    "publicatie-kanaal": ("publicatiekanaal", 1),
    "your-europe-categorie": ("youreuropecategorie", 133),
    "geografisch-toepassingsgebied": ("toepassingsgebied", 332),
}
# Real products have the Flemish Region, though the official list has not.
BESIDES = {"http://data.europa.eu/nuts/code/BE2"}


@pytest.fixture(scope="module")
def codelists() -> CodeLists:
    return load_codelists(ROOT)


@pytest.mark.parametrize("key, size", OFFICIAL.values(), ids=OFFICIAL)
def test_a_list_has_as_many_members_as_the_official_one(codelists: CodeLists, key: str, size: int) -> None:
    members = {concept.iri for concept in codelists.scheme(key).concepts} - BESIDES
    assert len(members) == size


@pytest.mark.skipif(not SHARED.is_dir(), reason="the official lists are not beside this checkout")
@pytest.mark.parametrize("name", OFFICIAL)
def test_a_list_says_what_the_official_one_says(codelists: CodeLists, name: str) -> None:
    official = parse_graph((SHARED / f"lpdc/official/codelijsten/{name}.ttl").read_bytes())
    scheme = next(s for s in official.subjects() if SKOS.ConceptScheme in official.objects(s, RDF.type))
    key, _ = OFFICIAL[name]
    ours = {concept.iri: concept for concept in codelists.scheme(key).concepts}
    members = [s for s in official.subjects() if isinstance(s, IRI) and scheme in official.objects(s, SKOS.inScheme)]
    assert codelists.scheme(key).iri == scheme.value
    assert {member.value for member in members} == ours.keys() - BESIDES
    for member in members:
        concept = ours[member.value]
        assert concept.label == dutch(official, member)
        assert concept.deprecated == (official.value(member, TIME.hasEnd) is not None)
        if code := official.value(member, SKOS.notation):
            assert concept.notation == code.value


def test_your_europe_has_24_domains_and_109_categories_within(codelists: CodeLists) -> None:
    concepts = codelists.scheme("youreuropecategorie").concepts
    assert sum(concept.broader is None for concept in concepts) == 24


def test_an_organisation_is_known_by_each_of_its_iris(codelists: CodeLists) -> None:
    ghent = codelists.organisations.get("https://data.vlaanderen.be/id/organisatie/OVO002067")
    assert ghent is not None and (ghent.name, ghent.nis, ghent.level) == ("Gemeente Gent", "44021", "Lokaal")
    assert codelists.organisations.get(ghent.iri) == ghent
    assert len(codelists.organisations.of_municipality("44021")) > 3


def test_a_municipality_that_merged_is_no_longer_active(codelists: CodeLists) -> None:
    lists = [codelists.organisations.get(concept.iri) for concept in codelists.scheme("organisatie").concepts]
    ended = [one for one in lists if one and not one.active]
    assert len(ended) > 30
    assert any(one.replaced_by for one in ended)


def dutch(graph: Graph, node: IRI) -> str:
    labels = [label for label in graph.objects(node, SKOS.prefLabel) if isinstance(label, Literal)]
    return next((label.value for label in labels if label.language in (None, "nl")), "")
