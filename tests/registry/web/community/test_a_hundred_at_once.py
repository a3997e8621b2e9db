"""A hundred people send the answer of one code: one word is taken, the rest are told."""

from charter.clock import SetClock
from charter.plans.tables import Confirmation
from registry.bootstrap import Registry
from tests.charter.acting import hold_session, kinds_of, published
from tests.registry.web.at_once import exactly_one_won, press_at_once
from tests.registry.web.people import world_of
from tests.registry.web.visitor import Visitor

YES = {"happened": "yes", "paid": "paid", "agrees": "yes", "employed": "no"}


async def test_of_a_hundred_confirmations_with_one_code_one_is_taken(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    world = world_of(registry, clock)
    organisation = await published(world)
    held = await hold_session(world, organisation)

    answers = await press_at_once(visitor, f"/contribute/{held.tokens[0]}", YES)

    assert exactly_one_won(answers)
    assert await Confirmation.count() == 1
    assert (await kinds_of(organisation)).count("codesign-confirmed") == 1
