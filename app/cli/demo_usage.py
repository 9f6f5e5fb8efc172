"""Of the demonstration: a year of visitors, invented and always the same, so that reports have something to show."""

from __future__ import annotations

from datetime import date, timedelta
from math import cos, pi
from random import Random

from app.register.register import Register
from app.register.reports.usage import APPLICATION, ASSOCIATIONS, MISSED, OFFERS, PAGE, SOUGHT
from app.store.usage import Use, put_counts

DAYS, SEED = 420, 20260301
# What people look for, how often, and whether they find it.
TERMS = (
    (OFFERS, "subsidie", 30, True), (OFFERS, "zaal huren", 26, True), (OFFERS, "erkenning", 18, True),
    (OFFERS, "materiaal lenen", 14, True), (OFFERS, "nadar", 9, False), (OFFERS, "evenement melden", 12, True),
    (OFFERS, "drankvergunning", 11, False), (OFFERS, "verzekering", 10, False), (OFFERS, "tent", 7, False),
    (ASSOCIATIONS, "voetbal", 16, True), (ASSOCIATIONS, "harmonie", 12, True), (ASSOCIATIONS, "scouts", 15, True),
    (ASSOCIATIONS, "naaien", 7, False), (ASSOCIATIONS, "toneel", 9, True), (ASSOCIATIONS, "padel", 8, False),
)  # fmt: skip
TOWNS = ("44021", "44021", "", "41002", "31005", "24062")


def visit(register: Register) -> None:
    """Visitors of every product, of some associations and decisions, more in September than in July."""
    random = Random(SEED)
    first = register.today() - timedelta(days=DAYS)
    products = [version.entity for version in register.log.entities("product", limit=1000)]
    others = [
        version.entity for kind in ("vereniging", "besluit") for version in register.log.entities(kind, limit=300)
    ]
    popular = {iri: min(9.0, random.paretovariate(1.2)) for iri in products}
    rows = []
    for number in range(0, DAYS, 3):
        day = first + timedelta(days=number)
        times = dict(_views(day, popular, random)) | dict(_looks(day, others, random)) | dict(_searches(day, random))
        # Some come twice.
        rows += [
            {"day": day.isoformat(), **use._asdict(), "times": count, "visitors": max(1, round(count * 0.7))}
            for use, count in times.items()
        ]
    with register.log.database.writing() as connection:
        put_counts(connection, rows)


def _views(day: date, popular: dict[str, float], random: Random) -> list[tuple[Use, int]]:
    found = []
    for iri, weight in popular.items():
        if views := int(weight * _season(day) * random.random() * 4):
            found.append((Use(PAGE, iri), views))
            if views > 2 and random.random() < 0.6:
                found.append((Use(APPLICATION, iri), 1 + views // 6))
    return found


def _looks(day: date, others: list[str], random: Random) -> list[tuple[Use, int]]:
    chosen = random.sample(others, min(len(others), int(30 * _season(day))))
    return [(Use(PAGE, iri), random.randint(1, 9)) for iri in chosen]


def _searches(day: date, random: Random) -> list[tuple[Use, int]]:
    found = []
    for where, term, often, finds in TERMS:
        place = random.choice(TOWNS)
        count = int(2 * often * _season(day) * random.random())
        if count:
            found.append((Use(SOUGHT[where], term, place), count))
            if not finds:
                found.append((Use(MISSED[where], term, place), count))
    return found


def _season(day: date) -> float:
    """Most in September, least in March, and little at the weekend."""
    return (1 + 0.5 * cos((day.timetuple().tm_yday - 255) / 365 * 2 * pi)) * (0.5 if day.weekday() > 4 else 1)
