"""Recognitions for the demonstration, as `fixtures/erkenningen.json` gives them: by municipality and activity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import orjson

from app.bootstrap.ambient import root
from app.cli.clerk import clerk
from app.errors import LoketError
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.register.commands import Outcome
from app.register.handle import handle, handle_all
from app.register.recognitions.commands import RegisterRecognition, SuspendRecognition
from app.register.register import Register

FILE = "erkenningen.json"


def recognise(register: Register) -> None:
    """Some associations are recognised by their municipality; of some the recognition ended, or is suspended."""
    for given in orjson.loads((root() / "fixtures" / FILE).read_bytes()):
        agent = clerk(given["gemeente"], register)
        codes = islice(_codes(given, register), given["bij"])
        commands = [RegisterRecognition(code, _document(given)) for code in codes]
        done = handle_all(commands, agent, register, "Besluit van het college")
        first = next(iter(done), None)
        if isinstance(first, Outcome) and first.part is not None and given.get("schorsing"):
            handle(SuspendRecognition(first.code, first.part, given["schorsing"]), agent, register)
        if wrong := next((each for each in done if isinstance(each, LoketError)), None):
            raise wrong


def _document(given: Mapping[str, Any]) -> dict[str, Any]:
    period = {term: given[key] for term, key in (("startdatum", "van"), ("einddatum", "tot")) if given.get(key)}
    renewal = {"hernieuwingsdatum": given["hernieuwen"]} if given.get("hernieuwen") else {}
    return {"ipdcProduct": given["product"], "geldigheidsperiode": period, **renewal}


def _codes(given: Mapping[str, Any], register: Register) -> Iterator[str]:
    """The associations that are at home there, only there, and do that."""
    codelists, type = register.codelists, register.tools.type
    activity, home = codelists.find("hoofdactiviteit", given["activiteit"]), codelists.municipality(given["gemeente"])
    assert activity is not None and home is not None
    for version in register.log.entities(type.key, limit=10_000):
        if activity.iri.encode() not in (version.public or b""):
            continue
        document = to_document(from_ntriples(version.public or b""), type, version.entity)
        if document.get("gemeente") == [home.iri] and activity.iri in document.get("hoofdactiviteiten", ()):
            yield document["vCode"]
