"""What could be better in what another system sent and answers for: it went in under the looser shape."""

from __future__ import annotations

from app.errors import Problem
from app.register.canonical import Reader
from app.register.conduct import Case
from app.register.conducts import conduct_of
from app.register.desk import Desk
from app.register.entities import current, type_of
from app.register.prepare import graphs_of, told


def hints_on(kind: str, code: str, desk: Desk) -> tuple[Problem, ...]:
    """What a person would be asked to set right in an entity before it could go in; raises Unknown or Gone."""
    type = type_of(kind, desk)
    version = current(type, code, desk)
    document = desk.open_document(version)
    reader = Reader(desk.register.tools.plan_of(kind))
    reader.read(document)
    public, internal, _ = graphs_of(document, type)
    wrong = desk.register.tools.checker_of(kind).check(public | internal, version.entity, document)
    case = Case(type, document, document, desk)
    broken = (problem for rule in conduct_of(kind).rules for problem in rule(case))
    return told([*reader.problems, *wrong, *broken])
