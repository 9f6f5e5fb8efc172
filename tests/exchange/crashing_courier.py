"""A register that changes and tells of it at full speed until somebody kills it; run in a process of its own."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from app.exchange.telling.courier import Courier
from app.exchange.telling.sending import Result
from app.register.commands import ChangeAssociation, RegisterAssociation
from app.register.handle import handle
from app.register.register import Register
from app.register.telling.commands import Subscribe
from app.register.telling.messages import Teller
from app.register.telling.occasions import load_occasions
from app.register.telling.recipients import Recipient
from app.register.telling.subscribing import Offer, subscribe
from app.store.deliveries import Delivery
from app.store.log import open_log
from app.store.vault import Cipher
from tests.register.builders import GENT, KEY, ROOT, Make, make_register, make_tools

TOOLS = make_tools()
OCCASIONS = load_occasions(ROOT, TOOLS.schema)
LEASE = timedelta(seconds=0.5)
SUBSCRIBERS = 3


def open_courier(directory: Path, received: Path) -> Courier:
    """A courier whose receiver writes down the id of each message as it comes in."""
    log = open_log(f"sqlite:///{directory}/log.sqlite", lambda: datetime.now(UTC), Cipher(KEY))
    register = replace(make_register(TOOLS, log), clock=lambda: datetime.now(UTC))
    teller = Teller(register.schema, register.codelists, OCCASIONS, lambda iri: None)

    def receive(recipient: Recipient, delivery: Delivery, now: datetime) -> Result:
        with received.open("a") as file:
            file.write(f"{delivery.id}\n")
        return Result(True, "HTTP 204")

    return Courier(register, teller, no_mail, receive, random.random, LEASE)


def no_mail(recipient: Recipient, subscription: object, deliveries: Sequence[Delivery], now: datetime) -> Result:
    raise AssertionError("nobody asked for mail")


def begin(register: Register) -> None:
    """An association and those who want to be told of it."""
    make = Make(TOOLS.codelists)
    handle(RegisterAssociation(make.minimal(locaties=[make.location()])), GENT, register)
    numbers = count(1)
    for _ in range(SUBSCRIBERS):
        command = Subscribe("gemeente/44021", ("alles",), "webhook", "https://crm.gent.be/in")
        subscribe(command, GENT, register, Offer(frozenset({"alles"}), lambda: f"abo{next(numbers)}"))


def change_and_tell(directory: Path, received: Path, ready: Connection) -> None:
    """Never ends by itself; each sequence sent through `ready` was promised to be kept."""
    courier = open_courier(directory, received)
    log = courier.register.log
    ready.send(log.head())
    for number in count(log.head()):
        handle(ChangeAssociation("V0001001", {"naam": f"De Vrienden {number} {os.getpid()}"}), GENT, courier.register)
        ready.send(log.head())
        if number % 3 == 0:
            courier.work()
