"""Figures come by e-mail to who asked, agreed, and may still see them; once a day, a week or a month."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from urllib.parse import urlencode

import httpx
import pytest

from app.bootstrap.telling import make_letters
from app.register.agents import Agent
from app.register.register import Register
from app.register.reports import figures_mail
from app.register.reports.figures_mail import send_figures
from app.register.telling.recipients import recipient_of
from app.register.telling.subscribing import confirm
from app.store.deliveries import FIGURES, SENT, TO_SEND, Delivery, deliveries
from app.store.subscriptions import Subscription, change_subscription, subscriptions_of
from tests.web.people import as_manager, as_municipality, municipality
from tests.web.report_world import HOME, NIS, Counted, open_counted


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    yield from open_counted(tmp_path_factory.mktemp("cijfers"))


def ask(counted: Counted, who: dict[str, str], **form: str) -> httpx.Response:
    body = urlencode({"adres": "cijfers@voorbeeld.be", "ritme": "elke week", "gemeente": NIS, **form}).encode()
    headers = {"content_type": "application/x-www-form-urlencoded", "accept": "text/html", **who}
    return counted.ask("/beheer/rapporten", "POST", body, **headers)


def agree(counted: Counted, answer: httpx.Response) -> Subscription:
    id = answer.headers["location"].rpartition("/")[2].partition("?")[0]
    register = counted.world.service.register
    known = next(one for one in subscriptions_of(register.log.database) if one.id == id)
    recipient = recipient_of(known, register)
    assert recipient is not None
    return confirm(id, recipient.confirming, register)


def waiting(counted: Counted, known: Subscription) -> list[Delivery]:
    database = counted.world.service.log.database
    return deliveries(database, [known.id], (TO_SEND, SENT), 100, kinds=(FIGURES,))


def letter(counted: Counted, known: Subscription, one: Delivery) -> EmailMessage:
    service = counted.world.service
    recipient = recipient_of(known, service.register)
    assert recipient is not None
    letters = make_letters(service.register, service.title, service.publisher, service.means)
    return letters.letter(recipient, known, [one], service.clock())


def standing(register: Register) -> Register:
    """The register at one moment: the clock of these tests moves an hour at each look, and a week must not pass."""
    now = register.clock()
    return replace(register, clock=lambda: now)


def test_figures_come_once_a_week_after_the_address_agreed(counted: Counted) -> None:
    answer = ask(counted, as_municipality(HOME))
    assert answer.status_code == 303
    register, reporter = standing(counted.world.service.register), counted.world.service.reporter
    assert reporter is not None
    assert send_figures(register, reporter) == 0
    known = agree(counted, answer)
    assert send_figures(register, reporter) == 1
    assert send_figures(register, reporter) == 0
    [one] = waiting(counted, known)
    assert "-cijfers-2026-W" in one.id

    sent = letter(counted, known, one)
    text = sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = sent.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert sent["Subject"].startswith(f"De cijfers van {HOME}: ")
    assert "Eerst te doen: " in text and "Verenigingen per soort" in text and f"gemeente={NIS}" in text
    assert "op 100 voor de kwaliteit" in html and "/beheer/rapporten/verenigingen-per-soort" in html
    assert sent["List-Unsubscribe"]


def test_the_page_of_the_subscription_sends_them_now(counted: Counted) -> None:
    known = agree(counted, ask(counted, as_municipality(HOME), ritme="elke maand"))
    page = counted.ask(f"/beheer/abonnementen/{known.id}", accept="text/html", **as_municipality(HOME)).text
    assert f"De cijfers van {HOME} per e-mail" in page and "Verstuur nu" in page and "aanleiding" not in page
    headers = {"content_type": "application/x-www-form-urlencoded", **as_municipality(HOME)}
    assert counted.ask(f"/beheer/abonnementen/{known.id}", "POST", b"doe=proef", **headers).status_code == 303
    assert len(waiting(counted, known)) == 1


def test_they_come_more_or_less_often_from_the_page_and_from_the_link_in_the_mail(counted: Counted) -> None:
    known = agree(counted, ask(counted, as_municipality(HOME), ritme="elke week"))
    register, at = counted.world.service.register, f"/beheer/abonnementen/{known.id}"

    def rhythm() -> str:
        return next(one.rhythm for one in subscriptions_of(register.log.database) if one.id == known.id)

    headers = {"content_type": "application/x-www-form-urlencoded", "accept": "text/html"}
    own = {**headers, **as_municipality(HOME)}
    assert counted.ask(at, "POST", b"doe=wijzigen&ritme=elke+maand", **own).status_code == 303
    assert rhythm() == "elke maand"
    assert counted.ask(at, "POST", b"doe=wijzigen&ritme=meteen", **own).status_code == 400
    page = counted.ask(at, accept="text/html", **as_municipality(HOME)).text
    assert 'value="elke maand" checked' in page and 'value="meteen"' not in page

    assert counted.ask(at, "POST", b"doe=proef", **own).status_code == 303
    text = letter(counted, known, waiting(counted, known)[0]).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    preview = counted.ask(f"/beheer/meldingen/{waiting(counted, known)[0].id}", **own)
    assert counted.ask("/beheer/meldingen", **own).status_code == 200
    assert preview.status_code == 200 and "Vaker of minder vaak ontvangen" in preview.text
    link = next(line for line in text.splitlines() if line.startswith("Vaker of minder vaak")).rpartition(" ")[2]
    link = link.removeprefix(counted.world.service.base)
    page = counted.ask(link, accept="text/html").text
    assert "Hoe vaak wilt u dit krijgen?" in page and f"de cijfers van {HOME}" in page and rhythm() == "elke maand"
    done = counted.ask(link, "POST", b"ritme=elke+week", **headers)
    assert "Gewijzigd" in done.text and "voortaan elke week" in done.text and rhythm() == "elke week"
    assert counted.ask(link, "POST", b"ritme=elk+uur", **headers).status_code == 400
    wrong = link.partition("token=")[0] + "token=geraden"
    assert counted.ask(wrong, "POST", b"ritme=elke+dag", **headers).status_code == 404 and rhythm() == "elke week"


def test_who_may_not_see_them_any_more_gets_them_no_more(counted: Counted) -> None:
    register, reporter = counted.world.service.register, counted.world.service.reporter
    assert reporter is not None
    known = agree(counted, ask(counted, as_municipality(HOME), ritme="elke dag"))
    with register.log.transaction() as transaction:
        standing = replace(known.standing, lost=True)
        change_subscription(transaction.connection, known.id, standing=standing)
    send_figures(register, reporter)
    assert waiting(counted, known) == []


@pytest.mark.parametrize(
    ("form", "status"),
    [({"adres": "geen adres"}, 400), ({"ritme": "meteen"}, 400), ({"gemeente": "44021"}, 403), ({"gemeente": ""}, 403)],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(counted: Counted, form: dict[str, str], status: int) -> None:
    assert ask(counted, as_municipality(HOME), **form).status_code == status


def test_who_manages_all_gets_all_of_flanders(counted: Counted) -> None:
    answer = ask(counted, as_manager(), gemeente="", ritme="elke dag")
    known = agree(counted, answer)
    register, reporter = counted.world.service.register, counted.world.service.reporter
    assert reporter is not None and send_figures(register, reporter) >= 1
    [one] = waiting(counted, known)
    assert letter(counted, known, one)["Subject"].startswith("De cijfers van heel Vlaanderen: ")


def test_a_change_is_not_told_to_who_asked_for_figures(counted: Counted) -> None:
    from app.register.products.audience import within

    assert within(f"rapport/{NIS}", None, counted.world.service.register) is False  # type: ignore[arg-type]


def test_the_examples_are_right() -> None:
    assert doctest.testmod(figures_mail).failed == 0
    assert isinstance(municipality(HOME), Agent)
