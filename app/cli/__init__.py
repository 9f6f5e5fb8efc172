"""The command line; `verenigingsloket --help` is the manual."""

from app.cli.main import main

__all__ = ["main"]
