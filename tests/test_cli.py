"""The commands as a clerk or an operator types them."""

import stat
from pathlib import Path

import httpx
import pytest

from app.cli.main import MODULES, commands_of
from fixtures.generate import STYLES, associations, write
from tests.running import PATIENCE, run, serving, wait_for


@pytest.fixture
def wishes(tmp_path: Path) -> Path:
    """A short list of Herstappe."""
    path = tmp_path / "lijst.csv"
    write(path, associations("Herstappe", 3, seed=5), STYLES["sjabloon"])
    return path


def import_list(path: Path, *options: str) -> str:
    data = str(path.parent / "data")
    done = run("import", "associations", str(path), "--municipality", "Herstappe", "--data", data, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_list_is_imported_served_and_checked(wishes: Path) -> None:
    assert "geregistreerd │     3" in import_list(wishes)
    assert wishes.with_name("lijst-resultaat.xlsx").exists()
    with serving(wishes.parent / "data") as server:
        assert server.address.startswith("http://127.0.0.1:")
        page = httpx.get(f"{server.address}/doc/vereniging/V0001001.ttl", timeout=PATIENCE)
        assert page.status_code == 200
    assert run("validate", "--data", str(wishes.parent / "data")).stdout == "Alles is in orde.\n"


def test_the_same_list_again_changes_nothing(wishes: Path) -> None:
    import_list(wishes)
    assert "ongewijzigd   │     3" in import_list(wishes)


def test_a_dry_run_writes_nothing(wishes: Path) -> None:
    assert "Dit was een proef" in import_list(wishes, "--dry-run")
    assert not wishes.with_name("lijst-resultaat.xlsx").exists()
    assert "geregistreerd │     3" in import_list(wishes)


def test_a_running_service_sees_an_import_beside_it(wishes: Path) -> None:
    with serving(wishes.parent / "data") as server:
        import_list(wishes)
        wait_for(lambda: applied(server.address) == 3, "the service did not follow")


def applied(address: str) -> int:
    return int(httpx.get(f"{address}/health", timeout=PATIENCE).json()["applied"]["public"])


def test_doubles_in_the_register_are_looked_for(wishes: Path) -> None:
    import_list(wishes)
    told = run("dubbels", "--data", str(wishes.parent / "data")).stdout
    assert told == "3 verenigingen nagekeken: 0 nieuwe vragen, 0 vervallen.\n"


def test_the_stores_can_be_made_anew(wishes: Path) -> None:
    import_list(wishes)
    data = wishes.parent / "data"
    assert "volgnummer 3" in run("rebuild", "--data", str(data)).stdout
    assert run("validate", "--data", str(data)).returncode == 0


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (("import", "associations", "weg.csv", "--municipality", "Gent"), "Het bestand bestaat niet."),
        (("import", "associations", "weg.csv", "--municipality", "Gnt"), "Bedoelt u Gent"),
        (("export", "template", "sjabloon.pdf"), "xlsx"),
        (("validate", "brief.docx"), ".docx"),
        (("serve", "--port", "acht"), "VERENIGINGSLOKET_PORT"),
    ],
)
def test_what_cannot_be_done_is_said_in_dutch(arguments: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    done = run(*arguments, "--data", str(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_the_key_of_the_vault_is_for_its_owner_alone(wishes: Path) -> None:
    import_list(wishes)
    mode = (wishes.parent / "data" / "kluis.sleutel").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_the_start_of_all_addresses_holds_for_ever(wishes: Path) -> None:
    import_list(wishes)
    done = run("rebuild", "--data", str(wishes.parent / "data"), "--base", "https://elders.example")
    assert done.returncode == 1
    assert "http://127.0.0.1:8000" in done.stderr


def test_a_file_of_associations_is_checked_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "een.ttl"
    path.write_text("<urn:x> a <https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#Vereniging> .")
    done = run("validate", str(path), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert "naam" in done.stdout


def test_the_manual_knows_every_command_of_its_modules() -> None:
    assert [command.name for command in commands_of("")] == [name for names in MODULES.values() for name in names]
    assert [command.name for command in commands_of("export")] == ["import", "export"]


def test_the_database_is_brought_to_this_version(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    assert run("migrate", "--data", data, "--dry-run").stdout == "De database is nieuw.\n"
    assert run("migrate", "--data", data).returncode == 0
    assert run("migrate", "--data", data).stdout == "De database is bij.\n"
