"""Settings -> what brings products to the IPDC, and the thread that does so as they change."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from app.bootstrap.ambient import root, tls
from app.bootstrap.beside import in_turns
from app.config import Settings
from app.exchange.ldes.contexts import load_contexts
from app.exchange.products.ipdc_body import vocabulary_of
from app.exchange.products.ipdc_publishing import Ipdc, IpdcPublisher
from app.register.register import Register

WORK_SECONDS, AGAIN_SECONDS = 2.0, 5.0


@contextmanager
def open_publisher(settings: Settings, register: Register) -> Iterator[IpdcPublisher | None]:
    """One that sends where the settings say; None when they name no address."""
    if not settings.ipdc_url:
        yield None
        return
    times = httpx.Timeout(settings.neighbour_timeout, connect=min(5.0, settings.neighbour_timeout))
    with httpx.Client(timeout=times, follow_redirects=False, trust_env=False, verify=tls()) as client:
        ipdc = Ipdc(client, settings.ipdc_url, settings.ipdc_key, settings.ipdc_read_url)
        yield IpdcPublisher(register, ipdc, vocabulary_of(load_contexts(root())), random.random)


@contextmanager
def publishing(publisher: IpdcPublisher) -> Iterator[None]:
    """Send what changes, beside everything else."""

    def publish(stop: threading.Event) -> None:
        while publisher.work() and not stop.is_set():
            pass

    with in_turns("publish-to-ipdc", publish, publisher.register.log.database.bell, WORK_SECONDS, AGAIN_SECONDS):
        yield
