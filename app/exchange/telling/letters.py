"""What an e-mail says: one change, a day of changes, a request to agree, or a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.model.wording import day, moment
from app.register.telling.messages import Message
from app.register.telling.recipients import CONFIRMING, STOPPING, Recipient
from app.store.deliveries import CONFIRMATION, FIGURES, TEST, Delivery
from app.store.subscriptions import Subscription

LONGEST_SUBJECT = 150
# Who may stop, may also have them less often.
RHYTHM = "ritme"


@dataclass(frozen=True)
class Letters:
    """Writes e-mails; `describe` says in words what a subscription is about."""

    base: str
    title: str
    sender: str
    contact: str
    describe: Any

    def letter(
        self, recipient: Recipient, subscription: Subscription, deliveries: Sequence[Delivery], now: datetime
    ) -> EmailMessage:
        """The whole e-mail; the same deliveries give the same Message-ID, by which a server knows a second copy."""
        first = deliveries[0]
        links = {
            "agree": self.link(subscription.id, CONFIRMING, recipient.confirming),
            "stop": self.link(subscription.id, STOPPING, recipient.stopping),
            "rhythm": self.link(subscription.id, RHYTHM, recipient.stopping),
        }
        subject, template, values = self.content(subscription, deliveries)
        letter = EmailMessage()
        letter["Subject"] = subject
        letter["From"] = formataddr((self.title, self.sender))
        letter["To"] = recipient.address
        letter["Date"] = format_datetime(now)
        letter["Message-ID"] = f"<{first.id}@{urlsplit(self.base).hostname}>"
        letter["Auto-Submitted"] = "auto-generated"
        if first.kind != CONFIRMATION:
            # https://www.rfc-editor.org/rfc/rfc8058#section-3.1
            letter["List-Unsubscribe"] = f"<{links['stop']}>"
            letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            letter["List-Id"] = f"<{subscription.id}.meldingen.{urlsplit(self.base).hostname}>"
        letter.set_content(self.render(f"{template}.txt", **values, **links))
        letter.add_alternative(self.render(f"{template}.html", **values, **links), subtype="html")
        return letter

    def content(self, subscription: Subscription, deliveries: Sequence[Delivery]) -> tuple[str, str, dict[str, Any]]:
        """Subject, template and what the template shows."""
        about = self.describe(subscription)
        if deliveries[0].kind == CONFIRMATION:
            return f"Bevestig uw abonnement op meldingen: {about}", "bevestiging", {"about": about, "subject": about}
        messages = [message for each in deliveries if (message := orjson.loads(each.body))]
        if deliveries[0].kind == FIGURES:
            return subject_of_figures(messages[0], about), "cijfers", {**messages[0], "about": about, "subject": about}
        test = deliveries[0].kind == TEST
        subject = "Proefmelding" if test else subject_of(messages, about)
        return subject, "melding", {"about": about, "messages": messages, "test": test, "subject": subject}

    def link(self, id: str, use: str, token: str) -> str:
        """The address of a page that needs no login, for who has the token."""
        return f"{self.base}/abonnement/{id}/{use}?{urlencode({'token': token})}"

    def render(self, template: str, **values: Any) -> str:
        """A letter out of its template: HTML, or plain text."""
        environment = self._html if template.endswith(".html") else self._text
        return environment.get_template(template).render(
            title=self.title, base=self.base, contact=self.contact, **values
        )

    @cached_property
    def _html(self) -> Environment:
        return _environment(autoescape=True)

    @cached_property
    def _text(self) -> Environment:
        return _environment(autoescape=False)


def subject_of(messages: Sequence[Message], about: str) -> str:
    """
    >>> subject_of([{"naam": "De Harmonie", "samenvatting": "naam gewijzigd"}], "alles in Gent")
    'De Harmonie: naam gewijzigd'
    """
    if len(messages) == 1:
        text = f"{messages[0]['naam']}: {messages[0]['samenvatting']}"
    else:
        text = f"{len(messages)} wijzigingen: {about}"
    # A name with a line break in it must not become a header of its own.
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SUBJECT else f"{text[: LONGEST_SUBJECT - 1]}…"


def subject_of_figures(message: Message, about: str) -> str:
    """
    >>> subject_of_figures({"tijdstip": "2026-11-01T03:00:00Z"}, "de cijfers van Gent")
    'De cijfers van Gent: 1 november 2026'
    """
    return f"{about[:1].upper()}{about[1:]}: {day(message['tijdstip'])}"


def _environment(*, autoescape: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["moment"] = moment
    return made
