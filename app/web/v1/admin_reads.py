"""What somebody with a right reads over `/v1`: all of an association, and what happened to it.

Who may see internal data gets them; who may see no more than everybody gets no more. Personal values come only with a
stated purpose (`X-Request-Reason`), and every reading of them is logged.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Gone, Stale, Unknown
from app.exchange.register_api.admin_json import AdminJson
from app.exchange.register_api.history import Event, events
from app.exchange.register_api.json import Json, in_version_1
from app.model.documents import Document, to_document
from app.model.graph import from_ntriples
from app.register.agents import Agent
from app.register.personal.people import read_personal
from app.register.rights import Subject
from app.register.subjects import subject_of
from app.store.log import Version
from app.web.people import organisation
from app.web.service import Service
from app.web.v1.call import NOT_FOUND, NOT_THE_VERSION, REMOVED, Call
from app.web.v1.common import JSON, JSON_LD, context_of, json_answer, number, shaping, wants_version_2

ACTION = "ReadInternal"
TIME = 19  # characters of a time up to the second


def admin_json(service: Service) -> AdminJson:
    """Who writes the JSON of the admin API."""

    def administration(iri: str) -> str:
        found = organisation(service, iri)
        return found.name if found else ""

    return AdminJson(shaping(service), administration)


def may_read_all(service: Service, agent: Agent, version: Version) -> bool:
    """Whether the agent may see what is not public of this association."""
    subject = subject_of(service.log, version.entity, service.register.today())
    return service.register.rights.may(agent, ACTION, subject or Subject(version.entity.rpartition("/")[2]))


def readable(service: Service, agent: Agent, code: str) -> Document | None:
    """What the agent may read of an association, personal values apart; None when nothing."""
    version = service.log.latest(service.register.tools.type.iri(code))
    if version is None or version.operation == "delete":
        return None
    return _document(service, version, may_read_all(service, agent, version))


def detail(call: Call) -> Response:
    """All that the one who calls may read of an association, stopped ones and doubles too."""
    version = _there(call)
    whole = may_read_all(call.service, call.agent, version)
    document = _document(call.service, version, whole)
    if document is None:
        raise Unknown(NOT_FOUND)
    if whole and call.agent.purpose:
        document = read_personal(call.code, call.agent, call.service.register).document
    shown = admin_json(call.service).detail(document, lambda iri: _name(call, iri))
    if not wants_version_2(call.request):
        shown = in_version_1(shown)
    metadata = {"datumLaatsteAanpassing": document.get("datumLaatsteAanpassing", version.time)[:10]}
    context = context_of(call.service, "detail-vereniging", "beheer")
    body = {"@context": context, "@id": version.entity, "vereniging": shown, "metadata": metadata}
    return _fresh(call.request, body, {"etag": f'W/"{version.number}"'}, JSON_LD)


def history(call: Call) -> Response:
    """What happened to an association, as events; only for who may read what is not public of it."""
    _in_step(call)
    versions = call.service.log.versions(call.service.register.tools.type.iri(call.code))
    if not versions:
        raise Unknown("De historiek van de gevraagde vereniging is niet gevonden.")
    subject = subject_of(call.service.log, versions[0].entity, call.service.register.today())
    call.service.register.rights.check(call.agent, ACTION, subject or _was(call, versions))
    body = {
        "@context": context_of(call.service, "historiek-vereniging", "beheer"),
        "vCode": call.code,
        "gebeurtenissen": _events(call.service, versions),
    }
    return _fresh(call.request, body, {"etag": f'W/"{versions[-1].number}"'}, JSON)


def _was(call: Call, versions: list[Version]) -> Subject:
    """A removed association as rights see it: with whoever had it in its only municipality."""
    living = [version for version in versions if version.operation != "delete"]
    document = _document(call.service, living[-1], whole=True) or {}
    homes = [home.nis for iri in document.get("gemeente", ()) if (home := call.service.codelists.municipality(iri))]
    return Subject(call.code, homes[0] if len(homes) == 1 else None, frozenset(homes))


def _events(service: Service, versions: list[Version]) -> list[Json]:
    told: list[Json] = []
    before: Json | None = None
    for version in versions:
        after = _shown(service, version)
        for event in events(before, after, version.reason) or [_other(version)]:
            told.append(
                {
                    "beschrijving": event.sentence,
                    "gebeurtenis": event.name,
                    "data": event.data,
                    "initiator": shaping(service).ovo_of(version.answerable),
                    "tijdstip": f"{version.time[:TIME]}Z",
                }
            )
        before = after
    return told


def _other(version: Version) -> Event:
    """What shows in no field that the register knows, such as another number of somebody."""
    name, sentence = version.activity.rpartition("#")[2], "Persoonsgegevens of gegevens van het loket werden gewijzigd."
    return Event(name, sentence, {})


def _shown(service: Service, version: Version) -> Json | None:
    if version.operation == "delete":
        return None
    document = _document(service, version, whole=True) or {}
    return admin_json(service).detail(document, lambda _: "")


def _there(call: Call) -> Version:
    """The latest version; raises Unknown, Gone, or Stale when it is not the one that the client waits for."""
    _in_step(call)
    version = call.service.log.latest(call.service.register.tools.type.iri(call.code))
    if version is None:
        raise Unknown(NOT_FOUND)
    if version.operation == "delete":
        raise Gone(REMOVED, version.replaced_by)
    return version


def _in_step(call: Call) -> None:
    """What was written is read at once here, so only a sequence that nobody was given is too high."""
    if number(call.request, "expectedSequence", 0) > call.service.log.head():
        raise Stale(NOT_THE_VERSION)


def _document(service: Service, version: Version, whole: bool) -> Document | None:
    """What stands in the log; None when nobody else may see any of it."""
    if version.public is None and not whole:
        return None
    triples = (version.public or b"") + (version.internal if whole else b"")
    return to_document(from_ntriples(triples), service.register.tools.type, version.entity)


def _name(call: Call, iri: str) -> str:
    document = readable(call.service, call.agent, iri.rpartition("/")[2])
    return str(document.get("naam", "")) if document else ""


def _fresh(request: Request, body: Json, headers: dict[str, str], *media_types: str) -> Response:
    """An answer that no cache keeps; its version is that of the association, not of the text."""
    return json_answer(request, body, *media_types, headers={**headers, "cache-control": "no-store"})
