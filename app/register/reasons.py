"""Why somebody does something, in their own words: kept for ever, so nobody's number may stand in it."""

from __future__ import annotations

from app.errors import Problem, Refused
from app.model.persons_in_text import without_national_number


def plain_reason(text: str) -> str:
    """The reason; raises Refused when a national number stands in it."""
    try:
        return without_national_number(text.strip())
    except ValueError as error:
        raise Refused("Noem in de reden niemand met een nummer.", (Problem("reden", str(error)),)) from None
