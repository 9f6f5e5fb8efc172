"""An administration handles dossiers by browser, and shapes the process that they go through."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.register.commands import Create
from app.register.decisions.draft_commands import PublishDecision, SignDraft, SubmitDraft, WithdrawDecision
from app.register.handle import handle
from app.store.accesses import Which, accesses
from app.store.dossier_statuses import statuses_of
from tests.register.test_deciding import SESSION, VOTE
from tests.web.dossier_site import AALST, ASSOCIATION, CLUB, GHENT, OWN, STRANGER, Site, open_site, value_of
from tests.web.people import as_dpo, as_federation, as_vendor, municipality

LIST, PROCESSES = "/beheer/dossiers", "/beheer/processen"
PROJECT = {
    "contactNaam": "Ludovica Verzinsel", "contactEmail": "ludovica@verzonnen.example", "project": "Een bos",
    "beschrijving": "We planten bomen.\nEn struiken.", "van": "2027-01-10", "tot": "2027-05-01",
    "gevraagdBedrag": "1.250", "iban": "BE68 5390 0754 7034", "kosten[0].omschrijving": "Bomen",
    "kosten[0].kost": "1.250",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from open_site(tmp_path_factory.mktemp("dossiers"))


def project(site: Site) -> str:
    """The number of a new dossier about a subsidy."""
    answer = site.post(site.begin("projectsubsidie"), ASSOCIATION, doe="indienen", **PROJECT)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2].partition("?")[0]


def told(site: Site, code: str) -> list[str]:
    iri = site.world.service.schema.entity_types["dossier"].iri(code)
    return [each.status for each in statuses_of(site.world.service.log.database, iri)]


def test_a_dossier_is_found_read_and_the_reading_is_logged(site: Site) -> None:
    code = project(site)
    assert f"{LIST}/{code}" in site.get(LIST, GHENT).text
    assert f"{LIST}/{code}" not in site.get(f"{LIST}?zoek=stoelen", GHENT).text
    assert f"{LIST}/{code}" not in site.get(f"{LIST}?van=mij&afgesloten=ja", GHENT).text
    page = html.unescape(site.get(f"{LIST}/{code}", GHENT).text)
    for shown in (
        "Ludovica Verzinsel",
        "BE68 5390 0754 7034",
        "En struiken.",
        ">Bomen</span>: ",
        "Ingediend (hier staat",
    ):
        assert shown in page, shown
    log = accesses(site.world.service.log.database, Which())
    read = [each.why for each in log if each.entity.endswith(f"/id/aanvraag-projectsubsidie/{code}")]
    assert f"dossier {code}" in read


def test_nobody_else_comes_in(site: Site) -> None:
    code = project(site)
    for who in (AALST, STRANGER, ASSOCIATION, as_federation("V0009001"), as_dpo()):
        assert site.get(f"{LIST}/{code}", who).status_code == 403
        assert site.post(f"{LIST}/{code}", who, doe="opnemen").status_code == 403
    assert code not in site.get(LIST, AALST).text
    assert site.get(f"{LIST}/{code}", as_vendor("Gent")).status_code == 200


def test_it_is_taken_up_completed_decided_and_paid(site: Site) -> None:
    code = project(site)
    place = f"{LIST}/{code}"
    assert site.post(place, GHENT, doe="opnemen").status_code == 303
    asked = {"doe": "stap", "stap": "aanvullen", "actie": "Bezorg een plan.", "bericht": "Dank u!"}
    assert site.post(place, GHENT, **asked).status_code == 303
    mine = html.unescape(site.get(f"{OWN}/{code}", ASSOCIATION).text)
    assert "U moet iets doen" in mine
    assert "Bezorg een plan.\n\nDank u!" in mine
    answer = site.post(f"{OWN}/{code}", ASSOCIATION, doe="aanvullen", bericht="Hier is het.")
    assert answer.status_code == 303
    assert site.post(place, GHENT, doe="stap", stap="beslissing").status_code == 303
    assert site.post(place, GHENT, doe="stap", stap="toegekend", bedrag="veel").status_code == 400
    assert site.post(place, GHENT, doe="stap", stap="toegekend", bedrag="1.000").status_code == 303
    assert site.post(place, GHENT, doe="stap", stap="betaling").status_code == 303
    lacking = site.post(place, GHENT, doe="stap", stap="betaald", betaaldOp="2026-03-01")
    assert "Geef het kenmerk van de betaling." in lacking.text
    paid = {"betaaldOp": "2026-03-01", "betaalkenmerk": "2026-77"}
    assert site.post(place, GHENT, doe="stap", stap="betaald", **paid).status_code == 303
    assert told(site, code)[-3:] == ["Goedgekeurd", "KlaarVoorBetaling", "Betaald"]
    assert "kenmerk 2026-77" in site.get(f"{OWN}/{code}", ASSOCIATION).text
    assert code in site.get(f"{LIST}?afgesloten=ja", GHENT).text


def test_a_published_decision_brings_the_dossier_on_and_its_withdrawal_opens_it_again(site: Site) -> None:
    register, clerk = site.world.service.register, municipality("Gent")
    code = project(site)
    for step in ({"doe": "opnemen"}, {"doe": "stap", "stap": "beslissing"}):
        assert site.post(f"{LIST}/{code}", GHENT, **step).status_code == 303
    begun = site.post(f"{LIST}/{code}", GHENT, doe="besluit", sjabloon="subsidie", bedrag="900")
    draft = begun.headers["location"].rpartition("/")[2]
    assert "/ontwerpen/" in begun.headers["location"]
    assert site.post(f"{LIST}/{code}", GHENT, doe="besluit", sjabloon="niets").status_code == 404
    session = handle(Create("zitting", SESSION), clerk, register).entity
    page = site.get(begun.headers["location"], GHENT).text
    fields = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page))
    texts = dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    filled = {**fields, **{name: html.unescape(text).replace("[…]", "2026") for name, text in texts.items()}}
    filled |= {"zitting": session, "begindatum": "2026-03-01", "stemming.gevolg": VOTE["gevolg"], "doe": "bewaren"}
    filled |= {name: html.unescape(value).replace("[…]", "2026") for name, value in filled.items()}
    filled |= {"product": f"http://loket.test/id/product/{site.products['projectsubsidie']}"}
    kept = site.post(begun.headers["location"], GHENT, **filled)
    assert kept.status_code == 303, kept.text
    for command in (SubmitDraft, SignDraft, PublishDecision):
        handle(command(draft), clerk, register)
    assert told(site, code)[-1] == "Goedgekeurd"
    mine = site.get(f"{OWN}/{code}", ASSOCIATION).text
    assert "Lees het besluit" in mine
    assert "€ 900" in mine
    handle(WithdrawDecision(draft, "Er ontbrak een advies."), clerk, register)
    assert told(site, code)[-1] == "KlaarVoorBeslissing"
    assert "Lees het besluit" not in site.get(f"{OWN}/{code}", ASSOCIATION).text


def test_what_is_late_comes_first_and_can_be_chosen(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    code = project(site)
    later = site.world.service.register.today() + timedelta(days=60)
    monkeypatch.setattr(type(site.world.service.register), "today", lambda _self: later)
    assert code in site.get(f"{LIST}?laat=ja", GHENT).text
    assert "over de termijn sinds" in site.get(f"{LIST}/{code}", GHENT).text
    for path in ("/beheer", "/beheer/werklijst"):
        assert f"{LIST}?laat=ja" in site.get(path, GHENT).text, path
        assert f"{LIST}?laat=ja" not in site.get(path, AALST).text, path


def test_the_association_sees_who_read_what_it_filled_in(site: Site) -> None:
    code = project(site)
    site.get(f"{LIST}/{code}", GHENT)
    page = html.unescape(site.get(f"/mijn-vereniging/{CLUB}/inzagen", ASSOCIATION).text)
    assert f"dossier {code}" in page and "Gemeente Gent" in page
    told = re.findall(r'data-label="Wat">(.*?)</td>', page, re.DOTALL)
    assert told and not any("http" in each for each in told), "fields by their names"
    assert "De vereniging zelf" in page
    assert f"dossier {code}" in site.get(f"/mijn-vereniging/{CLUB}/inzagen.csv", ASSOCIATION).text


# --- Processes --------------------------------------------------------------------------------------------------------


def copied(site: Site, source: str = "standaard-subsidie") -> str:
    answer = site.post(PROCESSES, GHENT, van=source)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def fields(page: str) -> dict[str, str]:
    """What a form would send as it stands, boxes left out."""
    inputs = re.sub(r"<input type=\"checkbox\"[^>]*>", "", page)
    found = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', inputs))
    found |= dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in found.items()}


def test_a_municipality_shapes_its_own_process_and_its_next_dossiers_go_through_it(site: Site) -> None:
    place = copied(site)
    form = fields(site.get(place, GHENT).text)
    index = next(name for name, value in form.items() if value == "ingediend")[len("stappen[") :].partition("]")[0]
    form |= {
        f"stappen[{index}].naam": "Binnen bij de jeugddienst",
        f"stappen[{index}].dagen": "2",
        "naam": "Jeugddienst",
    }
    form[f"stappen[{index}].dienst"] = "jeugddienst"
    form[f"stappen[{index}].bericht"] = "Dag {{ vereniging }}, we lezen {{ dossier }} tegen {{ termijn }}."
    saved = site.post(place, GHENT, **form, doe="bewaren")
    assert saved.status_code == 303, html.unescape(saved.text)
    assert site.post(place, GHENT, doe="producten", product=site.products["projectsubsidie"]).status_code == 303
    assert "Binnen bij de jeugddienst" in site.get(f"/doc/product/{site.products['projectsubsidie']}", {}).text
    code = project(site)
    page = html.unescape(site.get(f"{OWN}/{code}", ASSOCIATION).text)
    assert f"Dag Koninklijke Harmonie De Ware Vrienden, we lezen {code} tegen" in page
    assert "jeugddienst" in page
    assert site.post(place, GHENT, doe="producten").status_code == 303


def test_what_is_wrong_with_a_process_is_told_beside_its_step(site: Site) -> None:
    place = copied(site, "standaard-uitlening")
    form = fields(site.get(place, GHENT).text)
    keys = sorted(name for name in form if name.endswith(".sleutel"))
    wrong = {**form, keys[1]: form[keys[0]], keys[0].replace("sleutel", "volgende"): "nergens", "doe": "bewaren"}
    answer = site.post(place, GHENT, **wrong)
    page = html.unescape(answer.text)
    assert answer.status_code == 400
    for sentence in ("Een andere stap heeft deze sleutel al.", "Er is geen stap met de sleutel nergens."):
        assert sentence in page
    assert site.post(place, GHENT, **form, toevoegen="stappen").text.count('.sleutel"') > len(keys)


def test_a_shared_process_is_used_and_copied_and_a_private_one_is_not(site: Site) -> None:
    place = copied(site)
    assert site.get(place, AALST).status_code == 403
    assert site.post(place, AALST, doe="weg").status_code == 403
    form = fields(site.get(place, GHENT).text)
    assert site.post(place, GHENT, **form, gedeeld="ja", doe="bewaren").status_code == 303
    assert place in site.get(PROCESSES, AALST).text
    assert "Maak er een eigen kopie van" in site.get(place, AALST).text
    assert site.post(place, AALST, **form, doe="bewaren").status_code in (400, 403)
    assert site.post(PROCESSES, AALST, van=place.rpartition("/")[2]).status_code == 303
    assert site.post(place, GHENT, doe="weg").status_code == 303
    assert site.get(place, GHENT).status_code == 404


def test_a_process_that_ships_is_looked_at_and_not_changed(site: Site) -> None:
    place = f"{PROCESSES}/standaard-erkenning"
    page = site.get(place, GHENT).text
    assert "<svg" in page
    assert value_of(page, "naam") == ""
    assert site.post(place, GHENT, naam="Van mij", doe="bewaren").status_code in (400, 404)
    assert site.get(PROCESSES, ASSOCIATION).status_code == 403
