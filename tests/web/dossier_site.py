"""A service with an association, a municipality and products to apply for, and a browser that sends forms and files."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.register.commands import Create, RegisterAssociation
from app.register.handle import handle
from app.web.app import create_app
from tests.products.builders import minimal as product_of
from tests.register.builders import Make
from tests.web.people import as_municipality, as_representative, municipality
from tests.web.world import World, open_world

CLUB, OTHER = "V0001001", "V0001002"
ASSOCIATION, STRANGER = as_representative(CLUB), as_representative(OTHER)
GHENT, AALST = as_municipality("Gent"), as_municipality("Aalst")
OWN = "/mijn-vereniging/aanvragen"
LOAN = {
    "contactNaam": "Ludovica Verzinsel", "contactEmail": "ludovica@verzonnen.example", "waarvoor": "Het feest.",
    "materiaal[0].materiaal": "Klapstoelen", "materiaal[0].aantal": "40", "van": "2027-01-10", "tot": "2027-01-12",
}  # fmt: skip
File = tuple[str, bytes]


@dataclass(frozen=True)
class Site:
    """The service, and ways to look and to send."""

    world: World
    products: dict[str, str]

    def get(self, path: str, who: dict[str, str]) -> httpx.Response:
        return self._ask("GET", path, who)

    def post(self, path: str, who: dict[str, str], **form: str) -> httpx.Response:
        return self._ask("POST", path, who, form)

    def upload(self, path: str, who: dict[str, str], files: dict[str, File], **form: str) -> httpx.Response:
        return self._ask("POST", path, who, form, files)

    def begin(self, form: str = "uitlening", who: dict[str, str] = ASSOCIATION) -> str:
        """Where the form of a new application is."""
        answer = self.post(f"/aanvragen/{self.products[form]}", who, vereniging=CLUB)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def apply(self, **changed: str) -> str:
        """Where the page of a new dossier is."""
        answer = self.post(self.begin(), ASSOCIATION, doe="indienen", **{**LOAN, **changed})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].partition("?")[0]

    def _ask(
        self, method: str, path: str, who: dict[str, str], form: dict[str, str] | None = None,
        files: dict[str, File] | None = None,
    ) -> httpx.Response:  # fmt: skip
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(create_app(self.world.service))
            async with httpx.AsyncClient(transport=transport, base_url=self.world.service.base) as client:
                headers = {"accept": "text/html", **who}
                return await client.request(method, path, headers=headers, data=form, files=files)

        return asyncio.run(go())


def open_site(folder: Path) -> Iterator[Site]:
    """Two associations in Ghent, the first with all that can be filled in."""
    for world in open_world(folder):
        register, clerk = world.service.register, municipality("Gent")
        make = Make(register.codelists)
        handle(RegisterAssociation(make.full()), clerk, register)
        handle(RegisterAssociation(make.minimal(locaties=[make.location()])), clerk, register)
        products = {
            form: handle(Create("product", product_of(aanvraagvorm=form, naam={"nl": name})), clerk, register).code
            for form, name in (("uitlening", "Stoelen lenen"), ("projectsubsidie", "Klimaatsubsidie"))
        }
        link = "https://formulieren.voorbeeld.be/aanvraag?v={vcode}&naam={naam}&kbo={kbo}"
        elsewhere = product_of(naam={"nl": "Zaal huren"}, aanvraaglink=link)
        products["elders"] = handle(Create("product", elsewhere), clerk, register).code
        sport = product_of(naam={"nl": "Sportsubsidie"}, aanvraagvorm="projectsubsidie", activiteiten=["Sport"])
        products["sport"] = handle(Create("product", sport), clerk, register).code
        yield Site(world, products)


def value_of(html: str, name: str) -> str:
    """What stands in an input."""
    found = re.search(rf'name="{re.escape(name)}"[^>]*? value="([^"]*)"', html)
    return found[1] if found else ""
