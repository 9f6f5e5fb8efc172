"""The examples for nginx and Varnish as they are printed, in front of a running service."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import partial

import httpx
import pytest

from tests.operation.proxies import REQUESTS, STRANGER, Site, standing
from tests.running import PATIENCE

pytestmark = pytest.mark.slow
FULL, NEWEST = "/ldes/verenigingen/1", "/ldes/verenigingen/2"
TURTLE, JSON = {"accept": "text/turtle"}, {"accept": "application/ld+json"}
PROXIES = ("nginx", "varnish")
get = partial(httpx.get, timeout=PATIENCE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with standing(tmp_path_factory.mktemp("proxies")) as made:
        yield made


def way(site: Site, proxy: str) -> str:
    return str(getattr(site, proxy))


def as_stranger(address: str, path: str, **headers: str) -> httpx.Response:
    """Ask from an address that is none of our own machines."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address=STRANGER), timeout=PATIENCE) as client:
        return client.get(address + path, headers=headers)


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_full_page_of_a_feed_is_fetched_once_in_each_format(site: Site, proxy: str) -> None:
    address = way(site, proxy)
    answers = [get(address + FULL, headers=TURTLE) for _ in range(3)]
    assert [answer.headers["x-cache-status"] for answer in answers] == ["MISS", "HIT", "HIT"]
    assert "immutable" in answers[0].headers["cache-control"]
    assert len({answer.content for answer in answers}) == 1
    other = get(address + FULL, headers=JSON)
    assert other.headers["x-cache-status"] == "MISS"
    assert other.headers["content-type"].startswith("application/ld+json")
    assert get(site.direct + FULL, headers=TURTLE).content == answers[0].content


@pytest.mark.parametrize("proxy", PROXIES)
def test_who_has_a_page_is_told_so_by_the_cache(site: Site, proxy: str) -> None:
    address = way(site, proxy)
    tag = get(address + FULL, headers=TURTLE).headers["etag"]
    again = get(address + FULL, headers={**TURTLE, "if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-cache-status"] == "HIT"


@pytest.mark.parametrize("proxy", PROXIES)
def test_what_a_visitor_sees_is_not_kept_for_another(site: Site, proxy: str) -> None:
    answers = [get(way(site, proxy) + "/verenigingen") for _ in range(2)]
    assert [answer.headers.get("x-cache-status", "MISS") for answer in answers] == ["MISS", "MISS"]


def test_the_newest_page_shows_a_change_within_seconds(site: Site) -> None:
    for proxy in PROXIES:
        assert "Kantkring Het Nieuwe Klosje" not in get(way(site, proxy) + NEWEST, headers=TURTLE).text
    site.register("Kantkring Het Nieuwe Klosje")
    for proxy in PROXIES:
        deadline, seen = time.monotonic() + PATIENCE, False
        while not seen and time.monotonic() < deadline:
            time.sleep(0.5)
            seen = "Kantkring Het Nieuwe Klosje" in get(way(site, proxy) + NEWEST, headers=TURTLE).text
        assert seen, proxy


def test_a_page_is_taken_out_of_varnish_at_once(site: Site) -> None:
    get(site.varnish + FULL, headers=TURTLE)
    assert get(site.varnish + FULL, headers=TURTLE).headers["x-cache-status"] == "HIT"
    assert httpx.request("PURGE", site.varnish + FULL, timeout=PATIENCE).status_code == 200
    assert get(site.varnish + FULL, headers=TURTLE).headers["x-cache-status"] == "MISS"
    banned = httpx.request("BAN", site.varnish, headers={"x-ban": "^/ldes/verenigingen"}, timeout=PATIENCE)
    assert banned.status_code == 200
    assert get(site.varnish + FULL, headers=TURTLE).headers["x-cache-status"] == "MISS"


def test_a_stranger_takes_nothing_out_of_varnish(site: Site) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(local_address=STRANGER), timeout=PATIENCE) as client:
        assert client.request("PURGE", site.varnish + FULL).status_code == 403


def test_each_client_behind_a_proxy_has_its_own_budget_whatever_it_says_of_itself(site: Site) -> None:
    statuses = []
    for _ in range(REQUESTS + 3):
        answer = as_stranger(site.nginx, "/ready", **{"x-forwarded-for": "127.0.0.1"})
        statuses.append(answer.status_code)
    assert statuses[:REQUESTS] == [200] * REQUESTS and 429 in statuses
    # A little comes back while the requests go: some more use that up, and not all that another would have.
    further = (as_stranger(site.varnish, "/ready") for _ in range(REQUESTS // 2))
    refused = next(answer for answer in further if answer.status_code == 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert re.match(r'"aanvragen";r=0;t=\d+', refused.headers["ratelimit"])
    # Others behind the same proxies do not notice.
    assert get(f"{site.nginx}/ready").status_code == 200


def test_figures_are_for_our_own_machines(site: Site) -> None:
    assert get(f"{site.direct}/metrics").status_code == 200
    for proxy in PROXIES:
        assert get(f"{way(site, proxy)}/metrics").status_code == 403
    # That one has spent its budget above, or is not of ours: it sees nothing either way.
    assert as_stranger(site.direct, "/metrics").status_code in (403, 429)


@pytest.mark.parametrize("proxy", PROXIES)
def test_changes_come_through_as_they_happen(site: Site, proxy: str) -> None:
    with httpx.stream("GET", f"{way(site, proxy)}/wijzigingen/stream?sinds=1", timeout=PATIENCE) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert b"wijziging" in next(part for part in stream.iter_raw() if b"wijziging" in part)
