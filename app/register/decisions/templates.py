"""The templates of decisions: what each is called, asks, brings about and says; read from the code list.

template = templates(codelists)["erkenning"]
template.asks, template.effect, template.texts["naam"]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.model.codelists import CodeLists
from app.model.graph import IRI, Graph, Literal, Subject
from app.model.terms import SH, VL

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
    found = [(_order(scheme.graph, IRI(each.iri)), each) for each in scheme.concepts if not each.deprecated]
    ordered = [concept for _, concept in sorted(found, key=lambda pair: pair[0])]
    return {
        concept.notation: _template(
            scheme.graph, IRI(concept.iri), concept.notation, concept.label, concept.definition or ""
        )
        for concept in ordered
    }


def template_of(iri: str, codelists: CodeLists) -> Template:
    """The template with this IRI."""
    return next(each for each in templates(codelists).values() if each.iri == iri)


def _template(graph: Graph, node: IRI, key: str, label: str, what: str) -> Template:
    articles = sorted(graph.objects(node, VL.artikelsjabloon), key=lambda each: _order(graph, each))  # type: ignore[arg-type]
    return Template(
        key=key,
        iri=node.value,
        label=label,
        what=what,
        effect=_text(graph, node, VL.gevolg),
        asks=frozenset(each.value for each in graph.objects(node, VL.vraagt) if isinstance(each, Literal)),
        types=tuple(sorted(each.value for each in graph.objects(node, VL.besluittype) if isinstance(each, IRI))),
        grounds=tuple(sorted(each.value for each in graph.objects(node, VL.rechtsgrond) if isinstance(each, IRI))),
        texts={term: _text(graph, node, property) for term, property in TEXTS.items()},
        articles=tuple(
            ArticleTemplate(_text(graph, each, VL.titelsjabloon), _text(graph, each, VL.tekstsjabloon))
            for each in articles
            if isinstance(each, IRI)
        ),
    )


def _text(graph: Graph, node: Subject, property: IRI) -> str:
    found = graph.value(node, property)
    return found.value if isinstance(found, Literal) else ""


def _order(graph: Graph, node: Subject) -> int:
    found = graph.value(node, SH.order)
    return int(found.value) if isinstance(found, Literal) else 0
