"""Personal values: encrypted at rest, erasable, and every reading of them logged.

    vault.read(entity, Use(agent.reader, "dienstverlening", why="subsidie 2026-12"))    # logged first, then given

The log, the graphs and the feeds know only the IRIs of the nodes. Who has the database but not the key learns how many
persons an association has, and nothing of them.
"""

from __future__ import annotations

import hmac
import os
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, delete, insert, select

from app.errors import BadSetting, Unavailable
from app.store.database import Database
from app.store.tables import log as tables
from app.store.times import iso

KEY_BYTES, NONCE_BYTES = 32, 12
Deed = Literal["gelezen", "verwerkt", "gezocht", "gewist", "uitgereikt"]
"""Shown to somebody; taken up by the system itself; looked for by number; erased; given to the person."""
Wanted = Callable[[str, str], bool]
"""Whether the value of this node and term is asked for."""


@dataclass(frozen=True)
class Personal:
    """The personal values of one node of an entity; None erases what the vault holds of that node."""

    node: str
    entity: str
    values: Mapping[str, str] | None = field(repr=False)


@dataclass(frozen=True)
class Use:
    """Who uses personal values, on behalf of whom, with what purpose, and why in their own words."""

    reader: str
    purpose: str
    on_behalf_of: str = ""
    why: str = ""
    what: Deed = "gelezen"


@dataclass(frozen=True)
class Access:
    """One use that was made: when, of whose values, and of which fields; never the values themselves."""

    time: str
    reader: str
    on_behalf_of: str
    purpose: str
    why: str
    entity: str
    what: Deed
    fields: str
    id: int = 0


class Cipher:
    """The key of the vault; `subject` is the term that tells persons apart and by which they can be looked up.

    `root` is the secret of the index where the key has changed since: see `store.keys`.
    """

    def __init__(self, key: bytes, subject: str = "insz", root: bytes | None = None) -> None:
        self._aes = AESGCM(derive(key, b"seal"))
        # The key that the vault began with: the index must not change with the key.
        self.root = root or key
        self._index_key, self._digest_key = derive(self.root, b"index"), derive(key, b"digest")
        self.subject = subject
        self.id = derive(key, b"id").hex()[:16]

    def __repr__(self) -> str:
        return f"Cipher({self.id})"

    def seal(self, personal: Personal) -> dict[str, Any]:
        """As a row of the vault; it opens only with this key and under this node."""
        # Not passed in: with this key a nonce must never come twice, which is nobody else's to decide.
        nonce = os.urandom(NONCE_BYTES)
        values = dict(personal.values or {})
        subject = values.get(self.subject)
        return {
            "node": personal.node,
            "entity": personal.entity,
            "key_id": self.id,
            "nonce": nonce,
            "sealed": self._aes.encrypt(nonce, orjson.dumps(values), personal.node.encode()),
            "digest": self.digest(personal),
            "subject": None if subject is None else self.index(subject),
        }

    def open(self, row: Any) -> Personal:
        """The values of a row; raises when it is not what this key sealed for this node."""
        if row.key_id != self.id:
            raise BadSetting("De instelling vault_key is niet de sleutel waarmee de kluis gesloten is.")
        try:
            values = orjson.loads(self._aes.decrypt(row.nonce, row.sealed, row.node.encode()))
        except InvalidTag:
            raise Unavailable("Een rij van de kluis is beschadigd.") from None
        return Personal(row.node, row.entity, values)

    def digest(self, personal: Personal) -> bytes:
        """Equal for equal values of one node, and telling nothing without the key."""
        values = orjson.dumps(dict(personal.values or {}), option=orjson.OPT_SORT_KEYS)
        return hmac.digest(self._digest_key, personal.node.encode() + b"\0" + values, "sha256")

    def index(self, subject: str) -> bytes:
        """The blind index of a person."""
        return hmac.digest(self._index_key, subject.encode(), "sha256")


def read_key(text: str) -> bytes:
    """The setting `vault_key`: 32 bytes in base64. Raises BadSetting, which does not show the value."""
    try:
        key = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadSetting("De instelling vault_key moet 32 bytes in base64 zijn.")
    return key


class Vault:
    """The vault outside a writing transaction; inside one, `Transaction` has the same."""

    def __init__(self, database: Database, cipher: Cipher, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._cipher = cipher
        self._clock = clock

    def read(self, entity: str, use: Use, wanted: Wanted | None = None) -> tuple[Personal, ...]:
        """The personal values of an entity, or those that are wanted; the access is on disk before they are given."""
        with self._database.writing() as connection:
            values = only(wanted, read(connection, self._cipher, entity))
            record(connection, access(use, iso(self._clock()), entity, fields_of(values)))
        return values

    def find(self, subject: str, use: Use) -> tuple[str, ...]:
        """The entities in which this person stands; an access to each, or to none, is recorded."""
        with self._database.writing() as connection:
            found = find(connection, self._cipher, subject)
            now, looking = iso(self._clock()), use if use.what == "verwerkt" else replace(use, what="gezocht")
            record(connection, *(access(looking, now, entity, self._cipher.subject) for entity in found or ("",)))
        return found

    def blind(self, subject: str) -> bytes:
        """The blind index of a person: enough to find them again, and nobody without the key learns who it is."""
        return self._cipher.index(subject)

    def entities_of(self, blind: bytes) -> tuple[str, ...]:
        """The entities in which the person with this blind index stands; nothing is decrypted, so nothing is logged."""
        table = tables.vault.c
        wanted = select(table.entity).where(table.subject == blind).distinct().order_by(table.entity)
        with self._database.reading() as connection:
            return tuple(connection.execute(wanted).scalars())

    def differing(self, personal: Sequence[Personal]) -> tuple[Personal, ...]:
        """Those whose values are not what the vault holds; nothing is decrypted, so nothing is logged."""
        with self._database.reading() as connection:
            return differing(connection, self._cipher, personal)

    def erase(self, entity: str, use: Use) -> int:
        """Take all personal values of an entity away for good; answers of how many nodes."""
        with self._database.writing() as connection:
            return erase(connection, use, iso(self._clock()), entity)

    def entities(self) -> tuple[str, ...]:
        """Of what the vault holds values."""
        with self._database.reading() as connection:
            return tuple(connection.execute(select(tables.vault.c.entity).distinct()).scalars())


def write(connection: Connection, cipher: Cipher, personal: Sequence[Personal]) -> None:
    """Put values in the vault, or take out those that are None."""
    if not personal:
        return
    nodes = [{"n": one.node} for one in personal]
    connection.execute(delete(tables.vault).where(tables.vault.c.node == bindparam("n")), nodes)
    last = {one.node: one for one in personal}
    if rows := [cipher.seal(one) for one in last.values() if one.values is not None]:
        connection.execute(insert(tables.vault), rows)


def read(connection: Connection, cipher: Cipher, entity: str) -> tuple[Personal, ...]:
    """For who has recorded the access."""
    table = tables.vault.c
    rows = connection.execute(select(tables.vault).where(table.entity == entity).order_by(table.node)).all()
    return tuple(cipher.open(row) for row in rows)


def find(connection: Connection, cipher: Cipher, subject: str) -> tuple[str, ...]:
    """For who records the access."""
    table = tables.vault.c
    wanted = select(table.entity).where(table.subject == cipher.index(subject)).distinct().order_by(table.entity)
    return tuple(connection.execute(wanted).scalars())


def differing(connection: Connection, cipher: Cipher, personal: Sequence[Personal]) -> tuple[Personal, ...]:
    """Those whose values are not what the vault holds."""
    table = tables.vault.c
    wanted = select(table.node, table.digest).where(table.node.in_([one.node for one in personal]))
    held = dict(connection.execute(wanted).all())
    return tuple(one for one in personal if held.get(one.node) != (cipher.digest(one) if one.values else None))


def erase(connection: Connection, use: Use, time: str, entity: str, personal: Sequence[Personal] | None = None) -> int:
    """Take all values of the entity, or those of these nodes, out, and record that."""
    going = nodes(connection, entity) if personal is None else personal
    record(connection, access(replace(use, what="gewist"), time, entity, fields_of(going)))
    rows = [{"n": one.node} for one in going]
    if rows:
        connection.execute(delete(tables.vault).where(tables.vault.c.node == bindparam("n")), rows)
    return len(rows)


def nodes(connection: Connection, entity: str) -> tuple[Personal, ...]:
    """The nodes of an entity of which there are values, without the values."""
    table = tables.vault.c
    rows = connection.execute(select(table.node).where(table.entity == entity).order_by(table.node)).scalars()
    return tuple(Personal(node, entity, {}) for node in rows)


def only(wanted: Wanted | None, personal: Iterable[Personal]) -> tuple[Personal, ...]:
    """The values that are wanted; a node without any is left out."""
    if wanted is None:
        return tuple(personal)
    kept = (replace(one, values=_chosen(one, wanted)) for one in personal)
    return tuple(one for one in kept if one.values)


def _chosen(one: Personal, wanted: Wanted) -> dict[str, str]:
    return {term: value for term, value in (one.values or {}).items() if wanted(one.node, term)}


def fields_of(personal: Iterable[Personal]) -> str:
    """Which fields of which nodes, as the access log has them: `adres-3 huisnummer straatnaam; contact-7 email`."""
    told = (" ".join((one.node.rpartition("#")[2], *sorted(one.values or ()))) for one in personal)
    return "; ".join(told)


def access(use: Use, time: str, entity: str, fields: str) -> Access:
    """A use that is made now, as a line of the log."""
    return Access(time, use.reader, use.on_behalf_of, use.purpose, use.why, entity, use.what, fields)


def record(connection: Connection, *accesses: Access) -> None:
    """Write accesses in the log of accesses."""
    if accesses:
        rows = [{name: value for name, value in one.__dict__.items() if name != "id"} for one in accesses]
        connection.execute(insert(tables.access_log), rows)


def derive(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose. The key is uniformly random, so that HKDF-Expand (RFC 5869 section 3.3) is enough."""
    return hmac.digest(key, purpose + b"\x01", "sha256")
