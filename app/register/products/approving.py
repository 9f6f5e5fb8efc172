"""Who must approve a product before everybody sees it: the validators that its card names by their account.

A validator without an account only says who reads along: nobody could prove to be that post.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.errors import Problem
from app.model.changes import FOLLOWING
from app.model.codelists import CodeLists
from app.model.fields import Document, EntityType
from app.model.graph import Triple
from app.model.terms import VL
from app.register import agents
from app.register.agents import Agent
from app.register.conduct import Case
from app.register.prepare import graphs_of

VALIDATOR = "validator"
POSTS = "verantwoordelijken"
ASK_FIRST = "Deze fiche heeft een validator: bewaar ze als ontwerp en vraag om goedkeuring."
# What a validator approved already, and what follows from a decree.
APPROVED = frozenset({VL.ProductGoedgekeurd.value, VL.FusieOvergenomen.value, VL.FusieTeruggedraaid.value})


def validators_of(document: Document, codelists: CodeLists) -> frozenset[str]:
    """The accounts of those who must approve; none when nobody must."""
    return frozenset(
        each["account"]
        for each in document.get(POSTS, ())
        if each.get("account") and _role(each.get("rol", ""), codelists) == VALIDATOR
    )


def _role(said: str, codelists: CodeLists) -> str:
    """The code of a role; a draft may name it as people do."""
    found = codelists.concept(said, "productrol") or codelists.find("productrol", said)
    return found.notation if found else ""


def validators_for(before: Document | None, after: Document, codelists: CodeLists) -> frozenset[str]:
    """Those of the card as it stands; who is named only now decides when nobody was."""
    return validators_of(before or {}, codelists) or validators_of(after, codelists)


def may_approve(agent: Agent, accounts: frozenset[str]) -> bool:
    """Whether this agent is one of them, or stands above them all."""
    return not accounts or agent.role in (agents.SYSTEM, agents.MANAGER) or agent.account in accounts


def a_validator_approves(case: Case) -> Iterator[Problem]:
    """What everybody sees of a card with a validator, and who that is, changes with their approval alone."""
    codelists = case.desk.register.codelists
    accounts = validators_for(case.before, case.document, codelists)
    if case.activity in APPROVED or may_approve(case.desk.agent, accounts) or not _shows(case):
        return
    yield Problem(POSTS, ASK_FIRST)


def _shows(case: Case) -> bool:
    """Whether everybody would see something else, or another would be the validator."""
    if case.before is None:
        return True
    codelists = case.desk.register.codelists
    before, after = (validators_of(each, codelists) for each in (case.before, case.document))
    return (bool(before) and before != after) or _seen(case.before, case.type) != _seen(case.document, case.type)


def _seen(document: Document, type: EntityType) -> set[Triple]:
    """What everybody sees, without what only counts versions."""
    public, _, _ = graphs_of(document, type)
    return {triple for triple in public if triple[1] not in FOLLOWING}
