"""Who took part in answering confirms it, and says what they would take up first (rules 5, 9)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from charter.errors import InvalidInput
from charter.history.queries import events_of
from charter.plans.answer_queries import community_order, who_took_part
from charter.plans.codesign_queries import sessions_of
from charter.plans.codesign_rules import ContributorAnswer, RecordedSession, SessionHeld
from charter.plans.queries import answers_of
from charter.plans.rules import assess_community_order
from charter.plans.service import (
    answer_type,
    confirm_session,
    record_session,
    withdraw_agreement,
)
from tests.charter.acting import TYPES, YES, answer_all, answer_for, signed
from tests.world import World, the_pack

ORDER = tuple((name, place) for place, name in enumerate(reversed(TYPES), start=1))


def test_the_order_of_communities_is_that_of_everybody_who_gave_one() -> None:
    forwards, backwards = list(TYPES), list(reversed(TYPES))
    pack = the_pack()
    assert assess_community_order([], pack) == ()
    assert assess_community_order([[], forwards], pack) == TYPES
    assert assess_community_order([backwards, backwards, forwards], pack) == tuple(backwards)
    assert assess_community_order([forwards, backwards], pack) == TYPES


async def held(
    world: World, organisation: UUID, *types: str, contributors: int = 2
) -> RecordedSession:
    """Record a session in which answers for some types were shaped, and no pledge."""
    session = SessionHeld(
        held_on=world.scheme.today() - timedelta(days=1),
        hours=Decimal(6),
        pay_pence=0,
        pledges=(),
        types=types,
    )
    return await record_session(
        world.scheme, organisation=organisation, session=session, contributors=contributors
    )


async def said_of(organisation: UUID, type_id: str) -> list[str]:
    """Return what is said of each version of an answer, the first one first."""
    said = await who_took_part(organisation)
    return [said[seen.id] for seen in await answers_of(organisation, type_id)]


pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (YES, "confirmed"),
        (replace(YES, paid="declined"), "confirmed"),
        (replace(YES, paid="unpaid"), "claimed"),
        (replace(YES, employed=True), "claimed"),
        (replace(YES, agrees=False), "claimed"),
    ],
)
async def test_only_those_who_took_part_confirm_who_took_part(
    answer: ContributorAnswer, said: str
) -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    assert await said_of(organisation, TYPES[0]) == ["no"]
    session = await held(world, organisation, TYPES[0], TYPES[2])
    assert await said_of(organisation, TYPES[0]) == ["claimed"]

    await confirm_session(world.scheme, token=session.tokens[0], answer=answer)

    assert await said_of(organisation, TYPES[0]) == [said]
    assert await said_of(organisation, TYPES[1]) == ["no"]
    [seen] = await sessions_of(organisation)
    assert [given.type for given in seen.answers] == [TYPES[0], TYPES[2]]
    last = (await events_of(organisation))[-1]
    assert last.data["types"] == sorted([TYPES[0], TYPES[2]])


async def test_a_new_answer_is_confirmed_anew_and_the_past_stays_as_it_was() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    session = await held(world, organisation, TYPES[0])
    await confirm_session(world.scheme, token=session.tokens[0], answer=YES)
    then = world.scheme.now()
    world.pass_days(30)

    await answer_type(world.scheme, organisation=organisation, answer=answer_for(TYPES[0]))

    assert await said_of(organisation, TYPES[0]) == ["confirmed", "no"]
    await withdraw_agreement(world.scheme, token=session.tokens[0])
    assert await said_of(organisation, TYPES[0]) == ["claimed", "no"]
    assert "confirmed" in (await who_took_part(organisation, then)).values()


async def test_the_communitys_order_comes_from_those_who_took_part_and_can_be_taken_back() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    session = await held(world, organisation, *TYPES)
    now = world.scheme.now
    assert await community_order(organisation, the_pack(), now()) == ()

    await confirm_session(world.scheme, token=session.tokens[0], answer=replace(YES, places=ORDER))

    assert await community_order(organisation, the_pack(), now()) == tuple(reversed(TYPES))
    await withdraw_agreement(world.scheme, token=session.tokens[0])
    assert await community_order(organisation, the_pack(), now()) == ()


@pytest.mark.parametrize("places", [ORDER[:4], (*ORDER[:4], (ORDER[4][0], 4))])
async def test_an_order_names_each_type_once(places: tuple[tuple[str, int], ...]) -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    session = await held(world, organisation, TYPES[0])

    with pytest.raises(InvalidInput) as refused:
        await confirm_session(
            world.scheme, token=session.tokens[0], answer=replace(YES, places=places)
        )

    assert [error.field for error in refused.value.errors] == ["order"]


async def test_a_session_shapes_something_that_there_is() -> None:
    world = World()
    organisation = await signed(world)

    for types, field in ((), "pledges"), ((TYPES[0],), "types"):
        with pytest.raises(InvalidInput) as refused:
            await held(world, organisation, *types)
        assert [error.field for error in refused.value.errors] == [field]
