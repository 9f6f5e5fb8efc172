"""A municipality makes a decision out of a template: a draft that nobody sees, then signed and public."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest

from app.errors import Conflict, Forbidden, Refused, Unknown
from app.model.decision_templates import Template, load_templates
from app.model.documents import to_document
from app.model.fields import Document
from app.model.graph import from_ntriples
from app.register.commands import RegisterAssociation, RegisterRecognition
from app.register.drafting import Meeting, Writing, draft, sign
from app.store.log import Version
from tests.register.builders import A_MANAGER, GENT, ROOT, Make
from tests.register.conftest import Office
from tests.register.test_decision_links import AALTER

TEMPLATES = load_templates(ROOT)
OFFICE = "http://data.lblod.info/id/mandatarissen/"
MEETING = Meeting(
    body="College van Burgemeester en Schepenen",
    planned="2026-03-23T20:00:00+01:00",
    started="2026-03-23T20:03:00+01:00",
    ended="2026-03-23T22:00:00+01:00",
    place="Stadhuis",
    chair=f"{OFFICE}1",
    secretary="http://data.lblod.info/id/functionarissen/1",
    present=(f"{OFFICE}1", f"{OFFICE}2"),
)
VALUES = {"als": "jeugdvereniging", "vanaf": "2026-04-01"}


@pytest.fixture
def writing(office: Office, make: Make) -> Writing:
    made = office.do(RegisterAssociation(make.minimal(naam="Chiro De Vlinders", locaties=[make.location()])))
    return Writing(TEMPLATES["erkenning"], MEETING, VALUES, made.code)


def standing(office: Office, kind: str, code: str) -> tuple[Version, Document]:
    type = office.register.schema.entity_types[kind]
    version = office.log.latest(type.iri(code))
    assert version is not None
    return version, to_document(from_ntriples((version.public or b"") + version.internal), type, version.entity)


def test_a_template_is_filled_from_the_register(office: Office, writing: Writing) -> None:
    code = draft(writing, GENT, office.register)
    _, found = standing(office, "besluit", code)
    assert found["naam"] == "Besluit tot erkenning van Chiro De Vlinders als jeugdvereniging"
    assert next(article["inhoud"] for article in found["artikelen"]) == (
        f"Chiro De Vlinders ({writing.association}) wordt erkend als jeugdvereniging."
    )
    assert "De erkenning geldt vanaf 1 april 2026 " in found["artikelen"][1]["inhoud"]
    assert found["inwerkingtreding"] == "2026-04-01"
    assert found["gaatOver"] == [office.register.tools.type.iri(writing.association)]
    assert found["orgaan"]["naam"] == "College van Burgemeester en Schepenen Gent"
    assert "{" not in found["motivering"]


def test_nobody_sees_a_draft_and_everybody_what_is_signed(office: Office, writing: Writing) -> None:
    code = draft(writing, GENT, office.register)
    version, found = standing(office, "besluit", code)
    assert version.public is None
    session = found["behandeling"].partition("#")[0].rpartition("/")[2]
    sign(code, GENT, office.register)
    for kind, one in (("besluit", code), ("zitting", session)):
        assert standing(office, kind, one)[0].public is not None
    assert standing(office, "besluit", code)[1]["publicatiedatum"] == "2026-11-24"


def test_a_decision_is_signed_once_and_by_its_own_municipality(office: Office, writing: Writing) -> None:
    code = draft(writing, GENT, office.register)
    with pytest.raises(Forbidden):
        sign(code, AALTER, office.register)
    sign(code, GENT, office.register)
    with pytest.raises(Conflict):
        sign(code, GENT, office.register)
    with pytest.raises(Unknown):
        sign("B0009999", GENT, office.register)


def test_everything_that_is_missing_is_told_at_once(office: Office, writing: Writing) -> None:
    bare = Writing(TEMPLATES["subsidie"], replace(MEETING, planned="morgen", chair="de burgemeester", present=()), {})
    with pytest.raises(Refused) as caught:
        draft(bare, GENT, office.register)
    fields = {problem.path for problem in caught.value.problems}
    assert fields == {"doel", "bedrag", "vereniging", "gepland", "voorzitter", "aanwezigen"}


def test_only_a_municipality_decides_here(office: Office, writing: Writing) -> None:
    with pytest.raises(Forbidden):
        draft(writing, A_MANAGER, office.register)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda one: one.key)
def test_a_template_asks_for_all_that_it_uses(template: Template) -> None:
    texts = [*template.texts.values(), *(text for _, text in template.articles)]
    used = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
    known = {"gemeente", "orgaan"} | ({"naam", "code"} if template.about_association else set())
    assert used - known == set(template.questions)


def test_an_answer_that_is_not_given_leaves_nothing() -> None:
    texts, articles = TEMPLATES["reglement"].fill({})
    assert (texts["naam"], [title for title, _ in articles]) == ("Reglement", ["Inwerkingtreding"])


def test_the_recognition_that_the_municipality_gave_points_to_its_decision(office: Office, writing: Writing) -> None:
    given = {"ipdcProduct": {"nummer": "1504"}, "geldigheidsperiode": {"startdatum": "2026-01-01"}}
    office.do(RegisterRecognition(writing.association, given), reason="Besluit van het college")
    code = draft(writing, GENT, office.register)
    sign(code, GENT, office.register)
    [recognition] = standing(office, "vereniging", writing.association)[1]["erkenningen"]
    assert recognition["besluit"] == office.register.schema.entity_types["besluit"].iri(code)
