"""What of a decision is found by and shown in a list."""

from __future__ import annotations

from collections.abc import Callable

from app.model.codelists import CodeLists
from app.model.documents import to_document
from app.model.fields import EntityType
from app.model.graph import from_ntriples
from app.store.decision_index import Entry
from app.store.log import Version

LONGEST = 100_000


def entries(type: EntityType, codelists: CodeLists) -> Callable[[Version], Entry | None]:
    """A function from a version of a decision to its entry."""

    def entry_of(version: Version) -> Entry | None:
        document = to_document(from_ntriples(version.public or b""), type, version.entity)
        home = codelists.municipality(document["gemeente"]) if "gemeente" in document else None
        types = (codelists.concept(iri, "besluittype") for iri in document.get("soorten", ()))
        articles = " ".join(article.get("inhoud", "") for article in document.get("artikelen", ()))
        content = " ".join(filter(None, (document.get("motivering"), document.get("inhoud") or articles)))
        return Entry(
            code=version.entity.rpartition("/")[2],
            title=document.get("naam") or document.get("citeeropschrift") or "Besluit zonder titel",
            summary=document.get("beschrijving", ""),
            content=content[:LONGEST],
            day=document.get("zittingsdatum") or document.get("publicatiedatum") or "",
            municipality=home.nis if home else "",
            body=document.get("orgaan", {}).get("naam", ""),
            sorts=tuple(concept.notation for concept in types if concept),
            about=(*document.get("gaatOver", ()), *document.get("citeert", ())),
        )

    return entry_of
