"""The command line; `verenigingsloket --help` is the manual."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import structlog
import uvicorn

from app.bootstrap import open_register, open_service, open_stores, rebuild_stores, root
from app.config import SETTINGS, Settings, read_settings
from app.errors import LoketError, Refused, Unavailable, Unknown
from app.exchange.export_associations import export_associations
from app.exchange.import_associations import import_associations
from app.exchange.import_console import print_report, progress_bar
from app.exchange.spreadsheet_outcome import outcome_path, write_outcome
from app.exchange.spreadsheet_template import write_template
from app.model.graph import read_graph
from app.register.agents import MUNICIPALITY, Agent
from app.register.register import Register
from app.register.validation import findings, findings_in
from app.web.app import create_app

Run = Callable[[argparse.Namespace, Settings], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit status: 0 done, 1 refused or failed with a Dutch sentence, 2 wrong usage."""
    parsed = _parser().parse_args(arguments)
    try:
        settings = read_settings({name: getattr(parsed, name, None) for name in _names()})
        _configure_logging(settings)
        run: Run = parsed.run
        return run(parsed, settings)
    except LoketError as error:
        print(error.title, file=sys.stderr)
        for problem in error.problems if isinstance(error, Refused) else ():
            print(f"  {problem.path}: {problem.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer requests until stopped; the first line on standard output is the address to open."""
    with open_service(settings) as service:
        address = f"http://{settings.host}:{settings.port}"
        print(address, flush=True)
        for path, what in ADDRESSES:
            print(f"  {address}{path:<24} {what}", flush=True)
        uvicorn.run(
            create_app(service),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            lifespan="off",
        )
    return 0


def demo(arguments: argparse.Namespace, settings: Settings) -> int:
    """As `serve`, with invented associations of real municipalities, brought in on the first start."""
    with open_register(settings) as register:
        if register.log.head() == 0:
            print("De verzonnen verenigingen worden ingelezen…", file=sys.stderr)
            _load_fixtures(register)
    return serve(arguments, settings)


def import_file(arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring in a municipality's list; the outcome is printed, and written back beside the file."""
    with open_register(settings) as register:
        clerk = _clerk(arguments.municipality, register)
        with (
            progress_bar() as progress,
            import_associations(
                arguments.file, arguments.municipality, register, clerk, root(),
                dry_run=arguments.dry_run, progress=progress,
            ) as report,
        ):  # fmt: skip
            print_report(report)
            if not arguments.dry_run:
                target = outcome_path(arguments.file)
                write_outcome(report, arguments.file, target)
                print(f"Het resultaat staat in {target}")
                _project(settings, register)
    return 0


def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the empty template, or the associations as a spreadsheet in its columns."""
    with open_register(settings) as register:
        if arguments.what == "template":
            write_template(arguments.file, register.tools, root())
            print(f"Het sjabloon staat in {arguments.file}")
        else:
            count = export_associations(arguments.file, register, root(), arguments.municipality)
            print(f"{count} verenigingen staan in {arguments.file}")
    return 0


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
            return _tell(findings(register, public, internal))


def _tell(found: Iterable[str]) -> int:
    lines = 0
    for line in found:
        print(line)
        lines += 1
    print(f"{lines} bevindingen." if lines else "Alles is in orde.")
    return 1 if lines else 0


ADDRESSES = (
    ("/verenigingen", "zoeken en bladeren"),
    ("/sparql", "SPARQL 1.1, met een editor"),
    ("/ldes/verenigingen", "wijzigingen volgen (LDES)"),
    ("/catalogus", "catalogus (DCAT-AP)"),
    ("/dumps", "alles downloaden"),
)


def _load_fixtures(register: Register) -> None:
    for path in sorted((root() / "fixtures" / "verenigingen").glob("*.csv")):
        with import_associations(path, path.stem, register, _clerk(path.stem, register), root(), workers=0):
            pass


def _clerk(municipality: str, register: Register) -> Agent:
    """Whoever has the machine acts for the municipality that it names."""
    home = register.codelists.municipality(municipality)
    if home is None:
        suggestions = register.codelists.suggest("gemeente", municipality)
        hint = f" Bedoelt u {' of '.join(suggestions)}?" if suggestions else ""
        raise Unknown(f"Deze gemeente kennen we niet.{hint}")
    return Agent(home.unit or home.iri, f"Gemeente {home.name}", MUNICIPALITY, home.nis)


def _project(settings: Settings, register: Register) -> None:
    """Bring the stores up to date, unless a running service has them: it follows the log by itself."""
    try:
        with open_stores(settings, register):
            pass
    except Unavailable:
        return


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


def _names() -> list[str]:
    return [setting.name for setting in SETTINGS]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="verenigingsloket", description="Het verenigingenregister als linked data.")
    settings = argparse.ArgumentParser(add_help=False)
    group = settings.add_argument_group("instellingen", "ook als omgevingsvariabele: VERENIGINGSLOKET_DATA, …")
    for setting in SETTINGS:
        if setting.name != "vault_key":  # a secret on the command line can be read by every user of the machine
            group.add_argument(f"--{setting.name.replace('_', '-')}", metavar="WAARDE", help=setting.help)
    commands = parser.add_subparsers(title="opdrachten", required=True, metavar="OPDRACHT")

    def command(name: str, run: Run) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=(run.__doc__ or "").split("\n")[0], parents=[settings])
        added.set_defaults(run=run)
        return added

    command("serve", serve)
    command("demo", demo)
    command("rebuild", rebuild)
    checked = command("validate", check)
    suffixes = ".ttl, .nt, .nq, .trig, .rdf of .jsonld"
    checked.add_argument("file", type=Path, nargs="?", metavar="BESTAND", help=suffixes)
    imported = command("import", import_file)
    imported.add_argument("what", choices=["associations"], help="wat het bestand bevat")
    imported.add_argument("file", type=Path, metavar="BESTAND", help=".xlsx, .csv of .ods")
    imported.add_argument("--municipality", required=True, metavar="NAAM", help="gemeente waarvan de lijst is")
    imported.add_argument("--dry-run", action="store_true", help="enkel nakijken; er wordt niets geschreven")
    exported = command("export", export)
    exported.add_argument("what", choices=["template", "associations"], help="een leeg sjabloon of de verenigingen")
    exported.add_argument("file", type=Path, metavar="BESTAND", help=".xlsx of .csv")
    exported.add_argument("--municipality", metavar="NAAM", help="enkel die van deze gemeente")
    return parser


if __name__ == "__main__":
    sys.exit(main())
