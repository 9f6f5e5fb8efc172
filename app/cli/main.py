"""From the words on the command line to the command that they name, and its errors to Dutch sentences."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

import structlog

from app.cli import (
    copying,
    demo,
    following,
    harvest,
    lists,
    merging,
    neighbours,
    privacy,
    serving,
    stubs,
    telling,
    upkeep,
    work,
)
from app.config import SECRETS, SETTINGS, Settings, read_settings
from app.errors import LoketError, Refused

COMMANDS = (
    *serving.COMMANDS,
    *demo.COMMANDS,
    *lists.COMMANDS,
    *harvest.COMMANDS,
    *copying.COMMANDS,
    *following.COMMANDS,
    *upkeep.COMMANDS,
    *privacy.COMMANDS,
    *work.COMMANDS,
    *merging.COMMANDS,
    *telling.COMMANDS,
    *neighbours.COMMANDS,
    *stubs.COMMANDS,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit status: 0 done, 1 refused or failed with a Dutch sentence, 2 wrong usage."""
    parsed = _parser().parse_args(arguments)
    try:
        settings = read_settings({setting.name: getattr(parsed, setting.name, None) for setting in SETTINGS})
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="verenigingsloket", description="Het verenigingenregister als linked data.")
    settings = argparse.ArgumentParser(add_help=False)
    group = settings.add_argument_group("instellingen", "ook als omgevingsvariabele: VERENIGINGSLOKET_DATA, …")
    for setting in SETTINGS:
        if setting.name not in SECRETS:  # a secret on the command line can be read by every user of the machine
            group.add_argument(f"--{setting.name.replace('_', '-')}", metavar="WAARDE", help=setting.help)
    commands = parser.add_subparsers(title="opdrachten", required=True, metavar="OPDRACHT")
    for command in COMMANDS:
        help = (command.run.__doc__ or "").split("\n")[0]
        added = commands.add_parser(command.name, help=help, parents=[settings])
        added.set_defaults(run=command.run)
        command.arguments(added)
    return parser


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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
