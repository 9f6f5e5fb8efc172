"""Registering, changing, stopping and removing associations: the admin API of the register (see `v1`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import orjson
from starlette.responses import Response

from app.errors import Gone, PossibleDuplicates, Problem, Refused, Unavailable, Unknown
from app.exchange.enterprises import register_enterprise
from app.exchange.register_api import tables
from app.exchange.register_api.reading import Reading, Table, boolean, contact, text, v_code
from app.model.dates import validate_date
from app.model.documents import Document, to_document
from app.model.graph import from_ntriples
from app.model.identifiers import validate_kbo
from app.register.commands import (
    ChangeAssociation,
    Command,
    Outcome,
    RegisterAssociation,
    RemoveAssociation,
    StopAssociation,
)
from app.register.doubles.commands import MarkDuplicate, UndoDuplicate
from app.web.v1.addresses import completed
from app.web.v1.admin_reads import admin_json, readable
from app.web.v1.call import Call, accepted
from app.web.v1.common import JSON
from app.web.v1.tokens import confirmed, token_for, token_of

NOT_THIS_KIND = "Deze actie kan niet uitgevoerd worden op dit type vereniging."
EMPTY = "Een request mag niet leeg zijn."
NOT_ACTIVE = "Enkel actieve verenigingen kunnen in stopzetting geplaatst worden."
ALREADY = "Vereniging staat reeds in stopzetting."
NOT_YET = "Vereniging staat nog niet in stopzetting."
NOT_REMOVED = "Deze vereniging kan niet verwijderd worden."
SUBTYPE_FIELDS = ("andereVereniging", "identificatie", "beschrijving")
REASON: Table = {"reden": ("reden", text)}
END: Table = {"einddatum": ("einddatum", text)}
STOPPING: Table = {"instopzetting": ("inStopzetting", boolean)}
DOUBLE_OF: Table = {"isdubbelvan": ("isDubbelVan", v_code)}


@dataclass(frozen=True)
class Known:
    """The association that is spoken of, as it stands, without personal values."""

    call: Call

    @cached_property
    def document(self) -> Document:
        """Raises Unknown or Gone."""
        type = self.call.service.register.tools.type
        version = self.call.service.log.latest(type.iri(self.call.code))
        if version is None:
            raise Unknown("De gevraagde vereniging werd niet gevonden.")
        if version.operation == "delete":
            raise Gone("Deze vereniging werd verwijderd.", version.replaced_by)
        return to_document(from_ntriples((version.public or b"") + version.internal), type, version.entity)

    @property
    def has_personality(self) -> bool:
        """Whether the enterprise register decides over its name and its end."""
        return self.document.get("verenigingstype") in self.call.service.register.tools.notions.with_personality

    def must(self, have_personality: bool, sentence: str = NOT_THIS_KIND) -> None:
        """Raise Refused for the other kind of association."""
        if self.has_personality != have_personality:
            raise Refused(sentence)


def register(call: Call) -> Response:
    """An association without legal personality; 409 with the possible doubles and a token to confirm it is none."""
    given = call.reading
    document = given.read(call.json, tables.association(given))
    document["contactgegevens"] = [contact(each) for each in document.get("contactgegevens", ())]
    locations = enumerate(document.get("locaties", ()))
    document["locaties"] = [completed(call, each, f"locaties[{index}]") for index, each in locations]
    document["verenigingstype"] = call.service.register.tools.notions.without_personality
    return registered(call, lambda known: RegisterAssociation(document, known, token=token_of(call)))


def register_from_kbo(call: Call) -> Response:
    """An association with legal personality, by its number, as the KBO knows it; 200 when it is here already."""
    number = call.json.get("kboNummer", "")
    if not isinstance(number, str) or not number.strip():
        raise Refused("Geef een KBO-nummer.", [Problem("kboNummer", "Geef het nummer als tekst.")])
    call.service.register.rights.check(call.agent, RegisterAssociation)
    try:
        validate_kbo(number)
    except ValueError as error:
        raise Refused("Dit is geen KBO-nummer.", [Problem("kboNummer", str(error))]) from None
    if call.service.kbo is None:
        raise Unavailable("De KBO is niet aangesloten op dit loket.", retry_after=3600)
    try:
        known_not, token = confirmed(call), token_of(call)
        outcome = register_enterprise(number, call.service.kbo, call.service.register, known_not, call.agent, token)
    except PossibleDuplicates as found:
        return possible_doubles(call, found)
    return accepted(outcome, f"{call.service.base}/v1/verenigingen/{outcome.code}")


def registered(call: Call, command: Callable[[tuple[str, ...]], Command]) -> Response:
    """Register, and tell where."""
    outcome = answered(call, command)
    if isinstance(outcome, Response):
        return outcome
    return accepted(outcome, f"{call.service.base}/v1/verenigingen/{outcome.code}")


def answered(call: Call, command: Callable[[tuple[str, ...]], Command], reason: str = "") -> Outcome | Response:
    """What came of a command that may bring up possible doubles, or the answer that names them."""
    try:
        return call.do(command(confirmed(call)), reason)
    except PossibleDuplicates as found:
        return possible_doubles(call, found)


def possible_doubles(call: Call, found: PossibleDuplicates) -> Response:
    """Those that it may be, as far as the one who asks may see them."""
    codes = tuple(code for code, _ in found.candidates)
    body = {
        "bevestigingsToken": token_for(call, codes),
        "mogelijkeDuplicateVerenigingen": list(_candidates(call, found)),
    }
    return Response(orjson.dumps(body), 409, {"cache-control": "no-store"}, JSON)


def _candidates(call: Call, found: PossibleDuplicates) -> Iterator[dict[str, Any]]:
    for code, reasons in found.candidates:
        document = readable(call.service, call.agent, code)
        if document is None:
            yield {"vCode": code, "naam": "", "redenen": list(reasons)}
        else:
            yield admin_json(call.service).candidate(document, reasons)


def change(call: Call) -> Response:
    """The supplied basic data of an association without legal personality."""
    Known(call).must(have_personality=False)
    return _changed(call, tables.basics)


def change_from_kbo(call: Call) -> Response:
    """What people may say of an association with legal personality."""
    Known(call).must(have_personality=True)
    return _changed(call, tables.basics_from_kbo)


def _changed(call: Call, table: Callable[[Reading], Table]) -> Response:
    given = call.reading
    supplied = given.read(call.json, table(given))
    if not supplied:
        raise Refused(EMPTY)
    if supplied.get("naam") == "":
        raise Refused("'Naam' mag niet leeg zijn.", [Problem("naam", "'Naam' mag niet leeg zijn.")])
    if "doelgroep" in supplied:
        supplied["doelgroep"] = {**Known(call).document.get("doelgroep", {}), **supplied["doelgroep"]}
    version = call.expected_version
    outcome = answered(call, lambda known: ChangeAssociation(call.code, supplied, version, known))
    return outcome if isinstance(outcome, Response) else accepted(outcome)


def stop(call: Call) -> Response:
    """Set the end date; on a stopped association another one."""
    day = call.reading.read(call.json, END).get("einddatum")
    if not day:
        raise Refused("'Einddatum' is verplicht.", [Problem("einddatum", "'Einddatum' is verplicht.")])
    Known(call).must(have_personality=False, sentence="Een KBO-vereniging kan niet gestopt worden.")
    try:
        on = date.fromisoformat(validate_date(day))
    except ValueError as error:
        raise Refused(str(error), [Problem("einddatum", str(error))]) from None
    return accepted(call.do(StopAssociation(call.code, on, call.expected_version)))


def closing(call: Call) -> Response:
    """Say that an association is closing down, or is not any more."""
    wanted = call.reading.read(call.json, STOPPING).get("inStopzetting")
    if wanted is None:
        raise Refused("'InStopzetting' is verplicht.", [Problem("inStopzetting", "'InStopzetting' is verplicht.")])
    document = Known(call).document
    if document.get("status") != call.service.register.tools.notions.active:
        raise Refused(NOT_ACTIVE)
    if wanted == document.get("inStopzetting", False):
        raise Refused(ALREADY if wanted else NOT_YET)
    supplied = {"inStopzetting": wanted or None}
    return accepted(call.do(ChangeAssociation(call.code, supplied, call.expected_version)))


def remove(call: Call) -> Response:
    """Take it out of the register, for a reason."""
    reason = call.reading.read(call.json if call.body else {}, REASON).get("reden", "").strip()
    if not reason:
        raise Refused("'Reden' is verplicht.", [Problem("reden", "'Reden' is verplicht.")])
    Known(call).must(have_personality=False, sentence=NOT_REMOVED)
    return accepted(call.do(RemoveAssociation(call.code, reason, expected_version=call.expected_version)), changed=True)


def subtype(call: Call) -> Response:
    """Refine an association without legal personality, or take the refinement back."""
    given = call.reading
    asked = given.read(call.json, tables.subtype(given))
    kind = asked.pop("verenigingssubtype", None)
    if kind is None:
        raise Refused("'Subtype' is verplicht.", [Problem("subtype", "'Subtype' is verplicht.")])
    known = Known(call)
    known.must(have_personality=False)
    tie: Document | None = None
    if kind == call.service.register.tools.notions.part:
        tie = {**known.document.get("subverenigingVan", {}), **asked}
        if not tie.get("andereVereniging"):
            sentence = "'AndereVereniging' is verplicht."
            raise Refused(sentence, [Problem("andereVereniging", sentence)])
    elif asked:
        sentence = "Dit kan enkel bij een subvereniging."
        raise Refused(sentence, [Problem(term, sentence) for term in SUBTYPE_FIELDS if term in asked])
    supplied = {"verenigingssubtype": kind, "subverenigingVan": tie}
    return accepted(call.do(ChangeAssociation(call.code, supplied, call.expected_version)))


def mark_double(call: Call) -> Response:
    """It is a double of another: its code leads there from now on."""
    other = call.reading.read(call.json, DOUBLE_OF).get("isDubbelVan")
    if not other:
        raise Refused("'IsDubbelVan' is verplicht.", [Problem("isDubbelVan", "'IsDubbelVan' is verplicht.")])
    return accepted(call.do(MarkDuplicate(call.code, other, call.expected_version)))


def undo_double(call: Call) -> Response:
    """It is no double after all."""
    return accepted(call.do(UndoDuplicate(call.code, call.expected_version)), changed=True)
