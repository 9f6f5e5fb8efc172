"""The documents of associations: what they gave once, and can use again. Encrypted, each with a key of its own.

    put_document(transaction, document, "statuten.pdf", content)
    content = read_document(log, document, use)             # the reading is in the log of accesses before it is given

In the tables stands of which association a document is, of what kind, how large and until when it is kept; its name and
the key of its content stand in the vault, under its IRI.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, update

from app.errors import Gone
from app.store import vault_files
from app.store.database import Database
from app.store.log import Log
from app.store.tables import dossiers as tables_dossiers
from app.store.transaction import Transaction
from app.store.vault import Personal, Use

TABLE, CONTENT = tables_dossiers.document, tables_dossiers.document_content
NAME, KEY, HASH = "naam", "sleutel", "sha256"


@dataclass(frozen=True)
class StoredDocument:
    """What is known of a document without opening the vault; `kind` is the IRI of a concept, `expires` a day."""

    iri: str
    association: str
    kind: str
    media_type: str
    size: int
    digest: bytes = field(repr=False)
    created: str
    expires: str

    @property
    def code(self) -> str:
        """The last part of its IRI."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True)
class Content:
    """An opened document; the hash is that of SHA-256, in hexadecimal digits."""

    name: str = field(repr=False)
    hash: str
    content: bytes = field(repr=False)


def put_document(transaction: Transaction, document: StoredDocument, name: str, content: bytes) -> None:
    """Keep it; the name and the key go in the vault."""
    key = vault_files.new_key()
    transaction.connection.execute(insert(TABLE), dict(document.__dict__))
    sealed = vault_files.seal(content, key, document.iri)
    transaction.connection.execute(insert(CONTENT), {"iri": document.iri, "sealed": sealed})
    values = {NAME: name, KEY: key, HASH: sha256(content).hexdigest()}
    transaction.keep([Personal(document.iri, document.iri, values)])


def read_document(log: Log, document: StoredDocument, use: Use) -> Content:
    """Open it; raises Gone when it was destroyed."""
    kept = log.vault.read(document.iri, use)
    with log.database.reading() as connection:
        sealed = connection.execute(select(CONTENT.c.sealed).where(CONTENT.c.iri == document.iri)).scalar()
    if not kept or sealed is None:
        raise Gone("Dit document is er niet meer.")
    values = kept[0].values or {}
    return Content(values[NAME], values[HASH], vault_files.unseal(sealed, values[KEY], document.iri))


def documents_of(connection: Connection, association: str) -> list[StoredDocument]:
    """Those of an association, the newest first."""
    mine = select(TABLE).where(TABLE.c.association == association).order_by(TABLE.c.created.desc(), TABLE.c.iri)
    return [StoredDocument(**row._mapping) for row in connection.execute(mine)]


def own_documents(database: Database, association: str) -> list[StoredDocument]:
    """The same, outside a transaction."""
    with database.reading() as connection:
        return documents_of(connection, association)


def find_document(database: Database, iri: str) -> StoredDocument | None:
    """The one with this IRI."""
    with database.reading() as connection:
        row = connection.execute(select(TABLE).where(TABLE.c.iri == iri)).first()
    return None if row is None else StoredDocument(**row._mapping)


def keep_until(connection: Connection, iris: list[str], day: str) -> None:
    """Keep these until a day at least."""
    shorter = TABLE.c.iri.in_(iris) & (TABLE.c.expires < day)
    connection.execute(update(TABLE).where(shorter).values(expires=day))


def drop_documents(transaction: Transaction, iris: list[str]) -> None:
    """Destroy these: without their keys nothing opens them, not even in a backup of the tables."""
    for table in (TABLE, CONTENT):
        transaction.connection.execute(delete(table).where(table.c.iri.in_(iris)))
    transaction.keep([Personal(iri, iri, None) for iri in iris])


def expired(connection: Connection, today: str) -> list[str]:
    """What is kept long enough."""
    return list(connection.execute(select(TABLE.c.iri).where(TABLE.c.expires < today)).scalars())
