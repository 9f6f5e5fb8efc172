"""The processes that ship with the program, in `ontology/processen`: documents like those that a municipality makes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.model.documents import to_document
from app.model.fields import Document, EntityType
from app.model.graph import parse_graph
from app.model.reading import instances
from app.model.terms import VL


def load_processes(root: Path, base: str, type: EntityType | None) -> Mapping[str, Document]:
    """Each by its IRI; none where the catalogue has no processes."""
    if type is None:
        return {}
    found: dict[str, Document] = {}
    for path in sorted((root / "ontology" / "processen").glob("*.ttl")):
        graph = parse_graph(path.read_bytes(), base=f"{base}/")
        found |= {node.value: to_document(graph, type, node.value) for node in instances(graph, VL.Proces)}
    return found
