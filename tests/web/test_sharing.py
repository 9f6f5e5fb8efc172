"""Many who ask the same at the same time cost one question, and nobody gets an old answer."""

from __future__ import annotations

import asyncio
import threading

import pytest

from app.errors import Unknown
from app.web.sharing import Sharing


def test_who_asks_during_a_run_shares_the_next_one() -> None:
    runs: list[int] = []
    go_on = threading.Event()

    def count(_: str) -> int:
        runs.append(len(runs) + 1)
        number = len(runs)
        go_on.wait(300)
        return number

    async def ask() -> list[int]:
        sharing = Sharing(count)
        first = asyncio.ensure_future(sharing.ask("a"))
        while not runs:
            await asyncio.sleep(0.001)
        others = [asyncio.ensure_future(sharing.ask("a")) for _ in range(50)]
        await asyncio.sleep(0.01)
        go_on.set()
        return [await first, *await asyncio.gather(*others)]

    assert asyncio.run(ask()) == [1, *[2] * 50]
    assert runs == [1, 2]


def test_an_error_reaches_all_and_the_next_question_is_a_new_one() -> None:
    errors = iter([Unknown("Eerst niet."), None])

    def find(_: str) -> str:
        if (error := next(errors)) is not None:
            raise error
        return "gevonden"

    async def ask() -> str:
        sharing = Sharing(find)
        with pytest.raises(Unknown):
            await sharing.ask("a")
        return await sharing.ask("a")

    assert asyncio.run(ask()) == "gevonden"


def test_who_hangs_up_takes_nothing_from_the_others() -> None:
    go_on = threading.Event()

    async def ask() -> bool:
        sharing: Sharing[str, bool] = Sharing(lambda _: go_on.wait(300))
        one, other = (asyncio.ensure_future(sharing.ask("a")) for _ in range(2))
        await asyncio.sleep(0.01)
        one.cancel()
        go_on.set()
        return await other

    assert asyncio.run(ask())
