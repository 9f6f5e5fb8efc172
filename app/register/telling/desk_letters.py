"""A letter from an administration to an association, by e-mail through the loket: nobody learns the other's address.

    id = write_letter(Letter("V0001001", "Welkom", "Beste …", "jeugd@gent.be"), agent, register, mint)

The words and the address to answer to stand in the vault until the letter is old; to whom it goes is looked up when it
is sent. Both are logged. What the register itself keeps is that it was written, by which body, and what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import orjson

from app.errors import Problem, Refused
from app.model.contacts import validate_email
from app.model.fields import Document
from app.register.agents import Agent
from app.register.personal.people import current, technical_use
from app.register.register import Register
from app.register.subjects import subject_of
from app.store.deliveries import LETTER, Delivery, deliveries, put
from app.store.vault import Personal

ACTION = "WriteToAssociation"
LONGEST_SUBJECT, LONGEST_TEXT = 150, 5_000
NO_ADDRESS = "Van deze vereniging kennen we geen e-mailadres, ook niet van wie haar vertegenwoordigt."
WRONG = "Het bericht is niet volledig."
STATES = ("wacht", "verzonden", "mislukt", "vervallen")


@dataclass(frozen=True)
class Letter:
    """What is written: to which association, about what, and where an answer goes."""

    code: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    reply_to: str = field(repr=False)


def write_letter(letter: Letter, agent: Agent, register: Register, mint: Callable[[], str]) -> str:
    """Have it sent; raises Refused for what is missing, Forbidden without the right to write to this association."""
    version, _ = current(letter.code, register)
    subject = subject_of(register.log, version.entity, register.today())
    register.rights.check(agent, ACTION, subject)
    letter = _read(letter)
    if not addresses(letter.code, agent, register):
        raise Refused(NO_ADDRESS)
    id = mint()[:32]
    node = node_of(id, register)
    values = {"onderwerp": letter.subject, "tekst": letter.text, "antwoord": letter.reply_to}
    body = orjson.dumps({"door": agent.iri, "naam": agent.label})
    with register.log.transaction() as transaction:
        now = transaction.now()
        transaction.keep([Personal(node, node, values)])
        put(transaction.connection, [Delivery(id, letter.code, LETTER, 0, body, now, now)])
    return id


def addresses(code: str, agent: Agent, register: Register) -> list[str]:
    """Where a letter goes: to who represents the association, else to the address that everybody may see.

    For the system to work with: that it looked is logged, and nobody is shown them.
    """
    version, document = current(code, register)
    kept = register.log.vault.read(version.entity, technical_use(agent))
    values = {one.node: one.values or {} for one in kept}
    people = sorted(document.get("vertegenwoordigers", ()), key=lambda one: not one.get("isPrimair"))
    own = [email for one in people if (email := values.get(one["@id"], {}).get("email"))]
    return list(dict.fromkeys(own or [*_public(document), *_private(document, values)]))


def letter_of(id: str, register: Register) -> Letter | None:
    """The letter with this id, to be sent; None when it is no more."""
    with register.log.transaction() as transaction:
        kept = transaction.personal(node_of(id, register), technical_use(SENDER))
    found = next((one.values for one in kept if one.values), None)
    return Letter("", found["onderwerp"], found["tekst"], found["antwoord"]) if found else None


def forget_letter(id: str, register: Register) -> None:
    """Take the words of a letter out of the vault."""
    with register.log.transaction() as transaction:
        node = node_of(id, register)
        transaction.keep([Personal(node, node, None)])


def letters_to(code: str, register: Register, limit: int = 50) -> list[tuple[Delivery, str]]:
    """What was written to an association, newest first, each with the body that wrote it; not what it said."""
    found = deliveries(register.log.database, [code], STATES, limit, kinds=(LETTER,))
    return [(one, str(orjson.loads(one.body)["naam"])) for one in found]


def node_of(id: str, register: Register) -> str:
    """Under what the vault keeps a letter."""
    return f"{register.schema.base}/bericht/{id}"


SENDER = Agent("systeem", "Verenigingsloket", "systeem")


def _read(letter: Letter) -> Letter:
    subject, text = " ".join(letter.subject.split()), letter.text.strip()
    problems = []
    if not subject or len(subject) > LONGEST_SUBJECT:
        problems.append(Problem("onderwerp", f"Schrijf waarover het gaat, in hoogstens {LONGEST_SUBJECT} tekens."))
    if not text or len(text) > LONGEST_TEXT:
        problems.append(Problem("tekst", f"Schrijf een bericht van hoogstens {LONGEST_TEXT} tekens."))
    try:
        reply_to = validate_email(letter.reply_to)
    except ValueError as error:
        problems.append(Problem("antwoord", str(error)))
    if problems:
        raise Refused(WRONG, problems)
    return replace(letter, subject=subject, text=text, reply_to=reply_to)


def _public(document: Document) -> list[str]:
    return [one["email"] for one in document.get("contactgegevens", ()) if one.get("email")]


def _private(document: Document, values: Mapping[str, Mapping[str, str]]) -> list[str]:
    nodes = (values.get(one["@id"], {}) for one in document.get("contactgegevens", ()))
    return [node["email"] for node in nodes if node.get("email")]
