"""What the writing help says of sentences as they stand on product pages."""

from __future__ import annotations

import pytest

from app.model.plain_language import PlainLanguage, load_plain_language, syllables
from tests.register.builders import ROOT

LONG = " ".join(["woord"] * 21) + "."


@pytest.fixture(scope="module")
def help() -> PlainLanguage:
    return load_plain_language(ROOT)


SAID = [
    ("Vul het formulier in.", []),
    (LONG, ["lang"]),
    (f"<ul><li>{' '.join(['woord'] * 15)}</li><li>{' '.join(['woord'] * 15)}</li></ul>", []),
    ("De aanvraag wordt door ons behandeld.", ["lijdend"]),
    ("De zaal werd vorig jaar vernieuwd.", ["lijdend"]),
    ("Je wordt lid.", []),
    ("Neem contact op met het OCMW.", ["afkorting"]),
    ("Het openbaar centrum voor maatschappelijk welzijn (OCMW) helpt. Het OCMW is open.", []),
    ("Het OCMW (openbaar centrum voor maatschappelijk welzijn) helpt.", []),
    ("U betaalt btw; de BTW is 21 %.", []),
    ("Doe dit teneinde te slagen.", ["woord"]),
    ("Info i.v.m. uw aanvraag.", ["woord"]),
    ("Het alleen-zijn en de indiening.", []),
    (" ".join(["Kort stuk tekst."] * 40), ["alinea"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "kinds"), SAID)
def test_what_makes_it_hard_is_said(help: PlainLanguage, text: str, kinds: list[str]) -> None:
    assert [hint.kind for hint in help.hints(text)] == kinds


def test_a_hint_says_what_to_do_and_about_which_words(help: PlainLanguage) -> None:
    [hint] = help.hints("<p>Doe dit <strong>teneinde</strong> te slagen.</p>")
    assert (hint.advice, hint.quote) == ("Makkelijker: om.", "teneinde")


COUNTED = {"uw": 1, "vereniging": 4, "financiële": 5, "idee": 2, "aanvragen": 3, "leeuw": 1, "nieuws": 1, "b": 1}


@pytest.mark.parametrize(("word", "count"), COUNTED.items())
def test_syllables_are_counted_as_they_sound(word: str, count: int) -> None:
    assert syllables(word) == count


HARD = "Verenigingsondersteunende beleidsmaatregelen veronderstellen verantwoordingsverplichtingen. "


def test_short_words_read_better_than_long_ones(help: PlainLanguage) -> None:
    easy, hard = help.level(["De zaal is groot. U kunt er met veel zijn. "] * 4), help.level([HARD * 8])
    assert easy and hard and easy.index > 70 > 30 > hard.index
    assert (easy.label, hard.label) == ("vlot leesbaar", "zeer moeilijk")
    assert help.level(["Te kort."]) is None
