"""Handing dossiers over to the system in which an administration handles them: where it wants to be told, and how.

    hook_of(owner, register)                        # where, and the secret that its messages are signed with
    HandOver(line, register, Guarded().post, clock).tell(facts)

A message says that a dossier got a status, with the dossier as it then was and nothing personal; its system reads the
rest by number, with a purpose. Signed as every webhook here; the id is that of the status, the same at every attempt.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from app.errors import Refused, Unknown
from app.exchange.guarded import NotAllowed, Unreachable
from app.exchange.neighbour import Line
from app.exchange.receiving import Fate, Verdict
from app.exchange.statuses.facts import Facts, read_document
from app.exchange.telling.webhook import Post, headers
from app.model.documents import join
from app.model.fields import Document
from app.model.processing import SERVICE
from app.register.agents import Agent
from app.register.dossiers.conduct import KIND, subject_of_document
from app.register.personal.people import use_by
from app.register.register import Register
from app.store.dossier_statuses import DossierStatus
from app.store.records import Version

OVERDRACHT, READ = "overdracht", "ReadDossier"
STATE = "overdracht/adres/{owner}"
LONGEST = 500


@dataclass(frozen=True)
class Hook:
    """Where an administration wants to be told, since which sequence, and the secret to sign with."""

    url: str
    since: int
    secret: str = field(repr=False)


def hook_of(owner: str, register: Register) -> Hook | None:
    """The one of an administration; None when it has none."""
    kept = register.log.get_state(STATE.format(owner=owner))
    if not kept:
        return None
    told = orjson.loads(kept)
    secret = b64encode(register.log.vault.blind(f"overdracht/geheim/{owner}/{told['url']}/{told['sinds']}")).decode()
    return Hook(told["url"], told["sinds"], f"whsec_{secret}")


def set_hook(owner: str, url: str, since: int, register: Register) -> Hook | None:
    """Tell there from now on, or nowhere when it is empty; raises Refused for what is no address.

    The same address again changes nothing: its system goes on with the secret that it has.
    """
    url, before = url.strip(), hook_of(owner, register)
    if before is not None and before.url == url:
        return before
    if url and (len(url) > LONGEST or not url.startswith(("https://", "http://")) or " " in url):
        raise Refused("Een webadres begint met https://.")
    value = orjson.dumps({"url": url, "sinds": since}).decode() if url else None
    with register.log.transaction() as transaction:
        transaction.put_state(STATE.format(owner=owner), value)
    return hook_of(owner, register)


@dataclass(frozen=True)
class HandOver:
    """Tells each administration that wants it."""

    line: Line
    register: Register = field(repr=False)
    post: Post = field(repr=False)
    clock: Callable[[], datetime] = field(repr=False)
    source: str = ""
    kind: str = OVERDRACHT

    def wants(self, status: DossierStatus) -> bool:
        """Whether the administration of this dossier has a system that is told, and had when it got this status."""
        hook = hook_of(status.owner, self.register)
        return hook is not None and status.sequence > hook.since

    def tell(self, facts: Facts) -> Verdict:
        """Post one status."""
        hook = hook_of(facts["eigenaar"], self.register)
        if hook is None:
            return Verdict(Fate.REFUSED, "dit bestuur wil niet meer op de hoogte gehouden worden")
        body = orjson.dumps({"type": "dossier.status", "timestamp": facts["sinds"], "data": message(facts)})
        try:
            answer = self.post(hook.url, headers(hook.secret, facts["kenmerk"], body, self.clock()), body)
        except NotAllowed as error:
            return Verdict(Fate.REFUSED, str(error))
        except Unreachable as error:
            return Verdict(Fate.UNSURE, str(error))
        return _verdict(answer.status, answer.retry_after or 0)

    def has(self, facts: Facts) -> None:
        """It does not say; it knows a message that comes twice by its id."""

    def refused(self) -> Mapping[tuple[str, str], str]:
        """It says at once what it refuses."""
        return {}


def message(facts: Facts) -> dict[str, Any]:
    """What is told of a status: never what only the vault holds."""
    told = ("dossiernummer", "naam", "code", "fase", "detail", "actieNodig", "actie", "sinds", "vCode", "productId")
    return {
        **{name: facts[name] for name in told if facts.get(name) not in (None, "")},
        "volgnummer": facts["index"],
        "dossier": facts["adres"],
    }


def _verdict(status: int, wait: int) -> Verdict:
    text = f"HTTP {status}"
    if 200 <= status < 300:
        return Verdict(Fate.TAKEN, text)
    # "the sender should disable the endpoint": Standard Webhooks, Operational considerations.
    return Verdict(Fate.REFUSED if status == 410 else Fate.LATER, text, wait)


def whole_dossier(code: str, agent: Agent, register: Register) -> tuple[Version, Document]:
    """A dossier with what the association filled in, for who handles it; personal values when a purpose is stated.

    Raises Unknown, Forbidden, or Refused for a purpose that there is not. The reading is logged.
    """
    version = register.log.latest(register.schema.entity_types[KIND].iri(code))
    if version is None or version.operation == "delete":
        raise Unknown(f"Er is geen dossier met nummer {code}.")
    dossier = read_document(version, register)
    register.rights.check(agent, READ, subject_of_document(dossier))
    dossier = _with_personal(dossier, version.entity, agent, register)
    applied = register.log.latest(dossier.get("aanvraag", ""))
    if applied is not None:
        dossier["aanvraag"] = _with_personal(read_document(applied, register), applied.entity, agent, register)
    return version, dossier


def _with_personal(document: Document, iri: str, agent: Agent, register: Register) -> Document:
    if not agent.purpose:
        return document
    purpose, why = register.schema.processing.stated(agent.purpose)
    if purpose.code != SERVICE:
        raise Refused("Wat in een dossier staat, dient enkel voor dienstverlening.")
    kept = register.log.vault.read(iri, use_by(agent, purpose.code, why))
    return join(document, {one.node: dict(one.values or {}) for one in kept})
