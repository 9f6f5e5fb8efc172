"""What we take of people, and what not: by what stands in it, whatever it is called."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF

from app.errors import Refused
from app.exchange.attachments.kinds import examine, file_name
from tests.exchange.attachments import JPEG, MACRO_TYPE, PNG, bomb, pdf, word, zipped
from tests.exchange.sheets import write_xlsx

TAKEN = {
    "pdf": (pdf(), "application/pdf"),
    "png": (PNG, "image/png"),
    "jpeg": (JPEG, "image/jpeg"),
    "word": (word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "opendocument": (
        zipped(mimetype="application/vnd.oasis.opendocument.text", content="x"),
        "application/vnd.oasis.opendocument.text",
    ),
    "pdf that opens on its first page": (pdf(b"/OpenAction [3 0 R /Fit]"), "application/pdf"),
}
REFUSED = {
    "nothing": (b"", "leeg"),
    "a program": (b"MZ\x90\0" + b"\0" * 60, "Dit soort bestand"),
    "a web page": (b"<html><script>", "Dit soort bestand"),
    "a drawing that can hold scripts": (b"<?xml version='1.0'?><svg/>", "Dit soort bestand"),
    "a pdf with a script": (pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "vanzelf start"),
    "a script in another spelling": (pdf(b"/OpenAction << /S /J#61vaScript >>"), "vanzelf start"),
    "a script in an object stream": (pdf(packed=b"<< /S /JavaScript /JS 5 0 R >>"), "vanzelf start"),
    "a pdf that starts a program": (pdf(b"/AA << /O << /S /Launch >> >>"), "vanzelf start"),
    "a pdf with a file inside": (pdf(b"/Names << /EmbeddedFiles 4 0 R >>"), "vanzelf start"),
    "a locked pdf": (pdf(b"/Encrypt 9 0 R"), "wachtwoord"),
    "half a pdf": (pdf()[:-10], "onvolledig"),
    "a pdf that unpacks to far more": (pdf(packed=b" " * 21_000_000), "veel meer"),
    "macros": (word(MACRO_TYPE), "macro"),
    "macros under a harmless type": (word(word__vbaProject_dot_bin=b"x"), "macro"),
    "macros of LibreOffice": (
        zipped(mimetype="application/vnd.oasis.opendocument.text", Basic__Standard__Module1="Sub x"), "macro",
    ),
    "a file in a document": (word(word__embeddings__oleObject1_dot_bin=b"x"), "ander bestand"),
    "a bomb": (bomb(), "veel meer"),
    "a bomb of another make": (zipped(zipfile.ZIP_BZIP2, a="x" * 9_000_000), "beschadigd"),
    "any zip file": (zipped(a="x"), "zipbestand"),
    "a broken zip file": (word()[:-30], "beschadigd"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_we_take(name: str) -> None:
    content, media_type = TAKEN[name]
    assert examine(content) == media_type


@pytest.mark.parametrize("name", REFUSED)
def test_we_do_not_take(name: str) -> None:
    content, why = REFUSED[name]
    with pytest.raises(Refused) as refused:
        examine(content)
    assert why in refused.value.title


def test_what_other_programs_write_is_taken(tmp_path: Path) -> None:
    sheet = FPDF()
    sheet.add_page()
    assert examine(bytes(sheet.output())) == "application/pdf"
    assert examine(write_xlsx(tmp_path / "lijst.xlsx", [["Naam"], ["Chiro"]]).read_bytes()).endswith(
        "spreadsheetml.sheet"
    )


def test_what_members_say_of_their_size_is_not_believed() -> None:
    content = bytearray(bomb())
    with zipfile.ZipFile(BytesIO(bytes(content))) as archive:
        size = archive.getinfo("word/media/foto").file_size
    lied = bytes(content).replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lied != bytes(content)
    with pytest.raises(Refused):
        examine(lied)


def test_a_file_is_given_back_under_the_ending_of_what_it_is() -> None:
    assert file_name('..\\x/"Plan\r\n van Élan".exe', "application/pdf") == "Plan van Élan.pdf"
    assert file_name("...", "image/png") == "document.png"
