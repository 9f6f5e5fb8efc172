"""Who is logged in, and which vendor may act for whom: pages that change something at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.login_world import LoginWorld, open_login_world

VENDOR = ("demo-leverancier", "geheim-van-de-leverancier")
GENT_OVO, AALST_OVO = "OVO002067", "OVO001992"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoginWorld]:
    yield from open_login_world(tmp_path_factory.mktemp("people"))


def test_a_municipality_lets_a_vendor_act_and_takes_it_back_at_once(at: LoginWorld) -> None:
    token = f"Bearer {at.token(*VENDOR)}"
    clerk, machine = at.browser(), at.browser()
    clerk.log_in("gent")
    assert machine.get("/wie-ben-ik", authorization=token).status_code == 403
    given = clerk.post("/beheer/machtigingen", {"nummer": "0800.000.174", "naam": "Demosoft"})
    assert (given.status_code, "Demosoft" in clerk.get("/beheer/machtigingen").text) == (303, True)
    answer = machine.get("/wie-ben-ik", authorization=token, **{"vr-initiator": GENT_OVO})
    assert (answer.json()["rol"], answer.json()["gemeente"]) == ("leverancier", "44021")
    assert machine.get("/wie-ben-ik", authorization=token, **{"vr-initiator": AALST_OVO}).status_code == 403
    other = at.browser()
    other.log_in("aalst")
    other.post("/beheer/machtigingen", {"intrekken": "1"})
    assert machine.get("/wie-ben-ik", authorization=token).status_code == 200
    clerk.post("/beheer/machtigingen", {"intrekken": "1"})
    assert machine.get("/wie-ben-ik", authorization=token).status_code == 403
    assert "ingetrokken op" in clerk.get("/beheer/machtigingen").text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"nummer": "0800000175", "naam": "x"}, "fout-nummer"),
        ({"nummer": "", "naam": "x"}, "fout-nummer"),
        ({"nummer": "0800000174", "naam": " "}, "fout-naam"),
        ({"nummer": "0800000174", "naam": "x" * 101}, "fout-naam"),
        ({}, "fout-naam"),
    ],
)
def test_a_wrong_authorisation_is_told_beside_its_field(at: LoginWorld, form: dict[str, str], told: str) -> None:
    browser = at.browser()
    browser.log_in("aalst")
    answer = browser.post("/beheer/machtigingen", form)
    assert (answer.status_code, told in answer.text) == (400, True)
    assert "U gaf nog geen machtiging." in answer.text


def test_what_was_typed_stays_and_is_only_text(at: LoginWorld) -> None:
    browser = at.browser()
    browser.log_in("aalst")
    text = browser.post("/beheer/machtigingen", {"nummer": "<script>", "naam": "A&B"}).text
    assert "&lt;script&gt;" in text
    assert "A&amp;B" in text


def test_a_token_that_counts_for_nothing_here_reads_what_everybody_reads(at: LoginWorld) -> None:
    token = f"Bearer {at.token('demo-lezer', 'geheim-van-de-lezer', 'vo_info')}"
    refused = at.browser().get("/wie-ben-ik", authorization=token)
    assert (refused.status_code, "dv_verenigingsregister_beheer" in refused.text) == (403, True)
    found = at.browser().get("/v1/verenigingen/zoeken", authorization=token, accept="*/*")
    assert found.status_code == 200
    made_up = at.browser().get("/v1/verenigingen/zoeken", authorization="Bearer verzonnen", accept="*/*")
    assert made_up.status_code == 401


@pytest.mark.parametrize("person", ["vlaanderen", "dpo"])
def test_only_a_municipality_authorises(at: LoginWorld, person: str) -> None:
    browser = at.browser()
    browser.log_in(person)
    assert browser.get("/beheer/machtigingen").status_code == 403
    assert browser.post("/beheer/machtigingen", {"nummer": "0800000174", "naam": "x"}).status_code == 403
    assert "Machtigingen" not in browser.get("/beheer").text


def test_a_form_elsewhere_authorises_nobody(at: LoginWorld) -> None:
    browser = at.browser()
    browser.log_in("aalst")
    answer = browser.post(
        "/beheer/machtigingen", {"nummer": "0800000174", "naam": "x"}, **{"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "U gaf nog geen machtiging." in browser.get("/beheer/machtigingen").text


def test_a_session_can_be_ended_by_the_same_organisation_alone(at: LoginWorld) -> None:
    first, second, other = at.browser(), at.browser(), at.browser()
    for browser in (first, second):
        browser.log_in("gent")
    other.log_in("aalst")
    own = at.entrance.sessions.get(first.cookies["loket_sessie"])
    assert own is not None
    ids = [each.id for each in at.entrance.sessions.current(own.owner) if each.id != own.id]
    page = first.get("/beheer/gebruikers").text
    assert "Gemeente Aalst" not in page
    assert "dit bent u" in page
    for id in ids:
        other.post("/beheer/gebruikers", {"sessie": id})
    assert second.get("/beheer").status_code == 200
    for id in ids:
        first.post("/beheer/gebruikers", {"sessie": id})
    assert second.get("/beheer").status_code == 303


def test_the_administrator_sees_everybody_who_is_logged_in(at: LoginWorld) -> None:
    clerk, manager = at.browser(), at.browser()
    clerk.log_in("gent")
    manager.log_in("vlaanderen")
    assert "Gemeente Gent" in manager.get("/beheer/gebruikers").text
