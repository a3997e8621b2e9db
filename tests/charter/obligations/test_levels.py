"""What is owed to keep a level: opened in time, told of twice, and ended when it is over."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from charter.obligations.chase import chase, settle_due
from charter.obligations.levels import due_day_of_level, keep_levels
from charter.obligations.service import open_obligations
from charter.people import Nobody
from charter.plans.service import confirm_session, withdraw_agreement
from charter.reviews.service import count_silence_as_received, record_session_payment
from charter.standing.tables import CurrentStanding
from tests.charter import acting
from tests.charter.obligations.owing import names
from tests.world import World, the_pack

database = pytest.mark.usefixtures("database")


@database
async def test_a_level_falls_after_sixty_days_two_warnings_and_a_round() -> None:
    world = World()
    organisation = await acting.published(world)
    held = await acting.hold_session(world, organisation, contributors=1)
    await confirm_session(world.scheme, token=held.tokens[0], answer=acting.YES)
    assert await _level() == "committed"
    assert await keep_levels(world.scheme) == 0

    await withdraw_agreement(world.scheme, token=held.tokens[0])
    assert await _level() == "committed"
    assert await keep_levels(world.scheme) == 1
    await keep_levels(world.scheme)
    [owed] = await open_obligations(organisation, "keep-committed")
    assert owed.due_on == world.scheme.today() + timedelta(days=60)

    for days in (0, 30, 30):
        world.pass_days(days)
        await chase(world.scheme, Nobody())
    assert {"warn-60", "warn-30"} <= set(await names("notice-sent"))
    await settle_due(world.scheme)
    assert await _level() == "committed"

    world.pass_days(1)
    await settle_due(world.scheme)
    await keep_levels(world.scheme)
    assert await _level() == "signatory"
    assert await open_obligations(organisation, "keep-committed") == []
    assert (await acting.kinds_of(organisation)).count("level-changed") == 3


@database
async def test_rule_24_a_level_is_warned_of_while_its_co_design_is_unpaid() -> None:
    world = World()
    organisation = await acting.published(world)
    held = await acting.hold_session(world, organisation)
    await confirm_session(world.scheme, token=held.tokens[0], answer=acting.YES)
    unpaid = replace(acting.YES, paid="unpaid")
    await confirm_session(world.scheme, token=held.tokens[1], answer=unpaid)
    await keep_levels(world.scheme)
    assert await acting.owes(organisation, "keep-committed") != []
    assert await _level() == "committed"

    await record_session_payment(
        world.scheme, organisation=organisation, session=held.number, kind="fee"
    )
    world.pass_days(30)
    await count_silence_as_received(world.scheme)
    await keep_levels(world.scheme)
    assert await acting.owes(organisation, "keep-committed") == []
    assert await _level() == "committed"


@database
async def test_agreement_given_again_meets_what_was_owed() -> None:
    world = World()
    organisation = await acting.published(world)
    held = await acting.hold_session(world, organisation, contributors=1)
    await confirm_session(world.scheme, token=held.tokens[0], answer=acting.YES)
    await withdraw_agreement(world.scheme, token=held.tokens[0])
    await keep_levels(world.scheme)

    world.pass_days(20)
    again = await acting.hold_session(world, organisation, contributors=1)
    await confirm_session(world.scheme, token=again.tokens[0], answer=acting.YES)
    await keep_levels(world.scheme)

    assert await open_obligations(organisation, "keep-committed") == []
    assert await _level() == "committed"


TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("level", "lapses_in", "due_in"),
    [
        ("evidenced", 61, None),
        ("evidenced", 60, 60),
        ("evidenced", -400, 60),
        ("reviewed", 12, 60),
        ("signatory", 12, None),
        (None, 12, None),
        ("reviewed", None, None),
    ],
)
def test_what_keeps_a_level_is_due_sixty_days_ahead_at_the_nearest(
    level: str | None, lapses_in: int | None, due_in: int | None
) -> None:
    lapses_on = None if lapses_in is None else TODAY + timedelta(days=lapses_in)
    due_on = None if due_in is None else TODAY + timedelta(days=due_in)
    assert due_day_of_level(the_pack(), level, lapses_on, TODAY) == due_on


async def _level() -> str | None:
    row = await CurrentStanding.select(CurrentStanding.level).first()
    assert row is not None
    level: str | None = row["level"]
    return level
