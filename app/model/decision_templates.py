"""Templates of decisions that are made here: `ontology/besluiten/sjablonen.toml`."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Template:
    """The texts of one kind of decision; `questions` are what is asked of who writes it, with their labels."""

    key: str
    label: str
    sort: str
    about_association: bool
    texts: Mapping[str, str]
    articles: tuple[tuple[str, str], ...]
    questions: Mapping[str, str]

    def fill(self, values: Mapping[str, str]) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """The texts and the articles with these values in them; one that is not given leaves nothing."""
        given = _Given(values)
        texts = {term: _tidy(string.Formatter().vformat(text, (), given)) for term, text in self.texts.items()}
        articles = [(title, _tidy(string.Formatter().vformat(text, (), given))) for title, text in self.articles]
        return texts, [(title, text) for title, text in articles if text]


class _Given(Mapping[str, str]):
    """Values by name; empty for a name that has none."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def load_templates(root: Path) -> Mapping[str, Template]:
    """The templates by key, in the order of the file."""
    read = tomllib.loads((root / "ontology" / "besluiten" / "sjablonen.toml").read_text(encoding="utf-8"))
    return {key: _template(key, one) for key, one in read.items()}


def _template(key: str, one: Mapping[str, object]) -> Template:
    articles, questions = one["artikelen"], one["vragen"]
    assert isinstance(articles, list) and isinstance(questions, dict)
    return Template(
        key=key,
        label=str(one["label"]),
        sort=str(one["soort"]),
        about_association=bool(one["vereniging"]),
        texts={term: str(one[term]) for term in ("naam", "citeeropschrift", "beschrijving", "motivering")},
        articles=tuple((str(title), str(text)) for title, text in articles),
        questions=questions,
    )


def _tidy(text: str) -> str:
    return " ".join(text.split())
