"""Every figure is what who counts by hand finds: here in plain Python over the log, never by the same query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.exchange.reports.tables import name_of
from app.model.figures import SPARQL, load_figures
from app.register.dossiers.commands import ReportStatus
from app.register.reports.reporting import Reporter, Sources, load_reports
from app.web.insight import search_of
from tests.web.conftest import asking
from tests.web.people import as_manager, as_municipality, as_representative, municipality
from tests.web.report_world import HOME, NIS, Counted, Document, open_counted
from tests.web.world import ROOT, World, open_world

FIGURES = load_figures(ROOT)
GROUPS = {"0-5": (0, 5), "6-11": (6, 11), "12-17": (12, 17), "18-25": (18, 25), "26-64": (26, 64), "65-150": (65, 150)}
Key = Any
Tally = Mapping[Key, Any]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    yield from open_counted(tmp_path_factory.mktemp("rapporten"))


def report(counted: Counted, name: str, query: str = "", who: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The rows of a report as JSON; with `who` as the dashboard has it."""
    start = "/beheer/rapporten" if who else "/rapporten"
    answer = counted.ask(f"{start}/{name}.json{query}", **(who or {}))
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rijen"]
    return rows


# --- Associations -----------------------------------------------------------------------------------------------------


def by_town(counted: Counted, documents: list[Document]) -> Tally:
    return Counter(counted.label(iri) for document in documents for iri in document.get("gemeente", ()))


def by_province(counted: Counted, documents: list[Document]) -> Tally:
    towns = {one.iri: one.province for one in counted.world.service.codelists.municipalities.all}
    found: Counter[str] = Counter()
    for document in documents:
        found.update({towns[iri] for iri in document.get("gemeente", ())})
    return found


def by_type(counted: Counted, documents: list[Document]) -> Tally:
    return Counter(counted.label(document["verenigingstype"]) for document in documents)


def by_activity(counted: Counted, documents: list[Document]) -> Tally:
    return Counter(counted.label(iri) for document in documents for iri in document.get("hoofdactiviteiten", ()))


def by_age(_counted: Counted, documents: list[Document]) -> Tally:
    found: Counter[str] = Counter()
    for document in documents:
        ages = document["doelgroep"]
        for group, (first, last) in GROUPS.items():
            found[group] += ages["minimumleeftijd"] <= last and ages["maximumleeftijd"] >= first
    return found


RECOUNTS: Mapping[str, tuple[str, Callable[[Counted, list[Document]], Tally]]] = {
    "verenigingen-per-gemeente": ("gemeente", by_town),
    "verenigingen-per-provincie": ("provincie", by_province),
    "verenigingen-per-soort": ("soort", by_type),
    "verenigingen-per-activiteit": ("activiteit", by_activity),
    "verenigingen-per-leeftijdsgroep": ("code", by_age),
}


def tally(rows: list[dict[str, Any]], key: str, number: str = "aantal") -> dict[str, int]:
    return {str(row[key]).removeprefix("Provincie "): row[number] for row in rows}


@pytest.mark.parametrize("name", RECOUNTS)
def test_associations_are_counted_right(counted: Counted, name: str) -> None:
    key, recount = RECOUNTS[name]
    expected = recount(counted, counted.active())
    assert len(counted.active()) > 150 and len(expected) > 1
    assert tally(report(counted, name), key) == {k: v for k, v in expected.items() if v}


@pytest.mark.parametrize("name", [name for name in RECOUNTS if "gemeente" in FIGURES[name].parameters])
def test_and_so_are_those_of_one_municipality(counted: Counted, name: str) -> None:
    key, recount = RECOUNTS[name]
    expected = recount(counted, [document for document in counted.active() if counted.at(document)])
    assert tally(report(counted, name, f"?gemeente={HOME}"), key) == {k: v for k, v in expected.items() if v}


@pytest.mark.parametrize("name", [name for name in RECOUNTS if "activiteit" in FIGURES[name].parameters])
def test_and_those_of_one_activity_and_one_type(counted: Counted, name: str) -> None:
    key, recount = RECOUNTS[name]
    sport, club = counted.world.concept("hoofdactiviteit", "SPRT"), counted.world.concept("verenigingstype", "VZER")
    fitting = [document for document in counted.active() if sport in document.get("hoofdactiviteiten", ())]
    if "soort" in FIGURES[name].parameters:
        fitting = [document for document in fitting if document["verenigingstype"] == club]
    expected = {k: v for k, v in recount(counted, fitting).items() if v}
    assert expected and tally(report(counted, name, "?activiteit=SPRT&soort=VZER"), key) == expected


@pytest.mark.parametrize("name", [name for name in RECOUNTS if "gemeente" in FIGURES[name].parameters])
def test_who_manages_counts_what_is_hidden_at_home_and_nobody_else_does(counted: Counted, name: str) -> None:
    key, recount = RECOUNTS[name]
    queries = ["", "&activiteit=SPRT"] if "activiteit" in FIGURES[name].parameters else [""]
    for query in queries:
        here = [one for one in counted.active(counted.territory()) if not query or _is_sport(counted, one)]
        expected = {k: v for k, v in recount(counted, here).items() if v}
        assert tally(report(counted, name, f"?gemeente={HOME}{query}", as_municipality(HOME)), key) == expected
        assert tally(report(counted, name, f"?gemeente={HOME}{query}", as_manager()), key) == expected
    public = [one for one in counted.active() if counted.at(one)]
    assert len(counted.active(counted.territory())) >= len(public) + 3


def _is_sport(counted: Counted, document: Document) -> bool:
    return counted.world.concept("hoofdactiviteit", "SPRT") in document.get("hoofdactiviteiten", ())


def test_the_other_figures_of_who_manages_count_it_too(counted: Counted) -> None:
    own, territory = as_municipality(HOME), counted.territory()
    hidden = {one["@id"] for one in territory} - {one["@id"] for one in counted.documents()}
    assert len(hidden) >= 5
    statuses = Counter(counted.label(one["status"]) for one in territory)
    assert tally(report(counted, "verenigingen-per-status", "", own), "status") == statuses
    found = [each for one in territory for each in one.get("erkenningen", ())]
    expected = Counter(counted.label(each["status"]) for each in found)
    assert tally(report(counted, "erkenningen-per-status", "", own), "status") == expected
    years = Counter(one["startdatum"][:4] for one in territory if "startdatum" in one)
    rows = report(counted, "verenigingen-per-jaar", "", own)
    assert {row["jaar"]: row["opgericht"] for row in rows if row["opgericht"]} == years
    (row,) = report(counted, "kwaliteit", "", own)
    active = counted.active(territory)
    assert row["verenigingen"] == len(active)
    assert row["zonderContact"] == sum("contact" in missing(one) for one in active)
    listed = {row["verenigingIri"]: row["vereniging"] for row in report(counted, "kwaliteit-lijst", "", own)}
    assert listed == {one["@id"]: one["naam"] for one in active if missing(one)}
    body = counted.ask("/beheer/rapporten/kwaliteit.json", **own).json()
    assert body["nietOpenbaar"] == len(hidden)
    page = counted.ask("/beheer/rapporten/kwaliteit", accept="text/html", **own).text
    assert f"{len(hidden)} verenigingen tellen mee die niet openbaar zijn" in page
    for name in FIGURES:
        answer = counted.ask(f"/rapporten/{name}.json?gemeente={HOME}")
        assert not [iri for iri in hidden if iri in answer.text] and "nietOpenbaar" not in answer.text


def test_the_power_bi_files_hold_the_associations_that_figures_count(counted: Counted) -> None:
    rows = powerbi(counted, "Basisgegevens.csv", as_municipality(HOME))
    assert {row["vCode"] for row in rows} == {one["vCode"] for one in counted.territory()}
    figure = tally(report(counted, "verenigingen-per-status", "", as_municipality(HOME)), "status")
    assert Counter(row["status"] for row in rows) == figure
    assert {row["vCode"] for row in powerbi(counted, "Basisgegevens.csv", as_manager(), f"?gemeente={HOME}")} == {
        row["vCode"] for row in rows
    }


def test_active_and_stopped(counted: Counted) -> None:
    expected = Counter(counted.label(document["status"]) for document in counted.documents())
    assert set(expected) == {"Actief", "Gestopt"}
    assert tally(report(counted, "verenigingen-per-status"), "status") == expected


@pytest.mark.parametrize("query", ["", f"?gemeente={HOME}", "?van=1990-01-01&tot=2020-12-31"])
def test_begun_and_ended_by_year(counted: Counted, query: str) -> None:
    documents = [one for one in counted.documents() if "gemeente" not in query or counted.at(one)]
    first, last = ("1990", "2020") if "van" in query else ("0", "9")
    years: dict[str, Counter[str]] = {}
    for term in ("startdatum", "einddatum"):
        found = (one[term][:4] for one in documents if term in one)
        years[term] = Counter(year for year in found if first <= year <= last)
    rows = report(counted, "verenigingen-per-jaar", query)
    assert sum(row["opgericht"] for row in rows) > 10
    for row in rows:
        assert (row["opgericht"], row["gestopt"]) == tuple(years[term][row["jaar"]] for term in years)
    assert sum(row["opgericht"] + row["gestopt"] for row in rows) == sum(map(Counter.total, years.values()))


def test_what_came_what_stopped_and_what_went_by_month(counted: Counted) -> None:
    for query, feed in (("", "verenigingen"), (f"?gemeente={HOME}", f"verenigingen/gemeente/{NIS}")):
        log = counted.world.service.log
        members = log.members(feed, 1, log.feed_size(feed))
        months = Counter(one.version.time[:7] for one in members if one.operation == "create")
        stops = Counter(m.version.time[:7] for m in members if m.version.activity.endswith("VerenigingGestopt"))
        rows = report(counted, "nieuw-per-maand", query)
        assert {row["maand"]: row["nieuw"] for row in rows if row["nieuw"]} == months
        assert {row["maand"]: row["gestopt"] for row in rows if row["gestopt"]} == stops


def test_changes_by_source(counted: Counted) -> None:
    log = counted.world.service.log
    feed = f"verenigingen/gemeente/{NIS}"
    told = {member.version.sequence: member.version.actor for member in log.members(feed, 1, log.feed_size(feed))}
    assert all("bestuurseenheden" in actor for actor in told.values())
    rows = report(counted, "wijzigingen-per-bron", f"?gemeente={HOME}")
    assert tally(rows, "bron") == {"Gemeenten": len(told)}
    hidden = {one["@id"] for one in counted.territory()} - {one["@id"] for one in counted.documents()}
    told |= {version.sequence: version.actor for iri in hidden for version in log.versions(iri)}
    rows = report(counted, "wijzigingen-per-bron", "", as_municipality(HOME))
    assert tally(rows, "bron") == {"Gemeenten": len(told)}


def test_who_manages_sees_what_came_and_stopped_hidden(counted: Counted) -> None:
    log, feed = counted.world.service.log, f"verenigingen/gemeente/{NIS}"
    seen = [(one.version, one.operation) for one in log.members(feed, 1, log.feed_size(feed))]
    hidden = {one["@id"] for one in counted.territory()} - {one["@id"] for one in counted.documents()}
    seen += [(version, version.operation) for iri in hidden for version in log.versions(iri) if version.public is None
             and version.operation == "create"]  # fmt: skip
    stops = [(version, "") for iri in hidden for version in log.versions(iri) if version.public is None
             and version.activity.endswith("VerenigingGestopt")]  # fmt: skip
    rows = report(counted, "nieuw-per-maand", "", as_municipality(HOME))
    assert sum(row["nieuw"] for row in rows) == sum(operation == "create" for _, operation in seen)
    stopped = sum(version.activity.endswith("VerenigingGestopt") for version, _ in seen)
    assert len(stops) == 1 and sum(row["gestopt"] for row in rows) == stopped + len(stops)


# --- Recognitions, quality, decisions ---------------------------------------------------------------------------------


def recognitions(counted: Counted) -> list[tuple[Document, Document]]:
    return [(document, each) for document in counted.documents() for each in document.get("erkenningen", ())]


def test_recognitions_by_status(counted: Counted) -> None:
    expected = Counter(counted.label(each["status"]) for _, each in recognitions(counted))
    assert len(expected) > 1
    assert tally(report(counted, "erkenningen-per-status"), "status") == expected


def test_recognitions_that_run_out(counted: Counted) -> None:
    today = counted.world.service.register.today()
    active = counted.world.concept("erkenningsstatus", "Actief")
    ends = {
        (document["vCode"], each["geldigheidsperiode"]["einddatum"])
        for document, each in recognitions(counted)
        if each["status"] == active and each["geldigheidsperiode"]["einddatum"] >= today.isoformat()
    }
    months = Counter(end[:7] for _, end in ends)
    assert len(months) > 3
    rows = report(counted, "erkenningen-aflopend")
    assert {row["maand"]: row["aantal"] for row in rows if row["aantal"]} == months
    listed = report(counted, "erkenningen-aflopend-lijst")
    assert {(row["verenigingIri"].rpartition("/")[2], row["einde"]) for row in listed} == ends
    assert [row["einde"] for row in listed] == sorted(row["einde"] for row in listed)
    names = {document["vCode"]: document["naam"] for document in counted.documents()}
    assert all(row["vereniging"] == names[row["verenigingIri"].rpartition("/")[2]] for row in listed)


def missing(document: Document) -> set[str]:
    contacts = document.get("contactgegevens", ())
    streets = [one for one in document.get("locaties", ()) if one.get("adres", {}).get("straatnaam")]
    found = {
        "contact": not any("email" in one or "telefoon" in one for one in contacts),
        "hoofdactiviteit": not document.get("hoofdactiviteiten"),
        "beschrijving": not document.get("korteBeschrijving"),
        "adres": not streets,
    }
    return {what for what, is_missing in found.items() if is_missing}


def test_quality_and_its_score(counted: Counted) -> None:
    at_home = [document for document in counted.active() if counted.at(document)]
    lacks = Counter(what for document in at_home for what in missing(document))
    (row,) = report(counted, "kwaliteit", f"?gemeente={HOME}")
    assert row["verenigingen"] == len(at_home) > 40
    found = {"contact": row["zonderContact"], "hoofdactiviteit": row["zonderActiviteit"],
             "beschrijving": row["zonderBeschrijving"], "adres": row["zonderAdres"]}  # fmt: skip
    assert found == {what: lacks[what] for what in found} and lacks["contact"]
    assert row["nietNagekeken"] == len(at_home) - lacks["adres"]
    assert (row["verouderd"], row["dubbels"]) == (0, 2)
    # No address register is asked here, so its ten points count for nothing.
    lost = (
        25 * lacks["contact"] + 20 * 2 + 15 * lacks["adres"] + 10 * lacks["hoofdactiviteit"] + 5 * lacks["beschrijving"]
    )
    assert row["score"] == round(100 - 100 * lost / len(at_home) / 90)
    whole = {one["gemeente"]: one for one in report(counted, "kwaliteit")}
    assert whole[HOME] == row and len(whole) > 2


def test_which_associations_to_look_at(counted: Counted) -> None:
    expected = {one["@id"]: missing(one) for one in counted.active() if counted.at(one) and missing(one)}
    rows = report(counted, "kwaliteit-lijst", f"?gemeente={HOME}")
    assert {row["verenigingIri"]: set(row["wat"].split(", ")) for row in rows} == expected
    assert [row["ontbreekt"] for row in rows] == sorted((len(each) for each in expected.values()), reverse=True)


def test_decisions_by_level_month_and_kind(counted: Counted) -> None:
    decisions = counted.documents("besluit")
    levels = Counter(f"Niveau {one['niveau']}" for one in decisions)
    rows = report(counted, "besluiten-per-maturiteit")
    assert tally(rows, "niveau") == levels and len(levels) == 3
    assert tally(rows, "niveau", "geoogst") == {"Niveau 0": 0, "Niveau 1": 0, "Niveau 3": 1}
    months = Counter(one["zittingsdatum"][:7] for one in decisions)
    rows = report(counted, "besluiten-per-maand", "?van=2025-01-01&tot=2026-12-31")
    assert {row["maand"]: row["aantal"] for row in rows if row["aantal"]} == months
    assert [row["aantal"] for row in report(counted, "besluiten-per-soort")] == [len(decisions)]
    here = Counter(f"Niveau {one['niveau']}" for one in decisions if one["gemeente"].endswith(NIS))
    assert tally(report(counted, "besluiten-per-maturiteit", f"?gemeente={HOME}"), "niveau") == here


# --- Use --------------------------------------------------------------------------------------------------------------


def used(counted: Counted, event: str, first: str = "2025-01-01", last: str = "2026-12-31") -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for day, what, subject, _, times, visitors in counted.used:
        if what == event and first <= day <= last:
            so_far = found.setdefault(subject, [0, 0])
            found[subject] = [so_far[0] + times, so_far[1] + visitors]
    return found


def test_views_visitors_and_clicks_of_every_product(counted: Counted) -> None:
    period = "?van=2025-01-01&tot=2026-12-31"
    rows = report(counted, "raadplegingen", period, as_manager())
    seen, clicked = used(counted, "pagina"), used(counted, "aanvraag")
    assert len(rows) == 5 and sorted(row["weergaven"] for row in rows)[:2] == [0, 9]
    for row in rows:
        assert [row["weergaven"], row["bezoekers"]] == seen.get(row["productIri"], [0, 0])
        assert row["doorgeklikt"] == clicked.get(row["productIri"], [0])[0]
    own = report(counted, "raadplegingen", period, as_municipality(HOME))
    assert len(own) == 4


def test_use_by_month(counted: Counted) -> None:
    rows = report(counted, "gebruik-per-maand", "?van=2025-01-01&tot=2026-12-31", as_manager())
    for row in rows:
        of = {event: used(counted, event, f"{row['maand']}-01", f"{row['maand']}-31") for event in
              ("pagina", "zoek-aanbod", "zoek-verenigingen")}  # fmt: skip
        assert row["weergaven"] == sum(times for times, _ in of["pagina"].values())
        assert row["bezoekers"] == sum(visitors for _, visitors in of["pagina"].values())
        assert row["zoekopdrachten"] == sum(t for e in ("zoek-aanbod", "zoek-verenigingen") for t, _ in of[e].values())
    assert [row["maand"] for row in rows if row["weergaven"]] == ["2025-04", "2025-12", "2026-02"]
    assert len(rows) == 24


def test_only_what_enough_visitors_looked_for_is_shown(counted: Counted) -> None:
    period = "?van=2025-01-01&tot=2026-12-31"
    rows = report(counted, "zoektermen", period)
    assert tally(rows, "term") == {"zaal": 3 * (8 + 3), "voetbal": 3 * 7}
    assert tally(report(counted, "zoektermen", f"{period}&gemeente={HOME}"), "term") == {"zaal": 3 * 8}
    assert tally(report(counted, "zoektermen-zonder-resultaat", period), "term") == {"padel": 3 * 6}


def test_what_readers_found(counted: Counted) -> None:
    own = municipality(HOME).iri
    rows = report(counted, "terugkoppeling", "", as_municipality(HOME))
    expected = Counter(what for owner, what, _ in counted.feedback if owner == own)
    waiting = Counter(what for owner, what, waits in counted.feedback if owner == own and waits)
    assert tally(rows, "wat") == expected and len(expected) == 3
    assert tally(rows, "wat", "open") == {what: waiting[what] for what in expected}
    assert all(row["aantal"] == row["open"] + row["afgehandeld"] for row in rows)


def test_interactions_of_each_association(counted: Counted) -> None:
    log, seen = counted.world.service.log, used(counted, "pagina")
    rows = report(counted, "interacties-per-vereniging", "?van=2025-01-01&tot=2026-12-31", as_municipality(HOME))
    assert {row["verenigingIri"]: row["vereniging"] for row in rows} == {
        one["@id"]: one["naam"] for one in counted.territory()
    }
    for row in rows[:20]:
        changes = log.versions(row["verenigingIri"])
        assert row["zelf"] + row["anderen"] == len(changes)
        assert row["weergaven"] == seen.get(row["verenigingIri"], [0])[0]
        assert row["interacties"] == row["zelf"] + row["anderen"] + row["weergaven"]
    assert [row["interacties"] for row in rows] == sorted((row["interacties"] for row in rows), reverse=True)


def test_applications_by_status_and_product_with_how_long_they_took(tmp_path: Path) -> None:
    from tests.register.builders import Make
    from tests.register.dossier_world import LOAN  # fmt: skip
    from tests.register.dossier_world import Counter as Desk

    for world in open_world(tmp_path):
        desk = Desk(world.service.register, Make(world.service.codelists))
        codes = [desk.apply(), desk.apply(), desk.apply(LOAN, desk.loan)]
        for scheme in world.service.codelists.schemes():
            world.service.internal.load_static(scheme.iri, scheme.graph)
        for _ in range(3 * 24):
            world.service.clock()
        desk.do(ReportStatus(codes[0], "Afgerond", "Geweigerd"))
        world.follow()
        dossiers = [desk.read(code) for code in codes]
        labels = [world.service.codelists.concept(each["status"]).label for each in dossiers]  # type: ignore[union-attr]
        counted = Counted(world, asking(world), [], [])
        rows = report(counted, "aanvragen-per-status", "", as_municipality("Gent"))
        assert tally(rows, "status") == Counter(labels) and len(set(labels)) == 2
        rows = report(counted, "aanvragen-per-product", "", as_municipality("Gent"))
        for row in rows:
            own = [each for each in dossiers if each["product"] == row["productIri"]]
            closed = [each for each in own if "afgeslotenOp" in each]
            assert (row["aantal"], row["open"], row["afgesloten"]) == (len(own), len(own) - len(closed), len(closed))
            took = [_day(each["afgeslotenOp"]) - _day(each["ingediendOp"]) for each in closed]
            assert row["dagen"] == round(sum(each.days for each in took) / max(1, len(took)))
        assert [(row["aantal"], row["dagen"] > 2) for row in rows] == [(2, True), (1, False)]
        assert report(counted, "aanvragen-per-product", "", as_municipality("Aalst")) == []
        assert counted.ask("/rapporten/aanvragen-per-product.json").status_code == 404


def _day(time: str) -> date:
    return date.fromisoformat(time[:10])


def test_every_figure_is_recounted_here() -> None:
    told = {*RECOUNTS, "verenigingen-per-status", "verenigingen-per-jaar", "nieuw-per-maand", "wijzigingen-per-bron",
            "erkenningen-per-status", "erkenningen-aflopend", "erkenningen-aflopend-lijst", "kwaliteit",
            "kwaliteit-lijst", "besluiten-per-maturiteit", "besluiten-per-maand", "besluiten-per-soort",
            "raadplegingen", "gebruik-per-maand", "zoektermen", "zoektermen-zonder-resultaat", "terugkoppeling",
            "interacties-per-vereniging", "aanvragen-per-status", "aanvragen-per-product"}  # fmt: skip
    assert set(FIGURES) == told


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_small_numbers_that_may_be_people_are_not_for_everybody(counted: Counted) -> None:
    rows = report(counted, "raadplegingen", "?van=2025-04-01&tot=2025-04-30")
    today: date = counted.world.service.register.today()
    last = today.replace(day=1) - timedelta(days=1)
    seen = used(
        counted, "pagina", (last.replace(day=1) - timedelta(days=330)).isoformat()[:7] + "-01", last.isoformat()
    )
    for row in rows:
        views = seen.get(row["productIri"], [0])[0]
        assert row["weergaven"] in (None, views) and (row["weergaven"] is None or not 0 < views < 5)
    assert sum(row["weergaven"] is None for row in rows) >= 2
    page = counted.ask("/rapporten/raadplegingen", accept="text/html").text
    assert "te klein om te tonen" in page and "naar mensen kunnen wijzen" in page


def test_who_manages_sees_their_own_territory_and_no_other(counted: Counted) -> None:
    ask, own = counted.ask, as_municipality(HOME)
    assert ask("/beheer/rapporten", accept="text/html", **own).status_code == 200
    assert ask("/beheer/rapporten?gemeente=Gent", accept="text/html", **own).status_code == 403
    rows = report(counted, "raadplegingen", f"?gemeente={HOME}&van=2025-04-01&tot=2025-04-30", own)
    assert 3 in {row["weergaven"] for row in rows}
    assert ask("/beheer/rapporten/interacties-per-vereniging.csv?gemeente=Gent", **own).status_code == 403
    assert ask("/beheer/rapporten", accept="text/html", **as_representative("V0001001")).status_code == 403
    assert ask("/beheer/rapporten.x", accept="application/json").status_code in (401, 404)
    assert ask("/rapporten/interacties-per-vereniging.json").status_code == 404


def test_whoever_manages_all_sees_all(counted: Counted) -> None:
    page = counted.ask("/beheer/rapporten", accept="text/html", **as_manager())
    assert "Cijfers van heel Vlaanderen" in page.text
    page = counted.ask(f"/beheer/rapporten?gemeente={NIS}", accept="text/html", **as_manager())
    assert f"Cijfers van {HOME}" in page.text and "Eerst te doen" in page.text


def test_a_municipality_that_does_not_exist_is_said_to_be_wrong(counted: Counted) -> None:
    answer = counted.ask("/rapporten/verenigingen-per-soort?gemeente=Nergens&van=gisteren")
    assert answer.status_code == 400 and {each["path"] for each in answer.json()["problems"]} == {"gemeente", "van"}
    assert counted.ask("/rapporten/bestaat-niet").status_code == 404
    assert counted.ask("/rapporten/verenigingen-per-soort.pdf").status_code == 404


# --- Pages and files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if figure.audience == "iedereen"])
def test_every_report_has_a_page_with_a_picture_a_table_and_its_question(counted: Counted, name: str) -> None:
    page = counted.ask(f"/rapporten/{name}", accept="text/html").text
    figure = FIGURES[name]
    assert f"<h1>{figure.title}</h1>" in page
    # Where numbers may point at people nothing is said of this month, in which these readers wrote, nor of small ones.
    drawn = '<svg class="grafiek" role="img"' in page
    assert drawn == (figure.picture != "tabel") or "te klein om te tekenen" in page or name == "terugkoppeling"
    assert "<table" in page or ("Er is nog niets om te tonen" in page and name == "terugkoppeling")
    assert "style=" not in page and "<style" not in page
    assert ("/sparql?query=" in page) == (figure.language == "sparql")
    for suffix in ("csv", "xlsx", "parquet", "json"):
        assert f"/rapporten/{name}.{suffix}" in page


@pytest.mark.parametrize("name", FIGURES)
def test_every_report_is_the_same_in_every_form(counted: Counted, name: str, tmp_path: Path) -> None:
    """CSV (which is what Power BI reads), Excel, Parquet and JSON, and the list in OData of what everybody may see."""
    import csv

    import python_calamine
    from pyarrow import BufferReader, parquet

    figure, who = FIGURES[name], as_manager() if FIGURES[name].audience == "beheer" else {}
    given = "?van=2025-01-01&tot=2027-12-31" if "van" in figure.parameters else ""
    at = f"{'/beheer' if who else ''}/rapporten/{name}"
    body = counted.ask(f"{at}.json{given}", **who).json()
    rows, columns = body["rijen"], body["kolommen"]
    read = {suffix: counted.ask(f"{at}.{suffix}{given}", **who).content for suffix in ("csv", "xlsx", "parquet")}
    table = parquet.read_table(BufferReader(read["parquet"]))
    assert table.to_pylist() == rows
    numbers = {column["naam"] for column in columns if column["soort"] == "getal"}
    assert all((str(field.type) == "int64") == (field.name in numbers) for field in table.schema)
    lines = list(csv.reader(read["csv"].decode("utf-8-sig").splitlines(), delimiter=";"))
    assert lines[0] == [column["label"] for column in columns]
    said = [["" if cell is None else str(cell) for cell in row.values()] for row in rows]
    assert lines[1:] == said
    path = tmp_path / "rapport.xlsx"
    path.write_bytes(read["xlsx"])
    book = python_calamine.CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Cijfers", "Uitleg"]
    cells = book.get_sheet_by_name("Cijfers").to_python()
    assert [[_plain(cell) for cell in row] for row in cells] == [lines[0], *said]
    if not who and not given:
        listed = counted.ask(f"/odata/{name_of(name)}").json()["value"]
        assert [{key: row[key] for key in rows[0]} for row in listed] == rows


def _plain(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


@pytest.mark.parametrize("query", ["", f"?gemeente={NIS}", "?activiteit=SPRT", "?soort=VZER"])
@pytest.mark.parametrize(
    "name", [name for name, figure in FIGURES.items() if figure.language == SPARQL and not figure.internal]
)
def test_the_shown_sparql_gives_the_same_at_the_endpoint(counted: Counted, name: str, query: str) -> None:
    body = counted.ask(f"/rapporten/{name}.json{query}").json()
    found = orjson.loads(counted.world.service.public.query(body["sparql"]))["results"]["bindings"]
    asked = [{column: term["value"] for column, term in row.items()} for row in found]
    figure = FIGURES[name]
    things = {column.name for column in figure.columns if column.kind == "ding"}
    told = [
        {key: str(row[f"{key}Iri"] if key in things else row[key]) for key in asked[0]}
        for row in body["rijen"]
        if asked and any(row[column.name] for column in figure.measures or figure.columns)
    ]
    if name == "kwaliteit-lijst":
        for row in (*asked, *told):
            row["wat"] = ", ".join(sorted(row["wat"].split(", ")))
    assert told == asked


def test_an_answer_is_asked_again_only_when_something_changed(counted: Counted) -> None:
    first = counted.ask("/rapporten/verenigingen-per-soort.json")
    again = counted.ask("/rapporten/verenigingen-per-soort.json")
    assert first.json()["gemaakt"] == again.json()["gemaakt"]
    tag = {"if_none_match": first.headers["etag"]}
    assert counted.ask("/rapporten/verenigingen-per-soort.json", **tag).status_code == 304


def test_a_question_that_nobody_asked_before_is_on_its_way_and_the_page_comes_back_for_it(counted: Counted) -> None:
    service, period = counted.world.service, "gemeente=Gent&van=2025-01-01&tot=2026-01-31"
    works: list[Callable[[], None]] = []
    sources = Sources(service.public, service.internal, lambda agent: search_of(service, agent))
    reporter = Reporter(service.register, sources, load_reports(ROOT), works.append)
    ask = asking(World(replace(service, reporter=reporter)))
    first = ask(f"/rapporten/besluiten-per-maand?{period}", accept="text/html")
    assert first.status_code == 202 and first.headers["retry-after"] == "5" and len(works) == 1
    assert '<meta http-equiv="refresh" content="5">' in first.text and "wordt nu gemaakt" in first.text
    assert first.headers["cache-control"] == "no-store"
    file = ask(f"/rapporten/besluiten-per-maand.json?{period}")
    assert (file.status_code, file.headers["retry-after"], len(works)) == (503, "5", 1)
    assert file.json()["type"].endswith("#wordt-gemaakt")
    page = ask("/rapporten", accept="text/html")
    assert page.status_code == 202 and page.text.count("wordt nu gemaakt") == 2 and "<svg" in page.text
    assert "http-equiv" not in page.text
    own = as_municipality(HOME)
    assert ask("/beheer/rapporten", accept="text/html", **own).status_code == 202
    for work in works:
        work()
    again = ask(f"/rapporten/besluiten-per-maand?{period}", accept="text/html")
    assert again.status_code == 200 and "wordt nu gemaakt" not in again.text and "http-equiv" not in again.text
    # What the index counts is there at once.
    works.clear()
    assert ask("/rapporten/verenigingen-per-soort?gemeente=Gent", accept="text/html").status_code == 200 and not works


# --- The ten files of the register's Power BI export ------------------------------------------------------------------


def powerbi(counted: Counted, name: str, who: dict[str, str] | None = None, query: str = "") -> list[dict[str, str]]:
    import csv

    start = "/beheer/rapporten/powerbi" if who else "/rapporten/powerbi"
    answer = counted.ask(f"{start}/{name}{query}", **(who or {}))
    assert answer.status_code == 200
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(text[1:].splitlines()))


def test_the_ten_files_have_the_names_and_the_columns_of_the_register(counted: Counted) -> None:
    from app.exchange.reports.powerbi import FILES

    assert set(FILES) == {
        "Basisgegevens.csv", "Locaties.csv", "Contactgegevens.csv", "Hoofdactiviteiten.csv", "Werkingsgebieden.csv",
        "Lidmaatschappen.csv", "Bankrekeningnummers.csv", "Erkennigen.csv", "Historiek.csv", "DubbelDetectie.csv",
    }  # fmt: skip
    for name, (columns, _) in FILES.items():
        text = counted.ask(f"/rapporten/powerbi/{name}").text
        assert text.lstrip("\ufeff").split("\r\n")[0] == ",".join(columns)
        assert f'href="/rapporten/powerbi/{name}"' in counted.ask("/rapporten/powerbi", accept="text/html").text
    assert counted.ask("/rapporten/powerbi/Vertegenwoordigers.csv").status_code == 404


def test_the_public_files_hold_what_everybody_sees(counted: Counted) -> None:
    documents = {one["vCode"]: one for one in counted.documents()}
    basics = {row["vCode"]: row for row in powerbi(counted, "Basisgegevens.csv")}
    assert set(basics) == set(documents)
    for code, row in basics.items():
        assert row["naam"] == documents[code]["naam"] and row["aantalVertegenwoordigers"] == "0"
        assert row["status"] in ("Actief", "Gestopt") and row["inStopzetting"] in ("True", "False")
        assert row["kboNummer"] == documents[code].get("kboNummer", "")
    activities = Counter(row["vcode"] for row in powerbi(counted, "Hoofdactiviteiten.csv"))
    assert activities == {c: len(d["hoofdactiviteiten"]) for c, d in documents.items() if d.get("hoofdactiviteiten")}
    sites = Counter(row["vCode"] for row in powerbi(counted, "Locaties.csv"))
    assert sites == {code: len(one["locaties"]) for code, one in documents.items() if one.get("locaties")}
    assert len(powerbi(counted, "Erkennigen.csv")) == len(recognitions(counted))
    assert powerbi(counted, "Bankrekeningnummers.csv") == powerbi(counted, "DubbelDetectie.csv") == []
    here = powerbi(counted, "Basisgegevens.csv", query=f"?gemeente={HOME}")
    assert {row["vCode"] for row in here} == {code for code, one in documents.items() if counted.at(one)}


def test_the_history_tells_each_event_by_the_name_that_the_register_gives_it(counted: Counted) -> None:
    events = powerbi(counted, "Historiek.csv")
    assert {"VerenigingWerdGestopt", "ErkenningWerdGeregistreerd"} < {row["gebeurtenis"] for row in events}
    assert all(row["initiator"].startswith("OVO") and len(row["tijdstip"]) == 8 for row in events)


def test_who_manages_gets_the_rest_of_their_own_and_never_a_personal_value(counted: Counted) -> None:
    own = as_municipality(HOME)
    rows = powerbi(counted, "Basisgegevens.csv", own)
    assert any(int(row["aantalVertegenwoordigers"]) for row in rows) and len(rows) < len(counted.documents())
    accounts = powerbi(counted, "Bankrekeningnummers.csv", own)
    assert accounts and not any("BE" in value for row in accounts for value in row.values())
    nobody = as_representative("V0001001")
    assert counted.ask("/beheer/rapporten/powerbi/Basisgegevens.csv", **nobody).status_code == 403
    assert counted.ask("/beheer/rapporten/powerbi", accept="text/html", **own).status_code == 200
    assert counted.ask("/rapporten/powerbi/Basisgegevens.csv?gemeente=Nergens").status_code == 400
