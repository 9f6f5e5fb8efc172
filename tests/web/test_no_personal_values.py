"""No personal value comes out of any address, whoever asks without a purpose, nor stands in any table or log line.

The addresses are those of the application itself: a new page is walked from the day that it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import MetaData, select
from starlette.routing import Route

from app.errors import PossibleDuplicates
from app.model.codelists import load_codelists
from app.register.agents import Agent
from app.register.commands import ChangeAssociation, RegisterAssociation, RemoveAssociation
from app.register.doubles.queue import refer
from app.register.handle import handle
from app.register.personal.forgetting import forget_association
from app.register.personal.people import read_personal
from app.store.packing import unpack
from app.store.tables import log as tables
from app.web.app import ROUTES, create_app
from tests.register.builders import GODELIEVE, Make
from tests.web.people import DPO, MANAGER, municipality, representative
from tests.web.v1_client import Client, full
from tests.web.world import ROOT, World, open_world

SECRETS = (
    "85010100115", "85.01.01-001.15", "85.01.01", "850101001", "Godelieve", "godelieve.verzonnen@telenet.be",
    "lieve@thuis.example", "470123456", "0470 12 34 56", "BE68", "5390 0754", "539007547034", "Geheimlaan",
    "social.example/@lieve",
)  # fmt: skip
WRONG = ("85.01.01-001.16", "8501010011", "BE68539007547035", "BE00539007547034", "verzonnen@", "0470 12 34 5x")
EVERYTHING = "SELECT ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
# Never ends by itself.
ENDLESS = ("/wijzigingen/stream",)
PERSONAL = "/beheer/verenigingen/V0001001/persoonsgegevens"
ASKERS: dict[str, Agent | None] = {
    "nobody": None,
    "Gent": municipality("Gent"),
    "Aalst": municipality("Aalst"),
    "the administrator": MANAGER,
    "the officer": DPO,
    "another association": representative("V0001003"),
}
FILLED = {
    "type": ("vereniging",),
    "code": ("V0001001", "V0001002", "V0001004"),
    "suffix": ("jsonld", "csv", "json", "link"),
    "number": ("1",),
    "id": ("1",),
    "name": ("verenigingen", "vereniging", "verenigingen.nq.gz"),
    "what": ("bevestigen",),
    "group": ("beheer",),
    "feed": ("besluiten", "1"),
    "nis": ("44021",),
    "nummer": ("A0001001",),
    "file": ("Basisgegevens.csv",),
}


@dataclass(frozen=True)
class Seen:
    """What came out: by where, and what stands in the database beside the vault."""

    answers: dict[str, str]
    with_purpose: str
    lines: str
    rows: dict[str, str]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    lines = StringIO()
    with redirect_stdout(lines):
        for world in open_world(tmp_path_factory.mktemp("alles")):
            client = Client(world, create_app(world.service))
            fill(world, client)
            answers = {**dict(walk(client)), **dict(stumble(client))}
            stated = {"accept": "application/json", "x_request_reason": "dienstverlening"}
            with_purpose = client("GET", PERSONAL, agent=municipality("Gent"), **stated).text
            yield Seen(answers, with_purpose, lines.getvalue(), dict(rows(world)))


def fill(world: World, client: Client) -> None:
    """The same person in everything: registered, changed, read, referred, removed, erased."""
    register, gent = world.service.register, municipality("Gent")
    make = Make(load_codelists(ROOT))
    home = make.location("Geheimlaan", "7", kind="Correspondentie", isThuisadres=True)
    first = make.full(locaties=[home, make.location(isPrimair=True)])
    code = handle(RegisterAssociation(first), gent, register).code
    assert client.registered(**full()) == "V0001002"
    other = handle(RegisterAssociation(make.minimal(naam="Iets heel anders")), gent, register).code
    swimmers = make.minimal(naam="Zwemkring Eb en Vloed", vertegenwoordigers=[GODELIEVE])
    gone = handle(RegisterAssociation(swimmers, (code, "V0001002")), gent, register).code
    handle(ChangeAssociation(code, {"korteNaam": "KHWV2"}), gent, register, "verbetering")
    read_personal(code, gent, register, "dienstverlening: dossier 4")
    with pytest.raises(PossibleDuplicates) as doubt:
        handle(RegisterAssociation({**first, "korteNaam": "anders"}), gent, register)
    refer([(first, doubt.value)], gent, register)
    handle(RemoveAssociation(gone, "bestaat niet meer"), MANAGER, register)
    forget_association(gone, DPO, register)
    assert (code, other) == ("V0001001", "V0001003")
    assert register.log.vault.entities()
    world.follow()


def walk(client: Client) -> Iterator[tuple[str, str]]:
    """Every address that can be read, as everybody; without a purpose."""
    for path in addresses():
        for name, agent in ASKERS.items():
            for accept in ("text/html", "application/json") if name in ("nobody", "Gent") else ("text/html",):
                answer = client("GET", path, agent=agent, accept=accept)
                yield f"{name}: {path} as {accept}", f"{answer.headers} {answer.text}"


def addresses() -> list[str]:
    found = []
    for route in ROUTES:
        assert isinstance(route, Route)
        if "GET" in (route.methods or ()) and route.path not in ENDLESS:
            found += filled(route.path)
    return found


def filled(path: str) -> list[str]:
    """The addresses of a route, with something in each place."""
    place = re.search(r"\{(\w+)(:\w+)?\}", path)
    if place is None:
        return [path]
    values = FILLED[place[1]]
    return [each for value in values for each in filled(path.replace(place[0], value, 1))]


def stumble(client: Client) -> Iterator[tuple[str, str]]:
    """Every door of the admin API, with values that are a person's but not right."""
    bodies: list[Any] = [
        *({"insz": wrong, "voornaam": "Godelieve2", "achternaam": "Verzonnen", "e-mail": wrong} for wrong in WRONG),
        *({"vertegenwoordiger": {"insz": wrong, "voornaam": "85010100115"}} for wrong in WRONG),
        *({"bankrekeningnummer": {"iban": wrong, "titularissen": ["Godelieve Verzonnen <b>"]}} for wrong in WRONG),
        {**full(), "vertegenwoordigers": [{"insz": wrong, "voornaam": "<Godelieve>"} for wrong in WRONG]},
        {**full(), "locaties": [{"adres": {"straatnaam": "Geheimlaan <x>", "postcode": "85.01.01-001.15"}}]},
        {**full(), "naam": ""},
        {"naam": ["Godelieve", "85010100115"]},
        ["85010100115"],
        b'{"insz": "85010100115", ',
        b'\xff"Godelieve"',
    ]  # fmt: skip
    for route in ROUTES:
        assert isinstance(route, Route)
        method = next((each for each in ("POST", "PATCH") if each in (route.methods or ())), None)
        if method is None or not route.path.startswith("/v1/verenigingen"):
            continue
        path = filled(route.path)[0]
        for number, body in enumerate(bodies):
            answer = client(method, path, body, agent=municipality("Gent"))
            yield f"{method} {path} {number}", f"{answer.status_code} {answer.headers} {answer.text}"


def rows(world: World) -> Iterator[tuple[str, str]]:
    """Everything in the database that is not the vault, and all that the stores hold."""
    found = MetaData()
    database = world.service.log.database
    found.reflect(database.engine)
    with database.reading() as connection:
        for table in found.tables.values():
            if table.name != tables.vault.name:
                for number, row in enumerate(connection.execute(select(table))):
                    yield f"{table.name} {number}", " ".join(map(readable, row))
    for name, store in (("public", world.service.public), ("internal", world.service.internal)):
        yield name, store.query(EVERYTHING).decode()


def readable(value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return unpack(value).decode("utf-8", "replace")
    except (ValueError, Exception):
        return value.decode("utf-8", "replace")


def personal_in(text: str) -> list[str]:
    return [secret for secret in (*SECRETS, *WRONG) if secret in text]


def test_the_walk_came_everywhere(seen: Seen) -> None:
    assert len(seen.answers) > 1500
    told = " ".join(seen.answers.values())
    assert "Koninklijke Harmonie De Ware Vrienden" in told
    assert sum(" 400 " in f" {text}" for text in seen.answers.values()) > 50
    assert "path" in seen.lines
    assert len(personal_in(seen.with_purpose)) > 4, "and would have found them"
    assert {where.partition(" ")[0] for where in seen.rows} >= {"version", "head", "task", "outbox", "access_log"}
    assert any("Koninklijke Harmonie" in text for text in seen.rows.values())


def test_no_answer_holds_a_personal_value(seen: Seen) -> None:
    held = {where: found for where, text in seen.answers.items() if (found := personal_in(text))}
    assert not held, dict(list(held.items())[:10])


def test_no_row_beside_the_vault_holds_one(seen: Seen) -> None:
    held = {where: found for where, text in seen.rows.items() if (found := personal_in(text))}
    assert not held, dict(list(held.items())[:10])


def test_no_log_line_holds_one(seen: Seen) -> None:
    assert personal_in(seen.lines) == []
