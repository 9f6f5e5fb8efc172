"""DOSIS, the system of the Flemish government in which people follow their dossiers: each status pushed, and checked.

    Dosis(line, "https://dosisapi.…", "https://gent.be/dossiers", template, token).tell(facts)

What is public of it: the addresses below, and that a push is processed beside it. What is not stands, with what was
assumed, in `ontology/berichten/dosis-v2.json`; nothing here names a field of its messages.
https://vlaamseoverheid.atlassian.net/wiki/spaces/IKPubliek/pages/2680357975/API-calls+DOSIS
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from app.errors import LoketError, Unavailable
from app.exchange.neighbour import Line
from app.exchange.receiving import Fate, Verdict, tell
from app.exchange.statuses.facts import Facts
from app.exchange.statuses.filling import Template
from app.store.dossier_statuses import DossierStatus

KIND = "dosis"
PUSH = "/api/v2/dosis/dossiers"
RESULTS, FAULTS = "/api/v1/dosis/resultaten", "/api/v1/dosis/resultaten/fouten"
MOST_BYTES = 5_000_000
UNREADABLE = "DOSIS gaf een antwoord dat we niet kunnen lezen."


@dataclass(frozen=True)
class Dosis:
    """The way to it; `token` gives what proves who we are."""

    line: Line
    url: str
    source: str
    template: Template
    token: Callable[[], str] = field(repr=False)
    kind: str = KIND

    def wants(self, status: DossierStatus) -> bool:
        """Every one."""
        return True

    def tell(self, facts: Facts) -> Verdict:
        """Push one status."""
        try:
            headers = {**self._headers(), "content-type": "application/json"}
        except LoketError as error:
            return Verdict(Fate.LATER, error.title)
        body = orjson.dumps(self.template.filled(facts))
        request = self.line.client.build_request("POST", self._at(PUSH), content=body, headers=headers)
        return tell(self.line, request, f"{facts['dossiernummer']}-{facts['index']}")

    def has(self, facts: Facts) -> bool:
        """Whether DOSIS has this very status of the dossier; raises Unavailable when it does not say."""
        asked = {"bron": self.source, "dossierNummer": facts["dossiernummer"]}
        results = self._list(RESULTS, asked)
        same = (facts["dossiernummer"], facts["sinds"], _plain(facts["code"]))
        return any(same == (one.number, one.time, _plain(one.code)) and not one.wrong for one in results)

    def refused(self) -> Mapping[tuple[str, str], str]:
        """What DOSIS took and could not process, by dossier number and time; raises Unavailable."""
        found = self._list(FAULTS, {"bron": self.source})
        return {(one.number, one.time): one.message or "DOSIS kon dit niet verwerken." for one in found}

    def _list(self, path: str, asked: Mapping[str, str]) -> list[ResultLine]:
        request = self.line.client.build_request("GET", self._at(path), params=asked, headers=self._headers())
        answer = self.line.call(request, asked.get("dossierNummer", ""))
        if answer.status_code == 404:
            return []
        if answer.status_code != 200 or len(answer.content) > MOST_BYTES:
            raise Unavailable(f"DOSIS antwoordt met status {answer.status_code}.", retry_after=60)
        return list(_results(answer, self.template.told["antwoorden"]))

    def _headers(self) -> dict[str, str]:
        token = self.token()
        return {"accept": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}

    def _at(self, path: str) -> str:
        return self.url.rstrip("/") + path


@dataclass(frozen=True)
class ResultLine:
    """What DOSIS says of one status that it took."""

    number: str
    time: str
    code: str
    wrong: bool
    message: str


def _results(answer: httpx.Response, names: Mapping[str, Any]) -> Iterator[ResultLine]:
    """The lines in an answer, where the template says that they are; raises Unavailable for anything else."""
    try:
        told = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        raise Unavailable(UNREADABLE) from None
    lines = told if isinstance(told, list) else _first(told, names["lijst"])
    if not isinstance(lines, list) or not all(isinstance(each, dict) for each in lines):
        raise Unavailable(UNREADABLE)
    for line in lines:
        got = {key: str(_first(line, [names[key]]) or "") for key in ("dossiernummer", "datum", "code", "toestand")}
        wrong = got["toestand"].casefold() in {each.casefold() for each in names["geweigerd"]}
        message = str(_first(line, [names["melding"]]) or "")[:300]
        yield ResultLine(got["dossiernummer"], got["datum"], got["code"], wrong, message)


def _first(node: Any, names: Iterable[str]) -> Any:
    """The value under the first of these names, without regard to case."""
    if not isinstance(node, dict):
        return None
    folded = {key.casefold(): value for key, value in node.items()}
    return next((folded[name.casefold()] for name in names if name.casefold() in folded), None)


def _plain(code: str) -> str:
    """DOSIS compares codes without regard to case and underscores."""
    return code.replace("_", "").casefold()
