"""Status lists: the right bits, whole lists only, random places."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges import base64url
from badges.status_lists.bits import (
    ENTRIES,
    UnreadableList,
    draw_index,
    encode_bits,
    is_set,
)
from charter.chance import SeededChance
from tests.badges.samples import status_list

indexes = st.integers(0, ENTRIES - 1)


@given(st.sets(indexes, max_size=30), indexes)
def test_exactly_the_revoked_entries_are_set(revoked: set[int], other: int) -> None:
    encoded = encode_bits(revoked)
    assert all(is_set(encoded, index) for index in revoked)
    assert is_set(encoded, other) == (other in revoked)


def test_entry_zero_is_the_leftmost_bit_of_the_first_byte() -> None:
    bits = gzip.decompress(base64url.decode(encode_bits([0, 9])[1:]))
    assert bits[:2] == b"\x80\x40"
    assert len(bits) * 8 == ENTRIES


@pytest.mark.parametrize("index", [-1, ENTRIES])
def test_there_is_no_entry_beyond_the_list(index: int) -> None:
    with pytest.raises(ValueError, match="no entry"):
        encode_bits([index])
    with pytest.raises(UnreadableList, match="no entry"):
        is_set(encode_bits([]), index)


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "z" + encode_bits([])[1:],
        encode_bits([]) + "=",
        encode_bits([])[:-8],
        "u" + base64url.encode(b"not gzip"),
        "u" + base64url.encode(gzip.compress(bytes(ENTRIES // 8 - 1), mtime=0)),
        "u" + base64url.encode(gzip.compress(bytes(ENTRIES // 8 + 1), mtime=0)),
        "u" + base64url.encode(gzip.compress(bytes(50_000_000), mtime=0)),
    ],
)
def test_a_list_that_is_not_whole_answers_nothing(encoded: str) -> None:
    with pytest.raises(UnreadableList):
        is_set(encoded, 5)


def test_indexes_are_drawn_from_the_whole_list() -> None:
    chance = SeededChance(3)
    drawn = [draw_index(chance) for _ in range(4_000)]
    assert all(0 <= index < ENTRIES for index in drawn)
    assert min(drawn) < ENTRIES // 100
    assert max(drawn) > ENTRIES - ENTRIES // 100


def test_a_list_states_one_purpose_its_life_and_how_long_to_keep_it() -> None:
    document = json.loads(status_list(7)[0])
    subject = document["credentialSubject"]
    assert subject["statusPurpose"] == "revocation"
    assert subject["ttl"] == 300_000
    assert document["validUntil"] > document["validFrom"]
    assert is_set(subject["encodedList"], 7)
