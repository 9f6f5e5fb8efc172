"""What we write in every document: its code, the number of its version, when it was made and when it changed."""

from __future__ import annotations

from app.model.fields import Document, EntityType
from app.model.graph import IRI
from app.model.terms import DCT, PAV, SCHEMA, VL

CREATED = frozenset({SCHEMA.dateCreated, DCT.created})
MODIFIED = frozenset({SCHEMA.dateModified, DCT.modified, PAV.lastUpdateOn})
OURS = frozenset({PAV.version, VL.hoogsteVolgnummer, DCT.identifier})


def is_stamp(path: IRI) -> bool:
    """Whether a property is filled by us: a form does not ask for it."""
    return path in OURS or path in CREATED or path in MODIFIED


def is_ours(type: EntityType, term: str) -> bool:
    """Whether nobody but us fills the field."""
    found = type.by_term.get(term)
    return found is not None and found.path == VL.hoogsteVolgnummer


def term_of(type: EntityType, path: IRI) -> str:
    """What a type calls a property; empty when it has no such field."""
    found = type.by_path.get(path)
    return found.term if found else ""


def stamps_in(type: EntityType, before: Document) -> Document:
    """Version and times as they stand."""
    stamped = {PAV.version, *CREATED, *MODIFIED}
    return {f.term: before[f.term] for f in type.fields if f.path in stamped and f.term in before}


def first_stamps(type: EntityType, before: Document) -> Document:
    """When it was made: that stays."""
    return {f.term: before[f.term] for f in type.fields if f.path in CREATED and f.term in before}


def unstamped(type: EntityType, before: Document) -> Document:
    """All but the version and the time of change, which are those of the version that comes."""
    passing = {PAV.version, *MODIFIED}
    return {term: v for term, v in before.items() if (f := type.by_term.get(term)) is None or f.path not in passing}


def stamp(document: Document, type: EntityType, code: str, number: int, time: str) -> None:
    """The code, the number of the version, and the times where whoever supplied the document gave none."""
    for found in type.fields:
        if found.path == PAV.version:
            document[found.term] = number
        elif found.path == DCT.identifier and type.code_start:
            document[found.term] = code
        elif found.path in CREATED or found.path in MODIFIED:
            document.setdefault(found.term, time)
