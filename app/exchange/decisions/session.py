"""A session out of a graph, as a document: its agenda, what came of each item, and the votes."""

from __future__ import annotations

from collections.abc import Sequence

from app.exchange.decisions.terms import ITEM, SESSION, TREATMENT, VOTE
from app.exchange.decisions.values import Reader, body_of, filled, municipality_of, part, session_of
from app.model.fields import Document
from app.model.graph import IRI
from app.model.terms import BESLUIT, DCT, PROV, RDF, RDFS

EXT_ABSENT = IRI("http://mu.semte.ch/vocabularies/ext/heeftAfwezigeBijStart")


def read_session(read: Reader, session: IRI) -> Document:
    """The fields of a session; those that nothing is said of are empty."""
    body = read.link(session, BESLUIT.isGehoudenDoor)
    items = read.in_order(_items_of(read, session))
    treatments = read.in_order(t for t in read.members(TREATMENT) if session_of(read, t) == session)
    return {
        "geplandeStart": read.typed(session, BESLUIT.geplandeStart, "dateTime"),
        "start": read.typed(session, PROV.startedAtTime, "dateTime"),
        "einde": read.typed(session, PROV.endedAtTime, "dateTime"),
        "plaats": _place(read, session),
        "gemeente": municipality_of(read, body),
        "orgaan": body_of(read, body, read.context.iri("zitting", session.value)),
        "voorzitter": read.link(session, BESLUIT.heeftVoorzitter),
        "secretaris": read.link(session, BESLUIT.heeftSecretaris),
        "aanwezigen": read.links(session, BESLUIT.heeftAanwezigeBijStart),
        "afwezigen": read.links(session, EXT_ABSENT),
        "agendapunten": [_item(read, session, items, place) for place in range(len(items))],
        "behandelingen": [_treatment(read, session, treatments, place) for place in range(len(treatments))],
        "agenda": read.links(session, BESLUIT.heeftAgenda),
        "besluitenlijst": read.links(session, BESLUIT.heeftBesluitenlijst),
        "notulen": read.links(session, BESLUIT.heeftNotulen),
        "uittreksels": read.links(session, BESLUIT.heeftUittreksel),
    }


def _place(read: Reader, session: IRI) -> str | None:
    """Where it was held: a text, or the name of a place."""
    place = read.link(session, PROV.atLocation)
    return read.line(session, PROV.atLocation) or (read.line(IRI(place), RDFS.label) if place else None)


def _items_of(read: Reader, session: IRI) -> list[IRI]:
    """Its agenda items; where no session names any and there is but one, all of them."""
    own = [IRI(iri) for iri in read.links(session, BESLUIT.behandelt)]
    sessions = read.members(SESSION)
    if own or any(read.links(other, BESLUIT.behandelt) for other in sessions):
        return own
    return read.members(ITEM) if sessions == [session] else []


def _item(read: Reader, session: IRI, items: Sequence[IRI], place: int) -> Document:
    item = items[place]
    return filled(
        {
            "@id": part(read, session, "agendapunt", item),
            "naam": read.line(item, DCT["title"]),
            "beschrijving": read.line(item, DCT.description),
            "geplandOpenbaar": read.flag(item, BESLUIT.geplandOpenbaar),
            "na": part(read, session, "agendapunt", items[place - 1]) if place else None,
            "volgorde": place + 1,
            "zelfdeAls": item.value,
        }
    )


def _treatment(read: Reader, session: IRI, treatments: Sequence[IRI], place: int) -> Document:
    treatment = treatments[place]
    item = read.link(treatment, DCT.subject)
    votes = read.in_order(IRI(iri) for iri in read.links(treatment, BESLUIT.heeftStemming))
    decisions = [IRI(iri) for iri in read.links(treatment, PROV.generated)]
    return filled(
        {
            "@id": part(read, session, "behandeling", treatment),
            "agendapunt": part(read, session, "agendapunt", IRI(item)) if item else None,
            "besluiten": sorted(read.context.iri("besluit", decision.value) for decision in decisions),
            "openbaar": read.flag(treatment, BESLUIT.openbaar),
            "na": part(read, session, "behandeling", treatments[place - 1]) if place else None,
            "aanwezigen": read.links(treatment, BESLUIT.heeftAanwezige),
            "voorzitter": read.link(treatment, BESLUIT.heeftVoorzitter),
            "secretaris": read.link(treatment, BESLUIT.heeftSecretaris),
            "stemmingen": [_vote(read, session, v) for v in votes if VOTE in read.graph.objects(v, RDF.type)],
            "volgorde": place + 1,
            "zelfdeAls": treatment.value,
        }
    )


def _vote(read: Reader, session: IRI, vote: IRI) -> Document:
    return filled(
        {
            "@id": part(read, session, "stemming", vote),
            "onderwerp": read.line(vote, BESLUIT.onderwerp),
            "gevolg": read.line(vote, BESLUIT.gevolg),
            "geheim": read.flag(vote, BESLUIT.geheim),
            "aantalVoorstanders": read.count(vote, BESLUIT.aantalVoorstanders),
            "aantalTegenstanders": read.count(vote, BESLUIT.aantalTegenstanders),
            "aantalOnthouders": read.count(vote, BESLUIT.aantalOnthouders),
            "aanwezigen": read.links(vote, BESLUIT.heeftAanwezige),
            "stemmers": read.links(vote, BESLUIT.heeftStemmer),
            "voorstanders": read.links(vote, BESLUIT.heeftVoorstander),
            "tegenstanders": read.links(vote, BESLUIT.heeftTegenstander),
            "onthouders": read.links(vote, BESLUIT.heeftOnthouder),
            "zelfdeAls": vote.value,
        }
    )
