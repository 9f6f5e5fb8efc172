"""What the stubs of other registers know: the invented enterprises, people and addresses of `fixtures/verenigingen`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FORMS = {
    "Vereniging zonder winstoogmerk": "017",
    "Internationale vereniging zonder winstoogmerk": "125",
    "Private stichting": "026",
    "Stichting van openbaar nut": "029",
}
PLACES = ("Correspondentieadres", "Activiteitenadres")


@dataclass(frozen=True)
class KnownAddress:
    """An address as a list has it."""

    street: str
    number: str
    box: str
    postcode: str
    municipality: str


@dataclass(frozen=True)
class KnownEnterprise:
    """An enterprise; a form that no association has, is "001"."""

    number: str
    name: str
    short_name: str = ""
    form: str = "017"
    started: str = ""
    stopped: str = ""
    seat: KnownAddress | None = None


@dataclass(frozen=True)
class Known:
    """By enterprise number, by INSZ (first and last name), and all addresses."""

    enterprises: Mapping[str, KnownEnterprise]
    persons: Mapping[str, tuple[str, str]] = field(repr=False)
    addresses: frozenset[KnownAddress] = field(repr=False)


def load_known(root: Path) -> Known:
    """Read the invented lists."""
    rows = [row for path in sorted((root / "fixtures" / "verenigingen").glob("*.csv")) for row in _rows(path)]
    enterprises = (_enterprise(row) for row in rows if row["KBO-nummer"])
    persons = {
        _digits(row["Vertegenwoordiger rijksregisternummer"]): (
            row["Vertegenwoordiger voornaam"],
            row["Vertegenwoordiger naam"],
        )
        for row in rows
        if row["Vertegenwoordiger rijksregisternummer"]
    }
    addresses = (_address(row, place) for row in rows for place in PLACES)
    return Known({each.number: each for each in enterprises}, persons, frozenset(filter(None, addresses)))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def _enterprise(row: Mapping[str, str]) -> KnownEnterprise:
    started = "-".join(reversed(row["Startdatum"].split("/")))
    # A home is not given away as the seat.
    place = PLACES[1] if row["Thuisadres"] == "ja" else PLACES[0]
    return KnownEnterprise(
        number=_digits(row["KBO-nummer"]),
        name=row["Naam"],
        short_name=row["Korte naam"],
        form=FORMS.get(row["Rechtsvorm"], "017"),
        started=started,
        seat=_address(row, place),
    )


def _address(row: Mapping[str, str], place: str) -> KnownAddress | None:
    street, number = row[f"{place} straat"], row[f"{place} nummer"]
    if not street or not number:
        return None
    box = row.get(f"{place} bus", "")
    return KnownAddress(street, number, box, row[f"{place} postcode"], row[f"{place} gemeente"])


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
