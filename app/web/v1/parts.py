"""The parts of an association and its recognitions, one at a time: sub-resources of the admin API (see `v1`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from app.errors import Problem, Refused
from app.exchange.register_api import tables
from app.exchange.register_api.json import CONTACTS
from app.exchange.register_api.reading import Reading, Table, contact
from app.model.documents import Document
from app.register.commands import ChangeAssociation, Outcome
from app.register.parts import Add, Drop, Edit, Replace
from app.register.recognitions.commands import (
    ChangeRecognition,
    LiftSuspension,
    RegisterRecognition,
    SuspendRecognition,
    WithdrawRecognition,
)
from app.register.recognitions.rules import grantor
from app.web.v1.addresses import completed
from app.web.v1.call import Call, Endpoint, accepted
from app.web.v1.writes import Known

ADD_PERSON = "Aan een KBO vereniging kunnen geen vertegenwoordigers toegevoegd worden."
DROP_PERSON = "Een vertegenwoordiger van een KBO vereniging kan niet verwijderd worden."
CONFIRMED = "Deze bankrekening is al gevalideerd door uw organisatie."
NOT_CONFIRMED = "De validatie kan niet ongedaan gemaakt worden: er is er geen van uw organisatie."


def the_same(document: Document) -> Document:
    """A part that comes as we keep it."""
    return document


@dataclass(frozen=True)
class Part:
    """A kind of part: how the client calls one, which of its fields come with it, and which may change later."""

    term: str
    name: str
    new: Callable[[Reading], Table]
    changes: Callable[[Reading], Table]
    required: tuple[str, ...] = ()
    kept: Callable[[Document], Document] = the_same


def always(table: Table) -> Callable[[Reading], Table]:
    """A table that needs no look at the code lists."""
    return lambda _: table


CONTACT = Part(
    "contactgegevens", "contactgegeven", always(tables.CONTACT), always(tables.CONTACT),
    ("contactgegeventype", "waarde"), contact,
)  # fmt: skip
FROM_KBO = ("beschrijving", "isprimair")
KBO_CONTACT = Part(
    "contactgegevens", "contactgegeven", always({}), always({key: tables.CONTACT[key] for key in FROM_KBO})
)
LOCATION = Part("locaties", "locatie", tables.location, tables.location, ("locatietype",))
SEAT = Part(
    "locaties", "locatie", always({}),
    lambda reading: {key: tables.location(reading)[key] for key in ("naam", "isprimair")},
)  # fmt: skip
PERSON = Part(
    "vertegenwoordigers", "vertegenwoordiger", always(tables.REPRESENTATIVE), always(tables.SAME_PERSON),
    ("insz", "voornaam", "achternaam"),
)  # fmt: skip
ACCOUNT = Part(
    "bankrekeningnummers", "bankrekeningnummer", always(tables.ACCOUNT), always(tables.SAME_ACCOUNT),
    ("iban", "titularissen"),
)  # fmt: skip
MEMBERSHIP = Part(
    "lidmaatschappen", "lidmaatschap", always(tables.MEMBERSHIP), always(tables.SAME_MEMBERSHIP),
    ("andereVereniging",),
)  # fmt: skip
REQUIRED_AS = {"contactgegeventype": "soort", "titularissen": "titularis"}


def adding(part: Part) -> Endpoint:
    """One more; answers where it is."""

    def add(call: Call) -> Response:
        given = call.reading
        node = given.read(call.unwrapped(part.name), part.new(given), part.name)
        _complete(part, node)
        outcome = _edit(call, Add(part.term, part.kept(completed(call, node, part.name))))
        return located(call, outcome, part.term)

    return add


def changing(part: Part) -> Endpoint:
    """The supplied fields of one."""

    def change(call: Call) -> Response:
        given = call.reading
        supplied = given.read(call.unwrapped(part.name), part.changes(given), part.name)
        supplied = completed(call, supplied, part.name)
        if not supplied:
            sentence = f"'{part.name.capitalize()}' moet ingevuld zijn."
            raise Refused(sentence, [Problem(part.name, sentence)])
        return accepted(_edit(call, Replace(part.term, call.number, lambda old: _fitting(part, old, supplied))))

    return change


def dropping(part: Part) -> Endpoint:
    """One less."""
    return lambda call: accepted(_edit(call, Drop(part.term, call.number)), changed=True)


def located(call: Call, outcome: Outcome, term: str) -> Response:
    """202 with the address of what was added."""
    where = f"{call.service.base}/v1/verenigingen/{outcome.code}/{term}/{outcome.part}"
    return accepted(outcome, where if outcome.part is not None else None)


def _edit(call: Call, edit: Edit) -> Outcome:
    return call.do(ChangeAssociation(call.code, {}, call.expected_version, edits=(edit,)))


def _complete(part: Part, node: Document) -> None:
    missing = [key for key in part.required if node.get(REQUIRED_AS.get(key, key)) in (None, "")]
    if missing:
        sentences = {key: f"'{key}' is verplicht." for key in missing}
        raise Refused(" ".join(sentences.values()), [Problem(f"{part.name}.{key}", s) for key, s in sentences.items()])


def _fitting(part: Part, old: Document, supplied: Document) -> Document:
    """What is supplied, in the terms of the part that is there."""
    if part.term == "contactgegevens" and "waarde" in supplied:
        kind = next((term for term in CONTACTS if old.get(term)), "")
        wanted = supplied.get("soort", kind)
        return {**({kind: None} if kind else {}), **contact({**supplied, "soort": wanted})}
    return contact(supplied) if part.term == "contactgegevens" else supplied


def only_without_personality(sentence: str, function: Endpoint) -> Endpoint:
    """Not of an association of which the enterprise register knows the representatives."""

    def guarded(call: Call) -> Response:
        Known(call).must(have_personality=False, sentence=sentence)
        return function(call)

    return guarded


def confirm_account(call: Call) -> Response:
    """The organisation of the one who calls verified that the account is the association's."""
    return accepted(_edit(call, Replace("bankrekeningnummers", call.number, lambda old: _confirmed(old, call))))


def withdraw_confirmation(call: Call) -> Response:
    """The organisation takes that back."""
    edit = Replace("bankrekeningnummers", call.number, lambda old: _confirmed(old, call, withdrawn=True))
    return accepted(_edit(call, edit), changed=True)


def _confirmed(account: Document, call: Call, withdrawn: bool = False) -> Document:
    by, us = account.get("bevestigdDoor", []), grantor(call.agent)
    if (us in by) is not withdrawn:
        raise Refused(NOT_CONFIRMED if withdrawn else CONFIRMED)
    return {"bevestigdDoor": [each for each in by if each != us] if withdrawn else [*by, us]}


def recognise(call: Call) -> Response:
    """A recognition by the organisation of the one who calls."""
    given = call.reading
    document = given.read(call.unwrapped("erkenning"), tables.recognition(given), "erkenning")
    document.pop("reden", None)
    return located(call, call.do(RegisterRecognition(call.code, document, call.expected_version)), "erkenningen")


def change_recognition(call: Call) -> Response:
    """Other dates, or another page to renew it."""
    given = call.reading
    table = {key: found for key, found in tables.recognition(given).items() if key != "ipdcproductnummer"}
    document = given.read(call.unwrapped("erkenning"), table)
    reason = document.pop("reden", "").strip()
    if not document:
        raise Refused("Minstens één te wijzigen veld moet ingevuld zijn.")
    command = ChangeRecognition(call.code, call.number, document, call.expected_version)
    return accepted(call.do(command, reason))


def suspend(call: Call) -> Response:
    """Suspend a recognition of one's own."""
    return _suspended(call, correct=False)


def correct_suspension(call: Call) -> Response:
    """Say better why it is suspended."""
    return _suspended(call, correct=True)


def _suspended(call: Call, correct: bool) -> Response:
    why = call.reading.read(call.json, tables.SUSPENSION).get("redenSchorsing", "")
    return accepted(call.do(SuspendRecognition(call.code, call.number, why, correct, call.expected_version)))


def lift(call: Call) -> Response:
    """Lift the suspension."""
    return accepted(call.do(LiftSuspension(call.code, call.number, call.expected_version)), changed=True)


def withdraw(call: Call) -> Response:
    """Take a recognition of one's own away."""
    return accepted(call.do(WithdrawRecognition(call.code, call.number, call.expected_version)), changed=True)
