"""Documents as people hand them in, and some that nobody should: made here, so that none has to be kept."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"


def pdf(inside: bytes = b"", packed: bytes = b"") -> bytes:
    """A small PDF, with something in its catalogue or in an object stream."""
    stream = zlib.compress(packed)
    objects = b"<< /Type /ObjStm /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
    return b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog %s >>\nendobj\n2 0 obj\n%s\nendobj\n%%%%EOF\n" % (inside, objects)


def zipped(packing: int = zipfile.ZIP_DEFLATED, **members: bytes | str) -> bytes:
    """A zip file; `__` in a name is a slash."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def word(type: str = WORD_TYPE, **more: bytes | str) -> bytes:
    """A document of Word, as far as we look into one."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{type}"/></Types>')
        archive.writestr("word/document.xml", "<w:document/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def bomb() -> bytes:
    """A few kilobytes that unpack to fifty megabytes."""
    return word(word__media__foto=b"\0" * 50_000_000)
