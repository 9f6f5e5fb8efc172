"""Which type behaves how."""

from __future__ import annotations

from collections.abc import Mapping

from app.register.conduct import DEFAULT, Conduct

CONDUCTS: Mapping[str, Conduct] = {}


def conduct_of(kind: str) -> Conduct:
    """The conduct of a type; the default where it has none of its own."""
    return CONDUCTS.get(kind, DEFAULT)
