"""Searching what is in the register and not public, for who has a right to it: an index beside that of everybody.

Who may find what of it follows from the same table as all reading; a scope that says nothing here finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import orjson

from app.exchange.register_api.fields import Derived, entry_of
from app.exchange.register_api.json import RegisterJson
from app.model.codelists import CodeLists
from app.model.documents import to_document
from app.model.fields import EntityType
from app.model.graph import from_ntriples
from app.register.agents import Agent
from app.register.doubles.traits import from_summary
from app.register.register import Register
from app.register.rights import Rights
from app.register.subjects import FEDERATIONS, FOREVER, HOME
from app.store.log import Log, Version
from app.store.search.both import Both
from app.store.search.follow import follow, is_hidden
from app.store.search.index import Search
from app.store.search.layout import Entry
from app.store.search.query import EVERYTHING, Between, Combined, OneOf, Query

READ = "ReadInternal"
CODE = "code"
NO_FEED = ""
NOTHING = OneOf(CODE, ())


def hidden_follower(log: Log, search: Search, type: EntityType, codelists: CodeLists, base: str) -> Callable[[], int]:
    """What brings the index of what is hidden up to the end of the log, and tells how far it is."""
    project = partial(_entry, log, type, RegisterJson(codelists, base, type.iri_start), Derived(codelists))
    return partial(follow, log, search.file, type.key, NO_FEED, project, is_hidden)


def finder_in(search: Search, hidden: Search, register: Register) -> Callable[[Agent | None], Search | Both]:
    """Where to look for who asks; None is anybody."""

    def finder(agent: Agent | None) -> Search | Both:
        if agent is None or not register.rights.may(agent, READ):
            return search
        return Both(search, hidden, reach(agent, register.rights, register.today()))

    return finder


def reach(agent: Agent, rights: Rights, today: date) -> Query:
    """What an agent may find of what is not public; `Rights.decide` says the same of each of them."""
    rows = rights.table.of(agent.role, READ)
    return Combined(should=tuple(SCOPES[row.scope](agent, today) for row in rows if row.scope in SCOPES) or (NOTHING,))


def _everything(_agent: Agent, _today: date) -> Query:
    return EVERYTHING


def _own_association(agent: Agent, _today: date) -> Query:
    return OneOf(CODE, tuple(agent.associations))


def _own_territory(agent: Agent, _today: date) -> Query:
    return OneOf(HOME, tuple(filter(None, (agent.municipality, *agent.territory))))


def _own_members(agent: Agent, today: date) -> Query:
    """A membership stands in the index with its last day, which needs not be told when it comes."""
    if not agent.federation:
        return NOTHING
    return Between(FEDERATIONS, f"{agent.federation} {today.isoformat()}", f"{agent.federation} {FOREVER}")


SCOPES: Mapping[str, Callable[[Agent, date], Query]] = {
    "alles": _everything,
    "eigen-vereniging": _own_association,
    "eigen-grondgebied": _own_territory,
    "eigen-leden": _own_members,
}


def _entry(log: Log, type: EntityType, shaped: RegisterJson, derived: Derived, version: Version) -> Entry:
    triples = (version.public or b"") + version.internal
    entry = entry_of(to_document(from_ntriples(triples), type, version.entity), shaped, derived)
    said = _said(log, version.entity)
    own = {
        CODE: [version.entity.rpartition("/")[2]],
        HOME: [said[HOME]] if said.get(HOME) else [],
        FEDERATIONS: [f"{code} {day}" for code, day in said.get(FEDERATIONS, {}).items()],
    }
    shown = {**orjson.loads(entry.shown), "isUitgeschrevenUitPubliekeDatastroom": True}
    return replace(entry, values={**entry.values, **own}, shown=orjson.dumps(shown))


def _said(log: Log, entity: str) -> dict[str, Any]:
    """What rights depend on, as it is now: when that changes, a version follows."""
    summary = log.summary(entity)
    return from_summary(summary)[1] if summary else {}
