"""The commands of the officer, as they are typed: the INSZ comes from standard input, and never comes back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.bootstrap.register import open_register
from app.bootstrap.service import open_service
from app.cli.main import main
from app.config import read_settings
from app.register.agents import MANAGER, Agent
from app.register.commands import RegisterAssociation
from app.register.handle import handle
from tests.register.builders import Make

INSZ = "85.01.01-001.15"
Type = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("register") / "data"
    with open_register(read_settings({"data": folder}, {})) as register:
        handle(RegisterAssociation(Make(register.codelists).full()), Agent("x", "x", MANAGER), register)
    return folder


@pytest.fixture
def type_(data: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Type:
    def run(*arguments: str, number: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(number + "\n"))
        status = main([*arguments, "--data", str(data)])
        out, err = capfd.readouterr()
        return status, out + err

    return run


def test_a_person_is_given_out_looked_at_and_erased(type_: Type, data: Path, tmp_path: Path) -> None:
    status, said = type_("extract", number=INSZ)
    assert status == 0
    document = json.loads(said[said.index("{") :])
    assert document["verenigingen"][0]["vertegenwoordigers"][0]["achternaam"] == "Verzonnen"
    assert type_("extract", str(tmp_path / "u.html"), number=INSZ)[0] == 0
    assert "Godelieve" in (tmp_path / "u.html").read_text()

    status, said = type_("erase", "--person", "--dry-run", number=INSZ)
    assert (status, "Te wissen: persoonsgegevens in 1 vereniging." in said) == (0, True)
    status, said = type_("erase", "--person", "--reason", "vraag", number=INSZ)
    assert (status, "Gewist: persoonsgegevens in 1 vereniging." in said) == (0, True)
    assert not [secret for secret in ("85", "Godelieve", "Verzonnen") if secret in said.replace("855", "")]
    assert "Er is niets te wissen." in type_("erase", "--person", number=INSZ)[1]
    erased = data / "wissingen.jsonl"
    assert "Er is niets te wissen." in type_("erase", "--repeat", str(erased))[1]

    kept = erased.read_bytes()
    erased.unlink()  # as if killed before it was written: the next start makes good
    with open_service(read_settings({"data": data}, {})):
        assert erased.read_bytes() == kept
    erased.write_bytes(kept[: len(kept) // 2])  # or within a line
    with open_service(read_settings({"data": data}, {})):
        assert erased.read_bytes() == kept


@pytest.mark.parametrize("number", ["", "85.01.01-001.16", "Godelieve"])
def test_what_is_no_number_is_told_and_not_repeated(type_: Type, number: str) -> None:
    status, said = type_("erase", "--person", number=number)
    assert (status, "Dit is geen INSZ." in said) == (1, True)
    assert not number or number not in said


def test_what_to_erase_must_be_said(type_: Type, tmp_path: Path) -> None:
    assert type_("erase") == (1, "Kies --person, --association CODE, --expired of --repeat BESTAND.\n")
    (tmp_path / "x.jsonl").write_text("niets")
    assert "geen lijst van wissingen" in type_("erase", "--repeat", str(tmp_path / "x.jsonl"))[1]


def test_after_a_backup_what_was_erased_goes_again(data: Path, tmp_path: Path, type_: Type) -> None:
    with open_register(read_settings({"data": data}, {})) as register:
        document = Make(register.codelists).full(naam="Zangkoor De Nachtegaal", kboNummer=None)
        agent = Agent("x", "x", MANAGER)
        code = handle(RegisterAssociation(document, ("V0001001",)), agent, register).code
        kept = register.log.vault.entities()
    assert kept
    later = {"tijdstip": "2099-01-01T00:00:00.000000Z", "code": code, "velden": "bankrekening-13 iban titularis"}
    earlier = {**later, "tijdstip": "2000-01-01T00:00:00.000000Z", "velden": "contact-7 email"}
    list_ = tmp_path / "wissingen.jsonl"
    list_.write_text("\n".join(json.dumps(each) for each in (earlier, later)))
    said = type_("erase", "--repeat", str(list_))[1]
    assert f"{code}: bankrekening-13 iban titularis" in said
    assert "contact-7" not in said, "what went before the last thing in the log went then"


def test_the_key_changes_and_everything_is_still_read(type_: Type, data: Path, tmp_path: Path) -> None:
    key = str(tmp_path / "nieuw.sleutel")
    status, said = type_("key", key, "--change")
    assert (status, "opnieuw versleuteld" in said) == (0, True)
    assert "past niet op de kluis" in type_("erase", "--expired")[1]
    assert type_("erase", "--expired", "--vault-key-file", key)[0] == 0
    assert "bestaat al" in type_("key", key)[1]


def test_what_was_erased_stays_erased_when_a_copy_is_put_back(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A copy, an erasure after it, the loss of everything, and back."""
    data, copy, key = tmp_path / "data", str(tmp_path / "kopie.jsonl.gz"), str(tmp_path / "sleutel")
    assert main(["key", key]) == 0
    own = ["--vault-key-file", key]
    with open_register(read_settings({"data": data, "vault_key_file": key}, {})) as register:
        handle(RegisterAssociation(Make(register.codelists).full()), Agent("x", "x", MANAGER), register)
    assert main(["backup", copy, "--data", str(data), *own]) == 0
    assert main(["erase", "--association", "V0001001", "--reason", "vraag", "--data", str(data), *own]) == 0
    erased = str(data / "wissingen.jsonl")
    back = ["--data", str(tmp_path / "terug"), *own]
    assert main(["restore", copy, *back]) == 0
    assert main(["restore", copy, *back]) == 1  # there is something now
    settings = read_settings({"data": tmp_path / "terug", "vault_key_file": key}, {})
    with open_register(settings) as register:
        assert register.log.vault.entities()
    assert main(["erase", "--repeat", erased, *back]) == 0
    assert main(["validate", *back]) == 0
    with open_register(settings) as register:
        assert not register.log.vault.entities()
    said = capfd.readouterr()
    assert "wissingen.jsonl" in said.out
    assert "lege" in said.err
