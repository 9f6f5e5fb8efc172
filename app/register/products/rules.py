"""What the shape of a product does not say: the rules of the Flemish product catalogues over several fields.

Each rule yields problems, a Dutch sentence beside a field. They are those of LPDC before it publishes, and those that
it asks of vendors: https://github.com/lblod/lpdc-management-service
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import Problem
from app.model.fields import Document, Kind, NodeType
from app.model.languages import DUTCH, NEUTRAL, VARIANTS
from app.model.organisations import LEVELS, LOCAL, PROVINCE, PROVINCIAL, is_flemish
from app.register.conduct import Case, Rule
from app.register.desk import Desk
from app.register.products.address_forms import texts_of
from app.register.products.approving import a_validator_approves

THIRD_PARTIES = f"{LEVELS}UitvoerendBestuursniveau/Derden"
LEVEL_FIELDS = (
    ("bevoegdBestuursniveaus", "bevoegdeOverheden", f"{LEVELS}BevoegdBestuursniveau/"),
    ("uitvoerendBestuursniveaus", "uitvoerendeOverheden", f"{LEVELS}UitvoerendBestuursniveau/"),
)


def texts_share_one_form_of_dutch(case: Case) -> Iterator[Problem]:
    """All texts have the form that counts: a reader must not be addressed in two ways on one page.

    Beside u may stand je, and the other way; beside the neutral form nothing.
    """
    found: dict[str, list[str]] = {}
    for path, tag in texts_in(case.document, case.type):
        if tag in DUTCH:
            found.setdefault(path, []).append(tag)
    used = [tag for tags in found.values() for tag in tags if tag in VARIANTS]
    if not used:
        yield Problem("naam", "Er is geen Nederlandse tekst.")
        return
    counts = case.document.get("taalvariant")
    first = counts if counts in used else used[0]
    for path, tags in found.items():
        for tag in tags:
            if tag not in VARIANTS:
                yield Problem(path, "Een tekst die de IPDC zelf maakte kan niet ingegeven worden.")
            elif tag != first and (first not in tags or NEUTRAL in (tag, first)):
                sentence = f"Gebruik in alle teksten dezelfde aanspreekvorm: hier staat {tag}, elders {first}."
                yield Problem(path, sentence)


def title_and_description_are_in_the_same_languages(case: Case) -> Iterator[Problem]:
    title, description = (_languages(case.document.get(term, {})) for term in ("naam", "beschrijving"))
    if title and description and title != description:
        missing = sorted((title - description) or (description - title))
        term = "beschrijving" if title - description else "naam"
        yield Problem(term, f"Titel en beschrijving staan in dezelfde talen: {', '.join(missing)} ontbreekt hier.")


def _languages(texts: Mapping[str, Any]) -> set[str]:
    """The languages, all forms of Dutch being one: of those another rule says which go together."""
    return {NEUTRAL if tag in DUTCH else tag for tag in texts}


def keywords_are_dutch(case: Case) -> Iterator[Problem]:
    for language in case.document.get("zoektermen", {}):
        if language != NEUTRAL:
            yield Problem("zoektermen", "Zoektermen staan enkel in het Nederlands (nl).")


def nothing_stands_twice(case: Case) -> Iterator[Problem]:
    for field in case.type.fields:
        if field.kind is Kind.LINK and field.is_list:
            for index in _doubled(case.document.get(field.term, ())):
                yield Problem(f"{field.term}[{index}]", "Deze waarde staat er twee keer.")


def orders_are_different(case: Case) -> Iterator[Problem]:
    yield from _orders(case.document, case.type, "")


def authorities_are_active(case: Case) -> Iterator[Problem]:
    """A unit must be known and active; an OVO code that we do not know is one of the Flemish register."""
    find = case.desk.register.codelists.organisations.get
    for path, iri in _authorities(case.document):
        found = find(iri)
        if found is None and not is_flemish(iri):
            yield Problem(path, "Dit bestuur kennen we niet.")
        elif found is not None and not found.active:
            yield Problem(path, f"Dit bestuur is niet meer actief: {found.name}.")


def areas_still_exist(case: Case) -> Iterator[Problem]:
    for index, iri in enumerate(case.document.get("geografischToepassingsgebieden", ())):
        area = case.desk.register.codelists.concept(iri, "toepassingsgebied")
        if area is not None and area.deprecated:
            sentence = f"{area.label} bestaat niet meer; kies de gemeente waarin het opging."
            yield Problem(f"geografischToepassingsgebieden[{index}]", sentence)


def levels_fit_authorities(case: Case) -> Iterator[Problem]:
    """Refused only when a chosen level has no authority and an authority's level is not chosen, as in LPDC."""
    for levels_term, authorities_term, start in LEVEL_FIELDS:
        chosen = {level.removeprefix(start) for level in case.document.get(levels_term, ())}
        found = [case.desk.register.codelists.organisations.get(a) for a in case.document.get(authorities_term, ())]
        known = {one.level for one in found if one is not None and one.level}
        if not chosen or not found or len([one for one in found if one and one.level]) < len(found):
            continue
        if chosen - known and known - chosen:
            yield Problem(levels_term, "De bestuursniveaus en de overheden passen niet bij elkaar.")


def a_local_level_executes(case: Case) -> Iterator[Problem]:
    """Local, or provincial for a province, unless third parties do."""
    levels = case.document.get("uitvoerendBestuursniveaus", ())
    owner = case.desk.register.codelists.organisations.get(case.document.get("aangemaaktDoor", ""))
    if not levels or owner is None or owner.level is None or THIRD_PARTIES in levels:
        return
    needed = PROVINCIAL if owner.kind == PROVINCE else LOCAL
    if f"{LEVEL_FIELDS[1][2]}{needed}" not in levels:
        yield Problem("uitvoerendBestuursniveaus", "Kies ook uw eigen bestuursniveau, of Derden.")


def the_concept_is_known(case: Case) -> Iterator[Problem]:
    concept = case.document.get("linkedConcept")
    if concept and (case.before or {}).get("linkedConcept") != concept and not _is_there(concept, case.desk):
        yield Problem("linkedConcept", "Dit concept kennen we niet.")


def other_products_exist(case: Case) -> Iterator[Problem]:
    for term in ("vereist", "verwant"):
        for index, iri in enumerate(case.document.get(term, ())):
            if iri == case.document["@id"]:
                yield Problem(f"{term}[{index}]", "Een product verwijst niet naar zichzelf.")
            elif case.desk.register.schema.entity_of(iri) and not _is_there(iri, case.desk):
                yield Problem(f"{term}[{index}]", "Dit product staat niet in het register.")


def criteria_say_something(case: Case) -> Iterator[Problem]:
    """A condition to decide has values or bounds."""
    for number, condition in enumerate(case.document.get("voorwaarden", ())):
        for index, criterion in enumerate(condition.get("criteria", ())):
            if not criterion.keys() & {"waarden", "minimum", "maximum"}:
                path = f"voorwaarden[{number}].criteria[{index}].waarden"
                yield Problem(path, "Geef waarden, een minimum of een maximum.")


RULES: tuple[Rule, ...] = (
    texts_share_one_form_of_dutch,
    title_and_description_are_in_the_same_languages,
    keywords_are_dutch,
    nothing_stands_twice,
    orders_are_different,
    authorities_are_active,
    areas_still_exist,
    levels_fit_authorities,
    a_local_level_executes,
    the_concept_is_known,
    other_products_exist,
    criteria_say_something,
    a_validator_approves,
)
# LPDC asks these of people, before it publishes what they edit; of vendors it does not.
FOR_PEOPLE: frozenset[Rule] = frozenset(
    {levels_fit_authorities, a_local_level_executes, other_products_exist, a_validator_approves}
)


def texts_in(document: Document, type: NodeType) -> Iterator[tuple[str, str]]:
    """Path and language of every text that speaks to the reader."""
    return ((text.path, tag) for text in texts_of(document, type) for tag in text.texts)


def _orders(document: Document, type: NodeType, path: str) -> Iterator[Problem]:
    for field in type.fields:
        if field.node is None or not field.is_list:
            continue
        nodes = document.get(field.term, ())
        for index in _doubled([node.get("order") for node in nodes]):
            yield Problem(f"{path}{field.term}[{index}].order", "Deze plaats in de volgorde is al ingenomen.")
        for index, node in enumerate(nodes):
            yield from _orders(node, field.node, f"{path}{field.term}[{index}].")


def _authorities(document: Document) -> Iterator[tuple[str, str]]:
    for term in ("bevoegdeOverheden", "uitvoerendeOverheden"):
        yield from ((f"{term}[{index}]", iri) for index, iri in enumerate(document.get(term, ())))
    if "aangemaaktDoor" in document:
        yield "aangemaaktDoor", document["aangemaaktDoor"]


def _doubled(values: Any) -> Iterator[int]:
    seen: Counter[Any] = Counter()
    for index, value in enumerate(values):
        if value is not None and seen[value]:
            yield index
        seen[value] += 1


def _is_there(iri: str, desk: Desk) -> bool:
    version = desk.transaction.latest(iri)
    return version is not None and version.operation != "delete"
