"""A product that somebody is about to publish, compared with the registers that are connected."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request

from app.errors import LoketError, Problem, Refused
from app.exchange.products.checks import ProductChecks
from app.web.products.form import Written
from app.web.service import Service

WRONG = "Niet alle gegevens zijn goed ingevuld."


def compared(request: Request, written: Written) -> tuple[Written, tuple[Problem, ...]]:
    """What was written, with what the registers know of it; and what they do not."""
    service: Service = request.app.state.service
    check = ProductChecks(service.addresses, service.organisations, service.codelists, service.register.today)
    before = written.own.document if written.own else written.draft.about if written.draft else None
    found = check(written.document, before)
    return replace(written, document=found.document), found.problems


def joined(error: object, problems: tuple[Problem, ...]) -> LoketError | None:
    """One error of what the register refuses and what other registers do not know; None when all is well."""
    if isinstance(error, Refused):
        return Refused(error.title, [*error.problems, *problems])
    if isinstance(error, LoketError):
        return error
    return Refused(WRONG, list(problems)) if problems else None
