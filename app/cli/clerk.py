"""Whom a command of one municipality acts for."""

from __future__ import annotations

from app.errors import Unknown
from app.register.agents import MUNICIPALITY, Agent
from app.register.register import Register


def clerk(municipality: str, register: Register) -> Agent:
    """Whoever has the machine acts for the municipality that it names. Raises Unknown with what it may have meant."""
    home = register.codelists.municipality(municipality)
    if home is None:
        suggestions = register.codelists.suggest("gemeente", municipality)
        hint = f" Bedoelt u {' of '.join(suggestions)}?" if suggestions else ""
        raise Unknown(f"Deze gemeente kennen we niet.{hint}")
    return Agent(home.unit or home.iri, f"Gemeente {home.name}", MUNICIPALITY, home.nis)
