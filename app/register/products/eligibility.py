"""Whether an association can get a product, and why: yes, no or unknown for each condition, in Dutch.

    profile = profile_of(association, codelists)              # once for an association
    verdict = eligibility(product, profile, facts, today)     # tens of microseconds for a product
    verdict.answer, [reason.text for reason in verdict.reasons]

What the register does not know is unknown and never guessed: a condition in words alone is for people to weigh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from app.model.fields import Document
from app.model.languages import text_of
from app.register.products.criteria import kind_of
from app.register.profile import Facts, Profile

YES, NO, UNKNOWN = "ja", "nee", "onbekend"
ASSOCIATIONS = "https://productencatalogus.data.vlaanderen.be/id/concept/Doelgroep/Vereniging"
OTHERS = "https://productencatalogus.data.vlaanderen.be/id/concept/Doelgroep/Organisatie"
ALL_AGES = (0, 150)
FOREVER = 10**9


@dataclass(frozen=True)
class Reason:
    """One condition: whether it is met, a sentence that says so, and the path of what it is about in the product."""

    answer: str
    text: str
    path: str


@dataclass(frozen=True)
class Verdict:
    """The whole answer: no when one condition is not met, unknown when one cannot be decided, else yes."""

    answer: str
    reasons: tuple[Reason, ...]


def eligibility(product: Document, profile: Profile, facts: Facts, today: date) -> Verdict:
    """What holds for this association and this product on a day."""
    reasons = tuple(_reasons(product, profile, facts, today))
    answers = {reason.answer for reason in reasons}
    return Verdict(NO if NO in answers else UNKNOWN if UNKNOWN in answers else YES, reasons)


def _reasons(product: Document, profile: Profile, facts: Facts, today: date) -> Iterator[Reason]:
    yield from _audience(product)
    yield from _period(product, today)
    yield from _area(product, profile, facts)
    if wanted := product.get("activiteiten"):
        yield Reason(*_activity(wanted, profile, facts), "activiteiten")
    for index, iri in enumerate(product.get("vereist", ())):
        yield Reason(*_has_product(iri, profile, facts), f"vereist[{index}]")
    for index, condition in enumerate(product.get("voorwaarden", ())):
        yield from _condition(condition, f"voorwaarden[{index}]", profile, facts, today)


def _audience(product: Document) -> Iterator[Reason]:
    audiences = product.get("doelgroepen")
    if audiences and ASSOCIATIONS not in audiences and OTHERS not in audiences:
        yield Reason(NO, "Dit is niet voor verenigingen bedoeld.", "doelgroepen")


def _period(product: Document, today: date) -> Iterator[Reason]:
    start, end = product.get("startDienstVerlening", ""), product.get("eindeDienstVerlening", "9999")
    if today.isoformat() < start[:10]:
        yield Reason(NO, f"Aan te vragen vanaf {_day(start)}.", "startDienstVerlening")
    elif today.isoformat() > end[:10]:
        yield Reason(NO, f"Aan te vragen tot en met {_day(end)}.", "eindeDienstVerlening")


def _area(product: Document, profile: Profile, facts: Facts) -> Iterator[Reason]:
    areas = product.get("geografischToepassingsgebieden")
    if areas:
        yield Reason(*_active_in(areas, profile, facts), "geografischToepassingsgebieden")


def _condition(condition: Document, path: str, profile: Profile, facts: Facts, today: date) -> Iterator[Reason]:
    criteria = condition.get("criteria", ())
    if not criteria:
        yield Reason(UNKNOWN, f"Zelf na te gaan: {text_of(condition.get('naam'))}.", path)
    for index, criterion in enumerate(criteria):
        decide = DECIDE.get(kind_of(criterion), _undecided)
        yield Reason(*decide(criterion, profile, facts, today), f"{path}.criteria[{index}]")


# --- One function for each kind of condition: the answer, and the sentence --------------------------------------------

Decision = tuple[str, str]


def _recognised_by(criterion: Document, profile: Profile, facts: Facts, _today: date) -> Decision:
    wanted = [facts.organisation(iri) for iri in criterion.get("waarden", ())]
    names = _either(name for _, name in wanted)
    iris = {iri for iri, _ in wanted}
    if any(giver in iris for giver, _ in profile.recognitions):
        return YES, f"Erkend door {names}."
    if any(giver in iris for giver, _ in profile.suspended):
        return NO, f"De erkenning door {names} is geschorst."
    return NO, f"Niet erkend door {names}."


def _seat_in(criterion: Document, profile: Profile, facts: Facts, _today: date) -> Decision:
    areas = [facts.area(iri) for iri in criterion.get("waarden", ())]
    names = _either(name for _, name in areas)
    if not profile.seats:
        return UNKNOWN, f"Wij kennen geen adres van de vereniging; nodig is een locatie in {names}."
    met = any(seat.startswith(code) for seat in profile.seats for code, _ in areas)
    return (YES, f"Heeft een locatie in {names}.") if met else (NO, f"Heeft geen locatie in {names}.")


def _active(criterion: Document, profile: Profile, facts: Facts, _today: date) -> Decision:
    return _active_in(criterion.get("waarden", ()), profile, facts)


def _active_in(iris: Iterable[str], profile: Profile, facts: Facts) -> Decision:
    """There, or in an area around it or within it."""
    areas = [facts.area(iri) for iri in iris]
    names = _either(name for _, name in areas)
    known = profile.seats | profile.works
    if not known:
        return UNKNOWN, f"Wij weten niet waar de vereniging werkt; dit geldt in {names}."
    met = any(own.startswith(code) or code.startswith(own) for own in known for code, _ in areas)
    return (YES, f"Werkt in {names}.") if met else (NO, f"Dit geldt in {names}; daar werkt de vereniging niet.")


def _main_activity(criterion: Document, profile: Profile, facts: Facts, _today: date) -> Decision:
    return _activity(criterion.get("waarden", ()), profile, facts)


def _activity(wanted: Iterable[str], profile: Profile, facts: Facts) -> Decision:
    iris = list(wanted)
    names = _either(facts.label(iri) for iri in iris)
    if not profile.activities:
        return UNKNOWN, f"De hoofdactiviteit is niet ingevuld; dit is voor {names}."
    shared = [iri for iri in iris if iri in profile.activities]
    if shared:
        return YES, f"Hoofdactiviteit {facts.label(shared[0])}."
    return NO, f"Enkel voor de hoofdactiviteit {names}."


def _age_group(criterion: Document, profile: Profile, _facts: Facts, _today: date) -> Decision:
    least, most = criterion.get("minimum", 0), criterion.get("maximum", ALL_AGES[1])
    wanted = f"van {least} tot en met {most} jaar" if most < ALL_AGES[1] else f"vanaf {least} jaar"
    if profile.ages == ALL_AGES:
        return UNKNOWN, f"De leeftijden zijn niet ingevuld; dit is voor wie zich richt tot mensen {wanted}."
    first, last = profile.ages
    if last < least or first > most:
        return NO, f"Richt zich niet tot mensen {wanted}."
    if first >= least and last <= most:
        return YES, f"Richt zich tot mensen {wanted}."
    return UNKNOWN, f"Richt zich ook tot andere leeftijden dan {wanted}."


def _members(criterion: Document, _profile: Profile, _facts: Facts, _today: date) -> Decision:
    return UNKNOWN, f"Zelf na te gaan: {_bounds(criterion)} leden. Het register kent het aantal leden niet."


def _legal_form(criterion: Document, profile: Profile, facts: Facts, _today: date) -> Decision:
    wanted = criterion.get("waarden", ())
    names = _either(facts.label(iri) for iri in wanted)
    met = any(iri in profile.forms for iri in wanted)
    return (YES, f"Rechtsvorm: {names}.") if met else (NO, f"Enkel voor deze rechtsvorm: {names}.")


def _years(criterion: Document, profile: Profile, _facts: Facts, today: date) -> Decision:
    wanted = f"{_bounds(criterion)} jaar"
    if profile.founded is None:
        return UNKNOWN, f"De startdatum is niet ingevuld; de vereniging bestaat {wanted}."
    months = (today.year - profile.founded.year) * 12 + today.month - profile.founded.month
    age = (months - (today.day < profile.founded.day)) // 12
    met = criterion.get("minimum", 0) <= age <= criterion.get("maximum", FOREVER)
    return (YES if met else NO), f"Bestaat {age} jaar; nodig is {wanted}."


def _member_of(criterion: Document, profile: Profile, facts: Facts, _today: date) -> Decision:
    wanted = criterion.get("waarden", ())
    names = _either(facts.label(iri) for iri in wanted)
    met = any(iri in profile.federations for iri in wanted)
    return (YES, f"Lid van {names}.") if met else (UNKNOWN, f"Wij kennen geen lidmaatschap van {names}.")


def _has(criterion: Document, profile: Profile, facts: Facts, _today: date) -> Decision:
    decisions = [_has_product(iri, profile, facts) for iri in criterion.get("waarden", ())]
    return min(decisions, key=lambda decision: (YES, UNKNOWN, NO).index(decision[0]))


def _has_product(iri: str, profile: Profile, facts: Facts) -> Decision:
    """Of a recognition we know whether they have it; of anything else only they do."""
    product = facts.product(iri)
    if product is None:
        return UNKNOWN, "Zelf na te gaan: een ander product is eerst nodig."
    if not product.recognises:
        return UNKNOWN, f"Zelf na te gaan: eerst is nodig „{product.title}”."
    given = any(product.owner == giver and number in ("", product.number) for giver, number in profile.recognitions)
    return (YES, f"Heeft „{product.title}”.") if given else (NO, f"Heeft „{product.title}” nog niet.")


def _undecided(_criterion: Document, _profile: Profile, _facts: Facts, _today: date) -> Decision:
    return UNKNOWN, "Deze voorwaarde kunnen wij niet berekenen."


DECIDE: Mapping[str, Callable[[Document, Profile, Facts, date], Decision]] = MappingProxyType(
    {
        "erkend-door": _recognised_by,
        "zetel-in": _seat_in,
        "actief-in": _active,
        "hoofdactiviteit": _main_activity,
        "leeftijdsgroep": _age_group,
        "aantal-leden": _members,
        "rechtsvorm": _legal_form,
        "bestaat-jaren": _years,
        "lid-van": _member_of,
        "heeft-product": _has,
    }
)


def _either(names: Iterable[str]) -> str:
    """`Gent`, `Gent of Aalst`, `Gent, Aalst of Ninove`"""
    *first, last = list(names) or [""]
    return f"{', '.join(first)} of {last}" if first else last


def _bounds(criterion: Document) -> str:
    least, most = criterion.get("minimum"), criterion.get("maximum")
    if least is not None and most is not None:
        return f"{least} tot {most}"
    return f"minstens {least}" if least is not None else f"hoogstens {most}"


def _day(moment: str) -> str:
    year, month, day = moment[:10].split("-")
    return f"{int(day)}/{int(month)}/{year}"
