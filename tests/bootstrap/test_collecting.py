"""What stays is not looked at over and over by the collection of garbage, and what goes is not kept by that."""

from __future__ import annotations

import gc
import weakref

from app.bootstrap.collecting import look_at_everything, sparing_what_stays


class Thing:
    """Something that may refer to itself."""

    def __init__(self) -> None:
        self.itself: Thing | None = None


def test_what_is_there_at_the_beginning_is_set_aside_and_at_the_end_no_more() -> None:
    before = gc.get_threshold()
    with sparing_what_stays():
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() != before
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == before


def test_what_survives_a_long_collection_is_set_aside() -> None:
    with sparing_what_stays():
        before = gc.get_freeze_count()
        many = [[Thing()] for _ in range(300_000)]
        gc.collect()
        assert gc.get_freeze_count() > before + len(many)
        many.clear()
        assert gc.get_freeze_count() < before + 10_000


def test_what_refers_to_itself_goes_once_everything_is_looked_at() -> None:
    with sparing_what_stays():
        thing = Thing()
        thing.itself = thing
        gone = weakref.ref(thing)
        gc.freeze()
        del thing
        gc.collect()
        assert gone() is not None
        look_at_everything()
        assert gone() is None
