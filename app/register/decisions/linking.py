"""Ties decisions to associations, products and regulations: what is sure at once, the rest by a municipality's clerk.

link(["4f…"], agent, register)                     # after decisions came in
settle("4f…", "V0001001", True, agent, register)   # a clerk says that it is so
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.errors import Forbidden, Unknown
from app.model.fields import Document
from app.register.agents import Agent
from app.register.commands import Change
from app.register.decisions.conduct import ABOUT, CITED, REGULATION
from app.register.decisions.links import SURE, Link, links_of
from app.register.decisions.regulation_links import regulation_links
from app.register.desk import Desk
from app.register.doubles.referrals import DECIDE, LINK, about_pair, queue_of
from app.register.handle import attempt
from app.register.products.conduct import CODE as PRODUCT_CODE
from app.register.register import Register
from app.register.rights import Subject
from app.store.queues import assign, finish_subject

KIND = "besluit"
NAMES = {"vereniging": "Deze vereniging", "product": "Dit product", KIND: "Dit besluit"}
CODE = re.compile(r"V\d{7}")
RULES = (links_of, regulation_links)
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
            _link(code, Desk(register, transaction, agent, "verband gelegd", register.today()), told)
    return told


def link_regulations(agent: Agent, register: Register) -> Linked:
    """Look at every regulation again: a product may have come after it."""
    keys = [(REGULATION, concept.notation) for concept in register.codelists.scheme("gemeente").concepts]
    entities = register.log.summaries(keys)
    return link((entity.rpartition("/")[2] for entity in entities), agent, register)


def settle(code: str, other: str, same: bool, agent: Agent, register: Register) -> None:
    """Say whether a decision is tied to what has this code: an association (`V0001001`), a product or a decision.

    Raises Unknown, or Forbidden for another municipality.
    """
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, "beslist over een verband", register.today())
        document, nis = _document(code, desk)
        register.rights.check(agent, DECIDE, Subject(home=nis))
        one = Link(other, 100, "bevestigd door het bestuur", kind_of(other))
        iri = _iri(one, desk)
        desk.standing_at(iri, NAMES[one.kind])
        transaction.put_state(_key(code, other), YES if same else NO)
        kept = [node for node in document.get("verbanden", ()) if target_of(node) != iri]
        if same:
            kept.append(_node(code, one, desk))
        if kept != document.get("verbanden", []):
            attempt(Change(KIND, code, {**_without(document, iri), "verbanden": kept}), desk)
        finish_subject(transaction, _subject(code, other, desk), f"{'wel' if same else 'niet'} over {other}")


def kind_of(code: str) -> str:
    """The key of the type whose codes look like this.

    >>> kind_of("V0001001"), kind_of("P0001001"), kind_of("65f20cf00262f5a55a74")
    ('vereniging', 'product', 'besluit')
    """
    return "vereniging" if CODE.fullmatch(code) else "product" if PRODUCT_CODE.fullmatch(code) else KIND


def target_of(node: Document) -> str:
    """The IRI of what a tie of a decision leads to."""
    return str(node.get("vereniging") or node.get("onderwerp", ""))


def _link(code: str, desk: Desk, told: Linked) -> None:
    document, nis = _document(code, desk)
    told.looked_at += 1
    known = {target_of(node) for node in document.get("verbanden", ())}
    found = [each for rule in RULES for each in rule(document, desk) if _iri(each, desk) not in known]
    settled = [(one, desk.transaction.get_state(_key(code, one.code))) for one in found]
    sure = [one for one, said in settled if said is None and one.certainty >= SURE]
    if sure:
        nodes = [*document.get("verbanden", ()), *(_node(code, one, desk) for one in sure)]
        attempt(Change(KIND, code, {"verbanden": nodes}), desk)
        told.links += len(sure)
    for one, said in settled:
        if said is None and one.certainty < SURE:
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


def _without(document: Document, iri: str) -> dict[str, Any]:
    """What is said of it apart from the ties goes with them."""
    return {term: [each for each in document.get(term, ()) if each != iri] for term in (ABOUT, CITED)}


def _iri(one: Link, desk: Desk) -> str:
    return desk.register.schema.entity_types[one.kind].iri(one.code)


def _node(code: str, one: Link, desk: Desk) -> Document:
    decision = desk.register.schema.entity_types[KIND].iri(code)
    return {
        "@id": f"{decision}#verband-{one.code}",
        "vereniging" if one.kind == "vereniging" else "onderwerp": _iri(one, desk),
        "zekerheid": one.certainty,
        "bewijs": one.evidence,
    }


def _key(code: str, other: str) -> str:
    return f"verband/{code}/{other}"


def _subject(code: str, other: str, desk: Desk) -> str:
    return f"{desk.register.schema.base}/taak/verband/{code}/{other}"
