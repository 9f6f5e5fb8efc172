"""The stubs of other registers behind real clients, in process."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx

from app.exchange.address_register import AddressRegister
from app.exchange.checking import Checker
from app.exchange.enterprises import Enterprises
from app.exchange.looking import looks
from app.exchange.magda.soap import Credentials, Magda, Sender
from app.exchange.neighbour import Breaker, Line, Tried
from app.exchange.stubs.addresses import AddressStub
from app.exchange.stubs.known import Known, KnownAddress, KnownEnterprise
from app.exchange.stubs.magda import SLOW, Answer, MagdaStub
from app.register.register import Register
from tests.register.builders import NOON

SEAT = KnownAddress("Kerkstraat", "1", "", "9000", "Gent")
KNOWN = Known(
    enterprises={
        "0403170701": KnownEnterprise("0403170701", "Koninklijke Harmonie", "KH", started="1901-05-01", seat=SEAT),
        "0428315871": KnownEnterprise("0428315871", "Stichting De Bron", form="026"),
    },
    persons={"85010100115": ("Godelieve Maria", "Verzonnen"), "41062700192": ("Marcel", "Anders")},
    addresses=frozenset({SEAT, KnownAddress("Dorpsstraat", "12", "", "9000", "Gent")}),
)


@dataclass
class Outside:
    """The world outside: stubs, a clock that sleeping moves, and every try that was made."""

    magda: Answer = field(default_factory=lambda: MagdaStub(KNOWN).answer)
    addresses: Answer = field(default_factory=lambda: AddressStub(KNOWN).answer)
    now: datetime = NOON
    tried: list[Tried] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def line(self, name: str, answer: Answer) -> Line:
        def respond(request: httpx.Request) -> httpx.Response:
            self.bodies.append(request.content)
            found = answer(request.method, request.url.raw_path.decode(), request.content)
            if found.seconds >= SLOW:
                raise httpx.ReadTimeout("te laat", request=request)
            return httpx.Response(found.status, headers=dict(found.headers), content=found.body)

        client = httpx.Client(transport=httpx.MockTransport(respond))
        return Line(name, client, self.tried.append, Breaker(self.clock), self.clock, self.sleep, lambda: 0.5)

    def to_magda(self, credentials: Credentials | None = None) -> Magda:
        line = self.line("MAGDA", self.magda)
        sender = Sender("voorbeeld.be/loket", "6001")
        return Magda(line, "https://magda.test", sender, self.clock, lambda: "referte-1", credentials)

    def to_addresses(self) -> AddressRegister:
        return AddressRegister(self.line("Adressenregister", self.addresses), "https://adres.test", "geheim")

    def checker(self, register: Register, *which: str) -> Checker:
        """A checker on the register, with the clock of this world."""
        ours = replace(register, clock=self.clock)
        all_: dict[str, Any] = looks(ours, self.to_addresses(), Enterprises(self.to_magda(), ours), self.to_magda())
        return Checker(ours, {name: look for name, look in all_.items() if name in which}, lambda: 0.5)
