"""What the owner of a subscription is: kept when it was made, and asked again at each telling.

A subscription outlives the login that it was made with. Of a vendor we know at any moment whether the municipality lets
it act still, of a representative whether they stand in the register still; the roles of everybody else come from the
provider, so those are compared when they log in again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from app.register import agents
from app.register.agents import Agent
from app.register.desk import KBO_CLAIM
from app.register.register import Register
from app.store.authorisations import Authorisations
from app.store.subscriptions import Standing, Subscription, change_subscription, subscriptions_of

ONLY_PUBLIC = "U krijgt nog enkel wat openbaar is: "
NO_MANDATE = ONLY_PUBLIC + "de gemeente heeft de machtiging van deze leverancier ingetrokken."
NOT_THERE = ONLY_PUBLIC + "wie dit abonnement nam, staat niet meer in het register als vertegenwoordiger."
NO_ROLE = ONLY_PUBLIC + "wie dit abonnement nam, heeft die rol niet meer."


def standing_of(agent: Agent, register: Register) -> Standing:
    """What an agent may know, to be kept with what it asks for."""
    territory = {*agent.territory, *([agent.municipality] if agent.municipality else [])}
    federation = agent.federation or ""
    if holders := register.log.find(KBO_CLAIM, federation) if federation else []:
        federation = holders[0].rpartition("/")[2]
    areas, associations = tuple(sorted(territory)), tuple(sorted(agent.associations))
    return Standing(agent.role, areas, associations, federation, agent.person)


def owner_of(known: Subscription) -> Agent:
    """The owner of a subscription, as when it was made."""
    standing = known.standing
    return Agent(
        known.owner,
        "",
        standing.role,
        territory=frozenset(standing.territory),
        associations=frozenset(standing.associations),
        federation=standing.federation or None,
    )


def lost(known: Subscription, register: Register) -> str:
    """Why the owner is no longer who they were, as a Dutch sentence; empty when they are."""
    standing = known.standing
    if standing.lost:
        return NO_ROLE
    if standing.role == agents.VENDOR:
        given = Authorisations(register.log.database, register.clock).of_vendor(known.owner.rpartition("/")[2])
        return "" if {one.nis for one in given} >= set(standing.territory) else NO_MANDATE
    if standing.role == agents.ASSOCIATION and standing.person:
        there = register.log.vault.entities_of(bytes.fromhex(standing.person))
        return "" if known.owner in there else NOT_THERE
    return ""


def compare(account: str, bodies: Container[str], capacities: Iterable[Agent], register: Register) -> None:
    """Note, of all that somebody asked for in the name of these bodies, whether they may still: they just logged in.

    Of other bodies nothing is known: who comes for one does not show the roles that they have in another.
    """
    held = {_key(agent, standing_of(agent, register)) for agent in capacities}
    all = subscriptions_of(register.log.database)
    asked = [one for one in all if one.account == account and one.owner in bodies]
    changed = [one for one in asked if (_key(owner_of(one), one.standing) not in held) != one.standing.lost]
    if not changed:
        return
    with register.log.transaction() as transaction:
        for one in changed:
            standing = replace(one.standing, lost=not one.standing.lost)
            change_subscription(transaction.connection, one.id, standing=standing)


def _key(agent: Agent, standing: Standing) -> tuple[str, Standing]:
    """Who acts in which role and where; by which number somebody came makes no difference."""
    return agent.iri, replace(standing, person="", lost=False)
