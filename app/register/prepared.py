"""A document made ready to register: everything that needs no look at the register itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.model.fields import Document
from app.register.doubles.traits import Traits

# Stands in the bytes until the commit gives code and time: valid ones, so that the shape can be checked meanwhile.
CODE = "V9999999"
TIME = "9999-12-31T00:00:00.000000Z"


@dataclass(frozen=True)
class Layout:
    """A document as N-Triples and personal values; `public` and `internal` are disjoint."""

    public: bytes = field(repr=False)
    internal: bytes = field(repr=False)
    personal: Mapping[str, Mapping[str, str]] = field(repr=False)

    def stamped(self, code: str, time: str) -> Layout:
        """With the code and time in the place of the placeholders."""
        personal = {node.replace(CODE, code): values for node, values in self.personal.items()}
        return Layout(stamp(self.public, code, time), stamp(self.internal, code, time), personal)


@dataclass(frozen=True)
class Prepared:
    """What `prepare` made of a document: picklable, and its printed form shows nothing of anybody.

    `homes` are the NIS codes of the municipalities in which it has a location, `others` the associations of which it
    is a member, `rights` what decides who may change it, `reserved` what not everybody may supply, `origin` tells this
    document from any other.
    """

    layout: Layout = field(repr=False)
    traits: Traits = field(repr=False)
    homes: tuple[str, ...]
    rights: Mapping[str, Any]
    others: tuple[tuple[str, str], ...]
    visible: bool
    stopped: bool
    reserved: Document = field(repr=False)
    origin: str = field(repr=False)


def stamp(triples: bytes, code: str, time: str) -> bytes:
    """Placeholders only stand in IRIs and as whole literals; a text that contains one stays as it is."""
    for before, after in ((f"/{CODE}>", f"/{code}>"), (f"/{CODE}#", f"/{code}#"), (f'"{CODE}" ', f'"{code}" ')):
        triples = triples.replace(before.encode(), after.encode())
    return triples.replace(f'"{TIME}"'.encode(), f'"{time}"'.encode())
