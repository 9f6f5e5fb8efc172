"""The commands of who answers for personal data: giving it to the person, and taking it away."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import orjson

from app.bootstrap.keys import new_key_file, read_key_file, vault_key
from app.bootstrap.register import open_register
from app.bootstrap.stores import open_stores
from app.cli.command import Command
from app.config import Settings
from app.errors import Refused
from app.register.agents import DPO, Agent
from app.register.personal.extract import extract
from app.register.personal.forgetting import (
    Forgotten,
    forget_again,
    forget_association,
    forget_expired,
    forget_person,
)
from app.register.register import Register
from app.store import ledger
from app.store.keys import change_key, unlock
from app.store.leadership import alone
from app.web.personal.extracts import readable
from app.web.service import Publisher


def erase(arguments: argparse.Namespace, settings: Settings) -> int:
    """Take personal values away for good: of a person (INSZ on standard input), an association, or what is too old."""
    with open_register(settings) as register:
        last = register.log.read(register.log.head() - 1, 1)
        agent = officer(settings)
        if arguments.repeat:
            again = ledger.read(arguments.repeat, last[0].time if last else "")
            forgotten = forget_again(again, agent, register, arguments.dry_run)
        else:
            forgotten = _forget(arguments, agent, register)
        _print(forgotten, dry_run=arguments.dry_run)
        if not arguments.dry_run and forgotten:
            ledger.follow(settings.data, register.log.database)
            register.log.database.scrub(anew=True)
            print(f"Een reservekopie van vroeger bevat ze nog: herhaal daarna met {settings.data / ledger.NAME}.")
    return 0


def take_out(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write all that the register holds of one person (INSZ on standard input), as JSON-LD or as a page."""
    with open_register(settings) as register:
        document = extract(_ask_insz(), officer(settings), register, arguments.reason)
        publisher = Publisher(settings.publisher, settings.publisher_name, settings.contact)
        as_page = arguments.file is not None and arguments.file.suffix == ".html"
        data = orjson.dumps(document, option=orjson.OPT_INDENT_2)
        body = readable(document, register, publisher) if as_page else data
    if arguments.file is None:
        sys.stdout.buffer.write(body + b"\n")
    else:
        arguments.file.write_bytes(body)
        print(f"Het uittreksel staat in {arguments.file}", file=sys.stderr)
    return 0


def make_key(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make a file with a new key for the vault; with --change, close the vault with it from now on."""
    if arguments.change:
        count = _close_with(arguments.file, settings)
        print(f"Van {count} onderdelen zijn de persoonsgegevens opnieuw versleuteld; de oude sleutel opent niets meer.")
        print("Reservekopieën van vroeger hebben de oude nog nodig: bewaar hem zolang die bestaan.")
    else:
        new_key_file(arguments.file)
    print(f"De sleutel staat in {arguments.file}. Start voortaan met --vault-key-file {arguments.file}")
    return 0


def _close_with(path: Path, settings: Settings) -> int:
    """A new key closes the vault; raises Refused while anybody runs, who has the old one in memory."""
    with open_register(settings) as register:
        database = register.log.database
        with alone(database, settings.data), open_stores(settings, register):
            new_key_file(path)
            count = change_key(register.log, unlock(database, vault_key(settings)), read_key_file(path))
        database.scrub(anew=True)
    return count


def officer(settings: Settings) -> Agent:
    """Whoever has the machine acts here for the publisher, as the officer for data protection."""
    return Agent(settings.publisher, settings.publisher_name, DPO, account="opdrachtregel")


def _forget(arguments: argparse.Namespace, agent: Agent, register: Register) -> list[Forgotten]:
    code, reason, dry_run = arguments.association or "", arguments.reason, arguments.dry_run
    if arguments.expired:
        return forget_expired(agent, register, dry_run)
    if arguments.person:
        return forget_person(_ask_insz(), agent, register, reason, only=code, dry_run=dry_run)
    if code:
        return forget_association(code, agent, register, reason, dry_run)
    raise Refused("Kies --person, --association CODE, --expired of --repeat BESTAND.")


def _ask_insz() -> str:
    """Not an argument: everybody on the machine sees those, and the shell keeps them."""
    if sys.stdin.isatty():
        print("INSZ:", end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def _print(forgotten: Iterable[Forgotten], *, dry_run: bool) -> None:
    count = 0
    for each in forgotten:
        count += 1
        print(f"{each.code}: {each.gone}")
        if each.left:
            print(f"  blijft: {each.left}")
    where = "1 vereniging" if count == 1 else f"{count} verenigingen"
    what = "Te wissen" if dry_run else "Gewist"
    print(f"{what}: persoonsgegevens in {where}." if count else "Er is niets te wissen.")


def _what_to_erase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--person", action="store_true", help="één persoon; het INSZ komt van de standaardinvoer")
    parser.add_argument("--association", metavar="V-CODE", help="één vereniging; met --person enkel die persoon daarin")
    parser.add_argument("--expired", action="store_true", help="alles waarvan de bewaartermijn om is")
    parser.add_argument("--repeat", type=Path, metavar="BESTAND", help="wat al gewist was, als een kopie is teruggezet")
    parser.add_argument("--reason", default="", metavar="TEKST", help="waarom; noem niemand bij naam")
    parser.add_argument("--dry-run", action="store_true", help="enkel tonen; er wordt niets gewist")


def _what_to_take_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="?", metavar="BESTAND", help=".html om te lezen; anders JSON-LD")
    parser.add_argument("--reason", default="", metavar="TEKST", help="waarom; noem niemand bij naam")


def _what_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="BESTAND", help="waar de nieuwe sleutel komt; bestaat nog niet")
    parser.add_argument("--change", action="store_true", help="de kluis ermee sluiten; stop eerst de dienst")


COMMANDS = (
    Command(
        "erase",
        erase,
        "Wist persoonsgegevens: van één persoon (INSZ via de invoer), één vereniging, of wat lang genoeg bewaard is.",
        _what_to_erase,
    ),
    Command(
        "extract",
        take_out,
        "Geeft wat er over één persoon bewaard wordt (INSZ via de invoer), als JSON-LD of als leesbare tekst.",
        _what_to_take_out,
    ),
    Command(
        "key",
        make_key,
        "Maakt een sleutel voor de kluis in een bestand, of vervangt de sleutel zonder iets te verliezen.",
        _what_key,
    ),
)
