"""Settings -> the ways to other registers: each only where its address is set."""

from __future__ import annotations

import random
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from app.bootstrap.ambient import mint, now, tls
from app.config import Settings
from app.errors import BadSetting
from app.exchange.address_register import AddressRegister
from app.exchange.checking import Checker
from app.exchange.enterprises import Enterprises
from app.exchange.looking import looks
from app.exchange.magda.repertory import Repertory
from app.exchange.magda.soap import Credentials, Magda, Sender
from app.exchange.neighbour import Breaker, Line, Tried
from app.exchange.organisations import OrganisationRegister
from app.register.register import Register
from app.store.checks import Call, note_call
from app.store.times import iso

# The names by which the log of calls knows them.
ADDRESSES, KBO, PERSONS, REPERTORY, ORGANISATIONS = (
    "Adressenregister", "KBO", "Rijksregister", "Repertorium", "Wegwijs",
)  # fmt: skip


@dataclass(frozen=True)
class Neighbours:
    """What is switched on; `checker` is None when nothing is."""

    checker: Checker | None
    kbo: Enterprises | None
    addresses: AddressRegister | None = None
    organisations: OrganisationRegister | None = None
    repertory: Repertory | None = None
    lines: tuple[Line, ...] = ()


@contextmanager
def open_neighbours(
    settings: Settings, register: Register, transport: httpx.BaseTransport | None = None
) -> Iterator[Neighbours]:
    """The ways to the registers whose address is set; `transport` stands in for the network."""
    credentials = _credentials(settings)
    with (
        closing(_client(settings, credentials, transport)) as magda,
        closing(_client(settings, None, transport)) as plain,
    ):
        sender = Sender(settings.magda_sender, settings.magda_capacity)

        def service(name: str, url: str) -> Magda:
            return Magda(line_to(name, magda, register), url, sender, now, mint, credentials)

        addresses = _addresses(settings, plain, register)
        organisations = _organisations(settings, plain, register)
        kbo = Enterprises(service(KBO, settings.kbo_url), register) if settings.kbo_url else None
        persons = service(PERSONS, settings.persons_url) if settings.persons_url else None
        magda_repertory = service(REPERTORY, settings.repertory_url) if settings.repertory_url else None
        repertory = Repertory(magda_repertory, register, random.random) if magda_repertory else None
        found = looks(register, addresses, kbo, persons, repertory)
        checker = Checker(register, found, random.random) if found else None
        ways = (addresses, kbo.magda if kbo else None, persons, magda_repertory, organisations)
        lines = tuple(way.line for way in ways if way is not None)
        yield Neighbours(checker, kbo, addresses, organisations, repertory, lines)


def _addresses(settings: Settings, client: httpx.Client, register: Register) -> AddressRegister | None:
    if not settings.addresses_url:
        return None
    return AddressRegister(line_to(ADDRESSES, client, register), settings.addresses_url, settings.addresses_key)


def _organisations(settings: Settings, client: httpx.Client, register: Register) -> OrganisationRegister | None:
    if not settings.organisations_url:
        return None
    return OrganisationRegister(line_to(ORGANISATIONS, client, register), settings.organisations_url, now)


def line_to(name: str, client: httpx.Client, register: Register) -> Line:
    """The way to a neighbour: each try stands in the log of calls under this name."""
    return Line(name, client, _noting(register), Breaker(now), now, time.sleep, random.random)


def _noting(register: Register) -> Callable[[Tried], None]:
    """Every try in the log of calls."""

    def note(tried: Tried) -> None:
        took = round(tried.seconds * 1000)
        who = (tried.on_behalf_of, tried.subject, tried.outcome, took, tried.purpose)
        call = Call(iso(now()), tried.service, tried.reference, *who)
        note_call(register.log.database, call)

    return note


def _client(settings: Settings, credentials: Credentials | None, transport: httpx.BaseTransport | None) -> httpx.Client:
    """Never follows a redirect: what is asked may be personal."""
    verify = _context(credentials) if credentials else tls()
    timeout = httpx.Timeout(settings.neighbour_timeout, connect=min(5.0, settings.neighbour_timeout))
    return httpx.Client(timeout=timeout, verify=verify, follow_redirects=False, trust_env=False, transport=transport)


def _credentials(settings: Settings) -> Credentials | None:
    """The certificate in the settings; raises BadSetting when it cannot be opened."""
    if str(settings.magda_certificate) in ("", "."):
        return None
    try:
        content = settings.magda_certificate.read_bytes()
        key, certificate, _ = load_key_and_certificates(content, settings.magda_password.encode() or None)
    except (OSError, ValueError):
        raise BadSetting("Het certificaat in magda_certificate kan niet geopend worden met magda_password.") from None
    if key is None or certificate is None:
        raise BadSetting("In magda_certificate zit geen sleutel met een certificaat.")
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Credentials(plain, certificate.public_bytes(Encoding.PEM))


def _context(credentials: Credentials) -> ssl.SSLContext:
    """Python loads a client certificate from files only: for that moment the key stands there encrypted."""
    context = ssl.create_default_context()
    password = mint()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "magda.pem"
        path.touch(0o600)
        path.write_bytes(credentials.certificate + _encrypted(credentials.key, password))
        context.load_cert_chain(path, password=password)
    return context


def _encrypted(key: bytes, password: str) -> bytes:
    private = load_pem_private_key(key, None)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode()))
