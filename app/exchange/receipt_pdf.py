"""The receipt of an application: its number, when it came in, and what was filled in, for the association to keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from app.exchange.pdf_sheet import new_sheet, write_head, write_text, write_title
from app.model.wording import moment


@dataclass(frozen=True)
class Receipt:
    """What stands on it; what people filled in does not show when it is printed in a log."""

    number: str
    title: str
    association: str
    owner: str
    submitted: str
    answers: tuple[tuple[str, str], ...] = field(repr=False)
    documents: tuple[str, ...]
    base: str
    onward: str


def receipt_pdf(receipt: Receipt, made: datetime) -> bytes:
    """The bytes of the file; the same application always gives the same."""
    name = f"Ontvangstbewijs {receipt.number}"
    page = f"{receipt.base}/mijn-vereniging/aanvragen/{receipt.number}"
    sheet = new_sheet(page, name, receipt.owner, receipt.title, made)
    write_head(sheet, name)
    write_text(sheet, f"{receipt.owner} ontving uw aanvraag op {moment(receipt.submitted)}.")
    write_text(sheet, f"Aanvraag: {receipt.title}\nVereniging: {receipt.association}\nDossiernummer: {receipt.number}")
    write_title(sheet, "Wat u invulde")
    for label, value in receipt.answers:
        write_title(sheet, label, level=1)
        write_text(sheet, value or "-")
    if receipt.documents:
        write_title(sheet, "Documenten")
        write_text(sheet, "\n".join(receipt.documents))
    write_title(sheet, "Hoe het verdergaat")
    write_text(sheet, f"{receipt.onward} U volgt uw aanvraag op {page}.")
    buffer = BytesIO()
    sheet.output(buffer)
    return buffer.getvalue()
