"""Messages as they arrive: at a mail server and a web server that others made or that anybody would write."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from ssl import SSLCertVerificationError
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from app.exchange.guarded import Guarded, NotAllowed, Unreachable
from app.exchange.telling.courier import Courier
from app.exchange.telling.letters import Letters
from app.exchange.telling.mail import Postman, mailer
from app.exchange.telling.webhook import headers, webhook
from app.register.commands import ChangeAssociation, RegisterAssociation
from app.register.handle import handle
from app.register.products.audience import about
from app.register.register import Register, Tools
from app.register.telling.commands import Subscribe, Unsubscribe
from app.register.telling.messages import Teller
from app.register.telling.occasions import load_occasions
from app.register.telling.recipients import recipient_of
from app.register.telling.subscribing import Offer, confirm, send_test, subscribe, unsubscribe
from app.store.deliveries import DROPPED, FAILED, SENT, TO_SEND, Delivery, deliveries, revive
from app.store.log import open_log
from app.store.subscriptions import Subscription, subscription
from app.store.vault import Cipher
from tests.exchange.receivers import Certificate, Hits, Mailbox, mail_server, make_certificate, web_server
from tests.register.builders import BASE, GENT, KEY, ROOT, Make, make_register, make_tools
from tests.running import free_port


@dataclass
class Clock:
    """A clock that a test sets forward; it moves a little at every look."""

    time: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> datetime:
        with self.lock:
            self.time += timedelta(milliseconds=1)
            return self.time

    def forward(self, **time: float) -> None:
        self.time += timedelta(**time)


@dataclass
class World:
    """A register, the couriers of its messages, and both kinds of receivers."""

    register: Register
    clock: Clock
    courier: Courier
    mailbox: Mailbox
    hits: Hits
    make: Make
    numbers: Iterator[int] = field(default_factory=count)

    def subscribe(self, channel: str, address: str, **told: Any) -> Subscription:
        offer = Offer(frozenset({"alles"}), lambda: f"abo{next(self.numbers)}", insecure=True)
        command = replace(Subscribe("gemeente/44021", ("alles",), channel, address), **told)
        return subscribe(command, GENT, self.register, offer)

    def hook(self) -> Subscription:
        return self.subscribe("webhook", self.hits.url)

    def mailing(self, address: str = "lieve@gent.be", **told: Any) -> Subscription:
        """A subscription whose owner agreed."""
        made = self.subscribe("e-mail", address, **told)
        self.deliver()
        recipient = recipient_of(made, self.register)
        assert recipient is not None
        confirm(made.id, recipient.confirming, self.register)
        return made

    def happen(self, name: str = "De Vrienden") -> None:
        """The association gets another name."""
        handle(ChangeAssociation("V0001001", {"naam": name}), GENT, self.register, "naam klopte niet")

    def deliver(self) -> None:
        while self.courier.work():
            pass

    def standing(self, of: Subscription) -> list[Delivery]:
        return deliveries(self.register.log.database, [of.id], (TO_SEND, SENT, FAILED, DROPPED), 1000)


@pytest.fixture(scope="module")
def tools() -> Tools:
    return make_tools()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def mail(certificate: Certificate) -> Iterator[Mailbox]:
    with mail_server(certificate) as mailbox:
        yield mailbox


@pytest.fixture
def world(tools: Tools, certificate: Certificate, mail: Mailbox, tmp_path: Path) -> Iterator[World]:
    clock = Clock()
    log = open_log(f"sqlite:///{tmp_path}/log.sqlite", clock, Cipher(KEY))
    register = replace(make_register(tools, log), clock=clock)
    occasions = load_occasions(ROOT, register.schema)
    teller = Teller(register.schema, register.codelists, occasions, {GENT.iri: "Stad Gent"}.get)
    letters = Letters(
        BASE, "Verenigingsloket", "meldingen@loket.be", "vragen@loket.be", lambda one: about(one.scope, register)
    )
    postman = Postman("localhost", mail.port, tls=certificate.client())
    courier = Courier(register, teller, mailer(postman, letters), webhook(Guarded(private=True).post), lambda: 0.5)
    make = Make(tools.codelists)
    handle(RegisterAssociation(make.minimal(locaties=[make.location()])), GENT, register)
    for kept in (mail.letters, mail.replies, mail.encrypted):
        kept.clear()
    with web_server() as hits:
        yield World(register, clock, courier, mail, hits, make)
    register.log.close()


def test_a_webhook_is_signed_as_its_library_checks(world: World) -> None:
    mine = world.hook()
    world.happen()
    world.deliver()
    [(sent, body)] = world.hits.got
    recipient = recipient_of(mine, world.register)
    assert recipient is not None
    fresh = headers(recipient.secret, sent["webhook-id"], body, datetime.now(UTC))
    verified = Webhook(recipient.secret).verify(body, fresh)
    assert verified["type"] == "vereniging.wijziging" and verified["data"]["naam"] == "De Vrienden"
    assert verified["data"]["reden"] == "naam klopte niet"
    with pytest.raises(WebhookVerificationError):
        Webhook(recipient.secret).verify(body + b" ", fresh)
    again = headers(
        recipient.secret, sent["webhook-id"], body, datetime.fromtimestamp(int(sent["webhook-timestamp"]), UTC)
    )
    assert sent["webhook-signature"] == again["webhook-signature"]


def test_what_fails_is_tried_again_later_and_later_and_at_last_kept_apart(world: World) -> None:
    mine = world.hook()
    world.hits.statuses = [500] * 100
    world.happen()
    waits = []
    for _ in range(10):
        world.deliver()
        [one] = world.standing(mine)
        if one.state == TO_SEND:
            waits.append((datetime.fromisoformat(one.due) - world.clock.time).total_seconds())
        world.clock.time = max(world.clock.time, datetime.fromisoformat(one.due))
    assert (one.state, one.attempts, one.outcome) == (FAILED, 10, "HTTP 500")
    assert [round(wait) for wait in waits[:4]] == [4, 15, 60, 240] and round(waits[-1]) == 64800
    assert len({sent["webhook-id"] for sent, _ in world.hits.got}) == 1
    world.hits.statuses.clear()
    with world.register.log.transaction() as transaction:
        revive(transaction.connection, [one.id], transaction.now())
    world.deliver()
    assert [(each.state, each.attempts) for each in world.standing(mine)] == [(SENT, 1)]


def test_a_receiver_that_asks_for_time_gets_it(world: World) -> None:
    mine = world.hook()
    world.hits.statuses, world.hits.headers = [503], {"Retry-After": "600"}
    world.happen()
    world.deliver()
    [one] = world.standing(mine)
    assert timedelta(minutes=9) < datetime.fromisoformat(one.due) - world.clock.time <= timedelta(minutes=10)


def test_a_receiver_that_is_gone_is_told_no_more(world: World) -> None:
    mine = world.hook()
    world.hits.statuses = [410]
    world.happen()
    world.deliver()
    world.happen("De Kameraden")
    world.deliver()
    kept = subscription(world.register.log.database, mine.id)
    assert len(world.hits.got) == 1 and kept is not None and kept.state == "gestopt"


def test_a_redirect_is_not_followed(world: World) -> None:
    mine = world.hook()
    world.hits.statuses, world.hits.headers = [302], {"Location": world.hits.url}
    world.happen()
    world.deliver()
    assert len(world.hits.got) == 1 and world.standing(mine)[0].outcome == "HTTP 302"


PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fd00::1",
           "::ffff:10.0.0.1", "2002:7f00:0001::", "64:ff9b::a00:1", "fe80::1", "224.0.0.1"]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_goes_into_a_private_network(address: str) -> None:
    with pytest.raises(NotAllowed):
        Guarded(lambda host, port: [address]).post("https://crm.voorbeeld.be/", {}, b"")


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(NotAllowed):
        Guarded(lambda host, port: ["193.191.1.1", "127.0.0.1"]).post("https://crm.voorbeeld.be/", {}, b"")


def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(world: World) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    port = urlsplit(world.hits.url).port
    assert Guarded(rebinding, private=True).post(f"http://crm.voorbeeld.be:{port}/", {}, b"").status == 204
    assert asked == ["crm.voorbeeld.be"]
    assert world.hits.got[0][0]["host"] == f"crm.voorbeeld.be:{port}"


def test_without_tls_only_where_the_setting_allows() -> None:
    with pytest.raises(NotAllowed, match="https"):
        Guarded(lambda host, port: ["193.191.1.1"]).post("http://crm.voorbeeld.be/", {}, b"")


def test_who_answers_a_byte_at_a_time_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                for byte in b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100:
                    try:
                        connection.send(bytes([byte]))
                    except OSError:
                        return
                    stop.wait(0.05)

        stop = threading.Event()
        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(Unreachable, match="binnen de tijd"):
            Guarded(private=True, seconds=0.5).post(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, b"")
        stop.set()
        thread.join()


def test_a_mail_says_when_who_why_and_which_fields_over_tls(world: World) -> None:
    world.mailing()
    world.happen()
    world.deliver()
    [_, letter] = world.mailbox.letters
    assert world.mailbox.encrypted == [True, True]
    assert letter["to"] == "lieve@gent.be" and letter["from"] == "Verenigingsloket <meldingen@loket.be>"
    assert letter["subject"] == "De Vrienden: naam gewijzigd"
    parts = {part.get_content_type(): part.get_content() for part in letter.iter_parts()}
    for text in (parts["text/plain"], parts["text/html"]):
        for said in ("24 november 2026 om 13.00 uur", "Stad Gent", "naam klopte niet", "Naam", "De Houten Klepel"):
            assert said in text
    assert letter["auto-submitted"] == "auto-generated"


def test_an_address_is_asked_to_agree_first(world: World) -> None:
    made = world.subscribe("e-mail", "lieve@gent.be")
    world.happen()
    world.deliver()
    [letter] = world.mailbox.letters
    assert letter["subject"] == "Bevestig uw abonnement op meldingen: de gemeente Gent"
    assert letter["list-unsubscribe"] is None
    plain = letter.get_body(("plain",))
    assert plain is not None
    link = next(word for word in plain.get_content().split() if "/bevestigen?" in word)
    confirm(made.id, parse_qs(urlsplit(link).query)["token"][0], world.register)
    world.happen("De Kameraden")
    world.deliver()
    assert world.mailbox.letters[1]["subject"] == "De Kameraden: naam gewijzigd"


def test_one_click_stops_it(world: World) -> None:
    made = world.mailing()
    world.happen()
    world.deliver()
    letter = world.mailbox.letters[-1]
    assert letter["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    link = urlsplit(letter["list-unsubscribe"].strip("<>"))
    assert link.path == f"/abonnement/{made.id}/afmelden"
    unsubscribe(Unsubscribe(made.id, parse_qs(link.query)["token"][0]), None, world.register)
    world.happen("De Kameraden")
    world.deliver()
    assert len(world.mailbox.letters) == 2


def test_a_day_of_changes_is_one_mail_in_the_morning(world: World) -> None:
    world.mailing(rhythm="dagelijks")
    for name in ("De Vrienden", "De Kameraden", "De Gezellen"):
        world.happen(name)
    world.deliver()
    assert len(world.mailbox.letters) == 1
    world.clock.time = datetime(2026, 11, 25, 6, 1, tzinfo=UTC)
    world.deliver()
    [_, letter] = world.mailbox.letters
    assert letter["subject"] == "3 wijzigingen: de gemeente Gent"
    plain = letter.get_body(("plain",))
    assert plain is not None and "De Gezellen" in plain.get_content()


def test_a_mailbox_that_does_not_exist_is_tried_once(world: World) -> None:
    mine = world.mailing("onbekend@gent.be")
    world.happen()
    world.deliver()
    assert {(each.state, each.outcome) for each in world.standing(mine)} == {(FAILED, "SMTP 550")}


def test_a_server_that_is_busy_is_asked_again(world: World) -> None:
    mine = world.mailing()
    world.deliver()
    world.mailbox.replies = ["451 straks"]
    world.happen()
    world.deliver()
    assert world.standing(mine)[0].outcome == "SMTP 451"
    world.clock.forward(minutes=1)
    world.deliver()
    assert world.mailbox.letters[-1]["subject"] == "De Vrienden: naam gewijzigd"


def test_a_name_with_a_line_break_makes_no_header(world: World) -> None:
    world.mailing()
    world.happen("De\r\nBcc: jan@voorbeeld.be")
    world.deliver()
    assert world.mailbox.letters[-1]["bcc"] is None


def test_a_server_whose_certificate_nobody_trusts_gets_nothing(world: World) -> None:
    letter = EmailMessage()
    letter["To"], letter["From"] = "lieve@gent.be", "meldingen@loket.be"
    with pytest.raises(SSLCertVerificationError):
        Postman("localhost", world.mailbox.port)(letter)
    assert world.mailbox.letters == []


def test_a_test_message_arrives_and_says_so(world: World) -> None:
    for mine in (world.mailing(), world.hook()):
        send_test(mine.id, GENT, world.register, Offer(frozenset(), lambda: f"proef{next(world.numbers)}"))
    world.deliver()
    assert world.mailbox.letters[-1]["subject"] == "Proefmelding"
    assert orjson.loads(world.hits.got[0][1])["type"] == "proef"


def test_two_couriers_never_send_the_same(world: World) -> None:
    mine = [world.hook() for _ in range(5)]
    for number in range(12):
        world.happen(f"De Vrienden {number}")
    threads = [threading.Thread(target=world.deliver) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [sent["webhook-id"] for sent, _ in world.hits.got]
    assert len(ids) == len(set(ids)) == 12 * len(mine)


def test_what_was_sent_long_ago_is_forgotten_and_what_nobody_agreed_to(world: World) -> None:
    mine, never = world.hook(), world.subscribe("e-mail", "lieve@gent.be")
    world.happen()
    world.deliver()
    world.clock.forward(days=8)
    world.courier.tidy()
    assert recipient_of(never, world.register) is None and len(world.standing(mine)) == 1
    world.clock.forward(days=90)
    world.courier.tidy()
    assert world.standing(mine) == []


def test_the_receiver_of_the_readme_receives(world: World) -> None:
    """Run as it stands there; the messages come from the true clock, for the library looks at the time."""
    [program] = re.findall(
        r"<!-- webhook receiver -->\n```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    world.clock.time = datetime.now(UTC)
    port = free_port()
    mine = world.subscribe("webhook", f"http://127.0.0.1:{port}/")
    recipient = recipient_of(mine, world.register)
    assert recipient is not None
    environment = {"SECRET": recipient.secret, "PORT": str(port)}
    command = [sys.executable, "-W", "ignore", "-c", program]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as receiver:
        try:
            while not listens(port):
                assert receiver.poll() is None
                time.sleep(0.05)
            world.happen()
            world.deliver()
            assert receiver.stdout is not None
            assert receiver.stdout.readline().decode() == "De Vrienden naam gewijzigd\n"
            assert world.standing(mine)[0].outcome == "HTTP 204"
        finally:
            receiver.terminate()


def listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
