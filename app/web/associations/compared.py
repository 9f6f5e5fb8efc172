"""Two documents side by side: each field in words, what only one of them has marked, and what can be chosen for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.model.fields import Document
from app.register.derive import DERIVED, LINKS
from app.register.doubles.merging import BOTH, OURS, THEIRS, differences
from app.web.entity_page import YES, Row, Value, rows_of
from app.web.service import Service

NOT_SHOWN = DERIVED | LINKS
CHOICES = {OURS: "houden wat er staat", THEIRS: "overnemen", BOTH: "allebei houden"}


@dataclass(frozen=True)
class Line:
    """One value in words; `lonely` when the other side does not have it."""

    text: str
    lonely: bool


@dataclass(frozen=True)
class Compared:
    """One field: what comes in, what is there, and, where there is a choice, (word, label) of each and the preset."""

    term: str
    label: str
    coming: tuple[Line, ...]
    standing: tuple[Line, ...]
    choices: tuple[tuple[str, str], ...] = ()
    preset: str = ""

    @property
    def differs(self) -> bool:
        """Whether one side says what the other does not."""
        return any(line.lonely for line in (*self.coming, *self.standing))


def compared(coming: Document, standing: Document, service: Service) -> list[Compared]:
    """The fields that either has, in the order of the shape."""
    type = service.register.tools.type
    left, right = ({row.term: row for row in rows_of(service, document, type)} for document in (coming, standing))
    found = {each.field.term: each for each in differences(standing, coming, service.register.tools)}
    lines = []
    for field in type.fields:
        if field.term in NOT_SHOWN or (field.term not in left and field.term not in right):
            continue
        ours, theirs = _words(left.get(field.term)), _words(right.get(field.term))
        choice = found.get(field.term)
        lines.append(
            Compared(
                field.term,
                field.label,
                tuple(Line(text, text not in theirs) for text in ours),
                tuple(Line(text, text not in ours) for text in theirs),
                tuple((word, CHOICES[word]) for word in choice.choices) if choice else (),
                choice.preset if choice else "",
            )
        )
    return lines


def in_words(value: Value) -> str:
    """A value as one line: a nested node by what it says, `Zaal Concordia, Dorpsstraat 12, 9000 Gent`."""
    if not value.rows:
        return value.text
    return " · ".join(dict.fromkeys(_parts(value.rows))) or value.text


def _parts(rows: tuple[Row, ...]) -> Iterator[str]:
    terms = {row.term: row for row in rows}
    if "adresvoorstelling" in terms:
        rows = (terms["adresvoorstelling"],)
    for row in rows:
        for value in row.values:
            if value.rows:
                yield in_words(value)
            elif value.text == YES:
                yield row.label.lower()
            elif value.text != "nee":
                yield value.text


def _words(row: Row | None) -> list[str]:
    return [in_words(value) for value in row.values] if row else []
