"""The command that answers requests until it is stopped."""

from __future__ import annotations

import argparse
import signal
import socket
from typing import Any

from app.bootstrap.service import open_service
from app.cli.command import Command
from app.cli.listening import answer, end_orderly, hang_up, listen, start_again
from app.cli.workers import keep_workers
from app.config import Settings
from app.store.graphs.embedded import EmbeddedGraphs
from app.web.app import create_app

ADDRESSES = (
    ("/verenigingen", "zoeken en bladeren"),
    ("/aanbod", "producten en diensten van besturen"),
    ("/sparql", "SPARQL 1.1, met een editor"),
    ("/ldes/verenigingen", "wijzigingen volgen (LDES)"),
    ("/catalogus", "catalogus (DCAT-AP)"),
    ("/dumps", "alles downloaden"),
    ("/aanmelden", "aanmelden om te beheren"),
)


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer requests until stopped; the first line on standard output is the address to open."""
    signal.signal(signal.SIGTERM, end_orderly)
    if settings.workers > 1:
        tell_addresses(settings)
        return keep_workers(listen(settings), settings)
    with open_service(settings) as service:
        for graphs in (service.public, service.internal):
            if isinstance(graphs, EmbeddedGraphs):
                graphs.place.stuck = hang_up
        listener, again = answer_requests(create_app(service), settings)
    return start_again(listener) if again else 0


def answer_requests(app: Any, settings: Settings) -> tuple[socket.socket, bool]:
    """Tell the addresses, and listen; afterwards the socket, and whether to start again with it."""
    listener = listen(settings)
    tell_addresses(settings)
    return listener, answer(app, settings, listener)


def tell_addresses(settings: Settings) -> None:
    """On standard output, the address to open first."""
    address = f"http://{settings.host}:{settings.port}"
    print(address, flush=True)
    for path, what in ADDRESSES:
        print(f"  {address}{path:<24} {what}", flush=True)


COMMANDS = (
    Command("serve", serve, "Beantwoordt vragen tot u stopt; de eerste regel op de uitvoer is het adres om te openen."),
)
