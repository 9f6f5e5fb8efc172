"""What a command is: each module of this room has a tuple COMMANDS of them, and `main` makes the manual out of all."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NamedTuple

from app.config import Settings

Run = Callable[[argparse.Namespace, Settings], int]


def nothing_more(parser: argparse.ArgumentParser) -> None:
    """Of a command that takes the settings alone."""


class Command(NamedTuple):
    """`run` answers the exit status, `help` is its line in the manual; `arguments` adds what it takes to the parser."""

    name: str
    run: Run
    help: str
    arguments: Callable[[argparse.ArgumentParser], None] = nothing_more
