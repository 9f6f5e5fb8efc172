"""Atheris looks for bytes that one of our readers does not survive; what it finds, it leaves in the current folder.

    python -m tests.fuzz                       # the readers by name
    python -m tests.fuzz rdfa --seconds 3600   # one of them (or more), for an hour

Coverage of the program itself guides it (https://github.com/google/atheris). A refusal, as one of our own errors, is a
right answer; anything else that is raised is a finding, and so is a second of silence.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl

import atheris

with atheris.instrument_imports(include=["app"]):
    from starlette.exceptions import HTTPException

    from app.bootstrap.ambient import root
    from app.errors import LoketError
    from app.exchange.attachments.kinds import examine
    from app.exchange.ldes.contexts import load_contexts
    from app.exchange.ldes.incoming import read_page as read_feed_page
    from app.exchange.odata.lists import load_tables
    from app.exchange.odata.options import read_options
    from app.exchange.odata.place import place_of
    from app.exchange.rdfa.reading import read_page
    from app.exchange.rdfa.spellings import load_spellings
    from app.exchange.register_api.query import parse_query
    from app.exchange.spreadsheet.read import read_rows
    from app.model import contacts, dates, freetext, identifiers, markup
    from app.store.queries.keywords import respelt, stretched
    from app.web.answers import http_date
    from app.web.negotiate import negotiate
    from app.web.sparql.request import TABLES, by_post, by_url

CONTEXTS, SPELLINGS, LISTS = load_contexts(root()), load_spellings(root()), load_tables(root())
VALIDATORS = (
    dates.validate_date, dates.validate_moment, dates.moment_key, dates.validate_time, contacts.validate_email,
    contacts.validate_phone, contacts.validate_website, contacts.validate_social_media, freetext.validate_text,
    freetext.validate_person_name, identifiers.validate_insz, identifiers.validate_kbo, identifiers.validate_iban,
)  # fmt: skip
FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-")


def rdfa(data: bytes) -> None:
    read_page(data, "https://www.aalter.be/zitting/1", SPELLINGS, "https://loket.test/.well-known/genid")


def feed(data: bytes) -> None:
    media_type = ("application/ld+json", "text/turtle", "application/trig", "application/n-quads")[len(data) % 4]
    read_feed_page(data, media_type, "https://ipdc.example/doc/1", CONTEXTS)


def sheet(suffix: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        path = Path(FOLDER.name, f"lijst{suffix}")
        path.write_bytes(data)
        for _ in read_rows(path):
            pass

    return read


def accept(data: bytes) -> None:
    negotiate(data.decode("latin-1"), TABLES)


def sparql(data: bytes) -> None:
    by_url(data, "*/*")
    content_type, _, body = data.partition(b"\n")
    by_post(b"", content_type.decode("latin-1"), body, "*/*")
    text = data.decode("utf-8", "replace")
    stretched(text)
    respelt(text, "service")


def search(data: bytes) -> None:
    parse_query(data.decode("utf-8", "replace"))


def odata(data: bytes) -> None:
    path, _, query = data.decode("utf-8", "replace").partition("?")
    place_of(path, LISTS)
    for table in LISTS:
        read_options(parse_qsl(query), table, LISTS)


def value(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for validate in VALIDATORS:
        with suppress(ValueError):
            validate(text)
    http_date(text)
    markup.to_plain(markup.from_plain(markup.clean_markup(text)))


def attachment(data: bytes) -> None:
    examine(data)


READERS: dict[str, Callable[[bytes], None]] = {
    "rdfa": rdfa, "feed": feed, "csv": sheet(".csv"), "xlsx": sheet(".xlsx"), "ods": sheet(".ods"),
    "accept": accept, "sparql": sparql, "search": search, "odata": odata, "value": value,
    "attachment": attachment,
}  # fmt: skip


def main() -> int:
    """Read the command line, and look."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("readers", nargs="*", metavar="READER")
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    if not options.readers or set(options.readers) - set(READERS):
        print("\n".join(READERS))
        return 2
    # The fuzzer ends its process; what was read and instrumented already serves the next one too.
    return max(in_a_child(name, options.seconds) for name in options.readers)


def in_a_child(name: str, seconds: int) -> int:
    child = os.fork()
    if not child:
        look(name, seconds)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(f"{name}: {'survived' if not status else 'a finding, see above'}", flush=True)
    return abs(status)


def look(name: str, seconds: int) -> None:
    def survive(data: bytes) -> None:
        with suppress(LoketError, HTTPException):
            READERS[name](data)

    budget = f"-max_total_time={seconds}"
    limits = [budget, "-timeout=10", "-rss_limit_mb=2000", "-max_len=4096", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits], survive)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
