"""The command that reads decisions: of a site, a sitemap, a file or a folder of files."""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import quote

from app.bootstrap.fetching import open_fetcher, open_officials
from app.bootstrap.harvesting import open_harvester
from app.bootstrap.register import open_register
from app.cli.clerk import clerk
from app.cli.command import Command
from app.cli.lists import project
from app.config import Settings
from app.errors import Refused
from app.exchange.harvest.pages import Run
from app.exchange.harvest.publish import NOWHERE
from app.exchange.rdfa.page import canonical_of, decode, parse_page
from app.register.register import Register
from app.store.harvests import HarvestedPage, Harvests, Source
from app.store.times import iso

SUFFIXES = (".html", ".htm", ".xhtml")
ONCE = "eenmalig"


def harvest(arguments: argparse.Namespace, settings: Settings) -> int:
    """Read the decisions that a municipality publishes: a page and what it leads to, a sitemap, or files."""
    with open_register(settings) as register:
        municipality = clerk(arguments.municipality, register).municipality or "" if arguments.municipality else ""
        path = Path(arguments.what)
        if path.exists():
            run = _read_files(path, municipality, settings, register)
        else:
            run = _read_site(arguments.what, municipality, settings, register)
        print(run)
        for url, why in run.problems:
            print(f"  {url}: {why}")
        project(settings, register)
        return 1 if run.problems and not run.changed and not run.unchanged else 0


def _read_site(url: str, municipality: str, settings: Settings, register: Register) -> Run:
    if not url.startswith(("http://", "https://")):
        raise Refused(f"{url} is geen bestand, geen map en geen webadres.")
    now = iso(register.clock())
    source = Source(f"{ONCE}/{url}"[:64], municipality, url, ONCE, now, now)
    fetcher = open_fetcher(settings, register.schema.base)
    return open_harvester(settings, register, fetcher, open_officials(settings, fetcher)).run(source)


def _read_files(path: Path, municipality: str, settings: Settings, register: Register) -> Run:
    fetcher = open_fetcher(settings, register.schema.base)
    harvester = open_harvester(settings, register, fetcher, open_officials(settings, fetcher))
    harvests, total = Harvests(register.log.database), Run()
    files = sorted(f for f in path.rglob("*") if f.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
    if not files:
        raise Refused(f"In {path} staat geen enkel bestand dat op .html eindigt.")
    for file in files:
        try:
            url, body = _address(file), file.read_bytes()
            page = harvests.page(url) or HarvestedPage(url, ONCE, municipality, due=iso(register.clock()))
            run = harvester.read_file(page, body)
            total.changed, total.unchanged = total.changed + run.changed, total.unchanged + run.unchanged
            total.written, total.fetched = total.written + run.written, total.fetched + run.fetched
        except Refused as error:
            total.problems.append((str(file), error.title))
    return total


def _address(file: Path) -> str:
    """Where a page stands: by its own word, else nowhere."""
    canonical = canonical_of(parse_page(decode(file.read_bytes())))
    if canonical and canonical.startswith(("http://", "https://")):
        return canonical
    return NOWHERE + quote(file.name)


def _what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="WAT", help="webadres van een pagina of sitemap, bestand, of map met bestanden")
    parser.add_argument("--municipality", metavar="NAAM", help="gemeente, voor wat niet zegt van wie het is")


COMMANDS = (
    Command(
        "harvest",
        harvest,
        "Leest de besluiten die een gemeente publiceert: een pagina en wat ze aanwijst, een sitemap, of bestanden.",
        _what,
    ),
)
