"""Head and body of an answer leave together, and nothing waits for what does not come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from app.cli.joining import CONTINUE, Joining

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Noting(asyncio.Transport):
    """A connection that notes what is sent over it, and what was sent in one go."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        self.sent.append(bytes(data))

    def writelines(self, pieces: Iterable[Any]) -> None:
        self.sent.append(b"".join(pieces))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def transport() -> Noting:
    return Noting()


@pytest.fixture
def joining(transport: Noting) -> Joining:
    return Joining(transport)


def test_a_head_goes_out_with_the_first_of_its_body(transport: Noting, joining: Joining) -> None:
    for answer in (b"een", b"twee"):
        joining.write(HEAD)
        assert not transport.sent
        joining.write(answer)
        joining.write(b"rest")
        joining.end()
        assert transport.sent == [HEAD + answer, b"rest"]
        transport.sent.clear()


@pytest.mark.parametrize("finish", ["end", "close"])
def test_an_answer_without_body_is_sent_all_the_same(transport: Noting, joining: Joining, finish: str) -> None:
    joining.write(HEAD)
    getattr(joining, finish)()
    assert transport.sent == [HEAD]
    assert transport.closed == (finish == "close")


def test_who_waits_to_be_told_to_go_on_is_told_at_once(transport: Noting, joining: Joining) -> None:
    joining.write(CONTINUE)
    assert transport.sent == [CONTINUE]
    joining.write(HEAD)
    joining.write(b"lichaam")
    assert transport.sent == [CONTINUE, HEAD + b"lichaam"]
