"""Who comes in, when many come at once and each answer keeps the event loop busy for a while."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys

CLIENTS, ANSWERS = 64, 10
BUSY = """
import socket, sys, time
from app.cli.listening import answer
from app.config import read_settings

async def app(scope, receive, send):
    time.sleep(0.002)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})

answer(app, read_settings({}), socket.socket(fileno=int(sys.argv[1])))
"""
REQUEST = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


def test_of_many_who_come_at_once_none_waits_until_others_have_all_they_want() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=CLIENTS) as listener:
        command = [sys.executable, "-c", BUSY, str(listener.fileno())]
        with subprocess.Popen(command, pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL) as server:
            try:
                counted = asyncio.run(asyncio.wait_for(ask_at_once(listener.getsockname()[1]), 60))
            finally:
                server.kill()
    # How many answers each had when the first had its last.
    assert len(counted) == CLIENTS
    assert min(counted) >= ANSWERS // 3, counted


async def ask_at_once(port: int) -> list[int]:
    had = [0] * CLIENTS
    when_the_first_was_done: list[int] = []

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(ANSWERS):
            writer.write(REQUEST)
            await reader.readuntil(b"\r\n\r\n")
            had[number] += 1
        when_the_first_was_done.extend([] if when_the_first_was_done else had)
        writer.close()

    await asyncio.gather(*map(client, range(CLIENTS)))
    return when_the_first_was_done
