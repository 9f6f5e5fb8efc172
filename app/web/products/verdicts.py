"""Which products an association can get, remembered until something that the answer rests on changes.

    verdicts = Verdicts(codelists)
    verdicts.of(profile, found, everything, today)      # for each product of `found` its verdict

An answer rests on the association (its profile), the day, the product itself and the products that its conditions
name. A product that changes is another `Offer`, so what was answered about the one before counts no more.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.model.codelists import CodeLists
from app.model.fields import Document
from app.register.products.criteria import kind_of
from app.register.products.eligibility import Verdict, eligibility
from app.register.profile import Facts, Profile
from app.web.products.offer_search import Offer

# Associations that are looked at now; each takes some megabytes over 5,000 products.
KEPT = 40


@dataclass(frozen=True)
class Known:
    """One answer, with all the products that it rests on."""

    verdict: Verdict
    offer: Offer
    others: tuple[tuple[str, Offer | None], ...]

    def still(self, offer: Offer, everything: Mapping[str, Offer]) -> bool:
        """Whether the offers that it follows from are the same."""
        return self.offer is offer and all(everything.get(iri) is other for iri, other in self.others)


@dataclass
class Answers:
    """What was answered for one association on one day; equal answers are kept once.

    `now` are the answers over the products as they are at `at`: those need no second look.
    """

    known: dict[str, Known] = field(default_factory=dict)
    same: dict[Verdict, Verdict] = field(default_factory=dict)
    at: Mapping[str, Offer] = field(default_factory=dict)
    now: dict[str, Verdict] = field(default_factory=dict)


class Verdicts:
    """Gives the answers; safe to ask from several threads."""

    def __init__(self, codelists: CodeLists) -> None:
        self._codelists = codelists
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[Profile, date], Answers] = OrderedDict()

    def of(
        self, profile: Profile, found: Iterable[Offer], everything: Mapping[str, Offer], today: date
    ) -> list[tuple[Offer, Verdict]]:
        """Each product with the answer for this association; `everything` is never changed, but made anew."""
        answers, now = self._answers_for(profile, today, everything)
        facts = facts_of(self._codelists, everything)

        def decide(offer: Offer) -> Verdict:
            if everything.get(offer.iri) is not offer:
                return eligibility(offer.deciding, profile, facts, today)
            known = answers.known.get(offer.iri)
            if known is None or not known.still(offer, everything):
                verdict = eligibility(offer.deciding, profile, facts, today)
                others = tuple((iri, everything.get(iri)) for iri in named_in(offer.deciding))
                known = answers.known[offer.iri] = Known(answers.same.setdefault(verdict, verdict), offer, others)
            return now.setdefault(offer.iri, known.verdict)

        return [(offer, now.get(offer.iri) or decide(offer)) for offer in found]

    def _answers_for(
        self, profile: Profile, today: date, everything: Mapping[str, Offer]
    ) -> tuple[Answers, dict[str, Verdict]]:
        with self._lock:
            answers = self._answers.setdefault((profile, today), Answers())
            self._answers.move_to_end((profile, today))
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
            if answers.at is not everything:
                answers.at, answers.now = everything, {}
            return answers, answers.now


def named_in(product: Document) -> frozenset[str]:
    """The IRIs of other products that its conditions name."""
    criteria = (each for condition in product.get("voorwaarden", ()) for each in condition.get("criteria", ()))
    asked = (iri for each in criteria if kind_of(each) == "heeft-product" for iri in each.get("waarden", ()))
    return frozenset({*product.get("vereist", ()), *asked})


def facts_of(codelists: CodeLists, everything: Mapping[str, Offer]) -> Facts:
    """What conditions may point at."""

    def product(iri: str) -> Document | None:
        return everything[iri].deciding if iri in everything else None

    return Facts(codelists, product)
