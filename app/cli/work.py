"""The commands of who looks after the quality of the register."""

from __future__ import annotations

import argparse

from app.bootstrap.register import open_register
from app.cli.command import Command
from app.config import Settings
from app.register.agents import SYSTEM, Agent
from app.register.doubles.pairs import propose
from app.register.products.looking_after import remind_all


def find_pairs(arguments: argparse.Namespace, settings: Settings) -> int:
    """Look for associations in the register that may be one; each pair goes into the work queue of its municipality."""
    with open_register(settings) as register:
        told = propose(register, Agent(SYSTEM, "Het systeem", SYSTEM))
        print(f"{told.looked_at} verenigingen nagekeken: {told.pairs} nieuwe vragen, {told.expired} vervallen.")
    return 0


def remind(arguments: argparse.Namespace, settings: Settings) -> int:
    """Remind of products that are to be looked at; a running service does so every night."""
    with open_register(settings) as register:
        print(f"Aan {remind_all(register)} producten herinnerd.")
    return 0


COMMANDS = (
    Command("remind", remind, "Herinnert aan productfiches die nagekeken moeten worden."),
    Command(
        "dubbels",
        find_pairs,
        "Zoekt verenigingen die al in het register staan en misschien dubbel zijn, en legt ze voor.",
    ),
)
