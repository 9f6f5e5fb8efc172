"""What the page of a product shows besides its fields: links both ways, and what search engines read (schema.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request

from app.errors import Gone, Unknown
from app.model.codelists import CodeLists
from app.model.fields import Document, NodeType
from app.model.languages import INFORMAL, NEUTRAL, text_of
from app.model.markup import plain_text
from app.register.products.address_forms import in_form
from app.register.products.criteria import kind_of
from app.register.products.eligibility import Verdict
from app.web.associations.club import LABELS, TONES, Club, club_of, read_club
from app.web.auth import visitor_of
from app.web.decisions.ties import regulations_of
from app.web.dossiers.applying import process_picture_of
from app.web.found import Found
from app.web.products.offer_search import Offer
from app.web.service import Service

DAYS = MappingProxyType({"Monday": "ma", "Tuesday": "di", "Wednesday": "wo", "Thursday": "do", "Friday": "vr",
                         "Saturday": "za", "Sunday": "zo", "PublicHolidays": "feestdagen"})  # fmt: skip
AUDIENCES = "https://productencatalogus.data.vlaanderen.be/id/concept/Doelgroep/"
Link = tuple[str, str]
# Who represents more associations than this sees the answer for the first of them.
MOST_CLUBS = 5


def values(request: Request, found: Found, document: Document) -> Mapping[str, Any]:
    """What the template of a product needs beside the rows."""
    service: Service = request.app.state.service
    everything = service.offers.all()
    return {
        "product": document,
        "says_je": says_je(document),
        "needs": list(_links(document.get("vereist", ()), everything)),
        "related": list(_links(document.get("verwant", ()), everything)),
        "unlocks": [link_to(each) for each in everything.values() if found.iri in each.deciding.get("vereist", ())],
        "hours": opening_hours,
        "regulations": regulations_of(request, found.iri, document),
        "applicable": document.get("aanvraagvorm") or document.get("aanvraaglink"),
        "process": process_picture_of(found.version, service) if found.is_latest else None,
        "owner": service.codelists.organisations.get(document.get("aangemaaktDoor", "")),
        "decidable": decidable,
        "apply_at": apply_at(document),
        "verdicts": verdicts(request, everything, found.iri) if found.is_latest else [],
        "labels": LABELS,
        "tones": TONES,
        "schema_org": schema_org(service, found, document),
    }


@dataclass(frozen=True)
class Onward:
    """Where one applies: an address, and whose it is."""

    href: str
    host: str


def apply_at(document: Document) -> Onward | None:
    """The site of the first step that has one, else that of the product; None when the page says it all."""
    steps = [site for step in document.get("procedures", ()) for site in step.get("websites", ())]
    for site in (*steps, *document.get("websites", ())):
        if str(site.get("url", "")).startswith(("https://", "http://")):
            return Onward(site["url"], urlsplit(site["url"]).hostname or site["url"])
    return None


def verdicts(request: Request, everything: Mapping[str, Offer], iri: str) -> list[tuple[Club, Verdict]]:
    """The answer for the association in the address, or for those that the visitor represents."""
    service: Service = request.app.state.service
    offer, clubs = everything.get(iri), clubs_of(request)
    if offer is None or not clubs:
        return []
    known, today = service.offers.verdicts, service.register.today()
    return [(club, verdict) for club in clubs for _, verdict in known.of(club.profile, [offer], everything, today)]


def clubs_of(request: Request) -> list[Club]:
    """Of whom the answer is asked; an association that is not public, or no more, has none."""
    if named := club_of(request):
        return [named]
    agent = visitor_of(request)
    codes = sorted(agent.associations) if agent is not None else []
    found = []
    for code in codes[:MOST_CLUBS]:
        with suppress(Unknown, Gone):
            found.append(read_club(request.app.state.service, code))
    return found


def in_one_form(document: Document, type: NodeType) -> Document:
    """The texts in the form that counts, which is that of the administration: not now u and then je."""
    return in_form(document, type, document.get("taalvariant", NEUTRAL))


def says_je(document: Document) -> bool:
    """Whether the page of a product says je: our own words on it follow those of its administration."""
    return bool(document.get("taalvariant") == INFORMAL)


def link_to(offer: Offer) -> Link:
    """The address of another product, and what to call it."""
    return f"/doc/product/{offer.code}", f"{offer.title} ({offer.owner})" if offer.owner else offer.title


def _links(iris: list[str], everything: Mapping[str, Offer]) -> Iterator[Link]:
    for iri in iris:
        yield link_to(everything[iri]) if iri in everything else (iri, iri)


def decidable(document: Document) -> bool:
    """Whether the register can say anything of who can get this product."""
    return any(kind_of(each) for condition in document.get("voorwaarden", ()) for each in condition.get("criteria", ()))


def opening_hours(times: list[Document]) -> list[tuple[str, str]]:
    """Days and hours as people read them: `ma, di`, `9.00 tot 12.30 uur, enkel na afspraak`.

    >>> opening_hours([{"dagen": ["http://schema.org/Monday"], "opent": "09:00:00", "sluit": "12:30:00"}])
    [('ma', '9.00 tot 12.30 uur')]
    """
    order = list(DAYS)
    rows = []
    for time in times:
        names = sorted((day.rpartition("/")[2] for day in time["dagen"]), key=order.index)
        hours = f"{_clock(time['opent'])} tot {_clock(time['sluit'])} uur"
        rows.append((names, hours + (", enkel na afspraak" if time.get("opAfspraak") else "")))
    rows.sort(key=lambda row: (order.index(row[0][0]), row[1]))
    return [(", ".join(DAYS[name] for name in names), hours) for names, hours in rows]


def _clock(time: str) -> str:
    return f"{int(time[:2])}.{time[3:5]}"


def schema_org(service: Service, found: Found, document: Document) -> bytes:
    """https://schema.org/GovernmentService, as search engines want it in a page."""
    owner = service.codelists.organisations.get(document.get("aangemaaktDoor", ""))
    provider = {"@type": "GovernmentOrganization", "@id": owner.iri, "name": owner.name} if owner else None
    body = {
        "@context": "https://schema.org/",
        "@type": "GovernmentService",
        "@id": found.iri,
        "url": found.page,
        "identifier": found.code,
        "name": text_of(document.get("naam")),
        "description": plain_text(text_of(document.get("beschrijving"))),
        "serviceType": _label(document.get("type"), service.codelists),
        "provider": provider,
        "serviceOperator": [_agent(each) for each in document.get("gedelegeerdAan", ())] or provider,
        "areaServed": [
            {"@type": "AdministrativeArea", "@id": iri, "name": _label(iri, service.codelists)}
            for iri in document.get("geografischToepassingsgebieden", ())
        ],
        "audience": [
            {"@type": "Audience", "audienceType": _label(iri, service.codelists)}
            for iri in document.get("doelgroepen", ())
        ],
        "availableChannel": [_channel(each) for each in document.get("contactgegevens", ())],
        "termsOfService": next((each["url"] for each in document.get("regelgeving", ())), None),
        "dateModified": document.get("laatstGewijzigd"),
        "inLanguage": "nl",
    }
    return orjson.dumps({name: value for name, value in body.items() if value not in (None, [], "")})


def _agent(executor: Document) -> dict[str, Any]:
    return {"@type": "Organization", "name": executor["naam"]}


def _channel(contact: Document) -> dict[str, Any]:
    channel: dict[str, Any] = {"@type": "ServiceChannel"}
    for name, term in (("name", "dienst"), ("serviceUrl", "url")):
        if term in contact:
            channel[name] = contact[term]
    point = {"@type": "ContactPoint", **{new: contact[old] for old, new in CONTACT if old in contact}}
    if times := contact.get("openingstijden"):
        point["hoursAvailable"] = [
            {"@type": "OpeningHoursSpecification", "dayOfWeek": [d.replace("http:", "https:") for d in time["dagen"]],
             "opens": time["opent"], "closes": time["sluit"]}
            for time in times
        ]  # fmt: skip
    if len(point) > 1:
        channel["servicePhone"] = point
    if address := contact.get("adres"):
        channel["serviceLocation"] = {"@type": "Place", "address": _address(address)}
    return channel


CONTACT = (("telefoonnummer", "telephone"), ("email", "email"))


def _address(address: Document) -> dict[str, Any]:
    box = f" bus {address['busnummer']}" if address.get("busnummer") else ""
    return {
        "@type": "PostalAddress",
        "streetAddress": f"{text_of(address.get('straatnaam'))} {address.get('huisnummer', '')}{box}".strip(),
        "postalCode": address.get("postcode"),
        "addressLocality": text_of(address.get("gemeentenaam")),
        "addressCountry": "BE",
    }


def _label(iri: str | None, codelists: CodeLists) -> str | None:
    concept = codelists.concept(iri) if iri else None
    return concept.label if concept else None
