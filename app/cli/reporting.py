"""The command that makes reports: on the screen, or as a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from app.bootstrap.ambient import root
from app.bootstrap.register import open_register
from app.bootstrap.stores import follower_of_hidden, open_searches, open_stores, search_follower, static_graphs
from app.cli.command import Command
from app.config import Settings
from app.errors import Refused, Unavailable, Unknown
from app.exchange.register_api.admin_json import AdminJson
from app.exchange.register_api.hidden import finder_in
from app.exchange.register_api.json import RegisterJson
from app.exchange.reports.chart_svg import said
from app.exchange.reports.files import FORMATS
from app.exchange.reports.powerbi import FILES, Source, powerbi_lines
from app.register.agents import MANAGER, Agent
from app.register.register import Register
from app.register.reports.periods import Wanted
from app.register.reports.reporting import Answer, Reporter, Sources, load_reports
from app.register.reports.tallies import Finder
from app.register.reports.territory import confirmation_of, own_associations, own_questions
from app.store.graphs.embedded import memory_graphs
from app.store.graphs.port import Graphs
from app.store.graphs.project import catch_up
from app.web.people import organisation_in
from app.web.service import Publisher

POWERBI = "powerbi"
# Whoever has the machine has all that is on it.
OPERATOR = Agent("urn:x-verenigingsloket:machine", "Wie de machine heeft", MANAGER)


def report(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the reports, show one, or write it; `powerbi` writes the ten files of the register in a folder."""
    with open_register(settings) as register:
        if arguments.name == POWERBI:
            return _powerbi(arguments, settings, register)
        if arguments.name is None:
            return _list(root())
        with _stores(settings, register) as (public, internal), _searches(settings, register) as finder:
            sources, fewest = Sources(public, internal, finder), settings.usage_visitors
            reporter = Reporter(register, sources, load_reports(root()), fewest=fewest)
            answer = reporter.answer(arguments.name, _wanted(arguments, register), OPERATOR)
    if arguments.file is None:
        _show(answer)
        return 0
    suffix = arguments.format or arguments.file.suffix.lower().lstrip(".")
    if suffix not in FORMATS:
        raise Refused(f"Kies een bestand van deze soort: {', '.join(FORMATS)}.")
    arguments.file.write_bytes(FORMATS[suffix][2](answer))
    print(f"{len(answer.rows)} rijen staan in {arguments.file}")
    return 0


def _list(folder: Path) -> int:
    for figure in load_reports(folder).figures.values():
        print(f"{figure.name:<32}{figure.title}")
    print(f"{POWERBI:<32}De tien bestanden van de Power BI-export van het Verenigingsregister")
    return 0


def _powerbi(arguments: argparse.Namespace, settings: Settings, register: Register) -> int:
    """All ten files."""
    if arguments.file is None:
        raise Refused("Geef een map voor de bestanden: verenigingsloket report powerbi MAP.")
    arguments.file.mkdir(parents=True, exist_ok=True)
    source = _source(settings, register, _named(arguments.municipality, register.codelists.municipality, "gemeente"))
    for name in FILES:
        with (arguments.file / name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(powerbi_lines(name, source))
    print(f"{len(FILES)} bestanden staan in {arguments.file}")
    return 0


def _source(settings: Settings, register: Register, place: Any) -> Source:
    publisher = Publisher(settings.publisher, settings.publisher_name, settings.contact)

    def administration(iri: str) -> str:
        found = organisation_in(register.codelists, publisher, iri)
        return found.name if found else ""

    shaped = RegisterJson(register.codelists, register.schema.base, register.tools.type.iri_start)
    return Source(
        shaped=AdminJson(shaped, administration),
        type=register.tools.type,
        versions=lambda: own_associations(register, OPERATOR, place),
        history=register.log.versions,
        questions=lambda: own_questions(register, OPERATOR, place),
        whole=True,
        confirmed=partial(confirmation_of, register),
    )


@contextmanager
def _stores(settings: Settings, register: Register) -> Iterator[tuple[Graphs, Graphs]]:
    """The public and the internal store; beside a running service, which has them open, made from the log in memory."""
    try:
        with open_stores(settings, register) as stores:
            yield stores
    except Unavailable:
        print("Een draaiende dienst heeft de opslag: het rapport wordt uit het logboek gemaakt.", file=sys.stderr)
        public, internal = memory_graphs(), memory_graphs()
        for name, content in static_graphs(register).items():
            public.load_static(name, content)
            internal.load_static(name, content)
        catch_up(register.log, public, internal)
        yield public, internal


@contextmanager
def _searches(settings: Settings, register: Register) -> Iterator[Callable[[Agent | None], Finder]]:
    """The search indexes, which a running service writes too, up to the end of the log."""
    with open_searches(settings, register) as (search, hidden):
        search_follower(register, search)()
        follower_of_hidden(register, hidden)()
        yield finder_in(search, hidden, register)


def _wanted(arguments: argparse.Namespace, register: Register) -> Wanted:
    codelists = register.codelists
    return Wanted(
        place=_named(arguments.municipality, codelists.municipality, "gemeente"),
        activity=_named(arguments.activity, lambda text: codelists.find("hoofdactiviteit", text), "activiteit"),
        type=_named(arguments.type, lambda text: codelists.find("verenigingstype", text), "soort"),
        first=arguments.since,
        last=arguments.until,
    )


def _named(text: str | None, find: Callable[[str], Any], what: str) -> Any:
    if text is None:
        return None
    found = find(text)
    if found is None:
        raise Unknown(f"De {what} “{text}” kennen we niet.")
    return found


def _show(answer: Answer) -> None:
    table = Table(title=answer.figure.title, caption=answer.figure.explanation, title_justify="left")
    places = [place for place, column in enumerate(answer.columns) if column.kind != "iri"]
    for place in places:
        column = answer.columns[place]
        table.add_column(column.label, justify="right" if column.is_number else "left")
    for row in answer.rows:
        table.add_row(*(said(row[place], answer.columns[place].kind) for place in places))
    Console().print(table)


def _what_to_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAAM", help="welk rapport, of powerbi; zonder: een lijst ervan")
    parser.add_argument("file", nargs="?", type=Path, metavar="BESTAND", help="waarheen; zonder: op het scherm")
    parser.add_argument("--format", choices=list(FORMATS), help="soort bestand; zonder: wat de naam ervan zegt")
    parser.add_argument("--municipality", metavar="NAAM", help="enkel deze gemeente")
    parser.add_argument("--activity", metavar="CODE", help="enkel deze hoofdactiviteit, zoals SPRT")
    parser.add_argument("--type", metavar="CODE", help="enkel deze soort, zoals VZW")
    parser.add_argument("--from", dest="since", type=date.fromisoformat, metavar="DAG", help="vanaf deze dag")
    parser.add_argument("--until", type=date.fromisoformat, metavar="DAG", help="tot en met deze dag")


COMMANDS = (
    Command("report", report, "Toont een rapport of schrijft het als csv, xlsx, parquet of json.", _what_to_report),
)
