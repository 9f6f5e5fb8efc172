"""Tables of what stands beside dossiers: their statuses, applications not sent yet, documents."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from app.store.tables.log import metadata

# Every status of every dossier: see `dossier_statuses`.
dossier_status = Table(
    "dossier_status",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("dossier", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("association", Text, nullable=False),
    Column("phase", String(40), nullable=False),
    Column("status", String(40), nullable=False),
    Column("time", String(27), nullable=False),
    Index("dossier_status_by_dossier", "dossier", "sequence"),
    Index("dossier_status_by_owner", "owner", "sequence"),
)
# An application that somebody still writes on; what they filled in stands in the vault under the IRI of the row.
application = Table(
    "application",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("association", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("form", String(60), nullable=False),
    Column("created", String(27), nullable=False),
    Column("changed", String(27), nullable=False),
    Column("dossier", Text, nullable=False),
    Index("application_by_association", "association", "changed"),
)
# A document that an association gave. Its name and the key of its content stand in the vault under its IRI, so that
# taking that row away destroys the document; `digest` is a keyed hash of the content.
document = Table(
    "document",
    metadata,
    Column("iri", Text, primary_key=True),
    Column("association", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("created", String(27), nullable=False),
    Column("expires", String(10), nullable=False),
    Index("document_by_association", "association", "created"),
    Index("document_by_expiry", "expires"),
)
document_content = Table(
    "document_content",
    metadata,
    Column("iri", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
