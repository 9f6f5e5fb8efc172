"""How dossiers behave: whose they are, where they are found, and what their codes mean.

A dossier is an application of one association for one product of one administration. Nobody else sees it, and it
changes by `commands` alone; what they do is in `applying`, `steps` and `deciding`.
"""

from __future__ import annotations

from datetime import timedelta

from app.errors import Problem
from app.model.codelists import CodeLists, Concept
from app.model.fields import Document
from app.model.persons_in_text import without_national_number
from app.register.conduct import Conduct, Standing, never
from app.register.desk import Desk
from app.register.prepare import refusal
from app.register.rights import Subject

KIND = "dossier"
# How long a document is kept after it was given, or went along.
KEPT = timedelta(days=3 * 365)
HANDLED_BY, OF, ABOUT = "dossier-bij", "dossier-van", "dossier-over"
GRANTED = ("Goedgekeurd", "DeelsGoedgekeurd", "ErkendVergund", "Aktename")
REFUSED, STOPPED, DECIDED = ("Geweigerd",), "Stopgezet", "Beslist"
CLOSED = "Dit dossier is afgesloten."
DONE = "Afgerond"


def standing(document: Document, _desk: Desk) -> Standing:
    """Found by who handles it, by the association and by the product."""
    keys = {(HANDLED_BY, document["bestuur"]), (OF, document["vereniging"]), (ABOUT, document["product"])}
    return Standing(keys=frozenset(keys))


DOSSIERS = Conduct(standing=standing, visible=never, guarded=True)
APPLICATIONS = Conduct(visible=never, guarded=True)


def dossier_subject(code: str, desk: Desk) -> Subject | None:
    """What rights depend on, of a dossier; None when there is none."""
    version = desk.transaction.latest(desk.register.schema.entity_types[KIND].iri(code))
    there = version is not None and version.operation != "delete"
    return subject_of_document(desk.open_document(version)) if version is not None and there else None


def subject_of_document(document: Document) -> Subject:
    """Rights depend on the association that applied and on the administration that handles it."""
    return Subject(document["vereniging"].rpartition("/")[2], owner=document["bestuur"])


def is_open(dossier: Document) -> bool:
    """Whether anything can still become of it."""
    return "afgeslotenOp" not in dossier


def concept_of(scheme: str, code: str, codelists: CodeLists) -> Concept | None:
    """A phase or status by its code, as DOSIS compares them: without regard to case and underscores."""
    wanted = code.replace("_", "").casefold()
    return next((each for each in codelists.concepts(scheme) if each.notation.casefold() == wanted), None)


def iris_of(codes: tuple[str, ...], codelists: CodeLists) -> frozenset[str]:
    """The concepts of these statuses."""
    found = (concept_of("dossierstatus", code, codelists) for code in codes)
    return frozenset(concept.iri for concept in found if concept)


def plain(text: str, path: str) -> str:
    """A text that other systems show; raises Refused when somebody's number stands in it."""
    try:
        return without_national_number(text.strip())
    except ValueError as error:
        raise refusal((Problem(path, str(error)),)) from None
