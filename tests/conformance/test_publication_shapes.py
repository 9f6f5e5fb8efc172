"""What our profiles count as absent or too many, beside the shapes of the agency under a general SHACL engine."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import SH

from app.exchange.publication.profile import load_profiles
from app.exchange.rdfa.reading import Page, read_page
from app.exchange.rdfa.spellings import load_spellings
from app.model.shacl.core import validate

ROOT = Path(__file__).resolve().parents[2]
LBLOD = ROOT.parent / "shared" / "data" / "lblod"
# The general engine takes a minute for the largest page alone.
PAGES = [path for path in sorted((LBLOD / "pages").glob("*.html")) if path.stat().st_size < 600_000]
OFFICIAL = {"agenda": "basic-agenda.ttl", "besluitenlijst": "decision-list.ttl", "notulen": "notulen.ttl"}
PROFILES, SPELLINGS = load_profiles(ROOT), load_spellings(ROOT)
COUNTS = ("MinCountConstraintComponent", "MaxCountConstraintComponent")
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ORGAN = ("http://www.w3.org/ns/org#classification", "http://data.vlaanderen.be/ns/besluit#classificatie")
Counted = set[tuple[str, str, str]]


@pytest.mark.parametrize("key", OFFICIAL)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem[:30])
def test_what_is_absent_or_too_many_is_what_the_official_shapes_find(path: Path, key: str) -> None:
    page = read_page(path.read_bytes(), f"https://{path.stem.partition('_')[0]}/x", SPELLINGS, "urn:x:")
    assert ours(page, key) == theirs(page, key)


def test_there_are_pages_and_shapes() -> None:
    if not LBLOD.is_dir():
        pytest.skip(f"no pages in {LBLOD}")
    assert PAGES and all((LBLOD / "shacl" / name).exists() for name in OFFICIAL.values())


def ours(page: Page, key: str) -> Counted:
    return {
        (str(result.focus).strip("<>"), result.path.value, result.component)
        for result in validate(PROFILES[key].shapes, page.graph)
        if result.component in COUNTS and result.path and result.path.value not in (*ORGAN, TYPE)
    }


def theirs(page: Page, key: str) -> Counted:
    """Without its SPARQL, which no engine but its own accepts, and the two names of a classification, either of which
    we take."""
    shapes = rdflib.Graph().parse(LBLOD / "shacl" / OFFICIAL[key])
    shapes.remove((None, SH.sparql, None))
    data = rdflib.Graph().parse(data=page.graph.ntriples(), format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    found = set()
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        component = str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2]
        path = str(report.value(result, SH.resultPath))
        if component in COUNTS and path not in (*ORGAN, TYPE):
            found.add((str(report.value(result, SH.focusNode)), path, component))
    return found
