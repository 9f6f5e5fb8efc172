"""Settings -> what brings products to the IPDC, and the thread that does so as they change."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import structlog

from app.bootstrap.ambient import root
from app.bootstrap.beside import beside
from app.config import Settings
from app.exchange.ipdc_body import vocabulary_of
from app.exchange.ipdc_publishing import Ipdc, IpdcPublisher
from app.exchange.ldes_contexts import load_contexts
from app.register.register import Register

WORK_SECONDS = 2.0


@contextmanager
def open_publisher(settings: Settings, register: Register) -> Iterator[IpdcPublisher | None]:
    """One that sends where the settings say; None when they name no address."""
    if not settings.ipdc_url:
        yield None
        return
    times = httpx.Timeout(settings.neighbour_timeout, connect=min(5.0, settings.neighbour_timeout))
    with httpx.Client(timeout=times, follow_redirects=False, trust_env=False) as client:
        ipdc = Ipdc(client, settings.ipdc_url, settings.ipdc_key, settings.ipdc_read_url)
        yield IpdcPublisher(register, ipdc, vocabulary_of(load_contexts(root())), random.random)


@contextmanager
def publishing(publisher: IpdcPublisher) -> Iterator[None]:
    """Send what changes, beside everything else."""

    def watch(stop: threading.Event) -> None:
        while not stop.wait(WORK_SECONDS):
            try:
                while publisher.work() and not stop.is_set():
                    pass
            except Exception as error:  # whatever it is, the next round may go well; the log says where it is
                structlog.get_logger("ipdc").error("cannot publish", error=type(error).__name__, exc_info=True)

    with beside("publish-to-ipdc", watch):
        yield
