"""Decisions for the demonstration: some two hundred, as the clerks of its municipalities would make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import islice

import orjson

from app.bootstrap import root
from app.cli.clerk import clerk
from app.model.codelists import Municipality
from app.model.decision_templates import Template, load_templates
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.register.drafting import Meeting, Writing, draft, sign
from app.register.register import Register

FILE = root() / "fixtures" / "besluiten" / "demo.json"
EACH = 15
START = date(2025, 1, 13)


def decide(register: Register) -> None:
    """Every municipality recognises and subsidises some of its associations, and has a regulation."""
    templates, told = load_templates(root()), orjson.loads(FILE.read_bytes())
    for number, home in enumerate(_homes(register)):
        agent = clerk(home.name, register)
        for turn, (template, association, values) in enumerate(_planned(templates, told, home, register)):
            day = START + timedelta(days=7 * (turn * 5 + number))
            writing = Writing(template, _meeting(day, told, number), values, association)
            sign(draft(writing, agent, register), agent, register, day + timedelta(days=4))


def _homes(register: Register) -> Iterator[Municipality]:
    """The municipalities that brought in a list."""
    for path in sorted((root() / "fixtures" / "verenigingen").glob("*.csv")):
        home = register.codelists.municipality(path.stem)
        if home is not None:
            yield home


def _planned(
    templates: Mapping[str, Template], told: Document, home: Municipality, register: Register
) -> Iterator[tuple[Template, str, dict[str, str]]]:
    """A template, an association and the answers, for each decision of a municipality."""
    for turn, document in enumerate(islice(_associations(home, register), EACH)):
        recognised = bool(document.get("erkenningen")) or turn % 3 == 0
        key = "erkenning" if recognised else "subsidie"
        choices = told[key]
        yield templates[key], document["vCode"], choices[turn % len(choices)]
    yield templates["reglement"], "", told["reglement"][len(home.name) % len(told["reglement"])]


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


def _meeting(day: date, told: Document, number: int) -> Meeting:
    offices = [f"http://data.lblod.info/id/mandatarissen/{id}" for id in told["mandatarissen"]]
    present = tuple(offices[number % 3 : number % 3 + 5])
    return Meeting(
        body="College van Burgemeester en Schepenen",
        planned=f"{day}T09:00:00+01:00",
        started=f"{day}T09:04:00+01:00",
        ended=f"{day}T11:20:00+01:00",
        place="Gemeentehuis",
        chair=present[0],
        secretary=f"http://data.lblod.info/id/functionarissen/{told['functionaris']}",
        present=present,
    )
