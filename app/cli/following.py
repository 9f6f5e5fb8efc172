"""What comes in from the streams of others (concepts of the IPDC, products of vendors), and what goes to the IPDC."""

from __future__ import annotations

import argparse

from app.bootstrap.feeds_in import open_follower, settle_ipdc
from app.bootstrap.ipdc import open_publisher
from app.bootstrap.register import open_register
from app.cli.command import Command
from app.cli.lists import project
from app.config import Settings
from app.errors import BadSetting, Refused, Unknown
from app.exchange.following import Follower
from app.exchange.following_run import Run
from app.exchange.products.ipdc_publishing import publications, publish_again
from app.register.register import Register
from app.store import followed
from app.store.deliveries import FAILED, PUBLICATION, TO_SEND, count_deliveries
from app.store.followed import ACTIVE, Feed
from app.store.times import iso


def follow(arguments: argparse.Namespace, settings: Settings) -> int:
    """Take in what is new in the feeds that are followed (the IPDC's concepts: --ipdc-feed), once."""
    failed = False
    with open_register(settings) as register, open_follower(settings, register) as follower:
        settle_ipdc(settings, register)
        for feed in _chosen(arguments.feed, register):
            run = follower.rehearse(feed) if arguments.dry_run else _run(follower, feed, arguments.again)
            failed |= bool(run.problems)
            _print(feed, run)
        if not arguments.dry_run:
            project(settings, register)
    return 1 if failed else 0


def _run(follower: Follower, feed: Feed, again: bool) -> Run:
    register = follower.register
    if again:
        with register.log.database.writing() as connection:
            followed.ask_now(connection, feed.id, iso(register.clock()))
    run = follower.run(feed)
    now = iso(register.clock())
    with register.log.database.writing() as connection:
        followed.note_run(connection, feed.id, now, now, str(run))
    return run


def _chosen(id: str | None, register: Register) -> list[Feed]:
    known = followed.feeds(register.log.database)
    if id is not None:
        found = [feed for feed in known if feed.id == id]
        if not found:
            raise Unknown(f"De feed {id} kennen we niet; wel: {', '.join(feed.id for feed in known) or 'geen enkele'}.")
        return found
    if not known:
        raise Refused("Er wordt geen enkele feed gevolgd. Geef die van de IPDC met --ipdc-feed.")
    return [feed for feed in known if feed.state == ACTIVE]


def _print(feed: Feed, run: Run) -> None:
    print(f"{feed.label}: {run}", flush=True)
    for url, why in run.problems:
        print(f"  {url}: {why}")
    for thing in run.aside:
        print(f"  opzij: {thing.thing} (poging {thing.attempts})")
        for line in thing.why.splitlines():
            print(f"    {line}")
    for thing in run.hinted:
        print(f"  met opmerkingen: {thing.thing}")
        for line in thing.why.splitlines()[1:]:
            print(f"    {line}")


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("feed", nargs="?", metavar="FEED", help="enkel deze (ipdc, …); anders alle")
    parser.add_argument("--again", action="store_true", help="probeer ook opnieuw wat opzij staat")
    parser.add_argument("--dry-run", action="store_true", help="lees alles en zeg wat er zou gebeuren; bewaar niets")


def publish(arguments: argparse.Namespace, settings: Settings) -> int:
    """Send to the IPDC what waits for it, and tell how everything stands."""
    with open_register(settings) as register, open_publisher(settings, register) as publisher:
        if publisher is None:
            raise BadSetting("Er gaat niets naar de IPDC: geef ipdc_url.")
        for code in arguments.again or ():
            if not publish_again(code, register):
                raise Unknown(f"Er is geen product met code {code}.")
        while publisher.work():
            pass
        for state, number in count_deliveries(register.log.database, kinds=(PUBLICATION,)).items():
            print(f"{number} {state}")
        wrong = publications(register, (FAILED, TO_SEND))
        for each in wrong:
            print(f"  {each.subscription} (poging {each.attempts}): {each.outcome}")
    return 1 if wrong else 0


def _which_again(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--again", action="append", metavar="CODE", help="publiceer dit product opnieuw (P0001001)")


COMMANDS = (
    Command(
        "follow",
        follow,
        "Neemt één keer wat nieuw is in de gevolgde feeds (concepten van de IPDC: --ipdc-feed).",
        _which,
    ),
    Command(
        "publish", publish, "Stuurt naar de IPDC wat daarvoor klaarstaat, en zegt hoe het met alles gaat.", _which_again
    ),
)
