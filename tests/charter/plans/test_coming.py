"""What the calendar alone will ask, told before any of it is due."""

from dataclasses import replace
from datetime import timedelta

import pytest

from charter.calendar import add_months
from charter.clock import local_day
from charter.plans.coming import Coming, what_comes
from charter.plans.rules import AnswerInForce, identification_due_from
from charter.plans.tables import Pledge
from tests.charter.acting import TYPES, published, signed
from tests.world import World, the_pack

pytestmark = pytest.mark.usefixtures("database")


async def test_an_organisation_sees_when_pledges_end_and_answers_are_asked_again() -> None:
    world = World()
    organisation = await published(world)
    found = await what_comes(organisation, pack=the_pack(), today=world.scheme.today())
    pledges = await Pledge.objects().where(Pledge.organisation == organisation)
    assert set(found) == {
        Coming(add_months(world.scheme.today(), 12), "re-identification"),
        *(Coming(pledge.ends_on, "re-plan", pledge.type) for pledge in pledges),
    }
    assert list(found) == sorted(found)


async def test_what_has_come_is_due_and_no_longer_coming() -> None:
    world = World()
    organisation = await published(world)
    first, *rest = await what_comes(organisation, pack=the_pack(), today=world.scheme.today())
    later = await what_comes(organisation, pack=the_pack(), today=first.opens_on)
    assert later == tuple(each for each in rest if each.opens_on > first.opens_on)


async def test_before_a_plan_nothing_is_foretold() -> None:
    world = World()
    organisation = await signed(world)
    assert await what_comes(organisation, pack=the_pack(), today=world.scheme.today()) == ()


def test_an_answer_that_runs_out_is_asked_again_the_day_after() -> None:
    world = World()
    answer = AnswerInForce(applies=True, given_at=world.scheme.now(), expires_on=None)
    today = local_day(answer.given_at, the_pack().zone)
    ends = today + timedelta(days=30)
    answers = dict.fromkeys(TYPES, answer) | {TYPES[0]: replace(answer, expires_on=ends)}
    assert identification_due_from(answers, the_pack()) == ends + timedelta(days=1)
