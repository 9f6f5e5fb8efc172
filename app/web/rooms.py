"""What stands in the menus of `/beheer` and `/mijn-vereniging`: a new room adds one row here.

return framed(request, DESK, "werklijst.html", tasks=tasks)      # in a template: {% extends "kader.html" %}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.register import agents
from app.register.agents import Agent
from app.web.auth import agent_of
from app.web.pages import page

EVERYBODY = frozenset(agents.ROLES)
ADMINISTRATION = frozenset({agents.MUNICIPALITY, agents.VENDOR, agents.FEDERATION, agents.MANAGER, agents.DPO})


@dataclass(frozen=True)
class Room:
    """One entry of a menu, and one card on the page where the menu begins; `roles` see it."""

    href: str
    label: str
    what: str = ""
    roles: frozenset[str] = EVERYBODY


@dataclass(frozen=True)
class House:
    """Rooms under one roof: the name of the menu, and its entries in order."""

    label: str
    rooms: tuple[Room, ...]

    def open_to(self, agent: Agent) -> tuple[Room, ...]:
        """The entries that this agent sees."""
        return tuple(room for room in self.rooms if agent.role in room.roles)


DESK = House(
    "Beheer",
    (Room("/beheer", "Overzicht", roles=ADMINISTRATION),),
)
MINE = House(
    "Mijn vereniging",
    (Room("/mijn-vereniging", "Overzicht", roles=frozenset({agents.ASSOCIATION})),),
)


def framed(request: Request, house: House, template: str, status: int = 200, **values: Any) -> Response:
    """A page with the menu of a house, for whoever is logged in; raises Unauthenticated.

    No store and no proxy keeps it.
    """
    agent = agent_of(request)
    html = page(request, template, agent=agent, house=house, rooms=house.open_to(agent), **values)
    return Response(html, status, {"cache-control": "no-store"}, "text/html")
