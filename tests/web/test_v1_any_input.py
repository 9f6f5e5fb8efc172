"""Whatever JSON is sent under whatever known key: an answer that names the field, never a fault of ours."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.v1_client import START, Client, client, full, location

__all__ = ["client"]
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40), st.sampled_from(["", "x", "2020-01-01", "V0001001", "SPRT", "E-mail", "Activiteiten", "NVT",
                                           "https://x.be", "<b>", "85010100115", "BE68539007547034"]),
)  # fmt: skip
ANY = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner,
         max_size=3)),
    max_leaves=8,
)  # fmt: skip


def like(known: Any) -> st.SearchStrategy[Any]:
    """The same with any value in any place, or without it."""
    if isinstance(known, dict):
        return st.one_of(st.fixed_dictionaries({}, optional={key: like(value) for key, value in known.items()}), ANY)
    if isinstance(known, list) and known:
        return st.one_of(st.lists(like(known[0]), max_size=3), ANY)
    return st.one_of(st.just(known), ANY)


FEW = settings(
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def code(client: Client) -> str:
    return client.registered(naam="Zeepkistvrienden Verzonnen Helling")


def answered(client: Client, method: str, path: str, body: Any) -> None:
    answer = client(method, path, orjson.dumps(body))
    assert answer.status_code in (200, 202, 400, 403, 409), (answer.status_code, body)
    if answer.status_code == 400:
        problem = answer.json()
        assert problem["detail"] and all(each["message"] for each in problem.get("problems", []))


@FEW
@given(body=like(full()))
def test_a_registration(client: Client, body: Any) -> None:
    answered(client, "POST", f"{START}/vzer", body)


@FEW
@given(body=like({**full(), "naam": None}))
def test_a_change(client: Client, code: str, body: Any) -> None:
    answered(client, "PATCH", f"{START}/{code}", body)


PARTS: dict[str, Any] = {
    "locaties": {"locatie": location()},
    "contactgegevens": {"contactgegeven": full()["contactgegevens"][0]},
    "vertegenwoordigers": {"vertegenwoordiger": full()["vertegenwoordigers"][0]},
    "bankrekeningnummers": {"bankrekeningnummer": full()["bankrekeningnummers"][0]},
    "lidmaatschappen": {"andereVereniging": "V0001001", "van": "2020-01-01", "tot": "2021-01-01", "beschrijving": "x"},
    "erkenningen": {
        "erkenning": {"ipdcProductNummer": "1", "startdatum": "2020-01-01", "hernieuwingsUrl": "https://x.be"}
    },
    "stop": {"einddatum": "2026-01-01"},
    "in-stopzetting": {"inStopzetting": True},
    "dubbelVan": {"isDubbelVan": "V0001001"},
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part(client: Client, code: str, part: str) -> None:
    @settings(FEW, max_examples=15)
    @given(body=like(PARTS[part]))
    def sent(body: Any) -> None:
        answered(client, "POST", f"{START}/{code}/{part}", body)

    sent()
