"""From a command to the register to what everybody sees of it."""

from __future__ import annotations

from app.register.agents import MUNICIPALITY, Agent
from app.register.commands import (
    ChangeAssociation,
    Command,
    HideAssociation,
    RegisterAssociation,
    RemoveAssociation,
    StopAssociation,
)
from app.register.handle import handle
from app.web.service import Service
from tests.web.conftest import asking
from tests.web.world import GHENT_UNIT, World, harmony

GHENT = Agent(GHENT_UNIT, "Stad Gent", MUNICIPALITY, "44021")


def do(world: World, command: Command, reason: str = "") -> str:
    code = handle(command, GHENT, world.service.register, reason).code
    world.follow()
    return code


def a_document(world: World) -> dict[str, object]:
    derived = ("gemeente", "status", "zichtbaarInLoket")
    people = [{"insz": "85010100115", "voornaam": "Godelieve", "achternaam": "Verzonnen", "isPrimair": True}]
    full = {term: value for term, value in harmony(world).items() if term not in derived}
    return {**full, "zichtbaarInLoket": True, "vertegenwoordigers": people}


def test_what_is_registered_can_be_seen_followed_and_found(empty_world: World) -> None:
    ask, service = asking(empty_world), empty_world.service
    code = do(empty_world, RegisterAssociation(a_document(empty_world)))
    assert code == "V0001001"
    document = ask(f"/doc/vereniging/{code}").json()
    assert document["naam"] == "Koninklijke Harmonie De Ware Vrienden"
    assert [one["naam"] for one in document["gemeente"]] == ["Gent"]
    assert f'href="/doc/vereniging/{code}"' in ask("/verenigingen?gemeente=Gent").text
    assert code in ask("/ldes/verenigingen/gemeente/44021/1").text
    assert_nothing_personal(service, ask(f"/doc/vereniging/{code}.nt").text + ask("/ldes/verenigingen/1").text)


def assert_nothing_personal(service: Service, text: str) -> None:
    assert "Dorpsstraat" in text
    assert not [secret for secret in ("85010100115", "Godelieve", "Verzonnen", "Geheimlaan") if secret in text]


def test_each_step_of_its_life_shows(empty_world: World) -> None:
    ask = asking(empty_world)
    document = {**a_document(empty_world), "verenigingstype": empty_world.concept("verenigingstype", "VZER")}
    del document["kboNummer"]
    code = do(empty_world, RegisterAssociation(document))
    page = f"/doc/vereniging/{code}"
    do(empty_world, ChangeAssociation(code, {"korteNaam": "DWV"}))
    assert ask(page).json()["korteNaam"] == "DWV"
    do(empty_world, StopAssociation(code, on=empty_world.service.clock().date()))
    assert ask(page).json()["status"]["naam"] == "Gestopt"
    steps = [step["activiteit"]["wat"] for step in ask(f"{page}/historiek").json()["versies"]]
    assert steps == ["Vereniging geregistreerd", "Vereniging gewijzigd", "Vereniging gestopt"]
    other = do(empty_world, RegisterAssociation(document, confirmed_not=(code,)))
    do(empty_world, RemoveAssociation(code, "Gevraagd door Jan Peeters", replaced_by=other))
    gone = ask(page)
    assert gone.status_code == 410
    assert gone.json()["dct:isReplacedBy"] == {"@id": empty_world.iri(other)}
    assert "Peeters" not in ask(f"{page}/historiek").text
    do(empty_world, HideAssociation(other))
    assert ask(f"/doc/vereniging/{other}").status_code == 404
