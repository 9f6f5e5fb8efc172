"""Which associations a decision is about: measured on a labelled list, and how a clerk settles what is not sure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.errors import Forbidden, Unknown
from app.model.fields import Document
from app.register.agents import SYSTEM, Agent
from app.register.commands import Change, Create, RegisterAssociation
from app.register.decisions.linking import link, settle
from app.register.decisions.links import SURE, Link, links_of
from app.register.desk import Desk
from app.register.doubles.worklist import Asked, worklist
from app.register.handle import handle
from app.register.register import Register, Tools
from tests.register.builders import BASE, GENT, ROOT, Make, make_log, make_register

LIST = tomllib.loads((ROOT / "fixtures" / "besluiten" / "verbanden.toml").read_text())
AALTER = Agent(f"{BASE}/id/organisatie/aalter", "Gemeente Aalter", "gemeente", "44084")
READER = Agent(BASE, "Oogst", SYSTEM)
HOMES = {"Aalter": ("9880", AALTER), "Gent": ("9000", GENT)}
PLACE = "http://vocab.belgif.be/auth/refnis2025/44084"


class Labelled(NamedTuple):
    """The register of the list, and the code of each association in it."""

    register: Register
    codes: dict[str, str]

    def links(self, document: Document) -> list[Link]:
        with self.register.log.transaction() as transaction:
            return links_of(document, Desk(self.register, transaction, READER, "", self.register.today()))

    def code(self, name: str) -> str:
        return self.codes[name]


@pytest.fixture(scope="module")
def labelled(tools: Tools, make: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labelled]:
    log = make_log(tmp_path_factory.mktemp("links"))
    register = make_register(tools, log)
    codes = {name: _register(one, register, make) for name, one in LIST["verenigingen"].items()}
    yield Labelled(register, codes)
    log.close()


def _register(one: dict[str, str], register: Register, make: Make) -> str:
    postcode, agent = HOMES[one["gemeente"]]
    location = make.location(postcode=postcode, gemeente=one["gemeente"])
    document = make.minimal(naam=one["naam"], locaties=[location])
    if "kbo" in one:
        document |= {"kboNummer": one["kbo"], "verenigingstype": make.concept("verenigingstype", "VZW")}
    confirmed = tuple(f"V{number:07d}" for number in range(1001, 1030))
    return handle(RegisterAssociation(document, confirmed), agent, register).code


def document_of(one: dict[str, Any]) -> Document:
    articles = [{"inhoud": one["artikel"]}] if "artikel" in one else []
    return {"naam": one["naam"], "gemeente": PLACE, "artikelen": articles}


def test_what_is_tied_without_asking_is_right_and_most_is_found(labelled: Labelled) -> None:
    sure, found, right, wanted = 0, 0, 0, 0
    for one in LIST["besluiten"]:
        over = {labelled.code(name) for name in one.get("over", ())}
        links = labelled.links(document_of(one))
        tied = {each.code for each in links if each.certainty >= SURE}
        sure, right, wanted = sure + len(tied), right + len(tied & over), wanted + len(over)
        found += len({each.code for each in links} & over)
    told = f"precision {right}/{sure}, recall {right}/{wanted}, with the questions {found}/{wanted}"
    assert (right / sure, right / wanted >= 0.8, found / wanted >= 0.95) == (1.0, True, True), told


@pytest.mark.parametrize("one", LIST["besluiten"], ids=lambda one: one["naam"][:50])
def test_no_decision_is_tied_to_another_association(labelled: Labelled, one: dict[str, Any]) -> None:
    over = {labelled.code(name) for name in one.get("over", ())}
    assert {each.code for each in labelled.links(document_of(one)) if each.certainty >= SURE} <= over


def test_a_code_or_number_in_the_text_is_enough_anywhere(labelled: Labelled) -> None:
    code = labelled.code("vlinders_gent")
    [found] = labelled.links({"naam": f"Subsidie ({code})"})
    assert (found.code, found.certainty >= SURE) == (code, True)


def test_a_name_of_another_municipality_is_nobody(labelled: Labelled) -> None:
    links = labelled.links({"naam": "Erkenning van Chiro De Vlinders", "gemeente": PLACE})
    assert labelled.code("vlinders_gent") not in {each.code for each in links}


# --- Settling ---------------------------------------------------------------------------------------------------------


def decide_on(labelled: Labelled, code: str, title: str) -> Document:
    handle(Create("besluit", {"code": code, "naam": title, "gemeente": PLACE}, code), READER, labelled.register)
    link([code], READER, labelled.register)
    return standing(labelled, code)


def standing(labelled: Labelled, code: str) -> Document:
    register = labelled.register
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, READER, "", register.today())
        version = transaction.latest(register.schema.entity_types["besluit"].iri(code))
        assert version is not None
        return desk.open_document(version)


def asked(labelled: Labelled) -> list[str]:
    return [each.code for each in worklist(Asked(kind="verband"), AALTER, labelled.register).referrals]


def test_what_is_sure_is_tied_with_its_evidence(labelled: Labelled) -> None:
    found = decide_on(labelled, "B0000001", "Erkenning van Chiro De Vlinders als jeugdvereniging")
    iri = f"{BASE}/id/vereniging/{labelled.code('vlinders')}"
    assert found["gaatOver"] == [iri]
    [tie] = found["verbanden"]
    assert (tie["vereniging"], tie["bewijs"]) == (iri, "naam in de titel: Chiro De Vlinders")
    assert tie["zekerheid"] >= SURE


def test_what_is_not_sure_waits_for_the_municipality_and_is_asked_once(labelled: Labelled) -> None:
    found = decide_on(labelled, "B0000002", "Premie voor Natuurpunt")
    assert "gaatOver" not in found
    assert asked(labelled) == ["B0000002"]
    link(["B0000002"], READER, labelled.register)
    assert asked(labelled) == ["B0000002"]
    settle("B0000002", labelled.code("natuur"), True, AALTER, labelled.register)
    [tie] = standing(labelled, "B0000002")["verbanden"]
    assert (tie["zekerheid"], asked(labelled)) == (100, [])


def test_what_a_clerk_rejects_is_gone_and_stays_gone(labelled: Labelled) -> None:
    decide_on(labelled, "B0000003", "Erkenning van FC De Meermin")
    settle("B0000003", labelled.code("voetbal"), False, AALTER, labelled.register)
    link(["B0000003"], READER, labelled.register)
    found = standing(labelled, "B0000003")
    assert "gaatOver" not in found and "verbanden" not in found


def test_only_the_municipality_itself_settles(labelled: Labelled) -> None:
    decide_on(labelled, "B0000004", "Erkenning van FC De Meermin")
    with pytest.raises(Forbidden):
        settle("B0000004", labelled.code("voetbal"), False, GENT, labelled.register)
    with pytest.raises(Unknown):
        settle("B0009999", labelled.code("voetbal"), False, AALTER, labelled.register)


def test_a_tie_stays_when_the_page_says_something_else(labelled: Labelled) -> None:
    decide_on(labelled, "B0000005", "Erkenning van FC De Meermin")
    handle(Change("besluit", "B0000005", {"naam": "Andere titel", "gaatOver": None}), READER, labelled.register)
    assert standing(labelled, "B0000005")["gaatOver"] == [f"{BASE}/id/vereniging/{labelled.code('voetbal')}"]


def test_the_list_is_there() -> None:
    assert len(LIST["besluiten"]) > 30 and Path(ROOT).is_dir()
