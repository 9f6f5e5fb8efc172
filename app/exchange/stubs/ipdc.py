"""A stand-in for the IPDC: its stream of concepts, what it takes of products and reads back, and faults at will.

    python -m app.cli stub ipdc

| request | what |
|---|---|
| GET /doc/conceptsnapshot?pageNumber=0&limit=25 | the stream, with the quirks of the real one |
| POST /conceptsnapshot/{uuid}/create, update, archive, invalid | a new snapshot; what differs: ?elementToUpdate=naam |
| PUT /instanties | takes a product or tombstone, as expanded JSON-LD; asks for x-api-key |
| GET /doc/instantie/{uuid} | what it took, as the IPDC gives it back |
| GET /instanties | what it took, as it came |
| POST /instanties/fail, /instanties/notfail | refuse a product: {"instanceIri", "statusCode", "errorMessage"} |
| POST /fail, /notfail | fail at all under a path: {"path", "statusCode", "seconds", "malformed", "times"} |

Faults are those of https://github.com/lblod/app-lpdc-digitaal-loket/tree/master/tests/ipdc-stub and of the real one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from app.exchange.stubs.faults import Fault, Faults
from app.exchange.stubs.ipdc_concepts import START, Member, concept_iri, snapshot, texts
from app.exchange.stubs.magda import StubAnswer

LPDC = "https://productencatalogus.data.vlaanderen.be/ns/ipdc-lpdc#"
INSTANCE, TOMBSTONE = f"{LPDC}InstancePublicService", "https://www.w3.org/ns/activitystreams#Tombstone"
FORMER = "https://www.w3.org/ns/activitystreams#formerType"
LD_JSON = "application/ld+json;charset=UTF-8"
# The real ones say of pages that never change that nobody may keep them.
WRONG_CACHING = {
    "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
    "pragma": "no-cache",
    "expires": "0",
}
LIMIT = 25


class IpdcStub:
    """Answers as the IPDC does; what it took, stays as long as it runs. Safe to ask from many threads."""

    def __init__(self, contexts: Mapping[str, bytes], members: Iterable[Member] = ()) -> None:
        self.members = list(members)
        self.taken: dict[str, list[Any]] = {}
        self.asked: list[str] = []
        self._contexts = contexts
        self._faults = Faults()
        self._lock = threading.Lock()

    def answer(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> StubAnswer:
        """The answer to one request."""
        parts = urlsplit(path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        with self._lock:
            self.asked.append(f"{method} {path}")
            fault = None if parts.path.endswith(("/fail", "/notfail")) else self._faults.find(parts.path, body)
            if fault:
                return fault.answer({"content-type": LD_JSON})
            if method == "POST":
                return self._told(parts.path, query, body)
            if method == "PUT":
                return self._put(parts.path, body, headers)
            return self._get(parts.path, query, f"http://{headers.get('host', 'localhost')}")

    def fail(self, fault: Fault) -> None:
        """Have something go wrong."""
        self._faults.add(fault)

    def heal(self) -> None:
        """Have all go well."""
        self._faults.clear()

    def change(self, concept: str, what: str = "update", field: str = "naam") -> Member:
        """A new snapshot of a concept at the end of the stream."""
        serial = len(self.members)
        before = next((each for each in reversed(self.members) if each.get("isVersionOf") == concept), None)
        latest = max((each["generatedAtTime"] for each in self.members), default="2026-01-01T00:00:00.0Z")
        time = datetime.fromisoformat(latest[:19]).replace(tzinfo=UTC) + timedelta(minutes=1)
        new = snapshot(concept, serial, time, serial)
        if before is not None:
            kept = {key: value for key, value in before.items() if key not in ("@id", "generatedAtTime")}
            new = {**new, **kept, "@id": new["@id"], "laatstGewijzigd": new["generatedAtTime"]}
        if what == "update":
            new[field] = _changed(new.get(field), serial)
        elif what == "archive":
            new["gearchiveerd"] = True
        elif what == "invalid":
            del new["naam"]
        self.members.append(new)
        return new

    def _get(self, path: str, query: Mapping[str, str], origin: str) -> StubAnswer:
        if path == "/doc/conceptsnapshot":
            return self._page(int(query.get("pageNumber", "0")), int(query.get("limit", LIMIT)), origin)
        if path.startswith("/doc/instantie/"):
            return self._read_back(path.rpartition("/")[2], origin)
        if path == "/instanties":
            return StubAnswer(body=orjson.dumps(list(self.taken.values())), headers={"content-type": LD_JSON})
        found = self._contexts.get(path.removeprefix("/").removesuffix(".jsonld"))
        return StubAnswer(404) if found is None else StubAnswer(body=found, headers={"content-type": LD_JSON})

    def _page(self, number: int, limit: int, origin: str) -> StubAnswer:
        """The stream has the IRI of the page, relations have no value, and paths are no IRIs."""
        members = self.members[number * limit : (number + 1) * limit]
        if not members and number:
            return StubAnswer(404)

        def relation(to: int, kind: str) -> dict[str, str]:
            node = f"{origin}/doc/conceptsnapshot?limit={limit}&pageNumber={to}"
            return {"node": node, "path": "generatedAtTime", "@type": kind}

        before = [relation(number - 1, "LessThanOrEqualToRelation")] if number else []
        more = len(self.members) > (number + 1) * limit
        after = [relation(number + 1, "GreaterThanOrEqualToRelation")] if more else []
        page = f"{origin}/doc/conceptsnapshot?limit={limit}&pageNumber={number}"
        body = {
            "timestampPath": "generatedAtTime",
            "versionOfPath": "isVersionOf",
            "view": {"@id": page, "@type": "Node", "relation": before + after},
            "@context": [f"{origin}/ipdc-lpdc-im.jsonld", f"{origin}/ldes.jsonld"],
            "@id": page,
            "@type": "EventStream",
            "member": members,
        }
        return StubAnswer(body=orjson.dumps(body), headers={"content-type": LD_JSON, **WRONG_CACHING})

    def _put(self, path: str, body: bytes, headers: Mapping[str, str]) -> StubAnswer:
        if path != "/instanties":
            return StubAnswer(404)
        if not headers.get("x-api-key"):
            return _refused(401, "Unauthorized")
        nodes = _nodes(body)
        main = next((each for each in nodes if {INSTANCE, TOMBSTONE} & set(each.get("@type", ()))), None)
        if main is None or not headers.get("content-type", "").startswith("application/ld+json"):
            return _refused(400, "Geen instantie in geëxpandeerde JSON-LD.")
        if TOMBSTONE in main["@type"] and main["@id"] not in self.taken:
            return _refused(404, f"Instantie {main['@id']} is niet gekend.")
        self.taken[main["@id"]] = nodes
        return StubAnswer(200)

    def _read_back(self, uuid: str, origin: str) -> StubAnswer:
        iri, nodes = next(((i, n) for i, n in self.taken.items() if i.rpartition("/")[2] == uuid), ("", []))
        main = next((each for each in nodes if each.get("@id") == iri), None)
        if main is None or TOMBSTONE in main["@type"]:
            return StubAnswer(404)
        body = {
            "@context": [f"{origin}/ipdc-lpdc-im.jsonld"],
            "@id": f"{START}instantie/{uuid}",
            "@type": "Instantie",
            "naam": _by_language(main, "http://purl.org/dc/terms/title"),
            "beschrijving": _by_language(main, "http://purl.org/dc/terms/description"),
            "bevoegdeOverheden": [
                {"id": each["@id"].rpartition("/")[2]}
                for each in main.get("http://data.europa.eu/m8g/hasCompetentAuthority", ())
            ],
            "laatstOntvangen": "2026-01-05T08:00:00.026205561Z",
            "metadata": {"uJeVersie": "31.3.0", "generatedFormeleFields": True, "generatedInformeleFields": True},
        }
        return StubAnswer(body=orjson.dumps(body), headers={"content-type": LD_JSON})

    def _told(self, path: str, query: Mapping[str, str], body: bytes) -> StubAnswer:
        steps = path.strip("/").split("/")
        if answer := self._faults.told(path, body, "/instanties" if len(steps) > 1 else "/"):
            return answer
        if len(steps) == 3 and steps[0] == "conceptsnapshot":
            iri = f"{START}concept/{steps[1]}" if len(steps[1]) == 36 else concept_iri(len(self.members))
            return StubAnswer(body=orjson.dumps(self.change(iri, steps[2], query.get("elementToUpdate", "naam"))))
        return StubAnswer(404)


def _refused(status: int, why: str) -> StubAnswer:
    return Fault("", status, why).answer()


def _nodes(body: bytes) -> list[Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _by_language(node: Mapping[str, Any], predicate: str) -> dict[str, str]:
    return {each["@language"]: each["@value"] for each in node.get(predicate, ())}


def _changed(value: Any, serial: int) -> Any:
    if isinstance(value, dict):
        return {tag: f"{text} (gewijzigd {serial})" for tag, text in value.items()}
    return [] if isinstance(value, list) else texts(f"Nieuw {serial}")
