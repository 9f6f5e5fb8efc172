"""From settings to neighbours: off unless an address is set, and a certificate that opens; over a real connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from app.bootstrap.neighbours import open_neighbours
from app.cli.stubs import serve_asked, without_headers
from app.config import Settings, read_settings
from app.errors import BadSetting, Unavailable
from app.exchange.stubs.addresses import AddressStub
from app.exchange.stubs.magda import Answer, MagdaStub, StubAnswer, number_beginning
from app.register.register import Register
from app.store.checks import calls
from tests.exchange.neighbours import KNOWN
from tests.exchange.test_magda import a_certificate
from tests.register.builders import make_log, make_register, make_tools
from tests.running import answering


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    log = make_log(tmp_path_factory.mktemp("buren"))
    yield make_register(make_tools(), log)
    log.close()


def settings(**given: object) -> Settings:
    return read_settings(given, {})


def stub(answer: Answer) -> AbstractContextManager[str]:
    return answering(serve_asked(without_headers(answer)))


def test_without_addresses_nobody_is_asked(register: Register) -> None:
    with open_neighbours(settings(), register) as neighbours:
        assert (neighbours.checker, neighbours.kbo, neighbours.addresses, neighbours.lines) == (None, None, None, ())


def test_a_stub_answers_over_a_real_connection_and_the_call_is_kept(register: Register) -> None:
    with stub(MagdaStub(KNOWN).answer) as url, open_neighbours(settings(kbo_url=url), register) as neighbours:
        assert neighbours.kbo is not None
        assert neighbours.kbo.find("0403170701").name == "Koninklijke Harmonie"
        last = calls(register.log.database)[0]
        assert (last.service, last.outcome) == ("KBO", "status 200")
        assert last.reference


def test_the_address_register_too(register: Register) -> None:
    with (
        stub(AddressStub(KNOWN).answer) as url,
        open_neighbours(settings(addresses_url=url + "/"), register) as neighbours,
    ):
        assert neighbours.addresses is not None
        asked = {"straatnaam": "Dorpsstraat", "huisnummer": "12", "postcode": "9000", "gemeente": "Gent"}
        assert len(neighbours.addresses.match(asked).exact) == 1


def test_who_answers_too_late_is_not_waited_for(register: Register) -> None:
    slow = settings(kbo_url="x", neighbour_timeout=0.05)
    with stub(lambda *_: StubAnswer(seconds=0.5)) as url:
        given = settings(kbo_url=url, neighbour_timeout=slow.neighbour_timeout)
        with open_neighbours(given, register) as neighbours, pytest.raises(Unavailable, match="geen antwoord op tijd"):
            assert neighbours.kbo is not None
            neighbours.kbo.find(number_beginning("04031707"))


def test_nobody_at_the_address_is_unavailable(register: Register) -> None:
    with (
        open_neighbours(settings(kbo_url="http://127.0.0.1:9"), register) as neighbours,
        pytest.raises(Unavailable, match="geen verbinding"),
    ):
        assert neighbours.kbo is not None
        neighbours.kbo.find("0403170701")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    credentials, certificate = a_certificate()
    key = load_pem_private_key(credentials.key, None)
    path = tmp_path_factory.mktemp("certificaat") / "magda.pfx"
    sealed = serialize_key_and_certificates(b"x", key, certificate, None, BestAvailableEncryption(b"geheim"))  # type: ignore[arg-type]
    path.write_bytes(sealed)
    return path


def test_with_a_certificate_questions_are_signed(register: Register, certificate: Path) -> None:
    asked: list[bytes] = []

    def answer(method: str, path: str, body: bytes) -> StubAnswer:
        asked.append(body)
        return MagdaStub(KNOWN).answer(method, path, body)

    with stub(answer) as url:
        given = settings(kbo_url=url, magda_certificate=certificate, magda_password="geheim")
        with open_neighbours(given, register) as neighbours:
            assert neighbours.kbo is not None
            neighbours.kbo.find("0403170701")
    assert b"SignatureValue" in asked[0]


@pytest.mark.parametrize("password, file", [("fout", ""), ("", ""), ("geheim", "weg.pfx")])
def test_a_certificate_that_does_not_open_is_told_without_the_password(
    register: Register, certificate: Path, password: str, file: str
) -> None:
    path = certificate.with_name(file) if file else certificate
    given = settings(kbo_url="http://x", magda_certificate=path, magda_password=password)
    with pytest.raises(BadSetting) as refused, open_neighbours(given, register):
        pass
    assert not password or password not in str(refused.value)
    assert "magda_password" in str(refused.value)
    assert "geheim" not in repr(given)
