"""No text of a stranger keeps one of our patterns busy: what is longer takes longer, and never the square of it.

Python's patterns hold the interpreter while they look, so one such text would stop the whole process.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from app.bootstrap.ambient import root
from app.errors import LoketError
from app.exchange.odata.expressions import DIRECTION
from app.exchange.odata.lists import load_tables
from app.exchange.odata.options import EXPANDED
from app.exchange.odata.place import place_of
from app.exchange.rdfa.reading import read_page
from app.exchange.rdfa.spellings import load_spellings
from app.exchange.spreadsheet import address, values
from app.exchange.spreadsheet.cells import Limits, RowBuilder
from app.model import contacts, dates, freetext, identifiers, markup, plain_language
from app.register.decisions.conduct import _REGULATION
from app.web.negotiate import negotiate
from app.web.sparql.request import GRAPHS
from app.web.sparql.request import TABLES as TABLES_OF_RESULTS
from tests.web.conftest import Ask

SPELLINGS, TABLES = load_spellings(root()), load_tables(root())
LENGTH, SECONDS = 32_000, 2.0
UNITS = (
    "<", "<a", "a", " ", "1", "(", "''", "a.", "a@", "http://", "/", "1 ", "+32", "-", "é", "\n", "=", "a ", "'", "1,",
    "a  ", "\n ", ";", "a:", "[", "a-.", "a/b,", "*/*;q=0.5,",
)  # fmt: skip
AROUND = (("", ""), ("a", "!"), ("1", "x"), ("a(", ""))


def read_cell(read: Callable[[str], object]) -> Callable[[str], object]:
    """As a cell of a spreadsheet, which is how it comes there."""
    return lambda text: read(RowBuilder(Limits()).text([text]))


def read_rdfa(text: str) -> object:
    plain = text.replace('"', "").replace("<", "")
    marked = f'<div prefix="{plain}" about="{plain}" property="{plain}" content="{plain}" typeof="{plain}">x</div>'
    return read_page(marked.encode(), "http://gent.test/", SPELLINGS, "http://loket.test/", "utf-8")


READERS: dict[str, Callable[[str], object]] = {
    "text": freetext.validate_text, "e-mail": contacts.validate_email, "telephone": contacts.validate_phone,
    "website": contacts.validate_website, "social media": contacts.validate_social_media,
    "date": dates.validate_date, "moment": dates.validate_moment, "time": dates.validate_time,
    "person": freetext.validate_person_name, "INSZ": identifiers.validate_insz, "KBO number": identifiers.validate_kbo,
    "IBAN": identifiers.validate_iban,
    "markup": markup.from_plain, "plain": markup.to_plain, "words": markup.plain_text,
    "sentences": plain_language.sentences, "plain language": plain_language.plain,
    "address": read_cell(address.whole_address), "street": read_cell(address.street_and_number),
    "place": read_cell(address.municipality), "texts": read_cell(values.texts), "e-mails": read_cell(values.emails),
    "telephones": read_cell(values.phones), "regulation": _REGULATION.search,
    "$expand": EXPANDED.match, "$orderby": DIRECTION.search, "RDFa": read_rdfa,
    "Accept": lambda text: negotiate(text, (*TABLES_OF_RESULTS, *GRAPHS)),
    "key": lambda text: place_of(f"Verenigingen({text})", TABLES),
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_no_text_keeps_a_reader_busy(name: str) -> None:
    for unit in UNITS:
        for before, after in AROUND:
            text = before + unit * (LENGTH // len(unit)) + after
            begun = time.thread_time()
            with suppress(ValueError, LoketError):
                READERS[name](text)
            assert time.thread_time() - begun < SECONDS, (unit, before)


NAUGHTY = (
    "/odata/Verenigingen?$expand=Locaties(" + "'" * 400,
    "/odata/Verenigingen?$orderby=naam" + "%20" * 10_000 + "x",
    "/odata/Verenigingen('" + "a" * 20_000 + ")",
    "/v1/verenigingen/zoeken?q=" + "[" * 20_000,
    "/v1/verenigingen/zoeken?q=" + '"' * 20_000,
    "/verenigingen?naam=" + "%20a" * 5_000,
    "/besluiten?q=" + "a%20" * 5_000,
    "/zoeken?q=" + "-" * 20_000,
)


@pytest.mark.parametrize("path", NAUGHTY, ids=[path.partition("?")[0] for path in NAUGHTY])
def test_no_address_keeps_the_service_busy(ask: Ask, path: str) -> None:
    begun = time.process_time()
    assert ask(path).status_code < 500
    assert time.process_time() - begun < SECONDS
