"""A stand-in for Notificaties: takes bundles, refuses those that lack what their category needs, and fails at will.

    python -m app.cli stub notificaties          # then serve with --notifications-url http://127.0.0.1:PORT/bundels

| request | what |
|---|---|
| POST /bundels | takes a bundle; 400 when a required field or key lacks, 409 for an id that it has |
| GET /ontvangen | all that it took, in order |
| POST /fail, /notfail | see `faults` |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson

from app.exchange.statuses.notifications import lacks
from app.exchange.stubs.faults import Fault, Faults
from app.exchange.stubs.magda import StubAnswer

JSON = {"content-type": "application/json"}
BUNDLES = "/bundels"


@dataclass
class NotificationStub:
    """Answers as Notificaties; `categories` say which keys each must and may have."""

    categories: Mapping[str, Mapping[str, list[str]]]
    taken: list[dict[str, Any]] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def answer(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> StubAnswer:
        """The answer to one request."""
        where = urlsplit(path).path
        if method == "POST" and (told := self.faults.told(where, body)):
            return told
        fault = self.faults.find(where, body)
        if fault and not fault.taken:
            return fault.answer(JSON)
        answer = self._bundle(body, headers) if (method, where) == ("POST", BUNDLES) else self._other(method, where)
        return fault.answer(JSON) if fault else answer

    def _bundle(self, body: bytes, headers: Mapping[str, str]) -> StubAnswer:
        if not headers.get("authorization", "").startswith("Bearer "):
            return Fault("", 401, "Meld u aan.").answer()
        try:
            bundle = orjson.loads(body)
            wrong = lacks(bundle, self.categories)
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            wrong = "dit is geen bundel"
        if wrong:
            return Fault("", 400, f"De bundel is geweigerd: {wrong}.").answer()
        if bundle["Id"] in {one["Id"] for one in self.taken}:
            return Fault("", 409, "Deze bundel is er al.").answer()
        self.taken.append(bundle)
        return StubAnswer(202, b"{}", JSON)

    def _other(self, method: str, where: str) -> StubAnswer:
        if (method, where) == ("GET", "/ontvangen"):
            return StubAnswer(200, orjson.dumps(self.taken), JSON)
        return StubAnswer(404, headers=JSON)
