"""Rows of the invented municipal lists as documents, and the same associations as somebody else would write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

from app.model.codelists import CodeLists
from fixtures.columns import Row
from fixtures.generate import words
from fixtures.mess_cells import typing_error
from fixtures.numbers import invented_mobile

Document = dict[str, Any]
Way = Callable[[Random, Row], None]
LOCATIONS = {"corr": "Correspondentie", "act": "Activiteiten"}


def to_document(row: Row, codelists: CodeLists) -> Document:
    """A clean row as a command takes it."""

    def concept(scheme: str, name: str) -> str:
        found = codelists.find(scheme, name)
        assert found is not None
        return found.iri

    form = str(row["rechtsvorm"])
    document: Document = {
        "naam": row["naam"],
        "korteNaam": row.get("korteNaam"),
        "kboNummer": row.get("kboNummer"),
        "verenigingstype": concept("verenigingstype", "VZER" if form.startswith("Feitelijke") else form),
        "startdatum": row.get("startdatum"),
        "hoofdactiviteiten": [concept("hoofdactiviteit", name) for name in str(row["hoofdactiviteiten"]).split("; ")],
        "locaties": [_location(row, start, concept("locatietype", kind)) for start, kind in LOCATIONS.items()
                     if f"{start}Straat" in row],
        "contactgegevens": [{term: row[column]} for column, term in
                            (("email", "email"), ("telefoon", "telefoon"), ("website", "website"),
                             ("socialeMedia", "socialMedia")) if column in row],
        "zichtbaarInLoket": row["zichtbaar"] == "ja",
    }  # fmt: skip
    if "insz" in row:
        person = {"insz": row["insz"], "voornaam": row["voornaam"], "achternaam": row["achternaam"], "rol": row["rol"],
                  "email": row.get("persoonEmail"), "telefoon": row.get("persoonTelefoon")}  # fmt: skip
        document["vertegenwoordigers"] = [person]
    if "iban" in row:
        document["bankrekeningnummers"] = [{"iban": row["iban"], "titularis": row["titularis"]}]
    return document


def _location(row: Row, start: str, kind: str) -> Document:
    parts = {"Straat": "straatnaam", "Huisnummer": "huisnummer", "Bus": "busnummer", "Postcode": "postcode",
             "Gemeente": "gemeente"}  # fmt: skip
    address = {term: row.get(start + part) for part, term in parts.items()}
    return {
        "locatietype": kind,
        "naam": row.get(f"{start}Naam"),
        "isThuisadres": start == "corr" and row.get("thuisadres") == "ja",
        "adres": address,
    }


# How another clerk writes the same name.
def _typing_error(random: Random, row: Row) -> None:
    row["naam"] = typing_error(random, str(row["naam"]))


def _legal_form(random: Random, row: Row) -> None:
    name = row["naam"]
    row["naam"] = random.choice([f"{name} vzw", f"VZW {name}", f"{name} V.Z.W.", f"{name} fv"])


def _with_place(random: Random, row: Row) -> None:
    row["naam"] = f"{row['naam']} {row['corrGemeente']}"


def _capitals(random: Random, row: Row) -> None:
    row["naam"] = random.choice([str.upper, str.lower])(str(row["naam"]))


SHORTER = (
    ("Sint-", "St. "), ("Sint-", "St-"), ("Koninklijke ", "Kon. "), ("Koninklijke ", "K. "), (" en ", " & "),
    ("Scouts en Gidsen", "Scouts & Gidsen"), ("Chiro ", "Chirojeugd "), ("KLJ ", "Katholieke Landelijke Jeugd "),
    ("OKRA ", "Okra-trefpunt "), ("KWB ", "Kwb afdeling "), ("Jeugdhuis ", "JH "), ("Wielertoeristen ", "WTC "),
    ("Wandelclub ", "WSV "), ("Tennisclub ", "T.C. "), ("FC ", "F.C. "), ("Ziekenzorg ", "Samana "), ("’", "'"),
    ("comité", "comite"), ("comité", "komitee"), ("Turnkring ", "Turnclub "), ("Zangkoor ", "Koor "),
    ("Toneelkring ", "Toneelgroep "), ("Ouderraad ", "Oudercomité "), ("Volleybalclub ", "VBC "), ("De ", ""),
    ("Het ", ""), ("'t ", "t "), ("Heemkundige Kring", "Heemkring"), ("Gezinsbond ", "Gezinsbond afdeling "),
    ("Davidsfonds ", "Davidsfonds afd. "), ("Feestcomité", "Feest comité"), ("Visclub", "Hengelclub"),
)  # fmt: skip


def _other_spelling(random: Random, row: Row) -> None:
    name = str(row["naam"])
    fitting = [(long, short) for long, short in SHORTER if long in name]
    if fitting:
        row["naam"] = name.replace(*random.choice(fitting), 1)


def _written_together(random: Random, row: Row) -> None:
    first, _, rest = str(row["naam"]).partition(" ")
    if len(first) > 3:
        row["naam"] = re.sub(r"^(\w+) ", r"\1", str(row["naam"])) if " " not in rest else f"{first}-{rest}"


# What another department knows of it, or knows otherwise.
def _without(*columns: str) -> Way:
    def forget(_random: Random, row: Row) -> None:
        for column in columns:
            row.pop(column, None)

    return forget


def _moved(random: Random, row: Row) -> None:
    row["corrStraat"], row["corrHuisnummer"] = random.choice(words().streets), str(random.randint(1, 150))
    row.pop("corrBus", None)


def _other_phone(random: Random, row: Row) -> None:
    row["telefoon"] = invented_mobile(random)


def _other_email(random: Random, row: Row) -> None:
    row["email"] = f"contact{random.randint(1, 9999)}@gmail.example"


NAME_WAYS: tuple[Way, ...] = (
    _typing_error,
    _legal_form,
    _with_place,
    _capitals,
    _other_spelling,
    _other_spelling,
    _written_together,
)
DATA_WAYS: tuple[Way, ...] = (
    _without("kboNummer"),
    _without("email"),
    _without("telefoon"),
    _without("website", "socialeMedia"),
    _without("iban", "titularis"),
    _without("insz", "voornaam", "achternaam", "persoonEmail", "persoonTelefoon"),
    _moved,
    _other_phone,
    _other_email,
)


# What clerks do less often and machines do to names: each by itself, to see what is found and what is not.
def _reordered(_random: Random, row: Row) -> None:
    first, _, rest = str(row["naam"]).partition(" ")
    row["naam"] = f"{rest} {first}".strip()


def _without_first(_random: Random, row: Row) -> None:
    words = str(row["naam"]).split()
    row["naam"] = " ".join(words[1:]) if len(words) > 2 else row["naam"]


SOUNDS = (
    ("k", "c"), ("c", "k"), ("ij", "y"), ("ei", "ij"), ("z", "s"), ("ae", "aa"), ("ou", "au"), ("ch", "g"), ("d", "t"),
    ("oe", "ou"), ("ee", "e"), ("oo", "o"),
)  # fmt: skip


def _by_ear(random: Random, row: Row) -> None:
    name = str(row["naam"])
    fitting = [sound for sound in SOUNDS if sound[0] in name]
    if fitting:
        row["naam"] = name.replace(*random.choice(fitting), 1)


def _two_errors(random: Random, row: Row) -> None:
    row["naam"] = typing_error(random, typing_error(random, str(row["naam"])))


ADDITIONS = (
    "Afdeling {}", "{} - afdeling", "Vereniging {}", "Lokale {}", "{} Vlaanderen", "{} i.o.", "De {}", "{} (fv)",
    "{} 2024",
)  # fmt: skip


def _with_addition(random: Random, row: Row) -> None:
    row["naam"] = random.choice(ADDITIONS).format(row["naam"])


def _plural(_random: Random, row: Row) -> None:
    name = str(row["naam"])
    row["naam"] = name[:-1] if name.endswith("s") else f"{name}s"


def _initials(_random: Random, row: Row) -> None:
    words = re.findall(r"\w+", str(row["naam"]))
    row["naam"] = "".join(word[0] for word in words).upper() if len(words) > 2 else row["naam"]


def _glued(_random: Random, row: Row) -> None:
    row["naam"] = str(row["naam"]).replace(" ", "")


def _with_postcode(_random: Random, row: Row) -> None:
    row["naam"] = f"{row['naam']} - {row['corrGemeente']} ({row['corrPostcode']})"


HARD_WAYS: dict[str, Way] = {
    "woorden in een andere volgorde": _reordered,
    "zonder het eerste woord": _without_first,
    "geschreven zoals men het hoort": _by_ear,
    "twee typfouten": _two_errors,
    "met een woord erbij": _with_addition,
    "meervoud": _plural,
    "aan elkaar": _glued,
    "met gemeente en postcode": _with_postcode,
    "enkel de beginletters": _initials,
}


def rewritten_hard(row: Row, way: Way, random: Random) -> Row:
    """The same association with its name changed in one hard way, and up to six differences in the rest."""
    other = {**row, "iban": row.get("iban", ""), "korteNaam": ""}
    other.pop("kboNummer", None)
    way(random, other)
    for each in random.sample(DATA_WAYS, random.randint(1, 6)):
        each(random, other)
    return {column: cell for column, cell in other.items() if cell != ""}


def rewritten(row: Row, random: Random) -> Row:
    """The same association, out of another list: one or two differences in the name, up to six in the rest."""
    other = {**row, "iban": row.get("iban", ""), "korteNaam": ""}
    other.pop("kboNummer", None)
    for way in random.sample(NAME_WAYS, random.choice([1, 1, 2])):
        way(random, other)
    for way in random.sample(DATA_WAYS, random.randint(1, 6)):
        way(random, other)
    return {column: cell for column, cell in other.items() if cell != ""}


# Another association that has much in common with the first: none of these is a double.
SIBLINGS = (
    ("Chirojongens", "Chiromeisjes"), ("Chiro ", "Scouts "), ("KWB", "Femma"), ("Ferm", "KWB"), ("Gezinsbond", "Okra"),
    ("Voetbalclub", "Volleybalclub"), ("FC ", "Tennisclub "), ("Judoclub", "Karateclub"), ("Turnkring", "Zwemclub"),
    ("Wandelclub", "Wielerclub"), ("Toneelkring", "Zangkoor"), ("Fanfare", "Harmonie"), ("Kaartclub", "Schaakclub"),
    ("Fotoclub", "Filmclub"), ("Davidsfonds", "Willemsfonds"), ("Buurtcomité", "Oudercomité"), ("Jeugdhuis", "KSA"),
    ("Seniorenclub", "Jeugdclub"), ("Neos", "Okra"), ("Natuurpunt", "Imkersbond"), ("Hengelclub", "Duivenbond"),
    ("Heemkring", "Fotoclub"), ("Speelpleinwerking", "Jeugdhuis"), ("Dansgroep", "Theater"), ("TC ", "FC "),
)  # fmt: skip
SHARED = (
    ("telefoon",),
    ("email",),
    ("corrStraat", "corrHuisnummer"),
    ("insz", "voornaam", "achternaam", "rol"),
    ("persoonEmail", "persoonTelefoon"),
    ("actStraat", "actHuisnummer", "actPostcode", "actGemeente"),
)


def sibling(row: Row, stranger: Row, random: Random) -> Row:
    """A stranger with the first one's proper name, or with its secretary, hall or telephone."""
    other = dict(stranger)
    fitting = [(one, another) for one, another in SIBLINGS if one in str(row["naam"])]
    if fitting and random.random() < 0.6:
        other["naam"] = str(row["naam"]).replace(*random.choice(fitting), 1)
    for columns in random.sample(SHARED, random.randint(0, 2)):
        other.update({column: row[column] for column in columns if column in row})
    return other
