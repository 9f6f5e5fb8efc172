"""Answers kept in memory, the least recently used leaving first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Shelf(Generic[Key, Value]):
    """A cache bounded by the sum of the sizes of what stands in it."""

    def __init__(self, room: int, size: Callable[[Value], int]) -> None:
        self._room = room
        self._size = size
        self._used = 0
        self._items: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        value = self._items.get(key)
        if value is not None:
            self._items.move_to_end(key)
        return value

    def put(self, key: Key, value: Value) -> None:
        old = self._items.pop(key, None)
        self._used += self._size(value) - (self._size(old) if old is not None else 0)
        self._items[key] = value
        while self._used > self._room and len(self._items) > 1:
            _, gone = self._items.popitem(last=False)
            self._used -= self._size(gone)

    def __len__(self) -> int:
        return len(self._items)
