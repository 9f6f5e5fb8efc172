"""Whatever is done in whatever order: the log has no gaps, the stores and the feeds say what it says, and no secret."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from app.errors import LoketError
from app.register.agents import DPO, Agent
from app.register.commands import (
    ChangeAssociation,
    Command,
    HideAssociation,
    RegisterAssociation,
    RemoveAssociation,
    ShowAssociation,
    StopAssociation,
)
from app.register.doubles.commands import MarkDuplicate, MergeAssociations, UndoDuplicate
from app.register.handle import handle
from app.register.personal.commands import ErasePersonalData
from app.register.personal.people import technical_use
from app.store.graphs.embedded import memory_graphs
from app.store.graphs.project import catch_up, internal_part, public_part
from app.store.log import Version
from tests.register.builders import (
    A_MANAGER,
    BASE,
    GENT,
    GODELIEVE,
    MARCEL,
    TODAY,
    Make,
    make_log,
    make_register,
    make_tools,
)

OFFICER = Agent(f"{BASE}/id/organisatie/dpo", "Functionaris", DPO)
MAKE = Make(make_tools().codelists)
PEOPLE = ({**GODELIEVE, "telefoon": "0470 12 34 56"}, {**MARCEL, "email": "marcel.bedacht@telenet.be"})
SECRETS = (
    "85010100115", "41062700192", "Godelieve", "Bedacht", "470123456", "marcel.bedacht", "Geheimlaan",
    "BE68539007547034",
)  # fmt: skip
HOME = MAKE.location(
    "Geheimlaan", "7", kind="Correspondentie", isThuisadres=True, postcode="9030", gemeente="Mariakerke"
)
HALL, ELSEWHERE = MAKE.location("Dorpsstraat", "12"), MAKE.location("Markt", "5", postcode="9300", gemeente="Aalst")
ACCOUNT = {"iban": "BE68539007547034", "titularis": "Godelieve Verzonnen", "doel": "lidgeld"}
EVERYTHING = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(!STRSTARTS(STR(?g), 'urn:')) } ORDER BY ?g ?s ?p ?o"

some = st.sampled_from
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "naam": some(["De Houten Klepel", "Reuzengilde Reinaert", "Schaakclub Het Paard", "Duivenbond De Snelle Vlerk"]),
    "korteBeschrijving": some([None, "Voor jong en oud.", "Elke week in de zaal."]),
    "startdatum": some([None, "1901-05-01", "2020-02-29"]),
    "contactgegevens": some([[], [{"email": "info@klepel.be"}], [{"website": "www.klepel.be"}]]),
    "locaties": some([[], [HALL], [HOME, HALL], [ELSEWHERE]]),
    "vertegenwoordigers": some([[], [PEOPLE[0]], [PEOPLE[1]], list(PEOPLE)]),
    "bankrekeningnummers": some([[], [ACCOUNT]]),
}
DOCUMENTS = st.fixed_dictionaries({}, optional=FIELDS)


class AnyHistory(RuleBasedStateMachine):
    """One register, and what people do in it."""

    codes = Bundle("codes")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.log = make_log(Path(self.folder.name))
        self.register = make_register(make_tools(), self.log)
        self.public, self.internal = memory_graphs(), memory_graphs()
        self.known: list[str] = []
        self.seen = -1

    def teardown(self) -> None:
        self.log.close()
        self.folder.cleanup()

    def do(self, command: Command, agent: Agent = GENT) -> str:
        """The code of what it was about; a refusal leaves everything as it was."""
        before = self.log.head()
        try:
            return handle(command, agent, self.register, "zo gevraagd").code
        except LoketError:
            assert self.log.head() == before, f"{type(command).__name__} was refused, and wrote"
            return ""

    @initialize(target=codes, first=DOCUMENTS, second=DOCUMENTS)
    def begin(self, first: dict[str, Any], second: dict[str, Any]) -> Any:
        return multiple(*(self._registered(each) for each in (first, second)))

    @rule(target=codes, document=DOCUMENTS)
    def register_one(self, document: dict[str, Any]) -> Any:
        code = self._registered(document)
        return multiple(*([code] if code else []))

    def _registered(self, document: dict[str, Any]) -> str:
        whole = MAKE.minimal(**{name: value for name, value in document.items() if value})
        code = self.do(RegisterAssociation(whole, tuple(self.known)))
        self.known += [code] if code and code not in self.known else []
        return code

    @rule(code=codes, document=DOCUMENTS, stale=some([None, None, 1]))
    def change(self, code: str, document: dict[str, Any], stale: int | None) -> None:
        self.do(ChangeAssociation(code, document, stale, tuple(self.known)))

    @rule(code=codes, on=some([TODAY, date(2020, 1, 1), date(1890, 1, 1)]))
    def stop(self, code: str, on: date) -> None:
        self.do(StopAssociation(code, on))

    @rule(code=codes, other=st.none() | codes)
    def remove(self, code: str, other: str | None) -> None:
        self.do(RemoveAssociation(code, "per vergissing", other), A_MANAGER)

    @rule(code=codes, shown=st.booleans())
    def show_or_hide(self, code: str, shown: bool) -> None:
        self.do(ShowAssociation(code) if shown else HideAssociation(code))

    @rule(code=codes, other=codes, merged=st.booleans())
    def make_one(self, code: str, other: str, merged: bool) -> None:
        self.do(MergeAssociations(code, other) if merged else MarkDuplicate(code, other), A_MANAGER)

    @rule(code=codes)
    def take_apart(self, code: str) -> None:
        self.do(UndoDuplicate(code), A_MANAGER)

    @rule(code=codes, insz=some(["", "85010100115", "41062700192"]))
    def erase(self, code: str, insz: str) -> None:
        self.do(ErasePersonalData(code, insz), OFFICER)
        assert self._left(code, insz) == []

    def _left(self, code: str, insz: str) -> list[str]:
        """What the vault still says of an association, or of one person in it."""
        with self.log.transaction() as transaction:
            kept = transaction.personal(self.register.tools.type.iri(code), technical_use(OFFICER))
        values = [str(value) for each in kept for value in (each.values or {}).values()]
        return [value for value in values if not insz or value == insz]

    @invariant()
    def all_that_is_made_of_the_log_says_what_it_says(self) -> None:
        if self.log.head() == self.seen:
            return
        self.seen = self.log.head()
        versions = self.log.read(0, 10_000)
        self._no_gaps(versions)
        last = {version.entity: version for version in versions}
        self._doubles_lead_somewhere(last)
        self._stores_say_the_same(last)
        self._feeds_say_the_same(last)
        self._nothing_is_told(versions)

    def _no_gaps(self, versions: list[Version]) -> None:
        assert [version.sequence for version in versions] == list(range(1, self.log.head() + 1))
        numbers: Counter[str] = Counter()
        for version in versions:
            numbers[version.entity] += 1
            assert version.number == numbers[version.entity]
        assert [version.time for version in versions] == sorted(version.time for version in versions)

    def _doubles_lead_somewhere(self, last: dict[str, Version]) -> None:
        for entity in last:
            met = {entity}
            while after := last[entity].replaced_by:
                assert after not in met, "a double of itself, by way of others"
                met.add(entity := after)

    def _stores_say_the_same(self, last: dict[str, Version]) -> None:
        catch_up(self.log, self.public, self.internal)
        with closing(memory_graphs()) as public, closing(memory_graphs()) as internal:
            catch_up(self.log, public, internal)
            assert self.public.query(EVERYTHING) == public.query(EVERYTHING)
            assert self.internal.query(EVERYTHING) == internal.query(EVERYTHING)
        for entity, version in last.items():
            assert bool(self.public.describe(entity)) == bool(public_part(version))
            assert bool(self.internal.describe(entity)) == bool(internal_part(version))

    def _feeds_say_the_same(self, last: dict[str, Version]) -> None:
        shown = {entity: version.public for entity, version in last.items() if version.public}
        for feed in self.log.feeds():
            members, held = self.log.members(feed, 1, 10_000), dict[str, bytes]()
            assert [member.position for member in members] == list(range(1, len(members) + 1))
            for member in members:
                if member.operation == "delete":
                    del held[member.version.entity]
                else:
                    held[member.version.entity] = member.version.public or b""
            wanted = shown if feed == "verenigingen" else {entity: shown[entity] for entity in held}
            assert held == wanted, feed

    def _nothing_is_told(self, versions: list[Version]) -> None:
        written = [repr(version) + (internal_part(version)).decode() for version in versions]
        stores = [store.query(EVERYTHING).decode() for store in (self.public, self.internal)]
        for text in (*written, *stores):
            assert not [secret for secret in SECRETS if secret in text]


AnyHistory.TestCase.settings = settings(max_examples=10, stateful_step_count=14, deadline=None, derandomize=True)
TestAnyHistory = AnyHistory.TestCase
