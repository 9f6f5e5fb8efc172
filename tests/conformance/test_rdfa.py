"""RDFa: the W3C suite, a second processor, and what the processor in production reads in real pages."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyRdfa import pyRdfa
from pyRdfa.options import Options

from app.exchange.rdfa.evaluate import evaluate
from app.exchange.rdfa.page import decode, parse_page
from app.exchange.rdfa.statements import RDF, XSD, Evaluation, Text

ROOT = Path(__file__).resolve().parents[2]
# The suite of rdfa/rdfa.github.io may not be copied into a repository: put a checkout in one of these places.
SUITES = (Path(os.environ.get("RDFA_SUITE", ROOT / ".ci" / "rdfa.github.io")), ROOT.parent / "shared" / "w3c" / "rdfa")
SUITE = next((path / "test-suite" for path in SUITES if (path / "test-suite").is_dir()), None)
LBLOD = ROOT.parent / "shared" / "data" / "lblod"
# Asks that a relative prefix is taken relative to the page, not to its base: no recommendation says so.
BEYOND = {("html5-invalid", "0319")}


class Case(NamedTuple):
    """One test of the suite: a page, and a question with its answer."""

    host: str
    number: str
    expected: bool

    @property
    def stem(self) -> str:
        return f"test-cases/rdfa1.1/{self.host}/{self.number}"


def cases() -> Iterator[Case]:
    if SUITE is None:
        return
    for entry in json.loads((SUITE / "manifest.jsonld").read_text())["@graph"]:
        for host in ("html5", "html5-invalid"):
            if host in entry["hostLanguages"] and "rdfa1.1" in entry["versions"]:
                yield Case(host, entry["num"], entry["expectedResults"])


CASES = [case for case in cases() if (case.host, case.number) not in BEYOND]


def test_the_suite_is_whole() -> None:
    if SUITE is None:
        pytest.skip(f"no checkout of github.com/rdfa/rdfa.github.io in {SUITES[0]} or $RDFA_SUITE")
    assert len(CASES) == 170 + 27


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.host}-{case.number}")
def test_a_case_of_the_w3c_suite(case: Case) -> None:
    assert SUITE is not None
    url = f"http://rdfa.info/test-suite/{case.stem}.html"
    page = (SUITE / f"{case.stem}.html").read_bytes()
    store = pyoxigraph.Store()
    store.extend(quads(evaluate(parse_page(decode(page)), url)))
    query = (SUITE / f"{case.stem}.sparql").read_text()
    assert bool(store.query(query, base_iri=url)) is case.expected


def quads(evaluation: Evaluation) -> Iterator[pyoxigraph.Quad]:
    for subject, predicate, object, _ in evaluation.statements:
        yield pyoxigraph.Quad(term(subject), pyoxigraph.NamedNode(predicate), term(object))  # type: ignore[arg-type]


def term(said: str | Text) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
    if not isinstance(said, Text):
        blank = said.startswith("_:")
        return pyoxigraph.BlankNode(re.sub(r"\W", "x", said[2:])) if blank else pyoxigraph.NamedNode(said)
    if said.datatype:
        return pyoxigraph.Literal(said.value, datatype=pyoxigraph.NamedNode(said.datatype))
    return pyoxigraph.Literal(said.value, language=said.language or None)


# --- The pages of suppliers, beside what two processors read in them --------------------------------------------------

# The page, the processor, how many triples only we have and only it has, and why.
DIFFERENCES = {
    ("destelbergen", "lblodproc"): (33, 34, "prefixes that are not declared there: it keeps prov:value where the "
                                            "initial context of RDFa 1.1 knows prov, and an empty literal more"),
    ("aalter", "lblodproc"): (0, 32, "typeof=”besluit:Besluit”: it resolves what is no name at all against the page"),
    ("essen", "pyrdfa"): (0, 3, "it reads the attribute role, which is another recommendation than RDFa"),
    ("voorbeeld-besluit-met-pdf-bijlage-als-onderdeel", "pyrdfa"): (
        1, 1, "property beside rev and typeof: step 11 asks for the typed resource, it answers the text"),
}  # fmt: skip
PAGES = sorted(path for folder in ("pages", "vendor-examples") for path in (LBLOD / folder).glob("*.html"))
Normal = tuple[object, str, object]


@pytest.mark.parametrize("processor", ["lblodproc", "pyrdfa"])
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem[:40])
def test_a_real_page_is_read_as_others_read_it(path: Path, processor: str) -> None:
    reference = (LBLOD / "reference-triples" / f"{path.stem}.{processor}.nt").read_text()
    theirs = {normal(triple) for triple in pyoxigraph.parse(reference, format=pyoxigraph.RdfFormat.N_TRIPLES)}
    ours = set(statements(decode(path.read_bytes()), f"http://example.org/{path.stem}"))
    known = [why for (name, by), why in DIFFERENCES.items() if name in path.stem.lower() and by == processor]
    expected = known[0][:2] if known else (0, 0)
    assert (len(ours - theirs), len(theirs - ours)) == expected


def test_there_are_real_pages() -> None:
    if not LBLOD.is_dir():
        pytest.skip(f"no pages in {LBLOD}")
    assert len(PAGES) == 22


def statements(text: str, url: str) -> Iterator[Normal]:
    for subject, predicate, object, _ in evaluate(parse_page(text), url).statements:
        yield flat(subject), predicate, literal(*object) if isinstance(object, Text) else flat(object)


def normal(quad: pyoxigraph.Quad) -> Normal:
    said = quad.object
    if not isinstance(said, pyoxigraph.Literal):
        return flat(str(quad.subject)), quad.predicate.value, flat(str(said))
    return flat(str(quad.subject)), quad.predicate.value, literal(said.value, said.language, said.datatype.value)


def flat(resource: str) -> str:
    """Blank nodes are all alike here: the suite holds how they hang together."""
    return "_:" if resource.startswith("_:") else resource.strip("<>")


def literal(value: str, language: str | None, datatype: str | None) -> tuple[str, str, str | None]:
    """The same for both ways to say that something is a string, and for line ends."""
    plain = datatype in (None, XSD + "string", RDF + "langString")
    return value.replace("\r\n", "\n").replace("\r", "\n"), (language or "").lower(), None if plain else datatype


# --- Pages that nobody wrote ------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["e:a", "e:b", "dc:title", "license", "next", "http://x.be/p", "onbekend"])
RESOURCES = st.sampled_from(["", "#a", "b/c", "http://x.be/r", "[e:r]", "[]", "e:s", "_:n", "[_:n]"])
# Without what the two are known to differ in: lists that cross subjects and an element with nothing but a vocabulary
# or prefixes, which the suite holds, and what stands in TOGETHER.
ATTRIBUTES = {
    "property": NAMES,
    "rel": NAMES,
    "rev": NAMES,
    "typeof": st.sampled_from(["e:T", "e:T e:U", "http://x.be/T", ""]),
    "about": RESOURCES,
    "resource": RESOURCES,
    "href": st.sampled_from(["", "#h", "d/e", "http://x.be/h"]),
    "src": st.sampled_from(["#s", "http://x.be/s"]),
    "content": st.sampled_from(["", "inhoud"]),
    "datatype": st.sampled_from(["", "xsd:date", "xsd:string"]),
    "lang": st.sampled_from(["nl", "fr", ""]),
}


TOGETHER = ({"property", "rel", "typeof"}, {"property", "rev", "typeof"})


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    keys = draw(st.lists(st.sampled_from(sorted(ATTRIBUTES)), max_size=4, unique=True))
    keys = [key for key in keys if key != "typeof" or not any(odd <= set(keys) for odd in TOGETHER)]
    attributes = "".join(f' {key}="{draw(ATTRIBUTES[key])}"' for key in keys)
    inner = draw(st.lists(elements(depth - 1), max_size=2)) if depth else []
    return f"<div{attributes}>t{''.join(inner)}</div>"


@settings(max_examples=200)
@given(elements())
def test_any_page_is_read_as_a_second_processor_reads_it(body: str) -> None:
    page = f'<!doctype html><html prefix="e: http://e.be/#"><head><title>t</title></head><body>{body}</body></html>'
    url = "http://pagina.be/een/twee"
    assert sorted(set(map(str, statements(page, url)))) == sorted(set(map(str, second_opinion(page, url))))


def second_opinion(page: str, url: str) -> Iterator[Normal]:
    graph = rdflib.Graph()
    options = Options(output_default_graph=True, output_processor_graph=False, embedded_rdf=False)
    processor = pyRdfa(options, base=url, media_type="text/html")
    processor.graph_from_source(io.StringIO(page), graph=graph, rdfOutput=False)
    for subject, predicate, said in graph:
        value: object = resource(said)
        if isinstance(said, rdflib.Literal):
            value = literal(str(said), said.language, str(said.datatype) if said.datatype else None)
        yield resource(subject), str(predicate), value


def resource(node: rdflib.term.Node) -> str:
    return "_:" if isinstance(node, rdflib.BNode) else str(node)


@pytest.fixture(autouse=True)
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib writes dates in its own way, unless it is told not to."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
