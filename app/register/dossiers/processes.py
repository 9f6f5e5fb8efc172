"""Processes: the steps through which an administration leads applications, as data that it edits itself.

    process = process_for(product, form, owner, look)       # its own, or one that ships
    process.step("onderzoek").next                          # ("aanvullen", "beslissing")

Which steps there are, who acts, within how many days, what others see of it and what the association is told: all of it
stands in the data. The program knows only six kinds of step, for what the pages show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.errors import Forbidden, Problem
from app.model.codelists import CodeLists
from app.model.fields import Document
from app.register import agents
from app.register.conduct import Case, Conduct, Standing, never
from app.register.desk import Desk
from app.register.recognitions.rules import grantor

KIND = "proces"
OWNER, SHARED, ALL = "proces-van", "proces-gedeeld", "ja"
START, HANDLING, COMPLETION, DECISION, END = "begin", "behandeling", "aanvulling", "beslissing", "einde"
BLANK = re.compile(r"\{\{\s*([a-z]+)\s*\}\}")
Look = Callable[[str], Document | None]
"""The document of an entity by its IRI."""


@dataclass(frozen=True)
class Step:
    """One step; `phase` and `status` are IRIs of concepts, `days` is 0 without a deadline."""

    key: str
    name: str
    kind: str
    what: str
    phase: str
    status: str
    department: str
    days: int
    next: tuple[str, ...]
    asks: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Process:
    """One process with its steps in order."""

    iri: str
    name: str
    what: str
    owner: str
    shared: bool
    forms: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def first(self) -> Step:
        """Where an application comes in."""
        return self.steps[0]

    def step(self, key: str) -> Step | None:
        """The step with this key; None when the process has changed since."""
        return next((each for each in self.steps if each.key == key), None)

    def after(self, key: str) -> tuple[Step, ...]:
        """The steps to which one goes from there, in the order of the process: any, when that step is no more."""
        step = self.step(key)
        return tuple(each for each in self.steps if step is None or each.key in step.next)

    def leading_to(self, statuses: Iterable[str], key: str) -> Step | None:
        """The step with one of these statuses: the nearest that can be reached from here, else any."""
        wanted = frozenset(statuses)
        return next((each for each in (*self.after(key), *self.steps) if each.status in wanted), None)


def read_process(document: Document, codelists: CodeLists) -> Process:
    """The process that a document says, also one that somebody is still writing."""
    document = _filled(document)
    return Process(
        iri=document.get("@id", ""),
        name=document.get("naam", ""),
        what=document.get("beschrijving", ""),
        owner=document.get("bestuur", ""),
        shared=document.get("gedeeld") is True,
        forms=tuple(document.get("vormen", ())),
        steps=tuple(_step(each, codelists) for each in document.get("stappen", ())),
    )


def _filled(node: Document) -> Document:
    return {term: value for term, value in node.items() if value is not None}


def _step(node: Document, codelists: CodeLists) -> Step:
    node = _filled(node)
    kind = codelists.concept(node.get("soort", ""), "stapsoort")
    return Step(
        key=node.get("sleutel", ""),
        name=node.get("naam", ""),
        kind=kind.notation if kind else HANDLING,
        what=node.get("uitleg", ""),
        phase=node.get("fase", ""),
        status=node.get("status", ""),
        department=node.get("dienst", ""),
        days=node.get("dagen", 0),
        next=tuple(node.get("volgende", ())),
        asks=tuple(node.get("vraagt", ())),
        message=node.get("bericht", ""),
    )


def process_for(
    product: Document, form: str, own: Iterable[Document], shipped: Mapping[str, Document], look: Look, lists: CodeLists
) -> Process:
    """What an application goes through: what the product names, else the owner's own for this form, else what ships."""
    named = product.get("aanvraagproces")
    document = (shipped.get(named) or look(named)) if named else None
    candidates = (each for each in (*own, *shipped.values()) if form in each.get("vormen", ()))
    found = document or next(candidates, None) or next(iter(shipped.values()))
    return read_process(found, lists)


def filled(template: str, values: Mapping[str, str]) -> str:
    """A message with what stands between braces filled in; what we do not know is left out.

    >>> filled("Beste {{ vereniging }}, {{ wie }}!", {"vereniging": "Chiro Elan"})
    'Beste Chiro Elan, !'
    """
    return BLANK.sub(lambda match: values.get(match[1], ""), template).strip()


# --- How processes behave ---------------------------------------------------------------------------------------------


def derive(document: Document, desk: Desk) -> None:
    """It is of the administration that makes it; steps stand in the order in which they come."""
    document.setdefault("bestuur", grantor(desk.agent))
    for place, node in enumerate(document.get("stappen", ()), 1):
        node["volgorde"] = place


def keys_are_of_one_step_each(case: Case) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, node in enumerate(case.document.get("stappen", ())):
        if node.get("sleutel") in seen:
            yield Problem(f"stappen[{index}].sleutel", "Een andere stap heeft deze sleutel al.")
        seen.add(node.get("sleutel", ""))


def steps_lead_to_steps(case: Case) -> Iterator[Problem]:
    nodes = case.document.get("stappen", ())
    keys = {node.get("sleutel") for node in nodes}
    for index, node in enumerate(nodes):
        path = f"stappen[{index}].volgende"
        for key in node.get("volgende", ()):
            if key not in keys:
                yield Problem(path, f"Er is geen stap met de sleutel {key}.")
        ends = _kind(node, case) == END
        if ends and node.get("volgende"):
            yield Problem(path, "Na een einde komt niets meer.")
        if not ends and not node.get("volgende"):
            yield Problem(path, "Zeg naar welke stap men van hier gaat, of maak er een einde van.")


def it_begins_and_ends(case: Case) -> Iterator[Problem]:
    nodes = case.document.get("stappen", ())
    if nodes and _kind(nodes[0], case) != START:
        yield Problem("stappen[0].soort", "De eerste stap is die waarin een aanvraag binnenkomt.")
    reached = _reached({node.get("sleutel", ""): node.get("volgende", ()) for node in nodes}, nodes)
    ends = {node.get("sleutel") for node in nodes if _kind(node, case) == END}
    if nodes and not reached & ends:
        yield Problem("stappen", "Vanaf de eerste stap moet men een einde kunnen bereiken.")
    for index, node in enumerate(nodes):
        if node.get("sleutel") not in reached:
            yield Problem(f"stappen[{index}].sleutel", "Geen enkele stap leidt hierheen.")


def _reached(ways: Mapping[str, Iterable[str]], nodes: Iterable[Document]) -> set[str]:
    found: set[str] = set()
    waiting = [node.get("sleutel", "") for node in nodes][:1]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += ways.get(key, ())
    return found


def _kind(node: Document, case: Case) -> str:
    concept = case.desk.register.codelists.concept(node.get("soort", ""), "stapsoort")
    return concept.notation if concept else ""


def standing(document: Document, _desk: Desk) -> Standing:
    """Found by whose it is, and by everybody when it is shared."""
    shared = {(SHARED, ALL)} if document.get("gedeeld") else set()
    return Standing(keys=frozenset({(OWNER, document["bestuur"]), *shared}))


def allow(case: Case) -> None:
    """An administration, and the vendor that works for it, keeps its own. Raises Forbidden."""
    agent = case.desk.agent
    for document in (case.before, case.document):
        if document is not None and agent.role != agents.SYSTEM and document.get("bestuur") != grantor(agent):
            raise Forbidden("Dit proces is van een ander bestuur. Maak er een kopie van om het te wijzigen.")


PROCESSES = Conduct(
    derive=derive,
    rules=(keys_are_of_one_step_each, steps_lead_to_steps, it_begins_and_ends),
    standing=standing,
    allow=allow,
    visible=never,
)
