"""The commands that make a copy of everything, and put one back."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from app.bootstrap.ambient import now
from app.bootstrap.register import database_url, open_register
from app.bootstrap.stores import forget_derived, rebuild_stores
from app.cli.command import Command
from app.config import Settings
from app.store import backup, ledger
from app.store.backup import Copied
from app.store.database import open_database
from app.store.times import iso


def back_up(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write all of the database in one file, beside a running service, and read it over."""
    if arguments.check:
        _tell(backup.read_over(arguments.file), "is gaaf")
        return 0
    with closing(open_database(database_url(settings), settings.database_password)) as database:
        copied = backup.write(database, arguments.file, iso(now()))
    _tell(copied, f"staat in {arguments.file}")
    print("De sleutel van de kluis zit er niet in: bewaar die elders, want zonder is geen persoonsgegeven te lezen.")
    return 0


def put_back(arguments: argparse.Namespace, settings: Settings) -> int:
    """Put a copy in an empty database, and make all that follows from the log anew."""
    settings.data.mkdir(parents=True, exist_ok=True)
    with closing(open_database(database_url(settings), settings.database_password)) as database:
        copied = backup.restore(arguments.file, database)
    forget_derived(settings)
    with open_register(settings) as register:
        rebuild_stores(settings, register)
    _tell(copied, "is teruggezet")
    print(f"Wat sindsdien gewist werd, moet opnieuw weg: verenigingsloket erase --repeat {ledger.NAME}")
    return 0


def _tell(copied: Copied, what: str) -> None:
    rows = sum(copied.rows.values())
    print(f"De kopie van {copied.time}, tot en met volgnummer {copied.sequence} ({rows} rijen), {what}.")


def _where_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="BESTAND", help="de kopie, zoals loket.jsonl.gz")
    parser.add_argument("--check", action="store_true", help="enkel nakijken of deze kopie gaaf is")


def _where_from(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="BESTAND", help="de kopie, van SQLite of van PostgreSQL")


COMMANDS = (
    Command("backup", back_up, "Maakt naast een draaiende dienst een kopie van alles in één bestand.", _where_to),
    Command("restore", put_back, "Zet een kopie terug in een lege database, van welke soort ook.", _where_from),
)
