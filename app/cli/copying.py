"""The command that keeps a copy of another register."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import httpx

from app.bootstrap.ambient import now, pause
from app.bootstrap.register import open_register
from app.cli.clerk import clerk
from app.cli.command import Command
from app.cli.lists import project
from app.config import Settings
from app.errors import Refused, Unavailable
from app.exchange.guarded import Guarded
from app.exchange.register_api.client import RegisterReader
from app.exchange.sync import Report, synchronise
from app.register.register import Register

TIMES = httpx.Timeout(30.0, connect=10.0)
AGENT = "verenigingsloket-sync"
DUMP_SECONDS = 3600.0
# The register's largest harvester asks every five seconds too.
SHORTEST = 1.0


def sync(arguments: argparse.Namespace, settings: Settings) -> int:
    """Copy another register into this data directory and keep it in step, once or live; V-codes stay."""
    if not arguments.register.startswith(("http://", "https://")):
        raise Refused("Geef het adres van het register, beginnend met https:// of http://.")
    key = {"vr-api-key": settings.sync_key} if settings.sync_key else {}
    with (
        open_register(settings) as register,
        httpx.Client(timeout=TIMES, headers={"user-agent": AGENT, **key}) as client,
    ):
        nis = clerk(arguments.municipality, register).municipality if arguments.municipality else None
        # A register within our own network may keep its dump there, too.
        guarded = Guarded(private=arguments.register.startswith("http://"), seconds=DUMP_SECONDS)
        reader = RegisterReader(arguments.register.rstrip("/"), client, pause, guarded)
        copy = Copy(reader, register, settings, nis or "")
        report = copy.once(all_aside=True)
        while arguments.follow:
            pause(max(arguments.interval, SHORTEST))
            report = copy.again() or report
    return 1 if report.aside else 0


@dataclass(frozen=True)
class Copy:
    """What is copied, and where to."""

    reader: RegisterReader
    register: Register
    settings: Settings
    municipality: str

    def once(self, *, all_aside: bool) -> Report:
        """Bring it in step, and tell what was done if anything was."""
        before = self.register.log.head()
        progress = _tell if sys.stderr.isatty() else _silent
        report = synchronise(
            self.reader, self.register, now, municipality=self.municipality, all_aside=all_aside, progress=progress
        )
        if self.register.log.head() != before:
            project(self.settings, self.register)
        if all_aside or self.register.log.head() != before:
            _print(report)
        return report

    def again(self) -> Report | None:
        """As before; a register that does not answer now may do so at the next turn."""
        try:
            return self.once(all_aside=False)
        except Unavailable as error:
            print(error.title, file=sys.stderr, flush=True)
            return None


def _print(report: Report) -> None:
    print(
        f"{report.taken} overgenomen, {report.let_go} losgelaten, {report.unchanged} ongewijzigd, "
        f"{len(report.aside)} opzij; volgnummer {report.place}.",
        flush=True,
    )
    for each in report.aside:
        print(f"  {each.code} (poging {each.attempts}): {each.why}", flush=True)


def _tell(report: Report) -> None:
    print(f"\r{report.taken + report.unchanged + report.let_go} verenigingen…", end="", file=sys.stderr, flush=True)


def _silent(report: Report) -> None:
    """Nobody looks."""


def _what_to_copy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "register", metavar="ADRES", help="van het register, bijvoorbeeld https://publiek.verenigingen.vlaanderen.be"
    )
    parser.add_argument("--municipality", metavar="NAAM", help="enkel verenigingen met een locatie in deze gemeente")
    parser.add_argument("--follow", action="store_true", help="blijf volgen tot u stopt")
    parser.add_argument("--interval", type=float, default=5.0, metavar="SECONDEN", help="tijd tussen twee vragen (5)")


COMMANDS = (
    Command(
        "sync",
        sync,
        "Neemt een ander register over in deze map en houdt het bij, eenmalig of doorlopend; V-codes blijven.",
        _what_to_copy,
    ),
)
