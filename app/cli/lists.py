"""The commands that bring lists in and take them out."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.bootstrap.ambient import root
from app.bootstrap.register import open_register
from app.bootstrap.stores import open_stores
from app.cli.clerk import clerk
from app.cli.command import Command
from app.config import Settings
from app.errors import Unavailable
from app.exchange.export_associations import export_associations
from app.exchange.imports.associations import import_associations
from app.exchange.imports.console import print_report, progress_bar
from app.exchange.imports.products import import_products
from app.exchange.spreadsheet.outcome import outcome_path, write_outcome
from app.exchange.spreadsheet.template import write_template
from app.register.register import Register


def import_file(arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring in a municipality's list; the outcome is printed, and written back beside the file."""
    if arguments.what == "products":
        return _import_products(arguments, settings)
    with open_register(settings) as register:
        agent = clerk(arguments.municipality, register)
        with (
            progress_bar() as progress,
            import_associations(
                arguments.file, arguments.municipality, register, agent, root(),
                dry_run=arguments.dry_run, progress=progress,
            ) as report,
        ):  # fmt: skip
            print_report(report)
            if not arguments.dry_run:
                target = outcome_path(arguments.file)
                write_outcome(report, arguments.file, target)
                print(f"Het resultaat staat in {target}")
                project(settings, register)
    return 0


def _import_products(arguments: argparse.Namespace, settings: Settings) -> int:
    with open_register(settings) as register:
        agent = clerk(arguments.municipality, register)
        with import_products(
            arguments.file, arguments.municipality, register, agent, root(), dry_run=arguments.dry_run
        ) as report:
            print_report(report)
            if not arguments.dry_run:
                if report.recognition.header_row:
                    target = outcome_path(arguments.file)
                    write_outcome(report, arguments.file, target)
                    print(f"Het resultaat staat in {target}")
                project(settings, register)
    return 0


# Of each empty template, what is filled in.
TEMPLATES = {"template": "vereniging", "product-template": "product"}


def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the empty template, or the associations as a spreadsheet in its columns."""
    with open_register(settings) as register:
        if kind := TEMPLATES.get(arguments.what):
            write_template(arguments.file, register.tools, root(), kind)
            print(f"Het sjabloon staat in {arguments.file}")
        else:
            count = export_associations(arguments.file, register, root(), arguments.municipality)
            print(f"{count} verenigingen staan in {arguments.file}")
    return 0


def project(settings: Settings, register: Register) -> None:
    """Bring the stores up to date, unless a running service has them: it follows the log by itself."""
    try:
        with open_stores(settings, register):
            pass
    except Unavailable:
        return


def _what_to_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["associations", "products"], help="wat het bestand bevat")
    parser.add_argument("file", type=Path, metavar="BESTAND", help=".xlsx, .csv of .ods; producten ook .jsonld of .ttl")
    parser.add_argument("--municipality", required=True, metavar="NAAM", help="gemeente waarvan de lijst is")
    parser.add_argument("--dry-run", action="store_true", help="enkel nakijken; er wordt niets geschreven")


def _what_to_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=[*TEMPLATES, "associations"], help="een leeg sjabloon of de verenigingen")
    parser.add_argument("file", type=Path, metavar="BESTAND", help=".xlsx of .csv")
    parser.add_argument("--municipality", metavar="NAAM", help="enkel die van deze gemeente")


COMMANDS = (
    Command(
        "import",
        import_file,
        "Leest de lijst van een gemeente in; de uitkomst staat op het scherm en in een bestand ernaast.",
        _what_to_import,
    ),
    Command(
        "export",
        export,
        "Schrijft een leeg sjabloon, of de verenigingen als rekenblad met dezelfde kolommen.",
        _what_to_export,
    ),
)
