"""From a row of cells to a draft: each cell by its column, then what the cells say together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from app.exchange.spreadsheet.cells import Row
from app.exchange.spreadsheet.draft import WHOLE_ROW, CellProblem, Document, Draft
from app.exchange.spreadsheet.headers import Binding
from app.exchange.spreadsheet.kinds import VALIDATORS, CellReader, Setting, Validator
from app.exchange.spreadsheet.places import settle_address
from app.exchange.spreadsheet.values import NEW
from app.model.codelists import CodeLists, Municipality
from app.model.fields import EntityType
from app.model.identifiers import validate_insz
from app.register.derive import bears_name
from app.register.doubles.names import normalise_name

NOTHING = frozenset(("", "nvt", "geen", "onbekend", "nietgekend", "ongekend", "na", "nihil", "leeg"))
TOTAL = re.compile(
    r"(?:sub)?(?:totaal|aantal)\b|(?:opmerking|legende|bron|nota|noot|let op)\b|laatst (?:bijgewerkt|gewijzigd)\b|\*",
    re.IGNORECASE,
)
NO_NAME = "De naam van de vereniging ontbreekt."
NO_INSZ = "De vertegenwoordiger is niet overgenomen: het rijksregisternummer ontbreekt."
NO_ADDRESS = "De naam van de locatie is niet overgenomen: het adres ontbreekt."


@dataclass(frozen=True)
class Skipped:
    """A row that is no association, and why it was passed over."""

    row: int
    reason: str


@dataclass(frozen=True)
class RowReader:
    """Reads the rows below one header row; `municipality` is the one whose list it is."""

    bindings: tuple[Binding, ...]
    codelists: CodeLists
    type: EntityType
    municipality: Municipality
    test_identities: bool = False

    @cached_property
    def _readers(self) -> tuple[CellReader, ...]:
        validators: dict[str, Validator] = {
            **VALIDATORS,
            "insz": partial(validate_insz, test_identities=self.test_identities),
        }
        setting = Setting(self.codelists, self.type, validators)
        return tuple(CellReader(binding, setting) for binding in self.bindings)

    @cached_property
    def _own(self) -> frozenset[int]:
        """The columns that say something of an association."""
        return frozenset(binding.index for binding in self.bindings if binding.column.path)

    @cached_property
    def _name_column(self) -> int:
        return next((b.index for b in self.bindings if b.column.required), WHOLE_ROW)

    def read(self, row: Row) -> Draft | Skipped:
        """What the row says, or that it is no association at all."""
        filled = {index: cell for index, cell in enumerate(row.cells) if cell is not None and not _blank(cell)}
        if reason := self._no_association(filled):
            return Skipped(row.number, reason)
        draft = Draft(row.number)
        for reader in self._readers:
            if reader.binding.index in filled:
                reader.read(filled[reader.binding.index], draft)
        self._finish(draft)
        return draft

    def _no_association(self, filled: dict[int, Any]) -> str:
        own = [index for index in filled if index in self._own]
        if not filled:
            return "Lege rij."
        if self._has_code(filled) or len(own) > 1:
            return ""
        if not own:
            return "Geen gegevens van een vereniging."
        text = str(filled[own[0]]).strip()
        if own[0] != self._name_column:
            # One lonely cell beside no name: "nog navragen bij de penningmeester!"
            return "Opmerking of tussentitel."
        heading = TOTAL.match(text) or _is_heading(text, self.codelists)
        return "Opmerking of tussentitel." if heading else ""

    def _has_code(self, filled: dict[int, Any]) -> bool:
        return any(b.index in filled for b in self.bindings if b.column.kind in ("V-code", "beslissing"))

    def _finish(self, draft: Draft) -> None:
        document = draft.document
        self._finish_people(draft)
        self._finish_locations(draft)
        for term in [term for term, value in document.items() if value in ([], {})]:
            del document[term]
        named = draft.code or draft.decision not in ("", NEW)
        unread = any(problem.column == self._name_column for problem in draft.problems)
        if not document.get("naam") and not unread and not named:
            draft.problems.append(CellProblem(self._name_column, NO_NAME))
        draft.key = self._key(document)

    def _finish_people(self, draft: Draft) -> None:
        """A representative without a number cannot be taken up; an e-mail address with that name stays personal."""
        for part in {binding.part for binding in self.bindings if binding.part}:
            if person := draft.node("vertegenwoordigers", "*", part):
                person.setdefault("rol", part)
        for index, person in enumerate(draft.document.get("vertegenwoordigers", ())):
            if "insz" not in person:
                draft.remarks.append(CellProblem(draft.column_of(f"vertegenwoordigers[{index}]"), NO_INSZ))
                _mark_personal(draft.document, person)
        draft.keep("vertegenwoordigers", lambda person: "insz" in person)

    def _finish_locations(self, draft: Draft) -> None:
        for index, location in enumerate(draft.document.get("locaties", ())):
            if location.get("adres"):
                settle_address(draft, f"locaties[{index}].adres.", location["adres"], self.codelists)
            elif "naam" in location:
                draft.remarks.append(CellProblem(draft.column_of(f"locaties[{index}].naam"), NO_ADDRESS))
        draft.keep("locaties", lambda location: bool(location.get("adres")))

    def _key(self, document: Document) -> str:
        """By what the same row is known when the list comes in again: name, municipality of the list, postcode."""
        names = (self.municipality.name, *self.municipality.former_names)
        first: Document = next(iter(document.get("locaties", ())), {})
        postcode = first.get("adres", {}).get("postcode", "")
        return f"{self.municipality.nis}|{normalise_name(document.get('naam', ''), names)}|{postcode}"


def _blank(cell: Any) -> bool:
    """What people write to say that they have nothing to write: `-`, `n.v.t.`, `?`."""
    if not isinstance(cell, str):
        return False
    text = cell.strip(" \t\r\n\u00a0-–—./_?*").casefold()
    return not text or (len(text) < 14 and text.replace(".", "").replace("/", "").replace(" ", "") in NOTHING)


def _is_heading(text: str, codelists: CodeLists) -> bool:
    """Whether a text is nothing but names of activities, as a heading between the rows is."""
    parts = [part.strip() for part in text.split(";")]
    return all(codelists.find("hoofdactiviteit", part) for part in parts)


def _mark_personal(document: Document, person: Document) -> None:
    theirs = {person.get("email"), person.get("telefoon")} - {None}
    for contact in document.get("contactgegevens", ()):
        email = contact.get("email", "")
        if contact.get("email", contact.get("telefoon")) in theirs or (email and bears_name(email.casefold(), person)):
            contact["isPersoonlijk"] = True
