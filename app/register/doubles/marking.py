"""Two registrations of one association: marking the double, merging it into the one that stays, and taking that back.

The double keeps its V-code, its history and its personal values; for everybody else it is gone, and its address says
which association took its place. Both sides change in one transaction, and nothing is written before both may.
"""

from __future__ import annotations

from app.errors import Conflict, Problem, Refused
from app.model.fields import Document
from app.model.terms import VL
from app.register.associations import Planned, carry_out, expect, plan
from app.register.commands import Outcome
from app.register.desk import Desk
from app.register.doubles.commands import MarkDuplicate, MergeAssociations, UndoDuplicate
from app.register.doubles.merging import merged
from app.register.obstacles import code_of
from app.register.prepare import refusal
from app.store.records import Version

MARKED = VL.DubbelGemarkeerd.value
ACCEPTED = VL.DubbelAanvaard.value
MERGED = VL.VerenigingenSamengevoegd.value
CORRECTED = VL.DubbelRechtgezet.value
RELEASED = VL.DubbelLosgelaten.value
FIELD = "isDubbelVan"
OTHERS = "corresponderendeVCodes"


def mark_duplicate(command: MarkDuplicate, desk: Desk) -> Outcome:
    """Send the double's code to the association that stays; marked so already, nothing changes."""
    double, stays = _pair(desk, command.code, command.duplicate_of)
    expect(command.expected_version, double)
    if double.replaced_by == stays.entity:
        return Outcome(command.code, double.entity, double.number)
    before = desk.document(stays)
    accepting = plan(desk, stays, {}, ACCEPTED, before=before, checked=False, links=_with(before, double.entity))
    marking = _marking(desk, double, stays)
    carry_out(accepting, stays, desk)
    return carry_out(marking, double, desk)


def merge_associations(command: MergeAssociations, desk: Desk) -> Outcome:
    """Bring over what the double knows and mark it; answers with the association that stays."""
    double, stays = _pair(desk, command.code, command.into)
    expect(command.expected_version, double)
    expect(command.expected_version_into, stays)
    if double.replaced_by:
        raise Conflict("Deze verenigingen zijn intussen al samengevoegd.")
    ours, theirs = desk.document(stays), desk.document(double)
    _one_enterprise(ours, theirs)
    supplied = merged(ours, theirs, desk.register.tools, command.choices)
    links, known = _with(ours, double.entity), (command.code,)
    merging = plan(desk, stays, supplied, MERGED, before=ours, confirmed_not=known, links=links)
    marking = _marking(desk, double, stays)
    carry_out(marking, double, desk)
    return carry_out(merging, stays, desk)


def undo_duplicate(command: UndoDuplicate, desk: Desk) -> Outcome:
    """Give the double back what it was, and tell the other that it has one less."""
    double = desk.current(command.code)
    expect(command.expected_version, double)
    if not double.replaced_by:
        raise _refused("Deze vereniging is geen dubbel.")
    correcting = plan(desk, double, {}, CORRECTED, checked=False, links={FIELD: None})
    stays = desk.transaction.latest(double.replaced_by)
    if stays is not None and stays.operation != "delete":
        before = desk.document(stays)
        left = [iri for iri in before.get(OTHERS, ()) if iri != double.entity]
        releasing = plan(desk, stays, {}, RELEASED, before=before, checked=False, links={OTHERS: left})
        carry_out(releasing, stays, desk)
        desk.tell_apart(command.code, (code_of(stays.entity),))
    return carry_out(correcting, double, desk)


def _marking(desk: Desk, double: Version, stays: Version) -> Planned | None:
    return plan(desk, double, {"inStopzetting": None}, MARKED, checked=False, links={FIELD: stays.entity})


def _with(document: Document, double: str) -> Document:
    return {OTHERS: sorted({*document.get(OTHERS, ()), double})}


def _pair(desk: Desk, code: str, stays_code: str) -> tuple[Version, Version]:
    """The double and the one that stays; raises Refused for what cannot be a double of what."""
    double = desk.current(code)
    if code == stays_code:
        raise _refused("Een vereniging is geen dubbel van zichzelf.")
    stays = desk.transaction.latest(desk.iri(stays_code))
    if stays is None or stays.operation == "delete":
        raise _refused("Deze vereniging staat niet in het register.")
    if stays.replaced_by:
        raise _refused(f"{stays_code} is zelf een dubbel van {code_of(stays.replaced_by)}.")
    if double.replaced_by and double.replaced_by != stays.entity:
        raise _refused(f"{code} is al een dubbel van {code_of(double.replaced_by)}. Zet dat eerst recht.")
    if desk.open_document(double).get(OTHERS):
        raise _refused(f"{code} heeft zelf dubbels. Keer de markering om, of zet die eerst recht.")
    return double, stays


def _one_enterprise(ours: Document, theirs: Document) -> None:
    """The enterprise register says who has a number; data of one cannot become those of another."""
    if theirs.get("kboNummer") and not ours.get("kboNummer"):
        raise _refused("De vereniging met het KBO-nummer moet blijven: keer de samenvoeging om.")
    if theirs.get("kboNummer") and ours["kboNummer"] != theirs["kboNummer"]:
        raise _refused("Deze verenigingen hebben elk een eigen KBO-nummer.")


def _refused(sentence: str) -> Refused:
    return refusal((Problem(FIELD, sentence),))
