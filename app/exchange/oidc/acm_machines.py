"""From what the provider says of a token to who acts: a municipality, a vendor for one, a federation, or Flanders.

The claims are those of the basisregisters and the Verenigingsregister: scope, vo_orgcode, vo_ovocode, niscode,
vo_orgnaam, vo_applicatienaam. https://github.com/Informatievlaanderen/basisregisters-acmidm
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Forbidden
from app.exchange.oidc.acm_bodies import Bodies, plain
from app.register import agents
from app.register.agents import Agent
from app.store.authorisations import Authorisations

MANAGE = "dv_verenigingsregister_beheer"
NO_SCOPE = f"Dit token geeft hier geen rechten. Vraag de scope {MANAGE} aan bij de aanmelddienst."
NO_ROLE = "Uw organisatie heeft hier geen rol. Een gemeente kan u een machtiging geven onder Beheer, Machtigingen."
FOR_WHOM = "Zeg voor welke gemeente u dit doet, met haar OVO-code in VR-Initiator."
NOT_FOR_THEM = "U hebt geen machtiging (meer) van de gemeente in VR-Initiator."


@dataclass(frozen=True)
class Machines:
    """Reads claims; `roles` are the organisations that are more than any other: the administrator, the KBO, the DPO."""

    bodies: Bodies
    roles: Mapping[str, str]
    authorisations: Authorisations
    blind: Callable[[str], str]

    def agent(self, claims: Mapping[str, Any], initiator: str | None) -> Agent:
        """Who acts; `initiator` is for whom, as the request says. Raises Forbidden, saying what is missing.

        Whoever acts for itself may say so or not: what it says changes nothing then, so it is not held against it.
        """
        account = self.blind(f"client {claims.get('client_id', '')}")
        code = _text(claims, "vo_orgcode")
        name = _text(claims, "vo_orgnaam") or _text(claims, "vo_applicatienaam")
        if MANAGE not in _text(claims, "scope").split():
            raise Forbidden(NO_SCOPE)
        home = self.bodies.municipality(_text(claims, "niscode"), code, _text(claims, "vo_ovocode"))
        if home is not None:
            return self.bodies.as_municipality(home, account)
        role = next((self.roles[each] for each in map(plain, self._codes(claims)) if each in self.roles), None)
        if role == agents.FEDERATION:
            association = self.bodies.association(code)
            return self.bodies.as_federation(association, account) if association else _refuse(NO_ROLE)
        if role is not None:
            return self.bodies.as_organisation(role, code, name, account)
        return self._vendor(plain(code), name, initiator, account)

    def _vendor(self, code: str, name: str, initiator: str | None, account: str) -> Agent:
        given = {one.nis for one in self.authorisations.of_vendor(code)} if code else set()
        if not given:
            return _refuse(NO_ROLE)
        client = self.bodies.municipality(initiator or (next(iter(given)) if len(given) == 1 else None))
        if client is None and not initiator:
            return _refuse(FOR_WHOM)
        if client is None or client.nis not in given:
            return _refuse(NOT_FOR_THEM)
        vendor = self.bodies.as_organisation(agents.VENDOR, code, name, account)
        label = f"{vendor.label} voor gemeente {client.name}"
        return Agent(
            vendor.iri, label, agents.VENDOR, client.nis, on_behalf_of=client.unit or client.iri, account=account
        )

    def _codes(self, claims: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(filter(None, (_text(claims, "vo_orgcode"), _text(claims, "vo_ovocode"))))


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _refuse(reason: str) -> Agent:
    raise Forbidden(reason)
