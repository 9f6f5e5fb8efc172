"""Where the key comes from: a setting, a file, or for who tries things out a new one beside the data."""

from __future__ import annotations

import argparse
import stat
from base64 import b64encode
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from app.bootstrap.keys import KEY_FILE, new_key_file, read_key_file, vault_key, warn_of_key_beside_data
from app.bootstrap.register import open_register
from app.bootstrap.service import open_service
from app.cli.privacy import make_key
from app.config import Settings, read_settings
from app.errors import BadSetting, Refused
from app.store.leadership import alone
from tests.bootstrap.test_engines import settings_for
from tests.engines import new_database
from tests.running import wait_for

KEY = bytes(range(32))


def settings(folder: Path, **given: object) -> Settings:
    return read_settings({"data": folder, **given}, {})


def test_the_setting_wins_and_nothing_is_written(tmp_path: Path) -> None:
    assert vault_key(settings(tmp_path, vault_key=b64encode(KEY).decode())) == KEY
    assert list(tmp_path.iterdir()) == []


def test_a_file_elsewhere_is_read(tmp_path: Path) -> None:
    path = tmp_path / "elders.sleutel"
    new_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert vault_key(settings(tmp_path / "data", vault_key_file=path)) == read_key_file(path)


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    new_key_file(tmp_path / "sleutel")
    with pytest.raises(Refused, match="bestaat al"):
        new_key_file(tmp_path / "sleutel")


@pytest.mark.parametrize("content", [None, b"", b"geheim", b"\xff\xfe"])
def test_a_file_that_is_no_key_is_refused_and_its_content_not_shown(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "sleutel"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadSetting) as refused:
        vault_key(settings(tmp_path, vault_key_file=path))
    assert "geheim" not in str(refused.value)


def test_without_either_a_random_key_is_made_and_every_start_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "een", tmp_path / "twee"
    keys = []
    for folder in (first, second):
        folder.mkdir()
        keys.append(vault_key(settings(folder)))
        assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
        assert vault_key(settings(folder)) == keys[-1], "the same at the next start"
    assert keys[0] != keys[1], "there is no default key"
    warn_of_key_beside_data(settings(first))
    assert "beside the data" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["serves", "only reads"])
def test_the_key_is_not_changed_while_another_process_runs_on_the_database(
    postgresql: str, tmp_path: Path, kind: str
) -> None:
    database, new = new_database(postgresql), tmp_path / "nieuw.sleutel"
    key = tmp_path / "oud.sleutel"
    new_key_file(key)
    here = settings_for(tmp_path / "hier", database, vault_key_file=key)
    with open_service(here):
        pass
    there = settings_for(tmp_path / "daar", database, vault_key_file=key, replica=int(kind == "only reads"))
    change = argparse.Namespace(file=new, change=True)
    with open_service(there) as service:
        wait_for(lambda: service.role() != "volger", "it does not lead")
        wait_for(partial(_is_noticed, here), "it is not there")
        with pytest.raises(Refused, match="Stop eerst elke dienst"):
            make_key(change, here)
        assert not new.exists()
    assert make_key(change, here) == 0
    with pytest.raises(BadSetting), open_service(here):
        pass
    with open_service(replace(here, vault_key_file=new)):
        pass


def _is_noticed(settings: Settings) -> bool:
    """Whether somebody runs on this database, as seen from another machine."""
    with open_register(settings) as register:
        try:
            with alone(register.log.database, settings.data):
                return False
        except Refused:
            return True
