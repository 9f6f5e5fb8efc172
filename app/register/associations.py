"""What happens to an association at each command: load, decide, check, append; or answer that nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.errors import PossibleDuplicates, Problem, Refused, Stale
from app.model.fields import Document
from app.model.terms import VL
from app.register import agents
from app.register.commands import (
    ChangeAssociation,
    HideAssociation,
    Outcome,
    RegisterAssociation,
    RemoveAssociation,
    ShowAssociation,
    StopAssociation,
)
from app.register.desk import (
    ORIGIN,
    Desk,
    confirmed_key,
    decided_key,
    feeds_of,
    merged,
    personal_changes,
    standing,
)
from app.register.doubles.traits import Traits
from app.register.founding import actor_of, is_for_its_founder
from app.register.obstacles import (
    code_of,
    for_its_grantor,
    may_supply,
    no_duplicates,
    no_new_duplicates,
    others_exist,
)
from app.register.parts import Add, Edit, edited, newest
from app.register.prepare import Draft, draft, lay_out, others, prepare, read_change, refusal
from app.register.prepared import Layout
from app.register.reasons import plain_reason
from app.register.recognitions.rules import due_keys
from app.register.register import KIND
from app.register.rules import broken_by, broken_by_change
from app.store.records import NewVersion, Version

REGISTERED = VL.VerenigingGeregistreerd.value
CHANGED = VL.VerenigingGewijzigd.value
PERSONAL_CHANGED = VL.PersoonsgegevensGewijzigd.value
STOPPED = VL.VerenigingGestopt.value
REMOVED = VL.VerenigingVerwijderd.value
SHOWN = VL.VerenigingZichtbaarGemaakt.value
HIDDEN = VL.VerenigingOnzichtbaarGemaakt.value

FIRST_NUMBER = 1001


def register_association(command: RegisterAssociation, desk: Desk) -> Outcome:
    """Give a new association its code; what was registered from the very same document before is left as it is."""
    register = desk.register
    prepared = command.prepared or prepare(command.document, register.tools, desk.today, desk.agent.municipality)
    origin = desk.blind(prepared.origin)
    if known := [each for each in desk.transaction.find(ORIGIN, origin) if code_of(each) not in command.confirmed_not]:
        return _as_it_is(code_of(known[0]), desk)
    may_supply({}, prepared.reserved, desk)
    others_exist(prepared.others, desk)
    is_for_its_founder(command.document, prepared, desk)
    traits = desk.seal(prepared.traits)
    if decided := _decided_to_be(traits, origin, command, desk):
        return _as_it_is(decided, desk)
    code = f"V{desk.transaction.next_number(KIND, FIRST_NUMBER):07d}"
    layout = prepared.layout.stamped(code, desk.now())
    claims, keys, summary = standing(traits, origin, prepared.rights, stopped=prepared.stopped)
    version = desk.transaction.append(
        NewVersion(
            entity=desk.iri(code),
            kind=KIND,
            number=1,
            operation="create",
            activity=REGISTERED,
            actor=actor_of(desk, code),
            reason=desk.reason,
            public=layout.public if prepared.visible else None,
            internal=layout.internal if prepared.visible else merged(layout),
            feeds=feeds_of(desk, prepared.homes) if prepared.visible else (),
            claims=claims,
            keys=keys | due_keys(prepared.reserved, desk.today),
            summary=summary,
            personal=personal_changes({}, layout, desk.iri(code)),
        )
    )
    desk.tell_apart(code, command.confirmed_not)
    if command.confirmed_not:
        desk.transaction.put_state(confirmed_key(code), command.token)
    return Outcome.written(code, version)


def _as_it_is(code: str, desk: Desk) -> Outcome:
    version = desk.authentic(code)
    return Outcome.unchanged(code_of(version.entity), version)


def _decided_to_be(traits: Traits, origin: str, command: RegisterAssociation, desk: Desk) -> str | None:
    """The code of what somebody decided that this is; raises PossibleDuplicates for what nobody decided about."""
    try:
        no_duplicates(traits, desk, command.confirmed_not)
    except PossibleDuplicates:
        if decided := desk.transaction.get_state(decided_key(origin)):
            return decided
        raise
    return None


def change_association(command: ChangeAssociation, desk: Desk) -> Outcome:
    """Replace the supplied fields."""
    version = desk.workable(command.code)
    expect(command.expected_version, version)
    before = desk.document(version)
    supplied = {**command.document, **edited(before, command.edits)}
    planned = plan(desk, version, supplied, CHANGED, before=before, confirmed_not=command.confirmed_not)
    if planned is not None:
        for_its_grantor(before, planned.found.document, desk)
    return with_part(carry_out(planned, version, desk), planned, command.edits)


def stop_association(command: StopAssociation, desk: Desk) -> Outcome:
    """Set the end date; on a stopped association, another one."""
    version = desk.workable(command.code)
    expect(command.expected_version, version)
    document = desk.document(version)
    if document["verenigingstype"] in desk.register.tools.notions.with_personality and desk.agent.role != agents.KBO:
        raise Refused("De KBO bepaalt wanneer een vereniging met rechtspersoonlijkheid stopt.")
    return change(desk, version, {"einddatum": command.on.isoformat()}, STOPPED, before=document)


def show_association(command: ShowAssociation, desk: Desk) -> Outcome:
    """Nothing but the visibility changes, so nothing else is checked."""
    return change(desk, desk.workable(command.code), {"zichtbaarInLoket": True}, SHOWN, checked=False)


def hide_association(command: HideAssociation, desk: Desk) -> Outcome:
    """Nothing but the visibility changes, so nothing else is checked: hiding always works."""
    return change(desk, desk.workable(command.code), {"zichtbaarInLoket": False}, HIDDEN, checked=False)


def remove_association(command: RemoveAssociation, desk: Desk) -> Outcome:
    """Leave a tombstone, and what replaces it; the code is never given again."""
    version = desk.current(command.code)
    expect(command.expected_version, version)
    if not command.reason.strip():
        raise refusal((Problem("reden", "Geef de reden waarom de vereniging weg moet."),))
    if command.replaced_by == command.code:
        raise refusal((Problem("vervangenDoor", "Een vereniging vervangt zichzelf niet."),))
    if command.replaced_by:
        others_exist([("vervangenDoor", desk.iri(command.replaced_by))], desk)
    removed = desk.transaction.append(
        NewVersion(
            entity=version.entity,
            kind=KIND,
            number=version.number + 1,
            operation="delete",
            activity=REMOVED,
            actor=desk.agent.iri,
            reason=plain_reason(command.reason),
            public=None,
            internal=b"",
            replaced_by=desk.iri(command.replaced_by) if command.replaced_by else version.replaced_by,
        )
    )
    return Outcome.written(command.code, removed)


@dataclass(frozen=True)
class Planned:
    """A change that has passed every check and only has to be written."""

    version: Version
    found: Draft = field(repr=False)
    old: Layout = field(repr=False)
    activity: str


def change(desk: Desk, version: Version, supplied: Document, activity: str, **how: Any) -> Outcome:
    """The one road of every change: plan it, and write it unless it changes nothing."""
    return carry_out(plan(desk, version, supplied, activity, **how), version, desk)


def plan(
    desk: Desk,
    version: Version,
    supplied: Document,
    activity: str,
    *,
    before: Document | None = None,
    confirmed_not: tuple[str, ...] = (),
    checked: bool = True,
    links: Document | None = None,
) -> Planned | None:
    """Draft, compare, check; None when nothing would change. `links` are those that the register itself writes.

    Raises Refused or PossibleDuplicates. What changes several associations plans all before it writes any.
    """
    tools, code = desk.register.tools, code_of(version.entity)
    before = before or desk.document(version)
    read, problems = read_change(before, supplied, tools, links)
    stamps = {"version": before["versie"], "time": before["datumLaatsteAanpassing"]}
    # An association without an address stays where it was taken to be.
    taken_for = next(iter(desk.traits_of(version.entity).areas), None)
    found = draft(
        read, tools, desk.today, problems=problems, previous=before, code=code, municipality=taken_for, **stamps
    )
    old = lay_out(before, tools.type)
    if found.layout == old:
        return None
    if checked:
        _check_change(desk, before, found, confirmed_not, version)
    return Planned(version, found, old, activity)


def carry_out(planned: Planned | None, version: Version, desk: Desk) -> Outcome:
    """Write what was planned about the association of this version."""
    if planned is None:
        return Outcome.unchanged(code_of(version.entity), version)
    found, old, layout, activity = planned.found, planned.old, planned.found.layout, planned.activity
    if activity == CHANGED and (layout.public, layout.internal) == (old.public, old.internal):
        activity = PERSONAL_CHANGED
    if layout.public != old.public:
        stamped = {**found.document, "versie": version.number + 1, "datumLaatsteAanpassing": desk.now()}
        layout = lay_out(stamped, desk.register.tools.type)
    double_of = found.document.get("isDubbelVan")
    visible = found.document["zichtbaarInLoket"] and not double_of
    ended = bool(double_of) or "einddatum" in found.document
    claims, keys, summary = standing(
        desk.seal(found.traits), desk.origin_of(version.entity), found.rights, stopped=ended
    )
    appended = desk.transaction.append(
        NewVersion(
            entity=version.entity,
            kind=KIND,
            number=version.number + 1,
            operation="update",
            activity=activity,
            actor=desk.agent.iri,
            reason=desk.reason,
            public=layout.public if visible else None,
            internal=layout.internal if visible else merged(layout),
            feeds=feeds_of(desk, found.homes) if visible else (),
            claims=claims,
            keys=keys | due_keys(found.document, desk.today),
            summary=summary,
            replaced_by=double_of,
            personal=personal_changes(dict_of(old), layout, version.entity),
        )
    )
    return Outcome.written(code_of(version.entity), appended)


def _check_change(desk: Desk, before: Document, found: Draft, confirmed_not: tuple[str, ...], version: Version) -> None:
    notions = desk.register.tools.notions
    problems = [*found.problems, *broken_by_change(before, found.document, notions)]
    problems += broken_by(desk.agent, before, found.document, notions)
    if problems:
        raise refusal(tuple(problems))
    known = {iri for _, iri in others(before)}
    others_exist([(path, iri) for path, iri in others(found.document) if iri not in known], desk)
    no_new_duplicates(desk.seal(found.traits), desk, confirmed_not, version.entity)


def expect(wanted: int | None, version: Version) -> None:
    """Raise Stale when the asker saw another version than this."""
    if wanted is not None and wanted != version.number:
        raise Stale("Iemand anders heeft deze vereniging intussen gewijzigd.")


def with_part(outcome: Outcome, planned: Planned | None, edits: Sequence[Edit]) -> Outcome:
    """The outcome with the number of the part that the last edit added."""
    if planned is None or not edits or not isinstance(edits[-1], Add):
        return outcome
    return replace(outcome, part=newest(planned.found.document, edits[-1].term))


def dict_of(layout: Layout) -> dict[str, dict[str, str]]:
    """The personal values of a layout, to be changed."""
    return {node: dict(values) for node, values in layout.personal.items()}
