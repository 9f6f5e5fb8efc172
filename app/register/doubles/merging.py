"""What becomes of two documents that turn out to be about one association: pure, field by field.

    supplied = merged(ours, theirs, tools, {"naam": THEIRS, "contactgegevens": OURS})

Lists are united: whatever the other has and we lack comes over with a number of its own. A single value is ours, if we
have one. What can be there only once (a main address, the address for letters) stays ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Problem
from app.model.fields import Document, Field
from app.register.derive import DERIVED, LINKS
from app.register.doubles.names import fold
from app.register.notions import Notions
from app.register.prepare import refusal
from app.register.recognitions.rules import recognitions_overlap
from app.register.register import Tools
from app.register.rules import contact_key, memberships_overlap, same_location

OURS = "deze"
THEIRS = "andere"
BOTH = "beide"
# What the association that stays is, and nobody merges.
KEPT = DERIVED | LINKS | {"kboNummer", "verenigingstype", "verenigingssubtype", "zichtbaarInLoket", "einddatum"}

Same = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Difference:
    """A field that two documents do not have alike, with what can be chosen for it and what is without a choice."""

    field: Field
    ours: Any
    theirs: Any
    choices: tuple[str, ...]
    preset: str


def differences(ours: Document, theirs: Document, tools: Tools) -> Iterator[Difference]:
    """All that there is to choose, in the order of the shape."""
    for field in tools.type.fields:
        mine, other = ours.get(field.term), theirs.get(field.term)
        if field.term in KEPT or not other or _bare(mine) == _bare(other):
            continue
        if field.is_list:
            yield Difference(field, mine or [], other, (BOTH, OURS, THEIRS) if mine else (BOTH, OURS), BOTH)
        else:
            yield Difference(field, mine, other, (OURS, THEIRS), THEIRS if mine in (None, "") else OURS)


def merged(ours: Document, theirs: Document, tools: Tools, choices: Mapping[str, str]) -> Document:
    """The fields of ours that change; raises Refused naming a field for which there is no such choice."""
    found = {each.field.term: each for each in differences(ours, theirs, tools)}
    wrong = [term for term, choice in choices.items() if term in found and choice not in found[term].choices]
    wrong += [term for term in choices if term not in tools.type.by_term or term in KEPT]
    if wrong:
        raise refusal(tuple(Problem(term, "Dit kunt u niet kiezen.") for term in wrong))
    supplied = {}
    for term, difference in found.items():
        choice = choices.get(term, difference.preset)
        if choice != OURS:
            supplied[term] = _chosen(difference, choice, ours["@id"], theirs.get("@id", ""), tools.notions)
    return supplied


def _chosen(difference: Difference, choice: str, us: str, them: str, notions: Notions) -> Any:
    field = difference.field
    if not field.is_list:
        return _renumbered(difference.theirs)
    ours = [] if choice == THEIRS else [node for node in difference.ours if not _points_to(node, them)]
    theirs = [node for node in difference.theirs if not _points_to(node, us)]
    united = ours + [_renumbered(node) for node in _lacking(field.term, ours, theirs, notions)]
    if field.term == "werkingsgebieden" and len(united) > 1:
        united = [area for area in united if area != notions.not_applicable]
    return united[: field.max_count]


def _lacking(term: str, ours: list[Any], theirs: list[Any], notions: Notions) -> Iterator[Any]:
    same: Same = SAME.get(term, _alike)
    for node in theirs:
        if any(same(mine, node) for mine in ours) or (term == "locaties" and _is_single(node, ours, notions)):
            continue
        # What is primary among ours stays so; there is one at most.
        yield {**node, "isPrimair": False} if ours and isinstance(node, dict) and node.get("isPrimair") else node


def _is_single(location: Mapping[str, Any], ours: list[Any], notions: Notions) -> bool:
    """The seat is that of the enterprise register, and letters go to one address."""
    kind = location.get("locatietype")
    return kind == notions.seat or (kind == notions.correspondence and any(kind == o.get("locatietype") for o in ours))


def _points_to(node: Any, iri: str) -> bool:
    """Nobody is a member of itself, so of two that become one."""
    return bool(iri) and isinstance(node, dict) and node.get("andereVereniging") == iri


def _renumbered(node: Any) -> Any:
    """Without the numbers that it had where it came from."""
    if isinstance(node, dict):
        return {term: _renumbered(value) for term, value in node.items() if term != "@id"}
    return node


def _bare(value: Any) -> Any:
    """A value as it is compared: numbers of nodes and what is primary do not count."""
    if isinstance(value, list):
        return sorted(repr(_bare(item)) for item in value)
    if isinstance(value, dict):
        return {term: _bare(part) for term, part in sorted(value.items()) if term not in ("@id", "@type", "isPrimair")}
    return value


def _alike(mine: Any, other: Any) -> bool:
    return bool(_bare(mine) == _bare(other))


def _by(term: str) -> Same:
    return lambda mine, other: mine.get(term) == other.get(term)


def _same_contact(mine: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return contact_key({**mine, "beschrijving": ""}) == contact_key({**other, "beschrijving": ""})


def _same_place(mine: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The same kind of place at the same address, under the same name if both give one."""
    names = {fold(place.get("naam", "")) for place in (mine, other)} - {""}
    return len(names) < 2 and same_location({**mine, "naam": ""}, {**other, "naam": ""})


SAME: Mapping[str, Same] = {
    "locaties": _same_place,
    "contactgegevens": _same_contact,
    "lidmaatschappen": memberships_overlap,
    "erkenningen": recognitions_overlap,
    "vertegenwoordigers": _by("insz"),
    "bankrekeningnummers": _by("iban"),
}
