"""Where the nodes of a feed stand: IRIs out, paths in.

    address = FeedAddress("http://127.0.0.1:8000", "verenigingen")
    address.root                     # …/ldes/verenigingen
    address.node(Node(0, 12))        # …/ldes/verenigingen/12
    address.node(Node(1, 3), 2)      # …/ldes/verenigingen/index/1/3-2

A page is a range of positions, `page = (position - 1) // page size + 1`, so no assignment is kept that could go wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ROOT = "/ldes"
FAN_OUT = 100
PATH = re.compile(
    r"/ldes(?:/(?P<feed>[a-z]+(?:/gemeente/[0-9]{5}|/doelgroep/[a-z]+)?)"
    r"(?:/(?:index/(?P<level>[1-9])/)?(?P<number>[1-9][0-9]{0,8})(?:-(?P<revision>[2-9]|[1-9][0-9]{1,4}))?)?)?"
    r"(?:\.(?P<suffix>[a-z]+))?"
)


@dataclass(frozen=True, order=True)
class Node:
    """A page (level 0), or an index node over `FAN_OUT` nodes of the level below; numbers count from 1."""

    level: int
    number: int

    @property
    def pages(self) -> range:
        """The numbers of the pages in it."""
        span = FAN_OUT**self.level
        return range((self.number - 1) * span + 1, self.number * span + 1)

    def children(self) -> Iterator[Node]:
        """The nodes right below, each of a level less."""
        first = (self.number - 1) * FAN_OUT
        return (Node(self.level - 1, first + child) for child in range(1, FAN_OUT + 1))


def forest(pages: int) -> list[Node]:
    """The fewest full nodes that together hold this many full pages, oldest first.

    >>> forest(203)
    [Node(level=1, number=1), Node(level=1, number=2), Node(level=0, number=201), \
Node(level=0, number=202), Node(level=0, number=203)]
    """
    level = 0
    while FAN_OUT ** (level + 1) <= pages:
        level += 1
    nodes: list[Node] = []
    done = 0
    while done < pages:
        span = FAN_OUT**level
        if done + span > pages:
            level -= 1
            continue
        nodes.append(Node(level, done // span + 1))
        done += span
    return nodes


@dataclass(frozen=True)
class Target:
    """What a path under `/ldes` names: the overview (no feed), a root (no node), or a node in a revision."""

    feed: str | None
    node: Node | None
    revision: int
    suffix: str | None


def parse_path(path: str) -> Target | None:
    """Read a path, or None when nothing can stand there."""
    match = PATH.fullmatch(path)
    if match is None:
        return None
    feed, level, number, revision, suffix = match.groups()
    node = Node(int(level or 0), int(number)) if number else None
    return Target(feed, node, int(revision or 1), suffix)


@dataclass(frozen=True)
class FeedAddress:
    """The IRIs of one feed; `base` has no slash at its end."""

    base: str
    feed: str

    @property
    def root(self) -> str:
        """Where the feed begins."""
        return f"{self.base}{ROOT}/{self.feed}"

    @property
    def stream(self) -> str:
        """The IRI of the stream itself: not that of its root page, which is a document."""
        return f"{self.root}#stroom"

    def node(self, node: Node, revision: int = 1) -> str:
        """The IRI of a node, of one that was made again with its revision."""
        return f"{self.root}/{node_name(node, revision)}"

    @property
    def municipality(self) -> str | None:
        """The NIS code, when the feed is the view of one municipality."""
        return self.feed.partition("/gemeente/")[2] or None

    @property
    def view(self) -> str | None:
        """What the feed is a view of: a NIS code or an audience."""
        return self.feed.rpartition("/")[2] if "/" in self.feed else None


def node_name(node: Node, revision: int = 1) -> str:
    """The part of the address after the feed: `12`, `index/1/3`, `12-2` once page 12 was rewritten."""
    place = f"index/{node.level}/{node.number}" if node.level else str(node.number)
    return place if revision == 1 else f"{place}-{revision}"
