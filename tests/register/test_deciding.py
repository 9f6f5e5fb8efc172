"""From a template to a published decision: what may be done when, by whom, and what follows in the register."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Conflict, Forbidden, LoketError, Refused
from app.exchange.decisions.drafting import Choices, draft_from
from app.model.documents import to_document
from app.model.graph import from_ntriples
from app.register.agents import MUNICIPALITY, VENDOR, Agent
from app.register.commands import Change, Create, Outcome, RegisterAssociation
from app.register.decisions.draft_commands import (
    CorrectDecision,
    PublishDecision,
    ReturnDraft,
    SignDraft,
    SubmitDraft,
    WithdrawDecision,
)
from app.register.decisions.drafts import BLANK
from app.register.decisions.templates import templates
from app.register.handle import handle
from app.register.register import Register
from tests.products.builders import GHENT
from tests.products.builders import minimal as product_of
from tests.register.builders import Make

CLERK = Agent(GHENT, "Gemeente Gent", MUNICIPALITY, "44021")
ELSEWHERE = Agent("https://elders.voorbeeld.be", "Gemeente Aalst", MUNICIPALITY, "41002")
SUPPLIER = Agent("https://leverancier.voorbeeld.be", "Leverancier", VENDOR, "44021", on_behalf_of=GHENT)
OFFICE = "http://data.lblod.info/id/"
SESSION: dict[str, Any] = {
    "orgaan": {
        "naam": "College van burgemeester en schepenen",
        "soort": "http://data.vlaanderen.be/id/concept/BestuursorgaanClassificatieCode/5ab0e9b8a3b2ca7c5e000006",
    },
    "geplandeStart": "2026-11-20T09:00:00Z",
    "start": "2026-11-20T09:02:00Z",
    "einde": "2026-11-20T10:40:00Z",
    "plaats": "Stadhuis, Botermarkt 1, 9000 Gent",
    "voorzitter": f"{OFFICE}mandatarissen/m1",
    "secretaris": f"{OFFICE}functionarissen/f1",
    "aanwezigen": [f"{OFFICE}mandatarissen/m1", f"{OFFICE}mandatarissen/m2"],
}
VOTE = {"gevolg": "Goedgekeurd met eenparigheid van stemmen"}


class Desk:
    """One clerk's way from a template to a decision."""

    def __init__(self, register: Register, make: Make) -> None:
        self.register = register
        there = make.location("Dorpsstraat", "12", isPrimair=True)
        self.association = self.do(RegisterAssociation(make.minimal(locaties=[there]))).code
        self.product = self.do(Create("product", product_of(productnummer="90001"))).entity
        self.session = self.do(Create("zitting", SESSION)).entity

    def do(self, command: Any, agent: Agent = CLERK) -> Outcome:
        return handle(command, agent, self.register)

    def draft(self, template: str = "erkenning", **changed: Any) -> str:
        wanted = Choices(self.association, self.product, "", "1.250", "2026-12-01", "2029-11-30", self.session)
        document = draft_from(templates(self.register.codelists)[template], wanted, self.register, CLERK)
        return self.do(Create("ontwerp", {**document, "stemming": VOTE, **changed})).code

    def publish(self, code: str) -> str:
        """The IRI of the decision."""
        for step in (SubmitDraft, SignDraft, PublishDecision):
            self.do(step(code))
        return str(self.read("ontwerp", code)["bekendgemaaktAls"])

    def read(self, kind: str, code: str, public: bool = False) -> dict[str, Any]:
        type = self.register.schema.entity_types[kind]
        version = self.register.log.latest(type.iri(code.rpartition("/")[2]))
        assert version is not None
        triples = (version.public or b"") + (b"" if public else version.internal)
        return to_document(from_ntriples(triples), type, version.entity)

    def recognitions(self) -> list[dict[str, Any]]:
        return list(self.read("vereniging", self.association, public=True).get("erkenningen", []))


@pytest.fixture
def desk(register: Register, make: Make) -> Desk:
    return Desk(register, make)


@pytest.mark.parametrize("key", ["erkenning", "subsidie", "subsidiereglement", "schorsing", "intrekking"])
def test_a_template_is_filled_with_what_the_register_knows(desk: Desk, key: str) -> None:
    draft = desk.read("ontwerp", desk.draft(key))
    text = " ".join([draft["naam"], draft["motivering"], *(each["inhoud"] for each in draft["artikelen"])])
    assert "Werkingssubsidie" in text
    assert "{" not in text
    assert ("De Houten Klepel" in text and desk.association in text) == (key != "subsidiereglement")
    assert (BLANK in text) == (key in ("schorsing", "intrekking"))  # the reason is for people to give


def test_what_is_not_known_stays_open(desk: Desk) -> None:
    document = draft_from(templates(desk.register.codelists)["subsidie"], Choices(), desk.register, CLERK)
    assert document["naam"] == f"Subsidie aan {BLANK}: {BLANK}"


def test_a_draft_is_in_no_feed_and_nobody_elses(desk: Desk) -> None:
    code = desk.draft()
    version = desk.register.log.latest(desk.register.schema.entity_types["ontwerp"].iri(code))
    assert version is not None and version.public is None
    assert not [feed for feed in desk.register.log.feeds() if feed.startswith("ontwerp")]
    with pytest.raises(Forbidden):
        desk.do(Change("ontwerp", code, {"naam": "Andere"}), ELSEWHERE)


def test_a_recognition_is_made_by_publishing_its_decision(desk: Desk) -> None:
    code = desk.draft()
    assert desk.recognitions() == []
    decision = desk.publish(code)
    [recognition] = desk.recognitions()
    assert recognition["besluit"] == decision
    assert recognition["geldigheidsperiode"]["einddatum"] == "2029-11-30"
    assert recognition["ipdcProduct"]["nummer"] == "90001"


def test_a_decision_and_its_session_point_to_each_other(desk: Desk) -> None:
    first, second = desk.publish(desk.draft()), desk.publish(desk.draft("subsidie"))
    session = desk.read("zitting", desk.session, public=True)
    treatments = sorted(session["behandelingen"], key=lambda each: each["volgorde"])
    assert [each["besluiten"] for each in treatments] == [[first], [second]]
    assert treatments[1]["na"] == treatments[0]["@id"]
    assert desk.read("besluit", first, public=True)["behandeling"] == treatments[0]["@id"]
    assert desk.read("besluit", first, public=True)["zittingsdatum"] == "2026-11-20"


def test_a_regulation_stands_among_the_sources_of_its_product(desk: Desk) -> None:
    decision = desk.publish(desk.draft("subsidiereglement"))
    sources = desk.read("product", desk.product)["regelgeving"]
    assert [each["url"] for each in sources] == [decision]


def test_a_recognition_is_suspended_and_ended_by_decisions(desk: Desk) -> None:
    desk.publish(desk.draft())
    reason = {"motivering": "Het verslag ontbreekt."}
    suspension = desk.publish(desk.draft("schorsing", **reason))
    assert suspension in desk.recognitions()[0]["redenSchorsing"]
    code = desk.draft("intrekking", begindatum="2027-07-01", einddatum=None, **reason)
    desk.publish(code)
    assert desk.recognitions()[0]["geldigheidsperiode"]["einddatum"] == "2027-06-30"


def test_a_recognition_that_ends_before_it_began_goes(desk: Desk) -> None:
    desk.publish(desk.draft())
    reason = "De erkenning berustte op een vergissing."
    desk.publish(desk.draft("intrekking", begindatum="2026-12-01", einddatum=None, motivering=reason))
    assert desk.recognitions() == []


def test_what_cannot_be_done_in_the_register_is_not_published_either(desk: Desk) -> None:
    code = desk.draft("schorsing", motivering="Het verslag ontbreekt.")
    desk.do(SubmitDraft(code))
    desk.do(SignDraft(code))
    head = desk.register.log.head()
    with pytest.raises(Refused) as refused:
        desk.do(PublishDecision(code))
    assert [problem.path for problem in refused.value.problems] == ["productnummer"]
    assert desk.register.log.head() == head


def test_a_correction_is_a_new_version_that_says_so(desk: Desk) -> None:
    code = desk.draft()
    decision = desk.publish(code)
    desk.do(CorrectDecision(code, "De einddatum was fout."))
    assert "rechtzetting" not in desk.read("besluit", decision, public=True)
    desk.do(Change("ontwerp", code, {"einddatum": "2028-11-30"}))
    assert desk.publish(code) == decision
    corrected = desk.read("besluit", decision, public=True)
    assert corrected["rechtzetting"] == "De einddatum was fout."
    assert (corrected["versie"], corrected["publicatiedatum"]) == (2, "2026-11-24")
    assert [each["geldigheidsperiode"]["einddatum"] for each in desk.recognitions()] == ["2028-11-30"]


def test_a_withdrawn_decision_stays_to_be_read_with_the_reason(desk: Desk) -> None:
    code = desk.draft()
    decision = desk.publish(code)
    desk.do(WithdrawDecision(code, "Genomen door het verkeerde orgaan."))
    assert desk.read("besluit", decision, public=True)["redenIntrekking"] == "Genomen door het verkeerde orgaan."
    assert desk.recognitions() == []
    with pytest.raises(Refused):
        desk.do(PublishDecision(code))


STEPS = {"klaar": SubmitDraft, "terug": ReturnDraft, "teken": SignDraft, "maak bekend": PublishDecision}
ROADS = [
    (["klaar", "teken", "maak bekend"], ""),
    (["klaar", "terug", "klaar", "teken", "terug", "klaar", "teken", "maak bekend"], ""),
    (["teken"], "in opmaak"),
    (["maak bekend"], "in opmaak"),
    (["klaar", "maak bekend"], "klaar om te ondertekenen"),
    (["klaar", "klaar"], "klaar om te ondertekenen"),
    (["klaar", "teken", "maak bekend", "terug"], "bekendgemaakt"),
]


@pytest.mark.parametrize(("road", "stuck"), ROADS)
def test_each_step_has_its_place(desk: Desk, road: list[str], stuck: str) -> None:
    code = desk.draft()
    told = ""
    for step in road:
        try:
            desk.do(STEPS[step](code))
        except Refused as error:
            told = error.title
    assert stuck in told and bool(told) == bool(stuck)


def test_what_waits_for_a_signature_lies_fast(desk: Desk) -> None:
    code = desk.draft()
    desk.do(SubmitDraft(code))
    with pytest.raises(Refused):
        desk.do(Change("ontwerp", code, {"naam": "Nog iets anders"}))


def test_nobody_signs_by_filling_in_a_status(desk: Desk) -> None:
    status = desk.register.codelists.find("ontwerpstatus", "ondertekend")
    assert status is not None
    with pytest.raises(Refused):
        desk.draft(status=status.iri)


def test_who_signs_signs_what_they_saw(desk: Desk) -> None:
    code = desk.draft()
    seen = desk.do(SubmitDraft(code)).version
    desk.do(ReturnDraft(code))
    desk.do(Change("ontwerp", code, {"naam": "Andere titel"}))
    desk.do(SubmitDraft(code))
    with pytest.raises(Conflict):
        desk.do(SignDraft(code, seen))


LACKING = [
    ({"zitting": None}, "zitting"),
    ({"stemming": None}, "stemming.gevolg"),
    ({"motivering": f"Omdat {BLANK}"}, "motivering"),
    ({"begindatum": None}, "begindatum"),
    ({"artikelen": []}, "artikelen"),
    ({"citeeropschrift": None}, "citeeropschrift"),
]


@pytest.mark.parametrize(("changed", "path"), LACKING)
def test_what_is_lacking_is_told_beside_the_field(desk: Desk, changed: dict[str, Any], path: str) -> None:
    code = desk.draft(**changed)
    with pytest.raises(Refused) as refused:
        desk.do(SubmitDraft(code))
    assert path in [problem.path for problem in refused.value.problems]


@pytest.mark.parametrize("step", [SignDraft, WithdrawDecision])
def test_a_vendor_prepares_and_does_not_sign(desk: Desk, step: Any) -> None:
    code = desk.draft()
    desk.do(SubmitDraft(code), SUPPLIER)
    with pytest.raises(Forbidden):
        desk.do(step(code) if step is SignDraft else step(code, "Zomaar"), SUPPLIER)


@pytest.mark.parametrize("step", [SubmitDraft, ReturnDraft, SignDraft, PublishDecision])
def test_another_municipality_does_nothing_with_it(desk: Desk, step: Any) -> None:
    with pytest.raises(LoketError):
        desk.do(step(desk.draft()), ELSEWHERE)


def test_an_association_elsewhere_is_not_recognised_here(desk: Desk, make: Make) -> None:
    there = make.location("Grote Markt", "1", postcode="9300", gemeente="Aalst")
    document = make.minimal(naam="Een Aalsterse Kring", locaties=[there])
    other = desk.do(RegisterAssociation(document), ELSEWHERE).entity
    with pytest.raises(Refused) as refused:
        desk.draft(vereniging=other)
    assert [problem.path for problem in refused.value.problems] == ["vereniging"]
