"""A signed draft as what everybody reads: the decision, and its place in the session that took it."""

from __future__ import annotations

from typing import Any

from app.model.fields import Document
from app.register.decisions.templates import template_of
from app.register.desk import Desk
from app.register.entities_there import there

DUTCH = "http://publications.europa.eu/resource/authority/language/NLD"
# What the page of a decision reaches, for all that a level needs is asked before anybody can sign.
PAGE_LEVEL = 3


def decision_document(draft: Document, iri: str, desk: Desk) -> Document:
    """The whole document of a decision; fields that a correction emptied are there, empty."""
    session = there(draft["zitting"], "zitting", desk) or {}
    before = there(iri, "besluit", desk) or {}
    template = template_of(draft["sjabloon"], desk.register.codelists)
    articles = [_article(article, iri, place) for place, article in enumerate(in_order(draft["artikelen"]), 1)]
    return {
        **{term: draft.get(term) for term in ("naam", "citeeropschrift", "beschrijving", "motivering", "rechtzetting")},
        "soorten": list(template.types),
        "taal": DUTCH,
        "gemeente": draft["gemeente"],
        "orgaan": {term: value for term, value in session.get("orgaan", {}).items() if term[0] != "@"},
        "zittingsdatum": session["start"][:10],
        "behandeling": part_of(draft, "behandeling"),
        "niveau": PAGE_LEVEL,
        "ondertekendOp": draft["getekendOp"][:10],
        "publicatiedatum": before.get("publicatiedatum") or desk.today.isoformat(),
        "inwerkingtreding": draft.get("begindatum"),
        "buitenwerkingtreding": draft.get("einddatum"),
        "gaatOver": sorted(draft[term] for term in ("vereniging", "product") if draft.get(term)),
        "artikelen": articles,
        "inhoud": "\n".join(f"{each['nummer']}. {each['naam']}\n{each['inhoud']}" for each in articles),
        "citeert": draft.get("citeert", []),
        "documenten": [f"{desk.register.schema.base}/doc/besluit/{iri.rpartition('/')[2]}.pdf"],
    }


def session_terms(draft: Document, decision: str, desk: Desk) -> Document:
    """The agenda and treatments of the session with this decision among them, and where its list of decisions is."""
    session = there(draft["zitting"], "zitting", desk) or {}
    page = draft["zitting"].replace("/id/", "/doc/", 1)
    item, treatment = part_of(draft, "agendapunt"), part_of(draft, "behandeling")
    about = {
        "naam": draft["naam"],
        "beschrijving": draft["beschrijving"],
        "geplandOpenbaar": draft.get("openbaar", False),
    }
    vote = {**draft.get("stemming", {}), "onderwerp": draft["naam"], "geheim": False}
    vote = {term: value for term, value in vote.items() if term[0] != "@"}
    done = {
        "agendapunt": item,
        "besluiten": [decision],
        "openbaar": draft.get("openbaar", False),
        "stemmingen": [{"@id": part_of(draft, "stemming"), **vote}],
        **{term: session.get(term) for term in ("voorzitter", "secretaris")},
        "aanwezigen": session.get("aanwezigen", []),
    }
    return {
        "ondertekendOp": session.get("ondertekendOp") or draft["getekendOp"][:10],
        "agendapunten": _placed(session.get("agendapunten", []), item, about),
        "behandelingen": _placed(session.get("behandelingen", []), treatment, done),
        "besluitenlijst": [f"{page}/besluitenlijst"],
        "uittreksels": sorted({*session.get("uittreksels", ()), decision.replace("/id/", "/doc/", 1)}),
    }


def part_of(draft: Document, name: str) -> str:
    """The IRI of a part of the session that is of this draft: always the same, so that a correction finds it."""
    return f"{draft['zitting']}#{name}-{draft['code'].lower()}"


def in_order(nodes: list[Document]) -> list[Document]:
    """Parts by their place."""
    return sorted(nodes, key=lambda node: node.get("volgorde", 0))


def _placed(nodes: list[Document], iri: str, said: dict[str, Any]) -> list[Document]:
    """The parts in their order with this one in its place or at the end; each says which one it comes after."""
    ordered = in_order(nodes)
    if all(node["@id"] != iri for node in ordered):
        ordered.append({"@id": iri})
    found: list[Document] = []
    for place, node in enumerate(ordered, 1):
        whole = {**node, **said} if node["@id"] == iri else node
        after = {"na": found[-1]["@id"]} if found else {}
        found.append({**whole, **after, "volgorde": place})
    return found


def _article(article: Document, decision: str, place: int) -> Document:
    return {
        "@id": f"{decision}#artikel-{place}",
        "nummer": f"Artikel {place}",
        "naam": article["naam"],
        "inhoud": article["inhoud"],
        "volgorde": place,
    }
