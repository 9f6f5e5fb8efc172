"""Whether a document that somebody hands in is of a kind that we take, by what stands in it and not by its name.

    examine(content)        # "application/pdf", or Refused with a sentence in Dutch

What can act by itself when somebody opens it is refused: macros, scripts in a PDF, files within files. So is what
nobody can look into (a password), and what unpacks to far more than it is (a zip bomb).
"""

from __future__ import annotations

from collections.abc import Callable

from app.errors import Refused
from app.exchange.attachments.pdf import look_into_pdf
from app.exchange.attachments.zip import look_into_zip

MOST_BYTES = 10_000_000
EMPTY = "Dit bestand is leeg."
UNKNOWN = (
    "Dit soort bestand nemen we niet aan. Geef een PDF, een foto (JPEG of PNG) of een document van Word, Excel of "
    "LibreOffice."
)
PDF, PNG, JPEG, ZIP = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04"
SUFFIXES = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
NAMES = {
    "application/pdf": "PDF",
    "image/png": "foto (PNG)",
    "image/jpeg": "foto (JPEG)",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.oasis.opendocument.text": "LibreOffice-tekst",
    "application/vnd.oasis.opendocument.spreadsheet": "LibreOffice-rekenblad",
}


def examine(content: bytes) -> str:
    """The media type of a document that we take; raises Refused with the reason for any other."""
    if not content:
        raise Refused(EMPTY)
    look = next((look for start, look in LOOKS if content.startswith(start)), None)
    if look is None:
        raise Refused(UNKNOWN)
    return look(content)


def file_name(name: str, media_type: str) -> str:
    """The name of a file as we give it back: without a path or odd characters, with the ending of what it is.

    >>> file_name("../../Mijn plan (2).exe", "application/pdf")
    'Mijn plan (2).pdf'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isalnum() or letter in " ._-()").strip(" .")
    stem = kept.rpartition(".")[0] or kept
    return f"{stem[:100] or 'document'}{SUFFIXES.get(media_type, '')}"


def _png(_content: bytes) -> str:
    return "image/png"


def _jpeg(_content: bytes) -> str:
    return "image/jpeg"


LOOKS: tuple[tuple[bytes, Callable[[bytes], str]], ...] = (
    (PDF, look_into_pdf),
    (PNG, _png),
    (JPEG, _jpeg),
    (ZIP, look_into_zip),
)
