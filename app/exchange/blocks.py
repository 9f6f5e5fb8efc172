"""The building blocks around the loket: which there are, which are connected, and how each does.

    for block in load_blocks(root): health_of(block, connected, database, now)

What a block last answered is read from the log of calls and from the messages that go to it; no values stand there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import BadSetting
from app.exchange.magda.faults import words_of
from app.store.checks import Call, last_calls
from app.store.database import Database
from app.store.deliveries import FAILED, TO_SEND, count_deliveries

FILE = Path("ontology") / "bouwstenen.toml"
IN, OUT = "in", "uit"
MAGDA = "MAGDA "
WORDS: Mapping[str, str] = {
    "400": "Het systeem weigert wat we stuurden.",
    "401": "Het systeem laat ons niet binnen: onze sleutel of ons certificaat klopt niet.",
    "403": "Wij mogen dit daar niet.",
    "404": "Het adres bestaat daar niet.",
    "409": "Het systeem heeft dit al.",
    "429": "Het is er te druk: we kwamen te vaak.",
}


@dataclass(frozen=True)
class Block:
    """One building block; see `ontology/bouwstenen.toml`."""

    key: str
    label: str
    what: str
    way: str
    setting: str = ""
    calls: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Health:
    """How a block does: the host it is at, when it last answered, what last went wrong, what waits and what failed."""

    block: Block
    connected: bool
    host: str = ""
    last: Call | None = None
    wrong: Call | None = None
    waiting: int = 0
    failed: int = 0
    rest: int = field(default=0)

    @property
    def ill(self) -> bool:
        """Whether it is left alone for a while, or the last it did was to fail."""
        return self.rest > 0 or (self.last is not None and self.last == self.wrong)


def load_blocks(root: Path) -> tuple[Block, ...]:
    """All of them, in the order of the file; raises BadSetting where it is wrong."""
    try:
        told = tomllib.loads((root / FILE).read_text(encoding="utf-8"))["bouwsteen"]
        found = tuple(map(_block, told))
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"{FILE} is niet goed: {error}.") from None
    if any(block.way not in (IN, OUT) for block in found):
        raise BadSetting(f"In {FILE} is way niet overal in of uit.")
    return found


def _block(told: Mapping[str, Any]) -> Block:
    values: dict[str, Any] = {key: tuple(each) if isinstance(each, list) else each for key, each in told.items()}
    return Block(**values)


def health_of(block: Block, connected: Mapping[str, str], rests: Mapping[str, int], database: Database) -> Health:
    """How it does now; `connected` has a host for each that is, `rests` the seconds for which a line is left alone."""
    if block.key not in connected:
        return Health(block, connected=False)
    last, wrong = last_calls(database, block.calls)
    counted = count_deliveries(database, kinds=block.deliveries) if block.deliveries else {}
    rest = max((rests.get(name, 0) for name in block.calls), default=0)
    host = connected[block.key]
    return Health(block, True, host, last, wrong, counted.get(TO_SEND, 0), counted.get(FAILED, 0), rest)


def in_words(outcome: str) -> str:
    """What came of a call, for who does not know status codes.

    >>> in_words("status 429"), in_words("MAGDA 30004"), in_words("status 200")
    ('Het is er te druk: we kwamen te vaak.', 'Deze persoon heeft intussen een ander nummer.', 'Beantwoord.')
    >>> in_words("status 503"), in_words("geen antwoord op tijd")
    ('Er ging daar iets mis (503).', 'Geen antwoord op tijd.')
    """
    if outcome.startswith(MAGDA):
        return words_of(outcome.removeprefix(MAGDA))
    kind, _, code = outcome.partition(" ")
    if kind != "status":
        return f"{outcome[:1].upper()}{outcome[1:].rstrip('.')}."
    if code.startswith("2"):
        return "Beantwoord."
    return WORDS.get(code, f"Er ging daar iets mis ({code}).")
