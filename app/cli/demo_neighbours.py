"""What other registers say in the demonstration: the KBO in this very process, and clerks who looked at people."""

from __future__ import annotations

from dataclasses import replace

import orjson

from app.bootstrap.ambient import root
from app.cli.clerk import clerk
from app.cli.stubs import dosis_stub, notification_stub
from app.config import Settings
from app.exchange.stubs.known import Known, KnownAddress, KnownEnterprise, load_known
from app.exchange.stubs.magda import MagdaStub
from app.exchange.stubs.transport import StubTransport
from app.register.checks import SYSTEM_AGENT
from app.register.personal.people import read_personal, represented_by
from app.register.register import Register
from app.register.subjects import subject_of

HOST, DOSIS, NOTICES = "magda.demo", "dosis.demo", "notificaties.demo"
TOWN_HALL = KnownAddress("Botermarkt", "1", "", "9000", "Gent")
# Not registered yet: for who tries `/beheer/kbo`. The federation comes from another step.
MORE = (
    KnownEnterprise("0800090147", "De Vrolijke Vlieger", "DVV", started="2019-03-01", seat=TOWN_HALL),
    KnownEnterprise("0800090246", "Stichting Stadsgroen", form="026", started="2021-09-15", seat=TOWN_HALL),
    KnownEnterprise("0800000075", "Koor&Stem"),
)
READINGS = (
    ("Gent", "dienstverlening: subsidie 2026-112"),
    ("Gent", "bekendmaking: nieuwsbrief najaar"),
    ("Gent", "dienstverlening: zaalhuur Vooruit"),
)


def with_neighbours(settings: Settings) -> tuple[Settings, StubTransport | None]:
    """The settings with the KBO, DOSIS and Notificaties at hand, unless they name one: then they are as they were."""
    if settings.kbo_url or settings.dosis_url or settings.notifications_url:
        return settings, None
    chosen = replace(
        settings, kbo_url=f"http://{HOST}", dosis_url=f"http://{DOSIS}", dosis_token="demo",
        notifications_url=f"http://{NOTICES}/bundels", notifications_token="demo",
    )  # fmt: skip
    asked = {DOSIS: dosis_stub().answer, NOTICES: notification_stub().answer}
    return chosen, StubTransport({HOST: MagdaStub(invented()).answer}, asked)


def invented() -> Known:
    """The invented lists without seats, so that nothing changes by itself but what one should see: a name, an end."""
    known = load_known(root())
    enterprises = {number: replace(each, seat=None) for number, each in known.enterprises.items()}
    renamed, stopped = sorted(enterprises)[-2:]
    enterprises[renamed] = replace(enterprises[renamed], name=f"{enterprises[renamed].name} Plus")
    enterprises[stopped] = replace(enterprises[stopped], stopped="2026-06-30")
    return replace(known, enterprises=enterprises | {each.number: each for each in MORE})


def look_at_people(register: Register) -> None:
    """Some readings of the associations of people to log in as: they and the officer have something to see."""
    for number, (municipality, stated) in enumerate(READINGS):
        agent = replace(clerk(municipality, register), account=f"medewerker-{number + 1}")
        for code in _with_some_after(_of_the_cast(register)):
            subject = subject_of(register.log, register.tools.type.iri(code), register.today())
            if subject and subject.home and agent.covers(subject.home):
                read_personal(code, agent, register, stated)


def _with_some_after(codes: list[str]) -> list[str]:
    return [f"V{int(code[1:]) + step:07d}" for code in codes for step in (0, 3, 5)]


def _of_the_cast(register: Register) -> list[str]:
    """The associations of the people of `fixtures/mensen.json`."""
    people = orjson.loads((root() / "fixtures" / "mensen.json").read_bytes())["mensen"]
    numbers = [each["claims"]["rrn"] for each in people if "rrn" in each["claims"]]
    found = [code for number in numbers for code in represented_by(number, register, SYSTEM_AGENT)]
    return list(dict.fromkeys(found))
