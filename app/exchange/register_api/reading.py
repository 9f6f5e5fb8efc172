"""What clients of the Verenigingsregister's admin API send, as documents in the terms of our own context.

    Reading(codelists).association({"naam": "De Harmonie", "hoofdactiviteitenVerenigingsloket": ["KECU"]})

Keys are read in any case, as the register does, and what it does not know it does not mind. `null` says nothing; an
empty text or date clears a field. What cannot be read is refused with the path as the client wrote it, without what
stood there: that may be somebody's number. What the values must be is for the register itself to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import Problem, Refused
from app.exchange.register_api.json import CONTACTS
from app.model.codelists import CodeLists
from app.model.fields import Document

Json = Mapping[str, Any]
Read = Callable[[Any, str], Any]
Table = Mapping[str, tuple[str, Read]]

UNREADABLE = "Request kon niet correct behandeld worden. Controleer het formaat en probeer het opnieuw."
NO_TEXT, NO_NUMBER, NO_BOOLEAN = "Geef hier een tekst.", "Geef een geheel getal.", "Geef true of false."
NO_LIST, NO_OBJECT = "Geef hier een lijst.", "Geef hier een object."
KINDS = {name.casefold().replace("-", ""): term for term, name in CONTACTS.items()}
HOLDERS = "; "
LONGEST_HOLDER = 128


class Wrong(Exception):
    """One value that cannot be read; becomes a problem beside its field."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(path)
        self.problem = Problem(path, message)


@dataclass(frozen=True)
class Reading:
    """Reads requests; concepts are looked up by their codes."""

    codelists: CodeLists
    problems: list[Problem] = field(default_factory=list)

    def read(self, body: Any, table: Table, path: str = "") -> Document:
        """The document that a request makes; raises Refused with all that cannot be read."""
        document = self._object(body, table, path)
        if self.problems:
            raise Refused("Niet alle gegevens zijn goed ingevuld.", self.problems)
        return document

    def _object(self, body: Any, table: Table, path: str) -> Document:
        if not isinstance(body, Mapping):
            raise Refused(UNREADABLE, [Problem(path, NO_OBJECT)])
        document: Document = {}
        for key, value in body.items():
            term, read = table.get(plain_key(key), ("", text))
            if term and value is not None:
                self._keep(document, term, read, value, f"{path}.{key}" if path else key)
        return document

    def _keep(self, document: Document, term: str, read: Read, value: Any, path: str) -> None:
        try:
            found = read(value, path)
        except Wrong as wrong:
            self.problems.append(wrong.problem)
            return
        except Refused as refused:
            self.problems.extend(refused.problems)
            return
        if term == "*":
            document.update(found)
        elif isinstance(found, dict) and isinstance(document.get(term), dict):
            document[term] = {**document[term], **found}
        else:
            document[term] = found

    def objects(self, table: Table) -> Read:
        """A list of parts."""
        return lambda value, path: [
            self._object(each, table, f"{path}[{index}]") for index, each in enumerate(a_list(value, path))
        ]

    def object(self, table: Table) -> Read:
        """One part."""
        return lambda value, path: self._object(value, table, path)

    def code(self, scheme: str) -> Read:
        """The concept with this code."""

        def read(value: Any, path: str) -> str:
            wanted = text(value, path).strip().casefold()
            for concept in self.codelists.scheme(scheme).concepts:
                if wanted in (concept.notation.casefold(), concept.iri.casefold()):
                    return concept.replaced_by or concept.iri
            raise Wrong(path, "Deze code staat niet in de codelijst.")

        return read

    def codes(self, scheme: str) -> Read:
        """Concepts by their codes."""
        read = self.code(scheme)
        return lambda value, path: [
            read(each, f"{path}[{index}]") for index, each in enumerate(a_list(value, path)) if each is not None
        ]


def plain_key(key: str) -> str:
    """
    >>> plain_key("E-mail"), plain_key("IsPrimair")
    ('email', 'isprimair')
    """
    return key.replace("-", "").casefold()


def text(value: Any, path: str) -> str:
    """A text, perhaps an empty one."""
    if not isinstance(value, str):
        raise Wrong(path, NO_TEXT)
    return value


def number(value: Any, path: str) -> int:
    """A whole number; a text is none."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong(path, NO_NUMBER)
    return value


def boolean(value: Any, path: str) -> bool:
    """True or false; a text is neither."""
    if not isinstance(value, bool):
        raise Wrong(path, NO_BOOLEAN)
    return value


def denied(value: Any, path: str) -> bool:
    """The opposite of what it says."""
    return not boolean(value, path)


def a_list(value: Any, path: str) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise Wrong(path, NO_LIST)
    return value


def holders(value: Any, path: str) -> str:
    """The holders of an account, each once, as the one text that the vault keeps."""
    names = [text(each, f"{path}[{index}]").strip() for index, each in enumerate(a_list(value, path))]
    if not names or not all(names):
        raise Wrong(path, "'titularissen' mag niet leeg zijn.")
    if len({name.casefold() for name in names}) < len(names):
        raise Wrong(path, "De titularissen van een bankrekening moeten uniek zijn.")
    if any(len(name) > LONGEST_HOLDER for name in names):
        raise Wrong(path, f"Titularis mag niet langer dan {LONGEST_HOLDER} karakters zijn.")
    if any(HOLDERS.strip() in name for name in names):
        raise Wrong(path, "Gebruik geen puntkomma in een naam.")
    return HOLDERS.join(names)


def contact_kind(value: Any, path: str) -> str:
    """The term under which we keep a contact detail of this kind."""
    kind = KINDS.get(plain_key(text(value, path)))
    if kind is None:
        raise Wrong(path, "Kies E-mail, Telefoon, Website of SocialMedia.")
    return kind


def contact(document: Document, kind: str = "") -> Document:
    """A contact detail as we keep it: its value under the name of its kind."""
    rest = {term: value for term, value in document.items() if term not in ("soort", "waarde")}
    if "waarde" not in document:
        return rest
    kind = document.get("soort") or kind
    return {**rest, kind: document["waarde"]} if kind else rest


def address_id(value: Any, path: str) -> Document:
    """An address of the address register (AR), by its IRI."""
    if not isinstance(value, Mapping):
        raise Wrong(path, NO_OBJECT)
    given = {plain_key(key): each for key, each in value.items()}
    if not given.get("broncode") or not given.get("bronwaarde"):
        raise Wrong(path, "Een adresId moet een adresbron en waarde bevatten.")
    if text(given["broncode"], f"{path}.broncode") != "AR":
        raise Wrong(f"{path}.broncode", "De broncode voor dit adres is niet gekend.")
    return {"verwijstNaar": text(given["bronwaarde"], f"{path}.bronwaarde")}


def v_code(value: Any, path: str) -> str:
    """A V-code as we write it."""
    return text(value, path).strip().upper()
