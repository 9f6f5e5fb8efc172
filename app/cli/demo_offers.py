"""The products of the demonstration as documents, from `fixtures/producten/producten.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from app.bootstrap.ambient import root

FILE = root() / "fixtures" / "producten" / "producten.toml"
FORMAL = {"u": "u", "uw": "uw", "U": "U", "Uw": "Uw"}
INFORMAL = {"u": "je", "uw": "jouw", "U": "Je", "Uw": "Jouw"}
Document = dict[str, Any]


def offers(file: Path = FILE) -> dict[str, dict[str, Document]]:
    """By municipality and key the document of each product; links are the keys of others of the same municipality."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        place["naam"]: {key: product(content["product"][key], place) for key in place["producten"]}
        for place in content["gemeente"]
    }


def product(of: Document, place: Document) -> Document:
    """One product as this municipality offers it."""
    words = INFORMAL if "informal" in place["vorm"] else FORMAL
    say = partial(_say, place["vorm"], {**words, "g": place["naam"], "bedrag": place["bedrag"]})
    document = {
        "naam": say(of["titel"]),
        "beschrijving": say(of["beschrijving"]),
        "zoektermen": {"nl": of["zoektermen"]},
        "type": of["type"],
        "themas": of["themas"],
        "doelgroepen": of.get("doelgroepen", ["Vereniging"]),
        "activiteiten": of.get("activiteiten", []),
        "talen": ["Nederlands"],
        "bevoegdBestuursniveaus": ["Lokaal"],
        "uitvoerendBestuursniveaus": ["Lokaal"],
        "uitvoerendeOverheden": [f"Gemeente {place['naam']}"],
        "voorwaarden": [_condition(each, say, place["naam"]) for each in of.get("voorwaarden", ())],
        "procedures": [_procedure(of, say, place)],
        "regelgeving": [_source(of, say, place)],
        "contactgegevens": list(_contacts(of, place)),
        "interneInfo": [{"vraag": q, "antwoord": a.format(u="de beller")} for q, a in of.get("intern", ())],
        "verantwoordelijken": list(_posts(place["dienst"][of["dienst"]])),
        "nazichtOp": "2027-03-01",
        "vereist": of.get("vereist", []),
        "verwant": of.get("verwant", []),
    }
    for term, key in (("kosten", "kosten"), ("financieleVoordelen", "voordeel")):
        if key in of:
            document[term] = [{"naam": say("Bedrag"), "beschrijving": say(f"<p>{of[key]}</p>")}]
    if of.get("delegeer") and "agb" in place:
        document["gedelegeerdAan"] = [{"naam": place["agb"], "soort": "AGB"}]
    if "formulier" in of:
        document["aanvraagvorm"] = of["formulier"]
    if "elders" in of:
        document["aanvraaglink"] = of["elders"].format(domein=place["domein"])
    if "nummer" in of:
        document["productnummer"] = of["nummer"]
    if "einde" in of:
        document["eindeDienstVerlening"] = of["einde"]
    return document


def _say(language: str, words: dict[str, Any], text: str) -> dict[str, str]:
    return {language: text.format(**words)}


def _condition(of: Document, say: Any, place: str) -> Document:
    condition = {"naam": say(of["titel"]), "beschrijving": say(of["tekst"])}
    if "bewijs" in of:
        condition["bewijs"] = {"naam": say(of["bewijs"]), "beschrijving": say("<p>Voeg dit toe aan de aanvraag.</p>")}
    criteria = [_criterion(each, place) for each in of.get("criteria", ())]
    return {**condition, **({"criteria": criteria} if criteria else {})}


def _criterion(of: Document, place: str) -> Document:
    values = [value.format(g=place) for value in of.get("waarden", ())]
    return {**of, **({"waarden": values} if values else {})}


def _procedure(of: Document, say: Any, place: Document) -> Document:
    address = f"https://loket.{place['domein']}/{of.get('url', 'aanvragen')}"
    site = {"naam": say("E-loket"), "url": address}
    return {"naam": say("Zo werkt het"), "beschrijving": say(of["procedure"]), "websites": [site]}


def _source(of: Document, say: Any, place: Document) -> Document:
    name = of["reglement"].lower().replace(" ", "-")
    return {"naam": say(of["reglement"]), "url": f"https://{place['domein']}/reglementen/{name}"}


def _contacts(of: Document, place: Document) -> Iterator[Document]:
    """A counter with opening hours, and a way by mail."""
    street, number, postcode = place["adres"]
    service = place["dienst"][of["dienst"]]
    mailbox = {"jeugd": "jeugd", "sport": "sport", "cultuur": "cultuur", "vrijetijd": "verenigingen"}[of["dienst"]]
    yield {
        "dienst": service,
        "kanaal": "balie",
        "telefoonnummer": place["telefoon"],
        "adres": {
            "straatnaam": {"nl": street}, "huisnummer": number, "postcode": postcode,
            "gemeentenaam": {"nl": place["naam"]},
        },
        "openingstijden": [
            {"dagen": ["maandag", "dinsdag", "donderdag", "vrijdag"], "opent": "09:00", "sluit": "12:30"},
            {"dagen": ["woensdag"], "opent": "09:00", "sluit": "17:00"},
            {"dagen": ["donderdag"], "opent": "17:00", "sluit": "19:00", "opAfspraak": True},
        ],
    }  # fmt: skip
    yield {"dienst": service, "kanaal": "e-mail", "email": f"{mailbox}@{place['domein']}",
           "url": f"https://{place['domein']}/verenigingen"}  # fmt: skip


def _posts(service: str) -> Iterator[Document]:
    yield {"rol": "eigenaar", "dienst": service}
    yield {"rol": "vervanger", "dienst": "onthaal"}
    yield {"rol": "validator", "dienst": "diensthoofd vrije tijd"}
