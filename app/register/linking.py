"""Ties decisions to associations: what is sure at once, what is not by a clerk of the municipality.

link(["4f…"], agent, register)                     # after decisions came in
settle("4f…", "V0001001", True, agent, register)   # a clerk says that it is so
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.errors import Forbidden, Unknown
from app.model.fields import Document
from app.register.agents import Agent
from app.register.commands import Change
from app.register.decision_links import SURE, Link, links_of
from app.register.desk import Desk
from app.register.handle import attempt
from app.register.referrals import DECIDE, LINK, about_pair, queue_of
from app.register.register import Register
from app.register.rights import Subject
from app.store.queues import assign, finish_subject

KIND = "besluit"
ASKED, YES, NO = "gevraagd", "ja", "nee"


@dataclass
class Linked:
    """How many decisions were looked at, how many links are new, and how many questions were put."""

    looked_at: int = 0
    links: int = 0
    questions: int = 0


def link(codes: Iterable[str], agent: Agent, register: Register) -> Linked:
    """Look at each of these decisions; what was settled before is not asked again."""
    told = Linked()
    for code in codes:
        with register.log.transaction() as transaction:
            _link(code, Desk(register, transaction, agent, "verband met een vereniging", register.today()), told)
    return told


def settle(code: str, association: str, same: bool, agent: Agent, register: Register) -> None:
    """Say whether a decision is about an association. Raises Unknown, or Forbidden for another municipality."""
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, "beslist over een verband", register.today())
        document, nis = _document(code, desk)
        register.rights.check(agent, DECIDE, Subject(home=nis))
        desk.current(association)
        transaction.put_state(_key(code, association), YES if same else NO)
        kept = [node for node in document.get("verbanden", ()) if not _is_about(node, association, desk)]
        if same:
            kept.append(_node(code, Link(association, 100, "bevestigd door het bestuur"), desk))
        if kept != document.get("verbanden", []):
            attempt(Change(KIND, code, {**_without(document, association, desk), "verbanden": kept}), desk)
        finish_subject(
            transaction, _subject(code, association, desk), f"{'wel' if same else 'niet'} over {association}"
        )


def _link(code: str, desk: Desk, told: Linked) -> None:
    document, nis = _document(code, desk)
    told.looked_at += 1
    known = {node["vereniging"] for node in document.get("verbanden", ())}
    settled = [(one, desk.transaction.get_state(_key(code, one.code))) for one in links_of(document, desk)]
    sure = [one for one, said in settled if said is None and one.certainty >= SURE and desk.iri(one.code) not in known]
    if sure:
        nodes = [*document.get("verbanden", ()), *(_node(code, one, desk) for one in sure)]
        attempt(Change(KIND, code, {"verbanden": nodes}), desk)
        told.links += len(sure)
    for one, said in settled:
        if said is None and one.certainty < SURE and desk.iri(one.code) not in known:
            _ask(code, document, nis, one, desk)
            told.questions += 1


def _ask(code: str, document: Document, nis: str | None, one: Link, desk: Desk) -> None:
    """Put it before a clerk, once."""
    reasons = (f"{one.evidence} ({one.certainty} %)",)
    body = about_pair(code, str(document.get("naam", "Besluit")), nis, ((one.code, reasons),))
    assign(desk.transaction, queue_of(LINK, nis), _subject(code, one.code, desk), body)
    desk.transaction.put_state(_key(code, one.code), ASKED)


def _document(code: str, desk: Desk) -> tuple[Document, str | None]:
    type = desk.register.schema.entity_types[KIND]
    version = desk.transaction.latest(type.iri(code))
    if version is None or version.operation == "delete":
        raise Unknown(f"Er is geen besluit met code {code}.")
    document = desk.open_document(version)
    place = document.get("gemeente")
    home = desk.register.codelists.municipality(place) if place else None
    if home is None and desk.agent.municipality:
        raise Forbidden("Van dit besluit is niet bekend van welke gemeente het is.")
    return document, home.nis if home else None


def _without(document: Document, association: str, desk: Desk) -> dict[str, Any]:
    about = [iri for iri in document.get("gaatOver", ()) if iri != desk.iri(association)]
    return {"gaatOver": about}


def _is_about(node: Document, association: str, desk: Desk) -> bool:
    return bool(node.get("vereniging") == desk.iri(association))


def _node(code: str, one: Link, desk: Desk) -> Document:
    decision = desk.register.schema.entity_types[KIND].iri(code)
    return {
        "@id": f"{decision}#verband-{one.code}",
        "vereniging": desk.iri(one.code),
        "zekerheid": one.certainty,
        "bewijs": one.evidence,
    }


def _key(code: str, association: str) -> str:
    return f"verband/{code}/{association}"


def _subject(code: str, association: str, desk: Desk) -> str:
    return f"{desk.register.schema.base}/taak/verband/{code}/{association}"
