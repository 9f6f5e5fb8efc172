"""Looking up another entity from within a rule."""

from __future__ import annotations

from app.model.fields import Document
from app.register.desk import Desk


def there(iri: str | None, kind: str, desk: Desk) -> Document | None:
    """The document of an entity of this kind, without what only the vault holds; None when there is none any more."""
    version = desk.transaction.latest(iri) if iri else None
    if version is None or version.operation == "delete" or version.kind != kind:
        return None
    return desk.open_document(version)
