"""How drafts of products behave, and those of one administration. None is ever public.

What a draft says is kept as it was typed (`inhoud`), so that one can stop anywhere; what it lacks is told when it is
submitted or published: see `publishing`. There is one draft at most of each published product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from app.errors import Forbidden, Gone, Problem, Unknown
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.model.languages import text_of
from app.model.persons_in_text import without_national_number
from app.register.agents import Agent
from app.register.commands import Change, Create
from app.register.conduct import Case, Conduct, Standing, never
from app.register.desk import Desk
from app.register.products.approving import validators_for
from app.register.products.conduct import ASIDE, may_keep
from app.register.products.conduct import KIND as PRODUCT
from app.register.products.own_products import owners_of, read_own
from app.register.register import Register
from app.store.records import Version

KIND = "productontwerp"
OWNER, ABOUT = "productontwerp-van", "productontwerp-over"
UNTITLED = "Zonder titel"
LONGEST_TITLE = 500
BATCH = 1000
# The digits in an IRI are nobody's number.
ADDRESSES = ("http://", "https://")


@dataclass(frozen=True)
class ProductDraft:
    """One draft: `said` is the product as it is being written, `about` the published one as it stands, if any."""

    code: str
    version: Version
    document: Document = field(repr=False)
    said: Document = field(repr=False)
    about: Document | None = field(default=None, repr=False)
    about_version: int = 0
    validators: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        """What the draft is called so far."""
        return str(self.document.get("naam", UNTITLED))

    @property
    def waits(self) -> bool:
        """Whether a validator was asked, so that nobody writes on it."""
        return "gevraagdOp" in self.document

    @property
    def since(self) -> str:
        """When approval was asked; empty when it was not."""
        return str(self.document.get("gevraagdOp", ""))

    @property
    def overtaken(self) -> bool:
        """Whether the product changed since this draft of it was begun."""
        return self.about is not None and self.about_version != self.document.get("opVersie")

    def waiting_days(self, today: date) -> int:
        """For how many days it has waited for approval."""
        return (today - date.fromisoformat(self.since)).days if self.waits else 0


def draft_of(said: Document, about: Version | None = None) -> Document:
    """The draft as an entity, of what somebody typed; of a product that is there, with what only the register says."""
    typed = {term: value for term, value in said.items() if about is None or term not in ASIDE - {"taalvariant"}}
    found: Document = {"naam": text_of(said.get("naam"))[:LONGEST_TITLE] or None, "inhoud": dump(typed), "reden": None}
    return {**found, "product": about.entity, "opVersie": about.number} if about is not None else found


def dump(said: Document) -> str:
    """What was typed, as it is kept in a draft."""
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def own_product_drafts(agent: Agent, register: Register) -> list[ProductDraft]:
    """All drafts of the administrations that an agent works for: what waits first, then the last written."""
    versions = (version for version in _versions(agent, register) if not version.ended)
    found = [read_draft(version, register) for version in versions]
    by_time = sorted(found, key=lambda each: each.version.time, reverse=True)
    return sorted(by_time, key=lambda each: not each.waits)


def own_product_draft(code: str, agent: Agent, register: Register) -> ProductDraft:
    """One draft; raises Unknown, Gone or Forbidden."""
    version = register.log.latest(register.schema.entity_types[KIND].iri(code))
    if version is None:
        raise Unknown(f"Er is geen ontwerp met code {code}.")
    if version.ended:
        raise Gone("Dit ontwerp is bekendgemaakt of weggegooid.", version.replaced_by)
    draft = read_draft(version, register)
    if not may_keep(agent, {"aangemaaktDoor": draft.document.get("bestuur", "")}, register.codelists):
        raise Forbidden("Dit ontwerp is van een ander bestuur.")
    return draft


def draft_about(product: str, register: Register) -> str:
    """The code of the draft of a product; empty when there is none."""
    holders = register.log.find(ABOUT, product)
    return holders[0].rpartition("/")[2] if holders else ""


def read_draft(version: Version, register: Register) -> ProductDraft:
    """A draft out of its version, beside the product that it is about."""
    document = _document(version, register)
    said = orjson.loads(document["inhoud"])
    current = register.log.latest(document["product"]) if "product" in document else None
    there = current is not None and current.operation != "delete"
    about = read_own(current, register).document if current is not None and there else None
    return ProductDraft(
        code=version.entity.rpartition("/")[2],
        version=version,
        document=document,
        said=said,
        about=about,
        about_version=current.number if current is not None and there else 0,
        validators=validators_for(about, said, register.codelists),
    )


def product_command(draft: ProductDraft, activity: str | None = None) -> Create | Change:
    """What publishing a draft asks: what only the register says of a product is as it stands now."""
    if "product" not in draft.document:
        return Create(PRODUCT, draft.said, activity=activity)
    code = draft.document["product"].rpartition("/")[2]
    about = draft.about or {}
    kept = {term: about[term] for term in ASIDE - {"taalvariant"} if term in about}
    return Change(PRODUCT, code, {**draft.said, **kept}, draft.document.get("opVersie"), whole=True, activity=activity)


def _versions(agent: Agent, register: Register) -> Iterator[Version]:
    units = owners_of(agent, register)
    if units is None:
        yield from register.log.entities(KIND, "", BATCH)
        return
    for iri in sorted({iri for unit in units for iri in register.log.find(OWNER, unit)}):
        if version := register.log.latest(iri):
            yield version


def _document(version: Version, register: Register) -> Document:
    graph = from_ntriples((version.public or b"") + version.internal)
    return to_document(graph, register.schema.entity_types[version.kind], version.entity)


# --- Conduct ----------------------------------------------------------------------------------------------------------


def derive(document: Document, desk: Desk) -> None:
    """It is a draft, of the administration that writes it."""
    codelists = desk.register.codelists
    status = codelists.find("instantiestatus", "ontwerp")
    assert status is not None
    document["status"] = status.iri
    home = codelists.municipality(desk.agent.municipality) if desk.agent.municipality else None
    document.setdefault("bestuur", home.unit if home is not None and home.unit else desk.agent.iri)
    owner = codelists.organisations.get(document["bestuur"])
    if owner is not None and owner.nis and (place := codelists.municipality(owner.nis)):
        document["gemeente"] = [place.iri]


def what_waits_is_not_changed(case: Case) -> Iterator[Problem]:
    """What the validator approves is what was submitted."""
    if case.before is not None and "gevraagdOp" in case.before:
        yield Problem("", "Dit ontwerp wacht op goedkeuring. Neem het eerst terug om eraan te schrijven.")
    elif "gevraagdOp" in case.document:
        yield Problem("gevraagdOp", "Goedkeuring vraagt men met het ontwerp zelf.")


def it_is_about_an_own_product(case: Case) -> Iterator[Problem]:
    iri, desk = case.document.get("product"), case.desk
    if not iri:
        return
    version = desk.transaction.latest(iri)
    product = desk.open_document(version) if version is not None and version.operation != "delete" else None
    if product is None or not may_keep(desk.agent, product, desk.register.codelists):
        yield Problem("product", "Dit is geen product van uw bestuur.")
    elif set(desk.transaction.find(ABOUT, iri)) - {case.document["@id"]}:
        yield Problem("product", "Van dit product is er al een ontwerp. Schrijf daarin verder.")


def no_national_number_stands_in_it(case: Case) -> Iterator[Problem]:
    """A draft stays in the history, too."""
    yield from _numbers(orjson.loads(case.document["inhoud"]), "")


def _numbers(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, dict):
        for term, inner in value.items():
            yield from _numbers(inner, path if term.startswith("nl") or term == "en" else f"{path}.{term}".lstrip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _numbers(inner, f"{path}[{index}]")
    elif isinstance(value, str) and not value.startswith(ADDRESSES):
        try:
            without_national_number(value)
        except ValueError as error:
            yield Problem(path, str(error))


def standing(document: Document, _desk: Desk) -> Standing:
    """Found by the administration that writes it, and by the product that it is about."""
    about = {(ABOUT, document["product"])} if "product" in document else set()
    return Standing(claims=frozenset(about), keys=frozenset({(OWNER, document["bestuur"])}))


def allow(case: Case) -> None:
    """A municipality, and the vendor that works for it, keeps the drafts of its own administrations."""
    for document in (case.before, case.document):
        owned = {"aangemaaktDoor": document.get("bestuur", "")} if document is not None else None
        if owned is not None and not may_keep(case.desk.agent, owned, case.desk.register.codelists):
            raise Forbidden("Dit ontwerp is van een ander bestuur.")


PRODUCT_DRAFTS = Conduct(
    derive=derive,
    rules=(what_waits_is_not_changed, it_is_about_an_own_product, no_national_number_stands_in_it),
    standing=standing,
    allow=allow,
    visible=never,
    trusting=True,
)
