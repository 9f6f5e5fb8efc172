"""The templates of decisions: what each is called, asks, brings about and says; read from the code list.

template = templates(codelists)["erkenning"]
template.asks, template.effect, template.texts["naam"]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.model.codelists import CodeLists, Concept
from app.model.graph import IRI, Graph
from app.model.reading import iris_of, ordered, text_of, texts_of
from app.model.terms import VL

SCHEME = "besluitsjabloon"
TEXTS = {
    "naam": VL.titelsjabloon,
    "citeeropschrift": VL.citeersjabloon,
    "beschrijving": VL.beschrijvingsjabloon,
    "motivering": VL.motiveringsjabloon,
}


@dataclass(frozen=True)
class ArticleTemplate:
    """One article: its title and text, in Jinja."""

    title: str
    text: str


@dataclass(frozen=True)
class Template:
    """One kind of decision; `texts` are in Jinja, by the field of the draft that they begin."""

    key: str
    iri: str
    label: str
    what: str
    effect: str
    asks: frozenset[str]
    types: tuple[str, ...]
    grounds: tuple[str, ...]
    texts: Mapping[str, str]
    articles: tuple[ArticleTemplate, ...]


@lru_cache(maxsize=1)
def templates(codelists: CodeLists) -> Mapping[str, Template]:
    """All templates by key, in their order."""
    scheme = codelists.scheme(SCHEME)
    used = {IRI(concept.iri): concept for concept in scheme.concepts if not concept.deprecated}
    return {used[node].notation: _template(scheme.graph, used[node]) for node in ordered(scheme.graph, used)}


def template_of(iri: str, codelists: CodeLists) -> Template:
    """The template with this IRI."""
    return next(each for each in templates(codelists).values() if each.iri == iri)


def _template(graph: Graph, concept: Concept) -> Template:
    node = IRI(concept.iri)
    return Template(
        key=concept.notation,
        iri=concept.iri,
        label=concept.label,
        what=concept.definition or "",
        effect=text_of(graph, node, VL.gevolg),
        asks=frozenset(texts_of(graph, node, VL.vraagt)),
        types=_sorted(graph, node, VL.besluittype),
        grounds=_sorted(graph, node, VL.rechtsgrond),
        texts={term: text_of(graph, node, property) for term, property in TEXTS.items()},
        articles=tuple(
            ArticleTemplate(text_of(graph, each, VL.titelsjabloon), text_of(graph, each, VL.tekstsjabloon))
            for each in ordered(graph, iris_of(graph, node, VL.artikelsjabloon))
        ),
    )


def _sorted(graph: Graph, node: IRI, property: IRI) -> tuple[str, ...]:
    return tuple(sorted(each.value for each in iris_of(graph, node, property)))
