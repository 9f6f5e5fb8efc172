"""By what one can choose associations without query syntax, and how often each choice occurs.

The register's search, the list on the site and the lists for spreadsheets all choose by this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.exchange.register_api.fields import AGE_GROUP, MUNICIPALITY
from app.model.codelists import CodeLists
from app.store.search.query import OneOf

ACTIVITIES = "hoofdactiviteitenVerenigingsloket"


@dataclass(frozen=True)
class Facet:
    """One field to choose by: where its values stand, what somebody may write for them, the list that names them."""

    field: str
    read: Callable[[CodeLists, str], str]
    scheme: str | None = None

    def among(self, codelists: CodeLists, texts: list[str]) -> OneOf:
        """The choice of any of these, as they were written."""
        return OneOf(self.field, tuple(self.read(codelists, text) for text in texts))


def _from(scheme: str) -> Callable[[CodeLists, str], str]:
    """The code of what is named: by its code in any case, or by its name."""

    def read(codelists: CodeLists, text: str) -> str:
        found = codelists.find(scheme, text)
        return found.notation if found else text

    return read


def _type(codelists: CodeLists, text: str) -> str:
    return "VZER" if text.upper() == "FV" else _from("verenigingstype")(codelists, text)


def _as_written(codelists: CodeLists, text: str) -> str:
    return text


def _municipality(codelists: CodeLists, text: str) -> str:
    found = codelists.municipality(text)
    return found.nis if found else text


FACETS: Mapping[str, Facet] = {
    ACTIVITIES: Facet(f"{ACTIVITIES}.code", _from("hoofdactiviteit"), "hoofdactiviteit"),
    "verenigingstype": Facet("verenigingstype.code", _type, "verenigingstype"),
    "verenigingssubtype": Facet("verenigingssubtype.code", _from("verenigingssubtype"), "verenigingssubtype"),
    "werkingsgebieden": Facet("werkingsgebieden.code", _from("werkingsgebied"), "werkingsgebied"),
    "gemeente": Facet(MUNICIPALITY, _municipality, "gemeente"),
    "postcode": Facet("locaties.postcode", _as_written),
    "locatietype": Facet("locaties.locatietype", _from("locatietype"), "locatietype"),
    "leeftijdsgroep": Facet(AGE_GROUP, _from("leeftijdsgroep"), "leeftijdsgroep"),
}
