"""What goes wrong at a stub, and when: asked for by a request, so that whoever tries things out can have it go wrong.

| request | what |
|---|---|
| POST /fail | {"path", "statusCode", "seconds", "retryAfter", "malformed", "taken", "times", "instanceIri"} |
| POST /notfail | all goes well again |

`times`: how often, -1 for always; `seconds`: how long the answer takes; `taken`: what was sent is taken all the same,
so that only the answer is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.exchange.stubs.magda import StubAnswer

PROBLEM = {"content-type": "application/problem+json"}


@dataclass
class Fault:
    """What goes wrong for requests to a path, or about one thing, so many more times."""

    path: str
    status: int = 500
    message: str = "Onverwachte fout"
    seconds: float = 0.0
    malformed: bool = False
    times: int = -1
    instance: str = ""
    taken: bool = False
    retry_after: int = 0

    def answer(self, headers: Mapping[str, str] = PROBLEM) -> StubAnswer:
        """What the stub says instead."""
        if self.malformed:
            return StubAnswer(200, b'{"@context": [', headers, self.seconds)
        body = orjson.dumps({"title": self.message, "status": self.status})
        wait = {"retry-after": str(self.retry_after)} if self.retry_after else {}
        return StubAnswer(self.status, body, {**PROBLEM, **wait}, self.seconds)


class Faults:
    """Those that were asked for; safe to ask from many threads."""

    def __init__(self) -> None:
        self._all: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """From now on, for the requests that it names."""
        with self._lock:
            self._all.append(fault)

    def clear(self) -> None:
        """Answer everything as it should be."""
        with self._lock:
            self._all.clear()

    def told(self, path: str, body: bytes, start: str = "/") -> StubAnswer | None:
        """The answer to a request that asks for a fault, or for none any more; None for any other request."""
        if path.endswith("/notfail"):
            self.clear()
        elif path.endswith("/fail"):
            self.add(fault_in(orjson.loads(body or b"{}"), start))
        else:
            return None
        return StubAnswer(200, b"{}", {"content-type": "application/json"})

    def find(self, path: str, body: bytes) -> Fault | None:
        """The one that holds for this request; it counts."""
        with self._lock:
            for fault in self._all:
                about = not fault.instance or fault.instance.encode() in body
                if path.startswith(fault.path) and about and fault.times:
                    fault.times -= 1
                    return fault
        return None


def fault_in(told: Mapping[str, Any], path: str) -> Fault:
    """The fault that a request describes."""
    return Fault(
        told.get("path", path), told.get("statusCode", 500), told.get("errorMessage", "Onverwachte fout"),
        told.get("seconds", 0.0), told.get("malformed", False), told.get("times", -1), told.get("instanceIri", ""),
        told.get("taken", False), told.get("retryAfter", 0),
    )  # fmt: skip
