"""What one can choose beside a list: each value with how many it would give, and the address that chooses it.

    here = Here(request.url.path, request.query_params)
    facet("thema", "Thema", choices, here).options[0].href       # "/aanbod?zoek=zaal&thema=CultuurSportVrijeTijd"

All of it is plain links, so that filtering takes no script and each choice can be kept, sent and cached as an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

PAGE = "pagina"
# Of a longer list these many are in sight, those that give the most.
SHOWN = 7


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with how many it would give."""

    code: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Option:
    """A choice, and where it leads: to the list with it, or without when it is chosen already."""

    choice: Choice
    href: str


@dataclass(frozen=True)
class Facet:
    """One list of choices; `more` are those that stand folded."""

    name: str
    label: str
    options: tuple[Option, ...]
    more: tuple[Option, ...]

    @property
    def chosen(self) -> Option | None:
        """What was chosen of it."""
        return next((each for each in (*self.options, *self.more) if each.choice.is_chosen), None)


@dataclass(frozen=True)
class Here:
    """Where one is: a path, and what was chosen."""

    path: str
    parameters: Mapping[str, str]

    def with_(self, name: str, value: str = "") -> str:
        """
        >>> Here("/aanbod", {"zoek": "zaal", "pagina": "3"}).with_("type", "Bewijs")
        '/aanbod?zoek=zaal&type=Bewijs'
        >>> Here("/aanbod", {"type": "Bewijs"}).with_("type")
        '/aanbod'
        """
        kept = {key: given for key, given in self.parameters.items() if given and key not in (name, PAGE)}
        query = urlencode({**kept, name: value} if value else kept)
        return self.path + (f"?{query}" if query else "")

    def rest(self, *asked: str) -> Iterator[tuple[str, str]]:
        """What a form that asks for these takes along unseen."""
        return ((name, value) for name, value in self.parameters.items() if value and name not in (*asked, PAGE))


def facet(name: str, label: str, choices: Iterable[Choice], here: Here) -> Facet:
    """The list as it is shown; the chosen value is always in sight."""
    options = [Option(each, here.with_(name, "" if each.is_chosen else each.code)) for each in choices]
    if len(options) <= SHOWN + 1:
        return Facet(name, label, tuple(options), ())
    ranked = sorted(options, key=lambda each: (not each.choice.is_chosen, -each.choice.count))
    first = {each.choice.code for each in ranked[:SHOWN]}
    return Facet(
        name,
        label,
        tuple(each for each in options if each.choice.code in first),
        tuple(each for each in options if each.choice.code not in first),
    )
