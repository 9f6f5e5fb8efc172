"""A decision as a PDF to print and keep: the same text as its page, with its IRI on each page.

The document names its language and title, its headings are an outline to navigate by, and links are links.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from app.exchange.pdf_sheet import Sheet, new_sheet, write_head, write_text, write_title
from app.model.fields import Document
from app.model.wording import day


def decision_pdf(
    decision: Document, home: str, about: Sequence[str], grounds: Sequence[str], changed: datetime
) -> bytes:
    """The bytes of the file; the same decision always gives the same."""
    subject = decision.get("beschrijving", "")
    sheet = new_sheet(decision["@id"], decision["naam"], home, subject, changed)
    _head(sheet, decision, home, about)
    _part(sheet, "Motivering", decision.get("motivering", ""))
    _part(sheet, "Rechtsgrond", "\n".join(grounds))
    write_title(sheet, "Beslissing")
    for article in decision["artikelen"]:
        write_title(sheet, f"{article['nummer']}: {article['naam']}", level=1)
        write_text(sheet, article["inhoud"])
    buffer = BytesIO()
    sheet.output(buffer)
    return buffer.getvalue()


def _head(sheet: Sheet, decision: Document, home: str, about: Sequence[str]) -> None:
    write_head(sheet, decision["naam"])
    facts = {
        "Bestuur": home,
        "Beslist door": decision.get("orgaan", {}).get("naam", ""),
        "Op": _day(decision, "zittingsdatum"),
        "Bekendgemaakt op": _day(decision, "publicatiedatum"),
        "Geldt vanaf": _day(decision, "inwerkingtreding"),
        "Tot en met": _day(decision, "buitenwerkingtreding"),
        "Over": ", ".join(about),
        "Ingetrokken": decision.get("redenIntrekking", ""),
        "Rechtgezet": decision.get("rechtzetting", ""),
    }
    for name, value in facts.items():
        if value:
            write_text(sheet, f"{name}: {value}")


def _day(decision: Document, term: str) -> str:
    return day(decision[term]) if term in decision else ""


def _part(sheet: Sheet, title: str, text: str) -> None:
    if text:
        write_title(sheet, title)
        write_text(sheet, text)
