"""What is known of a product that is offered, and what somebody can look for (`offer_index` finds it)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.model.codelists import fold
from app.model.fields import Document

AREAS = "toepassingsgebied"


@dataclass(frozen=True)
class Offer:
    """One product; `facets` has its codes by parameter, `areas` the codes of where it holds."""

    code: str
    iri: str
    title: str
    summary: str
    owner: str
    condition: str
    changed: str
    order: str
    title_words: str
    words: str
    areas: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    deciding: Document = field(repr=False)


# Parameter in the address, field of the product, code list, what the form says.
FACETS = (
    ("doelgroep", "doelgroepen", "doelgroep", "Doelgroep"),
    ("type", "type", "producttype", "Soort aanbod"),
    ("thema", "themas", "thema", "Thema"),
    ("activiteit", "activiteiten", "hoofdactiviteit", "Activiteit"),
    ("bestuur", "uitvoerendBestuursniveaus", "uitvoerendbestuursniveau", "Bestuur"),
)
PLACE = "gemeente"


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: words, and codes by parameter; `gemeente` is a NIS code."""

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)

    def without(self, parameter: str) -> Wanted:
        """The same, but for one choice."""
        return Wanted(self.text, {name: code for name, code in self.chosen.items() if name != parameter})

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not (self.text or self.chosen)

    @property
    def words(self) -> list[str]:
        """The words of the text as they are kept."""
        """A sign that joins others is none by itself."""
        return [folded for word in self.text.split() if (folded := fold(word))]
