"""Which products a regulation is the legal basis of, and which regulations of its municipality a decision names.

    regulation_links(document, desk)     # [Link("P0001001", 97, "titel lijkt op “Werkingssubsidie voor …”", "product")]

What a decision or a product says itself comes first: the IRI of the one at the other. After that a regulation and a
product of one municipality are compared by what their titles are about; that alone is seldom enough to be sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.model.codelists import Municipality
from app.model.languages import text_of
from app.register.decisions.conduct import ELSEWHERE, PAGE, REGULATION, is_regulation, known_as
from app.register.decisions.links import POSSIBLE, SURE, Link
from app.register.desk import Desk
from app.register.doubles.names import fold, skeleton
from app.register.doubles.traits import place_names, plain_address
from app.register.products.conduct import EXTERNAL, LEGAL_RESOURCE, OWNER

DECISION, PRODUCT = "besluit", "product"
TOLD = 99
BY_TITLE, BY_NAME = 97, 92
MOST_ALIKE = 3
_SILENT = (
    "de het een van voor aan en of tot als op in om bij te met ter door over uit inzake betreffende houdende "
    "reglement algemeen gemeentelijk gemeentelijke stedelijk stedelijke gemeente stad goedkeuring goedgekeurd "
    "beslissing besluit vaststelling vaststellen aanpassing aangepast wijziging gewijzigd hernieuwing opheffing "
    "kennisneming nieuw jaar"
)
NOT_TELLING = frozenset(_SILENT.split())
# What a regulation or a product gives, by the ends of the words for it: one of another kind is another matter.
GIVES = {
    "subsidie": ("subsidies", "subsidie", "subsidiering", "toelagen", "toelage", "premies", "premie", "tussenkomst"),
    "erkenning": ("erkenningen", "erkenning", "erkend", "erkennen"),
    "gebruik": ("retributie", "huren", "verhuur", "huur", "gebruik", "gebruikers"),
    "lenen": ("uitleendienst", "uitlenen", "ontlenen", "uitleen", "lenen"),
}
# `FinancieelVoordeel` says as much as the word that is not in the title.
OF_TYPE = {"FinancieelVoordeel": "subsidie"}
_REGULATION = re.compile(r"s?(?:reglement|reglementen)$")
_WHO = re.compile(r"s?(?:verenigingen|vereniging|clubs?|organisaties?|initiatieven)$")
_ALIKE = {"cultu": "cultuur", "jeugd": "jeugd", "sport": "sport", "senio": "senior"}
_NAME = re.compile(r"\b(\w*reglement\b[^.:;()–]*?)\s*(?:[.:;()–]|\s-\s|$)", re.IGNORECASE)


def regulation_links(document: Mapping[str, Any], desk: Desk) -> list[Link]:
    """The products and regulations that a decision may be tied to, the surest first, each once."""
    found: dict[str, Link] = {}
    rules = [_told, _said_by_products]
    rules.append(_by_title if is_regulation(document) else _by_name)
    for link in (link for rule in rules for link in rule(document, desk)):
        if link.code not in found or found[link.code].certainty < link.certainty:
            found[link.code] = link
    return sorted(found.values(), key=lambda link: (-link.certainty, link.code))


def subjects(text: str, places: frozenset[str] = frozenset()) -> frozenset[str]:
    """What a title is about, apart from how it is called, in which municipality, and whether it was approved.

    >>> subjects("Reglement werkingssubsidies jeugd") == subjects("Werkingssubsidie voor jeugdverenigingen")
    True
    """
    found: set[str] = set()
    for word in fold(text).split():
        if word in NOT_TELLING or word in places or not word.isalpha():
            continue
        found.update(_parts(_REGULATION.sub("", word)))
    return frozenset(found)


def _parts(word: str) -> Iterator[str]:
    """`werkingssubsidies` is about a subsidy and about working, `jeugdverenigingen` about youth."""
    for kind, ends in GIVES.items():
        if end := next((end for end in ends if word.endswith(end)), ""):
            yield kind
            word = word.removesuffix(end).removesuffix("s")
            break
    word = _WHO.sub("", word)
    if len(word) > 2:
        yield _ALIKE.get(word[:5], skeleton(re.sub(r"(?<=\w{3})(?:en|s)$", "", word)))


def _told(document: Mapping[str, Any], desk: Desk) -> Iterator[Link]:
    """What the decision refers to by its IRI, here or at its source."""
    own = desk.register.schema.entity_types[DECISION].iri(document.get("code", ""))
    for iri in (iri for term in ("gaatOver", "bijlagen", "citeert") for iri in document.get(term, ())):
        entities = {iri, *desk.transaction.find(EXTERNAL, iri), *desk.transaction.find(ELSEWHERE, plain_address(iri))}
        for entity in sorted(entities - {own}):
            kind, code = _here(entity, desk)
            if kind in (PRODUCT, DECISION):
                yield Link(code, TOLD, "het besluit verwijst er zelf naar", kind)


def _said_by_products(document: Mapping[str, Any], desk: Desk) -> Iterator[Link]:
    """The products that have this decision, or the page with it alone, among their legal resources."""
    type = desk.register.schema.entity_types[DECISION]
    for address in {plain_address(type.iri(document.get("code", ""))), *known_as(document)}:
        for entity in desk.transaction.find(LEGAL_RESOURCE, address):
            yield Link(_here(entity, desk)[1], TOLD, "staat bij de regelgeving van het product", PRODUCT)
    for page in document.get("bronnen", ()) if is_regulation(document) else ():
        alone = len(desk.transaction.find(PAGE, plain_address(page))) == 1
        for entity in desk.transaction.find(LEGAL_RESOURCE, plain_address(page)):
            certainty = TOLD if alone else SURE - 10
            yield Link(_here(entity, desk)[1], certainty, "de pagina staat bij de regelgeving van het product", PRODUCT)


def _by_title(document: Mapping[str, Any], desk: Desk) -> Iterator[Link]:
    """The products of the same municipality that are about the same."""
    home = _home(document, desk)
    if home is None or not home.unit:
        return
    places = _places(home, desk)
    ours = subjects(str(document.get("naam", "")), places)
    alike = []
    for entity in desk.transaction.find(OWNER, home.unit):
        version = desk.transaction.latest(entity)
        product = desk.open_document(version) if version is not None and version.operation != "delete" else {}
        name = text_of(product.get("naam"))
        theirs = subjects(name, places) | _type(product, desk)
        if (likeness := _likeness(ours, theirs)) > 0 and not product.get("gearchiveerd"):
            alike.append((likeness, len(ours & theirs), entity, name))
    best = [each for each in sorted(alike, reverse=True) if each[0] > max(alike)[0] - 0.05]
    for likeness, shared, entity, name in best[:MOST_ALIKE]:
        certainty = round(BY_TITLE * likeness)
        certainty = min(certainty, SURE - 10) if len(best) > 1 or shared < 2 else certainty
        if certainty >= POSSIBLE:
            yield Link(_here(entity, desk)[1], certainty, f"de titel lijkt op “{name}”", PRODUCT)


def _by_name(document: Mapping[str, Any], desk: Desk) -> Iterator[Link]:
    """The regulations of the same municipality that the text calls by their name; of several the last one then."""
    home = _home(document, desk)
    articles = " ".join(str(article.get("inhoud", "")) for article in document.get("artikelen", ()))
    text = fold(" ".join((*(str(document.get(term, "")) for term in ("naam", "motivering", "inhoud")), articles)))
    if home is None or "reglement" not in text:
        return
    day, places = document.get("zittingsdatum", "9999"), _places(home, desk)
    latest: dict[str, tuple[str, str]] = {}
    for entity, summary in desk.transaction.summaries([(REGULATION, home.nis)]).items():
        since, _, title = summary.decode().partition(" ")
        named = _NAME.search(title)
        name = fold(named[1]) if named else ""
        if len(subjects(name, places)) > 1 and f" {name} " in f" {text} " and since <= day:
            latest[name] = max(latest.get(name, ("", "")), (since, entity))
    for name, (_, entity) in latest.items():
        yield Link(_here(entity, desk)[1], BY_NAME, f"het besluit noemt het {name}", DECISION)


def _likeness(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """From 0 to 1, how much of what two titles are about is the same; 0 when they give something else."""
    given, taken = ours & GIVES.keys(), theirs & GIVES.keys()
    if not (ours and theirs) or (given and taken and not given & taken):
        return 0.0
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def _type(product: Mapping[str, Any], desk: Desk) -> frozenset[str]:
    concept = desk.register.codelists.concept(product.get("type", ""))
    said = OF_TYPE.get(concept.notation, "") if concept else ""
    return frozenset({said} if said else ())


def _home(document: Mapping[str, Any], desk: Desk) -> Municipality | None:
    place = document.get("gemeente")
    return desk.register.codelists.municipality(place) if place else None


def _places(home: Municipality, desk: Desk) -> frozenset[str]:
    """The names of a municipality, also as in `Gents` and `Gentse`."""
    names = [fold(name) for name in place_names(home, desk.register.codelists)]
    return frozenset((*names, *(f"{name}{end}" for name in names for end in ("s", "se"))))


def _here(iri: str, desk: Desk) -> tuple[str, str]:
    """The key of the type, and the code, of what is in this register; of anything else the empty texts."""
    found = desk.register.schema.entity_of(iri)
    return (found[0].key, found[1]) if found and desk.transaction.latest(iri) is not None else ("", "")
