"""No personal value of a list comes out anywhere: each is looked for in everything that is written or sent."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from app.bootstrap.ambient import now
from app.store.graphs.embedded import open_graphs
from app.store.log import open_log
from fixtures.columns import Row
from fixtures.generate import STYLES, associations, write
from tests.exchange.attachments import pdf
from tests.running import PATIENCE, run, serving
from tests.web.dossier_site import ASSOCIATION, GHENT, Site, open_site

ROWS = 60
EVERYTHING = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"
PATHS = (
    "/verenigingen",
    "/doc/vereniging/{code}",
    "/doc/vereniging/{code}.jsonld",
    "/doc/vereniging/{code}.trig",
    "/doc/vereniging/{code}/historiek",
    "/doc/vereniging/{code}?versie=1",
    "/v1/verenigingen/{code}",
    "/v1/verenigingen/zoeken?q={code}",
    "/v1/verenigingen/detail/all",
    "/verenigingen.csv",
    "/odata/Verenigingen",
    "/odata/Locaties",
    "/odata/Contactgegevens",
    "/ldes/verenigingen/1.nq",
    "/ldes/verenigingen/1.trig",
    "/sparql?query=SELECT%20*%20%7B%20?s%20?p%20?o%20%7D",
    "/v1/verenigingen/zoeken?q=*&limit=100",
    "/v1/verenigingen/{code}",
    "/v1/verenigingen/detail/all",
    "/v1/verenigingen/mutaties",
    "/odata/Verenigingen",
    "/odata/Contactgegevens",
    "/odata/Locaties",
    "/verenigingen.csv",
    "/wijzigingen.atom",
    "/wijzigingen.json",
)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return associations("Herentals", ROWS, seed=11)


@pytest.fixture(scope="module")
def written(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Where something is written or sent, and what: the log, the stores, pages, feeds, downloads, log lines, files."""
    folder = tmp_path_factory.mktemp("persoonlijk")
    write(folder / "lijst.csv", rows, STYLES["sjabloon"])
    data = folder / "data"
    done = run("import", "associations", str(folder / "lijst.csv"), "--municipality", "Herentals", "--data", str(data))
    assert done.returncode == 0, done.stderr
    found = {"console": done.stdout.encode(), "complaints": done.stderr.encode()}
    with serving(data) as server:
        for path in PATHS:
            for code in ("V0001001", "V0001002", "V0001003"):
                address = server.address + path.format(code=code)
                answer = httpx.get(address, headers={"accept": "*/*"}, follow_redirects=True, timeout=PATIENCE)
                assert answer.status_code == 200, address
                found[address] = answer.content
        found["dump"] = gzip.decompress(
            httpx.get(f"{server.address}/dumps/verenigingen.nq.gz", timeout=PATIENCE).content
        )
    found["log lines"] = server.log.read_bytes()
    with closing(open_log(f"sqlite:///{data / 'log.sqlite'}", now)) as log:
        for version in log.read(0, 10**6):
            row = (version.public or b"") + version.internal + repr(version).encode()
            found[f"{version.entity} {version.number}"] = row
    for name in ("public", "internal"):
        with closing(open_graphs(data / name)) as graphs:
            found[name] = graphs.query(EVERYTHING)
    found |= {str(path): path.read_bytes() for path in data.rglob("*") if path.is_file()}
    return found


def test_the_search_would_find_what_is_there(written: dict[str, bytes], rows: list[Row]) -> None:
    assert sum(str(row["naam"]).encode() in written["internal"] for row in rows) > ROWS * 0.9
    assert len(written) > 2 * ROWS


def test_no_personal_value_is_anywhere(written: dict[str, bytes], rows: list[Row]) -> None:
    open_values = [f"{row.get('actStraat')} {row.get('actHuisnummer')}" for row in rows]
    open_values += [f"{row.get('corrStraat')} {row.get('corrHuisnummer')}" for row in rows if row["thuisadres"] != "ja"]
    values = {value for row in rows for value in personal_values(row)}
    values = {value for value in values if not any(other.startswith(value) for other in open_values)}
    assert len(values) > 3 * ROWS
    for place, content in written.items():
        assert not [value for value in values if value.encode() in content], f"a personal value stands in {place}"


def personal_values(row: Row) -> Iterator[str]:
    """What the vault is for, in the ways in which it may be written."""
    for key in ("insz", "iban"):
        if value := str(row.get(key, "")):
            digits = "".join(filter(str.isalnum, value))
            yield from (value, digits)
    if row.get("achternaam"):
        yield f"{row['voornaam']} {row['achternaam']}"
    if row.get("persoonEmail"):
        yield str(row["persoonEmail"])
    if value := str(row.get("persoonTelefoon", "")):
        yield "+32" + "".join(filter(str.isdigit, value)).removeprefix("0")
    if row.get("thuisadres") == "ja":
        yield f"{row['corrStraat']} {row['corrHuisnummer']}"


# --- Dossiers ---------------------------------------------------------------------------------------------------------

DOSSIER = ("Verzinsel", "ludovica@", "0450123456", "0450 12 34 56", "BE68539007547034", "BE68 5390", "fluisterzacht")


def test_no_personal_value_of_a_dossier_is_anywhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for site in open_site(tmp_path):
        service = site.world.service
        place = play_dossier(site)
        site.world.follow()
        code = place.rpartition("/")[2]
        found = {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        found |= {"public": service.public.query(EVERYTHING), "internal": service.internal.query(EVERYTHING)}
        found["versions"] = repr(service.log.read(0, 10**6)).encode()
        for path in ("/wijzigingen", "/doc/product/P0001001", "/verenigingen", f"/doc/dossier/{code}", "/shapes.ttl"):
            found[path] = site.get(path, {}).content
        printed = capfd.readouterr()
        found |= {"printed": (printed.out + printed.err).encode()}
        assert b"honderd bomen" in found["internal"]
        assert b"honderd bomen" not in found["public"]
        for where, content in found.items():
            assert not [value for value in DOSSIER if value.encode() in content], f"a personal value stands in {where}"


def play_dossier(site: Site) -> str:
    """An application with a document, a question, an answer, messages, a refusal and a withdrawal; answers its page."""
    form = {
        "contactNaam": "Ludovica Verzinsel", "contactEmail": "ludovica@verzonnen.example",
        "contactTelefoon": "0450 12 34 56", "iban": "BE68 5390 0754 7034", "project": "Bos",
        "beschrijving": "We planten honderd bomen.", "van": "2027-01-10", "tot": "2027-05-01",
        "gevraagdBedrag": "100", "kosten[0].omschrijving": "Bomen", "kosten[0].kost": "100",
    }  # fmt: skip
    files = {"plan-nieuw": ("Plan van Ludovica Verzinsel.pdf", pdf(b"/Title (fluisterzacht)"))}
    draft = site.begin("projectsubsidie")
    assert site.upload(draft, ASSOCIATION, files, doe="bewaren", **form).status_code == 303
    assert site.post(draft, ASSOCIATION, doe="indienen", **{**form, "project": ""}).status_code == 400
    place = site.post(draft, ASSOCIATION, doe="indienen", **form).headers["location"].partition("?")[0]
    desk = f"/beheer/dossiers/{place.rpartition('/')[2]}"
    deeds = (
        (desk, GHENT, {"doe": "opnemen"}),
        (
            desk,
            GHENT,
            {"doe": "stap", "stap": "aanvullen", "actie": "Bezorg een plan.", "bericht": "Dag Verzinsel"},
        ),
        (place, ASSOCIATION, {"doe": "aanvullen", "bericht": "Bel Verzinsel op 0450 12 34 56, fluisterzacht."}),
        (place, ASSOCIATION, {"doe": "intrekken", "reden": "Ludovica Verzinsel is ziek."}),
    )
    for path, who, said in deeds:
        assert site.post(path, who, **said).status_code == 303, said
    for path, who in ((desk, GHENT), (place, ASSOCIATION), (f"{place}/ontvangstbewijs.pdf", ASSOCIATION)):
        assert site.get(path, who).status_code == 200
    return place
