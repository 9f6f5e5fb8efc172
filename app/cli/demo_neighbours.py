"""What other registers say in the demonstration: the KBO in this very process, and clerks who looked at people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.bootstrap import root
from app.cli.clerk import clerk
from app.config import Settings
from app.exchange.stub_known import Known, KnownAddress, KnownEnterprise, load_known
from app.exchange.stub_magda import MagdaStub
from app.exchange.stub_transport import StubTransport
from app.register.people import read_personal
from app.register.register import Register
from app.register.subjects import subject_of

HOST = "magda.demo"
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
    """The settings with the KBO at hand, unless they name one."""
    if settings.kbo_url:
        return settings, None
    return replace(settings, kbo_url=f"http://{HOST}"), StubTransport({HOST: MagdaStub(invented()).answer})


def invented() -> Known:
    """The invented lists without seats, so that nothing changes by itself but what one should see: a name, an end."""
    known = load_known(root())
    enterprises = {number: replace(each, seat=None) for number, each in known.enterprises.items()}
    renamed, stopped = sorted(enterprises)[-2:]
    enterprises[renamed] = replace(enterprises[renamed], name=f"{enterprises[renamed].name} Plus")
    enterprises[stopped] = replace(enterprises[stopped], stopped="2026-06-30")
    return replace(known, enterprises=enterprises | {each.number: each for each in MORE})


def look_at_people(register: Register) -> None:
    """Some readings, so that an association and the officer have something to see."""
    for number, (municipality, stated) in enumerate(READINGS):
        agent = replace(clerk(municipality, register), account=f"medewerker-{number + 1}")
        for code in _some(agent.covers, register)[number : number + 3]:
            read_personal(code, agent, register, stated)


def _some(covers: Callable[[str], bool], register: Register) -> list[str]:
    """The first associations of a municipality of which the vault holds people."""
    held = frozenset(register.log.vault.entities())
    start = register.tools.type.iri_start
    found = []
    for version in register.log.entities(register.tools.type.key, limit=2000):
        subject = subject_of(register.log, version.entity, register.today())
        if version.entity in held and subject and subject.home and covers(subject.home):
            found.append(version.entity.removeprefix(start))
        if len(found) == 6:
            break
    return found
