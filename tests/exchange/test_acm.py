"""From what ACM says to who acts here: people by their claims, machines by their tokens, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from app.errors import Forbidden
from app.exchange.oidc.acm_bodies import Bodies
from app.exchange.oidc.acm_machines import FOR_WHOM, MANAGE, NO_ROLE, NO_SCOPE, NOT_FOR_THEM, Machines
from app.exchange.oidc.acm_people import ClaimNames, People
from app.register import agents
from app.register.agents import Agent
from app.register.commands import RegisterAssociation
from app.register.handle import handle
from app.register.register import Register
from app.store.authorisations import Authorisations
from tests.register.builders import GODELIEVE, NOON, THE_KBO, Make, make_log, make_register, make_tools

GENT, AALST = "44021", "41002"
GENT_KBO, GENT_OVO, AALST_KBO = "0207451227", "OVO002067", "0207437468"
CLUB_KBO, VENDOR = "0403170701", "0800000174"
ROLES = {"Gebruiker": agents.MUNICIPALITY, "Koepel": agents.FEDERATION, "Baas": agents.MANAGER, "Toezicht": agents.DPO}
Found = list[tuple[str, str]]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A vzw that Godelieve represents (V0001001), and a club of hers without number (V0001002)."""
    tools = make_tools()
    log = make_log(tmp_path_factory.mktemp("acm"))
    register, make = make_register(tools, log), Make(tools.codelists)
    handle(RegisterAssociation(make.full()), THE_KBO, register)
    handle(RegisterAssociation(make.minimal(naam="Turnkring", vertegenwoordigers=[GODELIEVE])), THE_KBO, register)
    yield register
    log.close()


@pytest.fixture(scope="module")
def people(register: Register) -> People:
    return People(Bodies(register), ClaimNames(rollen="app_rol_3d"), ROLES, lambda text: f"blind-{len(text)}")


PEOPLE: list[tuple[str, dict[str, Any], Found]] = [
    ("a clerk", {"vo_doelgroepcode": "LB", "vo_orgcode": GENT_KBO, "app_rol_3d": [f"Gebruiker:{GENT_KBO}"]},
     [("gemeente", GENT)]),
    ("named by OVO where the role has the KBO number",
     {"vo_doelgroepcode": "LB", "vo_orgcode": GENT_OVO, "app_rol_3d": [f"Gebruiker:{GENT_KBO}"]}, [("gemeente", GENT)]),
    ("named by NIS", {"vo_doelgroepcode": "LB", "vo_orgcode": GENT, "app_rol_3d": ["Gebruiker"]}, [("gemeente", GENT)]),
    ("punctuated", {"vo_doelgroepcode": "LB", "vo_orgcode": "0207.451.227", "app_rol_3d": ["Gebruiker"]},
     [("gemeente", GENT)]),
    ("one text", {"vo_doelgroepcode": "LB", "vo_orgcode": GENT_KBO, "app_rol_3d": f"Gebruiker:{GENT_KBO}"},
     [("gemeente", GENT)]),
    ("several keys, come for one",
     {"vo_doelgroepcode": "LB", "vo_orgcode": GENT_KBO, "app_rol_3d": [f"Gebruiker:{AALST_KBO}, {GENT_KBO}"]},
     [("gemeente", GENT)]),
    ("several keys, come for none", {"vo_doelgroepcode": "LB", "app_rol_3d": [f"Gebruiker:{AALST_KBO}, {GENT_KBO}"]},
     [("gemeente", AALST), ("gemeente", GENT)]),
    ("a role for another body", {"vo_doelgroepcode": "LB", "vo_orgcode": GENT_KBO,
                                 "app_rol_3d": [f"Gebruiker:{AALST_KBO}"]}, []),
    ("a role that means nothing here", {"vo_doelgroepcode": "LB", "vo_orgcode": GENT_KBO, "app_rol_3d": ["Lezer"]}, []),
    ("no role", {"vo_doelgroepcode": "LB", "vo_orgcode": GENT_KBO}, []),
    ("no municipality", {"vo_doelgroepcode": "LB", "vo_orgcode": VENDOR, "app_rol_3d": ["Gebruiker"]}, []),
    ("a clerk with a club", {"vo_doelgroepcode": "LB", "vo_orgcode": GENT_KBO, "app_rol_3d": ["Gebruiker"],
                             "rrn": "85010100115"}, [("gemeente", GENT)]),
    ("two roles", {"vo_doelgroepcode": "GID", "vo_orgcode": "OVO002949", "app_rol_3d": ["Baas", "Toezicht:OVO002949"]},
     [("beheerder", ""), ("dpo", "")]),
    ("a citizen", {"vo_doelgroepcode": "BUR", "rrn": "85010100115"},
     [("vereniging", "V0001001"), ("vereniging", "V0001002")]),
    ("a citizen, number punctuated", {"rrn": "85.01.01-001.15"},
     [("vereniging", "V0001001"), ("vereniging", "V0001002")]),
    ("a citizen whom nobody knows", {"vo_doelgroepcode": "BUR", "rrn": "93051822361"}, [("oprichter", "")]),
    ("for an enterprise", {"vo_doelgroepcode": "EA", "vo_orgcode": CLUB_KBO}, [("vereniging", "V0001001")]),
    ("for an enterprise, and its representative", {"vo_doelgroepcode": "EA", "vo_orgcode": CLUB_KBO,
     "rrn": "85010100115"}, [("vereniging", "V0001001"), ("vereniging", "V0001002")]),
    ("an officer", {"vo_doelgroepcode": "OV", "vo_orgcode": CLUB_KBO, "app_rol_3d": ["Koepel"]},
     [("federatie", "V0001001")]),
    ("an officer of what we do not have", {"vo_doelgroepcode": "OV", "vo_orgcode": VENDOR, "app_rol_3d": ["Koepel"]},
     []),
    ("claims of a wrong kind", {"vo_doelgroepcode": ["LB"], "vo_orgcode": 12, "app_rol_3d": {"a": 1}, "rrn": 1}, []),
]  # fmt: skip


@pytest.mark.parametrize(("_who", "claims", "expected"), PEOPLE, ids=[who for who, _, _ in PEOPLE])
def test_claims_of_a_person(people: People, _who: str, claims: dict[str, Any], expected: Found) -> None:
    found = people.person({"sub": "iemand", **claims}).capacities
    assert [(each.role, whose(each)) for each in found] == expected


def test_a_person_is_a_pseudonym_and_a_blind_index(people: People) -> None:
    person = people.person({"sub": "iemand", "rrn": "85010100115"})
    assert person.account.startswith("blind-")
    assert "85010100115" not in repr(person)
    assert all(each.account == person.account for each in person.capacities)


MACHINES: list[tuple[str, dict[str, str], str | None, tuple[str, str] | str]] = [
    ("a municipality by NIS", {"niscode": GENT, "vo_orgcode": "x"}, None, ("gemeente", GENT)),
    ("a municipality by KBO", {"vo_orgcode": GENT_KBO}, None, ("gemeente", GENT)),
    ("a municipality by OVO", {"vo_ovocode": GENT_OVO}, GENT_OVO, ("gemeente", GENT)),
    ("a municipality that says another", {"vo_orgcode": GENT_KBO}, "OVO001992", ("gemeente", GENT)),
    ("the administrator", {"vo_orgcode": "OVO002949"}, None, ("beheerder", "")),
    ("a federation", {"vo_orgcode": CLUB_KBO}, None, ("federatie", "V0001001")),
    ("a vendor for one", {"vo_orgcode": VENDOR}, GENT_OVO, ("leverancier", GENT)),
    ("a vendor for one, punctuated", {"vo_orgcode": "0800.000.174"}, GENT_OVO, ("leverancier", GENT)),
    ("a vendor for nobody in particular", {"vo_orgcode": VENDOR}, None, FOR_WHOM),
    ("a vendor for who gave nothing", {"vo_orgcode": VENDOR}, "OVO002949", NOT_FOR_THEM),
    ("a vendor for who took it back", {"vo_orgcode": VENDOR}, "11002", NOT_FOR_THEM),
    ("a vendor that nobody knows", {"vo_orgcode": "0800000273"}, GENT_OVO, NO_ROLE),
    ("nobody", {}, GENT_OVO, NO_ROLE),
    ("another scope", {"vo_orgcode": GENT_KBO, "scope": "vo_info"}, None, NO_SCOPE),
    ("a scope that only begins so", {"vo_orgcode": GENT_KBO, "scope": f"{MANAGE}_lezen"}, None, NO_SCOPE),
]


@pytest.fixture(scope="module")
def machines(register: Register) -> Machines:
    ticks = iter(range(1000))
    authorisations = Authorisations(register.log.database, lambda: NOON + timedelta(seconds=next(ticks)))
    for nis in (GENT, AALST, "11002"):
        authorisations.give(VENDOR, "Demosoft", nis, "iemand")
    [antwerp] = authorisations.of_municipality("11002")
    authorisations.withdraw(antwerp.id, GENT, "iemand van Gent")  # not theirs to take back
    authorisations.withdraw(antwerp.id, "11002", "iemand")
    return Machines(
        Bodies(register), {"OVO002949": agents.MANAGER, CLUB_KBO: agents.FEDERATION}, authorisations, lambda _: "blind"
    )


@pytest.mark.parametrize(("_who", "claims", "initiator", "expected"), MACHINES, ids=[who for who, *_ in MACHINES])
def test_claims_of_a_machine(
    machines: Machines, _who: str, claims: Mapping[str, str], initiator: str | None, expected: tuple[str, str] | str
) -> None:
    told = {"scope": f"vo_info {MANAGE}", "client_id": "x", **claims}
    if isinstance(expected, str):
        with pytest.raises(Forbidden) as refused:
            machines.agent(told, initiator)
        assert refused.value.title == expected
    else:
        agent = machines.agent(told, initiator)
        assert (agent.role, whose(agent)) == expected


def test_an_authorisation_is_given_once_and_remembered_when_it_is_taken_back(register: Register) -> None:
    authorisations = Authorisations(register.log.database, lambda: NOON)
    for _ in range(2):
        authorisations.give("0800000273", "Andersoft", "71016", "iemand")
    [given] = authorisations.of_municipality("71016")
    authorisations.withdraw(given.id, "71016", "een ander")
    [taken] = authorisations.of_municipality("71016")
    assert (taken.withdrawn_by, authorisations.of_vendor("0800000273")) == ("een ander", ())


def whose(agent: Agent) -> str:
    return agent.municipality or agent.federation or next(iter(agent.associations), "")
