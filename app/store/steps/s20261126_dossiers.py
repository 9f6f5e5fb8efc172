"""Dossiers: their statuses, the applications that become one, and the documents of associations."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, Integer, LargeBinary, String, Text


def upgrade(op: Operations) -> None:
    """Make the tables."""
    op.create_table(
        "dossier_status",
        Column("sequence", Integer, primary_key=True, autoincrement=False),
        Column("dossier", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("position", Integer, nullable=False),
        Column("owner", Text, nullable=False),
        Column("association", Text, nullable=False),
        Column("phase", String(40), nullable=False),
        Column("status", String(40), nullable=False),
        Column("time", String(27), nullable=False),
    )
    op.create_index("dossier_status_by_dossier", "dossier_status", ["dossier", "sequence"])
    op.create_index("dossier_status_by_owner", "dossier_status", ["owner", "sequence"])
    op.create_table(
        "application",
        Column("id", String(64), primary_key=True),
        Column("association", Text, nullable=False),
        Column("product", Text, nullable=False),
        Column("form", String(60), nullable=False),
        Column("created", String(27), nullable=False),
        Column("changed", String(27), nullable=False),
        Column("dossier", Text, nullable=False),
    )
    op.create_index("application_by_association", "application", ["association", "changed"])
    op.create_table(
        "document",
        Column("iri", Text, primary_key=True),
        Column("association", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("media_type", String(100), nullable=False),
        Column("size", Integer, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("created", String(27), nullable=False),
        Column("expires", String(10), nullable=False),
    )
    op.create_index("document_by_association", "document", ["association", "created"])
    op.create_index("document_by_expiry", "document", ["expires"])
    op.create_table(
        "document_content",
        Column("iri", Text, primary_key=True),
        Column("sealed", LargeBinary, nullable=False),
    )
