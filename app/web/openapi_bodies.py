"""What the bodies of requests may hold, as JSON Schema: made of the very tables by which they are read.

A key that is added to a table in `exchange/register_api/tables.py` stands in the document by that alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from app.exchange.register_api import reading, tables
from app.exchange.register_api.reading import Read, Reading, Table
from app.model.codelists import CodeLists

Json = dict[str, Any]
MOST_TEXT, MOST_PARTS = 1000, 100
V_CODE: Json = {"type": "string", "pattern": "^V[0-9]{7}$"}
TEXT: Json = {"type": "string", "maxLength": MOST_TEXT}
LEAVES: Mapping[Read, Json] = {
    reading.text: TEXT,
    reading.number: {"type": "integer"},
    reading.boolean: {"type": "boolean"},
    reading.denied: {"type": "boolean"},
    reading.v_code: V_CODE,
    reading.contact_kind: {"type": "string", "enum": ["E-mail", "Telefoon", "Website", "SocialMedia"]},
    reading.holders: {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 128}, "minItems": 1},
    reading.address_id: {
        "type": "object",
        "properties": {"broncode": {"type": "string", "enum": ["AR"]}, "bronwaarde": TEXT},
        "required": ["broncode", "bronwaarde"],
    },
}
# How the register's documentation writes what is read in any case.
WRITTEN = (
    *("korteNaam", "korteBeschrijving", "isPrimair", "isThuisadres", "isUitgeschrevenUitPubliekeDatastroom"),
    *("socialMedia", "hoofdactiviteitenVerenigingsloket", "adresId", "e-mail", "andereVereniging", "isDubbelVan"),
    *("ipdcProductNummer", "hernieuwingsUrl", "redenVanWijziging", "redenSchorsing", "inStopzetting", "kboNummer"),
)
AS_WRITTEN = {reading.plain_key(name): name for name in WRITTEN}


class Describing:
    """Stands where a `Reading` does, and answers what would be read instead of reading it."""

    def __init__(self, codelists: CodeLists) -> None:
        self._codelists = codelists
        self.made: dict[Read, Json] = {}

    def code(self, scheme: str) -> Read:
        """A code of a code list."""
        codes = [concept.notation for concept in self._codelists.scheme(scheme).concepts]
        told: Json = {"enum": codes} if len(codes) <= MOST_PARTS else {"examples": codes[:3]}
        return self._keep({"type": "string", **told})

    def codes(self, scheme: str) -> Read:
        """A list of such codes."""
        return self._keep({"type": "array", "items": self.made[self.code(scheme)], "maxItems": MOST_PARTS})

    def object(self, table: Table) -> Read:
        """An object with the keys of a table."""
        return self._keep(self.schema(table))

    def objects(self, table: Table) -> Read:
        """A list of such objects."""
        return self._keep({"type": "array", "items": self.schema(table), "maxItems": MOST_PARTS})

    def schema(self, table: Table, required: Iterable[str] = ()) -> Json:
        """The object that this table reads."""
        properties = {AS_WRITTEN.get(key, key): self.of(read) for key, (_, read) in table.items()}
        must = list(required)
        return {"type": "object", "properties": properties, **({"required": must} if must else {})}

    def of(self, read: Read) -> Json:
        """The schema of what a reader reads."""
        return self.made.get(read) or LEAVES.get(read, TEXT)

    def _keep(self, schema: Json) -> Read:
        def read(value: Any, path: str) -> Any:
            raise NotImplementedError("describes, and reads nothing")

        self.made[read] = schema
        return read


@dataclass(frozen=True)
class Body:
    """The table that reads a body, and what must be in it; `within` is the key under which clients of old send it."""

    table: Callable[[Reading], Table]
    required: tuple[str, ...] = ()
    within: str = ""


def always(table: Table) -> Callable[[Reading], Table]:
    """A table that does not depend on the request."""
    return lambda _: table


def some(table: Callable[[Reading], Table], *keys: str) -> Callable[[Reading], Table]:
    """These keys of a table alone."""
    return lambda reading: {key: table(reading)[key] for key in keys}


BODIES: Mapping[str, Body] = {
    "Vereniging": Body(tables.association, ("naam",)),
    "Kbo": Body(always({"kbonummer": ("kboNummer", reading.text)}), ("kboNummer",)),
    "Basisgegevens": Body(tables.basics),
    "BasisgegevensKbo": Body(tables.basics_from_kbo),
    "Reden": Body(always({"reden": ("reden", reading.text)}), ("reden",)),
    "Einde": Body(always({"einddatum": ("einddatum", reading.text)}), ("einddatum",)),
    "InStopzetting": Body(always({"instopzetting": ("inStopzetting", reading.boolean)}), ("inStopzetting",)),
    "Subtype": Body(tables.subtype, ("subtype",)),
    "DubbelVan": Body(always({"isdubbelvan": ("isDubbelVan", reading.v_code)}), ("isDubbelVan",)),
    "Contactgegeven": Body(always(tables.CONTACT), (), "contactgegeven"),
    "ContactgegevenKbo": Body(some(always(tables.CONTACT), "beschrijving", "isprimair"), (), "contactgegeven"),
    "Locatie": Body(tables.location, (), "locatie"),
    "LocatieKbo": Body(some(tables.location, "naam", "isprimair"), (), "locatie"),
    "Vertegenwoordiger": Body(always(tables.REPRESENTATIVE), ("insz", "voornaam", "achternaam"), "vertegenwoordiger"),
    "ZelfdeVertegenwoordiger": Body(always(tables.SAME_PERSON), (), "vertegenwoordiger"),
    "Bankrekening": Body(always(tables.ACCOUNT), ("iban", "titularissen"), "bankrekeningnummer"),
    "ZelfdeBankrekening": Body(always(tables.SAME_ACCOUNT), (), "bankrekeningnummer"),
    "Lidmaatschap": Body(always(tables.MEMBERSHIP), ("andereVereniging",), "lidmaatschap"),
    "ZelfdeLidmaatschap": Body(always(tables.SAME_MEMBERSHIP), (), "lidmaatschap"),
    "Erkenning": Body(tables.recognition, (), "erkenning"),
    "Schorsing": Body(always(tables.SUSPENSION), ("redenSchorsing",)),
}
TEXTS: Json = {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 50}
BESIDES: Mapping[str, Json] = {
    "Abonnement": {
        "type": "object",
        "properties": {
            "waarover": {"type": "string", "examples": ["alle", "gemeente/44021", "vereniging/V0001001"]},
            "aanleidingen": TEXTS,
            "kanaal": {"type": "string", "enum": ["e-mail", "webhook"]},
            "adres": TEXT,
            "ritme": {"type": "string", "enum": ["meteen", "dagelijks", "wekelijks"]},
        },
        "required": ["waarover", "aanleidingen", "kanaal", "adres"],
    },
    "DossierStatus": {
        "type": "object",
        "properties": {
            "fase": {"type": "string", "examples": ["Behandeling", "Afgerond"]},
            "status": {"type": "string", "examples": ["InBehandeling", "Goedgekeurd"]},
            "detail": TEXT,
            "actie": TEXT,
            "kenmerk": TEXT,
            "link": TEXT,
        },
        "required": ["fase", "status"],
    },
    "Sparql": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
    "ZelfdeAbonnement": {
        "type": "object",
        "properties": {"aanleidingen": TEXTS, "ritme": {"type": "string"}},
    },
}


@cache
def body_schemas(codelists: CodeLists) -> Mapping[str, Json]:
    """The schema of every body, by name."""
    describing = Describing(codelists)
    table_of = cast(Reading, describing)
    made = {name: _shown(body, describing.schema(body.table(table_of), body.required)) for name, body in BODIES.items()}
    return {**made, **BESIDES}


def _shown(body: Body, schema: Json) -> Json:
    """Of a part: by itself, or under its name, as the register has it."""
    if not body.within:
        return schema
    wrapped = {"type": "object", "properties": {body.within: schema}, "required": [body.within]}
    return {"anyOf": [wrapped, schema]}
