"""The concepts that rules speak of, found once in the code lists by their notation."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.codelists import CodeLists


@dataclass(frozen=True)
class Notions:
    """Concept IRIs by what they mean to a rule."""

    without_personality: str
    with_personality: frozenset[str]
    not_determined: str
    part: str
    active: str
    stopped: str
    double: str
    correspondence: str
    seat: str
    not_applicable: str
    requested: str
    recognised: str
    expired: str
    suspended: str
    from_kbo: str


def notions_of(codelists: CodeLists) -> Notions:
    """Raises LookupError naming the notation that the code lists lack."""

    def iri(scheme_key: str, notation: str) -> str:
        concept = codelists.find(scheme_key, notation)
        if concept is None:
            raise LookupError(f"the code list {scheme_key} has no {notation}")
        return concept.iri

    return Notions(
        without_personality=iri("verenigingstype", "VZER"),
        with_personality=frozenset(iri("verenigingstype", code) for code in ("VZW", "IVZW", "PS", "SVON")),
        not_determined=iri("verenigingssubtype", "NB"),
        part=iri("verenigingssubtype", "SUB"),
        active=iri("status", "Actief"),
        stopped=iri("status", "Gestopt"),
        double=iri("status", "Dubbel"),
        correspondence=iri("locatietype", "Correspondentie"),
        seat=iri("locatietype", "Maatschappelijke zetel volgens KBO"),
        not_applicable=iri("werkingsgebied", "NVT"),
        requested=iri("erkenningsstatus", "InAanvraag"),
        recognised=iri("erkenningsstatus", "Actief"),
        expired=iri("erkenningsstatus", "Verlopen"),
        suspended=iri("erkenningsstatus", "Geschorst"),
        from_kbo=iri("bron", "KBO"),
    )
