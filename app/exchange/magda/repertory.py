"""The repertory of MAGDA: of whom we ask and are told, it must know that we follow them, and no longer than we do.

    repertory.reconcile()                    # each night: who is wanted now, who no more
    while repertory.work(): ...              # RegistreerInschrijving, RegistreerUitschrijving
    repertory.enrol_person(insz)             # at once: before MAGDA answers GeefPersoon, the person must be in it

Who is told twice is told the same: MAGDA answers a second inscription as the first, so a crash in between does no harm.
The number of a person stands in the vault until MAGDA confirmed that we follow them no more, even when it was erased
from the association: without it nobody could say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice

from lxml import etree

from app.errors import LoketError, Unavailable
from app.exchange.magda.soap import Fault, Magda, Sender, Service, text_of
from app.exchange.neighbour import asking_for
from app.exchange.telling.sending import next_wait
from app.model.processing import TECHNICAL
from app.register.checks import SYSTEM_AGENT
from app.register.personal.people import technical_use
from app.register.register import Register
from app.store import inscriptions
from app.store.inscriptions import ENROLLED, ENTERPRISE, PERSON, TO_ENROL, TO_LEAVE, Inscription
from app.store.times import iso
from app.store.transaction import Transaction
from app.store.vault import Personal

AT_ONCE, FRESH_AT_ONCE = 50, 1000
LATER = timedelta(days=1)
NUMBER = "nummer"
OK = "1"


def _service(name: str, version: str) -> Service:
    short = version.replace(".", "_")
    namespace = f"http://webservice.{name.lower()}dienst-{short}.repertorium-{short}.vip.vlaanderen.be"
    return Service(name, f"{version}.0000", namespace, f"/{name}Dienst-{version}/soap/WebService")


ENROL = {
    ENTERPRISE: _service("RegistreerInschrijving", "02.01"),
    PERSON: _service("RegistreerInschrijving", "02.00"),
}
LEAVE = {
    ENTERPRISE: _service("RegistreerUitschrijving", "02.01"),
    PERSON: _service("RegistreerUitschrijving", "02.00"),
}
SERVICES = (*ENROL.values(), *LEAVE.values())


@dataclass(frozen=True)
class Repertory:
    """The way to it; `chance` gives a number from 0 to 1."""

    magda: Magda
    register: Register = field(repr=False)
    chance: Callable[[], float] = field(repr=False)

    def reconcile(self) -> int:
        """Plan what the register and MAGDA do not agree on; answers how much that is, 0 once they do.

        New persons come a thousand at a time, so that nobody waits long for the database.
        """
        with self.register.log.transaction() as transaction:
            return self._enterprises(transaction) + self._persons(transaction)

    def work(self) -> int:
        """Tell MAGDA what is due; answers how much there was, 0 when nothing waits."""
        found = inscriptions.due(self.register.log.database, iso(self.register.clock()), AT_ONCE)
        for one in found:
            self._tell(one)
        return len(found)

    def enrol_person(self, insz: str, entity: str) -> None:
        """Have MAGDA know at once that we follow this person; raises Fault or Unavailable when it does not."""
        with self.register.log.transaction() as transaction:
            id = transaction.blind(insz).hex()
            known = inscriptions.inscription(transaction.connection, id)
            if known and known.state == ENROLLED:
                return
            now = iso(self.register.clock())
            one = Inscription(id, PERSON, "", TO_ENROL, "", now, due=now)
            inscriptions.put(transaction.connection, [one])
            transaction.keep([self._kept(id, insz)])
        self._ask(ENROL[PERSON], enrolment(PERSON, insz, self.magda.sender, self.register.today().isoformat()), entity)
        self._done(one)

    def _enterprises(self, transaction: Transaction) -> int:
        wanted = inscriptions.wanted_enterprises(transaction.connection)
        known = inscriptions.known(transaction.connection, ENTERPRISE)
        now = iso(self.register.clock())
        new = [Inscription(f"{ENTERPRISE}/{each}", ENTERPRISE, each, TO_ENROL, "", now, due=now) for each in wanted]
        return self._agree(new, known, transaction)

    def _persons(self, transaction: Transaction) -> int:
        """Of who is new the number is taken along, so that we can say later that we follow them no more."""
        start = self.register.tools.type.iri_start
        wanted = inscriptions.wanted_persons(transaction.connection, start)
        known = inscriptions.known(transaction.connection, PERSON)
        now = iso(self.register.clock())
        fresh = dict(islice(((id, entity) for id, entity in wanted.items() if id not in known), FRESH_AT_ONCE))
        numbers = dict(self._numbers(fresh, transaction))
        transaction.keep([self._kept(id, insz) for id, insz in numbers.items()])
        ids = [id for id in wanted if id in known or id in numbers]
        return self._agree([Inscription(id, PERSON, "", TO_ENROL, "", now, due=now) for id in ids], known, transaction)

    def _agree(self, wanted: list[Inscription], known: Mapping[str, Inscription], transaction: Transaction) -> int:
        """Who is new is enrolled, who came back before we left stays, who is wanted no more is left."""
        now, ids = iso(self.register.clock()), {one.id for one in wanted}
        new = [one for one in wanted if one.id not in known]
        back = [one.id for one in known.values() if one.id in ids and one.state == TO_LEAVE]
        going = [one.id for one in known.values() if one.id not in ids and one.state != TO_LEAVE]
        inscriptions.put(transaction.connection, new)
        # MAGDA may or may not have heard that we left, or that we came: told again, both are sure.
        inscriptions.plan(transaction.connection, back, TO_ENROL, now, now)
        inscriptions.plan(transaction.connection, going, TO_LEAVE, now, now)
        return len(new) + len(back) + len(going)

    def _numbers(self, persons: Mapping[str, str], transaction: Transaction) -> Iterator[tuple[str, str]]:
        for entity in sorted(set(persons.values())):
            for one in transaction.personal(entity, technical_use(SYSTEM_AGENT)):
                insz = (one.values or {}).get("insz", "")
                if insz and persons.get(id := transaction.blind(insz).hex()) == entity:
                    yield id, insz

    def _tell(self, one: Inscription) -> None:
        number = one.number or self._number(one)
        services, day = (ENROL if one.state == TO_ENROL else LEAVE), self.register.today().isoformat()
        build = enrolment if one.state == TO_ENROL else departure
        try:
            self._ask(services[one.register], build(one.register, number, self.magda.sender, day), "")
        except Unavailable as error:
            wait = max(next_wait(one.attempts + 1, self.chance), timedelta(seconds=error.retry_after))
            self._postpone(one, error, wait)
        except Fault as fault:
            self._postpone(one, fault, LATER)
        else:
            self._done(one)

    def _ask(self, service: Service, content: etree._Element, subject: str) -> None:
        with asking_for(subject, SYSTEM_AGENT.iri, TECHNICAL):
            answer = self.magda.ask(service, content)
        if text_of(answer, "Resultaat") != OK:
            raise Unavailable("MAGDA bevestigt de inschrijving niet.", retry_after=60)

    def _done(self, one: Inscription) -> None:
        """What was planned otherwise meanwhile stays planned."""
        with self.register.log.transaction() as transaction:
            there = inscriptions.inscription(transaction.connection, one.id)
            if there is None or there.state != one.state:
                return
            if one.state == TO_LEAVE:
                inscriptions.drop(transaction.connection, [one.id])
                transaction.keep([Personal(self._iri(one.id), self._iri(one.id), None)])
            else:
                inscriptions.plan(transaction.connection, [one.id], ENROLLED, None, iso(self.register.clock()))

    def _postpone(self, one: Inscription, error: LoketError, wait: timedelta) -> None:
        later = iso(self.register.clock() + wait)
        with self.register.log.transaction() as transaction:
            there = inscriptions.inscription(transaction.connection, one.id)
            if there is not None and there.state == one.state:
                again = replace(there, detail=error.title, attempts=there.attempts + 1, due=later)
                inscriptions.put(transaction.connection, [again])

    def _number(self, one: Inscription) -> str:
        kept = self.register.log.vault.read(self._iri(one.id), technical_use(SYSTEM_AGENT))
        return next(((each.values or {}).get(NUMBER, "") for each in kept), "")

    def _kept(self, id: str, insz: str) -> Personal:
        return Personal(self._iri(id), self._iri(id), {NUMBER: insz})

    def _iri(self, id: str) -> str:
        return f"{self.register.schema.base}/inschrijving/{id}"


def enrolment(register: str, number: str, sender: Sender, day: str) -> etree._Element:
    """That we follow this person or enterprise from this day on."""
    content = etree.Element("Inhoud")
    inner = _who(etree.SubElement(content, "Inschrijving"), register, number, sender)
    etree.SubElement(etree.SubElement(inner, "Periode"), "Begin").text = day
    return content


def departure(register: str, number: str, sender: Sender, day: str) -> etree._Element:
    """That we follow them no more."""
    content = etree.Element("Inhoud")
    _who(etree.SubElement(content, "Uitschrijving"), register, number, sender)
    return content


def _who(parent: etree._Element, register: str, number: str, sender: Sender) -> etree._Element:
    """02.00 knows persons by their INSZ; 02.01 any subject by its type and key."""
    for name, text in (("Identificatie", sender.id), ("Hoedanigheid", sender.capacity)):
        if text:
            etree.SubElement(parent, name).text = text
    if register == PERSON:
        etree.SubElement(parent, "INSZ").text = number
        return parent
    subject = etree.SubElement(parent, "BetrokkenSubject")
    etree.SubElement(subject, "Type").text = "OND"
    one = etree.SubElement(etree.SubElement(subject, "Subjecten"), "Subject")
    etree.SubElement(one, "Type").text = "OND"
    etree.SubElement(one, "Sleutel").text = number
    return parent
