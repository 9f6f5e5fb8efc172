"""A small real service: the real log and stores with a few invented associations."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.exchange.decisions.entry import entries
from app.exchange.odata.lists import load_tables
from app.exchange.register_api.fields import follower, layout_of
from app.exchange.register_api.hidden import hidden_follower
from app.model.codelists import CodeLists, load_codelists
from app.model.documents import number_nodes, split, to_graph
from app.model.schema import Schema, load_schema
from app.model.shapes import Checker, load_checker
from app.model.terms import VL
from app.register.chores import Chore, Chores
from app.register.register import Register
from app.store.decision_index import DecisionIndex
from app.store.graphs.embedded import open_graphs
from app.store.graphs.project import catch_up
from app.store.log import Log, NewVersion, Operation, open_log
from app.store.search.file import SearchFile
from app.store.search.index import Search
from app.store.vault import Cipher
from app.web.products.offers import Offers
from app.web.service import Publisher, Service

ROOT = Path(__file__).parents[2]
BASE = "http://loket.test"
GHENT_UNIT = (
    "http://data.lblod.info/id/bestuurseenheden/353234a365664e581db5c2f7cc07add2534b47b8e1ab87c821fc6e6365e6bef5"
)


class Clock:
    """A clock that moves an hour at every look."""

    def __init__(self) -> None:
        self._hours = count()

    def __call__(self) -> datetime:
        return datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(hours=next(self._hours))


def minter() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"kenmerk-{next(numbers)}"


@dataclass(frozen=True)
class World:
    """The service, and ways to put something in."""

    service: Service

    def iri(self, code: str) -> str:
        return self.service.schema.entity_types["vereniging"].iri(code)

    def concept(self, scheme: str, code: str) -> str:
        concept = self.service.codelists.find(scheme, code)
        assert concept is not None, code
        return concept.iri

    def follow(self) -> None:
        """Bring the stores and the search index up to the end of the log."""
        service = self.service
        catch_up(service.log, service.public, service.internal)
        type = service.schema.entity_types["vereniging"]
        follower(service.log, service.search, type, service.codelists, service.base, load_tables(service.root))()
        hidden_follower(service.log, service.hidden, type, service.codelists, service.base)()

    def put(self, code: str, document: dict[str, Any] | None, **told: Any) -> None:
        """A version of an association; None removes it. `visible=False` keeps it from everybody."""
        type = self.service.schema.entity_types["vereniging"]
        iri = type.iri(code)
        before = self.service.log.latest(iri)
        number = before.number + 1 if before else 1
        public = internal = b""
        visible = told.pop("visible", True) and document is not None
        if document is not None:
            numbered = {"@type": ["Vereniging"], "vCode": code, **document, "versie": number}
            whole = number_nodes(numbered, type, iri, None)
            shown, hidden, _ = split(whole, type)
            public, internal = to_graph(shown, type, iri).ntriples(), to_graph(hidden, type, iri).ntriples()
            # As the register does: of what not everybody may see, all stands in the other half.
            internal = internal if visible else public + internal
        operation: Operation = "create" if number == 1 else "update" if document is not None else "delete"
        activity = {"create": VL.VerenigingGeregistreerd, "update": VL.VerenigingGewijzigd}.get(
            operation, VL.VerenigingVerwijderd
        )
        version = NewVersion(
            entity=iri, kind="vereniging", number=number, operation=operation, activity=activity.value,
            actor=GHENT_UNIT, reason="", public=public if visible else None, internal=internal,
            feeds=("verenigingen", "verenigingen/gemeente/44021") if visible else (),
        )  # fmt: skip
        with self.service.log.transaction() as transaction:
            transaction.append(replace(version, **told))
        self.follow()


@lru_cache
def _loaded(root: Path, base: str) -> tuple[Schema, CodeLists, Checker]:
    """What every world has alike, and none changes."""
    schema = load_schema(root, base)
    return schema, load_codelists(root), load_checker(schema, "vereniging")


@lru_cache
def _static(root: Path) -> Path:
    """A store with the code lists in it: writing them costs a second, a copy nothing."""
    folder = Path(tempfile.mkdtemp(prefix="loket-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with closing(open_graphs(folder / "public")) as store:
        for scheme in load_codelists(root).schemes():
            store.load_static(scheme.iri, scheme.graph)
        store.flush()
    # Opened again, it lets go of what it wrote ahead.
    open_graphs(folder / "public").close()
    return folder / "public"


def open_world(folder: Path, root: Path = ROOT, base: str = BASE) -> Iterator[World]:
    schema, codelists, _ = _loaded(root, base)
    clock = Clock()
    log = open_log(f"sqlite:///{folder / 'log.sqlite'}", clock, Cipher(bytes(range(32))))
    shutil.copytree(_static(root), folder / "public", dirs_exist_ok=True)
    public, internal = open_graphs(folder / "public"), open_graphs(folder / "internal")
    search = Search(SearchFile(folder / "search", layout_of(codelists, base, load_tables(root))))
    service = make_service(schema, codelists, log, public, internal, root, folder, clock)
    hidden = Search(SearchFile(folder / "search-internal", layout_of(codelists, base)))
    yield World(replace(service, search=search, hidden=hidden))
    for part in (search, hidden, public, internal, log):
        part.close()


def make_service(
    schema: Schema, codelists: CodeLists, log: Log, public: Any, internal: Any, root: Path, data: Path, clock: Clock
) -> Service:
    from tests.web.people import Acquaintances  # which needs BASE and ROOT of this module

    register = Register(schema, codelists, _loaded(root, schema.base)[2], log, clock)
    kept = data / "blijft"
    kept.mkdir(exist_ok=True)
    return Service(
        base=schema.base,
        title="Verenigingsloket",
        version="0.1.0",
        publisher=Publisher(f"{schema.base}/uitgever", "Vlaamse overheid", "vragen@voorbeeld.be"),
        root=root,
        data=data,
        kept=kept,
        schema=schema,
        codelists=codelists,
        log=log,
        public=public,
        internal=internal,
        register=register,
        chores=Chores((Chore("erkenningen", "Erkenningen laten ingaan en verlopen", lambda: None),), register),
        search=SimpleNamespace(),  # type: ignore[arg-type]
        hidden=SimpleNamespace(),  # type: ignore[arg-type]
        offers=Offers(log, schema, codelists),
        decisions=DecisionIndex(data / "besluiten.sqlite", entries(schema.entity_types["besluit"], codelists)),
        queries=SimpleNamespace(),  # type: ignore[arg-type]
        clock=clock,
        mint=minter(),
        identity=Acquaintances(),
    )


def harmony(world: World) -> dict[str, Any]:
    """A full association, with a location that is somebody's home."""
    find = world.concept
    return {
        "naam": "Koninklijke Harmonie De Ware Vrienden",
        "korteNaam": "De Ware Vrienden",
        "korteBeschrijving": "Wij maken al sinds 1887 samen muziek, in de zaal en op straat.",
        "startdatum": "1987-05-01",
        "verenigingstype": find("verenigingstype", "VZW"),
        "status": find("status", "Actief"),
        "kboNummer": "0428315871",
        "doelgroep": {"minimumleeftijd": 8, "maximumleeftijd": 150},
        "hoofdactiviteiten": [find("hoofdactiviteit", "KECU"), find("hoofdactiviteit", "VORM")],
        "werkingsgebieden": [find("werkingsgebied", "Gent")],
        "gemeente": [find("gemeente", "Gent")],
        "locaties": [
            {
                "locatietype": find("locatietype", "Activiteiten"),
                "isPrimair": True,
                "naam": "Zaal De Kring",
                "adres": {"straatnaam": "Dorpsstraat", "huisnummer": "12", "busnummer": "3", "postcode": "9000",
                          "gemeente": "Gent", "land": "België", "adresvoorstelling": "Dorpsstraat 12 bus 3, 9000 Gent"},
            },
            {
                "locatietype": find("locatietype", "Correspondentie"),
                "isThuisadres": True,
                "adres": {"straatnaam": "Geheimlaan", "huisnummer": "7", "postcode": "9050", "gemeente": "Gent",
                          "land": "België"},
            },
        ],
        "contactgegevens": [
            {"email": "info@warevrienden.example", "isPrimair": True},
            {"telefoon": "+3292223344", "beschrijving": "Secretariaat"},
            {"website": "https://warevrienden.example/"},
            {"socialMedia": "https://social.example/@warevrienden"},
        ],
        "lidmaatschappen": [{"naam": "Vlamo", "van": "1990-01-01"}],
        "erkenningen": [
            {
                "ipdcProduct": {"nummer": "1500", "naam": "Erkenning als cultuurvereniging"},
                "toegekendDoor": GHENT_UNIT,
                "naamToekenner": "Gemeente Gent",
                "geldigheidsperiode": {"startdatum": "2024-01-01", "einddatum": "2029-12-31"},
                "hernieuwingsdatum": "2029-09-01",
                "status": find("erkenningsstatus", "Actief"),
                "besluit": "https://besluiten.example/id/besluit/1",
            }
        ],
        "zichtbaarInLoket": True,
    }  # fmt: skip
