"""What somebody may find: what everybody finds, and what else there is as far as they have a right to it."""

from __future__ import annotations

from app.exchange.register_api.hidden import finder_in
from app.register.agents import Agent
from app.store.search.both import Both
from app.store.search.index import Search
from app.web.service import Service


def search_of(service: Service, agent: Agent | None) -> Search | Both:
    """Where to look for who asks; None is anybody."""
    return finder_in(service.search, service.hidden, service.register)(agent)
