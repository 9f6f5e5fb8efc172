"""Settings: each with its type, default and help; the only reader of the environment.

settings = read_settings({"port": "9000"})   # given values win over VERENIGINGSLOKET_PORT, that over the default
settings.port                                # 9000
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from app.errors import BadSetting

PREFIX = "VERENIGINGSLOKET_"
NOTIFY_SOCKET = "NOTIFY_SOCKET"
PASSWORD = re.compile(r"(//[^/@:]*:)[^/@]*@")
OIDC_ROLES = (
    "LoketLB-verenigingenGebruiker=gemeente, VerenigingsregisterFederatie=federatie, "
    "VerenigingsregisterBeheerder=beheerder, VerenigingsregisterDpo=dpo"
)


def setting(default: Any, help: str, *, hidden: bool = False) -> Any:
    """A field of `Settings`; what is hidden is not shown, nor taken from a command line, which all can read."""
    return field(default=default, metadata={"help": help, "hidden": hidden})


def secret(help: str) -> Any:
    """A hidden text, empty by default."""
    return setting("", help, hidden=True)


@dataclass(frozen=True)
class Settings:
    """Every setting, in the type of its default."""

    data: Path = setting(Path(".verenigingsloket"), "Map met het logboek, de graafopslag en de bestanden.")
    database: str = setting(
        "", "Logboek, kluis en wachtrijen: postgresql://GEBRUIKER@MACHINE/NAAM; leeg: SQLite in data."
    )
    database_password: str = secret("Wachtwoord voor die database; of in ~/.pgpass.")
    graphs_query_url: str = setting(
        "", "SPARQL-server voor de publieke grafen, om te vragen; leeg: ingebouwd, in data."
    )
    graphs_update_url: str = setting("", "Adres voor SPARQL Update van die server.")
    graphs_store_url: str = setting("", "Adres voor het Graph Store Protocol, één graaf tegelijk; leeg: met Update.")
    graphs_bulk_url: str = setting("", "Adres dat veel grafen tegelijk neemt (TriG), zoals /store bij Oxigraph.")
    graphs_auth: str = setting("", "Aanmelden bij die server: basic, digest of bearer; leeg: niet.")
    graphs_user: str = setting("", "Gebruikersnaam bij die server.")
    graphs_password: str = secret("Wachtwoord of token bij die server.")
    graphs_largest_update: int = setting(1_000_000, "Langste SPARQL Update in bytes; 0: graaf per graaf (Virtuoso).")
    workers: int = setting(1, "Processen die samen vragen beantwoorden, elk met een eigen kopie van de grafen.")
    stores: Path = setting(Path(), "Map met wat uit het logboek gemaakt is; leeg: dezelfde als data.")
    replica: int = setting(0, "1: een kopie die het logboek volgt en enkel leest.")
    host: str = setting("127.0.0.1", "Adres waarop de dienst luistert.")
    port: int = setting(8000, "Poort waarop de dienst luistert.")
    base: str = setting("", "Begin van alle IRI's, zonder / achteraan; leeg: http://HOST:POORT van de eerste start.")
    title: str = setting("Verenigingsloket", "Naam van de dienst in pagina's en catalogus.")
    publisher: str = setting(
        "https://data.vlaanderen.be/id/organisatie/OVO002949", "IRI van de uitgever in de catalogus."
    )
    publisher_name: str = setting("Vlaamse overheid", "Naam van de uitgever in de catalogus.")
    contact: str = setting(
        "verenigingsloket@voorbeeld.be", "E-mailadres voor vragen, in de catalogus en op de pagina's."
    )
    vault_key: str = secret("Sleutel van de kluis met persoonsgegevens: 32 bytes in base64. Geen standaardwaarde.")
    vault_key_file: Path = setting(Path(), "Bestand met die sleutel, buiten de map met gegevens.")
    page_size: int = setting(250, "Leden per pagina van een feed; ligt vast na de eerste start.")
    sparql_workers: int = setting(4, "Processen die publieke SPARQL-vragen beantwoorden; het best twee per kern.")
    sparql_timeout: float = setting(10.0, "Seconden die een publieke SPARQL-vraag mag duren.")
    sparql_max_bytes: int = setting(64_000_000, "Grootste antwoord op een publieke SPARQL-vraag, in bytes.")
    sparql_memory: int = setting(2_000_000_000, "Geheugen dat een SPARQL-proces mag gebruiken, in bytes.")
    api_keys: str = secret("Sleutels voor /v1 (vr-api-key), met komma's ertussen; leeg: iedereen mag zonder sleutel.")
    fetch_private: int = setting(0, "1: haal ook pagina's van besloten en lokale adressen op.")
    fetch_pause: float = setting(1.0, "Seconden tussen twee pagina's van dezelfde site.")
    officials: str = setting(
        "", "Waar opgezocht wordt of mandatarissen bestaan: https://data.lblod.info; leeg: nergens."
    )
    harvest_hours: float = setting(24.0, "Uren tussen twee rondes langs de sites met besluiten.")
    oidc_issuer: str = setting("", "Aanmelddienst, zoals https://authenticatie.vlaanderen.be/op; leeg: geen.")
    oidc_client: str = setting("", "Naam waaronder deze dienst bij de aanmelddienst bekend is (Client-ID).")
    oidc_secret: str = secret("Geheim bij de aanmelddienst; overbodig met oidc_key.")
    oidc_key: str = setting("", "Bestand met de eigen RSA-sleutel (JWK) voor de aanmelddienst: private_key_jwt.")
    oidc_scope: str = setting("openid profile vo rrn dv_verenigingsregister", "Wat we over iemand vragen (scopes).")
    oidc_claims: str = setting(
        "", "Andere namen van claims: gebruiker=vo_id, rollen=abb_loketverenigingenapp_rol_3d, …"
    )
    oidc_roles: str = setting(OIDC_ROLES, "Welke rol bij de aanmelddienst hier welke rol is.")
    oidc_organisations: str = setting("OVO002949=beheerder", "Organisaties met een rol (OVO of KBO), voor tokens.")
    token_client: str = setting("", "Client-ID om tokens na te kijken; leeg: dezelfde als oidc_client.")
    token_secret: str = secret("Geheim om tokens na te kijken.")
    sync_key: str = secret("Sleutel (vr-api-key) voor het register dat sync volgt.")
    smtp_host: str = setting("", "Mailserver voor meldingen; leeg: er gaat geen e-mail uit.")
    smtp_port: int = setting(587, "Poort van de mailserver.")
    smtp_security: str = setting(
        "starttls", "Beveiliging naar de mailserver: starttls, tls, of geen op dezelfde machine."
    )
    smtp_user: str = setting("", "Gebruikersnaam bij de mailserver, als die erom vraagt.")
    smtp_password: str = secret("Wachtwoord bij de mailserver.")
    mail_from: str = setting("meldingen@voorbeeld.be", "Afzender van meldingen.")
    webhook_private: int = setting(
        0, "1: webhooks mogen ook zonder TLS en naar een besloten netwerk; enkel om te testen."
    )
    addresses_url: str = setting("", "Adressenregister, zoals https://api.basisregisters.vlaanderen.be; leeg: uit.")
    addresses_key: str = secret("Sleutel (x-api-key) voor het Adressenregister.")
    organisations_url: str = setting("", "Wegwijs, zoals https://api.wegwijs.vlaanderen.be; leeg: uit.")
    kbo_url: str = setting("", "MAGDA voor GeefOnderneming (KBO); leeg: uit.")
    persons_url: str = setting("", "MAGDA voor GeefPersoon (Rijksregister); leeg: uit.")
    repertory_url: str = setting("", "MAGDA voor in- en uitschrijven in het repertorium; leeg: uit.")
    magda_sender: str = setting("", "Afzender (Identificatie) zoals met MAGDA afgesproken.")
    magda_capacity: str = setting("", "Hoedanigheid zoals met MAGDA afgesproken.")
    magda_certificate: Path = setting(Path(), "Certificaat voor MAGDA (.pfx), om aan te melden en te ondertekenen.")
    magda_password: str = secret("Wachtwoord van dat certificaat.")
    dosis_url: str = setting("", "DOSIS: waar de status van elk dossier heen gaat; leeg: uit.")
    dosis_source: str = setting("", "Onder welke URI (Bron) onze dossiers bij DOSIS en Notificaties staan; leeg: BASE.")
    dosis_scope: str = setting("", "Scope van het token voor DOSIS, gevraagd bij oidc_issuer.")
    dosis_token: str = secret("Vast token voor DOSIS, als het er geen bij oidc_issuer vraagt.")
    dosis_template: Path = setting(Path(), "Ander sjabloon voor DOSIS dan ontology/berichten/dosis-v2.json.")
    notifications_url: str = setting("", "Notificaties: waar bundels heen gaan; leeg: uit.")
    notifications_scope: str = setting("", "Scope van het token voor Notificaties, gevraagd bij oidc_issuer.")
    notifications_token: str = secret("Vast token voor Notificaties, als het er geen bij oidc_issuer vraagt.")
    notifications_template: Path = setting(Path(), "Ander sjabloon dan ontology/berichten/notificatie.json.")
    notifications_brand: str = setting("VL", "Merk (MerkCode) waaronder notificaties verschijnen.")
    test_identities: int = setting(0, "1: laat ook de verzonnen mensen van MAGDA toe (TST); enkel om te testen.")
    neighbour_timeout: float = setting(30.0, "Seconden die een ander register over een antwoord mag doen.")
    ipdc_feed: str = setting(
        "", "Feed met concepten van de IPDC, zoals https://ipdc.vlaanderen.be/doc/conceptsnapshot."
    )
    ipdc_environment: str = setting(
        "https://ipdc.vlaanderen.be", "Begin van de IRI's in die feed: anders voor een test."
    )
    ipdc_url: str = setting("", "Adres waarnaar producten naar de IPDC gaan (PUT); leeg: er gaat niets naar de IPDC.")
    ipdc_key: str = secret("Sleutel (x-api-key) voor de IPDC.")
    ipdc_read_url: str = setting("", "Begin van het adres waar de IPDC een product teruggeeft; leeg: niet nakijken.")
    follow_minutes: float = setting(5.0, "Minuten tussen twee rondes langs de feeds die we volgen.")
    follow_requests: float = setting(40.0, "Vragen per minuut aan de feeds die we volgen, hoogstens.")
    usage: int = setting(
        1, "1: tel hoe vaak pagina's bekeken worden, zonder persoonsgegevens of cookies; 0: tel niets."
    )
    usage_visitors: int = setting(5, "Een zoekterm is te zien vanaf zoveel verschillende bezoekers op één dag.")
    widget_header: str = setting(
        "", "Kenmerk (UUID) van de hoofding van de Vlaamse overheid; leeg: onze eigen hoofding."
    )
    widget_footer: str = setting("", "Kenmerk (UUID) van de voettekst van de Vlaamse overheid; leeg: enkel onze eigen.")
    widgets_host: str = setting("https://prod.widgets.burgerprofiel.vlaanderen.be", "Waar die twee vandaan komen.")
    log_format: str = setting("json", "Vorm van de logregels: json of tekst.")
    otel_url: str = setting("", "Verzamelaar van OpenTelemetry (OTLP/HTTP), zoals http://127.0.0.1:4318; leeg: uit.")
    proxies: str = setting(
        "127.0.0.1, ::1", "Eigen machines, wier X-Forwarded-For en -Proto gelden: adressen of reeksen."
    )
    metrics_token: str = secret("Token (Bearer) waarmee /metrics te lezen is; leeg: alleen van eigen machines uit.")
    rate_requests: float = setting(6000.0, "Aanvragen per minuut en per gebruiker (adres), hoogstens; 0: geen grens.")
    rate_seconds: float = setting(
        60.0, "Rekentijd voor SPARQL per minuut en per gebruiker, in seconden; 0: geen grens."
    )

    @property
    def derived(self) -> Path:
        """The folder of this process alone, with what can be made anew from the log."""
        return self.data if str(self.stores) in ("", ".") else self.stores

    def __repr__(self) -> str:
        """Never shows a key, nor a password in an address."""
        shown = (f"{f.name}={_hidden(getattr(self, f.name))!r}" for f in fields(self) if not f.metadata["hidden"])
        return f"Settings({', '.join(shown)})"


def read_settings(given: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """Settle every setting from `given`, the environment (`VERENIGINGSLOKET_PORT`) or its default.

    Raises BadSetting naming the key when a value does not fit the type of the default.
    """
    return Settings(**{each.name: _settle(each, given, environment) for each in fields(Settings)})


def _hidden(value: Any) -> Any:
    return PASSWORD.sub(r"\1***@", value) if isinstance(value, str) else value


def _settle(setting: Field[Any], given: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    key, kind = PREFIX + setting.name.upper(), cast(type, type(setting.default))
    value = given.get(setting.name)
    if value is None:
        value = environment.get(key, setting.default)
    try:
        return kind(value)
    except (TypeError, ValueError) as error:
        raise BadSetting(f"De instelling {setting.name} ({key}) moet van het type {kind.__name__} zijn.") from error


def inherited_sockets(environment: Mapping[str, str] = os.environ) -> int:
    """How many open sockets this process was handed, by systemd or by its former self."""
    mine = environment.get("LISTEN_PID") == str(os.getpid())
    return int(environment.get("LISTEN_FDS", "0")) if mine else 0


def for_next_start(environment: Mapping[str, str] = os.environ, notifying: bool = True) -> dict[str, str]:
    """The environment in which this process hands one socket to its next self, that may speak to systemd or not."""
    handed = {**environment, "LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
    return handed if notifying else {**handed, NOTIFY_SOCKET: ""}


def notify_address(environment: Mapping[str, str] = os.environ) -> str:
    """Where systemd wants to hear how the start goes; empty when nobody does."""
    return environment.get(NOTIFY_SOCKET, "")
