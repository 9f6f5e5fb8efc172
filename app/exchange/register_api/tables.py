"""Which key of a request fills which field of a document: the admin API of the Verenigingsregister as tables.

Keys are as `reading.plain_key` makes them. `*` spreads what was read over the document itself.
"""

from __future__ import annotations

from app.exchange.register_api.reading import (
    Read,
    Reading,
    Table,
    address_id,
    boolean,
    contact_kind,
    denied,
    holders,
    number,
    text,
    v_code,
)

AGES: Table = {"minimumleeftijd": ("minimumleeftijd", number), "maximumleeftijd": ("maximumleeftijd", number)}
ADDRESS: Table = {
    term: (term, text) for term in ("straatnaam", "huisnummer", "busnummer", "postcode", "gemeente", "land")
}
CONTACT: Table = {
    "contactgegeventype": ("soort", contact_kind),
    "waarde": ("waarde", text),
    "beschrijving": ("beschrijving", text),
    "isprimair": ("isPrimair", boolean),
}
REPRESENTATIVE: Table = {
    "insz": ("insz", text),
    "voornaam": ("voornaam", text),
    "achternaam": ("achternaam", text),
    "roepnaam": ("roepnaam", text),
    "rol": ("rol", text),
    "isprimair": ("isPrimair", boolean),
    "email": ("email", text),
    "telefoon": ("telefoon", text),
    "mobiel": ("mobiel", text),
    "socialmedia": ("socialMedia", text),
}
# A person is somebody else when the number or the name is another.
SAME_PERSON: Table = {
    key: found for key, found in REPRESENTATIVE.items() if key not in ("insz", "voornaam", "achternaam")
}
ACCOUNT: Table = {"iban": ("iban", text), "doel": ("doel", text), "titularissen": ("titularis", holders)}
SAME_ACCOUNT: Table = {key: found for key, found in ACCOUNT.items() if key != "iban"}
MEMBERSHIP: Table = {
    "anderevereniging": ("andereVereniging", v_code),
    "van": ("van", text),
    "tot": ("tot", text),
    "identificatie": ("identificatie", text),
    "beschrijving": ("beschrijving", text),
}
SAME_MEMBERSHIP: Table = {key: found for key, found in MEMBERSHIP.items() if key != "anderevereniging"}
SUSPENSION: Table = {"redenschorsing": ("redenSchorsing", text)}


def location(reading: Reading) -> Table:
    """A place where an association is active or gets its post; an address by its parts, by its identifier, or both."""
    return {
        "locatietype": ("locatietype", reading.code("locatietype")),
        "naam": ("naam", text),
        "isprimair": ("isPrimair", boolean),
        "isthuisadres": ("isThuisadres", boolean),
        "adres": ("adres", reading.object(ADDRESS)),
        "adresid": ("adres", address_id),
    }


def recognition(reading: Reading) -> Table:
    """What is recognised, how long, and how it is renewed; `besluit` is more than the register asks."""
    return {
        "ipdcproductnummer": ("ipdcProduct", _product),
        "startdatum": ("geldigheidsperiode", _day("startdatum")),
        "einddatum": ("geldigheidsperiode", _day("einddatum")),
        "hernieuwingsdatum": ("hernieuwingsdatum", text),
        "hernieuwingsurl": ("hernieuwingsUrl", text),
        "besluit": ("besluit", text),
        "redenvanwijziging": ("reden", text),
    }


def subtype(reading: Reading) -> Table:
    """A refinement of an association without legal personality."""
    return {
        "subtype": ("verenigingssubtype", reading.code("verenigingssubtype")),
        **{key: MEMBERSHIP[key] for key in ("anderevereniging", "identificatie", "beschrijving")},
    }


def basics(reading: Reading) -> Table:
    """What stands of an association beside its parts."""
    return {
        "naam": ("naam", text),
        "kortenaam": ("korteNaam", text),
        "kortebeschrijving": ("korteBeschrijving", text),
        "startdatum": ("startdatum", text),
        "doelgroep": ("doelgroep", reading.object(AGES)),
        "isuitgeschrevenuitpubliekedatastroom": ("zichtbaarInLoket", denied),
        "hoofdactiviteitenverenigingsloket": ("hoofdactiviteiten", reading.codes("hoofdactiviteit")),
        "werkingsgebieden": ("werkingsgebieden", reading.codes("werkingsgebied")),
    }


def basics_from_kbo(reading: Reading) -> Table:
    """What people may say of an association whose name and dates come from the enterprise register."""
    open_to_all = basics(reading)
    return {
        "roepnaam": ("roepnaam", text),
        **{key: open_to_all[key] for key in ("kortebeschrijving", "doelgroep", "werkingsgebieden")},
        "hoofdactiviteitenverenigingsloket": open_to_all["hoofdactiviteitenverenigingsloket"],
    }


def association(reading: Reading) -> Table:
    """All that comes with a registration."""
    return {
        **basics(reading),
        "contactgegevens": ("contactgegevens", reading.objects(CONTACT)),
        "locaties": ("locaties", reading.objects(location(reading))),
        "vertegenwoordigers": ("vertegenwoordigers", reading.objects(REPRESENTATIVE)),
        "bankrekeningnummers": ("bankrekeningnummers", reading.objects(ACCOUNT)),
    }


def _product(value: object, path: str) -> dict[str, str]:
    return {"nummer": text(value, path)}


def _day(term: str) -> Read:
    return lambda value, path: {term: text(value, path)}
