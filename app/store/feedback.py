"""What readers said of the pages of products, as rows; what they wrote is in the vault."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, insert, select, update

from app.store.database import Database
from app.store.tables import telling as tables_telling

CLARITY, MISTAKE = "duidelijk", "fout"
PUBLIC, DESK = "lezer", "medewerker"
NEW, BUSY, ANSWERED, DECLINED = "aangemaakt", "in behandeling", "beantwoord", "geweigerd"
# Said by a tick alone: it counts, and there is nothing to do.
COUNTED = "geteld"
STATES = (NEW, BUSY, ANSWERED, DECLINED)
OPEN = (NEW, BUSY)
TABLE = tables_telling.feedback.c


@dataclass(frozen=True)
class Feedback:
    """One reader's word: `clear` is what a reader ticked, `written` whether there is a text, `answered` an answer."""

    id: str
    product: str
    owner: str
    kind: str
    clear: bool | None
    source: str
    state: str
    created: str
    changed: str
    written: bool
    answered: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer it."""
        return self.state in OPEN

    @property
    def code(self) -> str:
        """The code of the product."""
        return self.product.rpartition("/")[2]


@dataclass(frozen=True)
class Tally:
    """Of one product: how many found it clear, how many did not, how many mistakes were reported, what is open."""

    product: str
    clear: int = 0
    unclear: int = 0
    mistakes: int = 0
    open: int = 0

    @property
    def code(self) -> str:
        """The code of the product."""
        return self.product.rpartition("/")[2]


@dataclass(frozen=True)
class Asked:
    """Which feedback; what is empty does not narrow. None as owners is everybody's."""

    owners: Collection[str] | None
    states: Collection[str] = OPEN
    product: str = ""
    kind: str = ""


def add_feedback(connection: Connection, new: Feedback) -> None:
    """Keep what a reader said."""
    connection.execute(insert(tables_telling.feedback), new.__dict__)


def change_feedback(connection: Connection, id: str, **values: Any) -> None:
    """Replace some of its values."""
    connection.execute(update(tables_telling.feedback).where(TABLE.id == id).values(**values))


def find_feedback(connection: Connection, id: str) -> Feedback | None:
    """The feedback with this id."""
    row = connection.execute(select(tables_telling.feedback).where(TABLE.id == id)).first()
    return None if row is None else Feedback(**row._mapping)


def list_feedback(database: Database, asked: Asked, limit: int, offset: int = 0) -> list[Feedback]:
    """What was asked for: what waits oldest first, what is done latest first."""
    order = TABLE.created if set(asked.states) <= set(OPEN) else TABLE.changed.desc()
    wanted = select(tables_telling.feedback).where(*_conditions(asked)).order_by(order, TABLE.id)
    with database.reading() as connection:
        return [Feedback(**row._mapping) for row in connection.execute(wanted.limit(limit).offset(offset))]


def count_feedback(database: Database, asked: Asked) -> Mapping[str, int]:
    """How many there are in each state, whichever state was asked for."""
    counted = select(TABLE.state, func.count()).where(*_conditions(asked, states=False)).group_by(TABLE.state)
    with database.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(counted)}


def open_about(connection: Connection, product: str) -> int:
    """How much about this product waits."""
    counted = select(func.count()).where(TABLE.product == product, TABLE.state.in_(OPEN))
    return int(connection.execute(counted).scalar() or 0)


def tallies(database: Database, owners: Collection[str] | None) -> list[Tally]:
    """The figures of each product of which somebody said something, most open first."""
    columns = (
        func.sum(_one(TABLE.clear.is_(True))),
        func.sum(_one(TABLE.clear.is_(False))),
        func.sum(_one(TABLE.kind == MISTAKE)),
        func.sum(_one(TABLE.state.in_(OPEN))),
    )
    wanted = select(TABLE.product, *columns).where(*_conditions(Asked(owners), states=False)).group_by(TABLE.product)
    with database.reading() as connection:
        found = [Tally(row[0], *map(int, row[1:])) for row in connection.execute(wanted)]
    return sorted(found, key=lambda each: (-each.open, -each.unclear - each.mistakes, each.product))


def handled_before(connection: Connection, until: str) -> list[Feedback]:
    """What was settled before this time and still has a text."""
    settled = (~TABLE.state.in_(OPEN), TABLE.changed < until, TABLE.written.is_(True) | TABLE.answered.is_(True))
    return [Feedback(**row._mapping) for row in connection.execute(select(tables_telling.feedback).where(*settled))]


def _one(condition: ColumnElement[bool]) -> Any:
    return case((condition, 1), else_=0)


def _conditions(asked: Asked, *, states: bool = True) -> list[ColumnElement[bool]]:
    equal = {"product": asked.product, "kind": asked.kind}
    conditions = [TABLE[name] == value for name, value in equal.items() if value]
    if asked.owners is not None:
        conditions.append(TABLE.owner.in_(asked.owners))
    if states and asked.states:
        conditions.append(TABLE.state.in_(asked.states))
    return conditions
