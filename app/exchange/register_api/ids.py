"""The identifiers that the Verenigingsregister gives to parts of an association: a prefix and a name-based UUID.

>>> identifier("doelgroep", "V0001004")
'http://data.lblod.info/id/doelgroep/bcb9a78b-7615-59a9-98e8-16d80cfe9023'

A UUID of version 5 of the values joined with `-`, in a namespace for each kind of part, so that everybody who knows the
V-code and the number of the part finds the same one. The register writes them with prefixes that its contexts do not
all declare; ours are written in full.
"""

from __future__ import annotations

from uuid import UUID, uuid5

LBLOD = "http://data.lblod.info/id/"
KINDS = {
    "doelgroep": ("doelgroep/", "6f98c45f-daae-4452-b514-2df6e84cf4bc"),
    "lidmaatschap": ("lidmaatschap/", "17595c80-36a5-4d60-967e-61b1fbf26f7f"),
    "contactgegeven": ("contact-punten/", "c12f33cb-4f5d-4160-a7b8-3aa600bcab87"),
    "locatie": ("vestigingen/", "a5beefd8-7250-4467-8d40-b015fc62c1c0"),
    "adres": ("adressen/", "a08ed054-c329-4fd9-8c85-cfb160afdb55"),
    "sleutel": ("identificatoren/", "0d2aab82-4980-4edd-95fd-8a4292e765ec"),
    "erkenning": ("erkenningen/", "6068f54e-5a31-4ab3-a6a3-8322c5603c07"),
    "vertegenwoordiger": ("personen/", "82506385-e622-48ca-8d86-1f4a296975ce"),
    "vertegenwoordigerContactgegeven": ("contact-punten/", "3c938af9-42ca-4515-a176-6775f3a99930"),
    "bankrekeningnummer": ("bankrekeningnummers/", "14aedc62-ab68-4b6e-a9e0-7af3b815a51c"),
    "gestructureerdeIdentificator": ("gestructureerdeIdentificator/", "2832f142-9d7d-47af-ac8b-fde9ae077d24"),
}
_NAMESPACES = {kind: (LBLOD + path, UUID(namespace)) for kind, (path, namespace) in KINDS.items()}


def identifier(kind: str, *values: str) -> str:
    """The IRI of a part; raises KeyError for a kind that has none."""
    start, namespace = _NAMESPACES[kind]
    return f"{start}{uuid5(namespace, '-'.join(values))}"


def same_identifier(given: str, kind: str, *values: str) -> bool:
    """Whether this is that identifier, with whatever prefix the register writes it.

    >>> same_identifier("doel:bcb9a78b-7615-59a9-98e8-16d80cfe9023", "doelgroep", "V0001004")
    True
    """
    return given.replace(":", "/").rpartition("/")[2].casefold() == identifier(kind, *values).rpartition("/")[2]
