"""The chase: each step once, to the right people, never while a clock stands, never forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from charter.ledger import transaction
from charter.obligations.chase import chase, next_due, settle_due, settle_one
from charter.obligations.service import (
    close_obligation,
    find_obligation,
    meet_obligation,
    move_due_date,
    pause_clock,
    resume_clock,
    waive_obligation,
)
from charter.obligations.tables import Notice
from charter.organisations.service import change_band
from charter.signing.service import withdraw_from_charter
from charter.standing.tables import CurrentStanding
from tests.charter import acting
from tests.charter.obligations.owing import (
    DELEGATE,
    HEAD_OF_HUB,
    LEAD,
    LONG,
    SPONSOR,
    STEWARD,
    Hub,
    a_theatre,
    names,
    notices,
    owe,
    sweep,
    told,
)
from tests.world import World

pytestmark = pytest.mark.usefixtures("database")


async def test_each_step_is_told_once_to_those_it_names() -> None:
    world = World()
    await owe(world, await a_theatre(world))
    for step in LONG.steps:
        world.clock.set(datetime(2026, 3, 7, 9, tzinfo=UTC) + timedelta(days=step.offset))
        assert await sweep(world) == 1
        assert await sweep(world) == 0
        written = {(row.account, row.role) for row in await notices(step=step.name)}
        everybody = {"lead": LEAD, "sponsor": SPONSOR, "delegate": DELEGATE}
        assert written == {(everybody[role], role) for role in step.addressees}

    assert await names("notice-sent") == [step.name for step in LONG.steps]
    assert await sweep(world, 1_000) == 0


async def test_on_days_between_two_steps_nobody_is_told_anything() -> None:
    world = World()
    await owe(world, await a_theatre(world), due_in=20)
    days = [day for day in range(40) if await sweep(world, 1)]

    assert [day + 1 - 20 for day in days] == [-7, -1, 1, 7]


async def test_days_without_the_worker_are_caught_up_and_consequences_never_skipped() -> None:
    world = World()
    await owe(world, await a_theatre(world))
    assert await sweep(world, 61 + 100) == 9

    skipped = ["remind-60", "remind-30", "remind-7", "remind-1", "by-name"]
    assert await names("notice-skipped") == skipped
    assert await names("notice-sent") == ["late", "formal-notice", "last-call", "suspended"]
    assert {row.name for row in await notices()} == set(await names("notice-sent"))
    assert await sweep(world, 1) == 0


async def test_a_reminder_overtaken_only_by_another_is_skipped_and_the_last_is_sent() -> None:
    world = World()
    await owe(world, await a_theatre(world))
    await sweep(world, 61 - 3)

    assert await names("notice-skipped") == ["remind-60", "remind-30"]
    assert await names("notice-sent") == ["remind-7"]


async def test_steps_from_before_it_was_owed_were_never_due() -> None:
    world = World()
    await owe(world, await a_theatre(world), due_in=14)
    await sweep(world)

    assert await told() == []


async def test_the_day_it_was_opened_is_a_local_day() -> None:
    world = World()
    world.clock.set(datetime(2026, 6, 1, 23, 30, tzinfo=UTC))
    await owe(world, await a_theatre(world), due_in=29)
    await sweep(world)

    assert await told() == []


async def test_a_clock_that_stands_still_is_not_chased_and_later_steps_move_with_it() -> None:
    world = World()
    owed = await owe(world, await a_theatre(world))
    await sweep(world, 1)
    async with transaction(world.scheme) as tx:
        await pause_clock(tx, owed, why="hub-late", by="hub")
    assert await sweep(world, 50) == 0
    async with transaction(world.scheme) as tx:
        await resume_clock(tx, owed, by="hub")
    assert await sweep(world) == 0
    assert await sweep(world, 29) == 0
    assert await sweep(world, 1) == 1

    assert await names() == ["remind-60", "remind-30"]


async def test_a_moved_date_is_chased_anew() -> None:
    world = World()
    owed = await owe(world, await a_theatre(world), due_in=7)
    await sweep(world)
    was = owed.due_on
    async with transaction(world.scheme) as tx:
        await move_due_date(tx, owed, was + timedelta(days=20), why="extension", by="auditors")
    for _ in range(20):
        await sweep(world, 1)

    old, new = was.isoformat(), owed.due_on.isoformat()
    assert await told() == [
        ("notice-sent", old, "remind-7"),
        ("notice-sent", new, "remind-7"),
    ]


@pytest.mark.parametrize("end", ["met", "waived", "closed"])
async def test_what_is_no_longer_owed_is_not_chased(end: str) -> None:
    world = World()
    owed = await owe(world, await a_theatre(world))
    async with transaction(world.scheme) as tx:
        if end == "met":
            await meet_obligation(tx, owed)
        elif end == "waived":
            await waive_obligation(tx, owed, why="flood")
        else:
            await close_obligation(tx, owed, why="pledge-withdrawn")

    assert await sweep(world, 200) == 0


@pytest.mark.parametrize("out", ["lapsed", "removed", "withdrawn"])
async def test_who_is_out_is_not_chased_but_what_the_hub_owes_about_it_is(out: str) -> None:
    world = World()
    organisation = await acting.signed(world)
    await withdraw_from_charter(
        world.scheme, organisation=organisation, account=acting.SPONSOR, reason="We close."
    )
    await CurrentStanding.update({CurrentStanding.standing: out}).where(
        CurrentStanding.organisation == organisation
    )
    await owe(world, organisation)
    await owe(world, organisation, "auditor-pay", due_in=14)
    await CurrentStanding.update({CurrentStanding.standing: out}).where(
        CurrentStanding.organisation == organisation
    )
    await sweep(world, 15)

    assert await names("notice-sent") == ["late"]
    assert {row.account for row in await notices()} == {STEWARD, HEAD_OF_HUB}


async def test_what_is_owed_about_nobodys_page_is_chased_at_the_hub() -> None:
    world = World()
    await owe(world, None, "concern-triage", due_in=14)
    await sweep(world, 11)

    assert [(row.account, row.role) for row in await notices()] == [(STEWARD, "steward")]


async def test_an_auditor_without_a_seat_is_written_to_by_nobody() -> None:
    world = World()
    await owe(world, await a_theatre(world), "review", due_in=21)
    await sweep(world, 18)

    assert await names() == ["remind-3"]
    assert await notices() == []


async def test_small_bodies_are_chased_on_their_own_days() -> None:
    world = World()
    await owe(world, await a_theatre(world, band="tiny"), due_in=5)
    await sweep(world, 5 + 7)
    assert await names("notice-sent") == ["late"]
    await sweep(world, 7)
    assert await names("notice-sent") == ["late", "by-name"]


async def test_a_body_that_grew_is_chased_on_its_new_days_at_once() -> None:
    world = World()
    organisation = await a_theatre(world, band="tiny", state="accepted")
    await owe(world, organisation, due_in=5)
    await sweep(world, 5 + 10)
    await change_band(world.scheme, organisation=organisation, band="standard")
    await sweep(world)

    assert (await names("notice-sent"))[-1] == "by-name"


async def test_eight_sweeps_at_once_write_each_notice_once() -> None:
    world = World()
    organisation = await a_theatre(world)
    for _ in range(3):
        await owe(world, organisation)
    world.pass_days(1)
    counts = await asyncio.gather(*(chase(world.scheme, Hub()) for _ in range(8)))

    assert sum(counts) == 3
    assert await names() == ["remind-60"] * 3
    assert await Notice.count() == 3


async def test_nothing_ended_between_finding_and_chasing_is_told() -> None:
    world = World()
    owed = await owe(world, await a_theatre(world))
    world.pass_days(1)

    async def meet() -> None:
        async with transaction(world.scheme) as tx:
            await meet_obligation(tx, await find_obligation(owed.id))

    await asyncio.gather(meet(), *(chase(world.scheme, Hub()) for _ in range(3)))
    sent = [row for row in await notices() if row.state == "queued"]
    assert len(await names()) <= 1
    assert sent == []


async def test_a_standing_falls_by_time_alone_once_its_warning_was_served() -> None:
    world = World()
    organisation = await acting.published(world)
    await owe(world, organisation, due_in=5)
    await sweep(world, 6)
    assert await acting.standing_of(organisation) == "on-track"
    a_fortnight_on = world.clock.at + timedelta(days=14)
    while (turn := await next_due(world.scheme)) and turn < a_fortnight_on:
        world.clock.set(turn)
        assert await settle_due(world.scheme) == 1
        assert await settle_due(world.scheme) == 0

    assert await acting.standing_of(organisation) == "overdue"
    kinds = await acting.kinds_of(organisation)
    assert kinds.count("standing-changed") == 3


async def test_many_who_settle_at_once_record_a_move_once() -> None:
    world = World()
    organisation = await acting.published(world)
    await owe(world, organisation, due_in=5)
    await sweep(world, 6)
    world.pass_days(20)
    await asyncio.gather(*(settle_one(world.scheme, organisation) for _ in range(8)))

    kinds = await acting.kinds_of(organisation)
    assert kinds.count("standing-changed") == 3
    await settle_one(world.scheme, organisation)
    assert await acting.kinds_of(organisation) == kinds


async def test_where_nobody_is_public_nothing_is_due() -> None:
    assert await next_due(World().scheme) is None
    assert await settle_due(World().scheme) == 0
