"""Looking into a document of Word, Excel or LibreOffice, which is a zip file: what it is, and what hides in it."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from app.errors import Refused
from app.exchange.spreadsheet.zip import PACKED

MOST_MEMBERS, MOST_UNPACKED, MOST_RATIO, CHUNK = 2_000, 100_000_000, 200, 64 * 1024
# Small things may be packed very well; that is no bomb.
SMALL = 5_000_000
WORD, SHEET = b"wordprocessingml.document.main+xml", b"spreadsheetml.sheet.main+xml"
OPEN_XML = {
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    SHEET: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OPEN_DOCUMENT = frozenset({"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"})
MACROS = ("vbaproject.bin", "vbadata.xml", "/activex", "macrosheets/", "basic/", "scripts/")
INSIDE = ("embeddings/", "objectreplacements/", ".exe", ".dll", ".js", ".vbs", ".zip", ".bat", ".ps1")
ACTS = "Dit document bevat macro’s. Bewaar het zonder macro’s, of als PDF."
NESTED = "In dit document zit een ander bestand. Haal het eruit, of bewaar het als PDF."
CLOSED = "Dit document is beveiligd met een wachtwoord. Bewaar het zonder wachtwoord."
BOMB = "Dit bestand pakt uit tot veel meer dan het is. We nemen het niet aan."
BROKEN = "Dit bestand is beschadigd. Bewaar het opnieuw."
OTHER = "Een zipbestand nemen we niet aan. Voeg elk document apart toe."


def look_into_zip(content: bytes) -> str:
    """The media type; raises Refused for what we do not take."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _look(archive, len(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError, KeyError, RuntimeError):
        raise Refused(BROKEN) from None


def _look(archive: zipfile.ZipFile, size: int) -> str:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise Refused(BOMB)
    if any(member.flag_bits & 1 for member in members):
        raise Refused(CLOSED)
    if any(member.compress_type not in PACKED for member in members):
        raise Refused(BROKEN)
    _weigh(archive, size)
    kind = _kind(archive)
    names = [f"/{member.filename.lower()}" for member in members]
    if any(sign in name for name in names for sign in MACROS) or kind == "":
        raise Refused(ACTS)
    if any(sign in name for name in names for sign in INSIDE):
        raise Refused(NESTED)
    return kind


def _weigh(archive: zipfile.ZipFile, size: int) -> None:
    """Unpack all of it, counting: what the members say of their size may be a lie."""
    total = 0
    for member in archive.infolist():
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > MOST_UNPACKED or (total > SMALL and total > size * MOST_RATIO):
                    raise Refused(BOMB)


def _kind(archive: zipfile.ZipFile) -> str:
    """The media type, the empty text for one with macros; raises Refused for any other zip file."""
    names = set(archive.namelist())
    if "mimetype" in names:
        said = archive.read("mimetype").decode("ascii", "replace").strip()
        if said in OPEN_DOCUMENT:
            return said
    if "[Content_Types].xml" in names:
        types = archive.read("[Content_Types].xml")
        if b"macroEnabled" in types:
            return ""
        if found := next((media for sign, media in OPEN_XML.items() if sign in types), None):
            return found
    raise Refused(OTHER)
