"""Which body a code of ACM means: a municipality, an association that we have, or another organisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.model.graph import IRI, from_ntriples
from app.model.municipalities import Municipality
from app.model.terms import SKOS
from app.register import agents
from app.register.agents import Agent
from app.register.desk import KBO_CLAIM
from app.register.register import Register
from app.register.subjects import subject_of

ORGANISATION = "https://data.vlaanderen.be/id/organisatie/"


@dataclass(frozen=True)
class Bodies:
    """Looks organisations up by KBO number, OVO code or NIS code, however punctuated."""

    register: Register

    def municipality(self, *codes: str | None) -> Municipality | None:
        """The municipality that one of these codes means."""
        return next((home for code in codes if code and (home := self._municipalities.get(plain(code)))), None)

    def association(self, number: str) -> str | None:
        """The IRI of the association with this KBO number or V-code, if we have it."""
        code = plain(number)
        found = self.register.log.find(KBO_CLAIM, code)
        iri = found[0] if found else self.register.tools.type.iri(code)
        return iri if subject_of(self.register.log, iri, self.register.today()) else None

    def iris(self, code: str) -> frozenset[str]:
        """Whom this code may mean; nobody when it is empty."""
        if not code:
            return frozenset()
        home = self.municipality(code)
        found = (home.unit or home.iri if home else None, self.association(code), ORGANISATION + plain(code))
        return frozenset(filter(None, found))

    def name(self, association: str) -> str:
        """How an association is called."""
        version = self.register.log.latest(association)
        graph = from_ntriples((version.public or b"") + version.internal) if version else None
        name = graph.value(IRI(association), SKOS.prefLabel) if graph else None
        return str(getattr(name, "value", "")) or association.rpartition("/")[2]

    def as_municipality(self, home: Municipality, account: str) -> Agent:
        """Somebody who acts for a municipality."""
        return Agent(
            home.unit or home.iri, f"Gemeente {home.name}", agents.MUNICIPALITY, municipality=home.nis, account=account
        )

    def as_representative(self, association: str, account: str) -> Agent:
        """Somebody who acts for an association."""
        code = association.rpartition("/")[2]
        return Agent(
            association, self.name(association), agents.ASSOCIATION, associations=frozenset({code}), account=account
        )

    def as_federation(self, association: str, account: str) -> Agent:
        """Somebody who acts for the members of a federation."""
        code = association.rpartition("/")[2]
        return Agent(association, self.name(association), agents.FEDERATION, federation=code, account=account)

    def as_organisation(self, role: str, code: str, name: str, account: str) -> Agent:
        """Somebody who acts for another organisation, known by its code."""
        return Agent(ORGANISATION + plain(code), name or plain(code), role, account=account)

    @cached_property
    def _municipalities(self) -> dict[str, Municipality]:
        all = self.register.codelists.municipalities.all
        return {code: home for home in all for code in (home.nis, home.ovo, home.kbo) if code}


def plain(code: str) -> str:
    """A code without what people and systems put between its parts.

    >>> plain("0428.315.871"), plain("OVO 002949")
    ('0428315871', 'OVO002949')
    """
    return "".join(each for each in code if each.isalnum()).upper()
