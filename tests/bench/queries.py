"""Questions to the service and to the engines on the same triples: SPARQL, one entity as JSON-LD, search on a word.

Each SPARQL query is new (a number in a comment), so no cache of whole answers helps anybody; `bekend` asks some again
and again. Search on a word is our own search beside what each engine has for it: CONTAINS, and Virtuoso's text index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tests.bench.flanders import BASE
from tests.bench.load import Asked, Blanks, Speed, Target, measure
from tests.bench.table import Line

JSON, TURTLE, JSON_LD = "application/sparql-results+json", "text/turtle", "application/ld+json"
PREFIXES = """
PREFIX fv: <https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX regorg: <http://www.w3.org/ns/regorg#>
PREFIX schema: <http://schema.org/>
PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX besluit: <http://data.vlaanderen.be/ns/besluit#>
"""
PLACE = "<http://vocab.belgif.be/auth/refnis2025/@NIS@>"
WORDS = ("harmonie", "toneel", "voetbal", "natuur", "scouts", "koor", "senioren", "dans")
PLACES = ("44021", "41002", "44084", "34022", "71016", "24020", "33011", "72020")
CONNECTIONS, MANY = 8, 100


@dataclass(frozen=True)
class Question:
    """One kind of SPARQL query; `weight` is how often people and programs ask it beside the others."""

    name: str
    text: str
    accept: str = JSON
    weight: float = 1.0


QUESTIONS = (
    Question("opzoeken op V-code", "SELECT ?p ?o { ?v dct:identifier '@V@' ; ?p ?o }", weight=40),
    Question("als graaf", "CONSTRUCT { ?v ?p ?o } { ?v dct:identifier '@V@' ; ?p ?o }", TURTLE, weight=15),
    Question(
        "lijst van een gemeente",
        f"SELECT ?v ?n ?c {{ ?v schema:location {PLACE} ; a fv:Vereniging ; skos:prefLabel ?n ; dct:identifier ?c }} "
        "LIMIT 100",
        weight=15,
    ),
    Question(
        "besluiten over een vereniging",
        "SELECT ?b ?t ?d { ?v dct:identifier '@V@' . ?b eli:is_about ?v ; eli:title ?t ; eli:date_document ?d } "
        "ORDER BY DESC(?d)",
        weight=15,
    ),
    Question(
        "laatste besluiten van een gemeente",
        f"SELECT ?b ?t ?d {{ ?b dct:spatial {PLACE} ; a besluit:Besluit ; eli:title ?t ; eli:date_document ?d }} "
        "ORDER BY DESC(?d) LIMIT 20",
        weight=5,
    ),
    Question(
        "1000 rijen",
        "SELECT ?v ?n ?c { ?v a fv:Vereniging ; skos:prefLabel ?n ; dct:identifier ?c } LIMIT 1000",
        weight=5,
    ),
    Question(
        "tellen per activiteit in een gemeente",
        f"SELECT ?a (COUNT(?v) AS ?n) {{ ?v schema:location {PLACE} ; regorg:orgActivity ?a }} "
        "GROUP BY ?a ORDER BY DESC(?n)",
        weight=4,
    ),
    Question(
        "tellen per activiteit, alles",
        "SELECT ?a (COUNT(?v) AS ?n) { ?v regorg:orgActivity ?a } GROUP BY ?a ORDER BY DESC(?n)",
        weight=1,
    ),
)
BY_WORD = (
    "SELECT ?v ?n { ?v skos:prefLabel ?n ; a fv:Vereniging FILTER(CONTAINS(LCASE(?n), '@WORD@')) } LIMIT 10",
    "SELECT ?v ?n { ?v skos:prefLabel ?n ; a fv:Vereniging . ?n bif:contains '\"@WORD@\"' } LIMIT 10",
)
ENTITY = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}/id/vereniging/@V@> {{ ?s ?p ?o }} }}"


@dataclass(frozen=True)
class Party:
    """One that is asked, in its own words: where SPARQL, an entity and a search are asked."""

    target: Target
    sparql: str
    entity: Asked
    search: Asked

    def query(self, question: Question, new: bool = True) -> Asked:
        comment = "%20%23@NEW@" if new else ""
        path = f"{self.sparql}?query={_quoted(PREFIXES + question.text)}{comment}"
        return Asked(path, question.accept, question.weight)


@dataclass
class Measuring:
    """What every measurement needs."""

    blanks: Blanks
    folder: Path
    seconds: int
    costs: list[tuple[str, str, Speed]] = field(default_factory=list)

    def ask(self, party: Party, what: str, asked: Sequence[Asked], connections: int = CONNECTIONS) -> Speed:
        speed = measure(party.target, asked, self.blanks, self.folder, self.seconds, connections)
        self.costs.append((what, party.target.name, speed))
        return speed


def service(target: Target) -> Party:
    """We ourselves."""
    search = Asked("/v1/verenigingen/zoeken?q=@WORD@&limit=10", "application/json")
    return Party(target, "/sparql", Asked("/doc/vereniging/@V@.jsonld", JSON_LD), search)


def engine(target: Target) -> Party:
    """An engine that knows SPARQL and nothing else."""
    path, by_word = ("/sparql", BY_WORD[1]) if target.name == "virtuoso" else ("/query", BY_WORD[0])
    entity = Asked(f"{path}?query={_quoted(ENTITY)}%20%23@NEW@", JSON_LD)
    return Party(target, path, entity, Asked(f"{path}?query={_quoted(PREFIXES + by_word)}%20%23@NEW@", JSON))


def lines(ours: Party, others: Sequence[Party], measuring: Measuring) -> Iterator[Line]:
    """Every question to everybody, in turns, so that whatever else the machine does hits all of them."""
    for question in QUESTIONS:
        rows = [(party, [party.query(question)]) for party in (ours, *others)]
        yield from _beside(question.name, rows, measuring)
    mixes = [(party, [party.query(question) for question in QUESTIONS]) for party in (ours, *others)]
    yield from _beside("alles door elkaar", mixes, measuring)
    known = [(ours, [ours.query(question, new=False) for question in QUESTIONS]), *mixes[1:]]
    yield from _beside("alles door elkaar, bekend", known, measuring)
    yield from _beside("een vereniging als JSON-LD", [(p, [p.entity]) for p in (ours, *others)], measuring)
    yield from _beside("zoeken op een woord", [(p, [p.search]) for p in (ours, *others)], measuring)
    yield from _crowd(mixes, measuring)


def _beside(what: str, rows: Sequence[tuple[Party, list[Asked]]], measuring: Measuring) -> Iterator[Line]:
    speeds = [measuring.ask(party, what, asked) for party, asked in rows]
    for (party, _), theirs in zip(rows[1:], speeds[1:], strict=True):
        yield Line(what, speeds[0].rate, "antwoorden/s", party.target.name, theirs.rate)


def _crowd(mixes: Sequence[tuple[Party, list[Asked]]], measuring: Measuring) -> Iterator[Line]:
    """Whether answers stay near each other when a hundred ask at once."""
    what = f"p99 met {MANY} tegelijk"
    speeds = [measuring.ask(party, what, asked, MANY) for party, asked in mixes]
    for (party, _), theirs in zip(mixes[1:], speeds[1:], strict=True):
        yield Line(what, speeds[0].slow, "ms", party.target.name, theirs.slow, less_is_better=True)
    yield Line(f"p50 met {MANY} tegelijk", speeds[0].half, "ms")


def cost_lines(measuring: Measuring) -> Iterator[Line]:
    """Processor time for each answer: on a machine that others use too it says more than answers/s."""
    ours = {what: speed for what, name, speed in measuring.costs if name == "wij"}
    for what, name, speed in measuring.costs:
        if name != "wij" and speed.rate and ours[what].rate:
            yield Line(f"{what}: kost", ours[what].cost, "ms processor", name, speed.cost, less_is_better=True)


def _quoted(text: str) -> str:
    """As part of an address, with the blanks left as they are."""
    return quote(" ".join(text.split()), safe="@")
