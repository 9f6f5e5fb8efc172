"""The commands of who keeps the machine."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from app.bootstrap.ambient import pause
from app.bootstrap.register import open_register, take_steps
from app.bootstrap.stores import open_stores, rebuild_stores
from app.cli.command import Command
from app.config import Settings
from app.model.graph import read_graph
from app.register.recognitions.settling import settle_all
from app.register.validation import Finding, findings, findings_in


def rebuild(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make both graph stores anew from the log."""
    with open_register(settings) as register:
        rebuild_stores(settings, register)
        print(f"De opslag is opnieuw opgebouwd tot en met volgnummer {register.log.head()}.")
    return 0


def check(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check a file of associations, or else all that is registered, and the stores against the log."""
    with open_register(settings) as register:
        if arguments.file:
            return _tell(findings_in(read_graph(arguments.file, register.schema.base), register))
        with open_stores(settings, register) as (public, internal):
            return _tell(findings(register, public, internal, pause))


def settle(arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring recognitions in step with the calendar; a running service does so every night."""
    with open_register(settings) as register:
        changed = settle_all(register)
    print(f"Van {changed} verenigingen begon of verliep een erkenning.")
    return 0


def update(arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring the database to the tables of this version; each start does so as well."""
    taken = take_steps(settings, arguments.dry_run)
    for step in taken or ():
        print(step)
    if taken:
        print(f"{len(taken)} stappen {'te zetten' if arguments.dry_run else 'gezet'}.")
    else:
        print("De database is nieuw." if taken is None else "De database is bij.")
    return 0


def _tell(found: Iterable[Finding]) -> int:
    wrong = remarks = 0
    for each in found:
        print(f"opmerking: {each.text}" if each.is_remark else each.text)
        wrong, remarks = wrong + (not each.is_remark), remarks + each.is_remark
    print(f"{wrong} bevindingen." if wrong else "Alles is in orde.")
    if remarks:
        print(f"{remarks} opmerkingen over wat anderen aanleverden: zij antwoorden ervoor.")
    return 1 if wrong else 0


def _whether_to_update(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="enkel tonen welke stappen er te zetten zijn")


def _what_to_check(parser: argparse.ArgumentParser) -> None:
    suffixes = ".ttl, .nt, .nq, .trig, .rdf of .jsonld"
    parser.add_argument("file", type=Path, nargs="?", metavar="BESTAND", help=suffixes)


COMMANDS = (
    Command("rebuild", rebuild, "Maakt de graafopslag en de zoekbestanden opnieuw uit het logboek."),
    Command(
        "validate",
        check,
        "Kijkt een bestand met verenigingen na, of anders alles wat geregistreerd is, en de opslag naast het logboek.",
        _what_to_check,
    ),
    Command(
        "migrate",
        update,
        "Brengt de database naar deze versie van het programma; elke start doet dat ook.",
        _whether_to_update,
    ),
    Command(
        "settle", settle, "Brengt erkenningen in de pas met de kalender; een draaiende dienst doet dat elke nacht."
    ),
)
