"""How concepts behave: the IPDC answers for what they say; we keep them, and tell products what changed."""

from __future__ import annotations

from app.errors import Forbidden
from app.model.fields import Document
from app.register import agents
from app.register.conduct import Case, Conduct, Standing
from app.register.desk import Desk
from app.register.products.conduct import audiences, settle_order

KIND = "concept"
NUMBER = "productnummer"


def derive(document: Document, desk: Desk) -> None:
    """Parts without a place get one; what is archived says so as a status."""
    settle_order(document, desk.register.schema.entity_types[KIND])
    archived = desk.register.codelists.find("conceptstatus", "gearchiveerd")
    if document.get("gearchiveerd") and archived is not None:
        document["status"] = archived.iri
    else:
        document.pop("status", None)


def standing(document: Document, desk: Desk) -> Standing:
    """Views by audience; found by its number."""
    number = document.get(NUMBER)
    return Standing(
        views=tuple(sorted(set(audiences(document, desk.register.codelists)))),
        keys=frozenset({(NUMBER, number)} if number else ()),
    )


def allow(case: Case) -> None:
    """Concepts come from the IPDC alone."""
    if case.desk.agent.role not in (agents.SYSTEM, agents.MANAGER):
        raise Forbidden("Concepten komen van de IPDC.")


CONCEPTS = Conduct(derive=derive, standing=standing, allow=allow, trusting=True)
