"""The strings that the cells of an xlsx workbook share, kept on disk: a municipality's list may hold millions."""

from __future__ import annotations

import mmap
import re
import tempfile
import zipfile
from array import array
from typing import IO

from app.exchange.spreadsheet.cells import Limits, RowBuilder, damaged
from app.exchange.spreadsheet.zip import local_name, parse_all

# ECMA-376 part 1 §22.9.2.19 (ST_Xstring): a character that XML cannot hold is written as _xHHHH_. Half of a surrogate
# pair is no character.
ESCAPED = re.compile("_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Text as the clerk sees it.

    >>> unescape("a_x000D_b")
    'a\\rb'
    """
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class SharedStrings:
    """The shared strings by number; eight bytes of memory for each."""

    def __init__(self, archive: zipfile.ZipFile, member: str | None, limits: Limits) -> None:
        self._ends = array("Q", [0])
        self._bytes: mmap.mmap | bytes = b""
        with tempfile.TemporaryFile() as file:
            if member is not None:
                parse_all(archive, member, _Reader(file, self._ends, limits), limits)
            file.flush()
            if self._ends[-1]:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise damaged()
        return unescape(str(self._bytes[self._ends[number] : self._ends[number + 1]], "utf-8"))


class _Reader:
    """Writes each `si` to the file; phonetic runs (`rPh`) are no part of the text."""

    def __init__(self, file: IO[bytes], ends: array[int], limits: Limits) -> None:
        self._write, self._ends = file.write, ends
        self._end = self._depth = 0
        self._text, self._limits = RowBuilder(limits).text, limits
        self._parts: list[str] = []
        self._reading = self._phonetic = False
        self._t = self._si = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._t:
            self._reading = not self._phonetic
        elif name != self._si:
            self._start_other(name)
        self._depth += 1

    def _start_other(self, name: str) -> None:
        if self._depth == 0:
            prefix = name[: -len(local_name(name))]
            self._t, self._si = prefix + "t", prefix + "si"
        if self._depth > self._limits.depth:
            raise damaged()
        self._phonetic = self._phonetic or local_name(name) == "rPh"

    def data(self, text: str) -> None:
        if self._reading and len(self._parts) <= self._limits.cell_parts:
            self._parts.append(text)

    def end(self, name: str) -> None:
        self._depth -= 1
        if name == self._t:
            self._reading = False
        elif name == self._si:
            self._end += self._write(self._text(self._parts).encode())
            self._ends.append(self._end)
            self._parts.clear()
        elif self._phonetic and local_name(name) == "rPh":
            self._phonetic = False
