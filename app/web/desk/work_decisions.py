"""What a form or a JSON body decides: its fields as a decision of the register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from anyio import from_thread
from starlette.requests import Request

from app.errors import Problem, Refused
from app.model.fields import Document
from app.register.agents import Agent
from app.register.doubles.queue import open_document_of
from app.register.doubles.referrals import (
    PAIR,
    Corrected,
    Decision,
    Different,
    Dropped,
    Merged,
    Referral,
    Same,
)
from app.register.register import Register
from app.web.forms import form_of

CHOICE = "keuze."
ADDRESS_PARTS = ("straatnaam", "huisnummer", "busnummer", "postcode", "gemeente")
WHICH = "Kies met welke vereniging het dezelfde is."
WHAT = "Kies wat u beslist: dezelfde, samenvoegen, andere, verbeterd of niet."


def fields_of(request: Request) -> Mapping[str, Any]:
    """The fields of a form, or the members of a JSON object: `{"besluit": "dezelfde", "met": "V0001001"}`."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return form_of(request)
    try:
        told = orjson.loads(from_thread.run(request.body))
    except orjson.JSONDecodeError:
        raise Refused("Dit is geen JSON.") from None
    texts = ("besluit", "met", "reden", "blijft", "gezien")
    if not isinstance(told, dict) or not all(isinstance(told.get(name, ""), str) for name in texts):
        raise Refused("Geef een JSON-object met “besluit” als tekst.")
    keuzes = told.pop("keuzes", {})
    return {**told, **{f"{CHOICE}{term}": word for term, word in keuzes.items()}} if isinstance(keuzes, dict) else told


def decision_of(fields: Mapping[str, Any], referral: Referral, agent: Agent, register: Register) -> Decision:
    """Raises Refused when it is not clear what is decided."""
    decided, code = fields.get("besluit", ""), _code(fields, referral)
    if decided == "andere":
        return Different(tuple(str(fields.get("gezien", "")).split()))
    if decided == "niet":
        return Dropped()
    if decided == "verbeterd":
        return Corrected(_corrected(fields, referral, agent, register))
    if decided not in ("dezelfde", "samenvoegen"):
        raise Refused(WHAT, (Problem("besluit", WHAT),))
    if not code:
        raise Refused(WHICH, (Problem("met", WHICH),))
    choices = {name.removeprefix(CHOICE): str(word) for name, word in fields.items() if name.startswith(CHOICE)}
    return Same(code) if decided == "dezelfde" else Merged(code, choices)


def _code(fields: Mapping[str, Any], referral: Referral) -> str:
    """The association that stays: of a pair, the one that the form says."""
    code = fields.get("blijft" if referral.kind == PAIR else "met", "")
    return str(code or fields.get("met", "")).strip().upper()


def _corrected(fields: Mapping[str, Any], referral: Referral, agent: Agent, register: Register) -> Document:
    """The document with other addresses: what a form or JSON does not say of an address stays as it was."""
    document = open_document_of(referral, agent, register)
    locations = []
    for index, location in enumerate(document.get("locaties", ())):
        address = {**location.get("adres", {})}
        for part in ADDRESS_PARTS:
            name = f"locaties[{index}].adres.{part}"
            if name in fields:
                address[part] = str(fields[name])
        locations.append({**location, "adres": {part: value for part, value in address.items() if value}})
    return {**document, "locaties": locations}
