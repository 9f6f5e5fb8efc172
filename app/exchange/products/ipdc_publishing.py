"""Brings products to the IPDC: what the log says goes out, and nothing else does.

    while publisher.work(): ...          # until nothing is due

The log is the outbox: a version that is kept is planned, in step with how far the log was read; of several versions of
a product that wait, the last one goes. Who sends holds a lease, so of two, one sends. A tombstone goes only for what
the IPDC may have seen. After five tries it is left, and somebody publishes it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import httpx

from app.errors import Unknown
from app.exchange.products.ipdc_body import instance_iri, product_body, titles_in, tombstone_body
from app.exchange.telling.sending import Result, next_wait
from app.model.languages import text_of
from app.register.products.conduct import KIND
from app.register.products.own_products import read_own
from app.register.register import Register
from app.store.deliveries import (
    DROPPED,
    FAILED,
    PUBLICATION,
    SENT,
    Delivery,
    again,
    being_sent,
    claim,
    deliveries,
    drop_all,
    finish,
    put,
    release,
    revive,
)
from app.store.records import Version
from app.store.times import iso
from app.store.transaction import Transaction

PLACE, SEEN = "ipdc/volgnummer", "ipdc/gezien/"
MAYBE, YES = "misschien", "ja"
LEASE = timedelta(minutes=5)
AT_ONCE, VERSIONS = 20, 500
MOST_ATTEMPTS = 5
LD_JSON = "application/ld+json"
OVERTAKEN, NEVER_SEEN = "ingehaald door een nieuwere versie", "de IPDC kende dit product niet"


@dataclass(frozen=True)
class Ipdc:
    """The IPDC over HTTP: where products go, and with `read_url` where they can be read back."""

    client: httpx.Client = field(repr=False)
    url: str
    key: str = field(repr=False)
    read_url: str = ""

    def put(self, body: bytes) -> Result:
        """What came of a product or a tombstone."""
        headers = {"x-api-key": self.key, "content-type": LD_JSON}
        try:
            answer = self.client.put(self.url, content=body, headers=headers)
        except httpx.TimeoutException:
            return Result(False, "geen antwoord op tijd")
        except httpx.HTTPError as error:
            return Result(False, f"geen verbinding ({type(error).__name__})")
        told = "" if answer.is_success else f": {_message(answer)}"
        return Result(answer.is_success, f"HTTP {answer.status_code}{told}")

    def read_back(self, iri: str) -> frozenset[str] | None:
        """The titles under which the IPDC has it; None when it has not. Raises Unknown when it does not say."""
        try:
            address = f"{self.read_url.rstrip('/')}/{iri.rpartition('/')[2]}"
            answer = self.client.get(address, headers={"x-api-key": self.key, "accept": LD_JSON})
            if answer.status_code in (404, 410):
                return None
            if answer.is_success:
                return titles_in(answer.content)
        except (httpx.HTTPError, ValueError):
            pass
        raise Unknown("De IPDC zegt niet of ze dit product heeft.")


@dataclass(frozen=True)
class IpdcPublisher:
    """What follows the log and sends; `chance` gives a number from 0 to 1."""

    register: Register
    ipdc: Ipdc
    vocabulary: frozenset[str]
    chance: Callable[[], float]

    def work(self) -> int:
        """Plan what is new and send what is due; answers how much there was, 0 when nothing waits."""
        planned, database = plan(self.register), self.register.log.database
        now = self.register.clock()
        due = claim(database, iso(now), iso(now + LEASE), AT_ONCE, (PUBLICATION,))
        for delivery in due:
            try:
                self._publish(delivery)
            finally:
                release(database, delivery)
        return planned + len(due)

    def _publish(self, delivery: Delivery) -> None:
        if being_sent(self.register.log.database, delivery, self._now()):
            wait = iso(self.register.clock() + timedelta(seconds=30))
            again(self.register.log.database, delivery, wait, "een vorige versie is nog onderweg")
            return
        version = self.register.log.read(delivery.sequence - 1, 1)[0]
        if version.public is None:
            self._take_away(delivery, version)
        else:
            self._send(delivery, version)

    def _send(self, delivery: Delivery, version: Version) -> None:
        """That the IPDC may know it is kept before anything goes: who is killed here, may have sent."""
        seen = self.register.log.get_state(SEEN + delivery.subscription)
        if seen is None:
            self._remember(delivery, MAYBE)
        result = self.ipdc.put(product_body(version, self.vocabulary))
        if result.sent:
            self._remember(delivery, YES)
            result = Result(True, f"{result.text}{self._checked(version)}")
        self._settle(delivery, result)

    def _take_away(self, delivery: Delivery, version: Version) -> None:
        seen = self.register.log.get_state(SEEN + delivery.subscription)
        iri = instance_iri(version, self._last_public(version))
        if seen is None or (seen == MAYBE and self.ipdc.read_url and not self._has(iri)):
            self._remember(delivery, None)
            finish(self.register.log.database, delivery, DROPPED, self._now(), NEVER_SEEN)
            return
        result = self.ipdc.put(tombstone_body(iri, version.time))
        if result.sent:
            self._remember(delivery, None)
        self._settle(delivery, result)

    def _has(self, iri: str) -> bool:
        try:
            return self.ipdc.read_back(iri) is not None
        except Unknown:
            return True

    def _checked(self, version: Version) -> str:
        """What reading it back adds to what came of it; a wrong answer undoes nothing."""
        if not self.ipdc.read_url:
            return ""
        ours = text_of(read_own(version, self.register).document.get("naam"))
        try:
            titles = self.ipdc.read_back(instance_iri(version))
        except Unknown:
            return ", niet terug te lezen"
        return ", teruggelezen" if titles and ours in titles else ", maar de IPDC geeft iets anders terug"

    def _settle(self, delivery: Delivery, result: Result) -> None:
        database, attempts = self.register.log.database, delivery.attempts + 1
        if result.sent:
            finish(database, delivery, SENT, self._now(), result.text)
        elif attempts >= MOST_ATTEMPTS:
            finish(database, delivery, FAILED, self._now(), result.text)
        else:
            due = self.register.clock() + next_wait(attempts, self.chance)
            again(database, delivery, iso(due), result.text)

    def _last_public(self, version: Version) -> Version | None:
        earlier = reversed(self.register.log.versions(version.entity)[: version.number - 1])
        return next((each for each in earlier if each.public), None)

    def _remember(self, delivery: Delivery, seen: str | None) -> None:
        with self.register.log.transaction() as transaction:
            transaction.put_state(SEEN + delivery.subscription, seen)

    def _now(self) -> str:
        return iso(self.register.clock())


def plan(register: Register) -> int:
    """Have the products that changed since the last time sent; answers how many versions were looked at."""
    after = int(register.log.get_state(PLACE) or 0)
    if not register.log.read(after, 1):
        return 0
    with register.log.transaction() as transaction:
        after = int(transaction.get_state(PLACE) or 0)
        versions = register.log.read(after, VERSIONS)
        for version in versions:
            if version.kind == KIND and _differs(version, register):
                _plan_one(version, transaction)
        if versions:
            transaction.put_state(PLACE, str(versions[-1].sequence))
    return len(versions)


def publish_again(code: str, register: Register) -> bool:
    """Have a product sent once more as it stands; False when there is no such product."""
    version = register.log.latest(register.schema.entity_types[KIND].iri(code))
    if version is None:
        return False
    with register.log.transaction() as transaction:
        _plan_one(version, transaction)
        revive(transaction.connection, [_id(code, version)], transaction.now())
    return True


def publications(register: Register, states: tuple[str, ...], limit: int = 200) -> list[Delivery]:
    """What goes or went to the IPDC, newest first."""
    return deliveries(register.log.database, None, states, limit, kinds=(PUBLICATION,))


def _plan_one(version: Version, transaction: Transaction) -> None:
    code, now = version.entity.rpartition("/")[2], transaction.now()
    drop_all(transaction.connection, code, now, OVERTAKEN)
    new = Delivery(_id(code, version), code, PUBLICATION, version.sequence, b"", now, now)
    put(transaction.connection, [new])


def _id(code: str, version: Version) -> str:
    return f"{PUBLICATION}/{code}/{version.sequence}"


def _differs(version: Version, register: Register) -> bool:
    """Whether the outside sees anything else than before: that a product needs review is nobody's business."""
    before = register.log.version(version.entity, version.number - 1) if version.number > 1 else None
    return (before.public if before else None) != version.public


def _message(answer: httpx.Response) -> str:
    """What the IPDC says is wrong, in one line."""
    try:
        told = answer.json()
        text = str(told.get("detail") or told.get("title") or answer.text)
    except (ValueError, AttributeError):
        text = answer.text
    return " ".join(text.split())[:300]
