"""A sheet of paper on which the service prints: A4, in Dutch, with headings to navigate by and an address at its foot.

fpdf2 writes it without any program beside it; Roboto has the letters of all languages that names here come in.
"""

from __future__ import annotations

from datetime import datetime

from font_roboto import Roboto, RobotoBold
from fpdf import FPDF, TextStyle
from fpdf.enums import XPos, YPos
from fpdf.prefs import ViewerPreferences

MARGIN = 22
TEXT, SMALL = 11, 9
INK, MUTED = (20, 30, 34), (90, 100, 104)


class Sheet(FPDF):
    """A4 with an address and the number at the foot of each page."""

    iri = ""

    def footer(self) -> None:
        """The address and the number of each page."""
        self.set_y(-16)
        self.set_font("Roboto", size=SMALL)
        self.set_text_color(*MUTED)
        self.cell(0, 5, self.iri, link=self.iri, align="L")
        self.set_x(self.l_margin)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")


def new_sheet(iri: str, title: str, author: str, subject: str, changed: datetime) -> Sheet:
    """An empty one with its first page."""
    sheet = Sheet(format="A4")
    sheet.iri = iri
    sheet.add_font("Roboto", fname=Roboto)
    sheet.add_font("Roboto", style="B", fname=RobotoBold)
    sheet.set_section_title_styles(
        TextStyle("Roboto", "B", 14, INK, t_margin=6, b_margin=2),
        TextStyle("Roboto", "B", 11, INK, t_margin=3, b_margin=1),
    )
    sheet.set_lang("nl-BE")
    sheet.set_title(title)
    sheet.set_author(author)
    sheet.set_subject(subject)
    sheet.set_creation_date(changed)
    # The title in the bar of the window, and not the name of the file: https://www.w3.org/TR/WCAG20-TECHS/PDF18.html
    sheet.viewer_preferences = ViewerPreferences(display_doc_title=True)
    sheet.set_margins(MARGIN, MARGIN)
    sheet.set_auto_page_break(True, margin=24)
    sheet.alias_nb_pages()
    sheet.add_page()
    return sheet


def write_head(sheet: Sheet, title: str) -> None:
    """The title on top."""
    sheet.set_font("Roboto", "B", 18)
    sheet.set_text_color(*INK)
    write_cell(sheet, 8, title)
    sheet.ln(3)


def write_title(sheet: Sheet, title: str, level: int = 0) -> None:
    """A heading, which stands in the outline too."""
    sheet.start_section(title, level=level)


def write_text(sheet: Sheet, text: str) -> None:
    """A text with its lines."""
    sheet.set_font("Roboto", size=TEXT)
    sheet.set_text_color(*INK)
    for line in text.split("\n"):
        write_cell(sheet, 5.5, line)
        sheet.ln(1.2)


def write_cell(sheet: Sheet, height: float, text: str) -> None:
    """A paragraph over the width of the page."""
    sheet.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
