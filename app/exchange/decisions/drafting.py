"""The first text of a decision: its template filled with what the register knows; what it does not know stays open.

    document = draft_from(template, Choices("V0001001", amount="1.250"), register, agent)

The templates are data (`ontology/codelists/besluitsjablonen.ttl`), in Jinja within a sandbox. Only what is public of an
association comes into a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import ChainableUndefined
from jinja2 import Template as JinjaTemplate
from jinja2.sandbox import SandboxedEnvironment

from app.errors import Problem, Refused
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.model.identifiers import validate_v_code
from app.model.languages import text_of
from app.model.wording import day
from app.register.agents import Agent
from app.register.decisions.drafts import BLANK
from app.register.decisions.templates import Template
from app.register.recognitions.recognising import name_of
from app.register.register import Register

NOT_THERE = "Deze vereniging staat niet in het register."


class Open(ChainableUndefined):
    """What is not known stays open in the text, for somebody to fill in."""

    def __str__(self) -> str:
        return BLANK


ENVIRONMENT = SandboxedEnvironment(undefined=Open, autoescape=False)


@dataclass(frozen=True)
class Choices:
    """What a clerk says before the text is made: all of it may be empty. The dates are in ISO 8601.

    `what` says what it is for where no product of the administration does.
    """

    association: str = ""
    product: str = ""
    number: str = ""
    amount: str = ""
    start: str = ""
    end: str = ""
    session: str = ""
    what: str = ""


def draft_from(template: Template, chosen: Choices, register: Register, agent: Agent) -> Document:
    """The document of a draft; raises Refused when the association is not in the register."""
    association = _association(chosen.association, register) if chosen.association else None
    product = _public(chosen.product, register) if chosen.product else None
    values = _values(chosen, association, product, register, agent)
    document = {
        "sjabloon": template.iri,
        "vereniging": association and association["@id"],
        "product": chosen.product,
        "productnummer": chosen.number or (product or {}).get("productnummer"),
        "bedrag": chosen.amount,
        "begindatum": chosen.start,
        "einddatum": chosen.end,
        "zitting": chosen.session,
        "citeert": list(template.grounds),
        "openbaar": False,
        **{term: _filled(text, values) for term, text in template.texts.items()},
        "artikelen": [
            {"naam": _filled(each.title, values), "inhoud": _filled(each.text, values), "volgorde": place}
            for place, each in enumerate(template.articles, 1)
        ],
    }
    return {term: value for term, value in document.items() if value not in (None, "", [])}


def _filled(text: str, values: Mapping[str, Any]) -> str:
    return _compiled(text).render(values).strip()


@lru_cache(maxsize=200)
def _compiled(text: str) -> JinjaTemplate:
    """There are only so many templates, each used for every draft."""
    return ENVIRONMENT.from_string(text)


def _values(
    chosen: Choices, association: Document | None, product: Document | None, register: Register, agent: Agent
) -> dict[str, Any]:
    """What the templates speak of; what is empty is not there, so that it stays open."""
    session = _public(chosen.session, register) if chosen.session else None
    found = {
        "vereniging": _of_association(association, register) if association else None,
        "product": text_of(product.get("naam")) if product else chosen.what,
        "gemeente": name_of(agent, register),
        "orgaan": (session or {}).get("orgaan", {}).get("naam"),
        "bedrag": chosen.amount,
        "van": day(chosen.start) if chosen.start else None,
        "tot": day(chosen.end) if chosen.end else None,
    }
    return {name: value for name, value in found.items() if value}


def _of_association(association: Document, register: Register) -> dict[str, str]:
    form = register.codelists.concept(association.get("verenigingstype", ""))
    places = [each.get("adres", {}).get("adresvoorstelling", "") for each in _seat_first(association)]
    found = {
        "naam": association.get("naam", ""),
        "code": association.get("vCode", ""),
        "rechtsvorm": form.label if form else "",
        "zetel": next(filter(None, places), ""),
    }
    return {name: value for name, value in found.items() if value}


def _seat_first(association: Document) -> list[Document]:
    primary = association.get("primaireLocatie")
    return sorted(association.get("locaties", ()), key=lambda each: each.get("@id") != primary)


def _association(code: str, register: Register) -> Document:
    try:
        found = _public(register.tools.type.iri(validate_v_code(code)), register)
    except ValueError as error:
        raise Refused("Niet alles is goed ingevuld.", [Problem("vereniging", str(error))]) from None
    if found is None:
        raise Refused("Niet alles is goed ingevuld.", [Problem("vereniging", NOT_THERE)])
    return found


def _public(iri: str, register: Register) -> Document | None:
    """What everybody may see of an entity; None when it is not there for everybody."""
    version = register.log.latest(iri)
    if version is None or version.operation == "delete" or version.public is None:
        return None
    return to_document(from_ntriples(version.public), register.schema.entity_types[version.kind], iri)
