"""The main course, from a product that is found to a subsidy that everybody sees, with a real provider to log in at.

The provider is the npm package oidc-provider in a process of its own; DOSIS and Notificaties are their stubs, over a
real connection; everybody goes through the pages, with a browser that keeps its own cookies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import Graph, URIRef
from sqlalchemy import update

from app.bootstrap.ambient import now
from app.bootstrap.entrance import open_entrance
from app.bootstrap.statuses import open_tellers
from app.cli.stubs import dosis_stub, notification_stub, serve_asked
from app.config import read_settings
from app.exchange.decisions.drafting import Choices, draft_from
from app.exchange.statuses.telling import StatusTeller
from app.exchange.stubs.dosis import DosisStub
from app.exchange.stubs.faults import Fault
from app.exchange.stubs.notifications import NotificationStub
from app.register.commands import Create, RegisterAssociation
from app.register.decisions.templates import templates
from app.register.dossiers.commands import DraftDecision, MoveDossier, TakeUpDossier
from app.register.handle import handle
from app.store.deliveries import SENT
from app.store.in_order import of_subjects
from app.store.tables.telling import delivery
from app.web.app import create_app
from tests.conformance.test_oidc_provider import Running, logged_in, running
from tests.products.builders import minimal as product_of
from tests.register.builders import Make
from tests.register.dossier_world import PROJECT
from tests.running import PATIENCE, answering
from tests.web.login_world import KEY, Browser
from tests.web.people import municipality
from tests.web.test_draft_pages import SESSION, SESSIONS
from tests.web.world import BASE, World, open_world

pytestmark = pytest.mark.node
CHAIR = {"insz": "93051822361", "voornaam": "Ludovica", "achternaam": "Verzinsel"}


@dataclass
class Course:
    """The service, its neighbours, and a browser for each of two people."""

    world: World
    dosis: DosisStub
    notices: NotificationStub
    tellers: tuple[StatusTeller, ...]
    chair: Browser
    clerk: Browser
    product: str
    code: str

    def tell(self) -> None:
        """What the threads of a running service do."""
        for teller in self.tellers:
            while teller.work():
                pass


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    folder = tmp_path_factory.mktemp("hoofdgang")
    dosis, notices = dosis_stub(), notification_stub()
    with ExitStack() as stack:
        provider = stack.enter_context(running(folder))
        to_dosis = stack.enter_context(answering(serve_asked(dosis.answer)))
        to_notices = stack.enter_context(answering(serve_asked(notices.answer)))
        http = stack.enter_context(httpx.Client(timeout=PATIENCE))
        for world in open_world(tmp_path_factory.mktemp("register")):
            yield _open(world, provider, folder, http, (dosis, notices), (to_dosis, to_notices), stack)


def _open(
    world: World, provider: Running, folder: Path, http: httpx.Client, stubs: tuple[DosisStub, NotificationStub],
    ways: tuple[str, str], stack: ExitStack,
) -> Course:  # fmt: skip
    given = {
        "data": str(folder), "vault_key": KEY, "oidc_issuer": provider.issuer, "oidc_client": "sleutel",
        "oidc_key": str(provider.key_file), "oidc_scope": "openid profile rrn vo dv_verenigingsregister",
        "dosis_url": ways[0], "dosis_token": "t", "notifications_url": f"{ways[1]}/bundels", "notifications_token": "t",
    }  # fmt: skip
    settings, register = read_settings(given, {}), world.service.register
    make, clerk = Make(register.codelists), municipality("Gent")
    club = make.minimal(naam="De Bosploeg", vertegenwoordigers=[CHAIR], locaties=[make.location(isPrimair=True)])
    code = handle(RegisterAssociation(club), clerk, register).code
    offered = product_of(naam={"nl": "Klimaatsubsidie"}, aanvraagvorm="projectsubsidie", productnummer="90001")
    product = handle(Create("product", offered), clerk, register).code
    entrance = open_entrance(settings, register, http)
    assert entrance is not None
    tellers = stack.enter_context(open_tellers(settings, replace(register, clock=now), None))
    service = replace(world.service, identity=entrance, entrance=entrance, tellers=tellers)
    app = create_app(service)
    return Course(World(service), *stubs, tellers, Browser(app), Browser(app), product, code)


def test_from_a_product_to_a_subsidy_that_everybody_sees(course: Course) -> None:
    dossier = _apply(course)
    _handle(course, dossier)
    decision = _decide(course, dossier)
    _is_told(course, dossier)
    _is_seen(course, dossier, decision)


def _apply(course: Course) -> str:
    """Found by who is not logged in; logged in, the form knows the association; sent, it is a dossier."""
    found = course.chair.get("/aanbod?zoek=klimaat").text
    assert f"/doc/product/{course.product}" in found
    assert f"/aanvragen/{course.product}" in course.chair.get(f"/doc/product/{course.product}").text
    assert course.chair.get(f"/aanvragen/{course.product}").status_code in (303, 401)
    assert logged_in(course.chair, "niemand").url.path == "/mijn-vereniging"
    begun = course.chair.post(f"/aanvragen/{course.product}", {"vereniging": course.code})
    assert begun.status_code == 303, begun.text
    form = course.chair.get(begun.headers["location"]).text
    assert "De Bosploeg" in form
    filled = {key: value for key, value in PROJECT.items() if isinstance(value, str)}
    sent = course.chair.post(
        begun.headers["location"],
        {"doe": "indienen", **filled, "kosten[0].omschrijving": "Bomen", "kosten[0].kost": "1.250"},
    )
    assert sent.status_code == 303, re.sub(r"\s+", " ", sent.text)[:3000]
    place = sent.headers["location"].partition("?")[0]
    assert "Ingediend" in course.chair.get(place).text
    return place.rpartition("/")[2]


def _handle(course: Course, dossier: str) -> None:
    """DOSIS is ill for a while; the clerk looks into it and asks for a decision."""
    course.dosis.faults.add(Fault("/", 500, times=1, taken=True))
    register, agent = course.world.service.register, municipality("Gent")
    handle(TakeUpDossier(dossier), agent, register)
    handle(MoveDossier(dossier, "beslissing"), agent, register)


def _decide(course: Course, dossier: str) -> str:
    """Written from the template for this dossier, signed and published by a clerk who logged in at the provider."""
    assert logged_in(course.clerk, "gent").url.path == "/beheer"
    assert course.clerk.post(SESSIONS, SESSION).status_code == 303
    service, agent = course.world.service, municipality("Gent")
    template = templates(service.codelists)["subsidie"]
    session = f"{BASE}/id/zitting/Z0001001"
    product = f"{BASE}/id/product/{course.product}"
    choices = Choices(course.code, product, "90001", "1.250", "2026-04-01", "", session, "honderd bomen")
    draft = handle(
        DraftDecision(dossier, draft_from(template, choices, service.register, agent)), agent, service.register
    )
    place = f"/beheer/besluiten/ontwerpen/{draft.code}"
    page = course.clerk.get(place)
    assert page.status_code == 200
    written = {
        "vereniging": course.code, "product": product, "zitting": session, "begindatum": "2026-04-01",
        "bedrag": "1.250", "naam": "Klimaatsubsidie voor De Bosploeg", "citeeropschrift": "Klimaatsubsidie De Bosploeg",
        "beschrijving": "Het college kent De Bosploeg een subsidie toe.", "motivering": "De vereniging voldoet.",
        "artikelen[0].naam": "Toekenning", "artikelen[0].inhoud": "De subsidie bedraagt 1.250 euro.",
        "artikelen[0].volgorde": "1", "stemming.gevolg": "Goedgekeurd",
    }  # fmt: skip
    for step in ({**written, "doe": "klaar"}, {"doe": "ondertekenen"}, {"doe": "bekendmaken"}):
        answer = course.clerk.post(place, step)
        assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.text)[:3000]
    found = re.search(r"/doc/besluit/(B\d{7})", course.clerk.get(place).text)
    assert found
    return found[1]


def _is_told(course: Course, dossier: str) -> None:
    """Each status once and in order at DOSIS and Notificaties, though the first answer of DOSIS was lost."""
    course.tell()
    for teller in course.tellers:
        with teller.register.log.database.writing() as connection:
            _now_due(connection)
    course.tell()
    told = [one["Status"]["Code"] for one in course.dosis.taken]
    assert told == ["Ingediend", "InBehandeling", "KlaarVoorBeslissing", "Goedgekeurd"]
    last = course.dosis.taken[-1]
    assert last["Identificatie"]["Dossiernummer"] == dossier
    assert last["Subjecten"][0]["Sleutel"] == course.code
    assert last["Beheerder"]["Contact"]["Naam"] == "Gemeente Gent"
    assert (last["Producten"], last["Naam"]) == (["90001"], "Klimaatsubsidie: De Bosploeg")
    assert course.chair.get(last["Doorverwijzing"].removeprefix(BASE)).status_code == 200
    values = [{each["Sleutel"]: each["Waarde"] for each in one["SleutelWaardeParen"]} for one in course.notices.taken]
    assert [one["StatusVlaamseCode"] for one in values] == told
    assert {one["Bestemmelingen"][0]["Sleutel"] for one in course.notices.taken} == {course.code}
    everything = str(course.dosis.taken) + str(course.notices.taken)
    assert not any(secret in everything for secret in ("Verzinsel", "93051822361", "BE68", "ludovica"))
    kept = of_subjects(course.world.service.log.database, ["dosis", "notificatie"], [dossier])
    assert {one.state for one in kept} == {SENT}


def _now_due(connection: Any) -> None:
    """The pause after a lost answer is over."""
    connection.execute(update(delivery).values(due="2000-01-01T00:00:00.000000Z"))


def _is_seen(course: Course, dossier: str, decision: str) -> None:
    """By the association in its dossier, and by everybody on its page and as linked data."""
    course.world.follow()
    mine = course.chair.get(f"/mijn-vereniging/aanvragen/{dossier}").text
    assert f"/doc/besluit/{decision}" in mine or f"/id/besluit/{decision}" in mine
    stranger = Browser(create_app(course.world.service))
    assert f'href="/doc/besluit/{decision}"' in stranger.get(f"/doc/vereniging/{course.code}").text
    turtle = stranger.get(f"/doc/besluit/{decision}.ttl").text
    graph = Graph().parse(data=turtle, format="turtle")
    assert (None, None, URIRef(f"{BASE}/id/vereniging/{course.code}")) in graph
    assert dossier not in turtle
    assert stranger.get(f"/mijn-vereniging/aanvragen/{dossier}").status_code in (303, 401)
