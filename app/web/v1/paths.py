"""From a field as we call it to the field as a client of the register's admin API wrote it.

>>> as_the_client_wrote("contactgegevens[0].email", "POST", "/v1/verenigingen/vzer")
'contactgegevens[0].waarde'
>>> as_the_client_wrote("locaties[3].adres.postcode", "PATCH", "/v1/verenigingen/V0001001/locaties/7")
'locatie.adres.postcode'
"""

from __future__ import annotations

import re

# The name of a part when it is sent by itself.
ALONE = {
    "contactgegevens": "contactgegeven",
    "locaties": "locatie",
    "vertegenwoordigers": "vertegenwoordiger",
    "bankrekeningnummers": "bankrekeningnummer",
    "erkenningen": "erkenning",
    "lidmaatschappen": "",
}
PART = re.compile(r"/v1/verenigingen/[^/]+/(?:kbo/)?([a-z]+)(?:/|$)")
NAMES = (
    (re.compile(r"^hoofdactiviteiten\b"), "hoofdactiviteitenVerenigingsloket"),
    (re.compile(r"^zichtbaarInLoket$"), "isUitgeschrevenUitPubliekeDatastroom"),
    (re.compile(r"^(contactgegevens\[\d+\])\.(?:email|telefoon|website|socialMedia)$"), r"\1.waarde"),
    (re.compile(r"^(vertegenwoordigers\[\d+\])\.email$"), r"\1.e-mail"),
    (re.compile(r"^(bankrekeningnummers\[\d+\])\.titularis$"), r"\1.titularissen"),
    (re.compile(r"^(locaties\[\d+\])\.adres\.verwijstNaar$"), r"\1.adresId.bronwaarde"),
    (re.compile(r"^(erkenningen\[\d+\])\.geldigheidsperiode\.(\w+)$"), r"\1.\2"),
    (re.compile(r"^(erkenningen\[\d+\])\.ipdcProduct(?:\.\w+)?$"), r"\1.ipdcProductNummer"),
    (re.compile(r"^verenigingssubtype$"), "subtype"),
    (re.compile(r"^subverenigingVan\.(\w+)$"), r"\1"),
)


def as_the_client_wrote(path: str, method: str, address: str) -> str:
    """The path in the request; of a part that was sent by itself without its place in the list."""
    for pattern, name in NAMES:
        path = pattern.sub(name, path)
    found = PART.match(address)
    if method == "DELETE" or found is None or found[1] not in ALONE:
        return path
    rest = re.sub(rf"^{found[1]}\[\d+\]\.?", "", path)
    name = ALONE[found[1]]
    return path if rest == path else ".".join(part for part in (name, rest) if part)
