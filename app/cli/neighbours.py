"""The commands that ask other registers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from app.bootstrap.neighbours import open_neighbours
from app.bootstrap.register import open_register
from app.cli.command import Command
from app.config import Settings
from app.errors import BadSetting, LoketError, PossibleDuplicates, Refused
from app.exchange.enterprises import register_enterprise
from app.register.checks import start_over
from app.store.checks import states


def compare(arguments: argparse.Namespace, settings: Settings) -> int:
    """Compare with the other registers what is due, and tell how everything stands."""
    with open_register(settings) as register, open_neighbours(settings, register) as neighbours:
        if neighbours.checker is None:
            raise BadSetting("Geen enkel ander register staat aan: geef addresses_url, kbo_url of persons_url.")
        if arguments.all:
            start_over(register)
        while neighbours.checker.work():
            pass
        for name, counted in states(register.log.database).items():
            for state, number in counted.items():
                print(f"{name}: {number} {state}")
    return 0


def from_kbo(arguments: argparse.Namespace, settings: Settings) -> int:
    """Register associations by their KBO number, as the KBO knows them; without numbers, those on standard input."""
    status = 0
    with open_register(settings) as register, open_neighbours(settings, register) as neighbours:
        if neighbours.kbo is None:
            raise BadSetting("De KBO staat niet aan: geef kbo_url.")
        for number in _numbers(arguments):
            try:
                outcome = register_enterprise(number, neighbours.kbo, register, tuple(arguments.not_same or ()))
                print(f"{number}: {outcome.code} {'geregistreerd' if outcome.sequence else 'stond er al'}")
            except LoketError as error:
                status = 1
                print(f"{number}: {_why(error)}", file=sys.stderr)
    return status


def _numbers(arguments: argparse.Namespace) -> Iterator[str]:
    lines = arguments.numbers or sys.stdin
    yield from filter(None, (line.strip() for line in lines))


def _why(error: LoketError) -> str:
    if isinstance(error, PossibleDuplicates):
        return f"{error.title} {', '.join(code for code, _ in error.candidates)}"
    problems = error.problems if isinstance(error, Refused) else ()
    return " ".join((error.title, *(each.message for each in problems if each.message != error.title)))


def _what_to_compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="ook wat al vergeleken was en intussen niet wijzigde")


def _which_numbers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("numbers", nargs="*", metavar="KBO-NUMMER")
    parser.add_argument("--not-same", action="append", metavar="V-CODE", help="is niet deze vereniging, die erop lijkt")


COMMANDS = (
    Command(
        "compare",
        compare,
        "Vraagt het adressenregister, de KBO en het rijksregister hoe het met verenigingen staat.",
        _what_to_compare,
    ),
    Command(
        "register-kbo", from_kbo, "Registreert verenigingen met hun KBO-nummer, zoals de KBO ze kent.", _which_numbers
    ),
)
