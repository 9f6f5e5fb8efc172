"""The domain errors; none of them knows HTTP, `web.problems` maps each to a status once.

LoketError
├── Refused              the input breaks a rule or a shape; nothing was written
│   └── PossibleDuplicates   it may exist already: somebody must decide
├── Unknown              no such thing
├── Gone                 it was there and is no more
├── Conflict             somebody else changed it first
│   └── Stale                it is not the version that the asker knew
├── Unauthenticated      log in first
├── Forbidden            this person may not do this
├── BadQuery             the SPARQL text is wrong
├── TooLarge             the answer or the input passes a limit
├── Unavailable          a time limit passed or a part is out of order; try again
│   ├── NotYet               it is being made, and will be there soon
│   └── TooMany              the same asker did this too often; later it may again
└── BadSetting           the configuration is wrong

    try:
        handle(command, ...)
    except Refused as error:
        show(error.title, error.problems)

No message, title or problem ever holds a personal value: name the field, not what stood in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field: `path` in document terms (`locaties[1].adres.postcode`), `message` in Dutch."""

    path: str
    message: str


class LoketError(Exception):
    """Base of all domain errors; `title` is one Dutch sentence that a clerk understands."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class Refused(LoketError):
    """The input breaks a rule or a shape; `problems` says where and why."""

    def __init__(self, title: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(title)
        self.problems = tuple(problems)


class PossibleDuplicates(Refused):
    """It may exist already; `candidates` are (code, reasons in Dutch), most likely first."""

    def __init__(self, title: str, candidates: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        super().__init__(title)
        self.candidates = tuple(candidates)


class Unknown(LoketError):
    """No such thing, or none that the asker may know of."""


class Gone(LoketError):
    """It was there and is no more; `replaced_by` is the IRI of what took its place, if anything did."""

    def __init__(self, title: str, replaced_by: str | None = None) -> None:
        super().__init__(title)
        self.replaced_by = replaced_by


class Conflict(LoketError):
    """Somebody else changed it first, or holds what was claimed."""


class Stale(Conflict):
    """It is not the version that the asker knew."""


class Unauthenticated(LoketError):
    """Nobody is logged in, or the token is not valid."""


class Forbidden(LoketError):
    """This person may not do this."""


class BadQuery(LoketError):
    """The SPARQL text is wrong; `line` and `column` (from 1) where known."""

    def __init__(self, title: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(title)
        self.line = line
        self.column = column


class TooLarge(LoketError):
    """The answer or the input passes a limit."""


class Unavailable(LoketError):
    """A time limit passed or a part is out of order; trying again may help after `retry_after` seconds."""

    def __init__(self, title: str, retry_after: int = 5) -> None:
        super().__init__(title)
        self.retry_after = retry_after


class NotYet(Unavailable):
    """It is being made: after `retry_after` seconds it may be there."""


class TooMany(Unavailable):
    """The same asker did this too often; after `retry_after` seconds it may again."""


class BadSetting(LoketError):
    """A setting has a wrong value; the title names its key."""
