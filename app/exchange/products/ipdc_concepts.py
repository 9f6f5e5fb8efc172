"""Concepts as the IPDC's stream brings them: a snapshot of a concept becomes the concept in our register.

Who has the test environment of the IPDC as source, has its IRIs read as those of the IPDC itself (`environment`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.errors import LoketError, Problem, Refused
from app.exchange.following import Arrival
from app.exchange.ldes.incoming import Member
from app.exchange.products.lpdc import CLASSES, document_of, version_of
from app.model.dates import moment_key
from app.model.graph import IRI, Graph
from app.model.terms import RDF
from app.register.commands import Outcome
from app.register.desk import Desk
from app.register.handle import attempt, ready
from app.register.products.concept_commands import TakeConcept
from app.register.products.concepts import KIND
from app.register.register import Register
from app.store.followed import Feed

IPDC = "https://ipdc.vlaanderen.be"
NO_SNAPSHOT = "Dit lid is geen versie van een concept."
NO_VERSION = "Deze versie zegt niet waarvan ze een versie is, of wanneer ze gemaakt is."


@dataclass(frozen=True)
class ConceptTaker:
    """Takes concepts in; the IPDC answers for what they say."""

    register: Register
    environment: str = IPDC

    def read(self, member: Member) -> Arrival:
        """Raises Refused for what is no snapshot of a concept of this environment."""
        ours = member if self.environment == IPDC else self._renamed(member)
        graph = ours.graph()
        subject = subject_in(graph, ours.id, KIND, NO_SNAPSHOT)
        thing, time = version_of(graph, subject)
        start = self.register.schema.entity_types[KIND].iri_start
        if not thing.startswith(start):
            raise Refused(f"Dit is geen concept van de IPDC: zijn IRI begint niet met {start}")
        generated = moment_of(time)
        document = document_of(graph, subject, self.register.schema, KIND)
        content = {**document, "snapshot": subject.value, "generatedAtTime": time}
        return Arrival(thing, subject.value, generated, member, content)

    def _renamed(self, member: Member) -> Member:
        data = member.data().replace(self.environment.encode(), IPDC.encode())
        return replace(member, id=member.id.replace(self.environment, IPDC), content=data)

    def take(self, arrival: Arrival, feed: Feed, code: str, desk: Desk) -> Outcome:
        assert isinstance(arrival.content, dict)
        command = ready(TakeConcept(arrival.thing.rpartition("/")[2], arrival.content), desk.agent, desk.register)
        if isinstance(command, LoketError):
            raise command
        return attempt(command, desk)


def subject_in(graph: Graph, id: str, kind: str, why: str) -> IRI:
    """The snapshot in what a member says: mostly the member itself. Raises Refused."""
    subjects = [IRI(id), *(each for each in graph.subjects() if isinstance(each, IRI))]
    found = next((s for s in subjects if not CLASSES[kind].isdisjoint(graph.objects(s, RDF.type))), None)
    if found is None:
        raise Refused(why)
    return found


def moment_of(time: str | None) -> str:
    """When a snapshot was made, to compare with others. Raises Refused."""
    try:
        return moment_key(time or "")
    except ValueError as error:
        raise Refused(NO_VERSION, [Problem("generatedAtTime", str(error))]) from None
