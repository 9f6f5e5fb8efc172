"""How sessions and decisions behave: found by municipality, decisions also by type and by what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.errors import Forbidden, Problem
from app.model.fields import Document
from app.register import agents
from app.register.conduct import Case, Conduct, Standing
from app.register.desk import Desk
from app.register.doubles.traits import plain_address
from app.store.records import Name

DECISION, SESSION = "besluit", "zitting"
ABOUT, CITED = "gaatOver", "citeert"
MOMENTS = ("geplandeStart", "start", "einde")
SESSIONS_OF = "zitting-van"
# When it was signed: what is made here is public from then on.
SIGNED = "ondertekendOp"
# Those by which decisions are found: what they are called at their source, the pages they stand in; regulations by NIS.
ELSEWHERE, PAGE, REGULATION = "elders", "pagina", "reglement"
_REGULATION = re.compile(r"reglement(?:en)?\b", re.IGNORECASE)
_BY = re.compile(r"\b(?:volgens|conform|krachtens|ingevolge|in toepassing van|op basis van|in het kader van|ikv)\b")


def derive_decision(document: Document, desk: Desk) -> None:
    """A decision is about every association and product that it is tied to, and cites every decision."""
    tied = {node.get("vereniging") or node["onderwerp"] for node in document.get("verbanden", ())}
    decisions = desk.register.schema.entity_types[DECISION].iri_start
    cited = {iri for iri in tied if iri.startswith(decisions)}
    for term, iris in ((ABOUT, tied - cited), (CITED, cited)):
        if iris:
            document[term] = sorted({*document.get(term, ()), *iris})


def is_regulation(document: Mapping[str, Any]) -> bool:
    """Whether a decision makes a rule for all, and does not just apply one. The official type does not tell them apart.

    >>> is_regulation({"naam": "Subsidie aan KWB Bellem volgens het subsidiereglement cultuur"})
    False
    """
    title = _BY.split(str(document.get("naam", "")), maxsplit=1)[0]
    return _REGULATION.search(title) is not None


def known_as(document: Mapping[str, Any]) -> frozenset[str]:
    """What a decision is called at its source, as addresses are compared."""
    return frozenset(map(plain_address, document.get("zelfdeAls", ())))


def derive_session(document: Document, desk: Desk) -> None:
    """A municipality's own session is of that municipality, and so is the body that holds it."""
    home = desk.register.codelists.municipality(desk.agent.municipality) if desk.agent.municipality else None
    if home is None:
        return
    document.setdefault("gemeente", home.iri)
    if "orgaan" in document and home.unit:
        document["orgaan"].setdefault("bestuurt", home.unit)


def session_is_in_order(case: Case) -> Iterator[Problem]:
    """It ends after it begins; asked of what is written here, not of what others publish."""
    if case.desk.agent.role == agents.SYSTEM:
        return
    moments = {term: instant(case.document[term]) for term in MOMENTS if term in case.document}
    yield from (Problem(term, "Geef een geldig tijdstip.") for term, when in moments.items() if when is None)
    start, end = moments.get("start"), moments.get("einde")
    if start and end and end < start:
        yield Problem("einde", "De zitting eindigt na haar begin.")


def instant(text: str) -> datetime | None:
    """A time as it stands in a document, to compare by; None for what is no time."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def decision_standing(document: Document, desk: Desk) -> Standing:
    """Views by municipality and by type; found by what it is about, where it stands, and as a regulation."""
    codelists = desk.register.codelists
    types = (codelists.concept(iri, "besluittype") for iri in document.get("soorten", ()))
    sorts = (f"soort/{concept.notation}" for concept in types if concept and not concept.deprecated)
    homes = tuple(_home(document, desk))
    keys: set[Name] = {(ABOUT, iri) for iri in document.get(ABOUT, ())}
    keys |= {(ELSEWHERE, iri) for iri in known_as(document)}
    keys |= {(PAGE, plain_address(url)) for url in document.get("bronnen", ())}
    if not (is_published(document) and is_regulation(document)):
        return Standing(views=(*homes, *sorts), keys=frozenset(keys))
    keys |= {(REGULATION, home.removeprefix("gemeente/")) for home in homes}
    summary = f"{document.get('zittingsdatum', '')} {document['naam']}".encode()
    return Standing(views=(*homes, *sorts), keys=frozenset(keys), summary=summary)


def session_standing(document: Document, desk: Desk) -> Standing:
    """Views by municipality; one that is kept here is found by the administration whose body held it."""
    owner = document.get("orgaan", {}).get("bestuurt") if document.get("code", "")[:1] == "Z" else None
    keys: frozenset[Name] = frozenset({(SESSIONS_OF, owner)} if owner else ())
    return Standing(views=tuple(_home(document, desk)), keys=keys)


def allow(case: Case) -> None:
    """The system reads what municipalities publish; a municipality writes its own. Raises Forbidden."""
    agent = case.desk.agent
    if agent.role in (agents.SYSTEM, agents.MANAGER):
        return
    stood = case.before or case.document
    for document in (stood, case.document):
        home = next(_home(document, case.desk), "").removeprefix("gemeente/")
        if not home or not agent.covers(home):
            raise Forbidden("Dit is van een andere gemeente.")


def is_published(document: Document) -> bool:
    """What others published is public; what is made here, once it is signed."""
    made_here = document.get("code", "")[:1] in ("B", "Z") and "zelfdeAls" not in document
    return not made_here or SIGNED in document


def _home(document: Document, desk: Desk) -> Iterator[str]:
    place = document.get("gemeente")
    home = desk.register.codelists.municipality(place) if place else None
    if home is not None:
        yield f"gemeente/{home.nis}"


DECISIONS = Conduct(
    derive=derive_decision, standing=decision_standing, allow=allow, visible=is_published, trusting=True
)
SESSIONS = Conduct(
    derive=derive_session,
    rules=(session_is_in_order,),
    standing=session_standing,
    allow=allow,
    visible=is_published,
    trusting=True,
)
