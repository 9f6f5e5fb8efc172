"""Where the key comes from: a setting, a file, or for who tries things out a new one beside the data."""

from __future__ import annotations

import stat
from base64 import b64encode
from pathlib import Path

import pytest

from app.bootstrap.keys import KEY_FILE, new_key_file, read_key_file, vault_key, warn_of_key_beside_data
from app.config import Settings, read_settings
from app.errors import BadSetting, Refused

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
