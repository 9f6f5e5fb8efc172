"""One element of a page under RDFa; the numbers are those of https://www.w3.org/TR/rdfa-core/#s_sequence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from app.exchange.rdfa.names import TERM, Names
from app.exchange.rdfa.statements import RDFA, TYPE, Evaluation, Text
from app.exchange.rdfa.values import datatype_of, stated, typed

LINKS = ("resource", "href", "src")
Lists = dict[str, list["str | Text"]]


class Waiting(NamedTuple):
    """A link whose other end is found deeper in the page: along, against, or into a list."""

    predicate: str
    reverse: bool = False
    into: list[str | Text] | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What an element inherits."""

    names: Names
    subject: str
    object: str | None = None
    language: str | None = None
    waiting: tuple[Waiting, ...] = ()
    lists: Lists = field(default_factory=dict)
    depth: int = 0


class Step:
    """What one element says; `opened` are the lists that begin in it, each with its subject."""

    def __init__(
        self, evaluation: Evaluation, element: etree._Element, attributes: Mapping[str, str], context: Context
    ) -> None:
        self.evaluation = evaluation
        self.element = element
        self.attributes = attributes
        self.context = context
        self.line = element.sourceline or 0
        self.names = self._declared()
        self.language = attributes.get("xml:lang", attributes.get("lang", context.language)) or None
        self.content, self.implied = stated(element, attributes)
        self.rel, self.rev = self._links()
        self.linked = self.rel is not None or self.rev is not None
        self.subject: str | None = None
        self.object: str | None = None
        self.typed: str | None = None
        self.skip = False
        self.lists = context.lists
        self.opened: list[tuple[str | None, Lists]] = []

    def take(self) -> Context:
        """Say what the element says; answers what its children inherit."""
        if self.linked:
            self._find_with_link()
        else:
            self._find_without_link()
        for type in self.evaluation.terms(self.names, self.attributes.get("typeof"), self.line) if self.typed else ():
            self.evaluation.say(str(self.typed), TYPE, type, self.line)
        if self.subject not in (None, self.context.object):
            self.lists = self._open(self.subject)
        waiting = self._say_links() if self.linked else ()
        if "property" in self.attributes:
            self._say_property(self._value())
        if not self.skip and self.subject is not None:
            self._complete(self.subject)
        return self._inherited(waiting)

    def _inherited(self, waiting: tuple[Waiting, ...]) -> Context:
        context = self.context
        if self.skip:
            return Context(
                self.names, context.subject, context.object, self.language, context.waiting, context.lists, 1
            )
        subject = self.subject or context.subject
        object = self.object or subject
        # Of another subject, so another list: test 0226 of the suite; the text of step 13 leaves it open.
        lists = self.lists if object == subject else self._open(object)
        return Context(self.names, subject, object, self.language, waiting, lists, 1)

    def _open(self, subject: str | None) -> Lists:
        lists: Lists = {}
        self.opened.append((subject, lists))
        return lists

    def _declared(self) -> Names:
        """Steps 2 and 3: what names mean here."""
        names, attributes = self.context.names, self.attributes
        if "vocab" in attributes:
            names = names.using(attributes["vocab"].strip())
            if names.vocabulary:
                self.evaluation.say(names.base, RDFA + "usesVocabulary", names.vocabulary, self.line)
        # https://www.w3.org/TR/html-rdfa/#extensions-to-the-html5-syntax: xmlns: still works, prefix wins.
        declared = " ".join(f"{key[6:]}: {iri}" for key, iri in attributes.items() if key.startswith("xmlns:"))
        if declared or "prefix" in attributes:
            names = names.declaring(f"{declared} {attributes.get('prefix', '')}")
            for prefix, iri in names.prefixes.items():
                self.evaluation.prefixes.setdefault(prefix, set()).add(iri)
        return names

    def _links(self) -> tuple[str | None, str | None]:
        """`rel` and `rev`; beside a `property` their plain words are HTML's own, not RDFa."""
        rel, rev = self.attributes.get("rel"), self.attributes.get("rev")
        if "property" not in self.attributes:
            return rel, rev
        kept = [" ".join(t for t in text.split() if not TERM.match(t)) if text else "" for text in (rel, rev)]
        return kept[0] or None, kept[1] or None

    def _first(self, *keys: str) -> str | None:
        """The first of these attributes that names a resource."""
        for key in keys:
            if key in self.attributes:
                read = self.names.resource if key in ("about", "resource") else self.names.iri
                found = read(self.attributes[key])
                if found is not None:
                    return found
        return None

    def _default(self) -> str | None:
        """What an element is about when it does not say so, and is the page, its head or its body."""
        if not self.context.depth:
            return self.names.base
        return self.context.object if self.element.tag in ("head", "body") else None

    def _find_without_link(self) -> None:
        """Step 5: an element without `rel` and `rev`."""
        about, typed_here = self._first("about"), "typeof" in self.attributes
        at_root = None if self.context.depth else self.names.base
        if "property" in self.attributes and self.content is None and "datatype" not in self.attributes:
            self.subject = about or at_root or self.context.object
            if typed_here:
                self.typed = about or at_root or self._first(*LINKS) or self.evaluation.blank()
                self.object = self.typed
            return
        self.subject = about or self._first(*LINKS) or self._default()
        if self.subject is None and typed_here:
            self.subject = self.evaluation.blank()
        if self.subject is None:
            self.subject = self.context.object
            self.skip = "property" not in self.attributes
        self.typed = self.subject if typed_here else None

    def _find_with_link(self) -> None:
        """Step 6: an element with `rel` or `rev`."""
        about = self._first("about")
        self.subject = about or self._default() or self.context.object
        self.object = self._first(*LINKS)
        if "typeof" in self.attributes:
            if about is None and self.object is None:
                self.object = self.evaluation.blank()
            self.typed = about or self.object

    def _say_links(self) -> tuple[Waiting, ...]:
        """Steps 9 and 10: say what `rel` and `rev` say, or answer what waits for its other end."""
        forward = self.evaluation.predicates(self.names, self.rel, self.line)
        backward = self.evaluation.predicates(self.names, self.rev, self.line)
        into = [self.lists.setdefault(p, []) for p in forward] if "inlist" in self.attributes else None
        if self.object is None:
            self.object = self.evaluation.blank()
            along = (Waiting(p, into=into[number] if into else None) for number, p in enumerate(forward))
            return (*along, *(Waiting(p, reverse=True) for p in backward))
        subject = str(self.subject)
        for number, predicate in enumerate(forward):
            if into:
                into[number].append(self.object)
            else:
                self.evaluation.say(subject, predicate, self.object, self.line)
        for predicate in backward:
            self.evaluation.say(self.object, predicate, subject, self.line)
        return ()

    def _value(self) -> str | Text:
        """Step 11: the value of `property`."""
        if "datatype" in self.attributes or self.content is not None:
            datatype = datatype_of(self.names, self.attributes, self.implied)
            return typed(self.element, self.content, datatype, self.language)
        resource = None if self.linked else self._first(*LINKS)
        if resource is None and "typeof" in self.attributes and "about" not in self.attributes:
            resource = self.typed
        return typed(self.element, None, None, self.language) if resource is None else resource

    def _say_property(self, value: str | Text) -> None:
        for predicate in self.evaluation.predicates(self.names, self.attributes["property"], self.line):
            if "inlist" in self.attributes:
                self.lists.setdefault(predicate, []).append(value)
            else:
                self.evaluation.say(str(self.subject), predicate, value, self.line)

    def _complete(self, found: str) -> None:
        """Step 12: what waited for this element."""
        for predicate, reverse, into in self.context.waiting:
            if into is not None:
                into.append(found)
            elif reverse:
                self.evaluation.say(found, predicate, self.context.subject, self.line)
            else:
                self.evaluation.say(self.context.subject, predicate, found, self.line)
