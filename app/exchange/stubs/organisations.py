"""A stand-in for the organisation register (Wegwijs), with the administrations of our code list.

    python -m app.cli stub wegwijs          # then serve with --organisations-url http://127.0.0.1:PORT

An OVO number of `CASES` asks for a fault; any other that the code list lacks does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from app.exchange.organisations import IRI, PATH, SUCCEEDED_BY
from app.exchange.stubs.magda import BROKEN, NEVER, TOO_MANY, StubAnswer
from app.model.organisations import Organisations

JSON = {"content-type": "application/json"}
CASES: Mapping[str, StubAnswer] = {
    "OVO999429": TOO_MANY,
    "OVO999500": BROKEN,
    "OVO999600": NEVER,
    "OVO999700": StubAnswer(body=b'[{"ovoNumber":', headers=JSON),
    "OVO999800": StubAnswer(body=b'{"message": "niet wat u verwacht"}', headers=JSON),
}


@dataclass(frozen=True)
class OrganisationStub:
    """Answers as the search of Wegwijs does: a list, empty when there is none."""

    organisations: Organisations

    def answer(self, method: str, path: str, body: bytes) -> StubAnswer:
        """The answer to one request."""
        parts = urlsplit(path)
        if method != "GET" or parts.path != PATH:
            return StubAnswer(404, headers=JSON)
        asked = parse_qs(parts.query).get("q", [""])[0].removeprefix("ovoNumber:")
        return CASES.get(asked) or StubAnswer(body=orjson.dumps(self._find(asked)), headers=JSON)

    def _find(self, ovo: str) -> list[dict[str, Any]]:
        found = self.organisations.get(IRI + ovo)
        if found is None:
            return []
        nis = [{"keyTypeName": "NIS", "value": found.nis, "validity": {}}] if found.nis else []
        heir = self.organisations.get(found.replaced_by) if found.replaced_by else None
        followed = [{"relationId": SUCCEEDED_BY, "relatedOrganisationName": heir.name,
                     "relatedOrganisationOvoNumber": self.organisations.ovo(heir.iri)}] if heir else []  # fmt: skip
        item = {
            "changeId": 1, "id": ovo.lower(), "name": found.name, "ovoNumber": ovo, "keys": nis,
            "validity": {"start": "1977-01-01", **({} if found.active else {"end": "2024-12-31"})},
            "relations": followed,
        }  # fmt: skip
        return [item]
