"""A municipality makes a decision here: a draft out of a template and the register, signed, and then public.

    code = draft(Writing(template, session, values, "V0001001"), agent, register)   # nobody sees it yet
    sign(code, agent, register)                                                     # public, and final

The decision and its session are written together, with IRIs of ours in them, so that the page about them has all that
the application profile asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from app.errors import Conflict, Forbidden, Problem, Refused, Unknown
from app.model.codelists import Municipality
from app.model.dates import validate_moment
from app.model.decision_templates import Template
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.model.numbering import number_of
from app.model.wording import day
from app.register.agents import Agent
from app.register.commands import Change, ChangeRecognition, Create
from app.register.decisions import DECISION, DRAFT, SESSION
from app.register.desk import Desk
from app.register.handle import attempt
from app.register.register import Register

DUTCH = "http://publications.europa.eu/resource/authority/language/NLD"
OFFICE = ("http://data.lblod.info/id/mandatarissen/", "http://data.lblod.info/id/functionarissen/")
FIRST_NUMBER = 1001
SIGNED = "ondertekendOp"
MOST_PRESENT = 100
# What a page of ours reaches whatever was answered, for every question a level needs must be answered before it exists.
PAGE_LEVEL = 3
# Where a decision that was made here is made public.
ANNOUNCED = "/besluiten/bekendmaking/"
LAST_MEETING = "besluiten/zitting/"


@dataclass(frozen=True)
class Meeting:
    """The session in which was decided; people are given by the IRI of their office at data.lblod.info."""

    body: str
    planned: str
    started: str
    ended: str
    place: str
    chair: str
    secretary: str
    present: tuple[str, ...]
    body_iri: str = ""


@dataclass(frozen=True)
class Writing:
    """What somebody wrote: a template, the session, the answers to its questions, and the association."""

    template: Template
    meeting: Meeting
    values: Mapping[str, str]
    association: str = ""


def draft(writing: Writing, agent: Agent, register: Register) -> str:
    """Keep a draft; answers its code. Raises Refused with every field that is wrong, Forbidden or Unknown."""
    home = register.codelists.municipality(agent.municipality) if agent.municipality else None
    if home is None:
        raise Forbidden("Enkel een gemeente neemt hier besluiten.")
    register.rights.check(agent, Create)
    if problems := _problems(writing):
        raise Refused("Het besluit is nog niet volledig.", problems)
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, "besluit opgesteld", register.today())
        name = _name(writing.association, desk) if writing.template.about_association else ""
        codes = [f"{start}{transaction.next_number(kind, FIRST_NUMBER):07d}" for kind, start in NUMBERED]
        decision, session = _documents(writing, name, home, codes, desk)
        attempt(Create(SESSION, session, codes[1]), desk)
        attempt(Create(DECISION, decision, codes[0]), desk)
        transaction.put_state(LAST_MEETING + home.nis, orjson.dumps(writing.meeting).decode())
    return codes[0]


def last_meeting(municipality: str, register: Register) -> Mapping[str, Any]:
    """What was last filled in of a session of this municipality, for the next one to begin with."""
    kept = register.log.get_state(LAST_MEETING + municipality)
    found: Mapping[str, Any] = orjson.loads(kept) if kept else {}
    return found


def drafts_of(municipality: str, register: Register) -> list[Document]:
    """What this municipality wrote here and did not sign yet, newest first."""
    return [draft_at(entity, register) for entity in register.log.find(DRAFT, municipality)[::-1]]


def draft_at(entity: str, register: Register) -> Document:
    """The document of a decision that was made here, signed or not. Raises Unknown."""
    version = register.log.latest(entity)
    if version is None or version.operation == "delete":
        raise Unknown("Dit besluit is er niet.")
    graph = from_ntriples((version.public or b"") + version.internal)
    return to_document(graph, register.schema.entity_types[version.kind], entity)


NUMBERED = ((DECISION, "B"), (SESSION, "Z"))


def sign(code: str, agent: Agent, register: Register, on: date | None = None) -> None:
    """Make a draft public. Raises Unknown, Conflict when it was signed before, Forbidden for another municipality."""
    register.rights.check(agent, Change)
    with register.log.transaction() as transaction:
        desk = Desk(register, transaction, agent, "besluit ondertekend", register.today())
        types = register.schema.entity_types
        version = transaction.latest(types[DECISION].iri(code))
        if version is None or version.operation == "delete":
            raise Unknown(f"Er is geen besluit met code {code}.")
        decision = desk.open_document(version)
        if SIGNED in decision or "zelfdeAls" in decision:
            raise Conflict("Dit besluit is al bekendgemaakt.")
        signed = {SIGNED: (on or register.today()).isoformat()}
        session = decision["behandeling"].partition("#")[0].removeprefix(types[SESSION].iri_start)
        page = f"{register.schema.base}{ANNOUNCED}{code}"
        attempt(Change(SESSION, session, {**signed, "notulen": [page]}), desk)
        told = {**signed, "publicatiedatum": signed[SIGNED], "niveau": PAGE_LEVEL}
        attempt(Change(DECISION, code, told), desk)
        for association in decision.get("gaatOver", ()):
            _tie_recognition(association, version.entity, desk)


def _tie_recognition(association: str, decision: str, desk: Desk) -> None:
    """The one recognition that this administration gave without a decision gets this one; of several, nobody knows."""
    version = desk.transaction.latest(association)
    known = desk.open_document(version).get("erkenningen", ()) if version is not None and not version.ended else ()
    bare = [each for each in known if each.get("toegekendDoor") == desk.agent.iri and "besluit" not in each]
    if len(bare) == 1:
        code, number = association.rpartition("/")[2], number_of(bare[0]["@id"])
        with suppress(Refused):  # one that can no longer change keeps what it says
            attempt(ChangeRecognition(code, number, {"besluit": decision}), desk)


def _name(code: str, desk: Desk) -> str:
    return str(desk.open_document(desk.current(code)).get("naam", code))


def _problems(writing: Writing) -> list[Problem]:
    meeting = writing.meeting
    found = [Problem(term, "Vul dit in.") for term in writing.template.questions if not _given(writing, term)]
    if writing.template.about_association and not writing.association:
        found.append(Problem("vereniging", "Geef de V-code van de vereniging."))
    for term, value in (("gepland", meeting.planned), ("begin", meeting.started), ("einde", meeting.ended)):
        try:
            validate_moment(value)
        except ValueError:
            found.append(Problem(term, "Geef een tijdstip: jjjj-mm-ddTuu:mm."))
    found += [Problem(t, "Vul dit in.") for t, v in (("orgaan", meeting.body), ("plaats", meeting.place)) if not v]
    people = {"voorzitter": (meeting.chair,), "secretaris": (meeting.secretary,), "aanwezigen": meeting.present}
    for term, iris in people.items():
        if not iris or len(iris) > MOST_PRESENT or not all(iri.startswith(OFFICE) for iri in iris):
            found.append(Problem(term, "Geef de IRI bij data.lblod.info: http://data.lblod.info/id/mandatarissen/…"))
    return found


def _given(writing: Writing, term: str) -> bool:
    return term == "toelichting" or bool(writing.values.get(term))


def _documents(
    writing: Writing, name: str, home: Municipality, codes: list[str], desk: Desk
) -> tuple[Document, Document]:
    types = desk.register.schema.entity_types
    decision, session = types[DECISION].iri(codes[0]), types[SESSION].iri(codes[1])
    meeting = writing.meeting
    values = {
        **{term: _said(value) for term, value in writing.values.items()},
        "naam": name,
        "code": writing.association,
        "gemeente": home.name,
        "orgaan": meeting.body,
    }
    texts, articles = writing.template.fill(values)
    sort = desk.register.codelists.find("besluittype", writing.template.sort)
    body: Document = {"naam": f"{meeting.body} {home.name}", "bestuurt": home.unit}
    kind = desk.register.codelists.find("bestuursorgaan", meeting.body)
    body |= {"soort": kind.iri if kind else None, "zelfdeAls": meeting.body_iri or None}
    start = validate_moment(meeting.started)
    made: Document = {
        "code": codes[0],
        **texts,
        "soorten": [sort.iri] if sort else [],
        "taal": DUTCH,
        "gemeente": home.iri,
        "orgaan": {"@id": f"{decision}#orgaan", **body},
        "zittingsdatum": start[:10],
        "inwerkingtreding": _day(writing.values.get("vanaf", "")) or start[:10],
        "behandeling": f"{session}#behandeling-1",
        "gaatOver": [desk.iri(writing.association)] if name else [],
        "artikelen": [_article(decision, number, *article) for number, article in enumerate(articles, start=1)],
    }
    return made, _session(meeting, session, decision, made, codes[1], body)


def _article(decision: str, number: int, title: str, text: str) -> dict[str, Any]:
    iri = f"{decision}#artikel-{number}"
    return {"@id": iri, "nummer": f"Artikel {number}", "naam": title, "inhoud": text, "volgorde": number}


def _session(
    meeting: Meeting, session: str, decision: str, made: Document, code: str, body: Mapping[str, Any]
) -> Document:
    item = f"{session}#agendapunt-1"
    count = len(meeting.present)
    vote = {
        "@id": f"{session}#stemming-1", "onderwerp": made["naam"], "gevolg": "goedgekeurd", "geheim": False,
        "aantalVoorstanders": count, "aantalTegenstanders": 0, "aantalOnthouders": 0,
        "aanwezigen": list(meeting.present), "stemmers": list(meeting.present), "voorstanders": list(meeting.present),
    }  # fmt: skip
    treatment = {
        "@id": f"{session}#behandeling-1", "agendapunt": item, "besluiten": [decision], "openbaar": True,
        "aanwezigen": list(meeting.present), "voorzitter": meeting.chair, "secretaris": meeting.secretary,
        "stemmingen": [vote], "volgorde": 1,
    }  # fmt: skip
    return {
        "code": code,
        "geplandeStart": validate_moment(meeting.planned),
        "start": validate_moment(meeting.started),
        "einde": validate_moment(meeting.ended),
        "plaats": meeting.place,
        "gemeente": made["gemeente"],
        "orgaan": {"@id": f"{session}#orgaan", **body},
        "voorzitter": meeting.chair,
        "secretaris": meeting.secretary,
        "aanwezigen": list(meeting.present),
        "agendapunten": [{"@id": item, "naam": made["naam"], "beschrijving": made["beschrijving"],
                          "geplandOpenbaar": True, "volgorde": 1}],
        "behandelingen": [treatment],
    }  # fmt: skip


def _said(value: str) -> str:
    """A day as people write it; anything else as it is."""
    return day(value) if _day(value) else value


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None
