"""Settings -> what tells people and programs of changes, and the thread of a running service that does so."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from app.bootstrap.ambient import root
from app.bootstrap.beside import in_turns
from app.config import Settings
from app.errors import BadSetting
from app.exchange.guarded import Guarded
from app.exchange.telling.courier import Courier
from app.exchange.telling.desk_post import DeskPost
from app.exchange.telling.letters import Letters
from app.exchange.telling.mail import PLAIN, STARTTLS, TLS, Carry, Postman, mailer, no_postman
from app.exchange.telling.sending import Means, Postbox
from app.exchange.telling.webhook import webhook
from app.register.products.audience import about
from app.register.register import Register
from app.register.telling.messages import Teller
from app.register.telling.occasions import load_occasions
from app.web.people import organisation_in
from app.web.service import Publisher

# A message that failed is sent again when its time has come, whatever is written.
WORK_SECONDS, AGAIN_SECONDS = 1.0, 5.0
TIDY_EVERY = timedelta(days=1)


def make_courier(settings: Settings, register: Register, means: Means) -> Courier:
    """What sends; raises BadSetting for a kind of security that there is not."""
    publisher = Publisher(settings.publisher, settings.publisher_name, settings.contact)
    carry = means.postbox or _postman(settings)
    letters = make_letters(register, settings.title, publisher, means)
    return Courier(
        register=register,
        teller=make_teller(register, publisher),
        mail=mailer(carry, letters),
        hook=webhook(Guarded(private=means.insecure).post),
        chance=random.random,
        also=DeskPost(register, letters, carry, random.random).work,
    )


def make_teller(register: Register, publisher: Publisher) -> Teller:
    """What says in words what changed; a body that acts is named, a person never."""

    def name(actor: str) -> str | None:
        found = organisation_in(register.codelists, publisher, actor)
        return found.name if found else None

    return Teller(register.schema, register.codelists, load_occasions(root(), register.schema), name)


def make_letters(register: Register, title: str, publisher: Publisher, means: Means) -> Letters:
    """What writes e-mails."""
    return Letters(register.schema.base, title, means.sender, publisher.contact, lambda one: about(one.scope, register))


def means_of(settings: Settings, postbox: Postbox | None = None) -> Means:
    """How messages go out."""
    mail = bool(settings.smtp_host) or postbox is not None
    return Means(settings.mail_from, mail, bool(settings.webhook_private), postbox)


@contextmanager
def telling(courier: Courier) -> Iterator[None]:
    """Tell of changes as they come, beside everything else."""
    tidied: datetime | None = None
    register = courier.register

    def tell(stop: threading.Event) -> None:
        nonlocal tidied
        while courier.work() and not stop.is_set():
            pass
        if tidied is None or register.clock() - tidied > TIDY_EVERY:
            courier.tidy()
            tidied = register.clock()

    with in_turns("tell-of-changes", tell, register.log.database.bell, WORK_SECONDS, AGAIN_SECONDS, patience=None):
        yield


def _postman(settings: Settings) -> Carry:
    if settings.smtp_security not in (STARTTLS, TLS, PLAIN):
        raise BadSetting(f"De instelling smtp_security moet {STARTTLS}, {TLS} of {PLAIN} zijn.")
    if not settings.smtp_host:
        return no_postman
    return Postman(
        settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user, settings.smtp_password
    )
