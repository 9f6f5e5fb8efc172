"""What is compared of an association: its telling words, places, and hashes of its contact values, KBO and people.

Nothing personal can be read back from it: every value but the name is a keyed hash (`Blind`), so it may stand in the
summary that the log keeps beside each association.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from app.model.codelists import CodeLists, Municipality
from app.register.doubles.names import YEAR, Name, fold, parse_name, skeleton, weight

Blind = Callable[[str], str]
Key = tuple[str, str]
KEY_KIND = "dubbel"
NOWHERE = "-"
PROPER = 0.9
LONG_ENOUGH = 6
HALF = 4
SCHEME = re.compile(r"^https?://(?:www\.)?")


class Traits(NamedTuple):
    """Comparable features; `areas` are NIS codes, empty when the association has no address in a known municipality."""

    words: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    kbo: str = ""


HASHED = ("addresses", "emails", "phones", "sites", "people", "accounts")


def traits_of(
    document: Mapping[str, Any],
    homes: Sequence[Municipality | None],
    codelists: CodeLists,
    hint: Municipality | None = None,
) -> Traits:
    """Read the traits from a canonical document; `homes` are the municipalities of its locations, in their order.

    `hint` is where an association without an address is taken to be: the municipality that brings it in.
    """
    known = {home.nis: home for home in (*homes, hint) if home}
    named = known.values() or mentioned(document.get("naam", ""), codelists)
    names = [name for home in named for name in (*place_names(home, codelists), *home.postcodes)]
    name = parse_name(document.get("naam", ""), names)
    short = parse_name(document["korteNaam"], names) if document.get("korteNaam") else Name(())
    contacts = document.get("contactgegevens", ())
    people = document.get("vertegenwoordigers", ())
    return Traits(
        name.words,
        short.words if short.words != name.words else (),
        name.places,
        tuple(known),
        tuple(dict.fromkeys(_addresses(document.get("locaties", ()), homes))),
        tuple(value.casefold() for value in _values("email", contacts, people)),
        tuple(dict.fromkeys((*_values("telefoon", contacts, people), *_values("mobiel", people)))),
        tuple(plain_address(value) for value in (*_values("website", contacts), *_values("socialMedia", contacts))),
        _values("insz", people),
        _values("iban", document.get("bankrekeningnummers", ())),
        document.get("kboNummer") or "",
    )


def mentioned(name: str, codelists: CodeLists) -> list[Municipality]:
    """The municipality that a name ends with, for who gives no address: `De Zonnebloem Zelzate`."""
    last = name.split()[-1:]
    found = codelists.municipality(last[0]) if last and last[0].istitle() else None
    return [found] if found and fold(found.name) == fold(last[0]) else []


def place_names(home: Municipality, codelists: CodeLists) -> Iterator[str]:
    """The names by which a municipality and its parts go."""
    yield from (home.name, *home.former_names)
    for postcode in home.postcodes:
        yield from codelists.postal_names(postcode)


def sealed(traits: Traits, blind: Blind) -> Traits:
    """The same traits with every contact value, address and number replaced by its keyed hash."""
    hashed: dict[str, Any] = {
        field: tuple(blind(f"{field}|{value}") for value in getattr(traits, field)) for field in HASHED
    }
    return traits._replace(**hashed)


def to_summary(traits: Traits, extra: Mapping[str, Any]) -> bytes:
    """Small JSON of sealed traits and what the register wants to know beside them."""
    filled = {field: value for field, value in zip(Traits._fields, traits, strict=True) if value}
    return orjson.dumps({**filled, **extra})


def from_summary(summary: bytes) -> tuple[Traits, dict[str, Any]]:
    """The traits, and the rest, of what `to_summary` wrote."""
    data = orjson.loads(summary or b"{}")  # what was put down without one has no traits
    traits = {field: data.pop(field) for field in Traits._fields if field in data}
    read: dict[str, Any] = {field: tuple(v) if isinstance(v, list) else v for field, v in traits.items()}
    return Traits(**read), data


@lru_cache(maxsize=4096)
def keys_of(traits: Traits) -> frozenset[Key]:
    """The keys under which an association can be found again as a possible duplicate."""
    return frozenset((KEY_KIND, key) for key in (*_name_keys(traits, traits.areas or (NOWHERE,)), *_value_keys(traits)))


@lru_cache(maxsize=4096)
def lookups_of(traits: Traits) -> frozenset[Key]:
    """The keys under which to look for possible duplicates: who has an address may match who has none."""
    areas = (*traits.areas, NOWHERE)
    keys = (*_name_keys(traits, areas), *_value_keys(traits))
    everywhere = frozenset((KEY_KIND, key) for key in keys)
    return everywhere if not traits.areas else frozenset(key for key in everywhere if not key[1].startswith("*|"))


def _name_keys(traits: Traits, areas: Iterable[str]) -> Iterator[str]:
    stems = dict.fromkeys((*_stems(traits.words), *_stems(traits.short)))
    for area in areas:
        yield from (f"{area}|{stem}" for stem in stems)
    yield "*|" + " ".join(sorted(map(skeleton, traits.words)))


@lru_cache(maxsize=16384)
def _stems(words: tuple[str, ...]) -> tuple[str, ...]:
    """What survives one typing error: two proper words each, or the ends of the only one; else every word."""
    # A year tells little, and finds much.
    telling = (word for word in words if weight(word) >= PROPER or YEAR.fullmatch(word))
    proper = sorted(telling, key=len, reverse=True)[:3]
    stems = [skeleton(word) for word in proper]
    if len(proper) == 1 and len(proper[0]) >= LONG_ENOUGH:
        stems += (f"{proper[0][:HALF]}-", f"-{proper[0][-HALF:]}")
    elif len(proper) < 2:
        stems += [skeleton(word) for word in words]
        longest = max(words, key=len, default="")
        if len(longest) >= LONG_ENOUGH:
            stems.append(f"{longest[:HALF]}-")
    return tuple(stems)


def _value_keys(traits: Traits) -> Iterator[str]:
    for field in HASHED:
        yield from getattr(traits, field)
    if traits.kbo:
        yield f"kbo|{traits.kbo}"


def _values(term: str, *lists: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(node[term]) for nodes in lists for node in nodes if node.get(term)))


def plain_address(address: str) -> str:
    """An address without what makes no difference: its scheme, `www.`, capitals, the slash at its end."""
    return SCHEME.sub("", address.lower()).rstrip("/")


def _addresses(locations: Iterable[Mapping[str, Any]], homes: Sequence[Municipality | None]) -> Iterator[str]:
    for location, home in zip(locations, homes, strict=True):
        address = location.get("adres", {})
        street, number = address.get("straatnaam"), address.get("huisnummer")
        if street and number:
            place = home.nis if home else address.get("postcode", "")
            yield f"{place}|{skeleton(fold(street).replace(' ', ''))}|{fold(number).replace(' ', '')}"
