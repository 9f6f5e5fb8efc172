"""Messages to people: an e-mail in text and in HTML, and its way out over SMTP.

send = mailer(Postman("smtp.gent.be", 587), Letters(base, title, sender))
send(recipient, subscription, deliveries, now)      # Result(sent=True, text="250")
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from app.exchange.telling.letters import Letters
from app.exchange.telling.sending import Result
from app.register.telling.recipients import Recipient
from app.store.deliveries import Delivery
from app.store.subscriptions import Subscription

STARTTLS, TLS, PLAIN = "starttls", "tls", "geen"
SECONDS = 20.0
# RFC 5321 section 4.2.1: with a 5 in front, trying again is of no use.
PERMANENT = 500

Carry = Callable[[EmailMessage], None]


@dataclass(frozen=True)
class Postman:
    """Brings one e-mail at a time to a server; `security` is starttls, tls, or geen for a server on this machine."""

    host: str
    port: int
    security: str = STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    def __call__(self, letter: EmailMessage) -> None:
        """Raises SMTPException or OSError when it was not taken; never goes on in plain text without being told to."""
        with self._connect() as server:
            if self.security == STARTTLS:
                server.starttls(context=self._context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(letter)

    def _connect(self) -> smtplib.SMTP:
        if self.security == TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=self._context())
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)

    def _context(self) -> ssl.SSLContext:
        return self.tls or ssl.create_default_context()


def no_postman(letter: EmailMessage) -> None:
    """Of a service that has no mail server."""
    raise OSError


def mailer(carry: Carry, letters: Letters) -> Callable[[Recipient, Subscription, Sequence[Delivery], datetime], Result]:
    """What sends deliveries of one subscription as one e-mail, and says what came of it."""

    def send(recipient: Recipient, subscription: Subscription, deliveries: Sequence[Delivery], now: datetime) -> Result:
        return carried(letters.letter(recipient, subscription, deliveries, now), carry)

    return send


def carried(letter: EmailMessage, carry: Carry) -> Result:
    """What came of bringing one e-mail away."""
    try:
        carry(letter)
    except smtplib.SMTPRecipientsRefused as error:
        # The reply may repeat the address, so only its code is kept.
        code = max((code for code, _ in error.recipients.values()), default=0)
        return Result(False, f"SMTP {code}", final=code >= PERMANENT)
    except smtplib.SMTPResponseException as error:
        return Result(False, f"SMTP {error.smtp_code}")
    except smtplib.SMTPException as error:
        return Result(False, type(error).__name__)
    except OSError:
        return Result(False, "De mailserver is niet bereikbaar.")
    return Result(True, "aangenomen door de mailserver")
