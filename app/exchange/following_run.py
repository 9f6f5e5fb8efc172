"""What came of a run over the event stream of others, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.store.followed import Thing

ENDLESS = "Deze bron noemt telkens nieuwe pagina’s. We kennen er {most}, en volgen geen andere meer."


@dataclass
class Run:
    """What a run came to; `problems` are of pages, `hinted` went in though something in it could be better.

    `most` is how many pages are known, when there are more.
    """

    pages: int = 0
    taken: int = 0
    same: int = 0
    aside: list[Thing] = field(default_factory=list)
    hinted: list[Thing] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    most: int = 0

    def __str__(self) -> str:
        told = f"{_counted(self.pages, 'pagina')} gelezen, {_counted(self.taken, 'versie')} overgenomen"
        told += f", {self.same} al gekend" if self.same else ""
        told += f", {len(self.aside)} opzij" if self.aside else ""
        told += f", {len(self.hinted)} met opmerkingen" if self.hinted else ""
        told += f", {_counted(len(self.problems), 'pagina')} met een probleem." if self.problems else "."
        return told + (f" {ENDLESS.format(most=self.most)}" if self.most else "")


def _counted(number: int, what: str) -> str:
    plural = {"pagina": "pagina’s", "versie": "versies"}
    return f"{number} {what if number == 1 else plural[what]}"
