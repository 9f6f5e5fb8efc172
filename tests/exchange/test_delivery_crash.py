"""kill -9 at any moment: every subscriber is told of every change, and each change is put down once."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from app.store.deliveries import SENT, deliveries
from tests.exchange.crashing_courier import LEASE, SUBSCRIBERS, begin, change_and_tell, open_courier
from tests.killing import killed_after, ready_to_fork

ROUNDS, LONGEST = 25, 0.4
SENDERS = 3


@pytest.mark.slow
def test_twenty_five_kills_lose_no_message_and_make_no_second_one(tmp_path: Path) -> None:
    context = ready_to_fork("tests.exchange.crashing_courier")
    received = tmp_path / "received"
    begin(open_courier(tmp_path, received).register)
    # Where it began, and at least one change: so each round leaves something to tell.
    promised = max(
        killed_after(context, change_and_tell, (tmp_path, received), Random(seed).uniform(0, LONGEST), promises=2)
        for seed in range(ROUNDS)
    )
    courier = open_courier(tmp_path, received)
    time.sleep(LEASE.total_seconds())
    while courier.work():
        pass
    head = courier.register.log.head()
    assert head >= promised > ROUNDS
    wanted = {f"abo{who}-{sequence}" for who in range(1, SUBSCRIBERS + 1) for sequence in range(2, head + 1)}
    got = Counter(received.read_text().split())
    assert set(got) == wanted
    # Put down once; what came twice was taken by the receiver in the very moment of a kill, and bears the same id.
    assert {each.id for each in deliveries(courier.register.log.database, None, [SENT], 10**6)} == wanted
    assert sum(got.values()) - len(got) <= ROUNDS * SENDERS
    courier.register.log.close()
