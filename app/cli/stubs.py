"""Stand-ins for other registers, to develop and demonstrate with: invented data, real faults."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.bootstrap.ambient import mint, now, root
from app.cli.command import Command
from app.config import Settings
from app.exchange.ldes.contexts import FOLDER
from app.exchange.magda.soap import ENTERPRISE
from app.exchange.oidc.demo_provider import DemoProvider, Loket, read_cast
from app.exchange.statuses.filling import read_template
from app.exchange.stubs.acm import AcmStub
from app.exchange.stubs.addresses import AddressStub
from app.exchange.stubs.dosis import DosisStub
from app.exchange.stubs.ipdc import IpdcStub
from app.exchange.stubs.ipdc_concepts import invented
from app.exchange.stubs.known import Known, load_known
from app.exchange.stubs.magda import Answer, MagdaStub
from app.exchange.stubs.notifications import NotificationStub
from app.exchange.stubs.organisations import OrganisationStub
from app.exchange.stubs.transport import Asked
from app.model.codelists import load_codelists

IPDC, ACM, DOSIS, NOTIFICATIONS = "ipdc", "acm", "dosis", "notificaties"
STUBS: dict[str, Callable[[Known], Answer]] = {
    "wegwijs": lambda known: OrganisationStub(load_codelists(root()).organisations).answer,
    "magda": lambda known: MagdaStub(known).answer,
    "kbo": lambda known: MagdaStub(known, (ENTERPRISE,)).answer,
    "adressen": lambda known: AddressStub(known).answer,
}
WHAT = {
    "acm": "de aanmelddienst ACM/IDM, met verzonnen mensen",
    "adressen": "het Adressenregister",
    "dosis": "DOSIS, de status van dossiers",
    "ipdc": "de producten- en dienstencatalogus",
    "kbo": "enkel de ondernemingen van MAGDA",
    "magda": "MAGDA: ondernemingen, personen en het repertorium",
    "notificaties": "Notificaties, berichten aan mensen",
    "wegwijs": "het organisatieregister",
}
KINDS = "; ".join(f"{name}: {what}" for name, what in WHAT.items())
LONGEST = 1_000_000


def stub(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer as another register does until stopped; the first line on standard output is the address."""
    with serve_asked(_asked(arguments, settings), settings.host, settings.port) as server:
        print(f"http://{settings.host}:{server.server_port}", flush=True)
        server.serve_forever()
    return 0


def _asked(arguments: argparse.Namespace, settings: Settings) -> Asked:
    """The stub that was asked for."""
    what = arguments.what
    if what == IPDC:
        return ipdc_stub(arguments.concepts).answer
    if what == ACM:
        return acm_stub(f"http://{settings.host}:{settings.port}", arguments.loket).answer
    if what == DOSIS:
        return dosis_stub().answer
    if what == NOTIFICATIONS:
        return notification_stub().answer
    return without_headers(STUBS[what](load_known(root())))


def dosis_stub() -> DosisStub:
    """DOSIS, with the codes of our own list."""
    return DosisStub(frozenset(concept.notation for concept in load_codelists(root()).concepts("dossierstatus")))


def acm_stub(issuer: str, loket: str) -> AcmStub:
    """ACM with the invented people of `fixtures/mensen.json`, for the service at `loket`."""
    client = Loket("loket", "geheim-van-het-loket", f"{loket}/aanmelden/terug", f"{loket}/afgemeld")
    return AcmStub(DemoProvider(issuer, client, read_cast(root() / "fixtures" / "mensen.json"), now, mint))


def notification_stub() -> NotificationStub:
    """Notificaties, with the categories of our template."""
    template = read_template(root() / "ontology" / "berichten" / "notificatie.json")
    return NotificationStub(template.told["categorieen"])


def ipdc_stub(concepts: int) -> IpdcStub:
    """The IPDC with so many invented concepts."""
    contexts = {path.stem: path.read_bytes() for path in (root() / FOLDER).glob("*.jsonld")}
    return IpdcStub(contexts, invented(concepts))


def without_headers(answer: Answer) -> Asked:
    """Of who does not look at them."""
    return lambda method, path, body, headers: answer(method, path, body)


def serve_asked(asked: Asked, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """A server with these answers; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = min(int(self.headers.get("content-length") or 0), LONGEST)
            headers = {name.lower(): value for name, value in self.headers.items()}
            found = asked(self.command, self.path, self.rfile.read(length), headers)
            time.sleep(found.seconds)
            self.send_response(found.status)
            for name, value in {**found.headers, "content-length": str(len(found.body))}.items():
                self.send_header(name, value)
            # Who asked may have given up.
            with suppress(ConnectionError):
                self.end_headers()
                self.wfile.write(found.body)

        do_GET = do_PUT = do_DELETE = do_POST

        def log_message(self, format: str, *arguments: object) -> None:
            """A question may hold a number of a person: nothing is logged."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    return server


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=sorted(WHAT), metavar="BUUR", help=KINDS)
    parser.add_argument("--loket", default="http://127.0.0.1:8000", metavar="ADRES", help="bij acm: wie aanmeldt")
    parser.add_argument("--concepts", type=int, default=60, metavar="AANTAL", help="concepten in de IPDC (60)")


COMMANDS = (Command("stub", stub, "Start een nagebootste buur om mee te proberen, met zijn echte fouten.", _which),)
