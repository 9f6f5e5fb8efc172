"""The commands that answer requests until they are stopped."""

from __future__ import annotations

import argparse
import sys

import uvicorn

from app.bootstrap import open_register, open_service, root
from app.cli.clerk import clerk
from app.cli.command import Command
from app.config import Settings
from app.exchange.import_associations import import_associations
from app.register.register import Register
from app.web.app import create_app

ADDRESSES = (
    ("/verenigingen", "zoeken en bladeren"),
    ("/sparql", "SPARQL 1.1, met een editor"),
    ("/ldes/verenigingen", "wijzigingen volgen (LDES)"),
    ("/catalogus", "catalogus (DCAT-AP)"),
    ("/dumps", "alles downloaden"),
)


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer requests until stopped; the first line on standard output is the address to open."""
    with open_service(settings) as service:
        address = f"http://{settings.host}:{settings.port}"
        print(address, flush=True)
        for path, what in ADDRESSES:
            print(f"  {address}{path:<24} {what}", flush=True)
        uvicorn.run(
            create_app(service),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            lifespan="off",
        )
    return 0


def demo(arguments: argparse.Namespace, settings: Settings) -> int:
    """As `serve`, with invented associations of real municipalities, brought in on the first start."""
    with open_register(settings) as register:
        if register.log.head() == 0:
            print("De verzonnen verenigingen worden ingelezen…", file=sys.stderr)
            _load_fixtures(register)
    return serve(arguments, settings)


def _load_fixtures(register: Register) -> None:
    for path in sorted((root() / "fixtures" / "verenigingen").glob("*.csv")):
        with import_associations(path, path.stem, register, clerk(path.stem, register), root(), workers=0):
            pass


COMMANDS = (Command("serve", serve), Command("demo", demo))
