"""The real files of IPDC and LPDC against our shapes: which conform, and of which we say more than the official shape.

Where we say more, lpdc.md 4 does so too: the official shapes leave rules over several fields to code.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import Refused
from app.exchange.products.lpdc import document_of, documents_in, read_graph_of
from app.model.documents import number_nodes, to_graph
from app.model.graph import IRI, RdfFormat
from app.register.commands import Create
from app.register.handle import rehearse_all
from app.register.register import Register
from tests.register.builders import A_MANAGER

LPDC = Path(__file__).parents[3] / "shared/data/lpdc"
pytestmark = pytest.mark.skipif(not LPDC.is_dir(), reason="the real files of LPDC are not beside this checkout")
INSTANCES = "http://data.lblod.info/id/public-service/"
CODE = "00000000-0000-4000-8000-000000000001"

# Every concept that IPDC's feed gave conforms to the strict shape.
CONCEPTS = ["concept-from-ldes-stream.ttl", "concept-from-ldes-stream-2.ttl"]
# file, instance, paths of which we say more than the official shape
PUBLISHED = [
    ("instance-published-2.ttl", f"{INSTANCES}802171fa-b778-45a1-8be2-67b21de71248", set()),
    (
        "instance-published.ttl",
        f"{INSTANCES}45769c3c-0fa0-476e-b90e-0d5f1f49355a",
        {
            "contactgegevens[0].telefoonnummer",  # 111111111 is no number in Belgium
            "regelgeving[1].order",  # two of them are first
            "uitvoerendBestuursniveaus",  # none fits the executing authority
            "linkedConcept",  # of the test environment of IPDC, which is not ours
        },
    ),
]


@pytest.mark.parametrize("name", CONCEPTS)
def test_a_real_concept_conforms_and_is_taken_in(register: Register, name: str) -> None:
    graph = read_graph_of((LPDC / "concepts" / name).read_bytes(), RdfFormat.TURTLE)
    [(_, document)] = documents_in(graph, register.schema, "concept")
    type = register.schema.entity_types["concept"]
    iri = type.iri(CODE)
    numbered = to_graph(number_nodes(document, type, iri, None), type, iri)
    assert register.tools.checker_of("concept").check(numbered, iri) == ()
    [outcome] = rehearse_all([Create("concept", document, CODE)], A_MANAGER, register)
    assert not isinstance(outcome, Exception)


def test_texts_that_the_ipdc_generated_are_kept_under_a_valid_tag(register: Register) -> None:
    graph = read_graph_of((LPDC / "concepts" / CONCEPTS[0]).read_bytes(), RdfFormat.TURTLE)
    [(_, document)] = documents_in(graph, register.schema, "concept")
    assert {"nl", "en", "nl-be-x-gen-formal", "nl-be-x-gen-informal"} == set(document["naam"])


@pytest.mark.parametrize("name, iri, paths", PUBLISHED, ids=[row[0] for row in PUBLISHED])
def test_a_real_instance_conforms_but_for_what_the_official_shape_leaves_out(
    register: Register, name: str, iri: str, paths: set[str]
) -> None:
    graph = read_graph_of((LPDC / "instances" / name).read_bytes(), RdfFormat.TURTLE)
    document = document_of(graph, IRI(iri), register.schema, "product")
    [outcome] = rehearse_all([Create("product", document)], A_MANAGER, register)
    assert {problem.path for problem in getattr(outcome, "problems", ())} == paths


@pytest.mark.parametrize("suffix, format", [("ttl", RdfFormat.TURTLE), ("json", RdfFormat.JSON_LD)])
def test_turtle_and_json_of_one_instance_say_the_same(register: Register, suffix: str, format: RdfFormat) -> None:
    graph = read_graph_of((LPDC / f"instances/instance-published-2.{suffix}").read_bytes(), format)
    document = document_of(graph, IRI(PUBLISHED[0][1]), register.schema, "product")
    assert document["naam"] and document["aangemaaktDoor"]


def test_a_file_that_is_no_rdf_is_refused() -> None:
    with pytest.raises(Refused):
        read_graph_of(b"geen turtle", RdfFormat.TURTLE)
