"""Taking up a pack: once, as an event, and from then on it decides (rule 29)."""

import asyncio
from dataclasses import replace

import pytest
from msgspec import structs

from charter.framework.adoption import PackLacksWhatRuns, adopt_pack
from charter.framework.in_force import PackShelf
from charter.framework.pack import build_pack, read_said
from charter.framework.tables import PackAdoption
from charter.history.queries import events_after
from charter.obligations.chase import settle_due
from charter.obligations.service import open_obligations
from charter.plans.service import open_re_identifications
from charter.standing.tables import CurrentStanding
from tests.charter import acting
from tests.charter.framework.packs import a_stricter_pack, with_change
from tests.world import World, the_pack

pytestmark = pytest.mark.usefixtures("database")


def under_stricter_rules(world: World) -> None:
    """Start the scheme anew with the stricter pack in its settings."""
    world.scheme = replace(world.scheme, pack=a_stricter_pack(), shelf=PackShelf())


async def adoptions() -> list[str]:
    return [
        event.data["digest"]
        for event in await events_after(0, limit=1_000)
        if event.kind == "pack-adopted"
    ]


def test_a_pack_can_be_read_again_from_what_its_digest_covers() -> None:
    assert read_said(the_pack().said) == the_pack()


async def test_a_pack_is_taken_up_once_however_many_try() -> None:
    world = World()
    tried = await asyncio.gather(*(adopt_pack(world.scheme) for _ in range(20)))
    assert sum(tried) == 1
    assert await adoptions() == [the_pack().digest]


async def test_before_any_was_taken_up_the_pack_of_the_settings_decides() -> None:
    world = World()
    assert await world.scheme.packs() == (the_pack(), ())


async def test_the_packs_of_the_past_are_read_from_what_was_kept() -> None:
    world = World()
    await adopt_pack(world.scheme)
    world.pass_days(10)
    under_stricter_rules(world)
    assert (await world.scheme.packs()).first.digest == the_pack().digest
    await adopt_pack(world.scheme)
    packs = await world.scheme.packs()
    assert packs.first.digest == the_pack().digest
    assert [taken.pack for taken in packs.later] == [world.scheme.pack]
    assert packs.on(world.scheme.now()) is world.scheme.pack


async def test_a_process_that_still_runs_on_the_old_pack_does_not_bring_it_back() -> None:
    old, new = World(), World()
    await adopt_pack(old.scheme)
    under_stricter_rules(new)
    await adopt_pack(new.scheme)
    assert not await adopt_pack(old.scheme)
    assert (await old.scheme.packs()).later[-1].pack == a_stricter_pack()
    assert await adoptions() == [the_pack().digest, a_stricter_pack().digest]


async def test_every_clock_and_standing_is_looked_at_by_the_new_pack() -> None:
    world = World()
    await adopt_pack(world.scheme)
    organisation = await acting.published(world)
    world.pass_days(1)
    under_stricter_rules(world)
    await adopt_pack(world.scheme)
    assert {owed.next_step_on for owed in await open_obligations(organisation)} == {
        world.scheme.today()
    }
    assert await settle_due(world.scheme) == 1
    row = await CurrentStanding.objects().get(CurrentStanding.organisation == organisation)
    assert row is not None
    assert row.standing == "on-track"


async def test_a_pack_that_lacks_what_runs_is_refused_and_leaves_no_trace() -> None:
    world = World()
    await adopt_pack(world.scheme)
    await acting.signed(world)
    gone = build_pack(with_change("obligations.toml", 'kind = "plan"', 'kind = "planning"'))
    world.scheme = replace(world.scheme, pack=gone)
    with pytest.raises(PackLacksWhatRuns, match="has no plan"):
        await adopt_pack(world.scheme)
    assert await adoptions() == [the_pack().digest]
    assert await PackAdoption.count() == 1


async def test_a_pack_that_cannot_be_read_any_more_is_passed_over() -> None:
    world = World()
    await adopt_pack(world.scheme)
    await PackAdoption.raw(
        "INSERT INTO pack_adoption (digest, pack, said) VALUES ('sha256:old', 'old', '{{}}')"
    )
    await PackAdoption.raw(
        "INSERT INTO event (kind, effective_at, recorded_at, by, data) VALUES"
        ' (\'pack-adopted\', {}, {}, \'hub\', \'{{"pack": "old", "digest": "sha256:old"}}\')',
        world.scheme.now(),
        world.scheme.now(),
    )
    assert await world.scheme.packs() == (the_pack(), ())


async def test_row_16_other_types_are_asked_about_again_and_other_numbers_are_not() -> None:
    world = World()
    await adopt_pack(world.scheme)
    organisation = await acting.published(world)
    world.pass_days(10)
    under_stricter_rules(world)
    await adopt_pack(world.scheme)
    assert await open_re_identifications(world.scheme) == 0

    catalogue = world.scheme.pack.catalogue
    first, *others = catalogue.types
    types = (structs.replace(first, impacts=first.impacts[:-1]), *others)
    said = replace(world.scheme.pack, catalogue=replace(catalogue, types=types))
    world.pass_days(10)
    world.scheme = replace(world.scheme, pack=said, shelf=PackShelf())
    await adopt_pack(world.scheme)
    assert await open_re_identifications(world.scheme) == 1
    assert await open_re_identifications(world.scheme) == 0

    [owed] = await open_obligations(organisation, "re-identification")
    assert (owed.due_on - world.scheme.today()).days == 60
    await acting.answer_all(world, organisation)
    assert not await open_obligations(organisation, "re-identification")
    assert await open_re_identifications(world.scheme) == 0
