"""Products of municipalities that merged move to the new one, and no feed loses anything. The mergers are real."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.errors import Forbidden, Refused, Unknown
from app.model.codelists import Municipality
from app.register.commands import Change, Create
from app.register.handle import handle
from app.register.products.conduct import OWNER
from app.register.products.merger_undoing import undo, undoable
from app.register.products.municipal_merger import heirs_of, join, merged_municipality, move_products, plan_merger
from app.register.products.own_products import own_products
from app.register.register import Register
from app.store.records import NewVersion
from tests.products.builders import Document, full, minimal, read
from tests.register.builders import A_MANAGER
from tests.web.people import municipality

NEW, OLD, OLD_NIS = "Pajottegem", "Gooik", "23024"


@dataclass
class Before:
    """How it was in 2024: products of a municipality that is no more, as they stand in an old log."""

    register: Register

    @property
    def into(self) -> Municipality:
        return merged_municipality(NEW, self.register)

    @property
    def old_unit(self) -> str:
        organisations = self.register.codelists.organisations
        gone = (organisations.get(iri) for iri in sorted(organisations.heirs(self.into.nis)))
        return next(one.iri for one in gone if one is not None and one.name == f"Gemeente {OLD}")

    def add(self, document: Document) -> str:
        register, unit = self.register, self.into.unit
        assert unit
        code = handle(Create("product", document), municipality(NEW), register).code
        areas = register.codelists.scheme("toepassingsgebied").concepts
        old_area = next(each.iri for each in areas if each.notation == OLD_NIS)
        new_area = next(each.iri for each in areas if each.notation == self.into.nis)
        version = register.log.latest(register.schema.entity_types["product"].iri(code))
        assert version and version.public

        def aged(content: bytes) -> bytes:
            return content.replace(unit.encode(), self.old_unit.encode()).replace(new_area.encode(), old_area.encode())

        with register.log.transaction() as transaction:
            transaction.append(NewVersion(
                entity=version.entity, kind="product", number=2, operation="update", activity=version.activity,
                actor=self.old_unit, reason="", public=aged(version.public), internal=aged(version.internal),
                feeds=("producten", f"producten/gemeente/{OLD_NIS}"), keys=frozenset({(OWNER, self.old_unit)}),
            ))  # fmt: skip
        return code

    def feed(self, nis: str) -> list[tuple[str, str]]:
        members = self.register.log.members(f"producten/gemeente/{nis}", 1, 100)
        return [(each.operation, each.version.entity.rpartition("/")[2]) for each in members]


@pytest.fixture
def before(register: Register) -> Before:
    return Before(register)


def test_what_would_move_is_told_first_and_nothing_is_written(before: Before) -> None:
    code = before.add(full(verantwoordelijken=None))
    head = before.register.log.head()
    plan = plan_merger(before.into, before.register)
    assert [(move.code, move.error) for move in plan.moves] == [(code, None)]
    assert OLD in plan.moves[0].owner and OLD in plan.former
    assert before.register.log.head() == head


def test_authorities_area_and_conditions_follow_and_the_code_stays(before: Before) -> None:
    asks = {"naam": {"nl": "Erkend"}, "beschrijving": {"nl": "<p>Door ons.</p>"},
            "criteria": [{"soort": "erkend-door", "waarden": [before.into.unit]}]}  # fmt: skip
    code = before.add(minimal(voorwaarden=[asks], uitvoerendeOverheden=[before.into.unit]))
    old = read(before.register, code)
    assert old["aangemaaktDoor"] == before.old_unit and before.old_unit in str(old["voorwaarden"])
    move_products(before.into, municipality(NEW), before.register)
    document = read(before.register, code)
    assert document["aangemaaktDoor"] == before.into.unit
    assert document["bevoegdeOverheden"] == document["uitvoerendeOverheden"] == [before.into.unit]
    assert document["geografischToepassingsgebieden"][0].endswith(before.into.nis)
    assert before.old_unit not in str(document) and document["code"] == code
    assert plan_merger(before.into, before.register).moves == ()


def test_nothing_is_lost_in_the_feeds_of_old_and_new(before: Before) -> None:
    code = before.add(minimal())
    assert before.feed(OLD_NIS)[-1] == ("create", code)
    move_products(before.into, municipality(NEW), before.register)
    assert before.feed(OLD_NIS)[-1] == ("delete", code)
    assert before.feed(before.into.nis)[-1] == ("create", code)
    iri = before.register.schema.entity_types["product"].iri(code)
    assert [version.number for version in before.register.log.versions(iri)] == [1, 2, 3]


def test_the_new_municipality_sees_and_may_keep_what_is_of_the_old_ones(before: Before) -> None:
    code = before.add(minimal())
    assert [own.code for own in own_products(municipality(NEW), before.register)] == [code]
    assert own_products(municipality("Gent"), before.register) == []


def test_only_the_new_municipality_takes_them_over(before: Before) -> None:
    before.add(minimal())
    with pytest.raises(Forbidden):
        move_products(before.into, municipality("Gent"), before.register)
    assert len(move_products(before.into, A_MANAGER, before.register).moves) == 1


def test_what_is_there_twice_is_told_and_joined_and_its_address_leads_on(before: Before) -> None:
    old = before.add(minimal())
    new = handle(Create("product", minimal()), municipality(NEW), before.register).code
    [twice] = plan_merger(before.into, before.register).twice
    assert {own.code for own in twice} == {old, new}
    move_products(before.into, municipality(NEW), before.register)
    join(old, new, municipality(NEW), before.register)
    type = before.register.schema.entity_types["product"]
    gone = before.register.log.latest(type.iri(old))
    assert gone and (gone.operation, gone.replaced_by) == ("delete", type.iri(new))
    with pytest.raises(Refused):
        join(new, new, municipality(NEW), before.register)
    third = handle(Create("product", minimal()), municipality(NEW), before.register).code
    with pytest.raises(Forbidden):
        join(third, new, municipality("Gent"), before.register)


def test_what_is_wrong_otherwise_stays_and_says_why(before: Before) -> None:
    code = before.add(minimal(naam={"nl": "ZONDER-BESCHRIJVING"}))
    iri = before.register.schema.entity_types["product"].iri(code)
    version = before.register.log.latest(iri)
    assert version and version.public
    bare = b"".join(line for line in version.public.splitlines(keepends=True) if b"/terms/description>" not in line)
    with before.register.log.transaction() as transaction:
        transaction.append(NewVersion(
            entity=iri, kind="product", number=3, operation="update", activity=version.activity, actor=before.old_unit,
            reason="", public=bare, internal=version.internal, feeds=("producten",),
            keys=frozenset({(OWNER, before.old_unit)}),
        ))  # fmt: skip
    [move] = move_products(before.into, A_MANAGER, before.register).moves
    assert [problem.path for problem in move.problems] == ["beschrijving"]


@pytest.mark.parametrize(
    ("name", "into"), [("Gooik", "Pajottegem"), ("Puurs", "Puurs-Sint-Amands"), ("Zwijndrecht", None)]
)
def test_a_merger_is_named_by_old_or_new(register: Register, name: str, into: str | None) -> None:
    found = merged_municipality(name, register)
    assert found.former_nis and (into is None or found.name == into)


def test_where_nothing_merged_it_says_so(register: Register) -> None:
    with pytest.raises(Refused, match="fusie"):
        merged_municipality("Gent", register)
    with pytest.raises(Unknown):
        merged_municipality("Nergenshuizen", register)


def test_every_municipality_that_merged_since_2019_has_an_heir_for_its_administration(register: Register) -> None:
    merged = [one for one in register.codelists.municipalities.all if one.former_nis and one.unit]
    assert len(merged) > 15
    assert all(heirs_of(one, register) for one in merged)


def test_what_was_joined_is_there_again_under_its_own_iri_and_parts(before: Before) -> None:
    register, agent = before.register, municipality(NEW)
    first = handle(Create("product", full()), agent, register).code
    second = handle(Create("product", full()), agent, register).code
    was = read(register, first)
    join(first, second, agent, register)
    assert [(each.code, each.into) for each in undoable(before.into, register)] == [(first, second)]
    with pytest.raises(Forbidden):
        undo(first, municipality("Gent"), register)
    undo(first, agent, register)
    version = register.log.latest(register.schema.entity_types["product"].iri(first))
    assert version and (version.operation, version.replaced_by) == ("create", None)
    ignored = {"versie", "laatstGewijzigd"}
    assert {k: v for k, v in read(register, first).items() if k not in ignored} == {
        k: v for k, v in was.items() if k not in ignored
    }
    assert undoable(before.into, register) == []
    with pytest.raises(Refused):
        undo(first, agent, register)


def test_what_moved_stands_as_before_and_keeps_what_was_written_since(before: Before) -> None:
    register, agent = before.register, municipality(NEW)
    code = before.add(minimal())
    old = read(register, code)
    move_products(before.into, agent, register)
    handle(Change("product", code, {"uitzonderingen": {"nl": "<p>Niet op zondag.</p>"}}), agent, register)
    undo(code, agent, register)
    now = read(register, code)
    assert {term: now[term] for term in ("aangemaaktDoor", "bevoegdeOverheden", "geografischToepassingsgebieden")} == {
        term: old[term] for term in ("aangemaaktDoor", "bevoegdeOverheden", "geografischToepassingsgebieden")
    }
    assert now["uitzonderingen"] == {"nl": "<p>Niet op zondag.</p>"}
    assert [move.code for move in plan_merger(before.into, register).moves] == [code], "it can move again"
    move_products(before.into, agent, register)
    assert read(register, code)["aangemaaktDoor"] == before.into.unit


def test_what_the_merger_changed_and_somebody_after_it_is_not_taken_back_unseen(before: Before) -> None:
    register, agent = before.register, municipality(NEW)
    code = before.add(minimal())
    move_products(before.into, agent, register)
    both = [before.into.unit, "https://data.vlaanderen.be/id/organisatie/OVO002949"]
    handle(Change("product", code, {"bevoegdeOverheden": both}), agent, register)
    with pytest.raises(Refused) as refused:
        undo(code, agent, register)
    assert [problem.path for problem in refused.value.problems] == ["bevoegdeOverheden"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("OCMW Gooik", "OCMW Pajottegem"), ("OCMW Zwijndrecht", "OCMW Beveren-Kruibeke-Zwijndrecht"),
     ("OCMW Borsbeek", "OCMW Antwerpen"), ("OCMW De Pinte", "OCMW Nazareth-De Pinte")],
)  # fmt: skip
def test_an_ocmw_that_merged_has_an_heir(register: Register, old: str, new: str) -> None:
    concept = register.codelists.find("organisatie", old)
    assert concept is not None
    heir = register.codelists.organisations.heir(concept.iri)
    assert heir is not None and (heir.name, heir.active) == (new, True)
