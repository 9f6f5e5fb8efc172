"""The demonstration: invented associations of real municipalities, and invented people to log in as.

Whoever adds a part of the service adds a step to `STEPS`: they run in this order, once, on the first start.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from dataclasses import replace

import httpx

from app.bootstrap.ambient import mint, now, root
from app.bootstrap.entrance import RETURN_PATH, pseudonyms
from app.bootstrap.register import open_register
from app.bootstrap.service import open_service
from app.cli.clerk import clerk
from app.cli.command import Command
from app.cli.demo_applications import apply_for_products
from app.cli.demo_decisions import decide
from app.cli.demo_drafts import write_products
from app.cli.demo_feedback import guide_writers, speak_of_products
from app.cli.demo_ipdc import meet_ipdc
from app.cli.demo_merger import leave_old_products
from app.cli.demo_neighbours import look_at_people, with_neighbours
from app.cli.demo_products import load_products
from app.cli.demo_recognitions import recognise
from app.cli.demo_telling import follow_changes
from app.cli.demo_usage import visit
from app.cli.listening import end_orderly, start_again
from app.cli.serving import answer_requests
from app.config import Settings
from app.exchange.imports.associations import import_associations
from app.exchange.oidc.demo_provider import DemoProvider, InProcess, Loket, read_cast
from app.exchange.telling.sending import Postbox
from app.register import agents
from app.register.agents import Agent
from app.register.commands import ChangeAssociation, RegisterAssociation
from app.register.handle import handle, handle_all
from app.register.personal.people import current
from app.register.register import Register
from app.store.authorisations import Authorisations
from app.web.app import create_app
from app.web.demo_pages import AT, routes

FEDERATION, FEDERATION_KBO = "Koor&Stem", "0800.000.075"
# Who approves products of Ghent, as fixtures/mensen.json knows them.
VALIDATOR = "demo-gent-diensthoofd"
LOADING = "De verzonnen verenigingen, producten en besluiten worden ingelezen: zo'n minuut, enkel deze keer…"
VENDOR_KBO, VENDOR = "0800000174", "Demosoft"


def demo(arguments: argparse.Namespace, settings: Settings) -> int:
    """As `serve`, with invented associations and people, brought in on the first start."""
    signal.signal(signal.SIGTERM, end_orderly)
    with open_register(settings) as register:
        if register.log.head() == 0:
            print(LOADING, file=sys.stderr)
            for step in STEPS:
                step(register)
            write_products(register, pseudonyms(settings)(VALIDATOR))
        provider = demo_provider(register.schema.base)
    settings, neighbours = with_neighbours(with_provider(settings, provider))
    postbox = None if settings.smtp_host else Postbox()
    with open_service(settings, httpx.Client(transport=InProcess(provider)), postbox, neighbours) as service:
        listener, again = answer_requests(create_app(service, routes(provider)), settings)
    return start_again(listener) if again else 0


def demo_provider(base: str) -> DemoProvider:
    """The provider with the people of `fixtures/mensen.json`."""
    loket = Loket("loket", mint(), base + RETURN_PATH, f"{base}/afgemeld")
    return DemoProvider(base + AT, loket, read_cast(root() / "fixtures" / "mensen.json"), now, mint)


def with_provider(settings: Settings, provider: DemoProvider) -> Settings:
    """The settings, with this provider whatever they said."""
    loket = provider.loket
    return replace(
        settings, oidc_issuer=provider.issuer, oidc_client=loket.client, oidc_secret=loket.secret, oidc_key="",
        token_client="", token_secret="",
    )  # fmt: skip


def load_lists(register: Register) -> None:
    """Some 2,000 associations, as the clerks of their municipalities would bring them in."""
    for path in sorted((root() / "fixtures" / "verenigingen").glob("*.csv")):
        with import_associations(path, path.stem, register, clerk(path.stem, register), root(), workers=0):
            pass


def leave_work(register: Register) -> None:
    """Another service of Gent has a list of its own: what is in it twice, or has an unknown address, waits."""
    path = root() / "fixtures" / "werklijst" / "gent.csv"
    with import_associations(path, path.stem, register, clerk(path.stem, register), root(), workers=0):
        pass


def make_federation(register: Register) -> None:
    """One of the federations that the lists name is itself in the register, so its officer has members to follow."""
    concept = register.codelists.find("verenigingstype", "VZW")
    assert concept is not None
    document = {"naam": FEDERATION, "verenigingstype": concept.iri, "kboNummer": FEDERATION_KBO}
    kbo = Agent(f"{register.schema.base}/id/organisatie/kbo", "KBO", agents.KBO)
    code = handle(RegisterAssociation(document), kbo, register).code
    changes = []
    for version in register.log.entities("vereniging", limit=10_000):
        if FEDERATION.encode() not in (version.public or b"") + version.internal:
            continue
        member = version.entity.rpartition("/")[2]
        memberships = current(member, register)[1].get("lidmaatschappen", ())
        if any(each.get("naam") == FEDERATION for each in memberships):
            named = [{**each, "andereVereniging": code} if each.get("naam") == FEDERATION else each
                     for each in memberships]  # fmt: skip
            changes.append(ChangeAssociation(member, {"lidmaatschappen": named}))
    handle_all(changes, kbo, register)


def authorise_vendor(register: Register) -> None:
    """Two municipalities let the same vendor act for them."""
    authorisations = Authorisations(register.log.database, now)
    for nis in ("44021", "41002"):
        authorisations.give(VENDOR_KBO, VENDOR, nis, "demo")


STEPS: tuple[Callable[[Register], None], ...] = (
    load_lists,
    leave_work,
    make_federation,
    recognise,
    authorise_vendor,
    load_products,
    leave_old_products,
    speak_of_products,
    guide_writers,
    decide,
    apply_for_products,
    meet_ipdc,
    follow_changes,
    look_at_people,
    visit,
)
COMMANDS = (
    Command(
        "demo",
        demo,
        "Zoals serve, met verzonnen verenigingen, producten, besluiten en mensen, ingelezen bij de eerste start.",
    ),
)
