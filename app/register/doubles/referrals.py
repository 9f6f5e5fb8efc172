"""What waits for a decision, and what can be decided.

A referral is about a document that somebody brought in (a possible double, an unknown address), about two associations
in the register that may be one, about something of which another register says something else, or about a decision
that may concern an association or a product. It knows names,
codes and reasons only: a document waits in the vault.
A queue is a kind and the municipality whose clerks decide: `dubbel/44021`; `-` is for the administrators alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.errors import PossibleDuplicates, Problem, Refused
from app.model.fields import Document
from app.register.agents import Agent
from app.register.rights import Subject
from app.store.queues import Task

DUPLICATE = "dubbel"
ADDRESS = "adres"
PAIR = "paar"
CHECK = "controle"
LINK = "verband"
KINDS = (DUPLICATE, ADDRESS, PAIR, CHECK, LINK)
NOBODY = "-"
DECIDE = "DecideReferral"

Candidates = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Referral:
    """One thing to decide; `queue.document_of` gets the document, of a pair `code` is the one that was compared."""

    task: Task = field(repr=False)
    kind: str
    name: str
    municipality: str | None
    candidates: Candidates
    problems: tuple[Problem, ...]
    code: str = ""
    source: str = ""
    decided: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.task.done is None

    @property
    def subject(self) -> Subject:
        """What the right to decide depends on."""
        return Subject(home=self.municipality)


@dataclass(frozen=True)
class Same:
    """It is this association: of a document nothing is registered, of a pair the other becomes its double."""

    code: str


@dataclass(frozen=True)
class Different:
    """It is none of the candidates, nor of `seen`: a document is registered, a pair told apart."""

    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Corrected:
    """Register this instead."""

    document: Document = field(repr=False)


@dataclass(frozen=True)
class Merged:
    """It is this association, and what the other knows goes there, field by field as in `MergeAssociations`."""

    code: str
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Dropped:
    """It was a mistake: nothing is registered, and what was brought in goes away."""


Decision = Same | Different | Corrected | Merged | Dropped
WORDS: Mapping[type, str] = {
    Same: "dezelfde",
    Different: "een andere",
    Corrected: "verbeterd",
    Merged: "samengevoegd",
    Dropped: "niet geregistreerd",
}


def queue_of(kind: str, municipality: str | None) -> str:
    """The name of a queue."""
    return f"{kind}/{municipality or NOBODY}"


def about_document(document: Document, error: Refused, municipality: str | None, source: str) -> bytes:
    """The body of a task about a document that was refused with this error."""
    return _body(
        str(document.get("naam", "")),
        municipality,
        error.candidates if isinstance(error, PossibleDuplicates) else (),
        error.problems,
        bron=source,
    )


def about_pair(code: str, name: str, municipality: str | None, candidates: Candidates) -> bytes:
    """The body of a task about an association and those that may be the same."""
    return _body(name, municipality, candidates, (), code=code)


def referral_of(task: Task) -> Referral:
    """What a task is about."""
    body = orjson.loads(task.body)
    return Referral(
        task=task,
        kind=task.queue.partition("/")[0],
        name=body["naam"],
        municipality=body["gemeente"],
        candidates=tuple((code, tuple(reasons)) for code, reasons in body["kandidaten"]),
        problems=tuple(Problem(*problem) for problem in body["problemen"]),
        code=body.get("code", ""),
        source=body.get("bron", ""),
        decided=_decided(task.outcome),
    )


def outcome_text(decision: Decision, code: str, agent: Agent, reason: str) -> str:
    """What came of it, as kept with the task: what, who and why."""
    told = {"besluit": WORDS[type(decision)], "code": code, "door": agent.iri, "reden": reason}
    return orjson.dumps(told).decode()


def _body(name: str, municipality: str | None, candidates: Any, problems: Any, **more: str) -> bytes:
    body = {
        "naam": name,
        "gemeente": municipality,
        "kandidaten": candidates,
        "problemen": [(problem.path, problem.message) for problem in problems],
    }
    return orjson.dumps({**body, **{term: value for term, value in more.items() if value}})


def _decided(outcome: str | None) -> Mapping[str, str]:
    """Some tasks end without a decision: those are a sentence."""
    if not outcome:
        return {}
    try:
        told: Mapping[str, str] = orjson.loads(outcome)
    except orjson.JSONDecodeError:
        return {"besluit": outcome, "code": "", "door": "", "reden": ""}
    return told
