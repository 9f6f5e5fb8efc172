"""The real register on an empty log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.register.agents import Agent
from app.register.commands import Command, Outcome, RegisterAssociation
from app.register.desk import Desk
from app.register.handle import handle
from app.register.personal.people import technical_use
from app.register.register import Register, Tools
from app.store.log import Version
from tests.register.builders import GENT, TODAY, Document, Make, make_log, make_register, make_tools


@pytest.fixture(scope="session")
def tools() -> Tools:
    return make_tools()


@pytest.fixture(scope="session")
def make(tools: Tools) -> Make:
    return Make(tools.codelists)


@pytest.fixture
def register(tools: Tools, tmp_path: Path) -> Iterator[Register]:
    log = make_log(tmp_path)
    yield make_register(tools, log)
    log.close()


class Office:
    """Gives commands and looks at what came of them."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.log = register.log

    def do(self, command: Command, agent: Agent = GENT, reason: str = "") -> Outcome:
        return handle(command, agent, self.register, reason)

    def latest(self, code: str) -> Version:
        version = self.log.latest(self.register.tools.type.iri(code))
        assert version is not None
        return version

    def public(self, code: str) -> str:
        return (self.latest(code).public or b"").decode()

    def internal(self, code: str) -> str:
        return self.latest(code).internal.decode()

    def document(self, code: str) -> Document:
        """The whole association, personal values and all."""
        with self.log.transaction() as transaction:
            desk = Desk(self.register, transaction, GENT, "", TODAY)
            return desk.document(desk.current(code))

    def feed(self, name: str = "verenigingen") -> list[tuple[str, int]]:
        """What the feed was told: (operation, version)."""
        return [(each.operation, each.version.number) for each in self.log.members(name, 1, 1000)]

    def personal(self, code: str) -> dict[str, str]:
        """All personal values of an association, by the last part of the node and the term."""
        with self.log.transaction() as transaction:
            kept = transaction.personal(self.register.tools.type.iri(code), technical_use(GENT))
        return {
            f"{each.node.rpartition('#')[2]} {term}": text
            for each in kept
            for term, text in (each.values or {}).items()
        }


@pytest.fixture
def office(register: Register) -> Office:
    return Office(register)


@pytest.fixture
def code(office: Office, make: Make) -> str:
    """Of an association that has everything."""
    return office.do(RegisterAssociation(make.full())).code
