"""Reading XML out of a zip file that a stranger made: streamed, counted, and without document types or entities."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from app.errors import Refused, TooLarge
from app.exchange.spreadsheet.cells import Limits, damaged

CHUNK = 64 * 1024
# As every spreadsheet program writes it. Of bzip2 and LZMA, the module unpacks all that it has read at once.
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Handler(Protocol):
    """What reacts to the XML; names come as they are written, prefix and all (`local_name` takes it off)."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def data(self, text: str) -> None: ...


def local_name(name: str) -> str:
    """The name without its prefix.

    >>> local_name("table:table-row"), local_name("row")
    ('table-row', 'row')
    """
    return name.rpartition(":")[2]


@contextmanager
def open_zip(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The zip file; whatever is wrong with it while it is read becomes a refusal."""
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) > limits.members:
                raise TooLarge("Het bestand bestaat uit te veel onderdelen.")
            yield archive
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, UnicodeError) as error:
        raise damaged() from error


def parse(archive: zipfile.ZipFile, member: str, handler: Handler, limits: Limits) -> Iterator[None]:
    """Feed one member to `handler`, pausing after each chunk so that the caller may take what has been made."""
    info = _info(archive, member)
    parser = _parser(handler)
    unpacked = silent = 0
    with archive.open(info) as stream:
        while chunk := stream.read(CHUNK):
            unpacked += len(chunk)
            if unpacked > limits.unpacked_bytes:
                raise TooLarge("Het bestand is uitgepakt te groot: splits het op.")
            before = parser.CurrentByteIndex
            parser.Parse(chunk, False)
            # expat keeps an unfinished token (a giant attribute, say) in memory: it may not go on growing.
            silent = silent + len(chunk) if parser.CurrentByteIndex == before else 0
            if silent > limits.silent_bytes:
                raise TooLarge("Een onderdeel van het bestand is te groot.")
            yield
        parser.Parse(b"", True)
    yield


def parse_all(archive: zipfile.ZipFile, member: str, handler: Handler, limits: Limits) -> None:
    """Feed one member to `handler` in one go."""
    for _ in parse(archive, member, handler, limits):
        pass


def _info(archive: zipfile.ZipFile, member: str) -> zipfile.ZipInfo:
    try:
        info = archive.getinfo(member)
    except KeyError as error:
        raise damaged() from error
    if info.compress_type not in PACKED:
        raise damaged()
    if info.flag_bits & 1:
        raise Refused("Het bestand is beveiligd met een wachtwoord: bewaar het zonder wachtwoord.")
    return info


def _parser(handler: Handler) -> expat.XMLParserType:
    def doctype(*_: object) -> None:
        # Neither format has document types; entities in one can read files or grow without end (XXE, billion laughs).
        raise Refused("Het bestand bevat een DOCTYPE en is daarom geweigerd.")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.data
    parser.StartDoctypeDeclHandler = doctype
    return parser
