"""Dossiers for the system in which an administration handles them: told in order, read whole, and status given back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import PROV, RDF

from app.model.codelists import load_codelists
from app.model.graph import RdfFormat, parse_named
from app.register.dossiers.commands import TakeUpDossier
from app.store.accesses import Which, accesses
from app.store.dossier_statuses import last_status
from tests.register.builders import Make
from tests.register.dossier_world import PROJECT, SECRET, Counter
from tests.web.conftest import Ask, asking
from tests.web.people import (
    as_dpo,
    as_manager,
    as_municipality,
    as_representative,
    municipality,
    vendor,
    with_token,
)
from tests.web.world import ROOT, World, open_world

TREE = Namespace("https://w3id.org/tree#")
FIRST, SECOND = "A0001001", "A0001002"
JSON = "application/json"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two dossiers in Gent, of which one is taken up."""
    for made in open_world(tmp_path_factory.mktemp("dossiers")):
        counter = Counter(made.service.register, Make(load_codelists(ROOT)))
        assert [counter.apply(), counter.apply()] == [FIRST, SECOND]
        counter.do(TakeUpDossier(FIRST))
        yield made


@pytest.fixture(scope="module")
def ask(world: World) -> Ask:
    return asking(world)


def own_system() -> dict[str, str]:
    return with_token(municipality("Gent"))


def tell(ask: Ask, number: str, who: dict[str, str], **body: Any) -> Any:
    headers = {name.replace("_", "-"): body.pop(name) for name in ("if_match", "idempotency_key") if name in body}
    return ask(f"/v1/dossiers/{number}/status", "POST", content=orjson.dumps(body), content_type=JSON, **who, **headers)


def test_each_status_of_the_own_dossiers_is_told_in_order_and_from_where_one_was(ask: Ask) -> None:
    told = orjson.loads(ask("/v1/dossiers", **own_system()).content)
    assert [(one["dossiernummer"], one["status"]) for one in told["statussen"]][:3] == [
        (FIRST, "Ingediend"), (SECOND, "Ingediend"), (FIRST, "InBehandeling"),
    ]  # fmt: skip
    after = told["statussen"][1]["volgnummer"]
    later = orjson.loads(ask(f"/v1/dossiers?na={after}", **own_system()).content)["statussen"]
    assert later == told["statussen"][2:]
    assert (
        orjson.loads(ask("/v1/dossiers?limiet=1", **own_system()).content)["na"] == told["statussen"][0]["volgnummer"]
    )


def test_a_dossier_comes_whole_and_personal_values_only_with_a_purpose(ask: Ask, world: World) -> None:
    plain = ask(f"/v1/dossiers/{FIRST}", **own_system())
    assert plain.headers["content-type"] == "application/ld+json"
    assert plain.json()["aanvraag"]["project"] == PROJECT["project"]
    assert not any(secret in plain.text for secret in SECRET)
    for_service = ask(f"/v1/dossiers/{FIRST}", x_request_reason="dienstverlening: dossier", **own_system())
    assert "BE68 5390 0754 7034" in for_service.text
    assert plain.json()["aanvraag"]["@context"].endswith("/context/aanvraag/projectsubsidie")
    assert "no-store" in for_service.headers["cache-control"]
    noted = accesses(world.service.log.database, Which(), 20)
    assert any(FIRST in one.entity and one.purpose == "dienstverlening" for one in noted)
    assert ask(f"/v1/dossiers/{FIRST}", x_request_reason="bekendmaking", **own_system()).status_code == 400


def test_its_own_system_says_how_far_it_is_and_the_same_again_changes_nothing(ask: Ask, world: World) -> None:
    said = {"fase": "Behandeling", "status": "DOSSIER_ONVOLLEDIG", "detail": "De begroting ontbreekt.",
            "actie": "Stuur de begroting.", "kenmerk": "ZAAK-7"}  # fmt: skip
    first = tell(ask, SECOND, own_system(), **said)
    assert (first.status_code, first.json()["versie"]) == (202, 2)
    assert tell(ask, SECOND, own_system(), **said).status_code == 200
    dossier = ask(f"/v1/dossiers/{SECOND}", **own_system()).json()
    assert (dossier["status"]["code"], dossier["elders"], dossier["actieNodig"]) == (
        "DossierOnvolledig",
        "ZAAK-7",
        True,
    )
    assert orjson.loads(ask("/v1/dossiers", **own_system()).content)["statussen"][-1]["status"] == "DossierOnvolledig"
    assert last_status(world.service.log.database) == orjson.loads(ask("/v1/dossiers", **own_system()).content)["na"]


def test_a_vendor_does_so_for_who_authorised_it(ask: Ask) -> None:
    answer = tell(ask, SECOND, with_token(vendor("Gent")), fase="Beslissing", status="Beslist")
    assert answer.status_code == 202
    assert "Beslist" in ask("/v1/dossiers", **with_token(vendor("Gent"))).text


def test_who_knows_an_old_version_is_told_so_and_a_repeated_request_is_done_once(ask: Ask, world: World) -> None:
    stale = tell(ask, FIRST, own_system(), fase="Beslissing", status="Beslist", if_match='W/"1"')
    assert stale.status_code == 412
    known = ask(f"/v1/dossiers/{FIRST}", **own_system()).headers["etag"]
    first = tell(ask, FIRST, own_system(), fase="Beslissing", status="Beslist", if_match=known, idempotency_key="b1")
    again = tell(ask, FIRST, own_system(), fase="Beslissing", status="Beslist", if_match=known, idempotency_key="b1")
    assert first.status_code == 202
    assert again.json() == first.json()


WRONG = [
    ({"fase": "Behandeling"}, 400, "status"),
    ({"fase": "Ergens", "status": "Beslist"}, 400, "fase"),
    ({"fase": "Beslissing", "status": 7}, 400, "status"),
    ({"fase": "Beslissing", "status": "Beslist", "detail": "nummer 85.01.01-001.15"}, 400, "detail"),
]


@pytest.mark.parametrize(("body", "status", "path"), WRONG)
def test_what_is_wrong_is_told_beside_its_key(ask: Ask, body: dict[str, Any], status: int, path: str) -> None:
    answer = tell(ask, FIRST, own_system(), **body)
    assert answer.status_code == status
    assert path in {one["path"] for one in answer.json()["problems"]}
    assert "85.01.01" not in answer.text


NOT_THEIRS = {
    "another municipality": (with_token(municipality("Aalst")), 403),
    "an association": (as_representative("V0009999"), 403),
    "an officer for data protection": (as_dpo(), 403),
    "nobody": ({}, 401),
}


@pytest.mark.parametrize(("who", "status"), NOT_THEIRS.values(), ids=NOT_THEIRS)
def test_nobody_else_reads_or_changes_a_dossier(ask: Ask, who: dict[str, str], status: int) -> None:
    assert ask(f"/v1/dossiers/{FIRST}", **who).status_code == status
    assert tell(ask, FIRST, who, fase="Afgerond", status="Geweigerd").status_code == status


def test_another_municipality_is_told_of_none(ask: Ask) -> None:
    other = with_token(municipality("Aalst"))
    assert orjson.loads(ask("/v1/dossiers", **other).content) == {"statussen": [], "na": 0}
    assert "A0001" not in ask("/v1/dossiers/ldes", accept="text/turtle", **other).text


def test_an_unknown_number_and_a_wrong_question_say_so(ask: Ask) -> None:
    assert ask("/v1/dossiers/A0009999", **own_system()).status_code == 404
    for query in ("na=x", "limiet=0", "limiet=501", "na=-1"):
        assert ask(f"/v1/dossiers?{query}", **own_system()).status_code == 400


def test_the_stream_is_read_page_by_page_by_an_rdf_library(
    ask: Ask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.dossiers.api.PAGE_SIZE", 2)
    address, members, pages = f"{world.service.base}/v1/dossiers/ldes", [], 0
    while address:
        answer = ask(address.removeprefix(world.service.base), accept="text/turtle", **own_system())
        assert "private" in answer.headers["cache-control"]
        graph = Graph().parse(data=answer.text, format="turtle")
        found = list(graph.objects(None, TREE.member))
        assert all(graph.value(member, PROV.generatedAtTime) for member in found)
        members += sorted(found, key=lambda member: str(graph.value(member, PROV.generatedAtTime)))
        node = URIRef(address)
        assert (node, RDF.type, TREE.Node) in graph
        further = next(graph.objects(node, TREE.relation), None)
        address, pages = str(graph.value(further, TREE.node)) if further else "", pages + 1
        assert not any(secret in answer.text for secret in SECRET)
    told = orjson.loads(ask("/v1/dossiers?limiet=100", **own_system()).content)["statussen"]
    assert len(members) == len(set(members)) == len(told)
    assert pages == (len(told) + 1) // 2


def test_in_trig_each_dossier_stands_in_the_graph_of_its_member(ask: Ask, world: World) -> None:
    text = ask("/v1/dossiers/ldes", accept="application/trig", **own_system()).text
    graphs = parse_named(text, RdfFormat.TRIG)
    members = [name for name in graphs if name]
    assert members
    assert all(name.startswith(f"{world.service.base}/id/dossier/A") for name in members)
    assert all(len(graphs[name]) > 5 for name in members)


def test_all_statuses_are_pulled_in_the_form_of_dosis_connectors(ask: Ask) -> None:
    told = ask("/v1/dosis/statusveranderingen?index=0&limiet=2", **as_manager()).json()
    assert told["@type"] == "StatusVeranderingsVerzameling"
    first, second = told["elementen"]
    assert first["index"] < second["index"]
    assert told["nieuweIndex"] == second["index"] + 1
    assert first["status"] | {"detail": ""} == {
        "@type": "Status", "vlaamseFase": "Samenstelling", "vlaamseCode": "Ingediend", "detail": "",
    }  # fmt: skip
    assert first["dossier beheerder"]["naam"]
    assert first["agenten"][0]["@type"] == "VerenigingAgent"
    rest = ask(f"/v1/dosis/statusveranderingen?index={told['nieuweIndex']}", **as_manager()).json()
    assert rest["elementen"][0]["index"] > second["index"]
    last = rest["elementen"][-1]["index"] + 1
    empty = ask(f"/v1/dosis/statusveranderingen?index={last}", **as_manager()).json()
    assert (empty["elementen"], empty["nieuweIndex"]) == ([], last)
    assert "@volgendeVerzameling" in told
    assert "@volgendeVerzameling" not in rest


def test_only_who_operates_the_service_pulls_all(ask: Ask) -> None:
    assert ask("/v1/dosis/statusveranderingen", **as_municipality("Gent")).status_code == 403
    assert ask("/v1/dosis/statusveranderingen").status_code == 401
