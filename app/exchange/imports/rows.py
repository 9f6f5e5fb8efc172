"""The end of each row, inside one transaction: is it known, what does it change, is it new, must somebody decide?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from app.errors import LoketError, PossibleDuplicates, Problem, Refused
from app.exchange.imports.merge import merge
from app.exchange.imports.report import Result, RowOutcome
from app.exchange.imports.seen import Seen
from app.exchange.imports.work import Item
from app.exchange.spreadsheet.draft import WHOLE_ROW, CellProblem, Draft
from app.exchange.spreadsheet.rows import Skipped
from app.exchange.spreadsheet.values import NEW
from app.register.commands import ChangeAssociation, Outcome, RegisterAssociation
from app.register.desk import KBO_CLAIM, ORIGIN, Desk, decided_key
from app.register.doubles.duplicates import name_likeness
from app.register.doubles.names import parse_name
from app.register.doubles.queue import refer_one, withdraw
from app.register.doubles.traits import Key, Traits, from_summary, lookups_of
from app.register.handle import UnknownAddress, attempt
from app.register.obstacles import code_of
from app.register.prepare import REFUSED

ALIKE = 0.5
MOST_QUESTIONS = 20
DECIDE = "Schrijf bij Beslissing de V-code als het dezelfde vereniging is, of “nieuw”."
OTHER_NAME = (
    "Dit KBO-nummer is van {code}, die een andere naam heeft. "
    "Schrijf bij Beslissing die V-code, of verbeter het nummer."
)
TWICE = (
    "Deze vereniging staat ook in rij {row}, met andere gegevens. "
    "Verwijder één van beide rijen, of schrijf “nieuw” bij Beslissing."
)
CODE_TWICE = "Deze V-code staat ook in rij {row}. Verwijder één van beide rijen."
A_DOUBLE = "{code} is een dubbel van {stays}: deze rij gaat over {stays}."
SAME_ROW = "Zelfde vereniging als rij {row}: de gegevens van die rij gelden."


@dataclass(frozen=True)
class Match:
    """The association that a row is about, and how we know."""

    code: str
    how: str


@dataclass
class RowSettler:
    """Settles the rows of one list; `seen` remembers the earlier ones."""

    places: tuple[str, ...]
    seen: Seen = field(default_factory=Seen)

    def settle_all(self, items: Iterable[Item | Skipped], desk: Desk) -> list[RowOutcome]:
        """The outcome of each row, in order."""
        items = list(items)
        desk.transaction.preload(_lookups(items, desk))
        desk.transaction.preload_states(self._states(items, desk))
        return [self.settle(item, desk) for item in items]

    def _states(self, items: Iterable[Item | Skipped], desk: Desk) -> Iterator[str]:
        for item in items:
            if isinstance(item, Item):
                key = self.seen.key_of(item.draft)
                yield from (_key_state(key, desk), _question_state(item.draft, desk))
                yield from (_last_state(code) for code in (item.draft.code, item.draft.decision) if code)

    def settle(self, item: Item | Skipped, desk: Desk) -> RowOutcome:
        """What becomes of one row: registered, changed, left as it is, refused or referred."""
        if isinstance(item, Skipped):
            return RowOutcome(item.row, Result.SKIPPED, remarks=(CellProblem(WHOLE_ROW, item.reason),))
        draft = item.draft
        if draft.problems:
            return RowOutcome(draft.row, Result.REFUSED, problems=(*draft.problems, *draft.doubts))
        try:
            if draft.doubts:
                return self._doubtful(item, desk)
            return self._settle(item, desk)
        except PossibleDuplicates as error:
            return self._refer(item, error, _candidates(draft, error), desk)
        except Refused as error:
            return _refused(draft, error.problems, error.title)
        except LoketError as error:
            return RowOutcome(draft.row, Result.REFUSED, problems=(CellProblem(WHOLE_ROW, error.title),))

    def _doubtful(self, item: Item, desk: Desk) -> RowOutcome:
        """An address that we do not know; who decided about this row before decided for good."""
        draft = item.draft
        if known := desk.transaction.get_state(decided_key(desk.blind(item.digest))):
            code = code_of(desk.authentic(known).entity)
            return RowOutcome(draft.row, Result.UNCHANGED, code, remarks=tuple(draft.remarks))
        told = (*draft.doubts, *(_beside(draft, problem.path, problem.message) for problem in item.problems))
        doubts = [Problem(draft.path_of(doubt.column), doubt.message) for doubt in draft.doubts]
        return self._refer(item, UnknownAddress(REFUSED, (*doubts, *item.problems)), told, desk)

    def _refer(self, item: Item, error: Refused, told: tuple[CellProblem, ...], desk: Desk) -> RowOutcome:
        """Whoever brought the list in may decide in it, and whoever works through the queue may decide there.

        A doubt about an association that is there is for the list alone: the queue is for what may be registered.
        """
        key = self.seen.key_of(item.draft)
        if self._match(item, key, desk) is None:
            subject = refer_one(item.document, error, desk, f"{desk.reason}, rij {item.draft.row}", item.digest)
            self._withdraw(item.draft, desk, besides=subject)
            if isinstance(subject, str):
                desk.transaction.put_state(_question_state(item.draft, desk), subject)
        return RowOutcome(item.draft.row, Result.REFERRED, problems=told)

    def _withdraw(self, draft: Draft, desk: Desk, besides: str | Outcome = "") -> None:
        """An earlier question about this row that the list itself has answered, or put otherwise."""
        asked = desk.transaction.get_state(_question_state(draft, desk))
        if asked and asked != besides:
            withdraw(asked, desk)
            desk.transaction.put_state(_question_state(draft, desk), None)

    def _settle(self, item: Item, desk: Desk) -> RowOutcome:
        key = self.seen.key_of(item.draft)
        match = self._match(item, key, desk)
        if match is None:
            return self._register(item, key, desk)
        known = self._last(match.code, desk) == desk.blind(item.digest)
        match, remarks = self._leading_to(match, item.draft, desk)
        earlier = self.seen.row_of(match.code)
        if earlier is not None:
            return _twice(item.draft, match, earlier, known)
        if match.how == "kbo" and not known and not self._alike(item, match.code, desk):
            message = OTHER_NAME.format(code=match.code)
            return RowOutcome(item.draft.row, Result.REFERRED, problems=(_beside(item.draft, "kboNummer", message),))
        outcome = None if known else self._change(item, match, desk)
        self._remember(item, key, match.code, desk, changed=not known)
        result = Result.CHANGED if outcome and outcome.sequence else Result.UNCHANGED
        return RowOutcome(item.draft.row, result, match.code, remarks=(*item.draft.remarks, *remarks))

    def _leading_to(self, match: Match, draft: Draft, desk: Desk) -> tuple[Match, tuple[CellProblem, ...]]:
        """The association that stays, where the row is about a double of it, and the remark that says so."""
        code = code_of(desk.authentic(match.code).entity)
        if code == match.code:
            return match, ()
        message = A_DOUBLE.format(code=match.code, stays=code)
        return replace(match, code=code), (CellProblem(draft.column_of("naam"), message),)

    def _match(self, item: Item, key: str, desk: Desk) -> Match | None:
        """By decision, V-code, KBO number, or the name under which an earlier import brought it in."""
        draft = item.draft
        if draft.decision not in ("", NEW):
            return Match(draft.decision, "beslissing")
        if draft.code:
            return Match(draft.code, "v-code")
        number = draft.document.get("kboNummer")
        holders = desk.transaction.find(KBO_CLAIM, number) if number and draft.decision != NEW else []
        if holders:
            return Match(holders[0].rpartition("/")[2], "kbo")
        known = desk.transaction.get_state(_key_state(key, desk))
        return Match(known, "naam") if known else None

    def _register(self, item: Item, key: str, desk: Desk) -> RowOutcome:
        draft = item.draft
        if item.prepared is None and item.unknown_address:
            return self._doubtful(item, desk)
        if item.prepared is None:
            return _refused(draft, item.problems, "")
        outcome = _sure(RegisterAssociation({}, prepared=item.prepared), draft, desk)
        earlier = self.seen.row_of(outcome.code)
        remarks = draft.remarks
        if outcome.sequence is None and earlier is not None:
            remarks = [CellProblem(WHOLE_ROW, SAME_ROW.format(row=earlier))]
        else:
            self._remember(item, key, outcome.code, desk, changed=False)
        result = Result.REGISTERED if outcome.sequence else Result.UNCHANGED
        return RowOutcome(draft.row, result, outcome.code, remarks=tuple(remarks))

    def _change(self, item: Item, match: Match, desk: Desk) -> Outcome | None:
        merged = merge(desk.document(desk.current(match.code)), item.draft.document)
        if not merged.supplied:
            return None
        try:
            return _sure(ChangeAssociation(match.code, merged.supplied), item.draft, desk)
        except PossibleDuplicates:
            raise
        except Refused as error:
            problems = [Problem(merged.origin(problem.path), problem.message) for problem in error.problems]
            raise type(error)(error.title, problems) from None

    def _remember(self, item: Item, key: str, code: str, desk: Desk, *, changed: bool) -> None:
        """So that the same row is known again, with or without its V-code."""
        digest = desk.blind(item.digest)
        self.seen.add(item.draft.row, code, key)
        self._withdraw(item.draft, desk)
        state = _key_state(key, desk)
        if desk.transaction.get_state(state) is None:
            desk.transaction.put_state(state, code)
        if changed:
            desk.transaction.put_state(_last_state(code), digest)
        if item.draft.decision == code:
            desk.transaction.put_state(decided_key(digest), code)

    def _last(self, code: str, desk: Desk) -> str:
        """The row that the association last took over, so that the same one again changes nothing."""
        return desk.transaction.get_state(_last_state(code)) or desk.origin_of(desk.iri(code))

    def _alike(self, item: Item, code: str, desk: Desk) -> bool:
        """Whether the row may bear the name of this association: places are left out of both in the same way."""
        summary = desk.transaction.summary(desk.iri(code))
        name = item.draft.document.get("naam")
        if summary is None or not name:
            return True
        ours = item.prepared.traits if item.prepared else Traits(parse_name(name, self.places).words)
        return name_likeness(ours, from_summary(summary)[0]) >= ALIKE


def _sure(command: RegisterAssociation | ChangeAssociation, draft: Draft, desk: Desk) -> Outcome:
    """Do it; who decided about this row has said no to whatever it may be a double of."""
    for _ in range(MOST_QUESTIONS):
        try:
            return attempt(command, desk)
        except PossibleDuplicates as error:
            new = tuple(code for code, _ in error.candidates if code not in command.confirmed_not)
            if not draft.decision or not new:
                raise
            command = replace(command, confirmed_not=(*command.confirmed_not, *new))
    return attempt(command, desk)


def _lookups(items: Iterable[Item | Skipped], desk: Desk) -> Iterator[Key]:
    for item in items:
        if isinstance(item, Item) and item.prepared is not None:
            yield from lookups_of(desk.seal(item.prepared.traits))
            yield ORIGIN, desk.blind(item.prepared.origin)
        if isinstance(item, Item) and (number := item.draft.document.get("kboNummer")):
            yield KBO_CLAIM, number


def _twice(draft: Draft, match: Match, earlier: int, known: bool) -> RowOutcome:
    if known or match.how == "beslissing":
        remark = CellProblem(WHOLE_ROW, SAME_ROW.format(row=earlier))
        return RowOutcome(draft.row, Result.UNCHANGED, match.code, remarks=(remark,))
    if match.how == "v-code":
        problem = CellProblem(WHOLE_ROW, CODE_TWICE.format(row=earlier))
        return RowOutcome(draft.row, Result.REFUSED, problems=(problem,))
    return RowOutcome(draft.row, Result.REFERRED, problems=(_beside(draft, "naam", TWICE.format(row=earlier)),))


def _candidates(draft: Draft, error: PossibleDuplicates) -> tuple[CellProblem, ...]:
    found = "; ".join(f"{code} ({', '.join(reasons).lower()})" for code, reasons in error.candidates)
    return (_beside(draft, "naam", f"Staat misschien al in het register: {found}. {DECIDE}"),)


def _refused(draft: Draft, problems: Iterable[Problem], title: str) -> RowOutcome:
    told = tuple(_beside(draft, problem.path, problem.message) for problem in problems)
    return RowOutcome(draft.row, Result.REFUSED, problems=told or (CellProblem(WHOLE_ROW, title),))


def _beside(draft: Draft, path: str, message: str) -> CellProblem:
    return CellProblem(draft.column_of(path), message)


def _key_state(key: str, desk: Desk) -> str:
    return f"invoer/rij/{desk.blind(key)}"


def _question_state(draft: Draft, desk: Desk) -> str:
    """By name and row: a corrected list has its rows where they were, and may have one name twice."""
    return f"invoer/vraag/{desk.blind(f'{draft.key}|{draft.row}')}"


def _last_state(code: str) -> str:
    return f"invoer/laatste/{code}"
