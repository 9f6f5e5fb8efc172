"""What every command function needs while one transaction is open: who asks, why, and the ways to read and append."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b

from app.errors import Gone, Refused, Unknown
from app.model.documents import join, to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.register.agents import Agent
from app.register.doubles.candidates import Candidates
from app.register.doubles.traits import Key, Traits, from_summary, keys_of, sealed, to_summary
from app.register.personal.people import technical_use
from app.register.prepared import Layout
from app.register.reasons import plain_reason
from app.register.register import Register
from app.register.subjects import Rights
from app.store.records import Version
from app.store.times import canonical
from app.store.transaction import Transaction
from app.store.vault import Personal

ORIGIN = "herkomst"
KBO_CLAIM = "kbo"
HASH_BYTES = 9
PURPOSE = "verkorte waarden van verenigingen"


@dataclass(frozen=True)
class Desk:
    """One agent's business inside one transaction."""

    register: Register
    transaction: Transaction
    agent: Agent
    reason: str
    today: date

    def __post_init__(self) -> None:
        """Raises Refused for a reason that names somebody by number: it would stay in the log."""
        plain_reason(self.reason)
        self.transaction.act_for(self.agent.on_behalf_of or "")

    @cached_property
    def candidates(self) -> Candidates:
        """What looks for associations that may be the same."""
        return Candidates(self.transaction)

    @cached_property
    def copy_of(self) -> str | None:
        """The register that this one is a copy of."""
        return self.transaction.get_state("kopie-van")

    def now(self) -> str:
        """The time to write in a document; every store gives it back letter for letter."""
        return canonical(self.transaction.now())

    def iri(self, code: str) -> str:
        """The IRI of the association with this code."""
        return self.register.tools.type.iri(code)

    def current(self, code: str) -> Version:
        """The latest version of an association that is there; raises Unknown or Gone."""
        return self.standing_at(self.iri(code), "Deze vereniging")

    def standing_at(self, iri: str, name: str) -> Version:
        """The latest version of an entity that is there; raises Unknown or Gone, calling it by this name."""
        version = self.transaction.latest(iri)
        if version is None:
            raise Unknown(f"{name} staat niet in het register.")
        if version.operation == "delete":
            raise Gone(f"{name} is uit het register verwijderd.", version.replaced_by)
        return version

    def workable(self, code: str) -> Version:
        """The latest version of an association that may change; raises Refused for a double, too."""
        version = self.current(code)
        if version.replaced_by:
            stays = version.replaced_by.rpartition("/")[2]
            raise Refused(f"Deze vereniging is een dubbel van {stays}. Wijzig die, of zet de markering eerst recht.")
        return version

    def authentic(self, code: str) -> Version:
        """The association that this code leads to: itself, or the one it is a double of. Raises Unknown or Gone."""
        version = self.current(code)
        return self.current(version.replaced_by.rpartition("/")[2]) if version.replaced_by else version

    def document(self, version: Version) -> Document:
        """The whole document of a version, personal values included, for the register itself to work with."""
        if not self.register.schema.entity_types[version.kind].holds_personal:
            return self.open_document(version)
        return self.whole(version, self.kept(version))

    def kept(self, version: Version) -> tuple[Personal, ...]:
        """What the vault holds of it, for the register itself to work with."""
        return self.transaction.personal(version.entity, technical_use(self.agent))

    def whole(self, version: Version, kept: Iterable[Personal]) -> Document:
        """The document with these personal values in it."""
        return join(self.open_document(version), {each.node: dict(each.values or {}) for each in kept})

    def open_document(self, version: Version) -> Document:
        """The document of a version without what only the vault holds."""
        graph = from_ntriples((version.public or b"") + version.internal)
        return to_document(graph, self.register.schema.entity_types[version.kind], version.entity)

    def tell_apart(self, code: str, others: Iterable[str]) -> None:
        """Remember that these are other associations, whoever said so: nobody is asked again."""
        for other in others:
            if self.transaction.latest(self.iri(other)) is not None:
                self.transaction.put_state(distinct_key(code, other), self.agent.iri)

    def are_distinct(self, code: str, other: str) -> bool:
        """Whether somebody said of these two that they are different."""
        return self.transaction.get_state(distinct_key(code, other)) is not None

    def blind(self, text: str) -> str:
        """A short keyed hash: equal for equal texts, and nobody without the key finds the text by trying."""
        digest = blake2b(text.encode(), key=self._hash_key, digest_size=HASH_BYTES).digest()
        return urlsafe_b64encode(digest).decode()

    def seal(self, traits: Traits) -> Traits:
        """The traits without a readable contact value, address or number; the same ones are hashed once."""
        if traits not in self._sealed:
            self._sealed[traits] = sealed(traits, self.blind)
        return self._sealed[traits]

    @cached_property
    def _hash_key(self) -> bytes:
        return self.transaction.blind(PURPOSE)

    @cached_property
    def _sealed(self) -> dict[Traits, Traits]:
        return {}

    def traits_of(self, entity: str) -> Traits:
        """What an association is compared by, sealed."""
        summary = self.transaction.summary(entity)
        return from_summary(summary)[0] if summary else Traits()

    def origin_of(self, entity: str) -> str:
        """What the association was registered from."""
        summary = self.transaction.summary(entity)
        return str(from_summary(summary)[1].get(ORIGIN, "")) if summary else ""


def decided_key(origin: str) -> str:
    """Under which the log remembers that a document is an association that it has, because somebody said so."""
    return f"beslist/{origin}"


def confirmed_key(code: str) -> str:
    """Under which the log remembers with what token a new association was said to be no double."""
    return f"bevestigd/{code}"


def distinct_key(code: str, other: str) -> str:
    """Under which the log remembers that two associations, however alike, are not the same."""
    return "verschillend/" + "|".join(sorted((code, other)))


def merged(layout: Layout) -> bytes:
    """All that the administration sees, as one: of an association that nobody else sees."""
    return b"".join(sorted((layout.public + layout.internal).splitlines(keepends=True)))


def standing(
    traits: Traits, origin: str, rights: Rights, *, stopped: bool
) -> tuple[frozenset[Key], frozenset[Key], bytes]:
    """Claims, keys and summary; a stopped association is nobody's possible duplicate any more."""
    claims = frozenset({(KBO_CLAIM, traits.kbo)}) if traits.kbo else frozenset[Key]()
    found = frozenset[Key]() if stopped else keys_of(traits)
    return claims, found | {(ORIGIN, origin)}, to_summary(traits, {ORIGIN: origin, **rights})


def feeds_of(desk: Desk, homes: tuple[str, ...]) -> tuple[str, ...]:
    """The full feed, and the view of each municipality in which the association has a location."""
    feed = desk.register.tools.type.feed
    return (feed, *(f"{feed}/gemeente/{nis}" for nis in homes))


def personal_changes(before: dict[str, dict[str, str]], layout: Layout, entity: str) -> tuple[Personal, ...]:
    """The nodes whose values are not what they were; None where there are none any more."""
    after = {node: dict(values) for node, values in layout.personal.items()}
    nodes = [node for node in {**before, **after} if before.get(node) != after.get(node)]
    return tuple(Personal(node, entity, after.get(node)) for node in nodes)
