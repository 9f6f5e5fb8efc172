"""The command that prints what an operator puts beside the service: ready to use, and run by our own tests."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.command import Command
from app.config import Settings

FOLDER = Path(__file__).parent.parent / "operation"
EXAMPLES = {
    "systemd": "verenigingsloket.service",
    "socket": "verenigingsloket.socket",
    "opdracht": "opdracht.sh",
    "nginx": "nginx.conf",
    "varnish": "varnish.vcl",
    "container": "Containerfile",
    "prometheus": "prometheus.yml",
    "grafana": "grafana.json",
}


def show(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print one of them, to be sent to its place."""
    print((FOLDER / EXAMPLES[arguments.name]).read_text(), end="")
    return 0


def which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAAM", choices=tuple(EXAMPLES), help=", ".join(EXAMPLES))


COMMANDS = (
    Command("voorbeeld", show, "Toont een voorbeeld om de dienst in te zetten: systemd, nginx, varnish, …", which),
)
