"""What an RDFa page states, in text: the records that its evaluation makes.

A resource is a string: an IRI, or a blank node when it starts with `_:`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from app.exchange.rdfa.names import Names

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFA = "http://www.w3.org/ns/rdfa#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = RDF + "type"


class Text(NamedTuple):
    """A literal: its lexical form with a language, or with a datatype."""

    value: str
    language: str | None = None
    datatype: str | None = None


class Statement(NamedTuple):
    """A triple, and the line of the element that makes it."""

    subject: str
    predicate: str
    object: str | Text
    line: int


class Token(NamedTuple):
    """A name in an attribute that names nothing."""

    text: str
    line: int


@dataclass
class Evaluation:
    """What a page states, the tokens in it that name nothing, and every meaning that it gives to a prefix."""

    names: Names
    statements: list[Statement] = field(default_factory=list)
    ignored: list[Token] = field(default_factory=list)
    prefixes: dict[str, set[str]] = field(default_factory=dict)
    _blank: int = 0

    def say(self, subject: str, predicate: str, object: str | Text, line: int) -> None:
        """Add a triple, with the line on which it stands."""
        self.statements.append(Statement(subject, predicate, object, line))

    def blank(self) -> str:
        """A new blank node."""
        self._blank += 1
        return f"_:b{self._blank}"

    def terms(self, names: Names, text: str | None, line: int) -> Iterator[str]:
        """Each name in a list of them; those that name nothing are noted."""
        for token in text.split() if text else ():
            found = names.term(token)
            if found is None:
                self.ignored.append(Token(token, line))
            else:
                yield found

    def predicates(self, names: Names, text: str | None, line: int) -> list[str]:
        """As `terms`, without blank nodes: no property is one."""
        return [term for term in self.terms(names, text, line) if not term.startswith("_:")]
