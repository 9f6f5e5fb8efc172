"""From u to je and back: sentences as people write them on product pages, and where the aid is not sure."""

from __future__ import annotations

import pytest

from app.model.address_form import Aid, load_aid
from tests.register.builders import ROOT


@pytest.fixture(scope="module")
def aid() -> Aid:
    return load_aid(ROOT)


BOTH_WAYS = [
    ("U vraagt dit aan.", "Je vraagt dit aan."),
    ("U hebt recht op steun.", "Je hebt recht op steun."),
    ("U bent lid.", "Je bent lid."),
    ("U kunt dit online regelen.", "Je kunt dit online regelen."),
    ("Als u lid bent, krijgt u korting.", "Als je lid bent, krijg je korting."),
    ("Daarna ontvangt u een bericht.", "Daarna ontvang je een bericht."),
    ("Hebt u vragen?", "Heb je vragen?"),
    ("Wilt u meer weten?", "Wil je meer weten?"),
    ("Bent u erkend, dan kunt u materiaal lenen.", "Ben je erkend, dan kun je materiaal lenen."),
    ("Waar moet u zijn?", "Waar moet je zijn?"),
    ("Hier vindt u het formulier.", "Hier vind je het formulier."),
    ("Dan wordt u lid.", "Dan word je lid."),
    ("Zo gaat u te werk.", "Zo ga je te werk."),
    ("Wat doet u daarna?", "Wat doe je daarna?"),
    ("Dank u wel.", "Dank je wel."),
    ("<p>Hebt u <strong>vragen</strong>?</p><ul><li>U belt ons.</li></ul>",
     "<p>Heb je <strong>vragen</strong>?</p><ul><li>Je belt ons.</li></ul>"),
]  # fmt: skip


@pytest.mark.parametrize(("u", "je"), BOTH_WAYS)
def test_what_goes_both_ways(aid: Aid, u: str, je: str) -> None:
    assert aid.to_je(u).text == je
    assert aid.to_u(je).text == u


TO_JE = [
    ("U heeft een erkenning.", "Je hebt een erkenning."),
    ("Heeft u een erkenning?", "Heb je een erkenning?"),
    ("Neem uw kaart mee.", "Neem je kaart mee."),
    ("Uw vereniging vraagt dit aan.", "Je vereniging vraagt dit aan."),
    ("Dit is voor u.", "Dit is voor jou."),
    ("Het loket dat bij u past.", "Het loket dat bij jou past."),
    ("Vul dit in voor u begint.", "Vul dit in voor je begint."),
    ("De gemeente helpt u verder.", "De gemeente helpt je verder."),
    ("We sturen u een brief.", "We sturen je een brief."),
    ("Wij kunnen u ook bellen.", "Wij kunnen je ook bellen."),
    ("Doe het voor uzelf.", "Doe het voor jezelf."),
    ("Laat het a.u.b. weten.", "Laat het alsjeblieft weten."),
    ("Dat geeft u het recht om te stemmen.", "Dat geeft je het recht om te stemmen."),
]


@pytest.mark.parametrize(("u", "je"), TO_JE)
def test_what_says_u_says_je(aid: Aid, u: str, je: str) -> None:
    assert aid.to_je(u).text == je


TO_U = [
    ("Neem jouw kaart mee.", "Neem uw kaart mee."),
    ("Dit is voor jou.", "Dit is voor u."),
    ("Jij beslist.", "U beslist."),
    ("Vraag je dit aan?", "Vraagt u dit aan?"),
    ("Kan je niet komen?", "Kan u niet komen?"),
]


@pytest.mark.parametrize(("je", "u"), TO_U)
def test_what_says_je_says_u(aid: Aid, je: str, u: str) -> None:
    assert aid.to_u(je).text == u


LEFT_ALONE = [
    "Open van 9 u tot 12 u.",
    "Mail naar u@gent.be of kijk op https://gent.be/u/uw-loket.",
    '<a href="https://gent.be/?q=u">Hier</a>',
    "De universiteit nuttigt lunch.",
    "&nbsp;Dag",
    "",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_not_about_the_reader_stays(aid: Aid, text: str) -> None:
    assert (aid.to_je(text).text, aid.to_je(text).doubts) == (text, ())


DOUBTS = [
    ("U moet zich inschrijven.", "zich"),
    ("Gelieve dit in te vullen.", "Gelieve"),
    ("Vraagt u dit aan aan de balie.", "opdracht"),
    ("Het formulier vindt u op de site.", "Wie doet wat"),
    ("Vervolgens archiveert u de stukken.", "staat niet in de lijst"),
]


@pytest.mark.parametrize(("text", "about"), DOUBTS)
def test_where_it_is_not_sure_it_says_so(aid: Aid, text: str, about: str) -> None:
    assert about in " ".join(aid.to_je(text).doubts)


def test_from_je_whose_it_is_is_a_doubt(aid: Aid) -> None:
    found = aid.to_u("Neem je kaart mee.")
    assert (found.text, len(found.doubts)) == ("Neem uw kaart mee.", 1)
