"""Contact addresses of products that were not compared with the address register yet: compared as soon as it answers.

The log is followed, so that also what came in by a list is looked at; what a vendor answers for is left to that vendor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.exchange.products.checks import NOT_CHECKED, ProductChecks
from app.model.fields import Document
from app.model.terms import VL
from app.register.agents import SYSTEM, Agent
from app.register.desk import Desk
from app.register.entities import mark_entity, type_of
from app.register.products.conduct import KIND
from app.register.products.own_products import read_own
from app.register.register import Register
from app.store.records import Version

STATE = "controles/productadressen"
AT_ONCE = 200


@dataclass(frozen=True)
class ProductAddressWork:
    """Goes on where it was, after a restart too."""

    register: Register
    checks: ProductChecks

    def work(self) -> None:
        """Up to the end of the log, or to the first address for which the register gives no answer."""
        while versions := self.register.log.read(int(self.register.log.get_state(STATE) or 0), AT_ONCE):
            products = dict.fromkeys(version.entity for version in versions if version.kind == KIND)
            if not all(self._look(entity) for entity in products):
                return
            with self.register.log.transaction() as transaction:
                transaction.put_state(STATE, str(versions[-1].sequence))

    def _look(self, entity: str) -> bool:
        """Whether all its addresses are settled now."""
        version = self.register.log.latest(entity)
        if version is None or version.operation == "delete":
            return True
        document = read_own(version, self.register).document
        if "sameAs" in document:
            return True
        before = document.get("contactgegevens", ())
        after = [self._settled(contact) for contact in before]
        if any(contact.get("adres", {}).get("controle") == NOT_CHECKED for contact in after):
            return False
        if after != list(before):
            self._mark(version, after)
        return True

    def _settled(self, contact: Document) -> Document:
        address = contact.get("adres", {})
        if not address or "verwijstNaar" in address or address.get("controle", NOT_CHECKED) != NOT_CHECKED:
            return contact
        bare = {term: value for term, value in address.items() if term != "controle"}
        return {**contact, "adres": self.checks.settle(bare, {})[0]}

    def _mark(self, version: Version, contacts: Sequence[Any]) -> None:
        """Unless it changed meanwhile: then it is looked at again."""
        system = Agent(SYSTEM, "Controle bij andere registers", SYSTEM)
        with self.register.log.transaction() as transaction:
            current = transaction.latest(version.entity)
            if current is None or current.number != version.number:
                return
            desk = Desk(self.register, transaction, system, "", self.register.today())
            code = version.entity.rpartition("/")[2]
            marks = {"contactgegevens": list(contacts)}
            mark_entity(type_of(KIND, desk), code, marks, VL.AdresGecontroleerd.value, desk)
