"""Who asks: an organisation or a system that acts, in one role at a time, for one territory or association."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

VISITOR = "bezoeker"
SYSTEM = "systeem"
KBO = "kbo"
MANAGER = "beheerder"
MUNICIPALITY = "gemeente"
VENDOR = "leverancier"
FEDERATION = "federatie"
ASSOCIATION = "vereniging"
DPO = "dpo"
# A citizen who speaks for no association yet, and may register one.
FOUNDER = "oprichter"

ROLES = (VISITOR, ASSOCIATION, MUNICIPALITY, VENDOR, FEDERATION, MANAGER, DPO, KBO, SYSTEM, FOUNDER)


@dataclass(frozen=True)
class Agent:
    """Somebody, or a system, that acts.

    `iri` and `label` are of the organisation, for they stand in the log; `account` tells its people and machines apart,
    without naming them. `municipality` is the NIS code of the municipality that it acts for, `territory` those of a
    body that works for several. `associations` are the V-codes that a representative speaks for, `federation` is the
    V-code or KBO number of the federation. `on_behalf_of` is the body that a vendor works for, and `purpose` why
    personal values are asked for, as stated. `person` is the blind index of who represents by their own number.
    """

    iri: str
    label: str
    role: str
    municipality: str | None = None
    territory: frozenset[str] = frozenset()
    associations: frozenset[str] = frozenset()
    federation: str | None = None
    on_behalf_of: str | None = None
    account: str = ""
    purpose: str = ""
    person: str = field(default="", repr=False)

    @property
    def reader(self) -> str:
        """Who it is in the log of accesses: the organisation, and which of its accounts."""
        return f"{self.iri}#{self.account}" if self.account else self.iri

    def for_purpose(self, purpose: str) -> Agent:
        """The same, asking for this purpose."""
        return replace(self, purpose=purpose)

    def covers(self, nis: str) -> bool:
        """Whether this municipality is (in) its territory."""
        return nis == self.municipality or nis in self.territory
