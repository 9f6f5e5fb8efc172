"""Brings letters of administrations to associations: each recipient gets one of their own, so none sees another.

while post.work(): ...          # until nothing is due
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import urlsplit

import orjson

from app.errors import Gone, Unknown
from app.exchange.telling.letters import Letters
from app.exchange.telling.mail import Carry, carried
from app.exchange.telling.sending import MOST_ATTEMPTS, Result, next_wait
from app.register.personal.people import current
from app.register.register import Register
from app.register.telling.desk_letters import SENDER, Letter, addresses, forget_letter, letter_of
from app.store.deliveries import DROPPED, FAILED, LETTER, SENT, Delivery, again, claim, finish
from app.store.times import iso

LEASE = timedelta(minutes=5)
AT_ONCE = 50
NO_MORE = "de vereniging of haar e-mailadres is er niet meer"


@dataclass(frozen=True)
class DeskPost:
    """What sends; `chance` gives a number from 0 to 1."""

    register: Register
    letters: Letters
    carry: Carry = field(repr=False)
    chance: Callable[[], float]

    def work(self) -> int:
        """Send what is due; answers how much there was."""
        now = self.register.clock()
        claimed = claim(self.register.log.database, iso(now), iso(now + LEASE), AT_ONCE, kinds=(LETTER,))
        for delivery in claimed:
            self._serve(delivery)
        return len(claimed)

    def _serve(self, delivery: Delivery) -> None:
        letter = letter_of(delivery.id, self.register)
        try:
            to = addresses(delivery.subscription, SENDER, self.register) if letter else []
            name = current(delivery.subscription, self.register)[1]["naam"] if to else ""
        except (Unknown, Gone):
            to = []
        if letter is None or not to:
            self._close(delivery, DROPPED, NO_MORE)
            return
        who = str(orjson.loads(delivery.body)["naam"])
        results = [carried(self._mail(delivery, letter, address, who, name), self.carry) for address in to]
        self._settle(delivery, results)

    def _settle(self, delivery: Delivery, results: list[Result]) -> None:
        """One who was reached is enough: trying again would write to them twice."""
        attempts = delivery.attempts + 1
        last = next((result for result in results if result.sent), results[-1])
        if last.sent:
            self._close(delivery, SENT, last.text)
        elif last.final or attempts >= MOST_ATTEMPTS:
            self._close(delivery, FAILED, last.text)
        else:
            wait = next_wait(attempts, self.chance)
            again(self.register.log.database, delivery, iso(self.register.clock() + wait), last.text)

    def _mail(self, delivery: Delivery, letter: Letter, address: str, who: str, name: str) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = letter.subject
        mail["From"] = formataddr((f"{who} via {self.letters.title}", self.letters.sender))
        mail["Reply-To"] = letter.reply_to
        mail["To"] = address
        mail["Date"] = format_datetime(self.register.clock())
        mail["Message-ID"] = f"<{delivery.id}@{urlsplit(self.letters.base).hostname}>"
        told = {"text": letter.text, "who": who, "name": name, "subject": letter.subject, "code": delivery.subscription}
        mail.set_content(self.letters.render("bericht.txt", **told))
        mail.add_alternative(self.letters.render("bericht.html", **told), subtype="html")
        return mail

    def _close(self, delivery: Delivery, state: str, outcome: str) -> None:
        """The words are no longer needed here: who got the letter has them."""
        forget_letter(delivery.id, self.register)
        finish(self.register.log.database, delivery, state, iso(self.register.clock()), outcome)
