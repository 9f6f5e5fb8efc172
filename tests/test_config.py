"""Settings come from one table, and a wrong one says which."""

from dataclasses import fields
from pathlib import Path

import pytest

from app.config import SETTINGS, Settings, read_settings
from app.errors import BadSetting


def test_every_setting_in_the_table_is_a_field_and_the_other_way_round() -> None:
    assert [setting.name for setting in SETTINGS] == [field.name for field in fields(Settings)]


def test_what_is_given_wins_over_the_environment_and_that_over_the_default() -> None:
    environment = {"VERENIGINGSLOKET_PORT": "9000", "VERENIGINGSLOKET_DATA": "/tmp/x"}
    settings = read_settings({"port": 9001, "data": None}, environment)
    assert (settings.port, settings.data, settings.host) == (9001, Path("/tmp/x"), "127.0.0.1")


def test_a_wrong_value_names_its_key() -> None:
    with pytest.raises(BadSetting, match="VERENIGINGSLOKET_PORT"):
        read_settings({}, {"VERENIGINGSLOKET_PORT": "achtduizend"})


def test_the_vault_key_has_no_default_and_is_never_shown() -> None:
    assert read_settings({}, {}).vault_key == ""
    assert "geheim" not in repr(read_settings({"vault_key": "geheim"}, {}))


def test_the_password_of_the_database_is_never_shown() -> None:
    settings = read_settings({"database": "postgresql://loket:geheim@db/loket"}, {})
    assert "geheim" not in repr(settings)
    assert "loket:***@db/loket" in repr(settings)
