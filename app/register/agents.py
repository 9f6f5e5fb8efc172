"""Who asks, and whether that role may: for now one table of role and command, which rights per municipality replace."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import Forbidden
from app.register.commands import (
    ChangeAssociation,
    Command,
    HideAssociation,
    RegisterAssociation,
    RemoveAssociation,
    ShowAssociation,
    StopAssociation,
)

SYSTEM = "systeem"
KBO = "kbo"
MANAGER = "beheerder"
MUNICIPALITY = "gemeente"
ASSOCIATION = "vereniging"

EVERYTHING: frozenset[type] = frozenset(
    {RegisterAssociation, ChangeAssociation, StopAssociation, RemoveAssociation, ShowAssociation, HideAssociation}
)
MAY: dict[str, frozenset[type]] = {
    SYSTEM: EVERYTHING,
    MANAGER: EVERYTHING,
    MUNICIPALITY: EVERYTHING,
    KBO: frozenset({RegisterAssociation, ChangeAssociation, StopAssociation}),
    ASSOCIATION: frozenset({ChangeAssociation, ShowAssociation, HideAssociation}),
}


@dataclass(frozen=True)
class Agent:
    """Somebody, or a system, that acts; `municipality` is the NIS code of the municipality that it acts for."""

    iri: str
    label: str
    role: str
    municipality: str | None = None


def check(agent: Agent, command: Command) -> None:
    """Raise Forbidden when this agent may not give this command."""
    if type(command) not in MAY.get(agent.role, frozenset()):
        raise Forbidden("Met uw rol kunt u dit niet doen.")
