"""The command that answers requests until it is stopped."""

from __future__ import annotations

import argparse
from typing import Any

import uvicorn

from app.bootstrap.service import open_service
from app.cli.command import Command
from app.config import Settings
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
    with open_service(settings) as service:
        answer_requests(create_app(service), settings)
    return 0


def answer_requests(app: Any, settings: Settings) -> None:
    """Tell the addresses, and listen."""
    address = f"http://{settings.host}:{settings.port}"
    print(address, flush=True)
    for path, what in ADDRESSES:
        print(f"  {address}{path:<24} {what}", flush=True)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        lifespan="off",
        # Streams of changes never end by themselves.
        timeout_graceful_shutdown=3,
    )


COMMANDS = (
    Command("serve", serve, "Beantwoordt vragen tot u stopt; de eerste regel op de uitvoer is het adres om te openen."),
)
