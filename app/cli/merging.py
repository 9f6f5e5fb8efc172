"""The command that moves the products of municipalities that merged."""

from __future__ import annotations

import argparse

from app.bootstrap.register import open_register
from app.cli.command import Command
from app.config import Settings
from app.register.agents import SYSTEM, Agent
from app.register.products.merger_undoing import undo
from app.register.products.municipal_merger import Plan, merged_municipality, move_products, plan_merger

SYSTEM_AGENT = Agent(SYSTEM, "Het systeem", SYSTEM)


def merge_municipality(arguments: argparse.Namespace, settings: Settings) -> int:
    """Move the products of municipalities that merged to the new one; with --dry-run only say which."""
    with open_register(settings) as register:
        into = merged_municipality(arguments.municipality, register)
        if arguments.undo:
            outcome = undo(arguments.undo, SYSTEM_AGENT, register)
            print(f"{outcome.code} staat weer zoals voor de fusie.")
            return 0
        plan = plan_merger(into, register) if arguments.dry_run else move_products(into, SYSTEM_AGENT, register)
    return _tell(plan, dry=arguments.dry_run)


def _tell(plan: Plan, *, dry: bool) -> int:
    for move in plan.moves:
        print(f"{move.code}  {move.title} ({move.owner})" + (f": {move.error.title}" if move.error else ""))
        for problem in move.problems:
            print(f"  {problem.path}: {problem.message}")
    for group in plan.twice:
        print("staat er twee keer: " + ", ".join(own.code for own in group))
    refused = sum(move.error is not None for move in plan.moves)
    verb = "zouden" if dry else "zijn"
    print(f"{len(plan.moves) - refused} producten {verb} van {plan.into.name}; {refused} geweigerd.")
    return 1 if refused else 0


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("municipality", metavar="GEMEENTE", help="de nieuwe gemeente, of een die erin opging")
    parser.add_argument("--undo", metavar="CODE", help="één product terugzetten zoals het voor de fusie stond")
    parser.add_argument("--dry-run", action="store_true", help="enkel tonen wat zou verhuizen")


COMMANDS = (
    Command(
        "merge-municipality",
        merge_municipality,
        "Verhuist de producten van gefusioneerde gemeenten naar de nieuwe; de oude adressen blijven antwoorden.",
        _which,
    ),
)
