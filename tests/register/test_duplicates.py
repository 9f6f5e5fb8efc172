"""Which names are of one association and which are not, and what the register does with the answer."""

from __future__ import annotations

import pytest

from app.errors import Conflict, PossibleDuplicates
from app.register.commands import (
    ChangeAssociation,
    RegisterAssociation,
    RemoveAssociation,
    StopAssociation,
)
from app.register.doubles.duplicates import compare
from app.register.doubles.names import normalise_name
from app.register.doubles.traits import Traits, from_summary, keys_of, lookups_of, to_summary, traits_of
from app.register.handle import handle_all
from app.register.register import Tools
from tests.register.builders import A_MANAGER, GENT, GODELIEVE, TODAY, Document, Make
from tests.register.conftest import Office

PLACES = ("Gent", "Mariakerke", "Gentbrugge", "Sint-Amandsberg")

NORMAL = [
    ("V.Z.W. De Scouts en Gidsen Sint-Jan", "scouts sint jan"),
    ("Scoutsgroep St Jan", "scouts sint jan"),
    ("K.L.J. Mariakerke", "klj"),
    ("Katholieke Landelijke Jeugd Gent", "klj"),
    ("Kon. Harmonie Ste-Cecilia (feitelijke vereniging)", "koninklijk harmonie sint cecilia"),
    ("Okra-trefpunt Sint-Amandsberg", "okra"),
    ("CHIROJEUGD 't Kapelleke", "chiro kapelleke"),
    ("Chiromeisjes 't Kapelleke", "chiromeisjes kapelleke"),
    ("Wielertoeristen De Trappers", "wielerclub trappers"),
    ("WTC de Trappers vzw", "wielerclub trappers"),
    ("Ouderkomitee De Regenboog", "ouderraad regenboog"),
    ("Turnlkring Olympia", "turnkring olympia"),
    ("TurnkringOlympia", "turnkring olympia"),
    ("Gent", "gent"),
    ("De VZW", "de vzw"),
]


@pytest.mark.parametrize("name, normal", NORMAL, ids=[name for name, _ in NORMAL])
def test_a_name_is_reduced_to_what_it_tells(name: str, normal: str) -> None:
    assert normalise_name(name, PLACES) == normal


def an_association(tools: Tools, naam: str, **values: object) -> Traits:
    place = tools.codelists.municipality("9000 Gent")
    document: Document = {"naam": naam, "locaties": [{"adres": {}}], **values}
    return traits_of(document, [place] * len(document["locaties"]), tools.codelists)


# Nothing but the names, in one municipality.
SAME_NAME = [
    ("De Eendracht", "Vzw De Eendracht"),
    ("Koninklijke Harmonie De Eendracht", "Harmonie De Eendracht Gent"),
    ("Harmonie De Eendracht", "HARMONIE DE EENDARCHT"),
    ("Toneelkring Kunst en Vermaak", "Toneelkring Kunst & Vermaak"),
    ("Sint-Sebastiaansgilde", "St.-Sebastiaansgilde"),
    ("KLJ Mariakerke", "Katholieke Landelijke Jeugd Mariakerke"),
    ("Fanfare De Vrede", "De Vrede (fanfare)"),
    ("Wandelclub De Lustige Stappers", "WSV De Lustige Stappers vzw"),
    ("KWB Gentbrugge", "Kristelijke werknemersbeweging KWB Gentbrugge"),
    ("Feestcomité Gentbrugge", "Feestkomitee Gentbruge"),
]
OTHER_NAME = [
    ("Harmonie De Eendracht", "Toneelkring De Eendracht"),
    ("Harmonie De Eendracht", "Harmonie De Vrede"),
    ("KLJ Mariakerke", "KLJ Gentbrugge"),
    ("KWB Mariakerke", "Femma Mariakerke"),
    ("Chirojongens Sint-Jan", "Chiromeisjes Sint-Jan"),
    ("Voetbalclub De Leeuw", "Volleybalclub De Leeuw"),
    ("Kaartclub De Linde", "Schaakclub De Linde"),
    ("Zaalvoetbalclub Titan 1", "Zaalvoetbalclub Titan 2"),
    ("Buurtcomité Kerkstraat", "Buurtcomité Molenstraat"),
    ("Sint-Jan", "Sint-Joris"),
    ("Huurdersvereniging De Wilg", "Huurdersvereniging De Uil"),
]


@pytest.mark.parametrize("one, other", SAME_NAME)
def test_names_of_the_same_association(tools: Tools, one: str, other: str) -> None:
    found = compare(an_association(tools, one), an_association(tools, other))
    assert found.possible, found
    assert found == compare(an_association(tools, other), an_association(tools, one))


@pytest.mark.parametrize("one, other", OTHER_NAME)
def test_names_of_different_associations(tools: Tools, one: str, other: str) -> None:
    assert not compare(an_association(tools, one), an_association(tools, other)).possible


@pytest.mark.parametrize("one, other", [*SAME_NAME, ("De Notenkraker", "De Notenkrakers"), ("Reinaert", "Renaert")])
def test_who_may_be_the_same_share_a_key(tools: Tools, one: str, other: str) -> None:
    assert keys_of(an_association(tools, one)) & lookups_of(an_association(tools, other))


REASONS: list[tuple[Document, tuple[str, ...]]] = [
    ({"naam": "De Notenkrakers"}, ("Zelfde naam op één letter na",)),
    ({"naam": "De Notenkraker"}, ("Zelfde naam",)),
    ({"naam": "Notenkraker-club", "contactgegevens": [{"email": "INFO@nootje.be"}]},
     ("Bijna dezelfde naam", "Zelfde e-mailadres")),
    ({"naam": "De Notenkraker", "contactgegevens": [{"telefoon": "+3292101010"}]},
     ("Zelfde naam", "Zelfde telefoonnummer")),
    ({"naam": "De Notenkraker", "locaties": [{"adres": {"straatnaam": "Dorp", "huisnummer": "1"}}]}, ("Zelfde naam",)),
    ({"naam": "De Notenkraker", "locaties": [{"adres": {"straatnaam": "KERKSTRAAT", "huisnummer": "1"}}]},
     ("Zelfde naam", "Zelfde straat en huisnummer")),
]  # fmt: skip


@pytest.mark.parametrize("other, reasons", REASONS)
def test_the_reasons_say_what_is_the_same(tools: Tools, other: Document, reasons: tuple[str, ...]) -> None:
    known = an_association(
        tools,
        "De Notenkraker",
        contactgegevens=[{"email": "info@nootje.be"}, {"telefoon": "+3292101010"}],
        locaties=[{"adres": {"straatnaam": "Kerkstraat", "huisnummer": "1"}}],
    )
    found = compare(known, an_association(tools, **other))
    assert (found.possible, found.reasons) == (True, reasons)


def test_a_kbo_number_settles_it(tools: Tools) -> None:
    one = an_association(tools, "De Kring", kboNummer="0403170701")
    assert compare(one, an_association(tools, "Iets anders", kboNummer="0403170701")).reasons == ("Zelfde KBO-nummer",)
    assert not compare(one, an_association(tools, "De Kring", kboNummer="0417199869")).possible


def test_a_summary_gives_the_traits_back(tools: Tools) -> None:
    traits = an_association(tools, "Harmonie De Eendracht Gent", kboNummer="0403170701")
    assert from_summary(to_summary(traits, {"herkomst": "x"})) == (traits, {"herkomst": "x"})


def test_a_possible_double_is_put_before_somebody(office: Office, make: Make) -> None:
    known = office.do(RegisterAssociation(make.minimal(locaties=[make.location()]))).code
    other = make.minimal(naam="De Houten Kleppel", locaties=[make.location("Markt", "5")])
    with pytest.raises(PossibleDuplicates) as refused:
        office.do(RegisterAssociation(other))
    assert refused.value.candidates == ((known, ("Zelfde naam op één letter na",)),)
    assert office.log.head() == 1
    assert office.do(RegisterAssociation(other, confirmed_not=(known,))).code == "V0001002"


def test_a_double_is_found_without_an_address(office: Office, make: Make) -> None:
    office.do(RegisterAssociation(make.minimal(locaties=[make.location()])))
    with pytest.raises(PossibleDuplicates):
        office.do(RegisterAssociation(make.minimal(korteBeschrijving="zonder adres")))


def test_a_double_is_found_by_its_contact_in_another_municipality(office: Office, make: Make) -> None:
    contacts = [{"email": "info@klepel.be"}, {"website": "https://klepel.be"}]
    office.do(RegisterAssociation(make.minimal(contactgegevens=contacts, locaties=[make.location()])))
    moved = make.location(postcode="9880", gemeente="Aalter")
    with pytest.raises(PossibleDuplicates):
        office.do(RegisterAssociation(make.minimal(contactgegevens=contacts, locaties=[moved])), A_MANAGER)


def test_the_same_name_elsewhere_is_another_association(office: Office, make: Make) -> None:
    office.do(RegisterAssociation(make.minimal(locaties=[make.location()])))
    elsewhere = make.location(postcode="9880", gemeente="Aalter")
    assert office.do(RegisterAssociation(make.minimal(locaties=[elsewhere])), A_MANAGER).code == "V0001002"


def test_who_stopped_or_went_is_nobody_s_double(office: Office, make: Make) -> None:
    first = office.do(RegisterAssociation(make.minimal())).code
    office.do(StopAssociation(first, TODAY))
    second = office.do(RegisterAssociation(make.minimal(korteBeschrijving="nieuw begin"))).code
    office.do(RemoveAssociation(second, "vergissing"))
    office.do(RegisterAssociation(make.minimal(korteBeschrijving="nog eens")))


def test_a_double_within_one_list_is_seen(office: Office, make: Make) -> None:
    names = ("De Houten Klepel", "Onder Ons", "de houten klepel vzw")
    commands = [RegisterAssociation(make.minimal(naam=name)) for name in names]
    first, second, third = handle_all(commands, GENT, office.register)
    assert (getattr(first, "code", ""), getattr(second, "code", "")) == ("V0001001", "V0001002")
    assert isinstance(third, PossibleDuplicates)
    assert third.candidates[0][0] == "V0001001"


def test_one_person_may_represent_two_associations(office: Office, make: Make) -> None:
    office.do(RegisterAssociation(make.minimal(vertegenwoordigers=[GODELIEVE])))
    office.do(RegisterAssociation(make.minimal(naam="Hengelclub De Snoek", vertegenwoordigers=[GODELIEVE])))


def test_a_kbo_number_cannot_be_taken_by_saying_it_is_another(office: Office, make: Make) -> None:
    known = office.do(RegisterAssociation(make.full())).code
    with pytest.raises(Conflict):
        office.do(RegisterAssociation(make.full(naam="Een andere harmonie"), confirmed_not=(known,)))


def test_the_same_document_again_is_another_one_when_somebody_says_so(office: Office, make: Make) -> None:
    known = office.do(RegisterAssociation(make.minimal())).code
    assert office.do(RegisterAssociation(make.minimal(), confirmed_not=(known,))).code == "V0001002"


def test_a_change_keeps_the_double_findable(office: Office, make: Make) -> None:
    known = office.do(RegisterAssociation(make.minimal())).code
    office.do(ChangeAssociation(known, {"naam": "Reuzengilde Reinaert"}))
    with pytest.raises(PossibleDuplicates):
        office.do(RegisterAssociation(make.minimal(naam="Reuzengilde Reinaert vzw")))
    office.do(RegisterAssociation(make.minimal(korteBeschrijving="de naam is vrij")))
