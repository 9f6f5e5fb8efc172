"""What happens to dossiers by the calendar: a deadline that passed is remembered, what is kept long enough goes.

remind_of_deadlines(register)          # each night
forget_old_dossiers(register)                   # dossiers, applications never sent, documents
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from app.model.fields import Document
from app.model.terms import VL
from app.register.agents import SYSTEM, Agent
from app.register.commands import Archive
from app.register.desk import Desk
from app.register.dossiers.application_drafts import forget_untouched
from app.register.dossiers.conduct import KIND, is_open
from app.register.dossiers.course import current, keep, with_message
from app.register.dossiers.document_store import forget_expired_documents
from app.register.dossiers.own_dossiers import is_late, open_document
from app.register.entities import archive_entity
from app.register.register import Register
from app.store.times import iso

BATCH = 1000
AGAIN, UNSENT = timedelta(days=7), timedelta(days=90)
ACTIVITY = "persoonsgegevens#dossiers"
REMINDER = (
    "Herinnering: we wachten nog op uw antwoord, en de termijn is voorbij. "
    "Bezorg ons wat gevraagd is, of laat iets weten."
)


def remind_of_deadlines(register: Register) -> int:
    """Note on each dossier that its deadline has passed, again every week; answers how many.

    When it is the association's turn, it gets a message; when it is the administration's, its list shows it.
    """
    today = register.today()
    late = [each["code"] for each in _all(register) if _is_to_be_reminded(each, register)]
    for code in late:
        with register.log.transaction() as transaction:
            desk = Desk(register, transaction, _system(register), "", today)
            _, dossier = current(code, desk)
            said = with_message(dossier, REMINDER, desk) if dossier.get("actieNodig") else {}
            keep(dossier, {"herinnerdOp": today.isoformat(), **said}, VL.TermijnHerinnerd.value, desk, told=False)
    return len(late)


def forget_old_dossiers(register: Register) -> tuple[int, int, int]:
    """Forget what is kept long enough: how many dossiers, applications never sent, and documents."""
    old = [each for each in _all(register) if _is_old(each, register)]
    for dossier in old:
        with register.log.transaction() as transaction:
            desk = Desk(register, transaction, _system(register), "bewaartermijn", register.today())
            kind = dossier["aanvraag"].split("/")[-2]
            for each in (KIND, kind):
                archive_entity(Archive(each, dossier["code"]), desk)
    drafts = forget_untouched(register, iso(register.clock() - UNSENT))
    return len(old), drafts, forget_expired_documents(register, register.today())


def _is_to_be_reminded(dossier: Document, register: Register) -> bool:
    today = register.today()
    since = dossier.get("herinnerdOp", "")
    return is_open(dossier) and is_late(dossier, today) and since <= (today - AGAIN).isoformat()


def _is_old(dossier: Document, register: Register) -> bool:
    """Whether it was closed longer ago than personal values of dossiers are kept (`ontology/personal.ttl`)."""
    activities = register.schema.processing.activities
    kept = next(each.retention.days for each in activities if each.iri.value.endswith(ACTIVITY))
    last = register.today() - timedelta(days=kept or 0)
    return bool(kept) and dossier.get("afgeslotenOp", "9999")[:10] < last.isoformat()


def _all(register: Register) -> Iterator[Document]:
    code = ""
    while batch := register.log.entities(KIND, code, BATCH):
        yield from (open_document(version, register) for version in batch if version.operation != "delete")
        code = batch[-1].entity.rpartition("/")[2]


def _system(register: Register) -> Agent:
    return Agent(register.schema.base, "Het systeem", SYSTEM)
