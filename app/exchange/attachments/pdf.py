"""Looking into a PDF for what acts by itself: scripts, programs to start, files within the file, forms that send.

Names of keys stand in the file as they are, in another spelling (`/J#61vaScript`), or packed in an object stream; all
three are read (ISO 32000-1, sections 7.3.5 and 7.5.7). Pictures and fonts are other streams, and say nothing.
"""

from __future__ import annotations

import re
import zlib

from app.errors import Refused

ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|RichMedia|EmbeddedFiles?|XFA|SubmitForm|ImportData|GoToE|Rendition)(?![A-Za-z0-9])"
)
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
SPELLED = re.compile(rb"#([0-9A-Fa-f]{2})")
END = b"endstream"
MOST_UNPACKED = 20_000_000
ACTS = "Deze PDF bevat iets dat vanzelf start, zoals een script of een ingesloten bestand. Druk ze opnieuw af als PDF."
CLOSED = "Deze PDF is beveiligd met een wachtwoord: we kunnen ze niet nakijken. Bewaar ze zonder wachtwoord."
TOO_MUCH = "Deze PDF pakt uit tot veel meer dan ze is. Bewaar ze opnieuw."
BROKEN = "Deze PDF is onvolledig of beschadigd. Bewaar ze opnieuw."


def look_into_pdf(content: bytes) -> str:
    """The media type; raises Refused for what we do not take."""
    if b"%%EOF" not in content[-2048:]:
        raise Refused(BROKEN)
    outside, packed = _parts(content)
    if LOCKED.search(outside):
        raise Refused(CLOSED)
    if any(ACTIVE.search(_spelled(part)) for part in (outside, packed)):
        raise Refused(ACTS)
    return "application/pdf"


def _parts(content: bytes) -> tuple[bytes, bytes]:
    """What stands outside of streams, and what object streams hold."""
    outside, packed, place, room = bytearray(), bytearray(), 0, MOST_UNPACKED
    while (start := content.find(b"stream", place)) >= 0:
        outside += content[place:start]
        end = content.find(END, start)
        if end < 0:
            break
        if b"/ObjStm" in _spelled(bytes(outside[-2000:])):
            unpacked = _unpack(content[start + len(b"stream") : end].lstrip(b"\r\n"), room)
            room -= len(unpacked)
            packed += unpacked + b"\n"
        place = end + len(END)
    return bytes(outside + content[place:]), bytes(packed)


def _unpack(data: bytes, room: int) -> bytes:
    """At most so many bytes; what is not packed in the usual way stays as it is."""
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(data, room + 1)
    except zlib.error:
        return data
    if len(found) > room:
        raise Refused(TOO_MUCH)
    return found


def _spelled(text: bytes) -> bytes:
    """Names with each character as itself."""
    return SPELLED.sub(lambda match: bytes([int(match[1], 16)]), text)
