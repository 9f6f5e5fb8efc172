"""Decisions for the demonstration: some two hundred published, as clerks would write them, and a few that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

import orjson

from app.bootstrap.ambient import root
from app.cli.clerk import clerk
from app.exchange.decisions.drafting import Choices, draft_from
from app.model.codelists import Municipality
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.register.agents import Agent
from app.register.commands import Change, Create
from app.register.decisions.draft_commands import (
    CorrectDecision,
    PublishDecision,
    SignDraft,
    SubmitDraft,
    WithdrawDecision,
)
from app.register.decisions.templates import templates
from app.register.handle import handle
from app.register.products.own_products import own_products
from app.register.recognitions.rules import grantor
from app.register.register import Register

FILE = root() / "fixtures" / "besluiten" / "demo.json"
EACH = 15
IN_A_SESSION = 5
CHANGES_ITS_MIND = "Gent"
START = date(2025, 1, 13)
VOTE = {"gevolg": "Goedgekeurd met eenparigheid van stemmen"}
STEPS = (SubmitDraft, SignDraft, PublishDecision)


@dataclass(frozen=True)
class Plan:
    """One decision to make: its template, what is chosen, and how many of the steps are taken."""

    template: str
    chosen: Choices
    steps: int = len(STEPS)


def decide(register: Register) -> None:
    """Every municipality recognises and subsidises some of its associations, and has a regulation."""
    told = orjson.loads(FILE.read_bytes())
    for number, home in enumerate(_homes(register)):
        agent = clerk(home.name, register)
        plans = list(_plans(told, home, agent, register))
        for turn in range(0, len(plans), IN_A_SESSION):
            day = START + timedelta(days=7 * (turn * 5 + number))
            session = handle(Create("zitting", _session(day, told, number)), agent, register).entity
            made = [_make(plan, session, agent, register) for plan in plans[turn : turn + IN_A_SESSION]]
            if home.name == CHANGES_ITS_MIND and turn == IN_A_SESSION:
                _think_again(made, agent, register)


def _think_again(codes: list[str], agent: Agent, register: Register) -> None:
    """One decision is set right, one is withdrawn."""
    handle(CorrectDecision(codes[0], "De samenvatting noemde het orgaan niet."), agent, register)
    summary = "Het college van burgemeester en schepenen nam dit besluit."
    handle(Change("ontwerp", codes[0], {"beschrijving": summary}), agent, register)
    for step in STEPS:
        handle(step(codes[0]), agent, register)
    handle(WithdrawDecision(codes[1], "De vereniging zag ervan af."), agent, register)


def _make(plan: Plan, session: str, agent: Agent, register: Register) -> str:
    """Answers the code of the draft."""
    chosen = Choices(**{**plan.chosen.__dict__, "session": session})
    document = draft_from(templates(register.codelists)[plan.template], chosen, register, agent)
    code = handle(Create("ontwerp", {**document, "stemming": VOTE, "openbaar": False}), agent, register).code
    for step in STEPS[: plan.steps]:
        handle(step(code), agent, register)
    return code


def _homes(register: Register) -> Iterator[Municipality]:
    """The municipalities that brought in a list."""
    for path in sorted((root() / "fixtures" / "verenigingen").glob("*.csv")):
        home = register.codelists.municipality(path.stem)
        if home is not None:
            yield home


def _plans(told: Document, home: Municipality, agent: Agent, register: Register) -> Iterator[Plan]:
    """The decisions of a municipality: on its recognitions, subsidies, the regulations of its products, some drafts."""
    products = [each.version.entity for each in own_products(agent, register)]
    for turn, document in enumerate(islice(_associations(home, register), EACH)):
        recognition = next((each for each in document.get("erkenningen", ()) if _may_be_decided(each, agent)), None)
        yield _recognition(document, recognition) if recognition else _subsidy(document, told, turn)
    yield from (
        Plan("subsidiereglement", Choices(product=each, amount="500", start="2026-01-01")) for each in products[:1]
    )
    waiting = list(islice(_associations(home, register), EACH, EACH + 2))
    yield from (Plan("subsidie", _subsidy(each, told, steps).chosen, steps) for steps, each in enumerate(waiting))


def _may_be_decided(recognition: Document, agent: Agent) -> bool:
    return recognition.get("toegekendDoor") == grantor(agent) and "besluit" not in recognition


def _recognition(association: Document, recognition: Document) -> Plan:
    """The decision behind a recognition that stands in the register already."""
    period: Mapping[str, Any] = recognition.get("geldigheidsperiode", {})
    number = recognition["ipdcProduct"]["nummer"]
    start, end = str(period.get("startdatum", "")), str(period.get("einddatum", ""))
    return Plan(
        "erkenning",
        Choices(association["vCode"], number=number, start=start, end=end, what=recognition["ipdcProduct"]["naam"]),
    )


def _subsidy(association: Document, told: Document, turn: int) -> Plan:
    choices = told["subsidie"]
    said = choices[turn % len(choices)]
    return Plan("subsidie", Choices(association["vCode"], amount=said["bedrag"], start="2026-01-01", what=said["doel"]))


def _associations(home: Municipality, register: Register) -> Iterator[Document]:
    """Those at home there, the recognised ones first."""
    type = register.tools.type
    members = register.log.members(f"{type.feed}/gemeente/{home.nis}", 1, 60)
    found = {member.version.entity: register.log.latest(member.version.entity) for member in members}
    documents = [
        to_document(from_ntriples(version.public), type, version.entity)
        for version in found.values()
        if version is not None and version.public is not None
    ]
    active = [document for document in documents if "einddatum" not in document]
    yield from sorted(active, key=lambda document: (not document.get("erkenningen"), document["vCode"]))


def _session(day: date, told: Document, number: int) -> Document:
    offices = [f"http://data.lblod.info/id/mandatarissen/{id}" for id in told["mandatarissen"]]
    present = offices[number % 3 : number % 3 + 5]
    return {
        "orgaan": {
            "naam": "College van Burgemeester en Schepenen",
            "soort": "http://data.vlaanderen.be/id/concept/BestuursorgaanClassificatieCode/5ab0e9b8a3b2ca7c5e000006",
        },
        "geplandeStart": f"{day}T08:00:00Z",
        "start": f"{day}T08:04:00Z",
        "einde": f"{day}T10:20:00Z",
        "plaats": "Gemeentehuis",
        "voorzitter": present[0],
        "secretaris": f"http://data.lblod.info/id/functionarissen/{told['functionaris']}",
        "aanwezigen": present,
    }
