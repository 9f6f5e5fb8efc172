"""Keeps a copy in step with another register, by its public API: what changed, then each of these as it stands now.

    report = synchronise(reader, register, clock)

Every part that is done is on disk, with how far it went; stopped at any moment, the next run goes on from there, and
doing the same again changes nothing. An association that cannot be read is put aside with the reason and tried again
later, and holds nobody up; when the register itself does not answer, everything waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from app.errors import Gone, LoketError, Refused, Unknown
from app.exchange.copy_reading import copied
from app.exchange.register_api.client import Failing, Mutation, RegisterReader
from app.exchange.register_api.dump import Dump, NoDump
from app.model.fields import Document
from app.register.agents import SYSTEM, Agent
from app.register.commands import LetGo, Outcome, TakeOver
from app.register.copying import make_copy_of
from app.register.handle import handle_all
from app.register.register import Register
from app.store.batches import batches

BATCH = 100
# For fewer, the answer with all of them is the larger one.
DUMP_FROM = 2000
# As many requests at once, and no more: the register is not ours alone.
AT_ONCE = 4
PLACE, ASIDE = "kopie/volgnummer", "kopie/opzij"
LONGEST_ASIDE = timedelta(days=1)
REASON = "kopie van een ander register"
OTHER = "Het register antwoordt over een andere vereniging."
# When so many fail together, it is not they that are wrong.
MANY = 5

Wanted = TakeOver | LetGo | LoketError


@dataclass(frozen=True)
class Aside:
    """One association that could not be taken over: how often, why, and when it is tried again."""

    code: str
    attempts: int
    why: str
    again: datetime


@dataclass(frozen=True)
class Report:
    """What one run did."""

    taken: int = 0
    unchanged: int = 0
    let_go: int = 0
    aside: tuple[Aside, ...] = ()
    place: int = 0


def synchronise(
    reader: RegisterReader,
    register: Register,
    clock: Callable[[], datetime],
    *,
    municipality: str = "",
    all_aside: bool = True,
    at_once: int = DUMP_FROM,
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Follow the register up to now. Raises Unavailable or Forbidden when it does not answer: what was done stays done.

    Of one `municipality` (NIS code), only associations with a location there are held. With `all_aside` everything that
    was put aside is tried again, else only what is due. When `at_once` or more changed, as in the first run, they are
    read from one answer with all associations, if the register gives one.
    """
    make_copy_of(register, reader.address, municipality)
    run = _Run(reader, register, clock, municipality)
    due = [each.code for each in run.aside.values() if all_aside or each.again <= clock()]
    for codes in batches(due, BATCH):
        run.settle(codes, run.read(codes))
        progress(run.report)
    changed = reader.changes(run.report.place)
    with run.at_hand(len(changed) >= at_once):
        for changes in batches(changed, BATCH):
            run.follow(changes)
            progress(run.report)
    return run.report


class _Run:
    """One run, and where it is."""

    def __init__(
        self, reader: RegisterReader, register: Register, clock: Callable[[], datetime], municipality: str
    ) -> None:
        self._reader = reader
        self._municipality = municipality
        self._register = register
        self._clock = clock
        self._agent = Agent(f"{register.schema.base}/id/systeem/kopie", "Kopie van een ander register", SYSTEM)
        self._dump: Dump | None = None
        self.aside = read_aside(register)
        self.report = Report(place=int(register.log.get_state(PLACE) or 0), aside=tuple(self.aside.values()))

    @contextmanager
    def at_hand(self, wanted: bool) -> Iterator[None]:
        """Have all associations at hand meanwhile, when that is wanted and the register lets us."""
        with ExitStack() as stack:
            with suppress(NoDump):
                self._dump = stack.enter_context(self._reader.dump()) if wanted else None
            yield
            self._dump = None

    def follow(self, changes: Sequence[Mutation]) -> None:
        """Take over what changed, and remember that it was. Raises Unavailable when the register fails at all of it."""
        codes = [each.code for each in changes]
        found = self.read(codes)
        if len(found) >= MANY and all(isinstance(each, Failing) for each in found):
            raise found[0]  # type: ignore[misc]
        self.settle(codes, found)
        self.report = replace(self.report, place=changes[-1].sequence)
        with self._register.log.transaction() as transaction:
            transaction.put_state(PLACE, str(self.report.place))

    def read(self, codes: Sequence[str]) -> list[Wanted]:
        """What to do with each of these, or why that cannot be told. Raises Unavailable or Forbidden."""
        known = {code: self._at_hand(code) for code in codes}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = dict(zip(codes, pool.map(lambda code: known[code] or self._read(code), codes), strict=True))
        return [asked[code] for code in codes]

    def _at_hand(self, code: str) -> Wanted | None:
        """What the answer with all of them says; None when that has to be asked."""
        if self._dump is None:
            return None
        if code in self._dump.dropped:
            # What took its place stands only in the detail, and matters only for what we have.
            return None if self._register.log.latest(self._register.tools.type.iri(code)) else LetGo(code)
        answer = self._dump.get(code)
        return None if answer is None else self._taken(code, lambda: answer)

    def settle(self, codes: Sequence[str], wanted: Sequence[Wanted]) -> None:
        """Bring these associations in step, in one transaction; put aside which cannot be."""
        commands = [each for each in wanted if not isinstance(each, LoketError)]
        outcomes = iter(handle_all(commands, self._agent, self._register, REASON))
        done = [each if isinstance(each, LoketError) else next(outcomes) for each in wanted]
        errors = {code: each for code, each in zip(codes, done, strict=True) if isinstance(each, LoketError)}
        changed = [
            type(command)
            for command, outcome in zip(wanted, done, strict=True)
            if isinstance(outcome, Outcome) and outcome.sequence
        ]
        self._remember(codes, errors)
        self.report = replace(
            self.report,
            taken=self.report.taken + changed.count(TakeOver),
            let_go=self.report.let_go + changed.count(LetGo),
            unchanged=self.report.unchanged + len(codes) - len(changed) - len(errors),
            aside=tuple(self.aside.values()),
        )

    def _read(self, code: str) -> Wanted:
        return self._taken(code, lambda: self._reader.detail(code))

    def _taken(self, code: str, read: Callable[[], Mapping[str, Any]]) -> Wanted:
        tools = self._register.tools
        try:
            answer = read()
            found, document = copied(dict(answer), tools.codelists, tools.type.iri, self._reader.address)
            if found != code:
                return Refused(OTHER)
            return TakeOver(code, document) if self._is_wanted(document) else LetGo(code)
        except Unknown:
            return LetGo(code)
        except Gone as gone:
            return LetGo(code, (gone.replaced_by or "").rpartition("/")[2] or None)
        except (Refused, Failing) as error:
            return error

    def _is_wanted(self, document: Document) -> bool:
        if not self._municipality:
            return True
        addresses = (each.get("adres", {}) for each in document.get("locaties", ()))
        places = (f"{each.get('postcode', '')} {each.get('gemeente', '')}" for each in addresses)
        homes = map(self._register.codelists.municipality, places)
        return any(home is not None and home.nis == self._municipality for home in homes)

    def _remember(self, codes: Sequence[str], errors: Mapping[str, LoketError]) -> None:
        """Who is aside, and who no more."""
        before = dict(self.aside)
        for code in codes:
            known = self.aside.pop(code, None)
            if code in errors:
                attempts = known.attempts + 1 if known else 1
                again = self._clock() + min(timedelta(minutes=2 ** min(attempts, 12)), LONGEST_ASIDE)
                self.aside[code] = Aside(code, attempts, _why(errors[code]), again)
        if self.aside != before:
            with self._register.log.transaction() as transaction:
                transaction.put_state(ASIDE, orjson.dumps(list(self.aside.values())).decode())


def read_aside(register: Register) -> dict[str, Aside]:
    """Who is aside, by code."""
    rows = orjson.loads(register.log.get_state(ASIDE) or "[]")
    found = (Aside(row["code"], row["attempts"], row["why"], datetime.fromisoformat(row["again"])) for row in rows)
    return {each.code: each for each in found}


def _why(error: LoketError) -> str:
    """One sentence, with the fields that are wrong; all of it is about what everybody may see."""
    problems = error.problems if isinstance(error, Refused) else ()
    return " ".join((error.title, *(f"{one.path}: {one.message}" for one in problems)))
