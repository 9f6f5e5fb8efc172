"""How products speak to the reader: u or je, as their administration chose, with both forms kept where there are two.

A product has one form that counts (`taalvariant`), the only one that the IPDC takes; beside it may stand the other,
kept until its text changes. Pages show the form that the administration chose where the product has all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from app.model.fields import Document, Field, Kind, NodeType
from app.model.languages import FORMAL, INFORMAL, NEUTRAL, VARIANTS
from app.register.register import Register
from app.store.transaction import Transaction

OTHER = {FORMAL: INFORMAL, NEUTRAL: INFORMAL, INFORMAL: FORMAL}
SERVICE, PERSON = "dienst", "persoon"


@dataclass(frozen=True)
class Guidelines:
    """What an administration asks of its products: `form` is empty when it made no choice, `contact` likewise."""

    form: str = ""
    contact: str = ""
    since: str = ""


@dataclass(frozen=True)
class Text:
    """One text of a product in its forms; `path` is as in a problem."""

    path: str
    label: str
    field: Field
    texts: Document


def texts_of(document: Document, type: NodeType, path: str = "", label: str = "") -> Iterator[Text]:
    """Every text that speaks to the reader: not keywords, nor the words of an address."""
    for field in type.fields:
        value = document.get(field.term)
        if not value:
            continue
        if field.kind is Kind.LANGUAGES and not field.several and len(field.languages) > 2:
            yield Text(f"{path}{field.term}", f"{label}{field.label}", field, value)
        elif field.node is not None:
            for index, node in enumerate(value if field.is_list else [value]):
                step, name = (f"[{index}]", f"{field.node.label} {index + 1}") if field.is_list else ("", field.label)
                yield from texts_of(node, field.node, f"{path}{field.term}{step}.", f"{label}{name}: ")


def forms_in(document: Document, type: NodeType) -> frozenset[str]:
    """The forms of Dutch in which all texts stand."""
    found = [VARIANTS_SET & text.texts.keys() for text in texts_of(document, type)]
    return frozenset.intersection(*map(frozenset, found)) if found else frozenset()


def in_form(document: Document, type: NodeType, form: str) -> Document:
    """The document with one form of Dutch: this one where all texts have it, else the one that counts."""
    whole = forms_in(document, type)
    chosen = form if form in whole else document.get("taalvariant") or next(iter(sorted(whole)), NEUTRAL)
    return _changed(document, type, lambda texts: {tag: text for tag, text in texts.items()
                                                   if tag not in VARIANTS_SET or tag == chosen})  # fmt: skip


def retagged(document: Document, type: NodeType, form: str) -> Document:
    """The document with the texts that count under another form: "it says je already"."""
    own = document.get("taalvariant", NEUTRAL)

    def under(texts: Document) -> Document:
        kept = {tag: text for tag, text in texts.items() if tag not in VARIANTS_SET}
        found = texts.get(own) or next((texts[tag] for tag in VARIANTS if tag in texts), None)
        return {**kept, **({form: found} if found else {})}

    return {**_changed(document, type, under), "taalvariant": form}


def with_form(document: Document, type: NodeType, form: str, written: Document) -> Document:
    """The document with another form beside the one that counts; `written` has the texts by path.

    Beside je stands u: a text that was neutral counts as formal from then on.
    """
    own = document.get("taalvariant", NEUTRAL)
    base = retagged(document, type, FORMAL) if own == NEUTRAL else {**document}
    return {**_written(base, type, form, written, ""), "taalvariant": FORMAL if own == NEUTRAL else own}


def carried_over(after: Document, before: Document, type: NodeType, form: str) -> Document:
    """What a form said in one form of Dutch, with the other form of each text that did not change."""
    old = dict(_by_node(before, type))

    def add(key: str, texts: Document) -> Document:
        was = old.get(key, {})
        if form not in was or was[form] != texts.get(form):
            return texts
        return {**{tag: text for tag, text in was.items() if tag in VARIANTS_SET and tag != NEUTRAL}, **texts}

    return _changed_by_node(after, type, add, "")


def needs_conversion(document: Document, type: NodeType, chosen: str) -> bool:
    """Whether the administration says je and this product does not, or not everywhere."""
    return chosen == INFORMAL and INFORMAL not in forms_in(document, type)


# --- What an administration asks --------------------------------------------------------------------------------------


def read_guidelines(owner: str, register: Register, get: Callable[[str], str | None] | None = None) -> Guidelines:
    """Those of the administration, or of the municipality that it belongs to."""
    stored = (get or register.log.get_state)(_key(owner, register))
    return Guidelines(**orjson.loads(stored)) if stored else Guidelines()


def put_guidelines(owner: str, guidelines: Guidelines, register: Register, transaction: Transaction) -> None:
    """Keep what an administration chose."""
    transaction.put_state(_key(owner, register), orjson.dumps(guidelines).decode())


def _key(owner: str, register: Register) -> str:
    """The OCMW speaks as its municipality does."""
    found = register.codelists.organisations.get(owner)
    return f"richtlijnen/{found.nis if found and found.nis else owner}"


# --- Walking ----------------------------------------------------------------------------------------------------------

VARIANTS_SET = frozenset(VARIANTS)
Rewrite = Callable[[str, Document], Document]


def _changed(document: Document, type: NodeType, change: Callable[[Document], Document]) -> Document:
    return _changed_by_node(document, type, lambda _, texts: change(texts), "")


def _by_node(document: Document, type: NodeType) -> Iterator[tuple[str, Document]]:
    found: list[tuple[str, Document]] = []

    def note(key: str, texts: Document) -> Document:
        found.append((key, texts))
        return texts

    _changed_by_node(document, type, note, "")
    yield from found


def _changed_by_node(document: Document, type: NodeType, rewrite: Rewrite, key: str) -> Document:
    """A copy in which each text is rewritten; its key is the IRI of its node, so that moving a part loses nothing."""
    made: Document = {**document}
    for field in type.fields:
        value = document.get(field.term)
        if not value:
            continue
        if field.kind is Kind.LANGUAGES and not field.several and len(field.languages) > 2:
            made[field.term] = rewrite(f"{key} {field.term}", value)
        elif field.node is not None:
            made[field.term] = _nodes(value, field, field.node, rewrite, key)
    return made


def _nodes(value: Any, field: Field, type: NodeType, rewrite: Rewrite, key: str) -> Any:
    def one(node: Document) -> Document:
        return _changed_by_node(node, type, rewrite, node.get("@id") or f"{key} {field.term}")

    return [one(node) for node in value] if isinstance(value, list) else one(value)


def _written(document: Document, type: NodeType, form: str, written: Document, path: str) -> Document:
    made: Document = {**document}
    for field in type.fields:
        value = document.get(field.term)
        if not value:
            continue
        name = f"{path}{field.term}"
        if field.kind is Kind.LANGUAGES and not field.several and len(field.languages) > 2:
            made[field.term] = {**value, **({form: written[name]} if written.get(name) else {})}
        elif field.node is not None and isinstance(value, list):
            made[field.term] = [_written(node, field.node, form, written, f"{name}[{index}].")
                                for index, node in enumerate(value)]  # fmt: skip
        elif field.node is not None:
            made[field.term] = _written(value, field.node, form, written, f"{name}.")
    return made
