"""The part of registering that needs no look at the register: pure, so an import can do it in worker processes.

    prepared = prepare(document, tools, today, municipality="44021")     # or raises Refused with all problems
    handle(RegisterAssociation(document, prepared=prepared), agent, register)

`handle` takes the same road for who does not prepare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any

import orjson

from app.errors import Problem, Refused
from app.model.codelists import Municipality
from app.model.documents import Personal, number_nodes, split, to_graph
from app.model.fields import Document, EntityType
from app.model.graph import Graph
from app.model.shapes import check_personal
from app.register.canonical import Reader
from app.register.derive import DERIVED, LINKS, UNKNOWN_PLACE, derive, identify, primary_site
from app.register.doubles.traits import Traits, traits_of
from app.register.prepared import CODE, TIME, Layout, Prepared
from app.register.register import Tools
from app.register.rules import broken, each, reserved
from app.register.subjects import Rights, rights_of

REFUSED = "Niet alle gegevens zijn goed ingevuld."


class UnknownAddress(Refused):
    """All that is wrong is an address that we do not know: somebody must decide."""


@dataclass(frozen=True)
class Draft:
    """A whole document as it would stand in the register, and all that is wrong with it."""

    document: Document = field(repr=False)
    layout: Layout = field(repr=False)
    traits: Traits = field(repr=False)
    homes: tuple[str, ...]
    problems: tuple[Problem, ...]
    rights: Rights


def prepare(document: Document, tools: Tools, today: date, municipality: str | None = None) -> Prepared:
    """Everything but the code, the time and the look for doubles; raises Refused with all that is wrong.

    `municipality` (NIS) is where an association without an address is taken to be.
    """
    reader, read = read_new(document, tools)
    origin = origin_of(read)
    found = draft(read, tools, today, problems=reader.problems, municipality=municipality)
    if found.problems:
        raise refusal(found.problems)
    return Prepared(
        layout=found.layout,
        traits=found.traits,
        homes=found.homes,
        rights=found.rights,
        others=others(found.document),
        visible=found.document["zichtbaarInLoket"],
        stopped="einddatum" in found.document,
        reserved=reserved(found.document, tools.notions),
        origin=origin,
    )


def read_new(document: Document, tools: Tools) -> tuple[Reader, Document]:
    """The canonical document, and the reader with its problems."""
    reader = Reader(tools.plan)
    read = reader.read(_given(document, DERIVED | LINKS))
    for nodes in read.values():
        _forget_numbers(nodes)
    return reader, read


def origin_of(read: Document) -> str:
    """Tells a canonical document from any other; to be hashed with a key before it is kept."""
    return blake2b(orjson.dumps(read, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def read_change(
    document: Document, supplied: Document, tools: Tools, links: Document | None = None
) -> tuple[Document, list[Problem]]:
    """`document` with the supplied fields in the place of its own; what is supplied empty goes.

    `links` are those of `LINKS` that the register itself changes.
    """
    reader = Reader(tools.plan)
    wanted = {**_given(document), **_given(supplied, DERIVED | LINKS), **(links or {})}
    return reader.read(wanted), reader.problems


def draft(
    read: Document,
    tools: Tools,
    today: date,
    *,
    problems: list[Problem],
    previous: Document | None = None,
    code: str = CODE,
    version: int = 1,
    time: str = TIME,
    municipality: str | None = None,
) -> Draft:
    """Complete a canonical document, number its nodes and check it against every rule that needs no other document."""
    iri = tools.type.iri(code)
    homes = derive(read, tools, today, problems)
    identify(read, code)
    document = number_nodes(read, tools.type, iri, previous)
    document |= {"versie": version, "datumLaatsteAanpassing": time}
    if site := primary_site(document, tools.notions):
        document["primaireLocatie"] = site
    problems += broken(document, today)
    problems += check_personal(document, tools.type)
    public, internal, personal = graphs_of(document, tools.type)
    problems += tools.checker.check(public | internal, iri, document)
    hint = tools.codelists.municipality(municipality) if municipality and not any(homes) else None
    traits = traits_of(document, homes, tools.codelists, hint)
    layout = Layout(public.ntriples(), internal.ntriples(), personal)
    rights = rights_of(document, homes, hint, tools.notions)
    return Draft(document, layout, traits, _nis(homes), told(problems), rights)


def lay_out(document: Document, type: EntityType) -> Layout:
    """A numbered document as it goes into the log and the vault."""
    public, internal, personal = graphs_of(document, type)
    return Layout(public.ntriples(), internal.ntriples(), personal)


def others(document: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The associations that it is a member or a part of, each with the path of the field that says so."""
    term = "andereVereniging"
    ties = (*each(document, "lidmaatschappen"), ("subverenigingVan", document.get("subverenigingVan", {})))
    return tuple((f"{path}.{term}", node[term]) for path, node in ties if node.get(term))


def refusal(problems: tuple[Problem, ...]) -> Refused:
    """The error that says all this."""
    unknown_place = all(problem.message == UNKNOWN_PLACE for problem in problems)
    return (UnknownAddress if unknown_place else Refused)(REFUSED, problems)


def graphs_of(document: Document, type: EntityType) -> tuple[Graph, Graph, Personal]:
    """What everybody may see, what the administration sees besides, and what no graph holds."""
    public, internal, personal = split(document, type)
    iri = document["@id"]
    return to_graph(public, type, iri), to_graph(internal, type, iri), personal


def _given(document: Document, without: frozenset[str] = DERIVED) -> Document:
    return {term: value for term, value in document.items() if term not in without}


def _forget_numbers(nodes: Any) -> None:
    """A new association has no numbered nodes yet, wherever its document came from."""
    for node in nodes if isinstance(nodes, list) else [nodes]:
        if isinstance(node, dict):
            node.pop("@id", None)
            for inner in node.values():
                _forget_numbers(inner)


def _nis(homes: list[Municipality | None]) -> tuple[str, ...]:
    return tuple(sorted({home.nis for home in homes if home}))


def told(problems: list[Problem]) -> tuple[Problem, ...]:
    """One problem for each field, the first: a value that cannot be read is not also missing."""
    return tuple({problem.path: problem for problem in reversed(problems)}.values())[::-1]
