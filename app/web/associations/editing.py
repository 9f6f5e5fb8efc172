"""A form for an entity of any type, made from its shape; and the document that a posted form says.

    sections = form_of_type(type, document, problems, codelists, language)     # what the template draws
    document = read_form(items, type, language)                                # what people filled in

Names of inputs are paths in the document (`voorwaarden[0].bewijs.naam`), so a problem stands beside its field. Nothing
needs a script: parts are added and removed by buttons that send the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from app.errors import Problem
from app.model.codelists import CodeLists
from app.model.fields import KEYWORDS, Document, EntityType, Field, Kind, NodeType, Secrecy
from app.model.markup import from_plain, to_plain
from app.model.terms import XSD
from app.model.wording import of_the_clock, on_the_clock
from app.register.stamps import is_stamp

ENGLISH = "en"
# A longer list is a field to type in, with the names to choose from.
FEW = 30
# Of two forms on one page none may be endless; an index above this is no form of ours.
MOST_PARTS = 100
INPUTS = {XSD.date: "date", XSD.dateTime: "date", XSD.time: "time"}
Items = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Option:
    """One value to choose; of a document `kind` says what it is."""

    value: str
    label: str
    is_chosen: bool
    kind: str = ""


@dataclass(frozen=True)
class Part:
    """One nested node: its widgets, and what it has that nobody edits."""

    name: str
    title: str
    widgets: tuple[Widget, ...]
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Widget:
    """One field as the template draws it; `kind` is a macro there."""

    name: str
    label: str
    help: str
    kind: str
    required: bool
    value: str = ""
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    part_label: str = ""
    is_list: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """The fields of one group."""

    label: str
    widgets: tuple[Widget, ...]


@dataclass(frozen=True)
class Frame:
    """What all widgets of one form have in common; `skipped` are terms that nobody edits here.

    With `personal` what is somebody's own is asked too; `documents` are those that an attachment may be. With
    `by_the_clock` the time of day of a moment is asked too, as a clock in Brussels shows it.
    """

    codelists: CodeLists
    language: str
    skipped: frozenset[str]
    problems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_the_clock: bool = False
    personal: bool = False
    documents: tuple[Option, ...] = ()


def form_of_type(type: EntityType, document: Document, frame: Frame) -> list[Section]:
    """The form, in the groups and the order of the shape."""
    fields = [found for found in type.fields if _editable(found, frame)]
    return [
        Section(label, tuple(_widgets(group, document, "", frame)))
        for label, group in groupby(fields, key=lambda found: found.group)
    ]


def by_path(problems: Iterable[Problem]) -> dict[str, tuple[str, ...]]:
    """The sentences beside each field; those about one value in a list beside the list."""
    found: dict[str, tuple[str, ...]] = {}
    for problem in problems:
        path = re.sub(r"\[\d+\]$", "", problem.path)
        for key in {problem.path, path}:
            found[key] = (*found.get(key, ()), problem.message)
    return found


def _editable(found: Field, frame: Frame) -> bool:
    asked = frame.personal or found.secrecy is not Secrecy.PERSONAL
    return found.term not in frame.skipped and not is_stamp(found.path) and asked


def _widgets(fields: Iterable[Field], document: Document, prefix: str, frame: Frame) -> Iterator[Widget]:
    for found in fields:
        name, value = prefix + found.term, document.get(found.term)
        common = {
            "name": name,
            "label": found.label,
            "help": found.help,
            "required": found.required,
            "problems": frame.problems.get(name, ()),
        }
        if found.kind is Kind.LANGUAGES:
            yield from _texts(found, value or {}, common, frame)
        elif found.node is not None:
            yield _nodes(found, found.node, value, common, frame)
        elif found.attachment is not None:
            yield _attachment(found, value, common, frame)
        elif found.scheme is not None:
            yield _choice(found, value, common, frame.codelists)
        else:
            yield _simple(found, value, common, frame)


def _texts(found: Field, value: Document, common: dict[str, Any], frame: Frame) -> Iterator[Widget]:
    if found.several:
        yield Widget(**common, kind="lines", value="\n".join(value.get("nl", ())))
        return
    kind = "area" if found.markup else "text"
    show = to_plain if found.markup else str
    yield Widget(**common, kind=kind, value=show(_own(value, frame.language)))
    if ENGLISH in found.languages and value.get(ENGLISH):
        english = {
            **common,
            "name": f"{common['name']}@{ENGLISH}",
            "label": f"{found.label} (Engels)",
            "required": False,
        }
        yield Widget(**{**english, "problems": ()}, kind=kind, value=show(value[ENGLISH]))


def _own(texts: Document, language: str) -> str:
    """The text in the form of Dutch of this card; else in another, so that changing the form loses nothing."""
    others = (text for tag, text in texts.items() if tag != ENGLISH)
    return str(texts.get(language) or next(others, ""))


def _nodes(found: Field, type: NodeType, value: Any, common: dict[str, Any], frame: Frame) -> Widget:
    nodes = (value or []) if found.is_list else [value or {}]
    parts = []
    for index, node in enumerate(nodes):
        name = f"{common['name']}[{index}]" if found.is_list else common["name"]
        widgets = _widgets((f for f in type.fields if _editable(f, frame)), node, f"{name}.", frame)
        hidden = [(f"{name}.{term}", node[term]) for term in ("@id", *frame.skipped) if isinstance(node.get(term), str)]
        title = f"{type.label} {index + 1}" if found.is_list else type.label
        parts.append(Part(name, title, tuple(widgets), tuple(hidden)))
    return Widget(**common, kind="parts", parts=tuple(parts), part_label=type.label.lower(), is_list=found.is_list)


def _attachment(found: Field, value: Any, common: dict[str, Any], frame: Frame) -> Widget:
    """A document that is there already, of the kind that is asked first, or a new one."""
    chosen = value if isinstance(value, list) else [value] if value else []
    kind = found.attachment.value if found.attachment else ""
    ranked = sorted(frame.documents, key=lambda option: option.kind != kind)
    options = tuple(Option(each.value, each.label, each.value in chosen, each.kind) for each in ranked)
    return Widget(**common, kind="file", options=options, is_list=found.is_list)


def _choice(found: Field, value: Any, common: dict[str, Any], codelists: CodeLists) -> Widget:
    assert found.scheme is not None
    chosen = value if isinstance(value, list) else [value] if value else []
    concepts = codelists.concepts(found.scheme.value)
    options = tuple(Option(concept.iri, concept.label, concept.iri in chosen) for concept in concepts)
    if len(options) <= FEW:
        kind = "checks" if found.is_list else "select"
        return Widget(**common, kind=kind, options=options, is_list=found.is_list)
    labels = [concept.label if (concept := codelists.concept(iri)) else iri for iri in chosen]
    kind = "lines" if found.is_list else "text"
    return Widget(**common, kind=kind, value="\n".join(labels), is_list=found.is_list)


def _simple(found: Field, value: Any, common: dict[str, Any], frame: Frame) -> Widget:
    if found.kind is Kind.BOOLEAN:
        return Widget(**common, kind="check", value="ja" if value else "")
    if found.is_list:
        return Widget(**common, kind="lines", value="\n".join(map(str, value or ())), is_list=True)
    if found.kind is Kind.LANGUAGE:
        return Widget(**common, kind="area", value=str(value or ""))
    if found.kind is Kind.INTEGER:
        return Widget(**common, kind="number", value="" if value is None else str(value))
    if frame.by_the_clock and found.datatype == XSD.dateTime:
        return Widget(**common, kind="datetime-local", value=on_the_clock(str(value or "")))
    kind = INPUTS.get(found.datatype, "text") if found.datatype is not None else "text"
    text = str(value or "")
    return Widget(**common, kind=kind, value=text[:10] if kind == "date" else text[:5] if kind == "time" else text)


# --- Reading ----------------------------------------------------------------------------------------------------------


def read_form(items: Items, type: NodeType, language: str, prefix: str = "") -> Document:
    """The document that a form says, empty parts included; each list as long as its highest index."""
    values: dict[str, list[str]] = {}
    for name, value in items:
        values.setdefault(name, []).append(value)
    return _read(values, type, language, prefix)


def without_empty(document: Document) -> Document:
    """The same without parts in which nothing was filled in."""
    kept = {term: _pruned(value) for term, value in document.items()}
    return {term: value for term, value in kept.items() if value not in (None, "", [], {})}


def _pruned(value: Any) -> Any:
    if isinstance(value, list):
        return [item for item in map(_pruned, value) if item not in (None, "", {})]
    if not isinstance(value, dict):
        return value
    node = without_empty(value)
    return node if node.keys() - KEYWORDS - {"order", "volgens"} else {}


def _read(values: Mapping[str, list[str]], type: NodeType, language: str, prefix: str) -> Document:
    document: Document = {}
    for hidden in ("@id", "volgens"):
        if given := values.get(prefix + hidden):
            document[hidden] = given[-1]
    for found in type.fields:
        name = prefix + found.term
        if found.node is not None:
            if nodes := _read_nodes(values, found, found.node, language, name):
                document[found.term] = nodes if found.is_list else nodes[0]
        elif name in values:
            document[found.term] = _value(found, values, name, language)
    return document


def _read_nodes(
    values: Mapping[str, list[str]], found: Field, type: NodeType, language: str, name: str
) -> list[Document]:
    if not found.is_list:
        return [_read(values, type, language, f"{name}.")] if any(key.startswith(f"{name}.") for key in values) else []
    start = re.compile(re.escape(name) + r"\[(\d{1,3})\]")
    indexes = sorted({int(match[1]) for key in values if (match := start.match(key))})
    return [_read(values, type, language, f"{name}[{index}].") for index in indexes if index < MOST_PARTS]


def _value(found: Field, values: Mapping[str, list[str]], name: str, language: str) -> Any:
    given = [value.strip() for value in values[name]]
    text = given[-1]
    if found.kind is Kind.LANGUAGES:
        return _read_texts(found, text, values, name, language)
    if found.kind is Kind.BOOLEAN:
        return text == "ja" or None
    if found.is_list:
        return [line.strip() for value in given for line in value.splitlines() if line.strip()]
    return of_the_clock(text) if found.datatype == XSD.dateTime else text or None


def _read_texts(found: Field, text: str, values: Mapping[str, list[str]], name: str, language: str) -> Document | None:
    if found.several:
        words = [word.strip() for line in text.splitlines() for word in line.split(",") if word.strip()]
        return {"nl": words} if words else None
    make = from_plain if found.markup else str
    english = values.get(f"{name}@{ENGLISH}", [""])[-1].strip()
    texts = {language: text, ENGLISH: english}
    return {tag: make(given) for tag, given in texts.items() if given} or None
