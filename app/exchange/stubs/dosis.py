"""A stand-in for DOSIS: takes statuses, processes them beside, and fails at will.

    python -m app.cli stub dosis          # then serve with --dosis-url http://127.0.0.1:PORT

| request | what |
|---|---|
| POST /api/v2/dosis/dossiers | takes a status; 400 for what is none; asks for a bearer token |
| GET /api/v1/dosis/resultaten?bron=&dossierNummer= | what became of the statuses of a dossier |
| GET /api/v1/dosis/resultaten/fouten?bron= | what could not be processed: a code that it does not know |
| GET /api/v2/dosis/bronnen/uris, /api/v1/dosis/instellingen/validatie | the source, and the codes |
| DELETE /api/v1/dosis/dossiers?bron=&dossierNummer= | forget a dossier |
| GET /ontvangen | all that it took, in order |
| POST /fail, /notfail | see `faults` |

The form of its messages is the one that we assume: `ontology/berichten/dosis-v2.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from app.exchange.statuses.dosis import FAULTS, PUSH, RESULTS
from app.exchange.stubs.faults import Fault, Faults
from app.exchange.stubs.magda import StubAnswer

JSON = {"content-type": "application/json"}
DOSSIERS, SOURCES = "/api/v1/dosis/dossiers", "/api/v2/dosis/bronnen/uris"
VALIDATION = "/api/v1/dosis/instellingen/validatie"
PHASES = ("Samenstelling", "Behandeling", "Beslissing", "Beroep", "Uitvoering", "Afgerond")


@dataclass
class DosisStub:
    """Answers as DOSIS; `codes` are the statuses that it knows, `busy` leaves what it took unprocessed."""

    codes: frozenset[str]
    taken: list[dict[str, Any]] = field(default_factory=list)
    busy: bool = False
    faults: Faults = field(default_factory=Faults)

    def answer(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> StubAnswer:
        """The answer to one request."""
        parts = urlsplit(path)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if method == "POST" and (told := self.faults.told(parts.path, body)):
            return told
        fault = self.faults.find(parts.path, body)
        if fault and not fault.taken:
            return fault.answer(JSON)
        answer = (
            self._push(body, headers)
            if (method, parts.path) == ("POST", PUSH)
            else self._other(method, parts.path, asked)
        )
        return fault.answer(JSON) if fault else answer

    def _push(self, body: bytes, headers: Mapping[str, str]) -> StubAnswer:
        if not headers.get("authorization", "").startswith("Bearer "):
            return _refused(401, "Meld u aan.")
        try:
            told = orjson.loads(body)
            number, phase, code = told["Identificatie"]["Dossiernummer"], told["Status"]["Fase"], told["Status"]["Code"]
            right = bool(
                told["Identificatie"]["Bron"] and number and told["Naam"] and code and told["DatumModificatie"]
            )
        except (orjson.JSONDecodeError, KeyError, TypeError):
            right, phase = False, ""
        if not right or phase not in PHASES:
            return _refused(400, "Identificatie, Naam, DatumModificatie en een geldige Status zijn verplicht.")
        self.taken.append(told)
        return StubAnswer(200, b"{}", JSON)

    def _other(self, method: str, path: str, asked: Mapping[str, str]) -> StubAnswer:
        if method == "DELETE" and path == DOSSIERS:
            self.taken = [one for one in self.taken if not _is_of(one, asked)]
            return StubAnswer(204)
        found: Mapping[str, Any] = {
            RESULTS: {"resultaten": self._results(asked, wrong=None)},
            FAULTS: {"fouten": self._results(asked, wrong=True)},
            SOURCES: sorted({one["Identificatie"]["Bron"] for one in self.taken}),
            VALIDATION: {"fasen": list(PHASES), "codes": sorted(self.codes)},
            "/ontvangen": self.taken,
        }
        if method != "GET" or path not in found:
            return StubAnswer(404, headers=JSON)
        return StubAnswer(200, orjson.dumps(found[path]), JSON)

    def _results(self, asked: Mapping[str, str], wrong: bool | None) -> list[dict[str, str]]:
        mine = [] if self.busy else [one for one in self.taken if _is_of(one, asked)]
        lines = [self._line(one) for one in mine]
        return [line for line in lines if wrong is None or (line["Toestand"] == "Fout") == wrong]

    def _line(self, one: Mapping[str, Any]) -> dict[str, str]:
        code = one["Status"]["Code"]
        known = code.replace("_", "").casefold() in {each.casefold() for each in self.codes}
        return {
            "DossierNummer": one["Identificatie"]["Dossiernummer"],
            "DatumModificatie": one["DatumModificatie"],
            "StatusCode": code,
            "Toestand": "Verwerkt" if known else "Fout",
            **({} if known else {"Melding": f"De status {code} staat niet in de codelijst."}),
        }


def _is_of(one: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
    identity = one["Identificatie"]
    number = asked.get("dossierNummer")
    return identity["Bron"] == asked.get("bron") and number in (None, identity["Dossiernummer"])


def _refused(status: int, why: str) -> StubAnswer:
    return Fault("", status, why).answer()
