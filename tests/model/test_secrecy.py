"""Who sees what: the parts of a document are disjoint, and together the whole."""

from __future__ import annotations

from typing import Any

import pytest

from app.model.documents import join, split, to_document, to_graph
from app.model.schema import EntityType
from tests.model import associations
from tests.model.associations import an_association

PERSONAL = [
    "85073003328",  # INSZ
    "Voorbeeld",  # family name
    "an@thuis.voorbeeld.be",
    "+32471234567",
    "BE68539007547034",
    "Bedachtlaan",  # home address
    "an.voorbeeld@eendracht.voorbeeld.be",
]
INTERNAL = ["voorzitter", "Werking", "zichtbaarInLoket", "hoogsteVolgnummer", "vertegenwoordigers"]
PUBLIC = ["Koninklijke Harmonie De Eendracht", "9050", "Gentbrugge (Gent)", "+3291234567", "Verzonnenstraat"]


@pytest.mark.parametrize("secret", [*PERSONAL, *INTERNAL])
def test_the_public_part_does_not_have(association: EntityType, secret: str) -> None:
    public, _, _ = split(an_association(association), association)
    assert secret not in str(public)


@pytest.mark.parametrize("secret", PERSONAL)
def test_the_internal_part_does_not_have(association: EntityType, secret: str) -> None:
    _, internal, personal = split(an_association(association), association)
    assert secret not in str(internal)
    assert secret in str(personal)


@pytest.mark.parametrize("shown", PUBLIC)
def test_the_public_part_has(association: EntityType, shown: str) -> None:
    public, internal, _ = split(an_association(association), association)
    assert shown in str(public)
    assert shown not in str(internal)


@pytest.mark.parametrize("known", INTERNAL)
def test_the_internal_part_has(association: EntityType, known: str) -> None:
    _, internal, _ = split(an_association(association), association)
    assert known in str(internal)


def test_the_parts_together_are_the_document(association: EntityType) -> None:
    document = an_association(association)
    public, internal, personal = split(document, association)
    graph = to_graph(public, association, associations.IRI) | to_graph(internal, association, associations.IRI)
    whole = join(to_document(graph, association, associations.IRI), personal)
    assert without_types(whole) == without_types(document)


def without_types(value: Any) -> Any:
    if isinstance(value, list):
        return sorted((without_types(item) for item in value), key=str)
    if not isinstance(value, dict):
        return value
    return {key: without_types(value[key]) for key in sorted(value) if key != "@type"}


def test_no_statement_is_in_both_parts(association: EntityType) -> None:
    public, internal, _ = split(an_association(association), association)
    seen = set(to_graph(public, association, associations.IRI))
    assert seen & set(to_graph(internal, association, associations.IRI)) == set()


def test_a_home_address_shows_only_postcode_municipality_and_country(association: EntityType) -> None:
    public, _, personal = split(an_association(association), association)
    home = public["locaties"][1]["adres"]
    assert set(home) - {"@id"} == {"postcode", "gemeente", "land"}
    assert set(personal[home["@id"]]) == {"straatnaam", "huisnummer", "adresvoorstelling"}


def test_a_personal_contact_detail_is_not_even_there_for_the_public(association: EntityType) -> None:
    public, internal, personal = split(an_association(association), association)
    assert len(public["contactgegevens"]) == 4
    hidden = next(node for node in internal["contactgegevens"] if node.get("isPersoonlijk"))
    assert set(personal[hidden["@id"]]) == {"email"}


def test_erased_values_leave_the_rest_whole(association: EntityType) -> None:
    public, internal, personal = split(an_association(association), association)
    graph = to_graph(public, association, associations.IRI) | to_graph(internal, association, associations.IRI)
    left = {node: values for node, values in personal.items() if "vertegenwoordiger" not in node}
    person = join(to_document(graph, association, associations.IRI), left)["vertegenwoordigers"][0]
    assert person["rol"] == "voorzitter"
    assert "insz" not in person


def test_an_empty_personal_value_is_not_kept(association: EntityType) -> None:
    node = {"@id": f"{associations.IRI}#vertegenwoordiger-1", "insz": "", "email": None, "rol": "lid"}
    _, _, personal = split({"@id": associations.IRI, "vertegenwoordigers": [node]}, association)
    assert personal == {}
