"""A register that is a copy of another: it holds what that one shows, under the V-codes of that one, and gives none.

Nothing is checked or looked up here but that it can be held: the other register decides. What people do to associations
is refused in a copy, for the next time that it looks at its source would undo it.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from app.errors import Conflict, Forbidden
from app.model.documents import number_nodes
from app.model.fields import Document
from app.model.terms import VL
from app.register.commands import Archive, Change, Create, LetGo, Outcome, TakeOver
from app.register.derive import derive, identify, primary_site
from app.register.desk import Desk, feeds_of
from app.register.personal.commands import ErasePersonalData
from app.register.prepare import lay_out
from app.register.register import KIND, Register
from app.register.telling.commands import ChangeSubscription, Subscribe, Unsubscribe
from app.store.records import NewVersion, Version

COPY_OF, PART = "kopie-van", "kopie-van/gemeente"
TAKEN_OVER = VL.VerenigingOvergenomen.value
LET_GO = VL.VerenigingLosgelaten.value
# What is not about associations goes on as in any register.
ELSEWHERE = (Create, Change, Archive, ErasePersonalData, Subscribe, ChangeSubscription, Unsubscribe)
WITH_NUMBERS = ("locaties", "contactgegevens", "lidmaatschappen", "erkenningen")


def make_copy_of(register: Register, source: str, municipality: str = "") -> None:
    """Say that this register copies that one from now on, all of it or one municipality.

    Raises Conflict when it has associations of its own, or copies something else: what it let pass would never come.
    """
    with register.log.transaction() as transaction:
        known, part = transaction.get_state(COPY_OF), transaction.get_state(PART)
        if known is None and register.log.entities(KIND, limit=1):
            raise Conflict("In deze map staan al eigen verenigingen; een kopie heeft een map voor zich alleen nodig.")
        if known not in (None, source):
            raise Conflict(f"Deze map is een kopie van {known}, en kan geen tweede register volgen.")
        if known is not None and part != municipality:
            raise Conflict("Deze map is een kopie van een ander deel van het register. Kies een nieuwe map.")
        transaction.put_state(COPY_OF, source)
        transaction.put_state(PART, municipality)


def refuse_in_copy(command: object, desk: Desk) -> None:
    """Raises Forbidden for what a copy does not do, or what only a copy does."""
    if isinstance(command, ELSEWHERE):
        return
    if desk.copy_of is None and isinstance(command, TakeOver | LetGo):
        raise Forbidden("Deze map is geen kopie van een ander register.")
    if desk.copy_of is not None and not isinstance(command, TakeOver | LetGo):
        raise Forbidden(f"Dit register is een kopie van {desk.copy_of}. Doe dit daar.")


def take_over(command: TakeOver, desk: Desk) -> Outcome:
    """Hold an association as its register shows it; the same again changes nothing."""
    type, iri = desk.register.tools.type, desk.iri(command.code)
    latest = desk.transaction.latest(iri)
    held = latest if latest is not None and latest.operation != "delete" else None
    before = desk.open_document(held) if held else {}
    document: Document = {**deepcopy(command.document), "@id": iri}
    homes = [home for home in derive(document, desk.register.tools, desk.today, []) if home]
    for location, shown in zip(document.get("locaties", ()), command.document.get("locaties", ()), strict=True):
        # However this register would write an address, the other one writes it so.
        location["adres"] = {**location.get("adres", {}), **shown.get("adres", {})}
    identify(document, command.code)
    document = _numbered(document, before, desk)
    if held is not None and lay_out({**document, "versie": held.number}, type).public == held.public:
        return Outcome(command.code, iri, held.number)
    number = latest.number + 1 if latest else 1
    layout = lay_out({**document, "versie": number}, type)
    nis = tuple(sorted({home.nis for home in homes}))
    told: dict[str, Any] = {"public": layout.public, "internal": layout.internal, "feeds": feeds_of(desk, nis)}
    return _append(desk, command.code, number, "update" if held else "create", TAKEN_OVER, told)


def let_go(command: LetGo, desk: Desk) -> Outcome:
    """Leave a tombstone of what its register no longer shows; of what is not here, nothing."""
    iri = desk.iri(command.code)
    latest = desk.transaction.latest(iri)
    if latest is None or latest.operation == "delete":
        return Outcome(command.code, iri, latest.number if latest else 0)
    told = {
        "public": None,
        "internal": b"",
        "replaced_by": desk.iri(command.replaced_by) if command.replaced_by else None,
    }
    return _append(desk, command.code, latest.number + 1, "delete", LET_GO, told)


def _append(desk: Desk, code: str, number: int, operation: Any, activity: str, told: dict[str, Any]) -> Outcome:
    version: Version = desk.transaction.append(
        NewVersion(
            entity=desk.iri(code),
            kind=KIND,
            number=number,
            operation=operation,
            activity=activity,
            actor=desk.agent.iri,
            reason=desk.reason,
            **told,
        )
    )
    return Outcome.written(code, version)


def _numbered(document: Document, before: Document, desk: Desk) -> Document:
    """Parts keep the numbers that they have in the other register, or else those that they have here."""
    known = {node["@id"]: node for term in WITH_NUMBERS for node in before.get(term, ())}
    numbered = {
        term: [known.get(node["@id"], {"@id": node["@id"]}) for node in document.get(term, ()) if "@id" in node]
        for term in WITH_NUMBERS
    }
    old = {term: before.get(term, []) for term, nodes in numbered.items() if not nodes}
    numbers = [int(node["@id"].rpartition("-")[2]) for nodes in numbered.values() for node in nodes]
    highest = max([before.get("hoogsteVolgnummer", 0), *numbers])
    previous = {**before, **numbered, **old, "hoogsteVolgnummer": highest}
    found = number_nodes(document, desk.register.tools.type, document["@id"], previous)
    if site := primary_site(found, desk.register.tools.notions):
        found["primaireLocatie"] = site
    return found
