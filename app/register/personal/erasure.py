"""Taking personal values away for good: of one person, of one association, and of all that is kept long enough.

    about = of_person(document, insz, register)                       # which nodes are that person's, which stay
    handle(ErasePersonalData("V0001001", insz), agent, register)      # a version that says so, and nothing in the vault

What an erasure leaves behind is a document that can go on: a representative, an account or a personal contact detail
goes as a whole, of a home address postcode and municipality stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.errors import Unknown
from app.model.documents import to_document
from app.model.fields import Document, EntityType, Field, NodeType, Secrecy
from app.model.graph import from_ntriples
from app.model.processing import RIGHTS
from app.model.terms import VL
from app.register.associations import change
from app.register.commands import Outcome
from app.register.derive import bears_name
from app.register.desk import Desk
from app.register.doubles.names import fold
from app.register.personal.commands import ErasePersonalData
from app.register.personal.people import use_by
from app.register.register import Register
from app.store.records import NewVersion, Version
from app.store.vault import Personal, fields_of

ERASED = VL.PersoonsgegevensGewist.value
END = b"<http://schema.org/dissolutionDate>"


@dataclass(frozen=True)
class Share:
    """Which nodes with personal values are to go, and which stay."""

    going: tuple[Personal, ...] = field(repr=False)
    staying: tuple[Personal, ...] = field(repr=False)

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes of which the values go."""
        return frozenset(one.node for one in self.going)

    @property
    def told(self) -> tuple[str, str]:
        """The fields that go and those that stay, as the log of accesses has them: no values."""
        return fields_of(self.going), fields_of(self.staying)


def erase_personal_data(command: ErasePersonalData, desk: Desk) -> Outcome:
    """Take the values out of the vault and the nodes out of the document; nothing to erase changes nothing."""
    version = desk.transaction.latest(desk.iri(command.code))
    if version is None:
        raise Unknown("Deze vereniging staat niet in het register.")
    kept = desk.kept(version)
    share = _share(kept, command)
    if not share.going:
        return Outcome.unchanged(command.code, version)
    desk.transaction.erase(version.entity, use_by(desk.agent, RIGHTS, desk.reason), share.going)
    if version.operation == "delete":
        outcome = _say_so(version, command.code, desk)
    else:
        document = desk.whole(version, kept)
        left = without(document, desk.register.tools.type, share.nodes)
        outcome = change(desk, version, left, ERASED, before=document, checked=False)
    # The line of a home address without street and number is derived anew: it says no more than everybody may know.
    desk.transaction.keep([Personal(one.node, version.entity, None) for one in share.going])
    return outcome


def _share(kept: tuple[Personal, ...], command: ErasePersonalData) -> Share:
    if command.insz:
        return of_person(kept, command.insz)
    if not command.nodes:
        return Share(kept, ())
    named = tuple(one for one in kept if one.node.rpartition("#")[2] in command.nodes)
    return Share(named, tuple(one for one in kept if one not in named))


def of_person(kept: Iterable[Personal], insz: str) -> Share:
    """The nodes of one person: who has that number, and the accounts and contact details that bear their name.

    A home address stays, unless this is the only person: it does not say whose it is.
    """
    kept = tuple(kept)
    people = [one for one in kept if (one.values or {}).get("insz")]
    own = [one for one in people if (one.values or {})["insz"] == insz]
    alone = bool(own) and len(own) == len(people)
    going = [one for one in kept if one in own or any(_shares(one, each, alone) for each in own)]
    return Share(tuple(going), tuple(one for one in kept if one not in going))


def _shares(one: Personal, person: Personal, alone: bool) -> bool:
    values, own = one.values or {}, person.values or {}
    if "insz" in values:
        return False
    if "adresvoorstelling" in values:
        return alone
    theirs = {own[term] for term in ("email", "telefoon", "mobiel") if own.get(term)}
    if theirs & {values.get("email"), values.get("telefoon")}:
        return True
    holder, names = fold(values.get("titularis", "")), [fold(own.get(term, "")) for term in ("voornaam", "achternaam")]
    named = bool(holder) and all(name and name in holder for name in names)
    return named or bears_name(values.get("email", ""), own)


def without(document: Document, type: NodeType, nodes: frozenset[str]) -> Document:
    """The fields that change when these nodes lose their personal values, as they are to stand."""
    return {
        each.term: left
        for each in type.fields
        if each.node is not None
        and each.term in document
        and (left := _left(document[each.term], each, nodes)) != document[each.term]
    }


def _left(value: Any, field: Field, nodes: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [left for node in value if (left := _left(node, field, nodes)) is not None]
    assert field.node is not None
    gone = value.get("@id") in nodes
    if gone and (field.internal_if or any(each.secrecy is Secrecy.PERSONAL for each in field.node.fields)):
        return None
    own = {each.term for each in field.node.fields if each.personal_if} if gone else set()
    return {**{t: v for t, v in value.items() if t not in own}, **without(value, field.node, nodes)}


def expired(register: Register, today: date) -> Iterator[str]:
    """The codes of the associations of which the vault still holds values, so long after the end that these must go."""
    last = (today - timedelta(days=register.schema.processing.days)).isoformat()
    type, held = register.tools.type, frozenset(register.log.vault.entities())
    after = ""
    while versions := register.log.entities(type.key, after):
        for version in versions:
            after = version.entity.removeprefix(type.iri_start)
            if version.entity in held and (ended := end_of(version, type)) and ended <= last:
                yield after


def end_of(version: Version, type: EntityType) -> str | None:
    """The day on which an association ended, was removed or became a double of another; None while it lives."""
    if version.operation == "delete" or version.replaced_by:
        return version.time[:10]
    triples = (version.public or b"") + version.internal
    if END not in triples:
        return None
    found: Mapping[str, Any] = to_document(from_ntriples(triples), type, version.entity)
    return found.get("einddatum")


def _say_so(version: Version, code: str, desk: Desk) -> Outcome:
    """Of what was removed before: it stays removed, and its history says that the personal values went."""
    appended = desk.transaction.append(
        NewVersion(
            entity=version.entity,
            kind=version.kind,
            number=version.number + 1,
            operation="delete",
            activity=ERASED,
            actor=desk.agent.iri,
            reason=desk.reason,
            public=None,
            internal=version.internal,
            replaced_by=version.replaced_by,
        )
    )
    return Outcome.written(code, appended)
