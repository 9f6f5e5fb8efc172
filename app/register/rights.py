"""Whether somebody may do something, and why not; the table is `ontology/rights.ttl`, what its scopes mean is here.

    register.rights.check(agent, "ReadInternal", subject)      # or Forbidden, with the reason in Dutch
    register.rights.may(agent, "DecideReferral")               # with anything at all? for menus and buttons

What no row allows may not be done, so an action that is not in the table is nobody's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.errors import Forbidden
from app.model.permissions import Permissions
from app.register.agents import Agent

NEVER = "Dit kan niemand hier doen."


@dataclass(frozen=True)
class Subject:
    """What is acted upon, as far as rights depend on it.

    `home` is the NIS code of the municipality of the primary location, `sites` are those of all locations;
    `federations` are the V-codes of what it is a member of, `owner` is the organisation that it belongs to.
    """

    code: str = ""
    home: str | None = None
    sites: frozenset[str] = frozenset()
    federations: frozenset[str] = frozenset()
    owner: str = ""
    public: bool = False


ANYTHING = Subject("*")
"""Whatever there is: for menus, and for what has still to be found."""


@dataclass(frozen=True)
class Verdict:
    """Yes, or no and why, as a Dutch sentence."""

    allowed: bool
    reason: str = ""


Scope = Callable[[Agent, Subject], bool]


def everything(_agent: Agent, _subject: Subject) -> bool:
    return True


def what_is_public(_agent: Agent, subject: Subject) -> bool:
    return subject.public


def own_association(agent: Agent, subject: Subject) -> bool:
    return subject.code in agent.associations


def what_is_new(_agent: Agent, subject: Subject) -> bool:
    """That its founder stands in it, `founding` sees to."""
    return not subject.code


def own_territory(agent: Agent, subject: Subject) -> bool:
    return subject.home is not None and agent.covers(subject.home)


def active_in_own_territory(agent: Agent, subject: Subject) -> bool:
    """A municipality brings in what is active there, wherever its post goes; without an address, on its word."""
    return not subject.sites or any(agent.covers(nis) for nis in subject.sites)


def own_members(agent: Agent, subject: Subject) -> bool:
    return agent.federation in subject.federations


def own_organisation(agent: Agent, subject: Subject) -> bool:
    return bool(subject.owner) and subject.owner in (agent.iri, agent.on_behalf_of)


ALL = "alles"
SCOPES: Mapping[str, Scope] = {
    ALL: everything,
    "publiek": what_is_public,
    "eigen-vereniging": own_association,
    "nieuw": what_is_new,
    "eigen-grondgebied": own_territory,
    "eigen-inbreng": active_in_own_territory,
    "eigen-leden": own_members,
    "eigen-organisatie": own_organisation,
}


class Rights:
    """The table of permissions, asked."""

    def __init__(self, table: Permissions) -> None:
        self.table = table

    def decide(self, agent: Agent, action: str | type, subject: Subject | None = ANYTHING) -> Verdict:
        """Whether, and why not; of what is not there (None) only who may do it with everything.

        `action` is the key of an action, or the type of a command.
        """
        name = action if isinstance(action, str) else action.__name__
        rows = self.table.of(agent.role, name)
        if not rows:
            return Verdict(False, self._not_for_this_role(agent, name))
        if subject is ANYTHING:
            return Verdict(True)
        within = [row for row in rows if row.scope == ALL or (subject and SCOPES[row.scope](agent, subject))]
        if not within:
            return Verdict(False, self.table.scopes[rows[0].scope].what)
        if all(row.purpose for row in within) and not agent.purpose:
            return Verdict(False, self.table.purpose)
        return Verdict(True)

    def check(self, agent: Agent, action: str | type, subject: Subject | None = ANYTHING) -> None:
        """Raise Forbidden, with the reason, when `decide` says no."""
        verdict = self.decide(agent, action, subject)
        if not verdict.allowed:
            raise Forbidden(verdict.reason)

    def may(self, agent: Agent, action: str | type, subject: Subject | None = ANYTHING) -> bool:
        """Whether `decide` says yes."""
        return self.decide(agent, action, subject).allowed

    def _not_for_this_role(self, agent: Agent, name: str) -> str:
        role, action = self.table.roles.get(agent.role), self.table.actions.get(name)
        return f"Met de rol {role.label} kunt u dit niet: {action.label}." if role and action else NEVER
