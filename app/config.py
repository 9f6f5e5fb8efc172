"""Settings: one table of name, default and help; the only reader of the environment.

settings = read_settings({"port": "9000"})   # given values win over VERENIGINGSLOKET_PORT, that over the default
settings.port                                # 9000
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from app.errors import BadSetting

PREFIX = "VERENIGINGSLOKET_"
PASSWORD = re.compile(r"(//[^/@:]*:)[^/@]*@")
OIDC_ROLES = (
    "LoketLB-verenigingenGebruiker=gemeente, VerenigingsregisterFederatie=federatie, "
    "VerenigingsregisterBeheerder=beheerder, VerenigingsregisterDpo=dpo"
)


class Setting(NamedTuple):
    name: str
    default: Any
    help: str


SETTINGS = (
    Setting("data", Path(".verenigingsloket"), "Map met het logboek, de graafopslag en de bestanden."),
    Setting("database", "", "Logboek, kluis en wachtrijen: postgresql://GEBRUIKER@MACHINE/NAAM; leeg: SQLite in data."),
    Setting("database_password", "", "Wachtwoord voor die database; of in ~/.pgpass."),
    Setting("graphs_query_url", "", "SPARQL-server voor de publieke grafen, om te vragen; leeg: ingebouwd, in data."),
    Setting("graphs_update_url", "", "Adres voor SPARQL Update van die server."),
    Setting("graphs_store_url", "", "Adres voor het Graph Store Protocol, één graaf tegelijk; leeg: met Update."),
    Setting("graphs_bulk_url", "", "Adres dat veel grafen tegelijk neemt (TriG), zoals /store bij Oxigraph."),
    Setting("graphs_auth", "", "Aanmelden bij die server: basic, digest of bearer; leeg: niet."),
    Setting("graphs_user", "", "Gebruikersnaam bij die server."),
    Setting("graphs_password", "", "Wachtwoord of token bij die server."),
    Setting("graphs_largest_update", 1_000_000, "Langste SPARQL Update in bytes; 0: graaf per graaf (Virtuoso)."),
    Setting("workers", 1, "Processen die samen vragen beantwoorden, elk met een eigen kopie van de grafen."),
    Setting("stores", Path(), "Map met wat uit het logboek gemaakt is; leeg: dezelfde als data."),
    Setting("replica", 0, "1: een kopie die het logboek volgt en enkel leest."),
    Setting("host", "127.0.0.1", "Adres waarop de dienst luistert."),
    Setting("port", 8000, "Poort waarop de dienst luistert."),
    Setting("base", "", "Begin van alle IRI's, zonder / achteraan; leeg: http://HOST:POORT van de eerste start."),
    Setting("title", "Verenigingsloket", "Naam van de dienst in pagina's en catalogus."),
    Setting("publisher", "https://data.vlaanderen.be/id/organisatie/OVO002949", "IRI van de uitgever in de catalogus."),
    Setting("publisher_name", "Vlaamse overheid", "Naam van de uitgever in de catalogus."),
    Setting("contact", "verenigingsloket@voorbeeld.be", "E-mailadres voor vragen, in de catalogus en op de pagina's."),
    Setting("vault_key", "", "Sleutel van de kluis met persoonsgegevens: 32 bytes in base64. Geen standaardwaarde."),
    Setting("vault_key_file", Path(), "Bestand met die sleutel, buiten de map met gegevens."),
    Setting("page_size", 250, "Leden per pagina van een feed; ligt vast na de eerste start."),
    Setting("sparql_workers", 2, "Processen die publieke SPARQL-vragen beantwoorden."),
    Setting("sparql_timeout", 10.0, "Seconden die een publieke SPARQL-vraag mag duren."),
    Setting("sparql_max_bytes", 64_000_000, "Grootste antwoord op een publieke SPARQL-vraag, in bytes."),
    Setting("sparql_memory", 2_000_000_000, "Geheugen dat een SPARQL-proces mag gebruiken, in bytes."),
    Setting("api_keys", "", "Sleutels voor /v1 (vr-api-key), met komma's ertussen; leeg: iedereen mag zonder sleutel."),
    Setting("fetch_private", 0, "1: haal ook pagina's van besloten en lokale adressen op."),
    Setting("fetch_pause", 1.0, "Seconden tussen twee pagina's van dezelfde site."),
    Setting("officials", "", "Waar opgezocht wordt of mandatarissen bestaan: https://data.lblod.info; leeg: nergens."),
    Setting("harvest_hours", 24.0, "Uren tussen twee rondes langs de sites met besluiten."),
    Setting("oidc_issuer", "", "Aanmelddienst, zoals https://authenticatie.vlaanderen.be/op; leeg: geen."),
    Setting("oidc_client", "", "Naam waaronder deze dienst bij de aanmelddienst bekend is (Client-ID)."),
    Setting("oidc_secret", "", "Geheim bij de aanmelddienst; overbodig met oidc_key."),
    Setting("oidc_key", "", "Bestand met de eigen RSA-sleutel (JWK) voor de aanmelddienst: private_key_jwt."),
    Setting("oidc_scope", "openid profile vo rrn dv_verenigingsregister", "Wat we over iemand vragen (scopes)."),
    Setting("oidc_claims", "", "Andere namen van claims: gebruiker=vo_id, rollen=abb_loketverenigingenapp_rol_3d, …"),
    Setting("oidc_roles", OIDC_ROLES, "Welke rol bij de aanmelddienst hier welke rol is."),
    Setting("oidc_organisations", "OVO002949=beheerder", "Organisaties met een rol (OVO of KBO), voor tokens."),
    Setting("token_client", "", "Client-ID om tokens na te kijken; leeg: dezelfde als oidc_client."),
    Setting("token_secret", "", "Geheim om tokens na te kijken."),
    Setting("sync_key", "", "Sleutel (vr-api-key) voor het register dat sync volgt."),
    Setting("smtp_host", "", "Mailserver voor meldingen; leeg: er gaat geen e-mail uit."),
    Setting("smtp_port", 587, "Poort van de mailserver."),
    Setting("smtp_security", "starttls", "Beveiliging naar de mailserver: starttls, tls, of geen op dezelfde machine."),
    Setting("smtp_user", "", "Gebruikersnaam bij de mailserver, als die erom vraagt."),
    Setting("smtp_password", "", "Wachtwoord bij de mailserver."),
    Setting("mail_from", "meldingen@voorbeeld.be", "Afzender van meldingen."),
    Setting("webhook_private", 0, "1: webhooks mogen ook zonder TLS en naar een besloten netwerk; enkel om te testen."),
    Setting("addresses_url", "", "Adressenregister, zoals https://api.basisregisters.vlaanderen.be; leeg: uit."),
    Setting("addresses_key", "", "Sleutel (x-api-key) voor het Adressenregister."),
    Setting("organisations_url", "", "Wegwijs, zoals https://api.wegwijs.vlaanderen.be; leeg: uit."),
    Setting("kbo_url", "", "MAGDA voor GeefOnderneming (KBO); leeg: uit."),
    Setting("persons_url", "", "MAGDA voor GeefPersoon (Rijksregister); leeg: uit."),
    Setting("repertory_url", "", "MAGDA voor in- en uitschrijven in het repertorium; leeg: uit."),
    Setting("magda_sender", "", "Afzender (Identificatie) zoals met MAGDA afgesproken."),
    Setting("magda_capacity", "", "Hoedanigheid zoals met MAGDA afgesproken."),
    Setting("magda_certificate", Path(), "Certificaat voor MAGDA (.pfx), om aan te melden en te ondertekenen."),
    Setting("magda_password", "", "Wachtwoord van dat certificaat."),
    Setting("dosis_url", "", "DOSIS: waar de status van elk dossier heen gaat; leeg: uit."),
    Setting("dosis_source", "", "Onder welke URI (Bron) onze dossiers bij DOSIS en Notificaties staan; leeg: BASE."),
    Setting("dosis_scope", "", "Scope van het token voor DOSIS, gevraagd bij oidc_issuer."),
    Setting("dosis_token", "", "Vast token voor DOSIS, als het er geen bij oidc_issuer vraagt."),
    Setting("dosis_template", Path(), "Ander sjabloon voor DOSIS dan ontology/berichten/dosis-v2.json."),
    Setting("notifications_url", "", "Notificaties: waar bundels heen gaan; leeg: uit."),
    Setting("notifications_scope", "", "Scope van het token voor Notificaties, gevraagd bij oidc_issuer."),
    Setting("notifications_token", "", "Vast token voor Notificaties, als het er geen bij oidc_issuer vraagt."),
    Setting("notifications_template", Path(), "Ander sjabloon dan ontology/berichten/notificatie.json."),
    Setting("notifications_brand", "VL", "Merk (MerkCode) waaronder notificaties verschijnen."),
    Setting("test_identities", 0, "1: laat ook de verzonnen mensen van MAGDA toe (TST); enkel om te testen."),
    Setting("neighbour_timeout", 30.0, "Seconden die een ander register over een antwoord mag doen."),
    Setting("ipdc_feed", "", "Feed met concepten van de IPDC, zoals https://ipdc.vlaanderen.be/doc/conceptsnapshot."),
    Setting("ipdc_environment", "https://ipdc.vlaanderen.be", "Begin van de IRI's in die feed: anders voor een test."),
    Setting("ipdc_url", "", "Adres waarnaar producten naar de IPDC gaan (PUT); leeg: er gaat niets naar de IPDC."),
    Setting("ipdc_key", "", "Sleutel (x-api-key) voor de IPDC."),
    Setting("ipdc_read_url", "", "Begin van het adres waar de IPDC een product teruggeeft; leeg: niet nakijken."),
    Setting("follow_minutes", 5.0, "Minuten tussen twee rondes langs de feeds die we volgen."),
    Setting("follow_requests", 40.0, "Vragen per minuut aan de feeds die we volgen, hoogstens."),
    Setting("usage", 1, "1: tel hoe vaak pagina's bekeken worden, zonder persoonsgegevens of cookies; 0: tel niets."),
    Setting("usage_visitors", 5, "Een zoekterm is te zien vanaf zoveel verschillende bezoekers op één dag."),
    Setting("widget_header", "", "Kenmerk (UUID) van de hoofding van de Vlaamse overheid; leeg: onze eigen hoofding."),
    Setting("widget_footer", "", "Kenmerk (UUID) van de voettekst van de Vlaamse overheid; leeg: enkel onze eigen."),
    Setting("widgets_host", "https://prod.widgets.burgerprofiel.vlaanderen.be", "Waar die twee vandaan komen."),
    Setting("log_format", "json", "Vorm van de logregels: json of tekst."),
    Setting("otel_url", "", "Verzamelaar van OpenTelemetry (OTLP/HTTP), zoals http://127.0.0.1:4318; leeg: uit."),
    Setting("proxies", "127.0.0.1, ::1", "Eigen machines, wier X-Forwarded-For en -Proto gelden: adressen of reeksen."),
    Setting("metrics_token", "", "Token (Bearer) waarmee /metrics te lezen is; leeg: alleen van eigen machines uit."),
    Setting("rate_requests", 6000.0, "Aanvragen per minuut en per gebruiker (adres), hoogstens; 0: geen grens."),
    Setting("rate_seconds", 60.0, "Rekentijd voor SPARQL per minuut en per gebruiker, in seconden; 0: geen grens."),
)

SECRETS = (
    "vault_key", "api_keys", "oidc_secret", "token_secret", "sync_key", "smtp_password", "addresses_key",
    "magda_password", "ipdc_key", "metrics_token", "database_password", "dosis_token", "notifications_token",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """The values of `SETTINGS`, each in the type of its default."""

    data: Path
    database: str
    database_password: str
    graphs_query_url: str
    graphs_update_url: str
    graphs_store_url: str
    graphs_bulk_url: str
    graphs_auth: str
    graphs_user: str
    graphs_password: str
    graphs_largest_update: int
    workers: int
    stores: Path
    replica: int
    host: str
    port: int
    base: str
    title: str
    publisher: str
    publisher_name: str
    contact: str
    vault_key: str
    vault_key_file: Path
    page_size: int
    sparql_workers: int
    sparql_timeout: float
    sparql_max_bytes: int
    sparql_memory: int
    api_keys: str
    fetch_private: int
    fetch_pause: float
    officials: str
    harvest_hours: float
    oidc_issuer: str
    oidc_client: str
    oidc_secret: str
    oidc_key: str
    oidc_scope: str
    oidc_claims: str
    oidc_roles: str
    oidc_organisations: str
    token_client: str
    token_secret: str
    sync_key: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str
    smtp_password: str
    mail_from: str
    webhook_private: int
    addresses_url: str
    addresses_key: str
    organisations_url: str
    kbo_url: str
    persons_url: str
    repertory_url: str
    magda_sender: str
    magda_capacity: str
    magda_certificate: Path
    magda_password: str
    dosis_url: str
    dosis_source: str
    dosis_scope: str
    dosis_token: str
    dosis_template: Path
    notifications_url: str
    notifications_scope: str
    notifications_token: str
    notifications_template: Path
    notifications_brand: str
    test_identities: int
    neighbour_timeout: float
    ipdc_feed: str
    ipdc_environment: str
    ipdc_url: str
    ipdc_key: str
    ipdc_read_url: str
    follow_minutes: float
    follow_requests: float
    usage: int
    usage_visitors: int
    widget_header: str
    widget_footer: str
    widgets_host: str
    log_format: str
    otel_url: str
    proxies: str
    metrics_token: str
    rate_requests: float
    rate_seconds: float

    @property
    def derived(self) -> Path:
        """The folder of this process alone, with what can be made anew from the log."""
        return self.data if str(self.stores) in ("", ".") else self.stores

    def __repr__(self) -> str:
        """Never shows a key, nor a password in an address."""
        shown = (f"{f.name}={_hidden(getattr(self, f.name))!r}" for f in fields(self) if f.name not in SECRETS)
        return f"Settings({', '.join(shown)})"


def read_settings(given: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """Settle every setting from `given`, the environment (`VERENIGINGSLOKET_PORT`) or its default.

    Raises BadSetting naming the key when a value does not fit the type of the default.
    """
    return Settings(**{setting.name: _settle(setting, given, environment) for setting in SETTINGS})


def _hidden(value: Any) -> Any:
    return PASSWORD.sub(r"\1***@", value) if isinstance(value, str) else value


def _settle(setting: Setting, given: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    key = PREFIX + setting.name.upper()
    value = given.get(setting.name)
    if value is None:
        value = environment.get(key, setting.default)
    try:
        return type(setting.default)(value)
    except (TypeError, ValueError) as error:
        kind = type(setting.default).__name__
        raise BadSetting(f"De instelling {setting.name} ({key}) moet van het type {kind} zijn.") from error


def inherited_sockets(environment: Mapping[str, str] = os.environ) -> int:
    """How many open sockets this process was handed, by systemd or by its former self."""
    mine = environment.get("LISTEN_PID") == str(os.getpid())
    return int(environment.get("LISTEN_FDS", "0")) if mine else 0


def for_next_start(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment in which this process hands one socket to its next self."""
    return {**environment, "LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}


def notify_address(environment: Mapping[str, str] = os.environ) -> str:
    """Where systemd wants to hear how the start goes; empty when nobody does."""
    return environment.get("NOTIFY_SOCKET", "")
