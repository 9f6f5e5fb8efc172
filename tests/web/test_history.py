"""The history of an association: when, who, what, and no more than everybody may know."""

from __future__ import annotations

import pytest

from app.model.terms import VL
from tests.web.conftest import HARMONY, REMOVED, Ask, asking
from tests.web.world import GHENT_UNIT, World


def test_every_version_tells_when_who_and_what(ask: Ask, world: World) -> None:
    document = ask(f"/doc/vereniging/{HARMONY}/historiek").json()
    assert document["@id"] == world.iri(HARMONY)
    first, second = document["versies"]
    assert (first["versie"], second["versie"]) == (1, 2)
    assert first["@id"] == f"{world.iri(HARMONY)}/versie/1"
    assert first["tijdstip"] < second["tijdstip"]
    assert first["activiteit"]["door"] == {
        "@id": GHENT_UNIT, "@type": "Organisatie", "organisatienaam": "Gemeente Gent",
    }  # fmt: skip
    assert first["activiteit"]["@type"] == ["Activiteit", VL.VerenigingGeregistreerd.value]


def test_the_page_shows_the_newest_first_with_a_link_to_each_version(ask: Ask) -> None:
    page = ask(f"/doc/vereniging/{HARMONY}/historiek", accept="text/html").text
    assert page.index("?versie=2") < page.index("?versie=1")
    assert "Gemeente Gent" in page and "1 maart 2026" in page


def test_of_what_was_removed_the_end_is_told_but_not_the_content(ask: Ask, world: World) -> None:
    document = ask(f"/doc/vereniging/{REMOVED}/historiek").json()
    assert len(document["versies"]) == 2
    assert document["vervangenDoor"] == world.iri(HARMONY)
    assert "?versie=" not in ask(f"/doc/vereniging/{REMOVED}/historiek", accept="text/html").text


def test_a_person_who_did_something_is_not_named(empty_world: World) -> None:
    empty_world.put(HARMONY, {"naam": "De Club"}, actor="https://loket.test/id/persoon/jan", reason="Jan vroeg het")
    answer = asking(empty_world)(f"/doc/vereniging/{HARMONY}/historiek").text
    assert "jan" not in answer.lower()


def test_a_reason_shows_only_where_the_vocabulary_says_it_is_public(empty_world: World) -> None:
    empty_world.put(HARMONY, {"naam": "De Club"}, reason="Op vraag van de gemeente")
    ask, path = asking(empty_world), f"/doc/vereniging/{HARMONY}/historiek"
    assert "reden" not in ask(path).json()["versies"][0]["activiteit"]
    vocabulary = empty_world.service.schema.vocabulary
    vocabulary.set(VL.VerenigingGeregistreerd, VL.redenIs, VL.publiek)
    assert ask(path).json()["versies"][0]["activiteit"]["reden"] == "Op vraag van de gemeente"


def test_versions_that_were_not_public_stay_unknown(empty_world: World) -> None:
    empty_world.put(HARMONY, {"naam": "Eerst verborgen"}, visible=False)
    empty_world.put(HARMONY, {"naam": "De Club"})
    document = asking(empty_world)(f"/doc/vereniging/{HARMONY}/historiek").json()
    assert [step["versie"] for step in document["versies"]] == [2]


def test_hiding_hides_the_history_too(empty_world: World) -> None:
    empty_world.put(HARMONY, {"naam": "De Club"})
    empty_world.put(HARMONY, {"naam": "De Club"}, visible=False)
    ask = asking(empty_world)
    for path in ("", "?versie=1", "/historiek", ".ttl"):
        assert ask(f"/doc/vereniging/{HARMONY}{path}").status_code == 404


def test_what_was_removed_before_anybody_could_see_it_was_never_there(empty_world: World) -> None:
    empty_world.put(HARMONY, {"naam": "Nooit gezien"}, visible=False)
    empty_world.put(HARMONY, None)
    ask = asking(empty_world)
    assert ask(f"/doc/vereniging/{HARMONY}").status_code == 404
    assert ask(f"/doc/vereniging/{HARMONY}/historiek").status_code == 404


@pytest.mark.parametrize("suffix", ["ttl", "nt", "trig", "rdf", "jsonld", "html"])
def test_the_history_exists_in_every_format(ask: Ask, suffix: str) -> None:
    answer = ask(f"/doc/vereniging/{HARMONY}/historiek.{suffix}")
    assert answer.status_code == 200
    assert 'rel="canonical"' in answer.headers["link"]


def test_time_travellers_get_a_time_map(ask: Ask) -> None:
    answer = ask(f"/doc/vereniging/{HARMONY}/historiek.link")
    assert answer.headers["content-type"] == "application/link-format"
    assert answer.text.count('rel="memento"; datetime="Sun, 01 Mar 2026') == 2
    assert 'rel="original timegate"' in answer.text
