"""A decision as a PDF to print and keep: the same text as its page, with its IRI on each page.

The document names its language and title, its headings are an outline to navigate by, and links are links. fpdf2 writes
it without any program beside it; Roboto has the letters of all languages that names here come in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from font_roboto import Roboto, RobotoBold
from fpdf import FPDF, TextStyle
from fpdf.enums import XPos, YPos
from fpdf.prefs import ViewerPreferences

from app.model.fields import Document
from app.model.wording import day

MARGIN = 22
TEXT, SMALL = 11, 9
INK, MUTED = (20, 30, 34), (90, 100, 104)


class _Sheet(FPDF):
    """A4 with the IRI of the decision and the number at the foot of each page."""

    iri = ""

    def footer(self) -> None:
        self.set_y(-16)
        self.set_font("Roboto", size=SMALL)
        self.set_text_color(*MUTED)
        self.cell(0, 5, self.iri, link=self.iri, align="L")
        self.set_x(self.l_margin)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")


def decision_pdf(
    decision: Document, home: str, about: Sequence[str], grounds: Sequence[str], changed: datetime
) -> bytes:
    """The bytes of the file; the same decision always gives the same."""
    sheet = _sheet(decision, home, changed)
    _head(sheet, decision, home, about)
    _part(sheet, "Motivering", decision.get("motivering", ""))
    _part(sheet, "Rechtsgrond", "\n".join(grounds))
    _title(sheet, "Beslissing")
    for article in decision["artikelen"]:
        _title(sheet, f"{article['nummer']}: {article['naam']}", level=1)
        _text(sheet, article["inhoud"])
    buffer = BytesIO()
    sheet.output(buffer)
    return buffer.getvalue()


def _sheet(decision: Document, home: str, changed: datetime) -> _Sheet:
    sheet = _Sheet(format="A4")
    sheet.iri = decision["@id"]
    sheet.add_font("Roboto", fname=Roboto)
    sheet.add_font("Roboto", style="B", fname=RobotoBold)
    sheet.set_section_title_styles(
        TextStyle("Roboto", "B", 14, INK, t_margin=6, b_margin=2),
        TextStyle("Roboto", "B", 11, INK, t_margin=3, b_margin=1),
    )
    sheet.set_lang("nl-BE")
    sheet.set_title(decision["naam"])
    sheet.set_author(home)
    sheet.set_subject(decision.get("beschrijving", ""))
    sheet.set_creation_date(changed)
    # The title in the bar of the window, and not the name of the file: https://www.w3.org/TR/WCAG20-TECHS/PDF18.html
    sheet.viewer_preferences = ViewerPreferences(display_doc_title=True)
    sheet.set_margins(MARGIN, MARGIN)
    sheet.set_auto_page_break(True, margin=24)
    sheet.alias_nb_pages()
    sheet.add_page()
    return sheet


def _head(sheet: _Sheet, decision: Document, home: str, about: Sequence[str]) -> None:
    sheet.set_font("Roboto", "B", 18)
    sheet.set_text_color(*INK)
    _cell(sheet, 8, decision["naam"])
    sheet.ln(3)
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
            _text(sheet, f"{name}: {value}")


def _day(decision: Document, term: str) -> str:
    return day(decision[term]) if term in decision else ""


def _part(sheet: _Sheet, title: str, text: str) -> None:
    if text:
        _title(sheet, title)
        _text(sheet, text)


def _title(sheet: _Sheet, title: str, level: int = 0) -> None:
    sheet.start_section(title, level=level)


def _text(sheet: _Sheet, text: str) -> None:
    sheet.set_font("Roboto", size=TEXT)
    sheet.set_text_color(*INK)
    for line in text.split("\n"):
        _cell(sheet, 5.5, line)
        sheet.ln(1.2)


def _cell(sheet: _Sheet, height: float, text: str) -> None:
    sheet.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
