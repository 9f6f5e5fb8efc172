"""What the site tells of changes: made once from the service, as `site.state.telling`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from app.errors import Unknown
from app.exchange.ldes.nodes import Description
from app.exchange.telling.change_feed import OfEntity, OfFeed, Source
from app.exchange.telling.letters import Letters
from app.register.products.audience import about
from app.register.telling.messages import Teller
from app.register.telling.occasions import Occasion, field_occasions, kind_occasions, load_occasions
from app.register.telling.subscribing import Offer
from app.web.found import canonical_code, entity_type, history
from app.web.people import organisation
from app.web.service import Service


@dataclass(frozen=True)
class Followed:
    """Changes that somebody follows: what the address says after `?`, what it is called, and where its LDES is."""

    query: str
    title: str
    source: Source
    ldes: str | None


@dataclass(frozen=True)
class Telling:
    """The words and the ways in which changes are told."""

    service: Service
    describe: Callable[[str], Description | None]
    occasions: tuple[Occasion, ...]
    teller: Teller
    letters: Letters
    offer: Offer

    def followed(self, request: Request) -> Followed:
        """What `?feed=`, `?gemeente=` or `?vereniging=` (or another kind) names; raises Unknown."""
        asked = request.query_params
        for kind in self.service.schema.public_types:
            if code := asked.get(kind.key):
                return self._entity(kind.key, code)
        name = next(iter(self.service.schema.public_types)).feed
        if text := asked.get("gemeente"):
            place = self.service.codelists.known_municipality(text)
            return self._feed(f"{name}/gemeente/{place.nis}", f"gemeente={place.nis}")
        feed = asked.get("feed", name)
        return self._feed(feed, f"feed={feed}")

    def _entity(self, key: str, code: str) -> Followed:
        type = entity_type(self.service, key)
        code = canonical_code(type, code)
        source = OfEntity(history(self.service, type, code), self.service.log, self.teller)
        return Followed(f"{key}={code}", f"Wijzigingen van {type.label.lower()} {code}", source, None)

    def _feed(self, feed: str, query: str) -> Followed:
        description = self.describe(feed)
        if description is None:
            raise Unknown("Deze feed bestaat niet.")
        source = OfFeed(feed, self.service.log, self.teller)
        title = f"Wijzigingen van {description.title[:1].lower()}{description.title[1:]}"
        return Followed(query, title, source, f"{self.service.base}/ldes/{feed}")


def make_telling(service: Service, describe: Callable[[str], Description | None]) -> Telling:
    """Everything, from the service."""

    def name(actor: str) -> str | None:
        found = organisation(service, actor)
        return found.name if found else None

    occasions = load_occasions(service.root, service.schema)
    kinds, fields = kind_occasions(service.schema), field_occasions(service.schema)
    keys = {one.key for one in occasions} | {key for key, _ in (*kinds, *fields)}
    contact = service.publisher.contact
    return Telling(
        service=service,
        describe=describe,
        occasions=occasions,
        teller=Teller(service.schema, service.codelists, occasions, name),
        letters=Letters(
            service.base, service.title, service.means.sender, contact, lambda one: about(one.scope, service.register)
        ),
        offer=Offer(frozenset(keys), service.mint, service.means.insecure),
    )
