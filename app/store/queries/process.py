"""One worker process as the query pool sees it: started when needed, asked one question at a time, killed when late."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from app.errors import Unavailable
from app.store.queries.allocator import allocator
from app.store.queries.frames import Frame, pack

Reply = tuple[dict[str, Any], bytes]
LATE = "De vraag duurde langer dan {seconds:g} seconden en is gestopt. Maak ze eenvoudiger of vraag minder."
STARTING = 60.0
SLOW_START = "De dienst is nog niet klaar om vragen te beantwoorden. Probeer over enkele seconden opnieuw."
STOPPED = "De dienst wordt gestopt."
DIED = "De vraag gebruikte te veel geheugen en is gestopt. Maak ze eenvoudiger of vraag minder, bijvoorbeeld met LIMIT."


class WorkerProcess:
    """A place for one process; when that dies, the next question finds a new one."""

    def __init__(self, memory: int, folder: Path) -> None:
        self._memory, self._folder = memory, folder
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        # Where the channel is listened to, what has come of a reply, and who waits for it.
        self._loop: asyncio.AbstractEventLoop | None = None
        self._frame = Frame()
        self._reply: asyncio.Future[Reply] | None = None
        # What keeps it in, as it says when it is there; None until then. See `app.store.queries.confine`.
        self.walls: frozenset[str] | None = None
        # The copy of the store that the process has open, or is about to open.
        self.directory: Path | None = None

    @property
    def pid(self) -> int | None:
        """Its number, while it runs."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Have a process; it gets ready while we go on."""
        if self._process is None:
            self._channel, other = socket.socketpair()
            self._channel.setblocking(False)
            with other:
                self._process = self._spawn(other.fileno())

    async def ask(self, question: Mapping[str, Any], seconds: float) -> Reply:
        """The worker's reply. Raises Unavailable when it is late or dies; it is killed also when we are cancelled."""
        self.start()
        if self.walls is None:
            # It says so when it is there; that time is not the question's.
            self.walls = frozenset((await self._exchange(b"", STARTING, SLOW_START))[0]["walls"])
        return await self._exchange(pack(question), seconds, LATE.format(seconds=seconds))

    async def _exchange(self, message: bytes, seconds: float, late_text: str) -> Reply:
        assert self._channel is not None
        loop = asyncio.get_running_loop()
        self._listen(loop)
        self._frame, self._reply = Frame(), loop.create_future()
        late = loop.call_later(seconds, _fail, self._reply, Unavailable(late_text))
        try:
            if message:
                await _send(self._channel, message)
            return await self._reply
        except BaseException:
            self._replace(loop)
            raise
        finally:
            late.cancel()
            self._reply = None

    def stop(self) -> None:
        """Kill the process, whatever it is doing, and wait until it has gone."""
        if process := self._abandon():
            process.wait()

    def _replace(self, loop: asyncio.AbstractEventLoop) -> None:
        was_there = self.walls is not None
        if process := self._abandon():
            # Not here: giving back gigabytes takes the kernel a while.
            loop.run_in_executor(None, _bury, process, was_there)
            self.start()

    def _abandon(self) -> subprocess.Popen[bytes] | None:
        process, self._process = self._process, None
        if process is not None and self._channel is not None:
            process.kill()
            self._let_go()
            self._channel.close()
            if process.stdin:
                process.stdin.close()
        self.directory = self.walls = None
        return process

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not loop:
            assert self._channel is not None
            loop.add_reader(self._channel, self._feed)
            self._loop = loop

    def _feed(self) -> None:
        reply = self._reply
        if self._channel is None or (reply is not None and reply.done()):
            return
        try:
            whole = self._frame.feed(self._channel)
        except BlockingIOError:
            return
        except (EOFError, OSError):
            if reply is not None:
                reply.set_exception(Unavailable(SLOW_START if self.walls is None else DIED))
            elif self._loop is not None:
                # Nobody is to find out by asking it.
                self._replace(self._loop)
            return
        if whole and reply is not None:
            reply.set_result(self._frame.content())

    def _let_go(self) -> None:
        """Stop listening, and leave nobody waiting; before the channel is closed, as its number is used again."""
        loop, self._loop = self._loop, None
        if loop is None or loop.is_closed() or self._channel is None:
            return
        loop.remove_reader(self._channel)
        if self._reply is not None:
            _fail(self._reply, Unavailable(STOPPED))

    def _spawn(self, channel: int) -> subprocess.Popen[bytes]:
        # A worker gets nothing of our environment: there are secrets in it.
        environment = {"PYTHONPATH": os.pathsep.join(sys.path), **allocator()}
        command = [sys.executable, "-m", "app.store.queries.worker", str(channel), str(self._memory), str(self._folder)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=(channel,), env=environment)


def _bury(process: subprocess.Popen[bytes], was_there: bool) -> None:
    """Wait for its end; of one that ended by itself before it was there, tell: no question is to blame for that."""
    status = process.wait()
    if not was_there and status != -signal.SIGKILL:
        structlog.get_logger("queries").error("query worker did not start", status=status)


def _fail(reply: asyncio.Future[Reply], error: Exception) -> None:
    if not reply.done():
        reply.set_exception(error)


async def _send(channel: socket.socket, data: bytes) -> None:
    try:
        sent = channel.send(data)
        if sent < len(data):
            await asyncio.get_running_loop().sock_sendall(channel, data[sent:])
    except BlockingIOError:
        await asyncio.get_running_loop().sock_sendall(channel, data)
    except OSError as error:
        raise Unavailable(DIED) from error
