"""Where a badge hangs, and which keys are published."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from badges.keys import read_did_document
from badges.service import (
    add_placement,
    end_placement,
    publish_keys,
)
from badges.tables import IssuerDocument, Placement
from charter.chance import SeededChance
from charter.errors import InvalidInput, NotFound
from charter.history.tables import Event
from tests.badges.conftest import Signed
from tests.badges.samples import ISSUER, ring

pytestmark = pytest.mark.usefixtures("database")


async def test_each_place_has_a_code_of_its_own_and_can_be_ended(harbour: Signed) -> None:
    door = await add_placement(
        harbour.scheme,
        organisation=harbour.organisation,
        label=" Front door ",
        kind="door",
    )
    van = await add_placement(
        harbour.scheme,
        organisation=harbour.organisation,
        label="Blue van",
        kind="van",
    )
    assert door.label == "Front door"
    assert door.printed_on == harbour.scheme.today()
    assert door.code != van.code
    lanyards = [
        await add_placement(
            replace(harbour.scheme, chance=SeededChance(5)),
            organisation=harbour.organisation,
            label="Lanyard",
            kind="lanyard",
        )
        for _ in range(3)
    ]
    assert len({lanyard.code for lanyard in lanyards}) == 3
    harbour.world.pass_days(3)
    await end_placement(harbour.scheme, organisation=harbour.organisation, code=van.code)
    harbour.world.pass_days(3)
    await end_placement(harbour.scheme, organisation=harbour.organisation, code=van.code)
    ended = await Placement.objects().get(Placement.code == van.code)
    assert ended is not None
    assert ended.ended_on == harbour.scheme.today() - timedelta(days=3)
    with pytest.raises(NotFound):
        await end_placement(harbour.scheme, organisation=harbour.organisation, code="zzzz")
    with pytest.raises(NotFound):
        await end_placement(harbour.scheme, organisation=UUID(int=5), code=van.code)


async def test_a_place_is_refused_with_every_mistake_named_at_once(harbour: Signed) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await add_placement(
            harbour.scheme,
            organisation=harbour.organisation,
            label=" ",
            kind="hat",
        )
    assert [error.field for error in refusal.value.errors] == ["label", "kind"]


async def test_the_public_keys_are_published_once_per_change(harbour: Signed) -> None:
    async def publish(keys: Any, change: str) -> bool:
        return await publish_keys(harbour.scheme, ring=keys, did=ISSUER.did, change=change)

    assert await publish(ring(), "started")
    assert not await publish(ring(), "started")
    rotated = ring().rotated(harbour.scheme.now())
    assert await publish(rotated, "rotated")
    document = await IssuerDocument.objects().get(IssuerDocument.name == "did.json")
    assert document is not None
    assert len(read_did_document(json.loads(document.content))) == 4
    events = await Event.objects().where(Event.kind == "key-changed")
    assert len(events) == 2
    assert document.sha256 in str(events[-1].data)
