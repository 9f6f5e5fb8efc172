"""What happens to an entity that comes as a document: created, changed, archived; or nothing changes.

How to add a type. Write its node in `ontology/catalogue.ttl`, its shape in `shapes/`, its context in
`ontology/context/` and its query in `queries/entity/`: then `handle(Create("besluit", document), agent, register)`
checks and keeps it, and its page, data, history, feed, views, dump, JSON-LD and SPARQL are there. A field with several
languages has `@container: @language` in the context and `sh:languageIn` in the shape. Parts get IRIs of their own
(`…#voorwaarde-2`), so no blank node ever comes in, and stand in the order of their `sh:order`. A type whose IRIs are
not ours says how they begin (`vl:iriBegin`): a concept keeps the IRI that IPDC gave it, its code is the last part of
that, and `/doc/concept/{code}` is our document about it. Where things come from many places, give them a code and an
IRI of ours, and keep theirs as `owl:sameAs`. Only rules are written in Python: what follows from the document, what
must not be, who may, where it is found; put these in a `Conduct` and list that in `conducts.CONDUCTS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.errors import Conflict, Problem, Unknown
from app.model.documents import number_nodes
from app.model.fields import Document, EntityType
from app.model.shapes import check_personal
from app.model.terms import PAV
from app.register.canonical import Reader
from app.register.commands import Archive, Change, Create, Outcome
from app.register.conduct import Case, Rule
from app.register.conducts import conduct_of
from app.register.desk import Desk, merged, personal_changes
from app.register.prepare import graphs_of, lay_out, refusal, told
from app.register.prepared import Layout
from app.register.stamps import first_stamps, is_ours, stamp, stamps_in, term_of, unstamped
from app.store.records import NewVersion, Operation, Version

FIRST_NUMBER = 1001
MOST_QUIET = 50


@dataclass(frozen=True)
class Draft:
    """A whole document as it would stand, and all that is wrong with it."""

    document: Document = field(repr=False)
    layout: Layout = field(repr=False)
    problems: tuple[Problem, ...]


def create_entity(command: Create, desk: Desk) -> Outcome:
    """Bring in a new one; raises Conflict when its code is taken, Refused with all that is wrong."""
    type = type_of(command.kind, desk)
    code = command.code or next_code(type, desk)
    before = desk.transaction.latest(type.iri(code))
    if before is not None and before.operation != "delete":
        raise Conflict(f"De {type.label.lower()} met code {code} bestaat al.")
    number = before.number + 1 if before else 1
    activity = command.activity or ""
    draft = _draft(command.document, type, code, None, number, desk, incoming=command.incoming, activity=activity)
    conduct = conduct_of(type.key)
    return _append(desk, type, code, number, "create", command.activity or conduct.created, draft, {})


def change_entity(command: Change, desk: Desk) -> Outcome:
    """Replace what was supplied; answers without a sequence when that changes nothing."""
    type = type_of(command.kind, desk)
    version = current(type, command.code, desk)
    as_expected(type, version, _undisturbed(version, command.expected_version, desk))
    before = desk.document(version)
    supplied = command.document if command.whole else {**before, **command.document}
    stamped = {**supplied, **stamps_in(type, before)}
    incoming = command.incoming
    # What it says of its version, which lags behind where only internal fields changed since.
    said = before.get(term_of(type, PAV.version), version.number)
    still = _draft(stamped, type, command.code, before, said, desk, check=False, incoming=incoming)
    old = lay_out(before, type)
    if still.layout == old:
        return Outcome.unchanged(command.code, version)
    own = command.document if command.whole else {**unstamped(type, before), **command.document}
    if still.layout.public == old.public:
        own = {**own, **stamps_in(type, before)}
    shown = said if still.layout.public == old.public else version.number + 1
    own = {**first_stamps(type, before), **own}
    draft = _draft(own, type, command.code, before, shown, desk, incoming=incoming, activity=command.activity or "")
    activity = command.activity or conduct_of(type.key).changed
    return _append(desk, type, command.code, version.number + 1, "update", activity, draft, dict(old.personal))


def check_entity(command: Create | Change, desk: Desk) -> None:
    """Raise Refused with all that is wrong with a whole document, and write nothing."""
    type, activity = type_of(command.kind, desk), command.activity or ""
    if isinstance(command, Create):
        code = command.code or f"{type.code_start}{0:07d}"
        _draft(command.document, type, code, None, 1, desk, activity=activity)
        return
    version = current(type, command.code, desk)
    as_expected(type, version, _undisturbed(version, command.expected_version, desk))
    before = desk.document(version)
    document = {**first_stamps(type, before), **command.document}
    _draft(document, type, command.code, before, version.number + 1, desk, activity=activity)


def mark_entity(type: EntityType, code: str, marks: Document, activity: str, desk: Desk) -> Outcome:
    """Set internal fields of an entity, and check nothing else: also of what could not be brought in any more today."""
    version = current(type, code, desk)
    before = desk.document(version)
    marked = {**before, **marks, **stamps_in(type, before)}
    number = before[term_of(type, PAV.version)]
    draft = _draft(marked, type, code, before, number, desk, check=False, incoming=True)
    old = lay_out(before, type)
    if draft.layout == old:
        return Outcome.unchanged(code, version)
    return _append(desk, type, code, version.number + 1, "update", activity, draft, dict(old.personal))


def restore_entity(type: EntityType, code: str, document: Document, activity: str, desk: Desk) -> Outcome:
    """Put back what stood before, parts under their IRIs, and check nothing: also of what was archived."""
    latest = desk.transaction.latest(type.iri(code))
    if latest is None:
        raise Unknown(f"De {type.label.lower()} met code {code} staat niet in het register.")
    conduct_of(type.key).allow(Case(type, document, None, desk))
    number = latest.number + 1
    draft = _draft(unstamped(type, document), type, code, document, number, desk, check=False, incoming=True)
    return _append(desk, type, code, number, "create" if latest.ended else "update", activity, draft, {})


def archive_entity(command: Archive, desk: Desk) -> Outcome:
    """Leave a tombstone."""
    type = type_of(command.kind, desk)
    version = current(type, command.code, desk)
    as_expected(type, version, command.expected_version)
    before = desk.document(version)
    conduct = conduct_of(type.key)
    conduct.allow(Case(type, before, before, desk))
    gone = personal_changes(
        {node: dict(v) for node, v in lay_out(before, type).personal.items()}, EMPTY, version.entity
    )
    archived = desk.transaction.append(
        NewVersion(
            entity=version.entity,
            kind=type.key,
            number=version.number + 1,
            operation="delete",
            activity=conduct.archived,
            actor=desk.agent.iri,
            reason=desk.reason,
            public=None,
            internal=b"",
            replaced_by=command.replaced_by,
            personal=gone,
        )
    )
    return Outcome.written(command.code, archived)


def type_of(kind: str, desk: Desk) -> EntityType:
    """The type with this key; raises Unknown."""
    type = desk.register.schema.entity_types.get(kind)
    if type is None:
        raise Unknown("Dit soort gegevens kennen we niet.")
    return type


def current(type: EntityType, code: str, desk: Desk) -> Version:
    """The latest version of an entity that is there; raises Unknown or Gone."""
    return desk.standing_at(type.iri(code), f"De {type.label.lower()} met code {code}")


EMPTY = Layout(b"", b"", {})


def _draft(
    supplied: Document,
    type: EntityType,
    code: str,
    before: Document | None,
    number: int,
    desk: Desk,
    check: bool = True,
    incoming: bool = False,
    activity: str = "",
) -> Draft:
    """The document in its canonical form, completed, numbered, stamped, and checked against shape and rules."""
    conduct = conduct_of(type.key)
    reader = Reader(desk.register.tools.plan_of(type.key, conduct.trusting, incoming))
    read = reader.read({term: value for term, value in supplied.items() if not is_ours(type, term)})
    conduct.derive(read, desk)
    stamp(read, type, code, number, desk.now())
    document = number_nodes(read, type, type.iri(code), before)
    public, internal, personal = graphs_of(document, type)
    layout = Layout(public.ntriples(), internal.ntriples(), personal)
    if not check:
        return Draft(document, layout, ())
    case = Case(type, document, before, desk, activity)
    conduct.allow(case)
    checker = desk.register.tools.checker_of(type.key, conduct.trusting or incoming)
    problems = [
        *reader.problems,
        *check_personal(document, type),
        *checker.check(public | internal, document["@id"], document),
        *_broken(conduct.rules_for(incoming), case),
    ]
    if problems:
        raise refusal(told(problems))
    return Draft(document, layout, ())


def _broken(rules: Iterable[Rule], case: Case) -> Iterable[Problem]:
    return (problem for rule in rules for problem in rule(case))


def _append(
    desk: Desk,
    type: EntityType,
    code: str,
    number: int,
    operation: Operation,
    activity: str,
    draft: Draft,
    personal: dict[str, Any],
) -> Outcome:
    conduct = conduct_of(type.key)
    visible = conduct.visible(draft.document)
    standing = conduct.standing(draft.document, desk)
    feeds = (type.feed, *(f"{type.feed}/{view}" for view in standing.views))
    known = {node: dict(values) for node, values in personal.items()}
    version = desk.transaction.append(
        NewVersion(
            entity=type.iri(code),
            kind=type.key,
            number=number,
            operation=operation,
            activity=activity,
            actor=desk.agent.iri,
            reason=desk.reason,
            public=draft.layout.public if visible else None,
            internal=draft.layout.internal if visible else merged(draft.layout),
            feeds=feeds if visible else (),
            claims=standing.claims,
            keys=standing.keys,
            summary=standing.summary,
            personal=personal_changes(known, draft.layout, type.iri(code)),
        )
    )
    return Outcome.written(code, version)


# --- Codes, versions and times ----------------------------------------------------------------------------------------


def next_code(type: EntityType, desk: Desk) -> str:
    """The next code that we give to a thing of this type; raises Unknown where others give them."""
    if not type.code_start:
        raise Unknown(f"Een {type.label.lower()} heeft een code van buiten dit register nodig.")
    return f"{type.code_start}{desk.transaction.next_number(type.key, FIRST_NUMBER):07d}"


def as_expected(type: EntityType, version: Version, expected: int | None) -> None:
    """Raise Conflict when somebody else came first."""
    if expected is not None and expected != version.number:
        raise Conflict(f"Iemand anders heeft deze {type.label.lower()} intussen gewijzigd.")


def _undisturbed(version: Version, expected: int | None, desk: Desk) -> int | None:
    """What the asker expected, or the version that stands when since then only quiet things were noted."""
    if expected is None or not version.number - MOST_QUIET < expected < version.number:
        return expected
    quiet = conduct_of(version.kind).quiet
    since = (desk.register.log.version(version.entity, each) for each in range(expected + 1, version.number + 1))
    return version.number if all(each is not None and each.activity in quiet for each in since) else expected
