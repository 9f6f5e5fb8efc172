"""Looking everything over: what others answer for is held to their shape, and what ours asks besides is a remark."""

from __future__ import annotations

import pytest

from app.model.graph import from_ntriples
from app.register.commands import Create
from app.register.handle import handle
from app.register.register import Register
from app.register.validation import findings_in
from tests.products.builders import minimal
from tests.register.builders import GENT


@pytest.mark.parametrize(("foreign", "is_remark"), [(True, True), (False, False)])
def test_an_address_that_cannot_exist_is_a_remark_on_what_a_vendor_sent(
    register: Register, foreign: bool, is_remark: bool
) -> None:
    odd = minimal(contactgegevens=[{"email": "zaal bij de kerk"}])
    sent = {**odd, "sameAs": "https://leverancier.voorbeeld.be/1"} if foreign else odd
    outcome = handle(Create("product", sent, incoming=True), GENT, register)
    version = register.log.latest(outcome.entity)
    assert version is not None and version.public is not None
    [found] = findings_in(from_ntriples(version.public + version.internal), register)
    assert found.is_remark is is_remark and "contactgegevens[0].email" in found.text
