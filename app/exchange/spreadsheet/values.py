"""Reading one cell: what people and spreadsheet programs put in it, as the texts that a field can take.

Every reader takes the cell and answers with what it found, or raises ValueError with a Dutch sentence that does not
hold the value: it may be personal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from app.exchange.spreadsheet.cells import Cell, CellError
from app.exchange.spreadsheet.xlsx import serial_date
from app.model.codelists import CodeLists, Concept, fold
from app.model.identifiers import validate_date, validate_email, validate_phone, validate_v_code

YES = frozenset(("ja", "j", "yes", "y", "x", "1", "waar", "true", "v", "ok", "✓", "✔", "wel"))
NO = frozenset(("nee", "neen", "n", "no", "0", "onwaar", "false", "-", "niet"))
LISTED = re.compile(r"\s*[;|\n\r]+\s*")
LISTED_LOOSELY = re.compile(r"\s*[;|\n\r]+\s*|\s+(?:en|of|and)\s+|\s+/\s+|,\s+")
BETWEEN_EMAILS = re.compile(r"\s*[;,|\n\r]+\s*|\s+(?:en|of|and|&|/|-)\s+|/(?=[^/@]+@)")
FIRST_YEAR, LAST_YEAR = 1000, 2199
NEW = "nieuw"


def text_of(cell: Cell) -> str:
    """The cell as text; a whole number without its point, a date in ISO form."""
    if isinstance(cell, str):
        return cell.replace("\u00a0", " ").strip()
    if isinstance(cell, CellError):
        raise ValueError("In deze cel staat een fout van het rekenblad. Vul de waarde zelf in.")
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else f"{cell:.15g}"


def one_line(cell: Cell) -> str:
    """The cell as text on one line."""
    return " ".join(text_of(cell).split())


def texts(cell: Cell) -> list[str]:
    """Texts separated by a semicolon, a bar or a line break."""
    return [part for part in LISTED.split(text_of(cell).strip(" ;|")) if part]


def emails(cell: Cell) -> list[str]:
    """The addresses in a cell, however they are separated; a part that is no address spoils the cell."""
    text = text_of(cell)
    parts = [part for part in BETWEEN_EMAILS.split(text) if part.strip()]
    return [validate_email(address) for part in parts for address in _apart(part)]


def _apart(text: str) -> list[str]:
    """Addresses with only blanks between them; `An Peeters <an@voorbeeld.be>` is one."""
    words = text.split()
    return words if len(words) > 1 and all("@" in word.strip("@") for word in words) else [text]


def phones(cell: Cell) -> list[str]:
    """The numbers in a cell; a slash or a comma may be part of one number or stand between two."""
    text = one_line(cell) if not isinstance(cell, str) else cell
    try:
        return [validate_phone(text)]
    except ValueError:
        for splitter in (LISTED, LISTED_LOOSELY, re.compile(r"[;|,/]|\s+-\s+|\s+(?:en|of)\s+")):
            parts = [part for part in splitter.split(text) if part.strip()]
            if len(parts) > 1 and all(map(_is_phone, parts)):
                return [validate_phone(part) for part in parts]
        raise


def _is_phone(text: str) -> bool:
    try:
        validate_phone(text)
    except ValueError:
        return False
    return True


def addresses(validate: Callable[[str], str]) -> Callable[[Cell], list[str]]:
    """A reader of one or more web addresses."""

    def read(cell: Cell) -> list[str]:
        text = text_of(cell)
        try:
            return [validate(text)]
        except ValueError:
            parts = [part for part in re.split(r"[;|,\s]+(?:(?:en|of)\s+)?", text.strip(" ;,|")) if part]
            if len(parts) < 2:
                raise
            return [validate(part) for part in parts]

    return read


def yes_or_no(cell: Cell) -> bool:
    """Ja, nee, x, 1, WAAR …"""
    text = one_line(cell).casefold().strip(".! ")
    if text in YES or text in NO:
        return text in YES
    raise ValueError("Antwoord met ja of nee.")


def day(cell: Cell) -> str:
    """A date as the spreadsheet knows it, as its serial number, or as people write it."""
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day).isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        found = serial_date(cell) if not FIRST_YEAR <= cell <= LAST_YEAR and cell < 10_000_000 else None
        return found.isoformat() if found else validate_date(text_of(cell))
    return validate_date(one_line(cell))


def concepts(codelists: CodeLists, scheme: str, cell: Cell, name: str) -> list[Concept]:
    """The concepts in a cell: separated by semicolons, or by commas that may be part of a name as well."""
    text = one_line(cell) if not isinstance(cell, str) else cell
    found: dict[str, Concept] = {}
    for part in texts(text):
        for concept in _concepts(codelists, scheme, part, name):
            found[concept.iri] = concept
    return list(found.values())


def _concepts(codelists: CodeLists, scheme: str, text: str, name: str) -> list[Concept]:
    pieces = [piece.strip() for piece in re.split(r"[,/]|\s+-\s+|\s+\+\s+", text) if piece.strip()]
    found: list[Concept] = []
    at = 0
    while at < len(pieces):
        size, concept = _longest(codelists, scheme, pieces[at : at + 4])
        if concept is None:
            concept = codelists.find(scheme, text)
            if concept is None:
                raise ValueError(_unknown(codelists, scheme, text, name))
            return [concept]
        found.append(concept)
        at += size
    return found


def _longest(codelists: CodeLists, scheme: str, pieces: list[str]) -> tuple[int, Concept | None]:
    """The longest beginning that is a name as it stands ("Kunsten, Erfgoed & Cultuur" is one), else a misspelt one."""
    wholes = [(size, codelists.find(scheme, ", ".join(pieces[:size]))) for size in range(len(pieces), 0, -1)]
    found = [(size, concept) for size, concept in wholes if concept]
    exact = (one for one in found if _is_name_of(one[1], ", ".join(pieces[: one[0]])))
    return next(exact, found[-1] if found else (1, None))


def _is_name_of(concept: Concept, text: str) -> bool:
    return fold(text) in {fold(name) for name in (concept.label, concept.notation, *concept.alt_labels)}


def _unknown(codelists: CodeLists, scheme: str, text: str, name: str) -> str:
    suggestions = " of ".join(f"“{label}”" for label in codelists.suggest(scheme, text, 2))
    hint = f" Bedoelt u {suggestions}?" if suggestions else ""
    return f"{name} staat niet in de lijst.{hint}"


def decision(cell: Cell) -> str:
    """`nieuw`, or the V-code of the association that is meant."""
    text = one_line(cell).casefold().strip(".! “”\"'")
    if text in (NEW, "nieuwe", "nieuw registreren", "new"):
        return NEW
    try:
        return validate_v_code(text)
    except ValueError:
        raise ValueError("Schrijf “nieuw” of de V-code van de vereniging die bedoeld is.") from None
