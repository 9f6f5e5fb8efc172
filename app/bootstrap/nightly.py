"""What a running service does once a day, in the night: erase, settle recognitions, look for doubles."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog

from app.errors import LoketError
from app.exchange.magda.repertory import Repertory
from app.model.wording import BRUSSELS
from app.register.agents import SYSTEM, Agent
from app.register.chores import NIGHT, Chore, Chores, night_of
from app.register.decisions.linking import link_regulations
from app.register.dossiers.chores import forget_old_dossiers, remind_of_deadlines
from app.register.doubles.pairs import propose
from app.register.once import forget_old
from app.register.personal.forgetting import forget_expired
from app.register.products.feedback import forget_texts
from app.register.products.looking_after import remind_all
from app.register.products.publishing import remind_validators
from app.register.recognitions.settling import settle_all
from app.register.register import Register
from app.register.reports.figures_mail import send_figures
from app.register.reports.reporting import Reporter
from app.register.reports.usage import FEWEST, tidy
from app.store import ledger

LOOK_SECONDS = 600.0
STATE = "nachtwerk"


@contextmanager
def nightly(
    chores: Chores, register: Register, look: float = LOOK_SECONDS, stop: threading.Event | None = None
) -> Iterator[None]:
    """Do each chore on each day after three in the night, also when the service was not running at three.

    Of several processes on one log only the first does it. What is a process's own each does, from the first night that
    it sees; who only reads does nothing else. What somebody asks for meanwhile is done at once. `stop` is set at the
    end, for chores that take long.
    """
    stop = stop or threading.Event()

    def watch() -> None:
        asked: tuple[Chore, ...] = ()
        seen = night_of(register.clock())
        while not stop.is_set():
            tonight = night_of(register.clock())
            try:
                for chore in _todo(chores, register, asked, tonight != seen):
                    chores.perform(chore)
                    if stop.is_set():
                        return
            except LoketError as error:
                structlog.get_logger("nightly").warning("stopped halfway", why=error.title)
            seen, asked = tonight, chores.wait(look)

    thread = threading.Thread(target=watch, name="nightly", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        chores.wake()
        thread.join()


def chores_for(
    register: Register,
    data: Path,
    repertory: Repertory | None = None,
    fewest: int = FEWEST,
    more: Sequence[Chore] = (),
) -> Chores:
    """All that the night brings, in this order; `fewest` visitors make a search term worth keeping."""
    known = () if repertory is None else (Chore("repertorium", "In- en uitschrijven bij MAGDA", agree_with(repertory)),)
    return Chores(
        (
            Chore("bewaartermijn", "Persoonsgegevens wissen die lang genoeg bewaard zijn", forget_for(register, data)),
            Chore("sleutels", "Oude sleutels van herhaalde verzoeken vergeten", forget_keys_for(register)),
            Chore("terugkoppeling", "Afgehandelde reacties van lezers wissen", forget_feedback_for(register)),
            Chore("gebruik", "Gebruikscijfers samenvoegen, sporen van de dag wissen", tidy_for(register, fewest)),
            Chore("termijnen", "Herinneren aan dossiers over hun termijn", remind_of_dossiers_for(register)),
            Chore("dossiers", "Oude dossiers, begonnen aanvragen en documenten wissen", forget_dossiers_for(register)),
            Chore("nazicht", "Herinneren aan producten die na te kijken zijn", remind_for(register)),
            Chore("goedkeuring", "Herinneren aan producten die goed te keuren zijn", remind_approvers_for(register)),
            Chore("erkenningen", "Erkenningen laten ingaan en verlopen", settle_for(register)),
            Chore("dubbels", "Mogelijke dubbels zoeken", look_for_doubles(register)),
            Chore("reglementen", "Reglementen aan producten koppelen", tie_regulations_for(register)),
            *known,
            *more,
        ),
        register,
    )


def agree_with(repertory: Repertory) -> Callable[[], None]:
    """The task that has MAGDA know whom we follow: telling it goes on beside."""

    def agree() -> None:
        while planned := repertory.reconcile():
            structlog.get_logger("nightly").info("repertory", planned=planned)

    return agree


def _todo(chores: Chores, register: Register, asked: Iterable[Chore], is_new_night: bool) -> list[Chore]:
    """What is to be done now, in the order of the night."""
    reads_only = register.log.database.read_only
    all_of_it = not reads_only and due(register)
    return [
        chore
        for chore in chores.all
        if (chore in asked and (chore.own or not reads_only)) or (is_new_night if chore.own else all_of_it)
    ]


def due(register: Register) -> bool:
    """Whether today's work is still to be done; who asks first, does it."""
    local = register.clock().astimezone(BRUSSELS)
    if local.time() < NIGHT or register.log.get_state(STATE) == _day(local):
        return False
    with register.log.transaction() as transaction:
        if transaction.get_state(STATE) == _day(local):
            return False
        transaction.put_state(STATE, _day(local))
    return True


def forget_for(register: Register, data: Path) -> Callable[[], None]:
    """The task that erases what is kept long enough, and notes what went for when a backup is put back."""
    system = Agent(SYSTEM, "Het systeem", SYSTEM)

    def forget() -> None:
        forgotten = forget_expired(system, register)
        ledger.follow(data, register.log.database)
        if forgotten:
            register.log.database.scrub()
            structlog.get_logger("nightly").info("erased", associations=len(forgotten))

    return forget


def look_for_doubles(register: Register) -> Callable[[], None]:
    """The task that puts pairs of associations that may be one in the work queue."""

    def look() -> None:
        told = propose(register, Agent(SYSTEM, "Het systeem", SYSTEM))
        structlog.get_logger("nightly").info("compared", associations=told.looked_at, pairs=told.pairs)

    return look


def tie_regulations_for(register: Register) -> Callable[[], None]:
    """The task that ties regulations to products that came after them."""

    def tie() -> None:
        told = link_regulations(Agent(register.schema.base, "Het systeem", SYSTEM), register)
        structlog.get_logger("nightly").info("regulations", looked_at=told.looked_at, ties=told.links)

    return tie


def settle_for(register: Register) -> Callable[[], None]:
    """The task that brings recognitions in step with the calendar."""

    def settle() -> None:
        changed = settle_all(register)
        if changed:
            structlog.get_logger("nightly").info("recognitions", associations=changed)

    return settle


def forget_keys_for(register: Register) -> Callable[[], None]:
    """The task that forgets which requests were carried out, once nobody repeats them any more."""
    return lambda: forget_old(register)


def forget_feedback_for(register: Register) -> Callable[[], None]:
    """The task that erases what readers wrote of products, once that was settled long ago."""

    def forget() -> None:
        if erased := forget_texts(register):
            register.log.database.scrub()
            structlog.get_logger("nightly").info("erased", feedback=erased)

    return forget


def prepare_for(reporter: Reporter) -> Chore:
    """The task that makes the reports which take long, so that nobody waits for them by day."""

    def prepare() -> None:
        structlog.get_logger("nightly").info("reports", made=reporter.prepare())

    return Chore("rapporten", "Rapporten klaarmaken die lang duren", prepare)


def mail_for(register: Register, reporter: Reporter) -> Chore:
    """The task that brings figures to who asked for them."""

    def mail() -> None:
        if made := send_figures(register, reporter):
            structlog.get_logger("nightly").info("figures", mails=made)

    return Chore("cijfers", "Cijfers versturen naar wie erom vroeg", mail)


def tidy_for(register: Register, fewest: int) -> Callable[[], None]:
    """The task that leaves nothing of a day but counts."""

    def tidy_usage() -> None:
        tidy(register.log.database, register.clock(), fewest)
        register.log.database.scrub()

    return tidy_usage


def remind_of_dossiers_for(register: Register) -> Callable[[], None]:
    """The task that remembers deadlines of dossiers, and reminds who is to act."""

    def remind() -> None:
        if reminded := remind_of_deadlines(register):
            structlog.get_logger("nightly").info("reminded", dossiers=reminded)

    return remind


def forget_dossiers_for(register: Register) -> Callable[[], None]:
    """The task that forgets dossiers, applications and documents that are kept long enough."""

    def forget() -> None:
        dossiers, drafts, documents = forget_old_dossiers(register)
        if dossiers or drafts or documents:
            register.log.database.scrub()
            structlog.get_logger("nightly").info("erased", dossiers=dossiers, drafts=drafts, documents=documents)

    return forget


def remind_for(register: Register) -> Callable[[], None]:
    """The task that reminds of products that are to be looked at."""

    def remind() -> None:
        if reminded := remind_all(register):
            structlog.get_logger("nightly").info("reminded", products=reminded)

    return remind


def remind_approvers_for(register: Register) -> Callable[[], None]:
    """The task that reminds of drafts that have been waiting for their validator."""

    def remind() -> None:
        if reminded := remind_validators(register):
            structlog.get_logger("nightly").info("reminded", drafts=reminded)

    return remind


def _day(local: datetime) -> str:
    return local.date().isoformat()
