"""What the log packs today it must unpack in ten years."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.packing import pack, unpack
from app.store.phrases import PHRASES_1
from tests.store.builders import entity, triples


@given(st.binary(max_size=3000))
def test_anything_comes_back(data: bytes) -> None:
    assert unpack(pack(data)) == data


def test_an_association_becomes_ten_times_smaller() -> None:
    data = triples(entity(1), count=50)
    assert len(pack(data)) < len(data) / 10


def test_the_phrases_never_change() -> None:
    assert sha256(PHRASES_1).hexdigest() == "744e5828b9e5b6f102cd068c337f8849806bdb6b9eaee8aed067ee220d00d008"


def test_an_unknown_method_is_an_error() -> None:
    with pytest.raises(ValueError):
        unpack(b"\x09...")
