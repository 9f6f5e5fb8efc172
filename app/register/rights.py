"""Who may what: for now one table of role and command, which rights per territory replace."""

from __future__ import annotations

from app.errors import Forbidden
from app.register import agents
from app.register.agents import Agent
from app.register.commands import (
    Archive,
    Change,
    ChangeAssociation,
    ChangeSubscription,
    Create,
    ErasePersonalData,
    ExtractPersonalData,
    HideAssociation,
    MarkDuplicate,
    MergeAssociations,
    ReadPersonalData,
    RegisterAssociation,
    RemoveAssociation,
    SeeAccesses,
    SeeOwnAccesses,
    ShowAssociation,
    StopAssociation,
    Subscribe,
    UndoDuplicate,
    Unsubscribe,
)

PERSONAL: frozenset[type] = frozenset({ReadPersonalData, SeeOwnAccesses})
OVERSIGHT: frozenset[type] = frozenset({SeeOwnAccesses, SeeAccesses, ExtractPersonalData, ErasePersonalData})
TOLD: frozenset[type] = frozenset({Subscribe, ChangeSubscription, Unsubscribe})
EVERYTHING: frozenset[type] = frozenset(
    {
        RegisterAssociation, ChangeAssociation, StopAssociation, RemoveAssociation, ShowAssociation, HideAssociation,
        MarkDuplicate, MergeAssociations, UndoDuplicate, Create, Change, Archive,
    }
)  # fmt: skip
MAY: dict[str, frozenset[type]] = {
    agents.SYSTEM: EVERYTHING | PERSONAL | OVERSIGHT | TOLD,
    agents.MANAGER: EVERYTHING | PERSONAL | TOLD,
    agents.MUNICIPALITY: EVERYTHING | PERSONAL | TOLD,
    agents.VENDOR: EVERYTHING | PERSONAL | TOLD,
    agents.FEDERATION: TOLD,
    agents.DPO: OVERSIGHT | TOLD,
    agents.KBO: frozenset({RegisterAssociation, ChangeAssociation, StopAssociation}),
    agents.ASSOCIATION: frozenset({ChangeAssociation, ShowAssociation, HideAssociation}) | PERSONAL | TOLD,
}


def check(agent: Agent, action: type, subject: object = None) -> None:
    """Raise Forbidden, saying why, when this agent may not do this; `action` is the type of a command."""
    if action not in MAY.get(agent.role, frozenset()):
        raise Forbidden("Met uw rol kunt u dit niet doen.")
