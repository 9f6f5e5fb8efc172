"""A client of the real register, from its first registration to the end: what it sends and what it gets, in order."""

from __future__ import annotations

import csv

from app.exchange.reports.powerbi import powerbi_lines
from app.web.reports.powerbi_pages import source_of
from tests.web.people import municipality, representative
from tests.web.v1_client import GENT, IBAN, INSZ, START, Client, client, full, location

__all__ = ["client"]
PURPOSE = "dienstverlening: dossier 2026-17"


def test_a_client_registers_changes_and_stops_an_association(client: Client) -> None:
    # It registers, and cuts the V-code from the Location.
    answer = client("POST", f"{START}/vzer", full(), x_correlation_id="0e2b8a5e-6a0c-4b8e-9d55-8b7a4dfc1c11")
    assert answer.status_code == 202 and answer.content == b""
    code = answer.headers["location"].rpartition("/")[2]
    assert answer.headers["location"] == f"http://loket.test{START}/{code}"
    assert answer.headers["etag"] == 'W/"1"'
    assert answer.headers["x-correlation-id"] == "0e2b8a5e-6a0c-4b8e-9d55-8b7a4dfc1c11"
    sequence = int(answer.headers["vr-sequence"])

    # It reads what it wrote, and waits for what is not there yet.
    answer = client("GET", f"{START}/{code}?expectedSequence={sequence}", vr_api_version="v2")
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"1"')
    assert client("GET", f"{START}/{code}?expectedSequence={sequence + 1}").status_code == 412
    shown = answer.json()["vereniging"]
    assert (shown["naam"], shown["verenigingstype"]["code"], shown["verenigingssubtype"]["code"]) == (
        "Kantclub Het Verzonnen Klosje", "VZER", "NB",
    )  # fmt: skip
    assert [one["rol"] for one in shown["vertegenwoordigers"]] == ["Voorzitter"]

    # Somebody registers nearly the same: possible doubles, with the reasons.
    twin = {**full(), "naam": "Kantklub Het Verzonnen Klosje", "vertegenwoordigers": [], "bankrekeningnummers": []}
    answer = client("POST", f"{START}/vzer", twin)
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/json")
    [candidate] = answer.json()["mogelijkeDuplicateVerenigingen"]
    assert (candidate["vCode"], candidate["naam"]) == (code, "Kantclub Het Verzonnen Klosje")
    assert candidate["links"]["detail"] == f"http://loket.test{START}/{code}"
    assert candidate["redenen"] and candidate["locaties"][0]["postcode"] == "9000"
    token = answer.json()["bevestigingsToken"]

    # It is another one: the identical body with the token.
    other = {**twin, "naam": "Iets anders"}
    assert client("POST", f"{START}/vzer", other, vr_bevestigingstoken=token).status_code == 400
    answer = client("POST", f"{START}/vzer", twin, vr_bevestigingstoken=token)
    assert answer.status_code == 202
    twin_code = answer.headers["location"].rpartition("/")[2]
    assert twin_code != code

    # The file for Power BI tells who manages that somebody confirmed it, and with what; everybody else nothing.
    service = client.world.service
    for agent, told in ((municipality("Gent"), ("True", token)), (None, ("", ""))):
        lines = "".join(powerbi_lines("Basisgegevens.csv", source_of(service, agent, None))).lstrip("\ufeff")
        rows = {row["vCode"]: row for row in csv.DictReader(lines.splitlines())}
        row = rows[twin_code]
        assert (row["duplicatieInfo.bevestigdNaDuplicatie"], row["duplicatieInfo.bevestigingstoken"]) == told
        first = rows[code]["duplicatieInfo.bevestigdNaDuplicatie"], rows[code]["duplicatieInfo.bevestigingstoken"]
        assert first == ("False" if agent else "", "")

    # It changes the description; nothing changes the second time; an old version is stale.
    patch = {"korteBeschrijving": "Wij klossen kant, elke dinsdag.", "korteNaam": None}
    answer = client("PATCH", f"{START}/{code}", patch, if_match='W/"1"')
    assert (answer.status_code, answer.headers["etag"]) == (202, 'W/"2"')
    answer = client("PATCH", f"{START}/{code}", patch)
    assert answer.status_code == 200 and "vr-sequence" not in answer.headers
    answer = client("PATCH", f"{START}/{code}", {"korteNaam": "Klosje"}, if_match='W/"1"')
    assert (answer.status_code, answer.headers["content-type"]) == (412, "application/problem+json")
    assert client.detail(code)["korteNaam"] == "HVK"

    # It adds a location, which has a number of its own, and drops it again.
    answer = client("POST", f"{START}/{code}/locaties", {"locatie": location("Kouter", "3", isPrimair=False)})
    place = answer.headers["location"]
    assert answer.status_code == 202 and place.startswith(f"http://loket.test{START}/{code}/locaties/")
    path = place.removeprefix("http://loket.test")
    assert client("PATCH", path, {"locatie": {"naam": "Het lokaal"}}).status_code == 202
    assert client.detail(code)["locaties"][1]["naam"] == "Het lokaal"
    assert client("DELETE", path).status_code == 202
    assert client("DELETE", path).status_code == 400

    # Who it may read, with a purpose only.
    [person] = client.detail(code)["vertegenwoordigers"]
    assert (person["insz"], person["voornaam"]) == ("", "")
    [person] = client.detail(code, x_request_reason=PURPOSE)["vertegenwoordigers"]
    assert (person["insz"], person["voornaam"], person["e-mail"]) == (INSZ, "Godelieve", "lieve@thuis.example")
    [account] = client.detail(code, x_request_reason=PURPOSE)["bankrekeningnummers"]
    assert (account["iban"], account["titularissen"]) == ("BE68 5390 0754 7034", ["Godelieve Verzonnen", "HVK"])

    # It stops, with the version that it knows.
    version = client("GET", f"{START}/{code}").headers["etag"]
    assert client("POST", f"{START}/{code}/stop", {"einddatum": "2026-02-01"}, if_match=version).status_code == 202
    shown = client.detail(code)
    assert (shown["status"], shown["einddatum"]) == ("Gestopt", "2026-02-01")
    assert client("GET", f"{START}/{code}", agent=None).status_code == 404

    # All of it stands in the history, without anybody's name.
    answer = client("GET", f"{START}/{code}/historiek")
    body = answer.json()
    assert [event["gebeurtenis"] for event in body["gebeurtenissen"]] == [
        "VerenigingZonderEigenRechtspersoonlijkheidWerdGeregistreerd", "KorteBeschrijvingWerdGewijzigd",
        "LocatieWerdToegevoegd", "LocatieWerdGewijzigd", "LocatieWerdVerwijderd", "VerenigingWerdGestopt",
    ]  # fmt: skip
    assert {event["initiator"] for event in body["gebeurtenissen"]} == {"OVO002067"}
    assert body["gebeurtenissen"][0]["tijdstip"].endswith("Z") and len(body["gebeurtenissen"][0]["tijdstip"]) == 20
    for secret in (INSZ, IBAN, "Godelieve", "Lieve", "lieve@thuis"):
        assert secret not in answer.text

    # It is removed; the sentence by which clients know that.
    assert client("DELETE", f"{START}/{code}", {"reden": "Vergissing"}).status_code == 202
    answer = client("GET", f"{START}/{code}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "Deze vereniging werd verwijderd.")
    assert client("PATCH", f"{START}/{code}", patch).status_code == 404
    assert client.events(code)[-1] == "VerenigingWerdVerwijderd"
    assert client("GET", f"{START}/{code}/historiek", agent=representative("V0009999")).status_code == 403
    assert GENT.municipality == "44021"
