"""An administration's own drafts and sessions, to show them to who works for it."""

from __future__ import annotations

from app.errors import Forbidden, Gone, Unknown
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.register.agents import Agent
from app.register.decisions.conduct import SESSIONS_OF
from app.register.decisions.drafts import KIND, OWNER
from app.register.recognitions.rules import grantor
from app.register.register import Register
from app.store.records import Version

NOT_YOURS = "Dit is van een ander bestuur."


def own_drafts(agent: Agent, register: Register) -> list[tuple[Version, Document]]:
    """All drafts of the administration for which somebody acts, the last made first."""
    return _all(OWNER, agent, register)


def own_sessions(agent: Agent, register: Register) -> list[tuple[Version, Document]]:
    """All sessions that the administration keeps here, the last held first."""
    found = _all(SESSIONS_OF, agent, register)
    return sorted(found, key=lambda pair: str(pair[1].get("start") or pair[1].get("geplandeStart", "")), reverse=True)


def own_draft(code: str, agent: Agent, register: Register) -> tuple[Version, Document]:
    """One draft; raises Unknown, Gone or Forbidden."""
    version, document = _one(KIND, code, register)
    if document.get("bestuur") != grantor(agent):
        raise Forbidden(NOT_YOURS)
    return version, document


def own_session(code: str, agent: Agent, register: Register) -> tuple[Version, Document]:
    """One session; raises Unknown, Gone or Forbidden."""
    version, document = _one("zitting", code, register)
    home = register.codelists.municipality(document.get("gemeente", ""))
    if home is None or not agent.covers(home.nis):
        raise Forbidden(NOT_YOURS)
    return version, document


def whole(version: Version, register: Register) -> Document:
    """The document of a version, what is internal in it too."""
    graph = from_ntriples((version.public or b"") + version.internal)
    return to_document(graph, register.schema.entity_types[version.kind], version.entity)


def _all(name: str, agent: Agent, register: Register) -> list[tuple[Version, Document]]:
    versions = (register.log.latest(entity) for entity in reversed(register.log.find(name, grantor(agent))))
    return [(version, whole(version, register)) for version in versions if version and not version.ended]


def _one(kind: str, code: str, register: Register) -> tuple[Version, Document]:
    type = register.schema.entity_types[kind]
    version = register.log.latest(type.iri(code))
    if version is None:
        raise Unknown(f"Er is geen {type.label.lower()} met code {code}.")
    if version.ended:
        raise Gone(f"De {type.label.lower()} met code {code} is weg.", version.replaced_by)
    return version, whole(version, register)
