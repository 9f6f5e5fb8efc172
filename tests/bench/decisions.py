"""How fast decisions are read, checked and harvested, and how well they are tied: `python -m tests.bench.decisions`.

| measured | beside |
|---|---|
| RDFa of the pages of suppliers, pages and MB a second | pyrdfa3 on the same pages in the same run |
| decisions checked a second | pySHACL with the same shapes on the same pages |
| all pages read and checked | |
| decisions harvested a second, through the log, with their ties | |
| ties to associations on the second labelled list (`decision_cases`) | what a clerk would say |

The pages are those of `../shared/data/lblod/pages`; without them the first three are left out. Nothing is asserted.
"""

from __future__ import annotations

import io
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyshacl
import rdflib
from pyRdfa import pyRdfa
from pyRdfa.options import Options

from app.exchange.decisions.terms import DECISION
from app.exchange.publication.check import check_page
from app.exchange.publication.profile import load_profiles, profile_of
from app.exchange.rdfa.evaluate import evaluate
from app.exchange.rdfa.page import decode, parse_page
from app.exchange.rdfa.reading import Page, read_page
from app.exchange.rdfa.spellings import load_spellings
from app.model.shacl.core import validate
from app.model.terms import RDF
from app.register.agents import SYSTEM, Agent
from app.register.commands import RegisterAssociation
from app.register.decisions.links import SURE, Link, links_of
from app.register.desk import Desk
from app.register.handle import handle
from tests.bench.decision_cases import ASSOCIATIONS, HOME, POSTCODE, Case, cases
from tests.bench.table import Line, show
from tests.exchange.test_harvest import LIST, MINUTES, World
from tests.register.builders import BASE, Make, make_log, make_register, make_tools

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT.parent / "shared" / "data" / "lblod" / "pages").glob("*.html"))
PROFILES, SPELLINGS = load_profiles(ROOT), load_spellings(ROOT)
# The largest page takes pySHACL a minute.
SMALL = 200_000
HARVESTED = 100


def main() -> None:
    show("Besluiten", lines())
    if PAGES:
        everything()
    harvesting()
    tying()


def lines() -> Iterator[Line]:
    """What has a peer."""
    warnings.simplefilter("ignore")
    if PAGES:
        yield from reading()
        yield validating()


def reading() -> Iterator[Line]:
    """The evaluation alone, as pyrdfa3 does it: without repairs."""
    size = sum(path.stat().st_size for path in PAGES) / 1e6
    ours = timed(lambda: [evaluate(parse_page(decode(path.read_bytes())), url_of(path)) for path in PAGES])
    theirs = timed(lambda: [by_pyrdfa(path) for path in PAGES])
    yield Line("RDFa lezen", len(PAGES) / ours, "pagina's/s", "pyrdfa3", len(PAGES) / theirs)
    yield Line("RDFa lezen", size / ours, "MB/s", "pyrdfa3", size / theirs)


def by_pyrdfa(path: Path) -> rdflib.Graph:
    graph = rdflib.Graph()
    options = Options(output_default_graph=True, output_processor_graph=False, embedded_rdf=False)
    processor = pyRdfa(options, base=url_of(path), media_type="text/html")
    processor.graph_from_source(io.StringIO(decode(path.read_bytes())), graph=graph, rdfOutput=False)
    return graph


def validating() -> Line:
    """The shapes alone, on graphs that are read already."""
    read = [page_of(path) for path in PAGES if path.stat().st_size < SMALL]
    pages = [page for page in read if decisions_in(page)]
    count = sum(map(decisions_in, pages))
    ours = timed(lambda: [validate(profile_of(page.graph, PROFILES).shapes, page.graph) for page in pages])
    asked = [(rdflib_of(page.graph.ntriples()), rdflib_of(profile_of(page.graph, PROFILES).graph.ntriples()))
             for page in pages]  # fmt: skip
    theirs = timed(lambda: [pyshacl.validate(data, shacl_graph=shapes) for data, shapes in asked])
    return Line(f"besluiten nakijken ({len(pages)} kleine pagina's)", count / ours, "per s", "pySHACL", count / theirs)


def everything() -> None:
    seconds = timed(lambda: [check_page(page_of(path), PROFILES) for path in PAGES])
    largest = max(PAGES, key=lambda path: path.stat().st_size)
    alone = timed(lambda: page_of(largest))
    print(f"Alle {len(PAGES)} pagina's lezen en nakijken: {seconds:.2f} s; de grootste lezen: {alone:.2f} s")


def harvesting() -> None:
    """A site of pages with one decision and its session each, through the log, with a look at what each is about."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.site.pages = {"/": "".join(LIST.format(number) for number in range(HARVESTED))}
        world.site.pages |= {f"/notulen/{number}": minutes(number) for number in range(HARVESTED)}
        start = time.perf_counter()
        run = world.run()
        seconds = time.perf_counter() - start
        world.log.close()
    print(f"Oogsten: {HARVESTED / seconds:.0f} besluiten/s ({run})")


def minutes(number: int) -> str:
    """The same minutes with IRIs of their own."""
    site = "https://raad.voorbeeldgem.be"
    return MINUTES.replace(f"{site}/id/", f"{site}/id/{number}/").replace(f"{site}/zittingen/12", f"{site}/z/{number}")


def tying() -> None:
    """Precision and recall: of what is tied without asking, and of what is tied or asked."""
    with tempfile.TemporaryDirectory() as folder:
        log = make_log(Path(folder))
        register, make = make_register(make_tools(), log), Make(make_tools().codelists)
        home = register.codelists.municipality(HOME)
        assert home is not None
        clerk = Agent(f"{BASE}/id/organisatie/{home.nis}", HOME, "gemeente", home.nis)
        confirmed = tuple(f"V{number:07d}" for number in range(1001, 1040))
        codes = {}
        for number, (key, names) in enumerate(ASSOCIATIONS.items(), 1):
            location = make.location(number=str(number), postcode=POSTCODE, gemeente=HOME)
            document = make.minimal(naam=names[0], locaties=[location])
            codes[handle(RegisterAssociation(document, confirmed), clerk, register).code] = key
        with log.transaction() as transaction:
            desk = Desk(register, transaction, Agent(BASE, "Oogst", SYSTEM), "", register.today())
            found = [(case, links_of(document_of(case, home.iri), desk)) for case in cases()]
        log.close()
    report(found, codes)


def document_of(case: Case, home: str) -> dict[str, object]:
    articles = [{"inhoud": case.article}] if case.article else []
    return {"naam": case.title, "gemeente": home, "artikelen": articles}


def report(found: Iterable[tuple[Case, list[Link]]], codes: dict[str, str]) -> None:
    found = list(found)
    wanted = sum(len(case.about) for case, _ in found)
    print(f"Verbanden ({len(found)} besluiten, {wanted} verbanden; geen woord of drempel is erop afgesteld):")
    for name, least in (("zonder vraag gelegd", SURE), ("gelegd of gevraagd", 0)):
        told = [(case, {codes[one.code] for one in links if one.certainty >= least}) for case, links in found]
        right, all_told = sum(len(keys & case.about) for case, keys in told), sum(len(keys) for _, keys in told)
        print(f"  {name}: precisie {right}/{all_told} ({right / max(1, all_told):.1%}), "
              f"herinnering {right}/{wanted} ({right / wanted:.1%})")  # fmt: skip
        for case, keys in told:
            for key in sorted(keys - case.about):
                print(f"    ten onrechte {key}: {case.title} {case.article}")


def timed(work: Callable[[], object]) -> float:
    """The best of two, in seconds of this process: others on the machine do not lengthen it."""
    return min(_once(work) for _ in range(2))


def _once(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def page_of(path: Path) -> Page:
    return read_page(path.read_bytes(), url_of(path), SPELLINGS, "urn:x:")


def url_of(path: Path) -> str:
    return f"https://{path.stem.partition('_')[0]}/x"


def decisions_in(page: Page) -> int:
    return sum(1 for subject in page.graph.subjects() if DECISION in page.graph.objects(subject, RDF.type))


def rdflib_of(ntriples: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(data=ntriples, format="nt")


if __name__ == "__main__":
    main()
