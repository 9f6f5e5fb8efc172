"""How fast feeds go out: our server beside nginx on the same bytes, and a third party's client reading it all.

    python -m tests.bench.bench_feeds [--members 10000] [--seconds 3]

Needs wrk and nginx; with LDES_CLIENT or .ci/ldes-client also the speed of replication. Measures, and asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import Receive, Scope, Send

from app.web.edge import Edge
from app.web.feeds import FeedApp
from tests.conformance.feed_server import free_port
from tests.conformance.peers import CI, LDES_CLIENT, members
from tests.exchange.feed_log import ALL, FeedLog, feed_log
from tests.web.test_feeds import page, respond

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type application/n-quads; etag on; gzip_static always; sendfile on;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {feeds}; add_header Cache-Control "public, max-age=31536000, immutable"; }}
}}
"""
FULL, NOTHING = f"{ALL}/2", "/niets"
WRK = re.compile(r"Requests/sec:\s+([\d.]+)\s+Transfer/sec:\s+(\S+)")


def main() -> None:
    options = read_options()
    if options.serve:
        return serve(Path(options.folder), options.serve)
    if not (shutil.which("wrk") and shutil.which("nginx")):
        sys.exit("wrk and nginx are needed")
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        source = feed_log(folder, f"http://127.0.0.1:{port}")
        for start in range(1, options.members + 1, 1000):
            source.register(*range(start, min(start + 1000, options.members + 1)))
        sealing(source, folder)
        source.log.close()
        with ours(folder, port), nginx(folder) as other:
            compare(f"http://127.0.0.1:{port}/ldes", f"http://127.0.0.1:{other}", options.seconds)
            replicate(f"http://127.0.0.1:{port}/ldes/{ALL}", options.members)
    return None


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


def serve(folder: Path, port: int) -> None:
    """The feeds with everything that the whole application puts around them."""
    source = feed_log(folder, f"http://127.0.0.1:{port}")
    feeds = Edge(FeedApp(source.feeds(folder / "feeds", 250), page), lambda: "kenmerk", respond, busy=("/ldes",))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (nothing if scope["path"] == NOTHING else feeds)(scope, receive, send)

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False, lifespan="off")


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def sealing(source: FeedLog, folder: Path) -> None:
    feeds = source.feeds(folder / "feeds", 250)
    start = time.perf_counter()
    count = feeds.seal_full_pages(ALL, limit=1000)
    took = time.perf_counter() - start
    size = sum(path.stat().st_size for path in (folder / "feeds").rglob("*.nq.br"))
    total = max(count, 1)
    print(
        f"sealing: {count} pages, {took / total * 1000:.0f} ms and {size // total} bytes (brotli) a page of 250 members"
    )


@contextmanager
def ours(folder: Path, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.bench_feeds", "--serve", str(port), "--folder", str(folder)]
    with running(command, f"http://127.0.0.1:{port}/ldes"):
        yield


@contextmanager
def nginx(folder: Path) -> Iterator[int]:
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, feeds=folder / "feeds", port=port))
    folder.chmod(0o755)
    with running(["nginx", "-c", str(config), "-p", str(folder)], f"http://127.0.0.1:{port}/{FULL}.nq"):
        yield port


@contextmanager
def running(command: list[str], address: str) -> Iterator[None]:
    process = subprocess.Popen(command)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(address).close()
                break
            except OSError:
                time.sleep(0.05)
        else:
            sys.exit(f"{command[0]} does not answer")
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def compare(us: str, other: str, seconds: int) -> None:
    packed = {"Accept": "application/n-quads", "Accept-Encoding": "gzip"}
    ours_tag, other_tag = tag(f"{us}/{FULL}", packed), tag(f"{other}/{FULL}.nq", packed)
    rows = (
        ("a full page, gzip", packed, packed),
        ("a full page, 304", {**packed, "If-None-Match": ours_tag}, {**packed, "If-None-Match": other_tag}),
    )
    print(f"{'':24}{'ours/s':>10}{'nginx/s':>10}{'ratio':>8}")
    for label, our_headers, other_headers in rows:
        mine, theirs = (0.0, 0.0)
        # In turns, so that whatever else the machine does hits both.
        for _ in range(2):
            mine = max(mine, load(f"{us}/{FULL}", our_headers, seconds))
            theirs = max(theirs, load(f"{other}/{FULL}.nq", other_headers, seconds))
        print(f"{label:24}{mine:10.0f}{theirs:10.0f}{mine / theirs:8.2f}")
    others = (
        ("the root, gzip", f"{us}/{ALL}"),
        ("the open page, gzip", last_page(us)),
        ("nothing (the floor)", us.removesuffix("/ldes") + NOTHING),
    )
    for label, address in others:
        print(f"{label:24}{load(address, packed, seconds):10.0f}")


def tag(address: str, headers: dict[str, str]) -> str:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        return str(answer.headers["etag"])


def last_page(us: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(f"{us}/{ALL}.nt")) as answer:
        pages = re.findall(rf"{ALL}/(\d+)>", answer.read().decode())
    return f"{us}/{ALL}/{max(map(int, pages))}"


def load(address: str, headers: dict[str, str], seconds: int) -> float:
    """Answers a second with 16 connections."""
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", *given, address]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = WRK.search(done.stdout)
    assert found and "Non-2xx" not in done.stdout.replace("304", ""), done.stdout
    return float(found.group(1))


def replicate(root: str, count: int) -> None:
    home = Path(os.environ.get(LDES_CLIENT.variable, CI / LDES_CLIENT.folder))
    if not (home / "node_modules" / LDES_CLIENT.entry).exists():
        print("ldes-client is not installed: no replication")
        return
    for options in ((), ("--no-shape",)):
        start = time.perf_counter()
        found = members(LDES_CLIENT.run(root, *options))
        took = time.perf_counter() - start
        print(f"ldes-client {' '.join(options)}: {len(found)} of {count} members, {len(found) / took:.0f} a second")


if __name__ == "__main__":
    main()
