"""The answers under `/v1` as two JSON-LD processors read them: the same triples, and no word without a real IRI."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld

from tests.conformance.peers import PATIENCE, Peer
from tests.web.conftest import HARMONY, Ask, asking
from tests.web.v1_world import filled
from tests.web.world import BASE, open_world

JSONLD_JS = Peer("jsonld", "JSONLD_JS", "jsonld", "jsonld/lib/jsonld.js")
NAMES = ("detail-vereniging", "detail-all-vereniging", "zoek-verenigingen")
PATH = "/v1/verenigingen"
DETAIL, SEARCH, ALL = f"{PATH}/{HARMONY}", f"{PATH}/zoeken?q={HARMONY}", f"{PATH}/detail/all"
STARTS = ("<http://", "<https://", "_:")


@dataclass(frozen=True)
class Answers:
    """Documents by address, and the contexts that they name."""

    documents: Mapping[str, Any]
    contexts: Mapping[str, Any]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    for world in open_world(tmp_path_factory.mktemp("contexts")):
        filled(world)
        ask: Ask = asking(world)
        lines = map(json.loads, ask(ALL).text.splitlines())
        line = next(each for each in lines if each["vereniging"]["vCode"] == HARMONY)
        paths = {path: ask(path, vr_api_version="v2").json() for path in (DETAIL, SEARCH)}
        assert line["vereniging"]["erkenningen"] and line["vereniging"]["lidmaatschappen"]
        contexts = [f"/v1/contexten/publiek/{name}-context.json" for name in NAMES]
        yield Answers(
            {BASE + path: body for path, body in {**paths, ALL: line}.items()},
            {BASE + path: ask(path).json() for path in contexts},
        )


@pytest.fixture(scope="module")
def ours(answers: Answers) -> dict[str, str]:
    """As PyLD reads them."""

    def load(url: str, options: dict[str, Any]) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": answers.contexts[url]}

    return {
        url: jsonld.normalize(
            body, {"base": url, "documentLoader": load, "algorithm": "URDNA2015", "format": "application/n-quads"}
        )
        for url, body in answers.documents.items()
    }


def test_two_processors_read_the_same(answers: Answers, ours: dict[str, str]) -> None:
    node, entry = JSONLD_JS.command()
    script = str(Path(__file__).parent / "to_rdf.cjs")
    asked = json.dumps({"documents": answers.documents, "contexts": answers.contexts})
    done = subprocess.run(
        [node, script, entry], input=asked, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    theirs: dict[str, str] = json.loads(done.stdout)
    for url in answers.documents:
        assert sorted(theirs[url].splitlines()) == sorted(ours[url].splitlines()), url


def test_every_word_has_a_real_iri_and_every_document_is_about_the_association(ours: dict[str, str]) -> None:
    assert len(ours) == 3
    for nquads in ours.values():
        lines = nquads.splitlines()
        assert len(lines) > 40
        for line in lines:
            subject, predicate, rest = line.split(" ", 2)
            assert subject.startswith(STARTS) and predicate.startswith("<http")
            assert not rest.startswith("<") or rest.startswith(STARTS)
        assert f"<{BASE}/id/vereniging/{HARMONY}> <http://www.w3.org/2004/02/skos/core#prefLabel>" in nquads


def test_a_thing_has_one_iri_wherever_it_is_read(ours: dict[str, str]) -> None:
    subjects = [
        {line.split(" ")[0] for line in nquads.splitlines() if line.startswith("<") and "contact-punten" not in line}
        for nquads in ours.values()
    ]
    assert subjects[0] == subjects[2]
    assert subjects[1] <= subjects[0] | {s for s in subjects[1] if "/adressen/" in s}
