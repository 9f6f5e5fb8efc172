"""What handlers and their helpers need, passed in once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from app.model.codelists import CodeLists
from app.model.fields import EntityType, Schema
from app.model.shapes import Checker, load_checker, load_incoming_checker
from app.register.canonical import Plan, compile_plan
from app.register.notions import Notions, notions_of
from app.register.rights import Rights
from app.store.log import Log

KIND = "vereniging"


@dataclass(frozen=True)
class Tools:
    """All that can be known without the register: enough to `prepare`, in this process or another.

    `test_identities` lets MAGDA's invented people in, for a demonstration.
    """

    schema: Schema
    codelists: CodeLists
    checker: Checker
    test_identities: bool = False

    @cached_property
    def type(self) -> EntityType:
        """The type of associations."""
        return self.schema.entity_types[KIND]

    def checker_of(self, kind: str, trusting: bool = False) -> Checker:
        """The checker of a type, made the first time that it is asked for; `trusting`: by the looser shape."""
        key = f"{kind} van anderen" if trusting else kind
        if key not in self._checkers:
            self._checkers[key] = (load_incoming_checker if trusting else load_checker)(self.schema, kind)
        return self._checkers[key]

    def plan_of(self, kind: str, trusting: bool = False, lenient: bool = False) -> Plan:
        """How to read documents of a type; see `compile_plan`."""
        key = (kind, trusting, lenient)
        if key not in self._plans:
            self._plans[key] = compile_plan(
                self.schema.entity_types[kind], self.test_identities, self.codelists, trusting, lenient
            )
        return self._plans[key]

    @cached_property
    def _plans(self) -> dict[tuple[str, bool, bool], Plan]:
        return {}

    @cached_property
    def _checkers(self) -> dict[str, Checker]:
        return {KIND: self.checker}

    @cached_property
    def plan(self) -> Plan:
        """How a supplied association is read."""
        return compile_plan(self.type, self.test_identities)

    @cached_property
    def notions(self) -> Notions:
        """The concepts that rules speak of."""
        return notions_of(self.codelists)


@dataclass(frozen=True)
class Register:
    """The register: its rules, its log and its clock."""

    schema: Schema
    codelists: CodeLists
    checker: Checker
    log: Log
    clock: Callable[[], datetime]
    test_identities: bool = False

    @cached_property
    def tools(self) -> Tools:
        """What making a document ready needs of it."""
        return Tools(self.schema, self.codelists, self.checker, self.test_identities)

    @cached_property
    def rights(self) -> Rights:
        """Who may do what."""
        return Rights(self.schema.permissions)

    def today(self) -> date:
        """The day by the clock of the register."""
        return self.clock().date()
