"""How good data are: what is missing of an association, and of a municipality one number and what helps most, by the
weights of `kwaliteit.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.model.documents import Document
from app.register.doubles.referrals import DUPLICATE, PAIR
from app.store.log import Log
from app.store.queues import count_tasks

# What may be missing of an association, by the columns of the report; of some, the word in the list of what to look at.
CONTACT, ACTIVITY, DESCRIPTION = "zonderContact", "zonderActiviteit", "zonderBeschrijving"
ADDRESS, UNCHECKED = "zonderAdres", "nietNagekeken"
LACKS = (CONTACT, ACTIVITY, DESCRIPTION, ADDRESS, UNCHECKED)
LISTED = {ADDRESS: "adres", DESCRIPTION: "beschrijving", CONTACT: "contact", ACTIVITY: "hoofdactiviteit"}
FULL = 100
NOTHING = "Niets: alles is in orde."


@dataclass(frozen=True)
class Aspect:
    """One thing that can be wrong: how many points it can cost, what helps, and where that begins."""

    name: str
    weight: int
    advice: str
    path: str
    needs_register: bool


@lru_cache(maxsize=4)
def load_aspects(root: Path) -> tuple[Aspect, ...]:
    """What is weighed, the heaviest first."""
    told: Mapping[str, Any] = tomllib.loads((root / "ontology" / "kwaliteit.toml").read_text(encoding="utf-8"))
    aspects = (
        Aspect(name, one["weegt"], one["doen"], one["pad"], one.get("register", False)) for name, one in told.items()
    )
    return tuple(sorted(aspects, key=lambda one: -one.weight))


def lacks(document: Document) -> list[str]:
    """What is missing of an association, of all that everybody may see of it."""
    addresses = [one["adres"] for one in document.get("locaties", ()) if one.get("adres", {}).get("straatnaam")]
    reached = any(one.get("email") or one.get("telefoon") for one in document.get("contactgegevens", ()))
    found = {
        ADDRESS: not addresses,
        DESCRIPTION: not document.get("korteBeschrijving"),
        CONTACT: not reached,
        ACTIVITY: not document.get("hoofdactiviteiten"),
        UNCHECKED: bool(addresses) and not any(one.get("verwijstNaar") for one in addresses),
    }
    return [name for name, is_so in found.items() if is_so]


def weighed(rows: Iterable[dict[str, Any]], log: Log, aspects: Iterable[Aspect]) -> list[dict[str, Any]]:
    """The rows with their open doubles, a score of a hundred, and what to do first."""
    counted, doubles = list(rows), doubles_of(log)
    checked = any(row["nietNagekeken"] < row["verenigingen"] - row["zonderAdres"] for row in counted)
    counting = [one for one in aspects if checked or not one.needs_register]
    return [_weighed({**row, "dubbels": doubles.get(row["nis"], 0)}, counting) for row in counted]


def doubles_of(log: Log) -> dict[str, int]:
    """By NIS code, how many questions about possible doubles wait."""
    found: dict[str, int] = {}
    for queue, count in count_tasks(log).items():
        kind, _, nis = queue.partition("/")
        if kind in (DUPLICATE, PAIR):
            found[nis] = found.get(nis, 0) + count
    return found


def _weighed(row: dict[str, Any], aspects: list[Aspect]) -> dict[str, Any]:
    number = max(1, row["verenigingen"])
    lost = {one: one.weight * min(1.0, row[one.name] / number) for one in aspects}
    most = sum(one.weight for one in aspects)
    worst = max(aspects, key=lambda one: lost[one])
    score = round(FULL * (1 - sum(lost.values()) / most))
    return {**row, "score": score, "eerst": worst.advice if lost[worst] else NOTHING}
