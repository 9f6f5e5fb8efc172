"""Holds a page with decisions against its profile: what is missing for which maturity level, and where.

    report = check_page(page, profiles)
    report.level            # 0 to 3
    report.findings         # what is in the way, with the line in the page and an example of how to write it

It reports and refuses nothing: no page that municipalities publish today conforms. The levels are those of the Agency
for Home Affairs; a level needs that every property of it is right, that every class with such a property occurs, and
that each optional one is used somewhere. Level 2 needs besides that people in office are those of data.lblod.info.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.exchange.publication.profile import Part, Profile, Property, profile_of
from app.exchange.publication.votes import Miscount, miscounts
from app.exchange.publication.wording import capital, wording
from app.exchange.rdfa.notes import Note
from app.exchange.rdfa.reading import Page
from app.model.graph import IRI, Graph, Literal, Subject, Term
from app.model.shacl.core import Result, validate
from app.model.terms import BESLUIT, FOAF, RDF

OFFICE = ("http://data.lblod.info/id/mandatarissen/", "http://data.lblod.info/id/functionarissen/")
LEVELS = (1, 2, 3)
SHOWN = 20
# What the shapes ask of a value's class; nobody can tell it of a value that the page only refers to.
OF_CLASS = ("ClassConstraintComponent", "OrConstraintComponent")
Resolver = Callable[[str], bool]


class Kind(StrEnum):
    """What can be wrong."""

    ABSENT = "ontbreekt"
    TOO_MANY = "te-veel"
    WRONG = "fout"
    NOWHERE = "nergens"
    NO_PART = "geen-onderdeel"
    OFFICIAL = "mandataris"
    COUNT = "telling"


@dataclass(frozen=True)
class Finding:
    """One thing to mend, for all the places where it is so; `level` is the lowest that it stands in the way of."""

    kind: Kind
    part: str
    property: str
    message: str
    level: int | None
    bonus: bool = False
    example: str = ""
    places: tuple[tuple[str, int | None], ...] = ()
    count: int = 1


@dataclass(frozen=True)
class Tally:
    """How often a kind of thing occurs."""

    part: str
    count: int


@dataclass(frozen=True)
class Report:
    """What came of checking a page."""

    url: str
    profile: Profile
    level: int
    findings: tuple[Finding, ...]
    tallies: tuple[Tally, ...]
    notes: tuple[Note, ...]
    triples: int
    resolved: bool

    def at(self, level: int | None, *, bonus: bool = False) -> tuple[Finding, ...]:
        """What stands in the way of one level; None: what counts for none."""
        return tuple(one for one in self.findings if one.level == level and one.bonus is bonus)


def check_page(
    page: Page, profiles: Mapping[str, Profile], key: str | None = None, resolver: Resolver | None = None
) -> Report:
    """Hold a page against the profile with this key, or of the type that it says to be.

    With a `resolver`, that tells whether an IRI leads somewhere, level 2 needs that people in office are found there.
    """
    profile = (profiles.get(key) if key else None) or profile_of(page.graph, profiles)
    findings = [
        *_absent_parts(page.graph, profile),
        *_wrong(page, profile),
        *_nowhere(page.graph, profile),
        *_officials(page, profile, resolver),
        *_votes(page, profile),
    ]
    tallies = tuple(Tally(part.name, len(_members(page.graph, part.class_))) for part in profile.parts)
    ordered = tuple(sorted(findings, key=lambda one: (one.level or 9, one.bonus)))
    level = _level(ordered)
    return Report(page.url, profile, level, ordered, tallies, page.notes, len(page.graph), resolver is not None)


def _level(findings: Iterable[Finding]) -> int:
    """The highest level that nothing stands in the way of, nor of one below it."""
    hindered = {finding.level for finding in findings}
    return next((level - 1 for level in LEVELS if level in hindered), LEVELS[-1])


def _members(graph: Graph, class_: IRI) -> list[Subject]:
    return [subject for subject in graph.subjects() if class_ in graph.objects(subject, RDF.type)]


def _absent_parts(graph: Graph, profile: Profile) -> Iterator[Finding]:
    """A kind of thing that a level asks something of must be there."""
    for part in profile.parts:
        levels = [p.level for p in part.properties if p.level]
        if levels and not _members(graph, part.class_):
            message = f"Er staat geen {part.name} in de pagina."
            yield Finding(Kind.NO_PART, part.name, "", message, min(levels), example=f'typeof="{_short(part.class_)}"')


def _wrong(page: Page, profile: Profile) -> Iterator[Finding]:
    """What the shapes find: absent, too many, or not of the right kind."""
    properties = {p.shape: (part, p) for part in profile.parts for p in part.properties}
    found: dict[tuple[IRI, str], list[Result]] = defaultdict(list)
    for result in validate(profile.shapes, page.graph):
        if result.shape in properties and not _is_elsewhere(page.graph, result):
            found[result.shape, result.component].append(result)  # type: ignore[index]
    for (shape, component), results in found.items():
        part, one = properties[shape]
        kind = {"MinCount": Kind.ABSENT, "QualifiedMinCount": Kind.ABSENT, "MaxCount": Kind.TOO_MANY}.get(
            component.removesuffix("ConstraintComponent"), Kind.WRONG
        )
        places = [_place(page, result.focus, one, kind) for result in results]
        message = wording(component, part.name, one.name, profile.graph, shape)
        yield _finding(kind, part, one, message, places)


def _is_elsewhere(graph: Graph, result: Result) -> bool:
    """Whether a value's class is asked, of a value that the page says nothing about."""
    if result.component not in OF_CLASS or not isinstance(result.value, IRI):
        return False
    return not graph.objects(result.value, RDF.type)


def _place(page: Page, focus: Term, property: Property, kind: Kind) -> tuple[str, int | None]:
    if not isinstance(focus, IRI):
        return str(focus), None
    line = (
        None if kind is Kind.ABSENT else next(filter(None, (page.line(focus, path) for path in property.paths)), None)
    )
    return focus.value, line or page.line(focus)


def _finding(
    kind: Kind,
    part: Part,
    property: Property,
    message: str,
    places: Sequence[tuple[str, int | None]] = (),
    level: int | None = None,
) -> Finding:
    ordered = sorted(dict.fromkeys(places), key=lambda place: place[1] or 0)
    return Finding(
        kind=kind,
        part=part.name,
        property=property.name,
        message=message,
        level=level or property.level,
        bonus=property.bonus,
        example=property.example,
        places=tuple(ordered[:SHOWN]),
        count=max(1, len(ordered)),
    )


def _nowhere(graph: Graph, profile: Profile) -> Iterator[Finding]:
    """An optional property of a level must be used somewhere; one to another of its kind only if there is another."""
    for part in profile.parts:
        members = _members(graph, part.class_)
        for one in part.properties:
            if not one.level or one.required or one.may_be_nowhere or not members:
                continue
            if part.class_ in one.classes and len(members) < 2:
                continue
            if not any(graph.objects(member, path) for member in members for path in one.paths):
                yield _finding(Kind.NOWHERE, part, one, f"{capital(one.name)} staat nergens bij een {part.name}.")


def _officials(page: Page, profile: Profile, resolver: Resolver | None) -> Iterator[Finding]:
    """Level 2: people in office are referred to by their IRI at data.lblod.info, and are there."""
    which = ", een die er bestaat" if resolver else ""
    for part in profile.parts:
        for one in part.properties:
            if not one.is_of_officials:
                continue
            wrong = [
                (focus.value, page.line(focus, path))
                for focus in _members(page.graph, part.class_)
                for path in one.paths
                for value in page.graph.objects(focus, path)
                if isinstance(focus, IRI) and not _is_known(value, resolver)
            ]
            if wrong:
                message = f"{capital(one.name)}: verwijs naar de IRI van wie het is bij data.lblod.info{which}."
                yield _finding(Kind.OFFICIAL, part, one, message, wrong, level=2)


def _is_known(value: Term, resolver: Resolver | None) -> bool:
    if isinstance(value, Literal) or not isinstance(value, IRI) or not value.value.startswith(OFFICE):
        return False
    return resolver is None or resolver(value.value)


def _votes(page: Page, profile: Profile) -> Iterator[Finding]:
    """A vote names as many people as it counts."""
    properties = {path: (part, one) for part in profile.parts for one in part.properties for path in one.paths}
    wrong: dict[Miscount, list[tuple[str, int | None]]] = defaultdict(list)
    for vote, miscount in miscounts(page.graph):
        if miscount.property in properties:
            wrong[miscount].append((vote.value, page.line(vote, miscount.property)))
    for miscount, places in wrong.items():
        part, one = properties[miscount.property]
        message = f"Er staan {miscount.named} {one.name}, maar het aantal is {miscount.counted}."
        yield _finding(Kind.COUNT, part, one, message, places)


def _short(class_: IRI) -> str:
    """As people write it in a page."""
    return class_.value.replace(BESLUIT, "besluit:").replace(FOAF, "foaf:")
