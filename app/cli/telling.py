"""The command that tells of changes once, for who has that done on a schedule."""

from __future__ import annotations

import argparse

from app.bootstrap.register import open_register
from app.bootstrap.telling import make_courier, means_of
from app.cli.command import Command
from app.config import Settings
from app.store.deliveries import FAILED, SENT, TO_SEND, count_deliveries
from app.store.outbox import count_notices


def notify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Tell of all changes that nobody was told of yet, and send what is due; beside a running service it may."""
    with open_register(settings) as register:
        courier = make_courier(settings, register, means_of(settings))
        database = register.log.database
        before = count_deliveries(database)
        while courier.work():
            pass
        courier.tidy()
        after = count_deliveries(database)
        sent, failed = (after.get(state, 0) - before.get(state, 0) for state in (SENT, FAILED))
        print(
            f"{sent} verzonden, {failed} mislukt, {after.get(TO_SEND, 0)} wachten, {count_notices(database)} in de bus."
        )
    return 0


COMMANDS = (
    Command(
        "notify", notify, "Verstuurt één keer wat klaarstaat: e-mails en webhooks; een draaiende dienst doet dat zelf."
    ),
)
