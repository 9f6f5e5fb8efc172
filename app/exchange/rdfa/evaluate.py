"""RDFa Core 1.1 with HTML+RDFa 1.1: from a parsed page to the statements that it makes, each with its line.

    for statement in evaluate(parse_page(text), "http://www.voorbeeld.be/zitting").statements: ...

The W3C test suite and a second, independent processor hold it (tests/conformance/test_rdfa.py). Elements wait on a
stack of our own: a page may be deeper than the interpreter's.
"""

from __future__ import annotations

from lxml import etree

from app.exchange.rdfa.names import Names, resolve
from app.exchange.rdfa.patterns import copy_patterns
from app.exchange.rdfa.statements import RDF, Evaluation
from app.exchange.rdfa.step import Context, Lists, Step

NIL, FIRST, REST = RDF + "nil", RDF + "first", RDF + "rest"
HEARD = frozenset(
    ("about", "content", "datatype", "datetime", "href", "inlist", "lang", "prefix", "property", "rel", "resource")
) | {"rev", "src", "typeof", "vocab", "xml:lang"}


def evaluate(root: etree._Element, url: str) -> Evaluation:
    """Everything that the page under `root` states when it is read from `url`."""
    evaluation = Evaluation(Names(_base(root, url)))
    stack: list[tuple[etree._Element, Context]] = [(root, Context(evaluation.names, evaluation.names.base))]
    lists: list[tuple[str, Lists, int]] = []
    while stack:
        element, context = stack.pop()
        attributes = dict(element.items())
        if context.depth and HEARD.isdisjoint(attributes) and not _declares(attributes):
            inner = context
        else:
            step = Step(evaluation, element, attributes, context)
            inner = step.take()
            lists += [(subject, gathered, step.line) for subject, gathered in step.opened if subject]
        stack += [(child, inner) for child in reversed(element) if isinstance(child.tag, str)]
    for subject, gathered, line in lists:
        _say_lists(evaluation, subject, gathered, line)
    evaluation.statements = copy_patterns(evaluation.statements)
    return evaluation


def _base(root: etree._Element, url: str) -> str:
    """The address of the page, or what its `base` element says instead."""
    for element in root.iterfind("head/base"):
        if href := (element.get("href") or "").strip():
            return resolve(url, href).partition("#")[0]
    return url.partition("#")[0]


def _declares(attributes: dict[str, str]) -> bool:
    return any(key.startswith("xmlns:") for key in attributes)


def _say_lists(evaluation: Evaluation, subject: str, lists: Lists, line: int) -> None:
    """Step 14: the lists that were gathered under one subject."""
    for predicate, items in lists.items():
        cells = [evaluation.blank() for _ in items]
        evaluation.say(subject, predicate, cells[0] if cells else NIL, line)
        for number, (cell, item) in enumerate(zip(cells, items, strict=True), start=1):
            evaluation.say(cell, FIRST, item, line)
            evaluation.say(cell, REST, cells[number] if number < len(cells) else NIL, line)
