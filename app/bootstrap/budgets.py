"""Settings -> what each client may ask."""

from __future__ import annotations

import time

from app.config import Settings
from app.errors import BadSetting
from app.register.register import Register
from app.web.edge.budget import Budgets, Network, networks


def open_budgets(settings: Settings, register: Register) -> Budgets:
    """An account for each client, by the address that our own proxies say it has."""
    own = own_networks(settings)
    return Budgets(settings.rate_requests, settings.rate_seconds, own, register.log.blind, time.monotonic)


def own_networks(settings: Settings) -> tuple[Network, ...]:
    """Our own machines. Raises BadSetting."""
    try:
        return networks(settings.proxies)
    except ValueError:
        raise BadSetting("De instelling proxies moet uit IP-adressen of reeksen (CIDR) bestaan.") from None
