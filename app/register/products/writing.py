"""Help with writing a product: hints beside its fields, from plain language, from the shape and from the guidelines.

helped = help_with(document, type, Guidelines(INFORMAL, SERVICE), help)
helped.level, [(hint.path, hint.advice) for hint in helped.hints]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.model.fields import Document, EntityType
from app.model.languages import FORMAL, INFORMAL, NEUTRAL, VARIANTS, preferred
from app.model.plain_language import Level, PlainLanguage, plain
from app.register.products.address_forms import PERSON, SERVICE, Guidelines, Text, texts_of

SAYS_U = re.compile(r"(?<!\d )\b(?:u|uw|uzelf)\b", re.IGNORECASE)
SAYS_JE = re.compile(r"\b(?:je|jij|jou|jouw|jezelf)\b", re.IGNORECASE)
# jan.peeters@ is somebody, jeugd@ or sport.en.jeugd@ is not.
SOMEBODY = re.compile(r"[a-z]{2,}\.[a-z-]{2,}@", re.IGNORECASE)
SERVICES = re.compile(r"dienst|info|jeugd|sport|cultuur|loket|vrij|evenement|zaal|onthaal|secretariaat", re.IGNORECASE)


@dataclass(frozen=True)
class FieldHint:
    """A hint beside a field: `path` as in a problem."""

    path: str
    label: str
    advice: str
    quote: str = ""


@dataclass(frozen=True)
class Helped:
    """All hints, and how hard the whole is to read."""

    hints: tuple[FieldHint, ...]
    level: Level | None


def help_with(document: Document, type: EntityType, guidelines: Guidelines, help: PlainLanguage) -> Helped:
    """What somebody who reads along would say; nothing of it forbids to publish."""
    shown = [(text, _dutch(text, document)) for text in texts_of(document, type)]
    hints = (
        *_missing(document, type, help),
        *_contacts(document, type, guidelines),
        *(hint for text, words in shown for hint in _about(text, words, guidelines, help)),
    )
    return Helped(hints, help.level(words for _, words in shown))


def _dutch(text: Text, document: Document) -> str:
    counts = document.get("taalvariant", NEUTRAL)
    dutch = {tag: words for tag, words in text.texts.items() if tag in VARIANTS}
    return str(dutch.get(counts) or dutch.get(preferred(dutch), ""))


def _about(text: Text, words: str, guidelines: Guidelines, help: PlainLanguage) -> Iterator[FieldHint]:
    for hint in help.hints(words):
        yield FieldHint(text.path, text.label, hint.advice, hint.quote)
    wrong = {INFORMAL: SAYS_U, FORMAL: SAYS_JE}.get(guidelines.form)
    if wrong and (found := wrong.search(plain(words))):
        chosen = "je" if guidelines.form == INFORMAL else "u"
        yield FieldHint(text.path, text.label, f"Uw organisatie koos voor “{chosen}”.", found[0])
    if text.path == "naam" and len(words.split()) > help.lengths["title"]:
        yield FieldHint(text.path, text.label, "Maak de titel korter: die staat in lijsten.", words)


def _missing(document: Document, type: EntityType, help: PlainLanguage) -> Iterator[FieldHint]:
    for field in type.fields:
        if document.get(field.term):
            continue
        if field.term in help.wanted:
            yield FieldHint(field.term, field.label, help.wanted[field.term])
        elif field.required and field.group and field.group != "Beheer":
            yield FieldHint(field.term, field.label, "Dit veld is verplicht.")


def _contacts(document: Document, type: EntityType, guidelines: Guidelines) -> Iterator[FieldHint]:
    label = type.field("contactgegevens").label
    for index, contact in enumerate(document.get("contactgegevens") or ()):
        path, email = f"contactgegevens[{index}]", contact.get("email") or ""
        personal = bool(SOMEBODY.match(email)) and not SERVICES.search(email.partition("@")[0])
        if guidelines.contact == SERVICE and not contact.get("dienst"):
            yield FieldHint(f"{path}.dienst", label, "Uw organisatie noemt de dienst: vul die in.")
        if guidelines.contact == SERVICE and personal:
            yield FieldHint(f"{path}.email", label, "Dit lijkt van één persoon; uw organisatie geeft een dienst.")
        if guidelines.contact == PERSON and email and not personal:
            yield FieldHint(f"{path}.email", label, "Dit lijkt van een dienst; uw organisatie geeft een persoon.")
