"""What happened to an association, in the events of the Verenigingsregister: told from two of its versions.

    events(before, after)      # [Event("NaamWerdGewijzigd", "Naam werd gewijzigd naar 'De Harmonie'.", {...})]

Both are the JSON of the admin API without personal values, so that an event never holds one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from app.exchange.register_api.json import WITHOUT_PERSONALITY, Json


class Event(NamedTuple):
    """One event: its name, a Dutch sentence, and what changed."""

    name: str
    sentence: str
    data: Json


Told = Callable[[Any, Any], Iterator[Event]]


def events(before: Json | None, after: Json | None, reason: str = "") -> list[Event]:
    """The events from one version to the next; None before the first, and after the last."""
    if after is None:
        data = {"vCode": (before or {}).get("vCode", ""), "reden": reason}
        return [Event("VerenigingWerdVerwijderd", "Deze vereniging werd verwijderd.", data)]
    if before is None:
        return [_registered(after)]
    changed = [key for key in TELLERS if before.get(key) != after.get(key)]
    return [event for key in changed for event in TELLERS[key](before.get(key), after.get(key))]


def _registered(association: Json) -> Event:
    kind = "Zonder eigen" if association["verenigingstype"]["code"] in WITHOUT_PERSONALITY else "Met"
    words = f"vereniging {kind.lower()} rechtspersoonlijkheid"
    name = "".join(word[:1].upper() + word[1:] for word in words.split())
    kept = ("vCode", "naam", "korteNaam", "korteBeschrijving", "startdatum")
    sentence = f"{words.capitalize()} werd geregistreerd met naam '{association['naam']}'."
    return Event(f"{name}WerdGeregistreerd", sentence, {key: association.get(key) for key in kept})


def _field(key: str, label: str) -> Told:
    """`NaamWerdGewijzigd`: a field with one value."""
    name = f"{key[0].upper()}{key[1:]}WerdGewijzigd"

    def tell(_before: Any, after: Any) -> Iterator[Event]:
        sentence = f"{label} werd gewijzigd naar '{after}'." if after else f"{label} werd verwijderd."
        yield Event(name, sentence, {key: after})

    return tell


def _concepts(name: str, sentence: str, key: str) -> Told:
    """A list of concepts, told as a whole."""

    def tell(_before: Any, after: Any) -> Iterator[Event]:
        yield Event(name, sentence, {key: _codes(after)})

    return tell


def _codes(concepts: list[Json]) -> list[Json]:
    return [{"code": each["code"], "naam": each["naam"]} for each in concepts]


def _ages(_before: Any, after: Json) -> Iterator[Event]:
    ages = {key: after[key] for key in ("minimumleeftijd", "maximumleeftijd")}
    sentence = "Doelgroep werd gewijzigd naar '{minimumleeftijd} - {maximumleeftijd}'.".format(**ages)
    yield Event("DoelgroepWerdGewijzigd", sentence, {"doelgroep": ages})


def _areas(before: list[Json], after: list[Json]) -> Iterator[Event]:
    codes = {each["code"] for each in after}
    how = "NietBepaald" if not codes else "NietVanToepassing" if codes == {"NVT"} else "Bepaald" if not before else ""
    words = {"NietBepaald": "niet bepaald", "NietVanToepassing": "niet van toepassing", "Bepaald": "bepaald"}
    sentence = f"Werkingsgebieden werden {words.get(how, 'gewijzigd')}."
    yield Event(f"WerkingsgebiedenWerden{how or 'Gewijzigd'}", sentence, {"werkingsgebieden": _codes(after)})


def _ended(before: str | None, after: str | None) -> Iterator[Event]:
    data = {"einddatum": after}
    if after is None:
        yield Event("EinddatumWerdGewijzigd", "De einddatum van de vereniging werd verwijderd.", data)
    elif before is None:
        yield Event("VerenigingWerdGestopt", f"De vereniging werd gestopt met einddatum '{after}'.", data)
    else:
        yield Event("EinddatumWerdGewijzigd", f"De einddatum van de vereniging werd gewijzigd naar '{after}'.", data)


def _hidden(_before: Any, after: bool) -> Iterator[Event]:
    how, words = ("Uitgeschreven", "uitgeschreven uit") if after else ("Ingeschreven", "ingeschreven in")
    place = "Uit" if after else "In"
    yield Event(f"VerenigingWerd{how}{place}PubliekeDatastroom", f"Vereniging werd {words} de publieke datastroom.", {})


def _stopping(_before: Any, after: bool) -> Iterator[Event]:
    if after:
        yield Event("VerenigingWerdInStopzettingGeplaatst", "Vereniging werd in stopzetting geplaatst.", {})
    else:
        yield Event("VerenigingWerdUitStopzettingGehaald", "Vereniging werd uit stopzetting gehaald.", {})


def _subtype(_before: Any, after: Json | None) -> Iterator[Event]:
    names = {
        "FV": ("VerfijndNaarFeitelijkeVereniging", "verfijnd naar feitelijke vereniging"),
        "SUB": ("VerfijndNaarSubvereniging", "verfijnd naar subvereniging"),
    }
    back = ("TerugGezetNaarNietBepaald", "teruggezet naar niet bepaald")
    name, words = names.get((after or {}).get("code", ""), back)
    yield Event(f"VerenigingssubtypeWerd{name}", f"Subtype werd {words}.", {"verenigingssubtype": after})


def _parent(before: Json | None, after: Json | None) -> Iterator[Event]:
    """Told beside a new subtype as part of it; by itself as another parent, or other details."""
    if not before or not after:
        return
    if before["andereVereniging"] != after["andereVereniging"]:
        yield Event("SubverenigingRelatieWerdGewijzigd", "De relatie van het subtype werd gewijzigd.", after)
    else:
        yield Event("SubverenigingDetailsWerdenGewijzigd", "De details van het subtype werden gewijzigd.", after)


def _double(before: str, after: str) -> Iterator[Event]:
    if after:
        sentence = f"Vereniging werd gemarkeerd als dubbel van {after}."
        yield Event("VerenigingWerdGemarkeerdAlsDubbelVan", sentence, {"vCodeAuthentiekeVereniging": after})
    else:
        sentence = f"Markering als dubbel van vereniging {before} werd gecorrigeerd."
        yield Event("MarkeringDubbeleVerengingWerdGecorrigeerd", sentence, {"vCodeAuthentiekeVereniging": before})


def _doubles(before: list[str], after: list[str]) -> Iterator[Event]:
    for code in sorted(set(after) - set(before)):
        sentence = f"Vereniging aanvaardde dubbele vereniging {code}."
        yield Event("VerenigingAanvaarddeDubbeleVereniging", sentence, {"vCodeDubbeleVereniging": code})
    for code in sorted(set(before) - set(after)):
        sentence = f"Vereniging {code} werd verwijderd als dubbel door correctie."
        yield Event("VerenigingAanvaarddeCorrectieDubbeleVereniging", sentence, {"vCodeDubbeleVereniging": code})


def _parts(key: str, name: str, title: Callable[[Json], str]) -> Told:
    """Parts that come, change and go, each by its number; of people and accounts only the number is told."""

    def tell(before: list[Json], after: list[Json]) -> Iterator[Event]:
        old, new = ({part[key]: part for part in parts} for parts in (before, after))
        for number in sorted({*old, *new}):
            was, now = old.get(number), new.get(number)
            if was != now:
                deed = "toegevoegd" if was is None else "verwijderd" if now is None else "gewijzigd"
                part = now or was or {}
                sentence = f"{title(part)} werd {deed}."
                yield Event(f"{name}Werd{deed.capitalize()}", sentence, _plain(part, key, name in PERSONAL))

    return tell


PERSONAL = ("Vertegenwoordiger", "Bankrekeningnummer")


def _plain(part: Json, key: str, personal: bool) -> Json:
    if personal:
        return {key: part[key]}
    return {term: value for term, value in part.items() if not term.startswith("@")}


def _recognitions(before: list[Json], after: list[Json]) -> Iterator[Event]:
    old, new = ({part["erkenningId"]: part for part in parts} for parts in (before, after))
    for number in sorted({*old, *new}):
        was, now = old.get(number), new.get(number)
        if was != now:
            name, sentence = _recognition(was, now)
            yield Event(name, sentence, _plain(now or was or {}, "erkenningId", False))


def _recognition(was: Json | None, now: Json | None) -> tuple[str, str]:
    if now is None:
        return "ErkenningWerdVerwijderd", "Erkenning werd verwijderd."
    if was is None:
        return "ErkenningWerdGeregistreerd", f"Erkenning werd geregistreerd door '{now['geregistreerdDoor']['naam']}'."
    had, has = was["redenSchorsing"], now["redenSchorsing"]
    if has and not had:
        return "ErkenningWerdGeschorst", f"Erkenning werd geschorst om deze reden: {has}"
    if had and not has:
        return "SchorsingVanErkenningWerdOpgeheven", "Schorsing van erkenning werd opgeheven."
    if had != has:
        sentence = f"Reden van schorsing van een erkenning werd gecorrigeerd: {has}"
        return "ErkenningRedenVanSchorsingWerdGecorrigeerd", sentence
    if {**was, "status": now["status"]} == now and now["status"] == "Verlopen":
        return "ErkenningWerdVerlopen", "Erkenning werd verlopen."
    if {**was, "status": now["status"]} == now:
        return "ErkenningWerdGeactiveerd", "Erkenning werd geactiveerd."
    return "ErkenningWerdGewijzigd", "Erkenning werd gewijzigd."


def _contact_title(part: Json) -> str:
    return f"{part['contactgegeventype']} '{part['waarde']}'" if part["waarde"] else "Contactgegeven"


def _location_title(part: Json) -> str:
    return f"'{part['locatietype']}' locatie" + (f" '{part['naam']}'" if part["naam"] else "")


TELLERS: Mapping[str, Told] = {
    "naam": _field("naam", "Naam"),
    "roepnaam": _field("roepnaam", "Roepnaam"),
    "korteNaam": _field("korteNaam", "Korte naam"),
    "korteBeschrijving": _field("korteBeschrijving", "Korte beschrijving"),
    "startdatum": _field("startdatum", "Startdatum"),
    "doelgroep": _ages,
    "hoofdactiviteitenVerenigingsloket": _concepts(
        "HoofdactiviteitenVerenigingsloketWerdenGewijzigd", "Hoofdactiviteiten verenigingsloket werden gewijzigd.",
        "hoofdactiviteitenVerenigingsloket",
    ),
    "werkingsgebieden": _areas,
    "verenigingssubtype": _subtype,
    "subverenigingVan": _parent,
    "contactgegevens": _parts("contactgegevenId", "Contactgegeven", _contact_title),
    "locaties": _parts("locatieId", "Locatie", _location_title),
    "lidmaatschappen": _parts("lidmaatschapId", "Lidmaatschap", lambda part: "Lidmaatschap"),
    "vertegenwoordigers": _parts("vertegenwoordigerId", "Vertegenwoordiger", lambda part: "Vertegenwoordiger"),
    "bankrekeningnummers": _parts("bankrekeningnummerId", "Bankrekeningnummer", lambda part: "Bankrekeningnummer"),
    "erkenningen": _recognitions,
    "isUitgeschrevenUitPubliekeDatastroom": _hidden,
    "inStopzetting": _stopping,
    "isDubbelVan": _double,
    "corresponderendeVCodes": _doubles,
    "einddatum": _ended,
}  # fmt: skip
