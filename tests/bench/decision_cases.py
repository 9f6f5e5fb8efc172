"""Decisions as municipalities word them, with the associations that they are about: a second labelled list.

    register, codes = ...; for case in cases(): case.title, case.article, case.about

Made otherwise than `fixtures/besluiten/verbanden.toml`, on which the rules of `decisions.links` were written:
the turns of phrase of meeting software (a file number in front, the subject after a full stop, the applicant before
what is asked), invented names that are alike, and bodies that are called an association and are none. It is here to
measure: no rule, word or threshold may be fitted to it. Its first run (16 of 160 tied, 3 wrong questions) showed that
names stand anywhere in a title; the rules look there since, and nothing was changed after the second run.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import NamedTuple

SEED = 2607
HOME, POSTCODE = "Zottegem", "9620"
# Key, name, and the ways in which a clerk writes it.
ASSOCIATIONS: dict[str, tuple[str, ...]] = {
    "harmonie": ("Koninklijke Harmonie De Egmontzonen", "Kon. Harmonie De Egmontzonen", "harmonie de Egmontzonen"),
    "toneel_egmont": ("Toneelkring De Egmontzonen", "toneelkring 'De Egmontzonen'", "Toneelkring de Egmontzonen vzw"),
    "ksa": ("KSA Velzeke Steenklopper", "KSA Steenklopper", "K.S.A. Velzeke Steenklopper"),
    "chiro_meisjes": ("Meisjeschiro Sprinkel", "meisjeschiro Sprinkel", "Meisjeschiro Sprinkel vzw"),
    "chiro_jongens": ("Jongenschiro Sprinkel", "Jongenschiro Sprinkel", "Jongenschiro Sprinkel vzw"),
    "wielerclub": ("WTC De Kasseivreters", "wielertoeristenclub De Kasseivreters", "vzw WTC De Kasseivreters"),
    "petanque": ("Petanqueclub 't Bolleke", "petanqueclub 't Bolleke", "PC 't Bolleke"),
    "voetbal": ("KFC Olsa Godveerdegem", "K.F.C. Olsa Godveerdegem", "KFC Olsa"),
    "heem": ("Heemkring Ter Zwalm", "heemkring Ter Zwalm", "Heemkundige kring Ter Zwalm"),
    "natuur": ("Natuurvereniging De Leebeek", "natuurvereniging De Leebeek", "vzw De Leebeek"),
    "zang": ("Zangkoor Cantilene", "koor Cantilene", "Gemengd zangkoor Cantilene"),
    "judo": ("Judoclub Ronin Strijpen", "judoclub Ronin", "vzw Judoclub Ronin Strijpen"),
    "okra": ("Okra Leeuwergem", "OKRA Leeuwergem", "OKRA-trefpunt Leeuwergem"),
    "femma": ("Femma Leeuwergem", "Femma Leeuwergem", "Femma-groep Leeuwergem"),
    "scouts": ("Scouts en Gidsen De Reigers", "scouts De Reigers", "Scoutsgroep De Reigers"),
    "badminton": ("Badmintonclub Pluimstorm", "BC Pluimstorm", "badmintonclub Pluimstorm vzw"),
}
ABOUT_ONE = (
    "2026_CBS_00{n} - Toekenning werkingssubsidie 2026 - {name} - Goedkeuring",
    "2026_CBS_00{n} - {name} - aanvraag projectsubsidie: beslissing",
    "Financiën. Toelage {name}. Goedkeuring.",
    "Cultuur. Ondersteuning {name} n.a.v. het 50-jarig bestaan. Beslissing.",
    "{name}. Aanvraag erkenning als Zottegemse vereniging. Goedkeuring.",
    "Jeugd - erkenning {name} - werkjaar 2026-2027",
    "Goedkeuring gebruiksovereenkomst jeugdlokaal Bevegem tussen de stad en {name}",
    "Evenementen: rommelmarkt georganiseerd door {name} op 12 april. Toelating.",
    "Sport. Investeringssubsidie ten gunste van {name}: vaststelling en uitbetaling",
    "Aanvraag van {name} voor het gratis gebruik van de sporthal",
    "Aktename: stopzetting werking {name} en intrekking erkenning",
    "Uitbetaling subsidie kampvervoer aan {name}",
)
IN_AN_ARTICLE = (
    (
        "Verdeling subsidies sport 2026. Goedkeuring.",
        "Artikel 1: aan {name} wordt {n},00 euro toegekend.",
    ),
    ("Subsidieaanvragen september", "Het college keurt de aanvraag van {name} goed voor een bedrag van {n} euro."),
    ("Tussenkomst kadervorming", "Enig artikel. De tussenkomst van {n} euro wordt gestort op de rekening van {name}."),
    ("Huur lokalen: vrijstelling", "Er wordt vrijstelling van retributie verleend aan vzw {name} voor {n} uren."),
)
LISTS = "Begunstigden: {name} - {n},00 EUR; {other} - 450,00 EUR"
# Associations in name only, and names that another municipality's or no registered association has.
ABOUT_NONE = (
    "SOLVA - dienstverlenende vereniging: buitengewone algemene vergadering. Aanduiding vertegenwoordiger.",
    "Intercommunale vereniging ILvA. Algemene vergadering van 15 juni. Goedkeuring agenda en vaststelling mandaat.",
    "Farys ov (opdrachthoudende vereniging) - jaarvergadering - agenda",
    "Toelage aan de opdrachthoudende vereniging voor afvalbeheer ILvA",
    "Welzijnsvereniging Zorgband: goedkeuring statutenwijziging",
    "Subsidie aan de projectvereniging Erfgoed Viersprong. Goedkeuring.",
    "Werkingstoelage aan AGB Zottegem 2026",
    "Erkenning van de OCMW-vereniging Audio als aankoopcentrale",
    "Toelage aan de hulpverleningszone Vlaamse Ardennen",
    "Kerkfabriek Sint-Martinus Velzeke: budgetwijziging. Advies.",
    "Samenwerkingsovereenkomst met VVSG vzw inzake opleidingen",
    "Overeenkomst met Fluvius voor openbare verlichting Ter Zwalmstraat",
    "Vaststelling straatnaam Cantilenestraat",
    "Toelage aan de harmonie De Egmontvrienden voor een concertreis",
    "Erkenning van Chiro Sprankel als jeugdvereniging",
    "Subsidie aan KFC Olsa Brakel",
    "Toekenning werkingssubsidie 2026 - Judoclub Samoerai - Goedkeuring",
    "Uitbetaling subsidie kampvervoer aan Scouts De Bevers",
    "Toelage Okra Velzeke. Goedkeuring.",
    "Femma Strijpen: aanvraag projectsubsidie",
    "Subsidiereglement sportverenigingen: aanpassing. Goedkeuring.",
    "Erkenningsreglement Zottegemse verenigingen. Vaststelling.",
    "Sportraad: aktename verslag. Vraag van de wielerclubs.",
    "Toelage aan de jeugdraad en de seniorenraad 2026",
    "Aanstelling leerkracht harmonie academie voor muziek",
    "Aankoop toneelgordijn cultuurcentrum. Gunning aan bv Decorum.",
    "Verhuur badmintonvelden sporthal Bevegem: tarieven",
    "Concessieovereenkomst met cafetaria Het Bolleke bv",
    "Natuur. Beheer van de Leebeek: onderhoud waterlopen tweede categorie.",
    "Erkenning van een rampgebied: aktename",
)


class Case(NamedTuple):
    """One decision: its title, its article if it has one, and the keys of the associations that it is about."""

    title: str
    article: str
    about: frozenset[str]


def cases(seed: int = SEED) -> Iterator[Case]:
    """Every association in several turns of phrase, and what is about none."""
    random = Random(seed)
    for key, template in product(ASSOCIATIONS, random.sample(ABOUT_ONE, 6)):
        yield Case(_said(template, key, random), "", frozenset({key}))
    for key, (title, article) in product(ASSOCIATIONS, random.sample(IN_AN_ARTICLE, 2)):
        yield Case(title, _said(article, key, random), frozenset({key}))
    for key in ASSOCIATIONS:
        other = random.choice([each for each in ASSOCIATIONS if each != key])
        text = LISTS.format(name=ASSOCIATIONS[key][0], other=ASSOCIATIONS[other][0], n=random.randint(100, 900))
        yield Case("Werkingssubsidies 2026: verdeling", text, frozenset({key, other}))
    for title in ABOUT_NONE:
        yield Case(title, "", frozenset())


def _said(template: str, key: str, random: Random) -> str:
    return template.format(name=random.choice(ASSOCIATIONS[key]), n=random.randint(100, 900))
