"""How products behave: what follows from a card, whose it is, where it is found.

A product that IPDC or a vendor knows under an IRI of its own keeps that as `owl:sameAs`, and is found by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.errors import Forbidden
from app.model.codelists import CodeLists
from app.model.fields import Document, NodeType
from app.model.languages import NEUTRAL
from app.model.terms import VL
from app.register import agents
from app.register.agents import Agent
from app.register.conduct import Case, Conduct, Standing
from app.register.desk import Desk
from app.register.doubles.traits import plain_address
from app.register.products.address_forms import forms_in, needs_conversion, read_guidelines
from app.register.products.criteria import settle_criteria
from app.register.products.rules import FOR_PEOPLE, RULES

KIND = "product"
CONCEPT, EXTERNAL, OWNER, LEGAL_RESOURCE = "concept", "extern", "bestuur", "rechtsbron"
PUBLISHED = "verzonden"
CODE = re.compile(r"P\d{7}")
# Nobody types these: they follow, or other pages and the nightly chores set them.
ASIDE = frozenset(
    {
        "aangemaaktDoor", "status", "taalvariant", "conceptSnapshot", "herzieningsstatus", "verzondenOp", "kopieVan",
        "voorFusie", "omzettingNodig", "gearchiveerd", "sameAs", "linkedConcept", "volgens", "tags", "provincie",
        "verwijstNaar", "controle", "productnummer", "feedbackBeschikbaar", "herinnerdOp", "aanvraagproces",
    }
)  # fmt: skip
HOMELAND = {NEUTRAL: "België"}


def derive(document: Document, desk: Desk) -> None:
    """Owner, authority and area where none are given; places in lists; what a linked concept brings along."""
    codelists, type = desk.register.codelists, desk.register.schema.entity_types[KIND]
    home = codelists.municipality(desk.agent.municipality) if desk.agent.municipality else None
    if home is not None and home.unit:
        document.setdefault("aangemaaktDoor", home.unit)
    if owner := document.get("aangemaaktDoor"):
        document.setdefault("bevoegdeOverheden", [owner])
    if home is not None and (area := codelists.find("toepassingsgebied", home.nis)):
        document.setdefault("geografischToepassingsgebieden", [area.iri])
    for term in ("vereist", "verwant"):
        if term in document:
            document[term] = [type.iri(each) if CODE.fullmatch(each) else each for each in document[term]]
    document["status"] = _concept(codelists, "instantiestatus", PUBLISHED)
    _drop_empty(document, "contactgegevens")
    settle_criteria(document, codelists)
    settle_order(document, type)
    for contact in document.get("contactgegevens", ()):
        if "adres" in contact:
            contact["adres"].setdefault("land", dict(HOMELAND))
    _settle_variant(document, type, desk)
    _settle_concept(document, desk)


def settle_order(document: Document, type: NodeType) -> None:
    """Parts without a place get the next one; what has places keeps them."""
    for field in type.fields:
        if field.node is None or not document.get(field.term):
            continue
        nodes = document[field.term] if field.is_list else [document[field.term]]
        places = field.is_list and "order" in field.node.by_term
        taken = {node["order"] for node in nodes if "order" in node}
        free = (place for place in range(len(nodes) + len(taken)) if place not in taken)
        for node in nodes:
            if places and "order" not in node:
                node["order"] = next(free)
            settle_order(node, field.node)


def standing(document: Document, desk: Desk) -> Standing:
    """Views by municipality and audience; found by its IRI elsewhere, its concept, its owner, its legal resources."""
    external, concept, owner = (document.get(term) for term in ("sameAs", "linkedConcept", "aangemaaktDoor"))
    sources = {(LEGAL_RESOURCE, plain_address(each.get("url", ""))) for each in document.get("regelgeving", ())}
    keys = {(CONCEPT, concept), (OWNER, owner), *sources}
    return Standing(
        views=tuple(sorted({*_places(document, desk), *audiences(document, desk.register.codelists)})),
        claims=frozenset({(EXTERNAL, external)} if external else ()),
        keys=frozenset((kind, value) for kind, value in keys if value),
    )


def allow(case: Case) -> None:
    """A municipality, and the vendor that works for it, keeps the products of its own administrations."""
    for document in (case.before, case.document):
        if document is not None and not may_keep(case.desk.agent, document, case.desk.register.codelists):
            raise Forbidden("Dit product is van een ander bestuur.")


def may_keep(agent: Agent, document: Document, codelists: CodeLists) -> bool:
    """Whether the product is of a body that this agent works for."""
    if agent.role in (agents.SYSTEM, agents.MANAGER):
        return True
    owner = codelists.organisations.heir(document.get("aangemaaktDoor", ""))
    return owner is not None and (owner.iri == agent.iri or (owner.nis is not None and agent.covers(owner.nis)))


def visible(document: Document) -> bool:
    """What is archived is kept, and shown to nobody."""
    return document.get("gearchiveerd") is not True


def audiences(document: Document, codelists: CodeLists) -> Iterator[str]:
    """The views of the feed by audience."""
    for iri in document.get("doelgroepen", ()):
        if concept := codelists.concept(iri, "doelgroep"):
            yield f"doelgroep/{concept.notation.lower()}"


def _places(document: Document, desk: Desk) -> Iterator[str]:
    codelists = desk.register.codelists
    for iri in document.get("geografischToepassingsgebieden", ()):
        area = codelists.concept(iri, "toepassingsgebied")
        if area is not None and area.notation.isdigit() and (home := codelists.municipality(area.notation)):
            yield f"gemeente/{home.nis}"
    owner = codelists.organisations.get(document.get("aangemaaktDoor", ""))
    if owner is not None and owner.nis and (home := codelists.municipality(owner.nis)):
        yield f"gemeente/{home.nis}"


def _settle_variant(document: Document, type: NodeType, desk: Desk) -> None:
    """Which form of Dutch counts: that of the administration where all texts have it; and whether it lacks."""
    whole = forms_in(document, type)
    owner = document.get("aangemaaktDoor", desk.agent.iri)
    chosen = read_guidelines(owner, desk.register, desk.transaction.get_state).form
    if chosen in whole or (len(whole) > 1 and document.get("taalvariant") not in whole):
        document["taalvariant"] = chosen if chosen in whole else min(whole)
    elif len(whole) == 1:
        document["taalvariant"] = next(iter(whole))
    document.pop("omzettingNodig", None)
    if needs_conversion(document, type, chosen):
        document["omzettingNodig"] = True


def _settle_concept(document: Document, desk: Desk) -> None:
    """A product bears the number of its concept, and says up to which snapshot of that it is: all three or none."""
    iri = document.get("linkedConcept")
    if not iri:
        for term in ("conceptSnapshot", "herzieningsstatus"):
            document.pop(term, None)
        return
    version = desk.transaction.latest(iri)
    if version is None or version.operation == "delete":
        return
    concept = desk.open_document(version)
    if "productnummer" in concept:
        document["productnummer"] = concept["productnummer"]
    if "snapshot" in concept:
        document.setdefault("conceptSnapshot", concept["snapshot"])


def _drop_empty(document: Document, term: str) -> None:
    """A contact with nothing but its place says nothing."""
    kept = [node for node in document.get(term, ()) if node.keys() - {"@id", "order"}]
    if term in document:
        document[term] = kept
    if not kept:
        document.pop(term, None)


def _concept(codelists: CodeLists, scheme: str, notation: str) -> Any:
    found = codelists.find(scheme, notation)
    assert found is not None
    return found.iri


# That a reader waits or a day has come stands beside what people write.
QUIET = frozenset(
    each.value
    for each in (VL.TerugkoppelingGekregen, VL.TerugkoppelingAfgehandeld, VL.NazichtHerinnerd, VL.AdresGecontroleerd)
)
PRODUCTS = Conduct(
    derive=derive, rules=RULES, for_people=FOR_PEOPLE, standing=standing, allow=allow, visible=visible, quiet=QUIET
)
