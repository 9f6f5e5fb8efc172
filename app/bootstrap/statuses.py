"""Settings -> what tells DOSIS and Notificaties how dossiers stand, and the thread of each that does so."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from app.bootstrap.ambient import now, root, tls
from app.bootstrap.beside import in_turns
from app.bootstrap.neighbours import line_to
from app.config import Settings
from app.exchange.guarded import Guarded
from app.exchange.handover import HandOver
from app.exchange.oidc.machine_token import MachineToken
from app.exchange.oidc.provider import Provider
from app.exchange.statuses.dosis import Dosis
from app.exchange.statuses.filling import Template, read_template
from app.exchange.statuses.notifications import Notifications
from app.exchange.statuses.telling import Receiver, StatusTeller
from app.register.register import Register

DOSIS, NOTIFICATIONS, HANDOVER = "DOSIS", "Notificaties", "Overdracht"
TEMPLATES = Path("ontology") / "berichten"
WORK_SECONDS, AGAIN_SECONDS, RECONCILE_EVERY = 2.0, 5.0, timedelta(minutes=10)


@contextmanager
def open_tellers(
    settings: Settings, register: Register, provider: Provider | None, transport: httpx.BaseTransport | None = None
) -> Iterator[tuple[StatusTeller, ...]]:
    """One for each receiver whose address is set; `transport` stands in for the network."""
    times = httpx.Timeout(settings.neighbour_timeout, connect=min(5.0, settings.neighbour_timeout))
    given: dict[str, Any] = {"follow_redirects": False, "trust_env": False, "transport": transport}
    with closing(httpx.Client(timeout=times, verify=tls(), **given)) as client:
        receivers = _receivers(settings, register, provider, client)
        yield tuple(StatusTeller(register, receiver, random.random) for receiver in receivers)


def _receivers(
    settings: Settings, register: Register, provider: Provider | None, client: httpx.Client
) -> Iterator[Receiver]:
    source = settings.dosis_source or register.schema.base
    post = Guarded(private=bool(settings.webhook_private)).post
    yield HandOver(line_to(HANDOVER, client, register), register, post, now)
    if settings.dosis_url:
        template = _template(settings.dosis_template, "dosis-v2.json")
        token = _token(settings.dosis_token, settings.dosis_scope, provider)
        yield Dosis(line_to(DOSIS, client, register), settings.dosis_url, source, template, token)
    if settings.notifications_url:
        template = _template(settings.notifications_template, "notificatie.json")
        token = _token(settings.notifications_token, settings.notifications_scope, provider)
        line = line_to(NOTIFICATIONS, client, register)
        brand = settings.notifications_brand
        yield Notifications(line, settings.notifications_url, source, template, token, brand)


def _template(given: Path, ours: str) -> Template:
    return read_template(root() / TEMPLATES / ours if str(given) in ("", ".") else given)


def _token(fixed: str, scope: str, provider: Provider | None) -> Callable[[], str]:
    """A fixed one, else one that the login service gives for a scope, else none."""
    if fixed or not scope or provider is None:
        return lambda: fixed
    return MachineToken(provider, scope, now)


@contextmanager
def telling_statuses(teller: StatusTeller) -> Iterator[None]:
    """Tell what changes, beside everything else, and ask now and then what became of it."""

    asked = time.monotonic()

    def tell(stop: threading.Event) -> None:
        nonlocal asked
        while teller.work() and not stop.is_set():
            pass
        if time.monotonic() - asked > RECONCILE_EVERY.total_seconds():
            asked = time.monotonic()
            teller.reconcile()

    bell = teller.register.log.database.bell
    with in_turns(f"tell-{teller.receiver.kind}", tell, bell, WORK_SECONDS, AGAIN_SECONDS):
        yield
