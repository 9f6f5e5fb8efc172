"""Every page of a running demonstration: one for each address that the site has, as each of the people who see it.

    for visit in visits(server.address):
        visit.path, visit.person, visit.session     # a person is a key of fixtures/mensen.json, "" is a visitor

Pages are found as people find them: by the links of the pages before. What nothing leads to is therefore not here;
`missed` names the routes of the site that were not met.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx
from lxml import html
from starlette.routing import Match, Route

from app.web.app import ROUTES
from app.web.auth import COOKIE
from tests.running import PATIENCE

BROWSER = {"accept": "text/html,*/*;q=0.8"}
# A server lets go of a connection that is idle while somebody looks at a page.
FRESH = httpx.Limits(max_keepalive_connections=0)
# Who sees what others do not, the most widely used pages first.
PEOPLE = ("", "gent", "voorzitter", "vlaanderen", "dpo", "koepel")
STARTS = {"": ("/", "/sitemap"), "voorzitter": ("/mijn-vereniging",)}
DESK = ("/beheer",)
# Nobody has a link to these: lists with nothing in them and with everything, a page that is not there, an error.
RARE = (
    "/aanbod?zoek=onbestaand",
    "/verenigingen?naam=zzzzzz",
    "/verenigingen/kaart?activiteit=SPRT",
    "/besluiten?zoek=onbestaand",
    "/verenigingen?naam=de&pagina=2",
    "/zoeken?zoek=klimaat",
    "/problemen",
    "/persoonsgegevens",
    "/dit-is-er-niet",
    "/aanmelden",
    "/afgemeld",
)
ELSEWHERE = re.compile(r"/(static|dumps|id|demo|v1|aanmelden/(start|terug)|wijzigingen/stream)\b|\.[a-z0-9]{2,6}$")


@dataclass(frozen=True)
class Visit:
    """One page as one person: its address, the kind of address, and the session that shows it."""

    path: str
    kind: str
    person: str
    session: str
    status: int


def visits(address: str, people: tuple[str, ...] = PEOPLE) -> Iterator[Visit]:
    """All of them, each kind of page once: as the first who sees it; where a desk begins, as everybody."""
    seen: set[str] = set()
    for person in people:
        with httpx.Client(base_url=address, headers=BROWSER, timeout=PATIENCE, limits=FRESH) as client:
            session = log_in(client, person) if person else ""
            queue = [*STARTS.get(person, DESK), *(() if person else RARE)]
            own: set[str] = set()
            shown: set[str] = set()
            while queue:
                path = queue.pop(0)
                kind = kind_of(path)
                if kind in own or (kind in seen and kind not in DESK):
                    continue
                own.add(kind)
                answer = client.get(path, follow_redirects=True)
                if "text/html" not in answer.headers.get("content-type", ""):
                    continue
                # Who is led elsewhere, to log in or to choose, has not seen what stands there for others.
                landed = kind_of(answer.url.path) if answer.history else kind
                own.add(landed)
                if path in RARE or answer.status_code < 400 or answer.status_code >= 500:
                    shown.add(landed)
                    yield Visit(path, kind, person, session, answer.status_code)
                    queue += links(address, answer)
            seen |= shown


def log_in(client: httpx.Client, person: str) -> str:
    """The key of a session of this person."""
    start = client.get("/aanmelden/start", params={"terug": "/"})
    client.get(start.headers["location"].replace("/auth?", f"/als/{person}?"), follow_redirects=True)
    return next(value for name, value in client.cookies.items() if name.endswith(COOKIE))


def links(address: str, answer: httpx.Response) -> list[str]:
    """The pages of ours that a page leads to, in its order."""
    tree = html.fromstring(answer.content)
    found = {}
    for link in tree.xpath("//a[not(@rel='nofollow')]/@href"):
        target = urlsplit(urljoin(str(answer.url), link))
        if f"{target.scheme}://{target.netloc}" == address and not ELSEWHERE.search(target.path):
            found[target.path + (f"?{target.query}" if target.query else "")] = True
    return list(found)


def kind_of(path: str) -> str:
    """The route behind an address, with the type of what stands there; rare ones are a kind of their own."""
    if path in RARE:
        return path
    plain = path.partition("?")[0]
    scope = {"type": "http", "path": plain, "root_path": "", "method": "GET", "headers": []}
    for route in ROUTES:
        if isinstance(route, Route):
            match, found = route.matches(scope)
            if match is Match.FULL:
                given = found["path_params"]
                return route.path.replace("{type}", str(given.get("type")))
    return "/".join(re.sub(r"\d+", "0", plain).split("/")[:3])


def missed(met: set[str]) -> list[str]:
    """Routes that answer a GET without a suffix and that no visit was to."""
    every = {route.path for route in ROUTES if isinstance(route, Route) and "GET" in (route.methods or ())}
    return sorted(path for path in every if "{type}" not in path and "." not in path and path not in met)
