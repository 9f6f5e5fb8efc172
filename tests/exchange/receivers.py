"""Those who are told: a mail server and a web server of our own, on this machine, that keep what they get."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.running import answering, free_port


@dataclass
class Mailbox:
    """A mail server; `replies` are what it answers to the next messages instead of taking them."""

    letters: list[EmailMessage] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.replies:
            return self.replies.pop(0)
        self.encrypted.append(session.ssl is not None)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("onbekend"):
            return "550 geen postvak"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class _Server(Controller):
    tls: ssl.SSLContext

    def factory(self) -> SMTP:
        return SMTP(self.handler, tls_context=self.tls, require_starttls=True, hostname="localhost")


@contextmanager
def mail_server(certificate: Certificate) -> Iterator[Mailbox]:
    """A server that takes nothing before STARTTLS."""
    mailbox = Mailbox()
    mailbox.port = free_port()
    server = _Server(mailbox, hostname="127.0.0.1", port=mailbox.port)
    server.tls = certificate.server()
    server.start()
    try:
        yield mailbox
    finally:
        server.stop()


@dataclass
class Hits:
    """What a webhook got: headers and body; `statuses` are its next answers, 204 when there are none."""

    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""


@contextmanager
def web_server() -> Iterator[Hits]:
    """A receiver of webhooks."""
    hits = Hits()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            hits.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(hits.statuses.pop(0) if hits.statuses else 204)
            for name, value in hits.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with answering(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        hits.url = f"{address}/in"
        yield hits


@dataclass(frozen=True)
class Certificate:
    """A certificate for this machine, that only who is told of it trusts."""

    path: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.path))


def make_certificate(folder: Path) -> Certificate:
    """Valid for localhost and 127.0.0.1, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(secret + made.public_bytes(pem))
    return Certificate(path)
