"""What stands in the menus of `/beheer` and `/mijn-vereniging`: a new room adds one row here.

return framed(request, DESK, "werklijst.html", tasks=tasks)      # in a template: {% extends "kader.html" %}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Forbidden
from app.register import agents
from app.register.agents import Agent
from app.register.rights import Rights
from app.web.auth import agent_of
from app.web.pages import page
from app.web.service import Service

ADMINISTRATION = frozenset({agents.MUNICIPALITY, agents.VENDOR, agents.FEDERATION, agents.MANAGER, agents.DPO})


@dataclass(frozen=True)
class Room:
    """One entry of a menu, and one card on the page where the menu begins.

    Who may do `action` (a key of `ontology/rights.ttl`) with anything at all sees it; without one, everybody does.
    Rooms of one `group` stand together under its name.
    """

    href: str
    label: str
    what: str = ""
    action: str = ""
    group: str = ""


@dataclass(frozen=True)
class House:
    """Rooms under one roof, in order: the name of the menu, and the roles that come in."""

    label: str
    roles: frozenset[str]
    rooms: tuple[Room, ...]

    def open_to(self, agent: Agent, rights: Rights) -> tuple[Room, ...]:
        """The entries that this agent sees."""
        return tuple(room for room in self.rooms if not room.action or rights.may(agent, room.action))


def _grouped(group: str, *rooms: Room) -> Iterator[Room]:
    return (replace(room, group=group) for room in rooms)


DESK = House(
    "Beheer",
    ADMINISTRATION,
    (
        Room("/beheer", "Overzicht"),
        Room("/beheer/rapporten", "Rapporten", "Cijfers van uw gemeente, en wat eerst te doen.", "SeeFigures"),
        *_grouped(
            "Verenigingen",
            Room("/beheer/nieuw", "Nieuw en gewijzigd", "Wat er bijkwam of veranderde.", "DecideReferral"),
            Room("/beheer/verenigingen", "Alle verenigingen", "Opzoeken, wijzigen en erkennen.", "ReadInternal"),
            Room("/beheer/werklijst", "Werklijst", "Dubbels, adressen en besluiten: u beslist.", "DecideReferral"),
            Room("/beheer/invoer", "Lijst inlezen", "Verenigingen uit een rekenblad.", "RegisterAssociation"),
            Room("/beheer/kbo", "Uit de KBO", "Een vereniging registreren met haar KBO-nummer.", "RegisterAssociation"),
        ),
        *_grouped(
            "Producten",
            Room("/beheer/producten", "Producten", "Wat u aanbiedt: opstellen, herzien, bekendmaken.", "Create"),
            Room("/beheer/nazicht", "Na te kijken", "Welke producten iemand moet bekijken, en waarom.", "Change"),
            Room("/beheer/terugkoppeling", "Terugkoppeling", "Wat lezers over uw producten zeggen.", "Change"),
            Room("/beheer/richtlijnen", "Richtlijnen", "U of je, een dienst of een persoon als contact.", "Change"),
            Room("/beheer/publicaties", "Naar de IPDC", "Wat bij de IPDC staat, en wat niet lukte.", "Create"),
            Room("/beheer/fusie", "Fusie", "Producten van gemeenten die opgingen in een nieuwe.", "Change"),
        ),
        *_grouped(
            "Aanvragen",
            Room("/beheer/dossiers", "Dossiers", "Wat verenigingen aanvroegen: u behandelt het.", "TakeUpDossier"),
            Room("/beheer/processen", "Processen", "De stappen van een aanvraag, zelf te bepalen.", "MoveDossier"),
        ),
        *_grouped(
            "Besluiten",
            Room("/beheer/besluiten/ontwerpen", "Opstellen", "Schrijven, tekenen, bekendmaken.", "SubmitDraft"),
            Room(
                "/beheer/besluiten",
                "Waar ze staan",
                "Welke pagina’s we lezen, waarover ze gaan.",
                "HarvestDecisions",
            ),
        ),
        *_grouped(
            "Op de hoogte",
            Room("/beheer/doorgeven", "Doorgeven", "Dossiers naar uw eigen systeem en DOSIS.", "FollowDossiers"),
            Room("/beheer/abonnementen", "Abonnementen", "Weten wat verandert, per e-mail of webhook.", "Subscribe"),
            Room("/beheer/meldingen", "Meldingen", "Wat verzonden is, wat mislukte en wat nog komt.", "Subscribe"),
        ),
        *_grouped(
            "Toegang",
            Room("/beheer/gebruikers", "Gebruikers", "Wie nu aangemeld is; een sessie beëindigen."),
            Room("/beheer/machtigingen", "Machtigingen", "Welke leverancier iets voor u mag doen.", "Authorise"),
            Room("/beheer/rechten", "Rechten", "Wat u mag, wat anderen mogen, en waarom iets geweigerd wordt."),
            Room("/beheer/inzagen", "Inzagen", "Wie persoonsgegevens raadpleegde, wanneer en waarom.", "SeeAccesses"),
            Room("/beheer/betrokkene", "Betrokkenen", "Iemands gegevens geven, of ze wissen.", "ExtractPersonalData"),
        ),
        *_grouped(
            "De dienst",
            Room("/beheer/bronnen", "Bronnen", "De feeds van de IPDC en van leveranciers die we volgen.", "Operate"),
            Room("/beheer/controles", "Controles", "Wat andere registers zeggen, en of ze antwoorden.", "Operate"),
            Room("/beheer/taken", "Taken", "Wat de dienst elke nacht doet, en of het lukte.", "SeeChores"),
        ),
    ),
)
MINE = House(
    "Mijn vereniging",
    frozenset({agents.ASSOCIATION, agents.FOUNDER}),
    (
        Room("/mijn-vereniging", "Overzicht"),
        Room("/mijn-vereniging/aanvragen", "Aanvragen", "Wat u aanvroeg, hoever het staat.", "SubmitApplication"),
        Room("/mijn-vereniging/documenten", "Documenten", "Wat u al gaf, om opnieuw te gebruiken.", "KeepDocuments"),
        Room("/mijn-vereniging/abonnementen", "Meldingen", "Bericht als iemand uw gegevens wijzigt.", "Subscribe"),
        Room("/mijn-vereniging/inzagen", "Inzagen", "Wie uw persoonsgegevens raadpleegde.", "SeeOwnAccesses"),
        Room("/mijn-vereniging/nieuw", "Nieuwe vereniging", "Een feitelijke vereniging in het register zetten."),
    ),
)


def framed(request: Request, house: House, template: str, status: int = 200, **values: Any) -> Response:
    """A page with the menu of a house; raises Unauthenticated, or Forbidden for a role that does not come in.

    No store and no proxy keeps it.
    """
    agent = agent_of(request)
    if agent.role not in house.roles:
        raise Forbidden(f"De pagina’s onder “{house.label}” zijn niet voor uw rol.")
    service: Service = request.app.state.service
    rooms = house.open_to(agent, service.register.rights)
    html = page(request, template, agent=agent, house=house, rooms=rooms, **values)
    return Response(html, status, {"cache-control": "no-store"}, "text/html")
