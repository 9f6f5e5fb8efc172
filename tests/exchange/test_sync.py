"""Keeping a copy of another register: what it holds, and what happens when something goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.errors import Conflict, Forbidden, Unavailable
from app.exchange.guarded import Guarded
from app.exchange.register_api.client import RegisterReader
from app.exchange.sync import Report, read_aside, synchronise
from app.register.agents import MANAGER, Agent
from app.register.commands import RegisterAssociation, StopAssociation
from app.register.handle import handle
from tests.web.conftest import HARMONY, PLAIN, REMOVED, Ask, asking
from tests.web.v1_world import CLUBS, club, filled
from tests.web.world import BASE, World, open_world

COPY = "http://kopie.test"
V2 = {"vr_api_version": "v2"}
SOMEBODY = Agent(f"{COPY}/id/iemand", "Iemand", MANAGER)
Broken = Callable[[str], httpx.Response | None]


@dataclass
class Line:
    """The line to the source: counts what is asked, and breaks as told."""

    ask: Ask
    asked: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    breaks: Broken = lambda path: None

    def reader(self) -> RegisterReader:
        client = httpx.Client(transport=httpx.MockTransport(self._answer))
        return RegisterReader(BASE, client, self.waited.append)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        self.asked.append(path)
        if broken := self.breaks(path):
            return broken
        headers = {name.replace("-", "_"): value for name, value in request.headers.items() if name != "host"}
        answer = self.ask(path, **headers)
        kept = {name: value for name, value in answer.headers.items() if name in ("etag", "link", "content-type")}
        return httpx.Response(answer.status_code, content=answer.content, headers=kept)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for made in open_world(tmp_path_factory.mktemp("source")):
        filled(made)
        yield made


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[World]:
    """A source for a test that writes in it."""
    for made in open_world(tmp_path):
        filled(made)
        yield made


@pytest.fixture
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from open_world(tmp_path_factory.mktemp("copy"), base=COPY)


@pytest.fixture
def line(source: World) -> Line:
    return Line(asking(source))


def run(line: Line | RegisterReader, copy: World, **told: Any) -> Report:
    reader = line if isinstance(line, RegisterReader) else line.reader()
    report = synchronise(reader, copy.service.register, copy.service.clock, **told)
    copy.follow()
    return report


def codes(world: World) -> set[str]:
    return {each["vCode"] for each in asking(world)("/v1/verenigingen/zoeken?q=*").json()["verenigingen"]}


def test_a_copy_shows_every_association_as_its_register_does(source: World, copy: World, line: Line) -> None:
    report = run(line, copy)
    assert (report.taken, report.let_go, report.aside) == (CLUBS + 1, 0, ())
    assert codes(copy) == codes(source) and len(codes(copy)) == CLUBS + 1
    theirs, ours = asking(source), asking(copy)
    for code in codes(source):
        path = f"/v1/verenigingen/{code}"
        expected = json.loads(theirs(path, **V2).text.replace(BASE, COPY))
        found = ours(path, **V2).json()
        # In the register itself every association has its V-code as a key; one in this small world has none.
        expected["vereniging"]["sleutels"] = expected["vereniging"]["sleutels"] or found["vereniging"]["sleutels"]
        assert found == expected


def test_a_copy_says_where_it_has_it_from_and_is_asked_by_sparql(copy: World, line: Line) -> None:
    run(line, copy)
    query = "SELECT ?bron { ?v <http://purl.org/dc/terms/source> ?bron ; <http://purl.org/dc/terms/identifier> '%s' }"
    [row] = json.loads(copy.service.public.query(query % HARMONY))["results"]["bindings"]
    assert row["bron"]["value"] == f"{BASE}/id/vereniging/{HARMONY}"


def test_again_changes_nothing(copy: World, line: Line) -> None:
    first = run(line, copy)
    head = copy.service.log.head()
    again = run(line, copy)
    assert (again.taken, again.unchanged, again.place) == (0, 0, first.place)
    with copy.service.log.transaction() as transaction:
        transaction.put_state("kopie/volgnummer", "0")
    assert run(line, copy).unchanged == CLUBS + 4
    assert copy.service.log.head() == head


def test_only_what_changed_is_asked_again(changing: World, copy: World) -> None:
    line = Line(asking(changing))
    run(line, copy)
    changing.put("V0002001", {**club(changing, 0), "naam": "Andere naam"})
    changing.put("V0002002", None, replaced_by=changing.iri("V0002003"))
    changing.put("V0002004", club(changing, 3), visible=False)
    line.asked.clear()
    report = run(line, copy)
    assert (report.taken, report.let_go) == (1, 2)
    assert len(line.asked) == 4
    assert asking(copy)("/v1/verenigingen/V0002001").json()["vereniging"]["naam"] == "Andere naam"
    gone = asking(copy)("/v1/verenigingen/V0002002")
    assert gone.status_code == 410 and gone.json()["dct:isReplacedBy"] == {"@id": copy.iri("V0002003")}
    assert asking(copy)("/v1/verenigingen/V0002004").status_code == 410


def test_what_comes_back_comes_back_under_its_code(changing: World, copy: World) -> None:
    line = Line(asking(changing))
    changing.put("V0002001", club(changing, 0), visible=False)
    run(line, copy)
    changing.put("V0002001", club(changing, 0))
    assert run(line, copy).taken == 1
    changing.put("V0002001", club(changing, 0), visible=False)
    assert run(line, copy).let_go == 1
    changing.put("V0002001", club(changing, 0))
    run(line, copy)
    assert "V0002001" in codes(copy)


def test_what_cannot_be_read_is_put_aside_and_holds_nobody_up(copy: World, line: Line) -> None:
    line.breaks = lambda path: httpx.Response(200, json={"vereniging": {"vCode": 5}}) if "V0002003" in path else None
    report = run(line, copy)
    [aside] = report.aside
    assert (aside.code, aside.attempts, report.taken) == ("V0002003", 1, CLUBS)
    run(line, copy, all_aside=False)
    assert read_aside(copy.service.register)["V0002003"].attempts == 1 + (aside.again <= copy.service.clock())
    line.breaks = lambda path: None
    assert run(line, copy).aside == ()
    assert "V0002003" in codes(copy)


def test_an_unknown_code_names_its_field(source: World, copy: World, line: Line) -> None:
    body = asking(source)("/v1/verenigingen/V0002001", **V2).json()
    body["vereniging"]["locaties"][0]["locatietype"] = "Zolder"
    line.breaks = lambda path: httpx.Response(200, json=body) if path.endswith("V0002001") else None
    assert "locatietype" in run(line, copy).aside[0].why


def test_a_register_that_is_down_stops_the_run_and_the_next_one_goes_on(copy: World, line: Line) -> None:
    line.breaks = lambda path: httpx.Response(503) if "/V" in path else None
    with pytest.raises(Unavailable):
        run(line, copy)
    assert len(line.waited) >= 5 and read_aside(copy.service.register) == {}
    line.breaks = lambda path: None
    assert run(line, copy).taken == CLUBS + 1


def test_it_goes_on_where_it_was_stopped(copy: World, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.exchange.sync.BATCH", 3)
    line.breaks = lambda path: httpx.Response(403) if path.endswith("V0002005") else None
    with pytest.raises(Forbidden, match="sync_key"):
        run(line, copy)
    copy.follow()
    done = len(codes(copy))
    assert 0 < done < CLUBS
    line.breaks, line.asked = lambda path: None, []
    assert run(line, copy).taken == CLUBS + 1 - done
    assert f"/v1/verenigingen/{HARMONY}" not in line.asked


def test_it_waits_as_long_as_it_is_asked_to(copy: World, line: Line) -> None:
    refused = iter([httpx.Response(429, headers={"retry-after": "7"}), httpx.Response(502)])
    line.breaks = lambda path: next(refused, None) if "mutaties" in path else None
    run(line, copy)
    assert line.waited == [7.0, 1.0]


def test_a_list_that_is_known_is_not_sent_again(copy: World, line: Line) -> None:
    reader, statuses = line.reader(), []
    reader.client.event_hooks["response"] = [lambda answer: statuses.append(answer.status_code)]
    run(reader, copy)
    for _ in range(2):
        run(reader, copy)
    assert statuses[-2:] == [200, 304]


def test_an_answer_of_the_verenigingsregister_itself_is_read(source: World, copy: World, line: Line) -> None:
    """No `@id` above, prefixes before the identifiers of parts, and 404 for whatever is gone."""
    body = asking(source)(f"/v1/verenigingen/{HARMONY}", **V2).json()
    del body["@id"]
    text = json.dumps(body).replace("http://data.lblod.info/id/vestigingen/", "loc:")
    text = text.replace("http://data.lblod.info/id/contact-punten/", "cont:")
    changes = [{"vCode": HARMONY, "sequence": 7}, {"vCode": REMOVED, "sequence": 9}]
    answers = {"mutaties": httpx.Response(200, json=changes), HARMONY: httpx.Response(200, text=text)}
    line.breaks = lambda path: next((found for name, found in answers.items() if name in path), httpx.Response(404))
    report = run(line, copy)
    assert (report.taken, report.let_go, report.place) == (1, 0, 9)
    shown = asking(copy)(f"/v1/verenigingen/{HARMONY}", **V2).json()["vereniging"]
    assert [each["@id"] for each in shown["locaties"]] == [
        each["@id"].replace("loc:", "http://data.lblod.info/id/vestigingen/")
        for each in json.loads(text)["vereniging"]["locaties"]
    ]
    assert f"{BASE}/v1/verenigingen/{HARMONY}" in asking(copy)(f"/doc/vereniging/{HARMONY}.ttl").text


def test_a_copy_gives_no_codes_of_its_own_and_leaves_changes_to_its_register(copy: World, line: Line) -> None:
    run(line, copy)
    today, vzer = copy.service.register.today(), copy.concept("verenigingstype", "VZER")
    for command in (RegisterAssociation({"naam": "Nieuw", "verenigingstype": vzer}), StopAssociation(HARMONY, today)):
        with pytest.raises(Forbidden, match=BASE):
            handle(command, SOMEBODY, copy.service.register)


def test_a_copy_of_one_municipality_holds_what_has_a_location_there(copy: World, line: Line) -> None:
    run(line, copy, municipality="44021")
    assert codes(copy) == {HARMONY}
    with pytest.raises(Conflict, match="ander deel"):
        run(line, copy)


def test_a_register_of_its_own_becomes_no_copy_and_a_copy_follows_one_register(
    source: World, copy: World, line: Line
) -> None:
    with pytest.raises(Conflict, match="eigen verenigingen"):
        run(line, source)
    run(line, copy)
    other = RegisterReader("http://ander.test", line.reader().client, line.waited.append)
    with pytest.raises(Conflict, match=BASE):
        run(other, copy)


def test_nothing_but_what_is_public_comes_over(copy: World, line: Line) -> None:
    run(line, copy)
    assert PLAIN not in codes(copy)
    log = b"".join(version.public or b"" for version in copy.service.log.read(0, 1000))
    assert b"Geheimlaan" not in log


DUMP = "/v1/verenigingen/detail/all"


def details(line: Line) -> list[str]:
    return [path for path in line.asked if "/V000" in path]


def test_a_first_run_reads_all_from_one_answer_and_ends_the_same(source: World, copy: World, line: Line) -> None:
    report = run(line, copy, at_once=1)
    assert (report.taken, report.let_go, report.aside) == (CLUBS + 1, 0, ())
    assert DUMP in line.asked and details(line) == [f"/v1/verenigingen/{HARMONY}"], "whose membership needs a name"
    assert codes(copy) == codes(source)
    with copy.service.log.transaction() as transaction:
        transaction.put_state("kopie/volgnummer", "0")
    head = copy.service.log.head()
    assert run(line, copy).unchanged == CLUBS + 4, "one by one they say the same"
    assert copy.service.log.head() == head


def test_as_the_real_register_gives_it_what_its_dump_leaves_out_is_asked(
    source: World, copy: World, line: Line
) -> None:
    """Without recognitions and names of memberships; elsewhere, where we are sent to without our key."""

    def left_out(text: str) -> bytes:
        row = json.loads(text)
        row["vereniging"].pop("erkenningen", None)
        for membership in row["vereniging"].get("lidmaatschappen", ()):
            membership.pop("naam", None)
        return json.dumps(row).encode() + b"\n"

    elsewhere = Elsewhere(b"".join(map(left_out, asking(source)(DUMP).text.splitlines())))
    moved = httpx.Response(302, headers={"location": "https://emmer.example/alles?handtekening=x"})
    line.breaks = lambda path: moved if path == DUMP else None
    report = run(replace(line.reader(), guarded=elsewhere), copy, at_once=1)
    assert report.taken == CLUBS + 1 and elsewhere.asked == ["https://emmer.example/alles?handtekening=x"]
    assert details(line) == [f"/v1/verenigingen/{HARMONY}"]
    [recognition] = asking(copy)(f"/v1/verenigingen/{HARMONY}").json()["vereniging"]["erkenningen"]
    assert recognition["ipdcProduct"]["nummer"] == "1500"


NO_DUMPS = [
    httpx.Response(404),
    httpx.Response(500),
    httpx.Response(200, content=b"<html>"),
    httpx.Response(302, headers={"location": "http://127.0.0.1:1/geheim"}),
    httpx.Response(302, headers={"location": "file:///etc/passwd"}),
]


@pytest.mark.parametrize("answer", NO_DUMPS, ids=lambda answer: answer.headers.get("location", answer.status_code))
def test_without_a_dump_each_is_asked(copy: World, line: Line, answer: httpx.Response) -> None:
    line.breaks = lambda path: answer if path == DUMP else None
    assert run(line, copy, at_once=1).taken == CLUBS + 1
    assert len(details(line)) == CLUBS + 4


class Elsewhere(Guarded):
    """The store that a register sends us to."""

    def __init__(self, body: bytes) -> None:
        self.body, self.asked = body, list[str]()

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str], most: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        assert not headers
        self.asked.append(url)
        yield 200, iter([self.body[:1000], self.body[1000:]])
