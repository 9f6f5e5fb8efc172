"""Of the demonstration: what some associations applied for, in several phases, and a municipality with its own process.

All people in it are invented.
"""

from __future__ import annotations

import tomllib
from typing import Any

from app.bootstrap.ambient import mint, root
from app.cli.clerk import clerk
from app.exchange.attachments.kinds import examine
from app.model.languages import text_of
from app.register.agents import ASSOCIATION, Agent
from app.register.commands import Change, Command, Create
from app.register.dossiers.application_drafts import begin, keep
from app.register.dossiers.commands import (
    CompleteDossier,
    MoveDossier,
    SubmitApplication,
    TakeUpDossier,
    WithdrawApplication,
    WriteMessage,
)
from app.register.dossiers.document_store import Given, give
from app.register.dossiers.processes import KIND
from app.register.handle import handle
from app.register.personal.people import current
from app.register.products.own_products import own_products
from app.register.register import Register

FILE = root() / "fixtures" / "aanvragen.toml"
Document = dict[str, Any]


def apply_for_products(register: Register) -> None:
    """Applications of several associations to several municipalities, each as far as the file says."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    clubs = _by_name({each["vereniging"] for each in told["aanvraag"]}, register)
    for process in told["proces"]:
        _shape(process, register)
    for application in (each for each in told["aanvraag"] if (each["gemeente"], each["vereniging"]) in clubs):
        _apply(application, told["contact"], clubs, register)


def _apply(of: Document, contact: Document, clubs: dict[tuple[str, str], str], register: Register) -> None:
    town, code = of["gemeente"], clubs[of["gemeente"], of["vereniging"]]
    product = next(
        own.code
        for own in own_products(clerk(town, register), register)
        if text_of(own.document["naam"]).startswith(of["product"])
    )
    club = Agent(register.tools.type.iri(code), of["vereniging"], ASSOCIATION, associations=frozenset({code}))
    draft = begin(product, code, club, register, mint())
    known = {term: value for term, value in draft.document.items() if value}
    document = {**contact, **known, **of["antwoorden"], **_documents(of, code, club, register)}
    form = register.schema.entity_types[draft.row.form]
    document = {term: value for term, value in document.items() if term in form.by_term}
    if of.get("ontwerp"):
        keep(draft, document, club, register)
        return
    number = handle(SubmitApplication(code, product, draft.row.id, document), club, register).code
    for step in of.get("stappen", ()):
        handle(_command(number, step), club if step.get("wie") == "vereniging" else clerk(town, register), register)


def _command(code: str, step: Document) -> Command:
    """One line of the file as a command."""
    text = step.get("bericht", "")
    if step["doe"] == "opnemen":
        return TakeUpDossier(code)
    if step["doe"] == "intrekken":
        return WithdrawApplication(code, text)
    if step["doe"] == "bericht":
        return WriteMessage(code, text)
    if step["doe"] == "bezorgen":
        return CompleteDossier(code, text)
    return MoveDossier(code, step["doe"], step.get("feiten", {}), step.get("actie", ""), text)


def _documents(of: Document, code: str, club: Agent, register: Register) -> dict[str, str]:
    """Invented documents, kept in the store of the association."""
    from app.exchange.receipt_pdf import Receipt, receipt_pdf

    found = {}
    for term in of.get("documenten", ()):
        kind = register.codelists.find("documentsoort", term)
        assert kind is not None, term
        sheet = Receipt(kind.label, kind.label, of["vereniging"], "", "2026-01-05T09:00:00Z", (), (), "", "Verzonnen.")
        content = receipt_pdf(sheet, register.clock())
        given = Given(f"{term}.pdf", content, examine(content), kind.iri)
        found[term] = give(given, code, club, register, mint()).iri
    return found


def _shape(of: Document, register: Register) -> None:
    """A process of a municipality itself: one that ships, with a step more."""
    agent = clerk(of["gemeente"], register)
    base = register.schema.processes[register.schema.entity_types[KIND].iri(of["van"])]
    steps = [{term: value for term, value in step.items() if term != "@id"} for step in base["stappen"]]
    for step in steps:
        step |= of["wijzigt"].get(step["sleutel"], {})
    place = next(index for index, step in enumerate(steps) if step["sleutel"] == of["na"]) + 1
    steps.insert(place, {**of["stap"], "volgorde": 0})
    document = {"naam": of["naam"], "beschrijving": of["beschrijving"], "gedeeld": True, "stappen": steps}
    process = handle(Create(KIND, {**document, "kopieVan": base["@id"]}), agent, register).entity
    for own in own_products(agent, register):
        if text_of(own.document["naam"]).startswith(of["product"]):
            handle(Change("product", own.code, {"aanvraagproces": process}), agent, register)


def _by_name(names: set[str], register: Register) -> dict[tuple[str, str], str]:
    """The code of each association with one of these names, by municipality and name."""
    found = {}
    spelled = [name.encode() for name in names]
    for version in register.log.entities("vereniging", limit=10_000):
        code = version.entity.rpartition("/")[2]
        written = (version.public or b"") + version.internal
        if version.operation == "delete" or not any(each in written for each in spelled):
            continue
        document = current(code, register)[1]
        for iri in document.get("gemeente", ()):
            if home := register.codelists.municipality(iri):
                found[home.name, document["naam"]] = code
    return found
