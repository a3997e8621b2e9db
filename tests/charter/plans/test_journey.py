"""From application to a committed plan, as people live it."""

import pytest

from charter.plans.queries import find_published_pledge, task_list
from charter.plans.service import confirm_session
from charter.standing.tables import CurrentStanding
from tests.charter.acting import YES, hold_session, published
from tests.world import World, the_pack

pytestmark = pytest.mark.usefixtures("database")


async def test_a_plan_confirmed_by_one_contributor_makes_an_organisation_committed() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)

    await confirm_session(world.scheme, token=held.tokens[0], answer=YES)

    row = await CurrentStanding.objects().first()
    assert row is not None
    assert (row.standing, row.level) == ("on-track", "committed")
    rows = await task_list(organisation, pack=the_pack(), today=world.scheme.today())
    assert [row.needs for row in rows] == [None] * 5
    pledge = await find_published_pledge(organisation, 1)
    assert pledge is not None
    assert len(pledge.milestones) == 2
