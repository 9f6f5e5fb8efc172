"""SERVICE is refused wherever it is really used, and nowhere else."""

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.queries import keywords
from app.store.queries.worker import Reader

PREFIXES = (
    "PREFIX : <http://a/> PREFIX ex: <http://127.0.0.1:1/> PREFIX service: <http://s/service#> "
    "PREFIX SERVICE: <http://S/> "
)
USED = [
    "ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "ASK { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "ASK { SeRvIcE ?where { ?s ?p ?o } }",
    # As one word with what follows or precedes: a textbook lexer sees a name here.
    "ASK { SERVICEex:foo { } }",
    "ASK { SERVICESILENTex:foo { } }",
    "ASK { SERVICE:foo { } }",
    "ASK { service:foo { } }",
    "ASK { ?s ?p 1SERVICE ex:foo { } }",
    "ASK { ?s ?p true.SERVICE<http://127.0.0.1:1/>{ } }",
    "ASK { FILTER(true)SERVICE<http://127.0.0.1:1/>{ } }",
    # What looks like an IRI is a comparison, a bracket, SERVICE and a comment.
    "ASK { FILTER(1<2)SERVICE#>\nex:foo { } }",
    "ASK { FILTER(1<2)SERVICE?x#>\n{ } }",
    "ASK { ?s ?p 'service' # service\n SERVICE # service\n ?service { } }",
    "ASK { { SELECT * { OPTIONAL { SERVICE ex:foo { } } } } }",
    "ASK { FILTER NOT EXISTS { SERVICE ex:foo { } } }",
    "SELECT (EXISTS { SERVICE ex:foo { } } AS ?x) { }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o MINUS { SERVICE ex:foo { ?s ?p ?o } } }",
    "DESCRIBE ?s { SERVICE ex:foo { ?s ?p ?o } }",
    "ASK { ?s ?p ?o } ORDER BY (EXISTS { SERVICE ex:foo { } })",
]
NOT_USED = [
    "ASK { ?service ?SERVICE ?Service }",
    "ASK { $service :service service:SERVICE }",
    "ASK { SERVICE:foo service:bar :SERVICE. }",
    "ASK { <http://x/service> <http://x/SERVICE#SERVICE> <service> }",
    "ASK { ?s ?p 'SERVICE <http://x/> { }', \"SERVICE ex:foo { }\", 'it\\'s SERVICE ex:foo { }' }",
    "ASK { ?s ?p '''SERVICE ' ex:foo { }''', \"\"\"\nSERVICE \" ex:foo { }\"\"\" }",
    "ASK { ?s ?p ?o # SERVICE <http://x/> { }\n }",
    "ASK { ?s ?p 'x'@service-SERVICE }",
    "ASK { _:service ?p _:SERVICE }",
    "SELECT (COUNT(*) AS ?service) { } GROUP BY ?SERVICE",
    "ASK { ?s :servic\\-e ?o ; :%73ervice ?service }",
    "ASK { ?s <http://www.w3.org/ns/sparql-service-description#endpoint> ?o }",
    "ASK { ?service ?p ?SERVICE FILTER(?service<?p&&?SERVICE>?p) }",
]
WRONG = [
    "ASK { ?service",
    "ASK { ?service ",
    "ASK { ?service # SERVICE",
    "SERVICE",
    'ASK { "service }',
    "ASK { ?service ?p ?o } }",
    "ASK { SERVIC <http://x/service> { } }",
    "ASK { ſERVICE ex:service { } }",
    "ASK { S\\u0045RVICE ex:service { } }",
]


def reply(query: str) -> str:
    """What a worker says before it would open anything: `service`, `syntax`, or that there is nothing to open."""
    types = {"solutions": None, "boolean": None, "graph": None}
    question = {"text": query, "directory": "/nowhere", "base": "http://base/", "types": types,
                "default_graphs": [], "named_graphs": []}  # fmt: skip
    return str(Reader().reply(question)[0]["error"])


@pytest.mark.parametrize("query", USED)
def test_service_is_refused(query: str) -> None:
    assert reply(PREFIXES + query) == "service"


@pytest.mark.parametrize("query", NOT_USED)
def test_the_word_service_is_allowed_where_it_is_no_keyword(query: str) -> None:
    assert reply(PREFIXES + query) == "store"


@pytest.mark.parametrize("query", WRONG)
def test_a_query_that_is_wrong_is_not_called_a_federated_one(query: str) -> None:
    assert reply(PREFIXES + query) == "syntax"


WORDS = st.sampled_from(["service", "SERVICE", "Service", "serviceservice", "aservice", "services"])
GAPS = st.sampled_from([" ", "\n", "\t ", " # service\n", " #> SERVICE <http://x/> {\n", "\r\n"])
HARMLESS = st.one_of(
    WORDS.map(lambda word: f"?{word} ?p ?o"),
    WORDS.map(lambda word: f"?s :{word} ?o"),
    WORDS.map(lambda word: f"?s <http://x/{word}#{word}> ?o"),
    WORDS.map(lambda word: f"?s ?p '{word} ex:a {{}}'"),
    WORDS.map(lambda word: f"?s ?p '''{word} '' ex:a {{}}'''"),
    WORDS.map(lambda word: f'?s ?p "{word} \\" ex:a {{}}"'),
    WORDS.map(lambda word: f"?s ?p 'x'@{word[:8]}"),
    WORDS.map(lambda word: f"FILTER(?{word}<?p)"),
    # Three times: a variable that is used before may not be bound after.
    WORDS.map(lambda word: f"BIND(IRI('http://x/{word}') AS ?{3 * word})"),
)
CLAUSES = st.builds(
    lambda word, silent, gap, where: f"{word}{gap}{silent}{where}{gap}{{ ?a ?b ?c }}",
    st.sampled_from(["service", "SERVICE", "sErViCe"]),
    st.sampled_from(["", "SILENT ", "silent\n"]),
    GAPS,
    st.sampled_from(["<http://127.0.0.1:1/>", "?somewhere", "ex:a", ":service", "service:x"]),
)
NESTINGS = st.sampled_from(
    [
        "{}",
        "OPTIONAL {{ {} }}",
        "{{ {} }} UNION {{ ?s ?p ?o }}",
        "MINUS {{ {} }}",
        "FILTER EXISTS {{ {} }}",
        "{{ SELECT * {{ {} }} }}",
        "GRAPH ?service {{ {} }}",
    ]
)


@settings(max_examples=300)
@given(st.lists(HARMLESS, max_size=4), st.lists(HARMLESS, max_size=4), CLAUSES, NESTINGS, GAPS, st.booleans())
def test_only_a_service_clause_is_refused(
    before: list[str], after: list[str], clause: str, nesting: str, gap: str, used: bool
) -> None:
    middle = [nesting.format(clause if used else "?s ?p ?o")]
    # Two BINDs of one variable would be wrong by themselves.
    parts = list(dict.fromkeys([*before, *middle, *after]))
    query = PREFIXES + "SELECT * WHERE {" + gap + f" .{gap}".join(parts) + gap + "}"
    query = query.replace(f") .{gap}", f"){gap}")
    outcome = reply(query)
    assert outcome == ("service" if used else "store")


@given(st.text(alphabet=st.sampled_from("servicSERVICEqxzfromFROM ?<>#'\"{}\n"), max_size=60))
def test_a_respelt_text_keeps_its_length_and_loses_the_word(text: str) -> None:
    for keyword in ("service", "from"):
        other = keywords.respelt(text, keyword)
        if other is None:
            assert keyword not in text.lower()
        else:
            assert len(other) == len(text) and keyword not in other.lower()


def test_the_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(keywords).failed == 0
