"""One question to two indexes that have nothing in common: what everybody may see, and what only some may.

Both(search, hidden, OneOf("thuis", ("44021",))).find(asked)      # hidden ones in their own place in the order
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.store.search.index import Asked, Found, Hit, Search, SortKey
from app.store.search.layout import Layout
from app.store.search.order import RELEVANCE
from app.store.search.query import Query, every
from app.store.search.state import order_of


@dataclass(frozen=True)
class Both:
    """What everybody may see, and of what is hidden only what is within `reach`."""

    public: Search
    hidden: Search
    reach: Query

    def find(self, asked: Asked) -> Found:
        """As `Search.find`: one order, one total, one count of each value."""
        within = replace(asked, query=every(asked.query, self.reach), offset=0, limit=asked.offset + asked.limit)
        hidden = self.hidden.find(within)
        # So many hidden ones at most stand before this page: what is public of it begins so much earlier.
        start = max(0, asked.offset - hidden.total)
        public = self.public.find(replace(asked, offset=start, limit=asked.offset - start + asked.limit))
        marked = (replace(hit, is_hidden=True) for hit in hidden.hits)
        hits = in_order((*public.hits, *marked), asked.keys, self.public.file.layout)
        first = asked.offset - start
        counts = {name: _added(public.counts[name], hidden.counts[name]) for name in asked.counts}
        sequence = min(public.sequence, hidden.sequence)
        return Found(public.total + hidden.total, tuple(hits[first : first + asked.limit]), counts, sequence)

    def sequence(self) -> int:
        """How far in the log both are."""
        return min(self.public.sequence(), self.hidden.sequence())

    def hidden_ids(self, query: Query) -> list[int]:
        """The ids of what fits and is hidden."""
        return self.hidden.ids(every(query, self.reach))


def in_order(hits: Iterable[Hit], keys: Sequence[SortKey], layout: Layout) -> list[Hit]:
    """The hits as `Order` puts them: by each key, what has no value last, and equal ones by code, the last first."""
    ordered = sorted(hits, key=lambda hit: hit.id, reverse=True)
    # The last key first, as sorting keeps the order of equals.
    for index, key in reversed(list(enumerate(keys))):
        if key.field == layout.code[0]:
            # No two have one code: the keys after it order nothing.
            ordered.sort(key=lambda hit: hit.id, reverse=key.descending)
        else:
            is_text = key.field in layout.keys or key.field == RELEVANCE
            ordered.sort(key=partial(_value, index, is_text), reverse=key.descending)
            ordered.sort(key=partial(_lacks, index))
    return ordered


def _value(index: int, is_text: bool, hit: Hit) -> tuple[int, float, str]:
    value = str(hit.place[index]) if len(hit.place) > index else ""
    return (0, 0.0, value) if is_text else order_of(value)


def _lacks(index: int, hit: Hit) -> bool:
    return len(hit.place) > index and hit.place[index] is None


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))
