"""Finding the header row and what each header means, however people write it; whatever is not certain is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from app.errors import Refused
from app.exchange.spreadsheet.cells import Row, Sheet
from app.exchange.spreadsheet.columns import Column
from app.exchange.spreadsheet.titles import Headers, Meaning
from app.exchange.spreadsheet.xlsx import column_letters

LOOK_AT = 50
A_NAME = "de naam van de vereniging: noem ze “Naam vereniging”"
# Those that the template and the outcome of an import have beside the list itself.
OUR_SHEETS = frozenset(("uitleg", "voorbeeld", "lijsten", "overzicht"))


@dataclass(frozen=True)
class Binding:
    """A column of the file that is understood; `part` tells apart the people of one row (voorzitter, secretaris)."""

    index: int
    header: str
    column: Column
    part: str = ""


@dataclass(frozen=True)
class Recognition:
    """What a sheet turned out to hold; `remarks` are Dutch sentences for the clerk."""

    sheet: Sheet
    header_row: int
    headers: Mapping[int, str]
    bindings: tuple[Binding, ...]
    unknown: tuple[str, ...]
    remarks: tuple[str, ...]

    def index_of(self, key: str) -> int | None:
        """The place of a column by its key, or None when the file lacks it."""
        return next((binding.index for binding in self.bindings if binding.column.key == key), None)


@dataclass
class _Assignment:
    """Gives each header its one meaning: first those that leave no doubt, then the others by what is near them."""

    meanings: Mapping[int, tuple[Meaning, ...]]
    headers: Mapping[int, str]
    bound: dict[int, Meaning] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def run(self) -> dict[int, Meaning]:
        for index, meanings in self.meanings.items():
            if len(meanings) == 1 and self._free(meanings[0]):
                self.bound[index] = meanings[0]
            elif len(meanings) == 1:
                self._say(index, "staat er twee keer: we lezen de eerste")
        for index, meanings in self.meanings.items():
            if len(meanings) > 1:
                self._choose(index, [meaning for meaning in meanings if self._free(meaning)])
        return self.bound

    def _choose(self, index: int, options: list[Meaning]) -> None:
        """An ambiguous header means what its neighbour says, else what is to its left, else the first thing free."""
        if not options:
            self._say(index, "staat er twee keer: we lezen de eerste")
            return
        beside = {m.column.key for at in (index - 1, index + 1) for m in self._at(at)}
        left = max((at for at in self.bound if at < index), default=None)
        group = self.bound[left].column.group.key if left is not None else None
        chosen = next((m for m in options if m.column.beside in beside and m.column.beside), None)
        chosen = chosen or next((m for m in options if m.column.group.key == group), None)
        if chosen is None and group == "vertegenwoordiger" and self._taken(index):
            # Not to be guessed: it may well be where a person lives, and addresses of associations are public.
            self._say(
                index, "staat bij een persoon en is niet overgenomen: zet “activiteitenadres” in de kop als het dat is"
            )
            return
        self.bound[index] = chosen or options[0]

    def _taken(self, index: int) -> bool:
        taken = {meaning.column.key for meaning in self.bound.values()}
        return any(meaning.column.key in taken for meaning in self.meanings[index])

    def _at(self, index: int) -> tuple[Meaning, ...]:
        found = self.meanings.get(index, ())
        return found if len(found) == 1 else ()

    def _free(self, meaning: Meaning) -> bool:
        same = (m for m in self.bound.values() if m.column is meaning.column)
        return meaning.column.repeats or all(_part(m) != _part(meaning) for m in same)

    def _say(self, index: int, what: str) -> None:
        self.remarks.append(f"Kolom {column_letters(index)} “{self.headers[index]}” {what}.")


def _part(meaning: Meaning) -> str:
    """Which person a header speaks of: only a role tells two people apart."""
    return meaning.title if meaning.title in meaning.column.group.roles else ""


def recognise(sheets: Sequence[Sheet], columns: Sequence[Column], needed: str = A_NAME) -> Recognition:
    """The first visible sheet with a header row that has what is needed; raises Refused when there is none."""
    known = Headers(columns)
    problem = ""
    for sheet in [sheet for sheet in sheets if not sheet.hidden]:
        found = _recognise(sheet, known, needed)
        if isinstance(found, Recognition):
            return _with_remarks(found, sheets)
        problem = problem or found
    raise Refused(problem or "Het bestand is leeg.")


def bind(headers: Sequence[str], columns: Sequence[Column]) -> Recognition:
    """What these headers mean by themselves."""
    sheet = Sheet("", False, lambda: iter(()))
    return _understand(sheet, Row(1, tuple(headers)), dict(enumerate(headers)), Headers(columns))


def _recognise(sheet: Sheet, known: Headers, needed: str) -> Recognition | str:
    best: tuple[int, Row, dict[int, str]] | None = None
    above: Row | None = None
    for row in islice(sheet.rows(), LOOK_AT):
        for headers in (_headers(row), _headers(row, above)):
            score = len({m.column.key for text in headers.values() for m in known.exact(text)[:1]})
            if best is None or score > best[0]:
                best = score, row, headers
        above = row
    if best is None:
        return f"Blad “{sheet.name}” is leeg."
    if best[0] == 0:
        return f"In blad “{sheet.name}” vinden we geen rij met kolomkoppen zoals Naam, Postcode of E-mail."
    found = _understand(sheet, best[1], best[2], known)
    if not any(binding.column.required or binding.column.key == "vCode" for binding in found.bindings):
        return f"Blad “{sheet.name}” heeft geen kolom met {needed}."
    return found


def _headers(row: Row, above: Row | None = None) -> dict[int, str]:
    """The texts of a row, each with what stands over it; a merged heading counts for all columns under it."""
    headers: dict[int, str] = {}
    heading = ""
    width = len(row.cells)
    for index in range(width):
        over = above.cells[index] if above and index < len(above.cells) else None
        heading = over.strip() if isinstance(over, str) and over.strip() else heading
        own = row.cells[index]
        text = own.strip() if isinstance(own, str) else ""
        if text or (over and heading):
            headers[index] = f"{heading} {text}".strip()
    return headers


def _understand(sheet: Sheet, row: Row, headers: Mapping[int, str], known: Headers) -> Recognition:
    own = {i: c.strip() for i, c in enumerate(row.cells) if isinstance(c, str) and c.strip()}
    shown = {index: " ".join(own.get(index, text).split()) for index, text in headers.items()}
    remarks: list[str] = []
    meanings: dict[int, tuple[Meaning, ...]] = {}
    for index, text in headers.items():
        found = known.exact(text) or known.exact(shown[index])
        if not found and (found := known.near(shown[index])):
            labels = " of ".join(f"“{meaning.column.label}”" for meaning in found[:3])
            verb = "gelezen als" if len(found) == 1 else "kan staan voor"
            remarks.append(f"Kolom {column_letters(index)} “{shown[index]}” {verb} {labels}.")
        if found:
            meanings[index] = found
    assignment = _Assignment(meanings, shown)
    bound = assignment.run()
    bindings = (Binding(index, shown[index], bound[index].column, _part(bound[index])) for index in sorted(bound))
    if home := _home_address(bound, shown):
        assignment.remarks.append(home)
    unknown = tuple(shown[index] for index in headers if index not in meanings)
    return Recognition(sheet, row.number, shown, tuple(bindings), unknown, (*remarks, *assignment.remarks))


def _home_address(bound: Mapping[int, Meaning], shown: Mapping[int, str]) -> str | None:
    """An address behind a person may be where that person lives, which is for nobody else to see."""
    groups = {index: bound[index].column.group.key for index in sorted(bound)}
    if any(meaning.column.key == "thuisadres" for meaning in bound.values()):
        return None
    for (_, left), (index, group) in pairwise(groups.items()):
        if (left, group) == ("vertegenwoordiger", "correspondentie"):
            where = f"Kolom {column_letters(index)} “{shown[index]}” volgt op een persoon"
            return f"{where}: is het een thuisadres, zet er dan een kolom “Thuisadres” met “ja” bij."
    return None


def _with_remarks(found: Recognition, sheets: Sequence[Sheet]) -> Recognition:
    remarks = list(found.remarks)
    others = [f"“{s.name}”" for s in sheets if s is not found.sheet and s.name.casefold() not in OUR_SHEETS]
    if others:
        remarks.append(f"Gelezen is blad “{found.sheet.name}”; niet gelezen: {', '.join(others)}.")
    if found.unknown:
        names = ", ".join(f"“{name}”" for name in found.unknown)
        remarks.append(f"Deze kolommen kennen we niet en zijn niet overgenomen: {names}.")
    return Recognition(found.sheet, found.header_row, found.headers, found.bindings, found.unknown, tuple(remarks))
