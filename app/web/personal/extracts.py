"""The extract of one person as a page to print or to send: one file, readable without us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.model.wording import day
from app.register.register import Register
from app.web.pages import FILTERS, HERE
from app.web.personal.told import DEEDS, Teller, parts_of
from app.web.service import Publisher


def readable(document: Mapping[str, Any], register: Register, publisher: Publisher) -> bytes:
    """The extract as HTML, style included, so that it can be kept as a file."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= FILTERS
    teller = Teller(register, publisher)
    names = {each.iri.value: each.label for each in register.schema.processing.purposes}
    return (
        environment.get_template("uittreksel.html")
        .render(
            opgemaakt=document["opgemaakt"],
            verenigingen=[_association(each, register) for each in document["verenigingen"]],
            verwerkingen=document["verwerkingen"],
            raadplegingen=[_access(each, teller, names) for each in document["raadplegingen"]],
            contact=publisher.contact,
        )
        .encode()
    )


def _association(document: Mapping[str, Any], register: Register) -> dict[str, Any]:
    code = document["@id"].rpartition("/")[2]
    ended = document.get("einddatum")
    removed = "naam" not in document
    return {
        "code": code,
        "naam": document.get("naam", "Een verwijderde vereniging"),
        "einde": "Uit het register verwijderd." if removed else f"Gestopt op {day(ended)}." if ended else "",
        "delen": list(parts_of(document, register.tools.type)),
    }


def _access(access: Mapping[str, Any], teller: Teller, names: Mapping[str, str]) -> dict[str, str]:
    behalf = f", in opdracht van {teller.name(access['namens'])}" if "namens" in access else ""
    fields = "; ".join(f"{part}: {terms}" if terms else part for part, terms in teller.fields(access["velden"]))
    return {
        "tijdstip": access["tijdstip"],
        "wie": teller.name(access["door"]) + behalf,
        "wat": DEEDS.get(access["wat"], access["wat"]),
        "velden": fields,
        "doel": names.get(access["doel"], access["doel"]),
    }
