"""An association with as little or as much as it can have, and people to act; all invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from app.model.codelists import CodeLists, load_codelists
from app.model.schema import load_schema
from app.model.shapes import load_checker
from app.register.agents import ASSOCIATION, KBO, MANAGER, MUNICIPALITY, Agent
from app.register.register import Register, Tools
from app.store.log import Log, open_log
from app.store.vault import Cipher
from tests.templates import put_empty_log

ROOT = Path(__file__).parents[2]
BASE = "https://verenigingen.voorbeeld.be"
KEY = bytes(range(32))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOON.date()

Document = dict[str, Any]

GENT = Agent(f"{BASE}/id/organisatie/gent", "Stad Gent", MUNICIPALITY, "44021")
THE_KBO = Agent(f"{BASE}/id/organisatie/kbo", "KBO", KBO)
A_MANAGER = Agent(f"{BASE}/id/organisatie/vlaanderen", "Vlaamse overheid", MANAGER)
AN_ASSOCIATION = Agent(f"{BASE}/id/vereniging/V0001001", "De Harmonie", ASSOCIATION)
A_STRANGER = Agent(f"{BASE}/id/persoon/1", "Iemand", "bezoeker")

GODELIEVE = {"insz": "85.01.01-001.15", "voornaam": "Godelieve", "achternaam": "Verzonnen"}
MARCEL = {"insz": "41.06.27-001.92", "voornaam": "Marcel", "achternaam": "Bedacht"}


@lru_cache
def make_tools(test_identities: bool = False) -> Tools:
    schema = load_schema(ROOT, BASE)
    return Tools(schema, load_codelists(ROOT), load_checker(schema, "vereniging"), test_identities)


def make_log(directory: Path) -> Log:
    ticks = count()
    return open_log(put_empty_log(directory), lambda: NOON + timedelta(seconds=next(ticks)), Cipher(KEY))


def make_register(tools: Tools, log: Log) -> Register:
    register = Register(tools.schema, tools.codelists, tools.checker, log, lambda: NOON, tools.test_identities)
    # What the tools compiled for one test serves all.
    vars(register)["tools"] = tools
    return register


class Make:
    """Documents with real concepts in them."""

    def __init__(self, codelists: CodeLists) -> None:
        self.codelists = codelists

    def concept(self, scheme: str, code: str) -> str:
        found = self.codelists.find(scheme, code)
        assert found is not None, code
        return found.iri

    def minimal(self, **wanted: Any) -> Document:
        """A name and a type."""
        kind = self.concept("verenigingstype", "VZER")
        return {"naam": "De Houten Klepel", "verenigingstype": kind, **wanted}

    def location(self, street: str = "Kerkstraat", number: str = "1", **wanted: Any) -> Document:
        """An address for activities, in Gent unless `postcode` and `gemeente` say otherwise."""
        kind = self.concept("locatietype", wanted.pop("kind", "Activiteiten"))
        place = {"postcode": wanted.pop("postcode", "9000"), "gemeente": wanted.pop("gemeente", "Gent")}
        return {"locatietype": kind, "adres": {"straatnaam": street, "huisnummer": number, **place}, **wanted}

    def full(self, **wanted: Any) -> Document:
        """Something in every field that people fill in."""
        document = {
            "naam": "Koninklijke Harmonie De Ware Vrienden",
            "korteNaam": "KHWV",
            "korteBeschrijving": "Blaasmuziek voor jong en oud.",
            "verenigingstype": self.concept("verenigingstype", "VZW"),
            "kboNummer": "0403.170.701",
            "startdatum": "01/05/1901",
            "doelgroep": {"minimumleeftijd": 8, "maximumleeftijd": 99},
            "hoofdactiviteiten": [self.concept("hoofdactiviteit", "KECU")],
            "werkingsgebieden": [self.concept("werkingsgebied", "BE23444021")],
            "locaties": [
                self.location("Geheimlaan", "7", kind="Correspondentie", isThuisadres=True, postcode="9030",
                              gemeente="Mariakerke"),
                self.location("Dorpsstraat", "12", isPrimair=True, naam="Zaal Concordia"),
            ],
            "contactgegevens": [
                {"email": "info@warevrienden.be", "isPrimair": True},
                {"email": "godelieve.verzonnen@telenet.be"},
                {"telefoon": "09/210.10.10", "beschrijving": "secretariaat"},
                {"website": "www.warevrienden.be"},
                {"socialMedia": "https://www.facebook.com/warevrienden"},
            ],
            "lidmaatschappen": [{"naam": "VLAMO", "van": "2001-01-01"}],
            "vertegenwoordigers": [{**GODELIEVE, "rol": "voorzitter", "isPrimair": True,
                                    "telefoon": "0470 12 34 56"}],
            "bankrekeningnummers": [{"iban": "BE68539007547034", "titularis": "Godelieve Verzonnen",
                                     "doel": "lidgeld"}],
        }  # fmt: skip
        return {**document, **wanted}
