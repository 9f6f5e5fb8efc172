"""From the claims of ACM to the capacities in which a person may act here; names of claims and roles are settings.

A person acts in one capacity at a time (*hoedanigheid*): who comes as a clerk does not see the club that they chair,
and the other way around. https://authenticatie.vlaanderen.be/docs/beveiligen-van-toepassingen/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.exchange.oidc.acm_bodies import Bodies, plain
from app.register import agents
from app.register.agents import Agent
from app.register.founding import founder

# Civil servants: whoever comes for one of these does not act as a citizen. LB local, GID Flemish, OV other.
ADMINISTRATIONS = frozenset({"LB", "GID", "OV"})
ENTERPRISE = "EA"


@dataclass(frozen=True)
class ClaimNames:
    """Which claim tells what: one field of the setting `oidc_claims` each."""

    gebruiker: str = "vo_id"
    rijksregisternummer: str = "rrn"
    doelgroep: str = "vo_doelgroepcode"
    organisatie: str = "vo_orgcode"
    organisatienaam: str = "vo_orgnaam"
    rollen: str = "dv_verenigingsregister_rol_3d"


@dataclass(frozen=True)
class Person:
    """Somebody who logged in: in which capacities, and the blind index by which their associations are found again.

    `bodies` are those of which we now know in which roles they act for them, and in which not.
    """

    account: str
    capacities: tuple[Agent, ...]
    subject: bytes | None
    bodies: frozenset[str] = frozenset()


@dataclass(frozen=True)
class People:
    """Reads claims. `roles` are the names of roles in ACM and what they are here; `blind` makes a pseudonym."""

    bodies: Bodies
    names: ClaimNames
    roles: Mapping[str, str]
    blind: Callable[[str], str]

    def person(self, claims: Mapping[str, Any]) -> Person:
        """Who this is here; without any capacity for somebody who has no business here.

        The INSZ itself goes no further than this function.
        """
        account = self.blind(self._text(claims, "gebruiker") or str(claims["sub"]))
        audience = self._text(claims, "doelgroep")
        by_role = tuple(self._by_role(claims, account))
        came_for = self.bodies.iris(self._text(claims, "organisatie"))
        if audience in ADMINISTRATIONS:
            return Person(account, by_role, None, came_for | {each.iri for each in by_role})
        subject = self._subject(self._text(claims, "rijksregisternummer"))
        own = self._own(subject, account) if subject else ()
        capacities = _once((*by_role, *self._of_enterprise(claims, audience, account), *own))
        if subject and not capacities:
            capacities = (founder(self.bodies.register.schema.base, account, subject.hex()),)
        return Person(account, capacities, subject, came_for | {each.iri for each in capacities})

    def still(self, agent: Agent, subject: bytes | None) -> bool:
        """Whether somebody still represents the association in whose name they came by their own number."""
        if agent.role != agents.ASSOCIATION or subject is None:
            return True
        return agent.iri in self.bodies.register.log.vault.entities_of(subject)

    def _by_role(self, claims: Mapping[str, Any], account: str) -> Iterator[Agent]:
        own = self._text(claims, "organisatie")
        name = self._text(claims, "organisatienaam")
        for role, keys in assigned(claims.get(self.names.rollen)):
            for code in self._concerned(keys, own):
                agent = self._in_role(self.roles.get(role), code, name if code == own else "", account)
                if agent is not None:
                    yield agent

    def _concerned(self, keys: tuple[str, ...], own: str) -> tuple[str, ...]:
        """The organisations for which a role holds: those of its keys, but of these only the one that they came for."""
        if not own:
            return keys
        return (own,) if not keys or any(self._same(key, own) for key in keys) else ()

    def _same(self, one: str, other: str) -> bool:
        """An organisation may be named by its KBO number here and its OVO code there."""
        home = self.bodies.municipality(one)
        return plain(one) == plain(other) or (home is not None and home == self.bodies.municipality(other))

    def _in_role(self, role: str | None, code: str, name: str, account: str) -> Agent | None:
        if role == agents.MUNICIPALITY:
            home = self.bodies.municipality(code)
            return self.bodies.as_municipality(home, account) if home else None
        if role == agents.FEDERATION:
            association = self.bodies.association(code)
            return self.bodies.as_federation(association, account) if association else None
        return self.bodies.as_organisation(role, code, name, account) if role else None

    def _of_enterprise(self, claims: Mapping[str, Any], audience: str, account: str) -> Iterator[Agent]:
        """Whom ACM lets act for an enterprise acts here for the association with that number."""
        code = self._text(claims, "organisatie")
        association = self.bodies.association(code) if audience == ENTERPRISE and code else None
        if association:
            yield self.bodies.as_representative(association, account)

    def _own(self, subject: bytes, account: str) -> Iterator[Agent]:
        register = self.bodies.register
        for entity in register.log.vault.entities_of(subject):
            if self.bodies.association(entity.rpartition("/")[2]) == entity:
                yield replace(self.bodies.as_representative(entity, account), person=subject.hex())

    def _subject(self, number: str) -> bytes | None:
        return self.bodies.register.log.vault.blind(plain(number)) if number else None

    def _text(self, claims: Mapping[str, Any], name: str) -> str:
        value = claims.get(getattr(self.names, name))
        return value.strip() if isinstance(value, str) else ""


def assigned(value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The roles in a claim `…_rol_3d`, each with the keys of the organisations that it is for.

    >>> list(assigned(["LoketGebruiker:0428315871, OVO002949", "Lezer"]))
    [('LoketGebruiker', ('0428315871', 'OVO002949')), ('Lezer', ())]
    """
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    for text in texts:
        role, _, keys = str(text).partition(":")
        yield role.strip(), tuple(key.strip() for key in keys.split(",") if key.strip())


def _once(capacities: tuple[Agent, ...]) -> tuple[Agent, ...]:
    """Who comes for an association in two ways, comes in the first of them."""
    return tuple({replace(each, person=""): each for each in reversed(capacities)}.values())[::-1]
