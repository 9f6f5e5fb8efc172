"""Who may do what, as `ontology/rights.ttl` says it: roles, actions, what they reach, and the rows that join them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from app.model.graph import IRI, Graph, Subject, Term, parse_graph
from app.model.reading import instances, text_of
from app.model.terms import DCT, ODRL, SKOS


@dataclass(frozen=True)
class Named:
    """A role, an action, what it reaches or what it asks for: its word in the program, and its words in Dutch."""

    key: str
    label: str
    what: str = ""


@dataclass(frozen=True)
class Permission:
    """One row: this role may do this with what is in this scope, and must say why when `purpose`."""

    role: str
    action: str
    scope: str
    purpose: bool = False


@dataclass(frozen=True)
class Permissions:
    """The whole table; roles and actions in the order in which people should read them."""

    roles: Mapping[str, Named]
    actions: Mapping[str, Named]
    scopes: Mapping[str, Named]
    rows: tuple[Permission, ...]
    purpose: str
    graph: Graph = field(repr=False)

    def of(self, role: str, action: str) -> tuple[Permission, ...]:
        """What this role may do of this: nothing when there is no row."""
        return tuple(row for row in self.rows if (row.role, row.action) == (role, action))


def load_permissions(path: Path, base: str) -> Permissions:
    """Read the table; raises ValueError naming a permission that speaks of what is not there."""
    graph = parse_graph(path.read_bytes(), base=f"{base}/")
    named = {type: _named(graph, type) for type in (ODRL.PartyCollection, ODRL.Action, ODRL.AssetCollection)}
    rules = instances(graph, ODRL.Permission)
    [constraint] = instances(graph, ODRL.Constraint)
    roles, actions, scopes = ({one.key: one for one in found.values()} for found in named.values())
    rows = tuple(row for rule in rules for row in _rows(graph, rule, named))
    return Permissions(roles, actions, scopes, rows, text_of(graph, constraint, SKOS.definition), graph)


def _named(graph: Graph, type: IRI) -> dict[Term, Named]:
    return {
        node: Named(
            text_of(graph, node, DCT.identifier),
            text_of(graph, node, SKOS.prefLabel),
            text_of(graph, node, SKOS.definition),
        )
        for node in instances(graph, type)
    }


def _rows(graph: Graph, rule: Subject, named: Mapping[IRI, Mapping[Term, Named]]) -> Iterator[Permission]:
    wanted = (ODRL.assignee, ODRL.action, ODRL.target)
    found = [
        [_key(rule, known, term) for term in graph.objects(rule, predicate)]
        for predicate, known in zip(wanted, named.values(), strict=True)
    ]
    purpose = graph.value(rule, ODRL.constraint) is not None
    if not all(found):
        raise ValueError(f"{rule} needs a role, an action and a scope")
    yield from (Permission(role, action, scope, purpose) for role, action, scope in product(*found))


def _key(rule: Subject, known: Mapping[Term, Named], term: Term) -> str:
    if term not in known:
        raise ValueError(f"{rule} speaks of {term}, which is not there")
    return known[term].key
