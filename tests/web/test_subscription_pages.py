"""Asking for messages, agreeing, seeing what was sent, stopping: on pages as a browser posts them, and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import orjson
import pytest
from sqlalchemy import delete

from app.exchange.telling.courier import Courier
from app.exchange.telling.mail import mailer
from app.exchange.telling.sending import Means, Postbox, Result
from app.store.deliveries import FAILED, SENT, TO_SEND, deliveries
from app.store.tables import log as tables
from app.store.tables import telling as tables_telling
from app.web.app import create_site
from tests.web.conftest import HARMONY, PLAIN, Ask, asking
from tests.web.people import (
    as_dpo,
    as_federation,
    as_manager,
    as_municipality,
    as_representative,
    as_vendor,
    municipality,
    with_token,
)
from tests.web.world import World, open_world

FORM = {
    "waarover": "gemeente",
    "gemeente": "44021",
    "aanleiding": "alles",
    "kanaal": "e-mail",
    "adres": "lieve@gent.be",
}
ONE_CLICK = b"List-Unsubscribe=One-Click"


@dataclass
class Site:
    """The site, and the couriers of its messages."""

    world: World
    ask: Ask
    postbox: Postbox
    courier: Courier
    answers: list[Result]

    def post(self, path: str, form: Mapping[str, Any], **who: str) -> httpx.Response:
        content = urlencode(form, doseq=True).encode()
        return self.ask(path, "POST", content, content_type="application/x-www-form-urlencoded", **who)

    def send(self, method: str, path: str, body: Any = None, **who: str) -> httpx.Response:
        content = b"" if body is None else orjson.dumps(body)
        return self.ask(path, method, content, content_type="application/json", **who)

    def deliver(self) -> None:
        while self.courier.work():
            pass

    def rename(self, name: str, code: str = HARMONY) -> None:
        world = self.world
        kind, home = world.concept("verenigingstype", "VZER"), world.concept("gemeente", "Gent")
        world.put(code, {"naam": name, "verenigingstype": kind, "gemeente": [home]})

    def letter(self, number: int = 0) -> str:
        body = self.postbox.letters[number].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def link(self, what: str, number: int = 0) -> str:
        """The path of a link in an e-mail."""
        found = re.search(rf"https?://\S+/{what}\?\S+", self.letter(number))
        assert found is not None
        address = urlsplit(found[0])
        return f"{address.path}?{address.query}"


@pytest.fixture(scope="module")
def only_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for opened in open_world(tmp_path_factory.mktemp("meldingen")):
        postbox = Postbox()
        world = replace(opened, service=replace(opened.service, means=Means(mail=True, postbox=postbox)))
        yield make_site(world, postbox)


def make_site(world: World, postbox: Postbox) -> Site:
    answers: list[Result] = []
    telling = create_site(world.service).state.telling
    mail = mailer(postbox, telling.letters)
    courier = Courier(world.service.register, telling.teller, mail, lambda *_: answers[-1], lambda: 0.5)
    made = Site(world, asking(world), postbox, courier, answers)
    made.rename("De Harmonie")
    return made


@pytest.fixture
def site(only_site: Site) -> Site:
    """The same for all, with nobody subscribed."""
    with only_site.world.service.log.transaction() as transaction:
        for table in (tables_telling.subscription, tables_telling.delivery, tables.outbox):
            transaction.connection.execute(delete(table))
    only_site.postbox.letters.clear()
    only_site.answers[:] = [Result(True, "HTTP 204")]
    return only_site


def test_from_the_form_to_the_message(site: Site) -> None:
    who = as_municipality("Gent")
    asked = site.post("/beheer/abonnementen", FORM, **who)
    assert asked.status_code == 303 and asked.headers["location"].endswith("?gedaan=gevraagd")
    page = site.ask(asked.headers["location"], **who).text
    assert "wacht op bevestiging" in page and "lieve@gent.be" in page
    site.deliver()
    agree = site.link("bevestigen")
    assert "<button>Ja, bevestigen</button>" in site.ask(agree).text
    site.rename("Te vroeg")
    site.deliver()
    assert len(site.postbox.letters) == 1
    assert "Bevestigd" in site.ask(agree, "POST").text
    site.rename("De Vrienden")
    site.deliver()
    assert site.postbox.letters[0]["subject"] == "De Vrienden: naam gewijzigd"
    assert "De Vrienden: naam gewijzigd" in site.ask("/beheer/meldingen", **who).text


def test_one_click_without_a_login_stops_it(site: Site) -> None:
    who = as_municipality("Gent")
    site.post("/beheer/abonnementen", FORM, **who)
    site.deliver()
    site.ask(site.link("bevestigen"), "POST")
    site.rename("De Vrienden")
    site.deliver()
    stop = urlsplit(str(site.postbox.letters[0]["list-unsubscribe"]).strip("<>"))
    path = f"{stop.path}?{stop.query}"
    assert "Ja, stopzetten" in site.ask(path).text
    done = site.ask(path, "POST", ONE_CLICK, content_type="application/x-www-form-urlencoded")
    assert done.status_code == 200 and "Stopgezet" in done.text
    assert "geen abonnementen" in site.ask("/beheer/abonnementen", **who).text
    assert site.ask(path, "POST", ONE_CLICK).status_code == 200


@pytest.mark.parametrize("what", ["bevestigen", "afmelden"])
def test_a_link_that_somebody_guesses_does_nothing(site: Site, what: str) -> None:
    id = site.post("/beheer/abonnementen", FORM, **as_municipality("Gent")).headers["location"].split("/")[-1][:9]
    for path in (f"/abonnement/{id}/{what}?token=x", f"/abonnement/{id}/{what}", f"/abonnement/x/{what}?token=é"):
        assert site.ask(path, "POST").status_code == 404
    assert site.ask(f"/abonnement/{id}/iets").status_code == 404


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(site: Site) -> None:
    who = as_municipality("Gent")
    wrong = {**FORM, "adres": "lieve", "aanleiding": [], "waarover": "vereniging", "vereniging": "V0009999"}
    answer = site.post("/beheer/abonnementen", wrong, **who)
    assert answer.status_code == 400
    for path in ("adres", "aanleidingen", "waarover"):
        assert f'id="fout-{path}"' in answer.text
    assert 'value="lieve"' in answer.text
    assert "geen abonnementen" in site.ask("/beheer/abonnementen", **who).text


def test_what_failed_is_seen_and_sent_again(site: Site) -> None:
    who = as_municipality("Gent")
    hook = {**FORM, "kanaal": "webhook", "adres": "https://crm.gent.be/in"}
    at = site.post("/beheer/abonnementen", hook, **who).headers["location"].partition("?")[0]
    site.answers.append(Result(False, "HTTP 400", final=True))
    assert site.post(at, {"doe": "proef"}, **who).headers["location"].endswith("gedaan=proef")
    site.deliver()
    page = site.ask("/beheer/meldingen?toestand=mislukt", **who).text
    assert "Proefmelding" in page and "HTTP 400" in page
    id = re.findall(r'name="melding" value="([^"]+)"', page)[0]
    preview = site.ask(f"/beheer/meldingen/{id}", **who).text
    assert "Harmonie De Proef (verzonnen)" in preview and "&#34;type&#34;: &#34;proef&#34;" in preview
    site.answers.append(Result(True, "HTTP 204"))
    assert site.post("/beheer/meldingen", {"melding": [id]}, **who).headers["location"].endswith("opnieuw=1")
    site.deliver()
    assert [one.state for one in deliveries(site.world.service.log.database, None, (SENT, FAILED), 10)] == [SENT]
    assert "HTTP 204" in site.ask(at, **who).text


def test_a_preview_shows_no_token_and_no_address(site: Site) -> None:
    who = as_municipality("Gent")
    site.post("/beheer/abonnementen", FORM, **who)
    [one] = deliveries(site.world.service.log.database, None, (TO_SEND,), 10)
    page = site.ask(f"/beheer/meldingen/{one.id}", **who).text
    assert "Bevestig uw abonnement" in page and "token=" not in page and "lieve@" not in page


def test_changing_and_stopping(site: Site) -> None:
    who = as_municipality("Gent")
    hook = {**FORM, "kanaal": "webhook", "adres": "https://crm.gent.be/in"}
    at = site.post("/beheer/abonnementen", hook, **who).headers["location"].partition("?")[0]
    site.post(
        at, {"doe": "wijzigen", "aanleiding": ["stopzetting", "veld:vereniging.naam"], "ritme": "dagelijks"}, **who
    )
    page = site.ask(at, **who).text
    assert 'value="stopzetting" checked' in page and 'value="veld:vereniging.naam" checked' in page
    assert site.post(at, {"doe": "wijzigen", "ritme": "soms"}, **who).status_code == 400
    assert site.post(at, {"doe": "stoppen"}, **who).headers["location"] == "/beheer/abonnementen?gedaan=gestopt"
    assert site.ask(at, **who).status_code == 404


def test_a_representative_asks_about_the_own_association(site: Site) -> None:
    who = as_representative(HARMONY)
    assert site.ask("/mijn-vereniging/abonnementen", **who).headers["location"].endswith(f"/{HARMONY}/abonnementen")
    at = f"/mijn-vereniging/{HARMONY}/abonnementen"
    asked = site.post(at, {"aanleiding": ["alles", "bankrekening"], "adres": "kim@warevrienden.be"}, **who)
    assert asked.status_code == 303
    assert "kim@warevrienden.be" in site.ask(at, **who).text
    site.rename("Een andere", PLAIN)
    assert site.ask(f"/mijn-vereniging/{PLAIN}/abonnementen", **who).status_code == 403
    other = site.post(f"/mijn-vereniging/{PLAIN}/abonnementen", {"aanleiding": "alles", "adres": "kim@x.be"}, **who)
    assert other.status_code == 403


# Who sees the subscription that Ghent made.
SEES = [
    (as_municipality("Gent"), 200), (as_vendor("Gent"), 404), (as_municipality("Brugge"), 404), (as_manager(), 200),
    (as_dpo(), 404), (as_federation("V0001001"), 404), (as_representative(HARMONY), 403), ({}, 401),
]  # fmt: skip


@pytest.mark.parametrize(("who", "status"), SEES, ids=range(len(SEES)))
def test_who_sees_and_stops_a_subscription(site: Site, who: dict[str, str], status: int) -> None:
    at = site.post("/beheer/abonnementen", FORM, **as_municipality("Gent")).headers["location"].partition("?")[0]
    assert site.ask(at, accept="application/json", **who).status_code in (status, 404 if status == 403 else status)
    stopped = site.post(at, {"doe": "stoppen"}, **who)
    assert (stopped.status_code == 303) == (status == 200)
    [one] = deliveries(site.world.service.log.database, None, (TO_SEND, "vervallen"), 10)
    seen = site.ask(f"/beheer/meldingen/{one.id}", accept="application/json", **who).status_code
    assert (seen == 200) == (status == 200) or stopped.status_code == 303


def test_a_form_of_another_site_is_refused(site: Site) -> None:
    who = {**as_municipality("Gent"), "sec-fetch-site": "cross-site"}
    assert site.post("/beheer/abonnementen", FORM, **who).status_code == 403


def test_the_same_as_json_with_a_token(site: Site) -> None:
    who = with_token(municipality("Gent"))
    wanted = {"waarover": f"vereniging/{HARMONY}", "aanleidingen": ["bankrekening"], "kanaal": "webhook",
              "adres": "https://crm.gent.be/in"}  # fmt: skip
    made = site.send("POST", "/v1/abonnementen", wanted, **who)
    assert made.status_code == 201 and made.json()["geheim"].startswith("whsec_")
    at = urlsplit(made.headers["location"]).path
    assert site.ask(at, **who).json()["adres"] == "https://crm.gent.be/in"
    assert "geheim" not in site.ask(at, **who).json()
    assert [one["id"] for one in site.ask("/v1/abonnementen", **who).json()] == [made.json()["id"]]
    changed = site.send("PATCH", at, {"ritme": "dagelijks"}, **who).json()
    assert changed["ritme"] == "dagelijks" and changed["aanleidingen"] == ["bankrekening"]
    assert site.send("POST", f"{at}/proef", **who).status_code == 202
    assert site.ask(at, "DELETE", **who).status_code == 204
    assert site.ask(at, **who).status_code == 404
    keys = {one["sleutel"] for one in site.ask("/v1/abonnementen/aanleidingen").json()}
    assert {"bankrekening", "vertegenwoordiger", "veld:vereniging.naam"} <= keys


WRONG: list[tuple[bytes, str, int]] = [
    (b"{", "application/json", 400), (b"[]", "application/json", 400), (b"{}", "application/json", 400),
    (b'{"waarover": 1}', "application/json", 400), (b'{"aanleidingen": "alles"}', "application/json", 400),
    (b"{}", "text/plain", 415), (b"x" * 30_000, "application/json", 413),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind", "status"), WRONG)
def test_wrong_json_is_refused(site: Site, body: bytes, kind: str, status: int) -> None:
    who = with_token(municipality("Gent"))
    answer = site.ask("/v1/abonnementen", "POST", body, content_type=kind, **who)
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"
    assert site.ask("/v1/abonnementen", **who).json() == []


def test_nobody_asks_without_logging_in(site: Site) -> None:
    for method, path in (("GET", "/v1/abonnementen"), ("POST", "/v1/abonnementen"), ("GET", "/beheer/meldingen")):
        assert site.send(method, path, {}).status_code == 401


def test_the_postbox_of_a_demonstration(site: Site) -> None:
    who = as_municipality("Gent")
    site.post("/beheer/abonnementen", FORM, **who)
    site.deliver()
    page = site.ask("/beheer/meldingen/postvak", **who).text
    assert "Bevestig uw abonnement" in page and "/bevestigen?token=" in page
