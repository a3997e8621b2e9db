"""Entries: canonical, short, and without a word about anybody."""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from badges.log.entry import SequencedEvent, entry_of, stated_facts
from badges.log.errors import Malformed

AT = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
EVENT = SequencedEvent(
    id=7,
    kind="badge-issued",
    recorded_at=AT,
    handle="K7P2M9Q4XA",
    edition=3,
    standing="on-track",
    facts={"edition": 3, "code": "K7P2M9Q4XA"},
    commitment=bytes(range(32)),
)

STATED = (
    b'{"by":"system","effective_at":"2026-11-22T11:00:00Z",'
    b'"facts":{"code":"K7P2M9Q4XA","edition":3},"organisation":null}'
)


def test_an_entry_commits_to_what_the_facts_state() -> None:
    assert stated_facts(EVENT) == STATED


def test_an_entry_is_one_canonical_object() -> None:
    assert entry_of(EVENT) == (
        b'{"b":"K7P2M9Q4XA","d":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",'
        b'"f":"%s","k":"badge-issued","n":3,"s":"on-track","t":"2026-11-22T11:00:00Z","v":1}'
        % sha256(STATED).hexdigest().encode()
    )


names = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
facts = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | st.text(max_size=9),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(names, some, max_size=3),
    max_leaves=6,
)


@given(
    st.builds(
        SequencedEvent,
        id=st.integers(1, 2**53 - 1),
        kind=st.from_regex(r"[a-z][a-z0-9-]{0,63}", fullmatch=True),
        recorded_at=st.datetimes(timezones=st.just(UTC)),
        handle=st.none() | st.from_regex(r"[0-9A-Za-z-]{1,64}", fullmatch=True),
        edition=st.none() | st.integers(1, 10**9),
        standing=st.none() | st.from_regex(r"[a-z][a-z0-9-]{0,63}", fullmatch=True),
        facts=st.dictionaries(names, facts, max_size=4),
        commitment=st.none() | st.binary(min_size=32, max_size=32),
    )
)
def test_every_entry_is_in_the_form_of_the_canonical_scheme(event: SequencedEvent) -> None:
    entry = entry_of(event)
    assert rfc8785.dumps(json.loads(entry)) == entry
    stated = stated_facts(event)
    assert rfc8785.dumps(json.loads(stated)) == stated


def test_an_entry_leaves_out_what_its_event_does_not_have() -> None:
    event = SequencedEvent(id=1, kind="charter-published", recorded_at=AT.astimezone(UTC))
    assert json.loads(entry_of(event)) == {
        "v": 1,
        "k": "charter-published",
        "t": "2026-11-22T11:00:00Z",
        "f": sha256(stated_facts(event)).hexdigest(),
    }


@pytest.mark.parametrize(
    "event",
    [
        SequencedEvent(id=1, kind="Words about a person", recorded_at=AT),
        SequencedEvent(id=1, kind="signed", recorded_at=AT, handle="lead@harbour.example"),
        SequencedEvent(id=1, kind="signed", recorded_at=AT, standing="on track"),
        SequencedEvent(id=1, kind="signed", recorded_at=AT, commitment=b"short"),
    ],
)
def test_an_entry_never_carries_words(event: SequencedEvent) -> None:
    with pytest.raises(Malformed):
        entry_of(event)
