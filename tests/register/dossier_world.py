"""An association, a municipality and products to apply for; all invented."""

from __future__ import annotations

from itertools import count
from typing import Any

from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.register.agents import ASSOCIATION, MUNICIPALITY, VENDOR, Agent
from app.register.commands import Create, Outcome, RegisterAssociation
from app.register.dossiers.commands import SubmitApplication
from app.register.handle import handle
from app.register.register import Register
from app.store.applications import Application, put_application
from app.store.documents import StoredDocument, put_document
from app.store.dossier_statuses import DossierStatus, statuses_of
from app.store.times import iso
from app.store.vault import Personal, Use
from tests.products.builders import GHENT
from tests.products.builders import minimal as product_of
from tests.register.builders import Make

CLERK = Agent(GHENT, "Gemeente Gent", MUNICIPALITY, "44021", account="dienst-7")
ELSEWHERE = Agent("https://elders.voorbeeld.be", "Gemeente Aalst", MUNICIPALITY, "41002")
SUPPLIER = Agent("https://leverancier.voorbeeld.be", "Leverancier", VENDOR, "44021", on_behalf_of=GHENT)
STRANGER = Agent("https://verenigingen.voorbeeld.be/id/vereniging/V0009999", "Anderen", ASSOCIATION,
                 associations=frozenset({"V0009999"}))  # fmt: skip
PERSON = {"contactNaam": "Ludovica Verzinsel", "contactEmail": "ludovica@verzonnen.example"}
SECRET = ("Verzinsel", "ludovica@", "BE68 5390 0754 7034", "BE68539007547034", "fluisterzacht")
PROJECT = {
    **PERSON, "project": "Een bos in de buurt", "beschrijving": "We planten samen honderd bomen.", "van": "2027-01-10",
    "tot": "2027-05-01", "gevraagdBedrag": "1.250", "iban": "BE68 5390 0754 7034",
    "kosten": [{"omschrijving": "Bomen", "kost": "1.250"}],
}  # fmt: skip
LOAN = {
    **PERSON, "materiaal": [{"materiaal": "Klapstoelen", "aantal": 40}], "waarvoor": "Het jaarlijkse feest.",
    "van": "2027-01-10", "tot": "2027-01-12",
}  # fmt: skip


class Counter:
    """What an association and a clerk do, one after the other."""

    def __init__(self, register: Register, make: Make, **product: Any) -> None:
        self.register = register
        there = make.location("Dorpsstraat", "12", isPrimair=True)
        self.association = self.do(RegisterAssociation(make.minimal(locaties=[there]))).code
        self.product = self.offer("projectsubsidie", **product)
        self.loan = self.offer("uitlening", naam={"nl": "Stoelen lenen"})
        iri = register.tools.type.iri(self.association)
        self.club = Agent(iri, "De Houten Klepel", ASSOCIATION, associations=frozenset({self.association}))
        self._drafts = count(1)

    def do(self, command: Any, agent: Agent = CLERK) -> Outcome:
        return handle(command, agent, self.register)

    def offer(self, form: str, **product: Any) -> str:
        """The code of a product with this form."""
        return self.do(Create("product", product_of(productnummer="90001", aanvraagvorm=form, **product))).code

    def begin(self, product: str = "") -> str:
        """The id of an application that somebody writes on."""
        id = f"ontwerp-{next(self._drafts)}"
        type = self.register.schema.entity_types["product"]
        now = iso(self.register.clock())
        with self.register.log.transaction() as transaction:
            row = Application(id, self.club.iri, type.iri(product or self.product), "", now, now)
            put_application(transaction.connection, row)
            iri = f"{self.register.schema.base}/id/aanvraagontwerp/{id}"
            transaction.keep([Personal(iri, iri, {"document": "{}"})])
        return id

    def apply(self, document: dict[str, Any] | None = None, product: str = "", draft: str = "") -> str:
        """The code of a new dossier."""
        id = draft or self.begin(product)
        command = SubmitApplication(self.association, product or self.product, id, document or PROJECT)
        return self.do(command, self.club).code

    def give(self, name: str = "plan.pdf", content: bytes = b"%PDF-1.4 fluisterzacht", association: str = "") -> str:
        """The IRI of a document in the store of the association."""
        number = len(self.documents()) + 1
        iri = f"{self.register.schema.base}/id/document/d{number}"
        kind = self.register.codelists.find("documentsoort", "plan")
        assert kind is not None
        document = StoredDocument(
            iri,
            association or self.club.iri,
            kind.iri,
            "application/pdf",
            len(content),
            b"",
            "2026-11-24",
            "2031-01-01",
        )
        with self.register.log.transaction() as transaction:
            put_document(transaction, document, name, content)
        return iri

    def documents(self) -> tuple[str, ...]:
        return tuple(each for each in self.register.log.vault.entities() if "/id/document/" in each)

    def read(self, code: str, kind: str = "dossier") -> dict[str, Any]:
        """An entity without what only the vault holds."""
        type = self.register.schema.entity_types[kind]
        version = self.register.log.latest(type.iri(code))
        assert version is not None
        return to_document(from_ntriples((version.public or b"") + version.internal), type, version.entity)

    def whole(self, code: str, kind: str = "dossier") -> dict[str, Any]:
        """What the vault holds of it, by term."""
        iri = self.register.schema.entity_types[kind].iri(code)
        use = Use("toets", "dienstverlening")
        return {term: v for one in self.register.log.vault.read(iri, use) for term, v in (one.values or {}).items()}

    def statuses(self, code: str) -> list[DossierStatus]:
        iri = self.register.schema.entity_types["dossier"].iri(code)
        return statuses_of(self.register.log.database, iri)

    def told(self, code: str) -> list[str]:
        """The statuses that other systems are told of."""
        return [each.status for each in self.statuses(code)]
