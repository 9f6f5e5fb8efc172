"""The page of building blocks: everybody sees which there are, who operates the service sees how they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from lxml import html

from app.errors import BadSetting
from app.exchange.blocks import load_blocks
from app.exchange.stubs.magda import StubAnswer
from app.store.checks import Call, note_call
from app.store.deliveries import FAILED, Delivery, finish, put
from tests.exchange.neighbours import Outside
from tests.web.conftest import Ask, asking
from tests.web.people import as_manager, as_municipality, as_representative
from tests.web.world import ROOT, World, open_world

SUBJECT = "https://loket.test/id/vereniging/V0001001"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The KBO answers, DOSIS last did not, and one status failed."""
    for made in open_world(tmp_path_factory.mktemp("bouwstenen")):
        database = made.service.log.database
        for service, outcome in (("KBO", "status 500"), ("KBO", "status 200"), ("DOSIS", "status 429")):
            who = "https://data.vlaanderen.be/id/organisatie/OVO002067"
            time = "2026-03-01T09:00:00.000000Z"
            note_call(database, Call(time, service, "r1", who, SUBJECT, outcome, 12, "techniek"))
        failed = Delivery("dosis/A1-1", "A1", "dosis", 1, b"", "2026-03-01", "2026-03-01", lease="x")
        with database.writing() as connection:
            put(connection, [failed])
        finish(database, failed, FAILED, "2026-03-01", "HTTP 400")
        connected = {"kbo": "magda.vlaanderen.be", "dosis": "dosis.vlaanderen.be", "open-data": ""}
        lines = (Outside().line("KBO", lambda *_: StubAnswer()),)
        yield World(replace(made.service, blocks=load_blocks(ROOT), connected=connected, neighbours=lines))


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def test_everybody_sees_which_blocks_there_are_and_which_are_connected(ask: Ask) -> None:
    answer = ask("/bouwstenen")
    page = html.fromstring(answer.text)
    rows = {row.find("th").text_content(): row.text_content() for row in page.xpath("//table/tbody/tr")}
    assert set(rows) == {block.label for block in load_blocks(ROOT)}
    assert "aangesloten" in rows["KBO (MAGDA)"]
    assert "niet aangesloten" in rows["Wegwijs"]
    assert "magda.vlaanderen.be" not in answer.text
    assert "V0001001" not in answer.text


def test_the_picture_says_the_same_as_the_table(ask: Ask) -> None:
    page = html.fromstring(ask("/bouwstenen").text)
    wide, narrow = page.xpath("//svg[@class='blocks']")
    blocks = sorted(load_blocks(ROOT), key=lambda block: block.way)
    names = {"wide": [block.label for block in blocks], "narrow": [block.label for block in load_blocks(ROOT)]}
    for name, picture in (("wide", wide), ("narrow", narrow)):
        assert [text.text for text in picture.xpath(".//text[@class!='name']")] == names[name]
        assert len(picture.xpath(".//text[@class='well' or @class='ill']")) == 3
        assert "3 van" in picture.xpath("string(./title)")
    assert "style=" not in ask("/bouwstenen").text


def test_who_operates_the_service_sees_calls_and_faults_in_plain_words(ask: Ask) -> None:
    page = ask("/bouwstenen", **as_manager()).text
    assert "Het is er te druk: we kwamen te vaak." in page
    assert "Er ging daar iets mis (500)." in page
    assert "1 mislukt" in page
    assert "over V0001001" in page
    assert "techniek" in page


@pytest.mark.parametrize("who", [{}, as_municipality("Gent"), as_representative("V0001001")])
def test_nobody_else_does(ask: Ask, who: dict[str, str]) -> None:
    told = orjson.loads(ask("/bouwstenen.json", **who).content)["bouwstenen"]
    assert {key for each in told for key in each} == {"sleutel", "naam", "uitleg", "richting", "aangesloten"}
    assert "Laatste oproep" not in ask("/bouwstenen", **who).text


def test_as_json_it_tells_the_operator_the_rest(ask: Ask) -> None:
    blocks = orjson.loads(ask("/bouwstenen.json", **as_manager()).content)["bouwstenen"]
    told = {each["sleutel"]: each for each in blocks}
    assert told["dosis"]["mislukt"] == 1
    assert told["dosis"]["laatsteFout"]["wat"].startswith("Het is er te druk")
    assert (told["kbo"]["host"], told["kbo"]["rustSeconden"]) == ("magda.vlaanderen.be", 0)
    assert told["wegwijs"]["aangesloten"] is False


def test_a_block_that_keeps_failing_is_left_alone_and_shown_so(world: World) -> None:
    [line] = world.service.neighbours
    for _ in range(5):
        line.breaker.ill()
    page = asking(world)("/bouwstenen", **as_manager()).text
    assert "antwoordt niet" in page
    line.breaker.well()


WRONG = ("", "[[bouwsteen]]\nkey='x'", "niets", "[[bouwsteen]]\nkey='x'\nlabel=''\nwhat=''\nway='op'")


@pytest.mark.parametrize("text", WRONG)
def test_a_file_that_is_wrong_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "bouwstenen.toml").write_text(text)
    with pytest.raises(BadSetting, match=r"bouwstenen\.toml"):
        load_blocks(tmp_path)
