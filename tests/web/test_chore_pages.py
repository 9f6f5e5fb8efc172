"""The tasks of the night, on a page for who answers for them."""

from __future__ import annotations

from app.errors import Refused
from app.register.chores import Chore, Chores
from tests.web.conftest import asking
from tests.web.people import as_dpo, as_manager, as_municipality
from tests.web.world import World

PLACE = "/beheer/taken"


def test_who_answers_for_the_service_sees_what_failed_and_has_it_done_again(empty_world: World) -> None:
    chores: Chores = empty_world.service.chores
    ask, chore = asking(empty_world), chores.all[0]
    assert "nog niet" in ask(PLACE, **as_dpo()).text
    failing = Chore(chore.key, chore.label, _fail)
    chores.perform(failing)
    page = ask(PLACE, **as_manager())
    assert page.status_code == 200 and "mislukt" in page.text and "De schijf is vol." in page.text
    assert ask("/health").json()["chores"] == {"failed": [chore.key]}
    form = {"content": f"taak={chore.key}".encode(), "content_type": "application/x-www-form-urlencoded"}
    answer = ask(PLACE, "POST", **form, **as_manager())
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PLACE}?gevraagd={chore.key}")
    assert "bezig" in ask(PLACE, **as_dpo()).text
    [asked] = chores.wait(0)
    chores.perform(asked)
    told = ask(f"{PLACE}.json", **as_manager()).json()
    assert [row["state"] for row in told["taken"]] == ["gelukt"] and told["volgende"].endswith("03:00:00+01:00")
    assert ask("/health").json()["chores"] == {"failed": []}


def test_nobody_else_comes_near(empty_world: World) -> None:
    ask = asking(empty_world)
    assert ask(PLACE, **as_municipality("Gent")).status_code == 403
    wrong = {"content": b"taak=niets", "content_type": "application/x-www-form-urlencoded"}
    assert ask(PLACE, "POST", **wrong, **as_municipality("Gent")).status_code == 403
    assert ask(PLACE, "POST", **wrong, **as_manager()).status_code == 404


def _fail() -> None:
    raise Refused("De schijf is vol.")
