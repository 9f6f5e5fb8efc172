"""Products as a vendor publishes them for its municipalities: a stream of whole snapshots, as LPDC takes them.

A product keeps the IRI that the vendor gave it as `owl:sameAs`, and what a snapshot cannot say (internal information,
owners, conditions that a computer can decide) stays. An archived snapshot takes it away; a later one brings it back.
What LPDC asks of people only (addresses that can exist, levels that fit) comes along as a hint and stops no snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from app.errors import Forbidden, LoketError, Problem, Refused
from app.exchange.following import Arrival
from app.exchange.ldes.contexts import Contexts
from app.exchange.ldes.incoming import Member
from app.exchange.products.ipdc_concepts import NO_VERSION, moment_of, subject_in
from app.exchange.products.keeping import as_sent, terms_of_model
from app.exchange.products.lpdc import document_of, version_of
from app.exchange.products.vendor_checks import adapted, problems_in
from app.model.fields import Document
from app.register.commands import Archive, Change, Command, Create, Outcome
from app.register.desk import Desk
from app.register.handle import attempt, ready
from app.register.prepare import told
from app.register.products.conduct import EXTERNAL, KIND
from app.register.products.hints import hints_on
from app.register.register import Register
from app.store import followed
from app.store.followed import Feed

NO_SNAPSHOT = "Dit lid is geen versie van een product (InstantieSnapshot)."
REFUSED = "Niet alle gegevens van deze versie zijn goed ingevuld."
NOT_ALLOWED = "Deze feed mag niet voor dit bestuur publiceren."


def nobody_unknown(_document: Document) -> Iterable[Problem]:
    """Where no organisation register is connected."""
    return ()


@dataclass(frozen=True)
class VendorTaker:
    """Takes products in, for the organisations that each stream may speak for.

    `unknown` names the authorities that nobody knows.
    """

    register: Register
    contexts: Contexts
    unknown: Callable[[Document], Iterable[Problem]] = nobody_unknown

    def read(self, member: Member) -> Arrival:
        """Raises Refused for what is no snapshot of a product; what is wrong in one, it brings along."""
        graph = member.graph()
        subject = subject_in(graph, member.id, KIND, NO_SNAPSHOT)
        thing, time = version_of(graph, subject)
        if thing == subject.value:
            raise Refused(NO_VERSION)
        type = self.register.schema.entity_types[KIND]
        document = document_of(graph, subject, self.register.schema, KIND)
        arrival = Arrival(thing, subject.value, moment_of(time), member, adapted(document), time or "")
        wrong = [*problems_in({**document, "generatedAtTime": time}, type), *self.unknown(document)]
        problems = told(wrong)
        return replace(arrival, error=Refused(REFUSED, problems)) if problems else arrival

    def take(self, arrival: Arrival, feed: Feed, code: str, desk: Desk) -> Outcome:
        assert isinstance(arrival.content, dict)
        document: Document = arrival.content
        holders = desk.transaction.find(EXTERNAL, arrival.thing)
        code = holders[0].rpartition("/")[2] if holders else code
        iri = self.register.schema.entity_types[KIND].iri(code) if code else ""
        version = desk.transaction.latest(iri) if code else None
        there = version is not None and version.operation != "delete"
        before = desk.open_document(version) if version is not None and there else {}
        self._allow(feed, desk, document, before)
        if document.get("gearchiveerd"):
            return self._do(Archive(KIND, code), desk) if there else Outcome(code, iri, 0)
        sent = {"sameAs": arrival.thing, "verzondenOp": arrival.time}
        if there:
            type = self.register.schema.entity_types[KIND]
            supplied = {**as_sent(document, before, type, self._model), **sent}
            settled = {**supplied, "herzieningsstatus": None, "conceptSnapshot": None}
            outcome = self._do(Change(KIND, code, settled, incoming=True), desk)
        else:
            outcome = self._do(Create(KIND, {**document, **sent}, code or None, incoming=True), desk)
        return replace(outcome, hints=hints_on(KIND, outcome.code, desk))

    @cached_property
    def _model(self) -> frozenset[str]:
        """What a snapshot speaks of: what it leaves out of that, is no more."""
        return terms_of_model(self.contexts)

    def _allow(self, feed: Feed, desk: Desk, *documents: Document) -> None:
        find = self.register.codelists.organisations.get
        allowed = followed.owners(desk.transaction.connection, feed.id)
        for owner in (each["aangemaaktDoor"] for each in documents if "aangemaaktDoor" in each):
            known = find(owner)
            if (known.iri if known else owner) not in allowed:
                raise Forbidden(NOT_ALLOWED)

    def _do(self, command: Command, desk: Desk) -> Outcome:
        asked = ready(command, desk.agent, self.register)
        if isinstance(asked, LoketError):
            raise asked
        return attempt(asked, desk)
