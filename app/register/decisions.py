"""How sessions and decisions behave: found by municipality, decisions also by type and by what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from app.errors import Forbidden, Problem
from app.model.fields import Document
from app.register import agents
from app.register.conduct import Case, Conduct, Standing
from app.register.desk import Desk
from app.store.records import Name

DECISION, SESSION = "besluit", "zitting"
ABOUT = "gaatOver"
MOMENTS = ("geplandeStart", "start", "einde")
SESSIONS_OF = "zitting-van"
# When it was signed: what is made here is public from then on.
SIGNED = "ondertekendOp"


def derive_decision(document: Document, desk: Desk) -> None:
    """A decision is about every association that it is tied to."""
    tied = {node["vereniging"] for node in document.get("verbanden", ()) if "vereniging" in node}
    if tied:
        document[ABOUT] = sorted({*document.get(ABOUT, ()), *tied})


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
    """Views by municipality and by type; shared names: what it is about."""
    codelists = desk.register.codelists
    types = (codelists.concept(iri, "besluittype") for iri in document.get("soorten", ()))
    sorts = (f"soort/{concept.notation}" for concept in types if concept and not concept.deprecated)
    about: frozenset[Name] = frozenset((ABOUT, iri) for iri in document.get(ABOUT, ()))
    return Standing(views=(*_home(document, desk), *sorts), keys=about)


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
