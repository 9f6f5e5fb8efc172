"""Feeds of the log as LDES: which nodes a feed has, and the bytes of each in every media type and encoding.

    feeds = LdesFeeds(log, base, folder, describe)
    place = feeds.find(parse_path("/ldes/verenigingen/12"))
    feeds.represent(place, "trig", "br")

A full page never changes. When something in it had to be erased from the log all the same, `retract` makes the page
again under a new IRI: the root and the index nodes link to that one, and the old address redirects there
(https://semiceu.github.io/LinkedDataEventStreams/server-primer.html#rebalancing).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.errors import Gone, Unknown
from app.exchange.ldes.addresses import FAN_OUT, ROOT, FeedAddress, Node, Target, forest, node_name
from app.exchange.ldes.nodes import Description, Link, index_page, member_page, overview_page, root_page
from app.exchange.ldes.page import Page
from app.exchange.ldes.revisions import Revisions
from app.exchange.ldes.sealing import SealedPages, compress
from app.exchange.ldes.writing import FORMATS
from app.store.log import Log


@dataclass(frozen=True)
class Place:
    """A node as it stands at one moment: equal places have equal bytes.

    `extent` is what the bytes depend on beside the address; a full node depends on nothing.
    """

    feed: str | None
    node: Node | None
    revision: int
    extent: tuple[int | str, ...]
    full: bool


@dataclass(frozen=True)
class Summary:
    """The size of a feed and the time of its last member, None when it is empty."""

    address: FeedAddress
    description: Description
    size: int
    pages: int
    changed: str | None


class LdesFeeds:
    """All feeds of one log; `describe` gives None for a feed that cannot be."""

    def __init__(
        self,
        log: Log,
        base: str,
        folder: Path,
        describe: Callable[[str], Description | None],
        page_size: int = 250,
    ) -> None:
        self.base = base
        self.page_size = page_size
        self._log = log
        self._describe = describe
        self._sealed = SealedPages(folder)
        self._revisions = Revisions(log)
        self._sizes: dict[str, int] = {}
        self._times: dict[tuple[str, int], str] = {}

    def find(self, target: Target) -> Place:
        """The place that a path names; raises Unknown past the end, Gone with the new IRI for a rewritten node."""
        if target.feed is None:
            return Place(None, None, 1, tuple(self._log.feeds()), False)
        if target.node is None:
            return self._root(target.feed)
        if not self.is_full(target.feed, target.node):
            return self._open_page(target)
        revision = self._revisions.of(target.feed, target.node.pages)
        if target.revision < revision:
            new = FeedAddress(self.base, target.feed).node(target.node, revision)
            raise Gone("Deze pagina van de feed is herschreven.", replaced_by=new)
        if target.revision > revision:
            raise Unknown("Deze pagina van de feed bestaat niet.")
        return Place(target.feed, target.node, revision, (), True)

    def is_full(self, feed: str, node: Node) -> bool:
        """True once no member can come in any more; after that, without asking the log again."""
        last = node.pages[-1]
        return last <= self._full_pages(feed) or last <= self._measure(feed) // self.page_size

    def represent(self, place: Place, suffix: str, encoding: str) -> bytes:
        """The bytes of a place; those of a full one come from disk, and are put there the first time."""
        if not place.full:
            return compress(self.render(place, suffix), encoding)
        name = self._file(place, suffix)
        body = self._sealed.read(name, encoding)
        return self._seal(place, suffix, encoding) if body is None else body

    def render(self, place: Place, suffix: str) -> bytes:
        """Make the bytes of a place from the log."""
        return FORMATS[suffix].write(self.page(place))

    def page(self, place: Place) -> Page:
        """What stands in a place."""
        if place.feed is None:
            feeds = self._log.feeds()
            return overview_page(self.base, ((FeedAddress(self.base, f), self._description(f)) for f in feeds))
        address, node = FeedAddress(self.base, place.feed), place.node
        if node is None:
            return root_page(address, self._description(place.feed), self._links(place))
        iri = address.node(node, place.revision)
        if node.level:
            return index_page(address, iri, (self._link(address, child) for child in node.children()))
        first, last = self._positions(node)
        last = last if place.full else int(place.extent[0])
        return member_page(address, iri, self._log.members(place.feed, first, last), place.full)

    def iri(self, place: Place) -> str:
        """The address of a place, whatever the media type."""
        if place.feed is None:
            return f"{self.base}{ROOT}"
        address = FeedAddress(self.base, place.feed)
        return address.root if place.node is None else address.node(place.node, place.revision)

    def summary(self, feed: str) -> Summary:
        """How large a feed is and when it last changed; raises Unknown."""
        size = self._measure(feed)
        changed = self._time(feed, size) if size else None
        return Summary(FeedAddress(self.base, feed), self._description(feed), size, -(-size // self.page_size), changed)

    def summaries(self) -> list[Summary]:
        """The same of every feed that has members."""
        return [self.summary(feed) for feed in self._log.feeds()]

    def retract(self, feed: str, page: int) -> str:
        """Drop a full page after an erasure in the log, and give the new IRI under which it is made again."""
        if not self.is_full(feed, Node(0, page)):
            raise Unknown("Alleen een volle pagina van een feed kan herschreven worden.")
        for node in _above(page, self._full_pages(feed)):
            place = Place(feed, node, self._revisions.of(feed, node.pages), (), True)
            for suffix in FORMATS:
                self._sealed.drop(self._file(place, suffix))
        self._revisions.rewrite(feed, page)
        node = Node(0, page)
        return FeedAddress(self.base, feed).node(node, self._revisions.of(feed, node.pages))

    def _root(self, feed: str) -> Place:
        pages, still_open = divmod(self._measure(feed), self.page_size)
        self._revisions.refresh()
        rewritten = self._revisions.of(feed, range(1, pages + 1))
        return Place(feed, None, rewritten, (pages, int(still_open > 0)), False)

    def _open_page(self, target: Target) -> Place:
        feed, node = str(target.feed), target.node or Node(0, 1)
        size = self._sizes[feed]
        if node.level or target.revision > 1 or self._positions(node)[0] > size:
            raise Unknown("Deze pagina van de feed bestaat nog niet.")
        return Place(feed, node, 1, (size,), False)

    def _links(self, root: Place) -> Iterator[Link]:
        address, (pages, still_open) = FeedAddress(self.base, str(root.feed)), root.extent
        for node in forest(int(pages)):
            yield self._link(address, node)
        if still_open:
            page = Node(0, int(pages) + 1)
            yield Link(address.node(page), self._time(address.feed, self._positions(page)[0]), None)

    def _link(self, address: FeedAddress, node: Node) -> Link:
        first, last = self._positions(node)
        iri = address.node(node, self._revisions.of(address.feed, node.pages))
        return Link(iri, self._time(address.feed, first), self._time(address.feed, last))

    def _seal(self, place: Place, suffix: str, encoding: str) -> bytes:
        body, name = self.render(place, suffix), self._file(place, suffix)
        try:
            self._sealed.seal(name, body)
        except OSError:
            # A full disk stops the sealing, not the feed: the next request tries again.
            return compress(body, encoding)
        return self._sealed.read(name, encoding) or compress(body, encoding)

    def _file(self, place: Place, suffix: str) -> str:
        return f"{place.feed}/{node_name(place.node or Node(0, 0), place.revision)}.{suffix}"

    def _description(self, feed: str) -> Description:
        return self._describe(feed) or Description(feed, feed)

    def _measure(self, feed: str) -> int:
        size = self._log.feed_size(feed)
        if size == 0 and self._describe(feed) is None:
            raise Unknown("Deze feed bestaat niet.")
        self._sizes[feed] = size
        return size

    def _full_pages(self, feed: str) -> int:
        return self._sizes.get(feed, 0) // self.page_size

    def _positions(self, node: Node) -> tuple[int, int]:
        return (node.pages[0] - 1) * self.page_size + 1, node.pages[-1] * self.page_size

    def _time(self, feed: str, position: int) -> str:
        if (feed, position) not in self._times:
            self._times[feed, position] = self._log.members(feed, position, position)[0].version.time
        return self._times[feed, position]


def _above(page: int, pages: int) -> Iterator[Node]:
    """The full nodes in which a page stands, itself first."""
    node = Node(0, page)
    while node.pages[-1] <= pages:
        yield node
        node = Node(node.level + 1, -(-node.number // FAN_OUT))
