"""How fast feeds go out: the service beside nginx on the same bytes, and a third party's client that reads it all."""

from __future__ import annotations

import gzip
import os
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.engines import running
from tests.bench.load import Target, measure_page, processor_seconds
from tests.bench.table import Line
from tests.conformance.peers import CI, LDES_CLIENT, members
from tests.running import free_port

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type application/n-quads; etag on; gzip_static always; sendfile on;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  add_header Cache-Control "public, max-age=31536000, immutable";
  server {{ listen 127.0.0.1:{port}; root {folder}/pages; }}
}}
"""
FEED, FULL = "/ldes/verenigingen", "/ldes/verenigingen/2"
PACKED = {"Accept": "application/n-quads", "Accept-Encoding": "gzip"}


def lines(ours: Target, folder: Path, seconds: int) -> Iterator[Line]:
    """A page that never changes, from us and from nginx; the open page; and the whole feed through ldes-client."""
    with nginx(folder / "nginx", _fetch(ours.address + FULL, PACKED)) as other:
        yield from _pages(ours, other, seconds)
    open_page = measure_page(ours, f"{FEED}/{_last_page(ours.address)}", PACKED, seconds)
    yield Line("de open pagina van de stroom", open_page.rate, "antwoorden/s")
    yield from _replicated(ours)


def _pages(ours: Target, other: Target, seconds: int) -> Iterator[Line]:
    tags = [_tag(target.address + FULL) for target in (ours, other)]
    for what, headers in (
        ("een volle pagina van de stroom", [PACKED, PACKED]),
        ("dezelfde pagina, niet gewijzigd (304)", [{**PACKED, "If-None-Match": tag} for tag in tags]),
    ):
        mine, theirs = (measure_page(t, FULL, h, seconds) for t, h in zip((ours, other), headers, strict=True))
        yield Line(what, mine.rate, "antwoorden/s", other.name, theirs.rate)


@contextmanager
def nginx(folder: Path, page: bytes) -> Iterator[Target]:
    """nginx with one page, packed, as a file."""
    place, port = folder / f"pages{FULL}", free_port()
    place.parent.mkdir(parents=True)
    place.write_bytes(gzip.decompress(page))
    place.with_name(place.name + ".gz").write_bytes(page)
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    config = folder / f"nginx-{port}.conf"
    config.write_text(NGINX.format(folder=folder, port=port))
    address = f"http://127.0.0.1:{port}"
    with running(["nginx", "-c", str(config), "-p", str(folder)], address + FULL):
        yield Target("nginx", address, config.name)


def _replicated(ours: Target) -> Iterator[Line]:
    """The whole feed, as an existing client reads it, and which part of the work was ours."""
    home = Path(os.environ.get(LDES_CLIENT.variable, CI / LDES_CLIENT.folder))
    if not (home / "node_modules" / LDES_CLIENT.entry).exists():
        return
    started, before, theirs = time.perf_counter(), processor_seconds(ours.word), os.times()
    found = members(LDES_CLIENT.run(ours.address + FEED))
    took, used, after = time.perf_counter() - started, processor_seconds(ours.word) - before, os.times()
    client = after.children_user - theirs.children_user + after.children_system - theirs.children_system
    yield Line("overgenomen door ldes-client", len(found) / took, "leden/s")
    yield Line("ons deel van de processortijd daarbij", 100 * used / (used + client), "%")


def _fetch(address: str, headers: dict[str, str]) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        return bytes(answer.read())


def _tag(address: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(address, headers=PACKED)) as answer:
        return str(answer.headers["etag"])


def _last_page(address: str) -> int:
    """The number of the page that still grows: each page leads to the next."""
    root = _fetch(f"{address}{FEED}", {"Accept": "application/n-triples"}).decode()
    return max(int(part.partition(">")[0]) for part in root.split(f"{FEED}/")[1:] if part.partition(">")[0].isdigit())
