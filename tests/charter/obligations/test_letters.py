"""Letters: one for a person's notices, and what became of it as a public fact."""

import asyncio

import asyncpg
import pytest

from charter.history.tables import OutboxMessage
from charter.ledger import transaction
from charter.obligations.letters import (
    lines_of,
    ready_by_account,
    record_arrival,
    record_bounce,
    write_letter,
)
from charter.obligations.service import (
    meet_obligation,
    move_due_date,
    pause_clock,
    resume_clock,
    waive_obligation,
)
from charter.obligations.tables import Notice, Obligation
from charter.organisations.tables import Organisation
from tests.charter.obligations.owing import (
    DELEGATE,
    LEAD,
    SPONSOR,
    a_theatre,
    names,
    notices,
    owe,
    sweep,
)
from tests.world import World

pytestmark = pytest.mark.usefixtures("database")


async def a_week_ahead(world: World) -> Obligation:
    """Owe evidence in seven days, with the reminder to lead and sponsor waiting."""
    owed = await owe(world, await a_theatre(world), due_in=7)
    await sweep(world)
    return owed


async def write_all(world: World) -> dict[str, list[int]]:
    """Write the letters that may go now and return the notices told, by role."""
    ready = await ready_by_account(world.scheme)
    for account, told in ready.items():
        await write_letter(world.scheme, account=account, notices=told)
    roles = {LEAD: "lead", SPONSOR: "sponsor", DELEGATE: "delegate"}
    return {roles[account]: told for account, told in ready.items()}


async def test_everybody_is_told_everything_in_one_letter() -> None:
    world = World()
    await a_week_ahead(world)
    [row] = await Organisation.select(Organisation.id)
    await owe(world, row["id"], "reflection", due_in=7)
    await sweep(world)
    letters = await write_all(world)

    assert {role: len(told) for role, told in letters.items()} == {"lead": 2, "sponsor": 2}
    assert await OutboxMessage.count() == 2
    assert await write_all(world) == {}


async def test_a_letter_written_eight_times_at_once_is_written_once() -> None:
    world = World()
    await a_week_ahead(world)
    told = (await ready_by_account(world.scheme))[LEAD]
    await asyncio.gather(
        *(write_letter(world.scheme, account=LEAD, notices=told) for _ in range(8))
    )

    assert await OutboxMessage.count() == 1


async def test_a_letter_tells_the_most_urgent_first() -> None:
    world = World()
    owed = await a_week_ahead(world)
    await owe(world, owed.organisation, "reflection", due_in=7)
    await sweep(world, 8)
    lines = await lines_of(world.scheme, [row.id for row in await notices()])

    assert [line.step.name for line in lines[:4]] == ["late"] * 4
    assert {line.slug for line in lines} == {"harbour-lights"}
    assert {line.role for line in lines} == {"lead", "sponsor"}


async def test_a_warning_has_arrived_with_the_first_who_got_it() -> None:
    world = World()
    await a_week_ahead(world)
    letters = await write_all(world)
    for _ in range(2):
        await record_arrival(world.scheme, notices=letters["lead"])
        await record_arrival(world.scheme, notices=letters["sponsor"])

    assert await names("notice-accepted") == ["remind-7"]


async def test_a_warning_has_reached_nobody_only_once_every_contact_bounced() -> None:
    world = World()
    await a_week_ahead(world)
    letters = await write_all(world)
    await record_arrival(world.scheme, notices=letters["lead"])
    await record_bounce(world.scheme, notices=letters["lead"])
    assert await names("notice-bounced") == []
    for _ in range(2):
        await record_bounce(world.scheme, notices=letters["sponsor"])

    assert await names("notice-bounced") == ["remind-7"]


async def test_eight_bounces_at_once_reach_nobody_once() -> None:
    world = World()
    await a_week_ahead(world)
    letters = await write_all(world)
    both = [*letters["lead"], *letters["sponsor"]]
    await asyncio.gather(*(record_bounce(world.scheme, notices=both) for _ in range(8)))

    assert await names("notice-bounced") == ["remind-7"]


async def test_what_never_went_out_neither_arrives_nor_bounces() -> None:
    world = World()
    await a_week_ahead(world)
    waiting = [row.id for row in await notices()]
    await record_arrival(world.scheme, notices=waiting)
    await record_bounce(world.scheme, notices=waiting)

    assert await names("notice-accepted", "notice-bounced") == []


@pytest.mark.parametrize("end", ["met", "waived", "moved"])
async def test_nobody_is_chased_by_mail_for_what_is_done_waived_or_moved(end: str) -> None:
    world = World()
    owed = await a_week_ahead(world)
    async with transaction(world.scheme) as tx:
        if end == "met":
            await meet_obligation(tx, owed)
        elif end == "waived":
            await waive_obligation(tx, owed, why="flood")
        else:
            await move_due_date(
                tx, owed, world.scheme.today().replace(month=3), why="extension", by="auditors"
            )

    assert await write_all(world) == {}
    assert len(await notices(state="skipped")) == 2


async def test_what_waits_to_be_told_of_a_stopped_clock_waits_until_it_runs() -> None:
    world = World()
    owed = await a_week_ahead(world)
    async with transaction(world.scheme) as tx:
        await pause_clock(tx, owed, why="quiet-period", by="hub")
    assert await write_all(world) == {}
    world.pass_days(1)
    async with transaction(world.scheme) as tx:
        await resume_clock(tx, owed, by="hub")

    assert set(await write_all(world)) == {"lead", "sponsor"}


async def test_a_notice_keeps_its_name_when_the_size_of_the_body_changes() -> None:
    world = World()
    organisation = await a_theatre(world)
    await owe(world, organisation, due_in=7)
    await sweep(world, 7 + 91)
    await Organisation.update({Organisation.band: "small"}).where(Organisation.id == organisation)
    letters = await write_all(world)
    await record_arrival(world.scheme, notices=letters["lead"])

    assert set(await names("notice-accepted")) == set(await names("notice-sent"))
    told = await lines_of(world.scheme, letters["lead"])
    assert told[0].step.name == "suspended"


async def test_a_notice_about_nothing_is_told_to_nobody(
    owner: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    world = World()
    await a_week_ahead(world)
    letters = await write_all(world)
    await owner.execute("DELETE FROM obligation")

    assert await lines_of(world.scheme, letters["lead"]) == []
    await record_arrival(world.scheme, notices=letters["lead"])
    assert await names("notice-accepted") == []
    assert await Notice.count() == 2
