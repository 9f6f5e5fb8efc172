"""People and machines to act as, in a service whose identity port is `Acquaintances`.

ask("/beheer", **as_municipality("Gent"))                              # in a browser: a session
ask("/v1/verenigingen", "POST", **with_token(municipality("Gent")))    # a machine: a bearer token
"""

from __future__ import annotations

from functools import cache

from app.model.codelists import load_codelists
from app.register import agents
from app.register.agents import Agent
from app.web.identity import Credentials
from tests.web.world import BASE, ROOT

Headers = dict[str, str]
KNOWN: dict[str, Agent] = {}


class Acquaintances:
    """Whoever a test made a session or token for."""

    def identify(self, credentials: Credentials) -> Agent | None:
        return KNOWN.get(credentials.bearer or credentials.session or "")


def as_municipality(name: str) -> Headers:
    return with_session(municipality(name))


def as_vendor(name: str) -> Headers:
    return with_token(vendor(name))


def as_representative(*codes: str) -> Headers:
    return with_session(representative(*codes))


def as_federation(number: str) -> Headers:
    return with_session(federation(number))


def as_manager() -> Headers:
    return with_session(MANAGER)


def as_dpo() -> Headers:
    return with_session(DPO)


def with_session(agent: Agent) -> Headers:
    """What the browser of this agent sends from a page of ours."""
    return {"cookie": f"loket_sessie={_known(agent)}", "sec-fetch-site": "same-origin"}


def with_token(agent: Agent) -> Headers:
    """What the machine of this agent sends."""
    return {"authorization": f"Bearer {_known(agent)}"}


@cache
def municipality(name: str) -> Agent:
    home = load_codelists(ROOT).municipality(name)
    assert home is not None, name
    return Agent(home.unit or home.iri, f"Gemeente {home.name}", agents.MUNICIPALITY, home.nis)


def vendor(name: str) -> Agent:
    """A vendor that works for this municipality."""
    client = municipality(name)
    iri, label = f"{BASE}/id/organisatie/leverancier", f"Leverancier voor {client.label}"
    return Agent(iri, label, agents.VENDOR, client.municipality, on_behalf_of=client.iri)


def representative(*codes: str) -> Agent:
    iri = f"{BASE}/id/vereniging/{codes[0]}"
    return Agent(iri, "De Ware Vrienden", agents.ASSOCIATION, associations=frozenset(codes), account="persoon-1")


def federation(number: str) -> Agent:
    return Agent(f"{BASE}/id/organisatie/{number}", "Een federatie", agents.FEDERATION, federation=number)


MANAGER = Agent("https://data.vlaanderen.be/id/organisatie/OVO002949", "Vlaamse overheid", agents.MANAGER)
DPO = Agent(f"{BASE}/id/organisatie/dpo", "Functionaris voor gegevensbescherming", agents.DPO)


def _known(agent: Agent) -> str:
    token = f"wie-{abs(hash(agent)):x}"
    KNOWN[token] = agent
    return token
