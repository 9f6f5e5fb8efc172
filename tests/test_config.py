"""Every setting is in one place, and a wrong one says which."""

from pathlib import Path

import pytest

from app.config import read_settings
from app.errors import BadSetting


def test_what_is_given_wins_over_the_environment_and_that_over_the_default() -> None:
    environment = {"VERENIGINGSLOKET_PORT": "9000", "VERENIGINGSLOKET_DATA": "/tmp/x"}
    settings = read_settings({"port": 9001, "data": None}, environment)
    assert (settings.port, settings.data, settings.host) == (9001, Path("/tmp/x"), "127.0.0.1")


def test_a_wrong_value_names_its_key() -> None:
    with pytest.raises(BadSetting, match="VERENIGINGSLOKET_PORT"):
        read_settings({}, {"VERENIGINGSLOKET_PORT": "achtduizend"})


@pytest.mark.parametrize("name", ["vault_key", "graphs_password", "oidc_secret", "metrics_token"])
def test_a_secret_has_no_default_and_is_never_shown(name: str) -> None:
    assert getattr(read_settings({}, {}), name) == ""
    assert "geheim" not in repr(read_settings({name: "geheim"}, {}))


def test_the_password_of_the_database_is_never_shown() -> None:
    settings = read_settings({"database": "postgresql://loket:geheim@db/loket"}, {})
    assert "geheim" not in repr(settings)
    assert "loket:***@db/loket" in repr(settings)
