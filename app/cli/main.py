"""From the words on the command line to the command that they name, and its errors to Dutch sentences."""

from __future__ import annotations

import argparse
import io
import logging
import sys
from collections.abc import Sequence
from dataclasses import fields
from importlib import import_module
from itertools import chain
from typing import TextIO, cast

import structlog

from app.cli.command import Command
from app.config import Settings, read_settings
from app.errors import LoketError, Refused

# The manual, in this order; a module is imported when one of its commands is asked for, or the manual.
MODULES = {
    "serving": ("serve",),
    "demo": ("demo",),
    "lists": ("import", "export"),
    "harvest": ("harvest",),
    "copying": ("sync",),
    "following": ("follow", "publish"),
    "upkeep": ("rebuild", "validate", "migrate", "settle"),
    "safekeeping": ("backup", "restore"),
    "privacy": ("erase", "extract", "key"),
    "work": ("remind", "dubbels"),
    "merging": ("merge-municipality",),
    "telling": ("notify",),
    "reporting": ("report",),
    "neighbours": ("compare", "register-kbo"),
    "stubs": ("stub",),
    "examples": ("voorbeeld",),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit status: 0 done, 1 refused or failed with a Dutch sentence, 2 wrong usage."""
    words = sys.argv[1:] if arguments is None else arguments
    parsed = _parser(commands_of(words[0] if words else "")).parse_args(words)
    try:
        settings = read_settings({each.name: getattr(parsed, each.name, None) for each in fields(Settings)})
        _configure_logging(settings)
        status: int = parsed.run(parsed, settings)
        return status
    except LoketError as error:
        print(error.title, file=sys.stderr)
        for problem in error.problems if isinstance(error, Refused) else ():
            print(f"  {problem.path}: {problem.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def commands_of(name: str) -> tuple[Command, ...]:
    """The commands of the module that has this one; of all modules when none has."""
    wanted = [module for module, names in MODULES.items() if name in names] or list(MODULES)
    return tuple(chain.from_iterable(import_module(f"app.cli.{module}").COMMANDS for module in wanted))


def _parser(known: Sequence[Command]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verenigingsloket", description="Verenigingen, producten en besluiten als linked data."
    )
    settings = argparse.ArgumentParser(add_help=False)
    group = settings.add_argument_group("instellingen", "ook als omgevingsvariabele: VERENIGINGSLOKET_DATA, …")
    for each in fields(Settings):
        if not each.metadata["hidden"]:
            group.add_argument(f"--{each.name.replace('_', '-')}", metavar="WAARDE", help=each.metadata["help"])
    commands = parser.add_subparsers(title="opdrachten", required=True, metavar="OPDRACHT")
    for command in known:
        added = commands.add_parser(command.name, help=command.help, description=command.help, parents=[settings])
        added.set_defaults(run=command.run)
        command.arguments(added)
    return parser


class StandardError(io.TextIOBase):
    """What is standard error when a line is written, not when logging was configured: others may replace it."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _configure_logging(settings: Settings) -> None:
    """One line per event on standard error, as JSON or as text; standard output is for what the user asked."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, StandardError())),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
