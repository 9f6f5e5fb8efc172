"""What other registers say of a product before everybody sees it: do its contact addresses and its authorities exist?

    checked = ProductChecks(addresses, organisations, codelists, today)(document, before)
    checked.document, checked.problems

An address that the address register has gets its identifier there; one that it lacks is a problem, as in LPDC. While
the register does not answer, an address is marked "niet gecontroleerd", and compared later. A register that is not
connected is not asked. https://github.com/lblod/lpdc-management-service
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.errors import Problem, Unavailable, Unknown
from app.exchange.address_register import AddressRegister, Matches
from app.exchange.organisations import OrganisationRegister
from app.model.codelists import CodeLists
from app.model.fields import Document
from app.model.organisations import is_flemish

NOT_CHECKED, NOT_FOUND = "niet gecontroleerd", "niet gevonden"
AUTHORITIES = ("bevoegdeOverheden", "uitvoerendeOverheden")
BELGIUM = frozenset({"", "belgie", "belgië", "belgium"})
LIKELY = 80
UNKNOWN_ADDRESS = "Het Adressenregister kent dit adres niet."


@dataclass(frozen=True)
class Checked:
    """The document with what the registers added to it, and what they do not know."""

    document: Document = field(repr=False)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class ProductChecks:
    """Asks the registers that are connected."""

    addresses: AddressRegister | None
    organisations: OrganisationRegister | None
    codelists: CodeLists
    today: Callable[[], date]

    def __call__(self, document: Document, before: Document | None = None) -> Checked:
        problems: list[Problem] = []
        known = {
            _key(each["adres"]): each["adres"] for each in (before or {}).get("contactgegevens", ()) if "adres" in each
        }
        contacts = [
            self._contact(each, f"contactgegevens[{index}].adres", known, problems)
            for index, each in enumerate(document.get("contactgegevens", ()))
        ]
        problems += self.unknown_authorities(document)
        return Checked({**document, "contactgegevens": contacts} if contacts else document, tuple(problems))

    def unknown_authorities(self, document: Document) -> Iterator[Problem]:
        """The authorities that nobody knows: not our code list, nor the organisation register."""
        for term in AUTHORITIES:
            for index, iri in enumerate(document.get(term, ())):
                if is_flemish(iri) and self.codelists.organisations.get(iri) is None:
                    yield from (Problem(f"{term}[{index}]", sentence) for sentence in self._authority(iri))

    def _authority(self, iri: str) -> Iterator[str]:
        if self.organisations is None:
            return
        try:
            found = self.organisations.find(iri)
        except Unknown as unknown:
            yield unknown.title
        except Unavailable:
            return
        else:
            if not found.active(self.today()):
                heir = f" Kies {found.heir}, dat in de plaats kwam." if found.heir else ""
                yield f"{found.name} ({found.ovo}) bestaat niet meer.{heir}"

    def _contact(
        self, contact: Document, path: str, known: Mapping[str, Document], problems: list[Problem]
    ) -> Document:
        if "adres" not in contact:
            return contact
        address = {term: value for term, value in contact["adres"].items() if term not in ("verwijstNaar", "controle")}
        settled, sentence = self.settle(address, known.get(_key(address), {}))
        if sentence:
            problems.append(Problem(path, sentence))
        return {**contact, "adres": settled}

    def settle(self, address: Document, known: Document) -> tuple[Document, str]:
        """The address with its identifier or the mark that it was not checked, and what is wrong with it."""
        if "verwijstNaar" in known:
            return {**address, "verwijstNaar": known["verwijstNaar"]}, ""
        asked = question_of(address)
        if self.addresses is None or asked is None:
            return address, ""
        try:
            matches = self.addresses.match(asked)
        except Unavailable:
            return {**address, "controle": NOT_CHECKED}, ""
        if len(matches.exact) == 1:
            return {**address, "verwijstNaar": matches.exact[0].iri}, ""
        return {**address, "controle": NOT_FOUND}, _no_single(matches)


def question_of(address: Document) -> Mapping[str, str] | None:
    """What the address register is asked; None for a part of an address, and for one abroad."""
    parts = {
        "straatnaam": text_in(address.get("straatnaam")),
        "huisnummer": address.get("huisnummer", ""),
        "busnummer": address.get("busnummer", ""),
        "postcode": address.get("postcode", ""),
        "gemeente": text_in(address.get("gemeentenaam")),
    }
    whole = all(parts[term] for term in ("straatnaam", "huisnummer", "postcode", "gemeente"))
    at_home = text_in(address.get("land")).casefold() in BELGIUM
    return {term: text for term, text in parts.items() if text} if whole and at_home else None


def text_in(texts: Any) -> str:
    """A text in whatever language it was typed, Dutch first."""
    if not isinstance(texts, Mapping):
        return str(texts or "")
    return str(texts.get("nl") or next(iter(texts.values()), ""))


def _key(address: Document) -> str:
    return "|".join((question_of(address) or {}).values()).casefold()


def _no_single(matches: Matches) -> str:
    if matches.exact:
        return f"Het Adressenregister heeft dit adres {len(matches.exact)} keer: vul ook het busnummer in."
    like = [match.line for match in matches.all[:3] if match.line and match.score >= LIKELY]
    return f"{UNKNOWN_ADDRESS} Bedoelt u {' of '.join(like)}?" if like else UNKNOWN_ADDRESS
