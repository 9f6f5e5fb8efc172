"""What reports are counted over: three lists of the fixtures as clerks bring them in, and what happens to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.exchange.imports.associations import import_associations
from app.exchange.register_api.hidden import finder_in
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.register.commands import Create, HideAssociation, StopAssociation
from app.register.handle import handle, handle_all
from app.register.products.feedback import Handled, Said, give, handle_feedback
from app.register.recognitions.commands import RegisterRecognition
from app.register.reports.reporting import Reporter, Sources, load_reports
from app.store.feedback import ANSWERED
from app.store.queues import assign
from app.store.usage import Use, add
from tests.products.builders import minimal
from tests.web.conftest import Ask, asking
from tests.web.decision_world import AALTER, READER, SUBSIDY
from tests.web.people import municipality
from tests.web.world import ROOT, World, open_world

TOWNS = ("diksmuide", "maaseik", "pajottegem")
HOME, NIS = "Diksmuide", "32003"
Document = dict[str, Any]
Used = tuple[str, str, str, str, int, int]


@dataclass(frozen=True)
class Counted:
    """The service, and what was put in it that the log does not have."""

    world: World
    ask: Ask
    used: list[Used]
    feedback: list[tuple[str, str, bool]]

    def documents(self, kind: str = "vereniging") -> list[Document]:
        """Everything public as it stands, read from the log."""
        type = self.world.service.schema.entity_types[kind]
        found = self.world.service.log.entities(kind, limit=10_000)
        living = [version for version in found if version.public and version.operation != "delete"]
        return [to_document(from_ntriples(version.public or b""), type, version.entity) for version in living]

    def territory(self, nis: str = NIS) -> list[Document]:
        """What who manages there counts, from the log: public ones with a location there, hidden ones at home there."""
        type = self.world.service.schema.entity_types["vereniging"]
        found = []
        for version in self.world.service.log.entities("vereniging", limit=10_000):
            triples = version.public or version.internal
            document = to_document(from_ntriples(triples), type, version.entity)
            is_here = self.at(document, nis) if version.public else self.home(document) == nis
            if is_here and version.operation != "delete" and version.replaced_by is None:
                found.append(document)
        return found

    def home(self, document: Document) -> str:
        """The municipality of the primary location."""
        sites = sorted(document.get("locaties", ()), key=lambda site: not site.get("isPrimair"))
        found = self.world.service.codelists.municipality(sites[0]["adres"]["gemeente"]) if sites else None
        return found.nis if found else ""

    def active(self, documents: list[Document] | None = None) -> list[Document]:
        status = self.world.concept("status", "Actief")
        return [each for each in (self.documents() if documents is None else documents) if each["status"] == status]

    def at(self, document: Document, nis: str = NIS) -> bool:
        home = self.world.service.codelists.municipality(nis)
        return home is not None and home.iri in document.get("gemeente", ())

    def label(self, iri: str) -> str:
        concept = self.world.service.codelists.concept(iri)
        assert concept is not None
        return concept.label


def open_counted(folder: Path) -> Iterator[Counted]:
    for world in open_world(folder):
        register = world.service.register
        for town in TOWNS:
            path = ROOT / "fixtures" / "verenigingen" / f"{town}.csv"
            with import_associations(path, town, register, municipality(town), ROOT, workers=0):
                pass
        _happen(world)
        products = [handle(Create("product", minimal()), municipality(HOME), register).code for _ in range(4)]
        products.append(handle(Create("product", minimal()), municipality("Gent"), register).code)
        _decide(world)
        world.follow()
        used, said = _use(world, products), _say(world, products)
        service = world.service
        sources = Sources(service.public, service.internal, finder_in(service.search, service.hidden, register))
        world = World(replace(service, reporter=Reporter(register, sources, load_reports(ROOT))))
        yield Counted(world, asking(world), used, said)


def _happen(world: World) -> None:
    """Some are recognised, some stop, about some somebody has to decide."""
    register = world.service.register
    codes = [version.entity.rpartition("/")[2] for version in register.log.entities("vereniging", limit=40)]
    today = register.today()
    for number, code in enumerate(codes[:9]):
        period = {"startdatum": "2025-01-01", "einddatum": str(today + timedelta(days=45 * number - 20))}
        recognition = {"ipdcProduct": {"nummer": "1500", "naam": "Erkenning"}, "geldigheidsperiode": period}
        handle(RegisterRecognition(code, recognition), municipality(HOME), register, "Besluit")
    # Of what is hidden one is recognised, one will be stopped, and one is nothing special.
    assert handle_all([HideAssociation(code) for code in (codes[3], codes[9], codes[20])], municipality(HOME), register)
    assert handle_all([StopAssociation(code, today) for code in codes[9:13]], municipality(HOME), register)
    with register.log.transaction() as transaction:
        for queue in ("dubbel/32003", "paar/32003", "paar/72021", "adres/32003"):
            assign(transaction, queue, f"http://loket.test/taak/{queue}", b"{}")


def _decide(world: World) -> None:
    for number, (day, level, home) in enumerate(
        (("2026-01-05", 3, AALTER), ("2026-01-20", 3, AALTER), ("2025-11-02", 1, ""), ("2026-02-01", 0, ""))
    ):
        code = f"B000000{number}" if number else "0123456789abcdef0123"
        document = {"code": code, "naam": f"Besluit {number}", "zittingsdatum": day, "niveau": level,
                    "soorten": [SUBSIDY], "gemeente": home or AALTER.replace("44084", NIS),
                    "ondertekendOp": day}  # fmt: skip
        handle(Create("besluit", document, code), READER, world.service.register)


def _use(world: World, products: list[str]) -> list[Used]:
    """Counts, which are put down a day at a time and told again as rows."""
    log, rows = world.service.log, []
    iris = [world.service.schema.entity_types["product"].iri(code) for code in products]
    clubs = [version.entity for version in log.entities("vereniging", limit=5)]
    uses = [(Use("pagina", iri), 3 + 9 * place) for place, iri in enumerate(iris[:4])]
    uses += [(Use("aanvraag", iris[0]), 1), (Use("aanvraag", iris[2]), 6)] + [(Use("pagina", iri), 4) for iri in clubs]
    uses += [(Use("zoek-aanbod", "zaal", NIS), 8), (Use("zoek-aanbod", "zaal"), 3), (Use("zoek-aanbod", "tent"), 4)]
    uses += [(Use("zoek-verenigingen", "voetbal"), 7), (Use("niets-verenigingen", "padel"), 6)]
    for day in ("2025-04-02", "2025-12-24", "2026-02-03"):
        marks = {use: [f"{day}{use}{n}".encode()[-8:] + bytes([n]) for n in range(count)] for use, count in uses}
        with log.database.writing() as connection:
            add(connection, day, dict(uses), marks)
        rows += [(day, *use, count, len(set(marks[use]))) for use, count in uses]
    return rows


def _say(world: World, products: list[str]) -> list[tuple[str, str, bool]]:
    """What readers found: of which administration, what, and whether it still waits."""
    register, rows = world.service.register, []
    said = [Said(True)] * 9 + [Said(False)] * 3 + [Said(None, "Het adres is oud.")] * 7
    for number, each in enumerate(said):
        code = products[number % len(products)]
        given = give(code, each, None, register, world.service.mint)
        waits = not each.clear
        if given.written and number % 2 and number % len(products) < 4:
            handle_feedback(given.id, Handled(ANSWERED, "Dank u."), municipality(HOME), register)
            waits = False
        rows.append((given.owner, {True: "Duidelijk", False: "Niet duidelijk", None: "Fout gemeld"}[each.clear], waits))
    return rows
