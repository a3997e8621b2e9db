"""Pay of a session that was written down wrongly is put right, with the people's word (rule 24)."""

from dataclasses import replace
from uuid import UUID

import pytest

from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.plans.codesign_queries import find_contribution, sessions_of
from charter.plans.codesign_rules import RecordedSession
from charter.plans.hours import hours_given_to
from charter.plans.service import confirm_session
from charter.reviews.pay import NotYetPaid
from charter.reviews.service import (
    amend_session_pay,
    count_silence_as_received,
    record_session_payment,
    say_pay_arrived,
    say_pay_is_missing,
)
from charter.reviews.session_pay import PayIsOwed
from charter.standing.tables import CurrentStanding
from tests.charter.acting import YES, hold_session, owes, published
from tests.world import World

pytestmark = pytest.mark.usefixtures("database")

LEFT_UNPAID = replace(YES, paid="unpaid")


async def unpaid_session(world: World, *, people: int = 2) -> tuple[UUID, RecordedSession]:
    """Hold a session written down with no pay, after which everybody says that they are owed."""
    organisation = await published(world)
    held = await hold_session(world, organisation, pay_pence=0)
    for token in held.tokens[:people]:
        await confirm_session(world.scheme, token=token, answer=LEFT_UNPAID)
    return organisation, held


async def amend(world: World, organisation: UUID, pence: int = 6_000) -> None:
    await amend_session_pay(world.scheme, organisation=organisation, session=1, pay_pence=pence)


async def pay(world: World, organisation: UUID) -> None:
    await record_session_payment(world.scheme, organisation=organisation, session=1, kind="fee")


async def level() -> str | None:
    [row] = await CurrentStanding.objects()
    found: str | None = row.level
    return found


async def told_pay(world: World, token: str) -> str:
    seen = await find_contribution(token, now=world.scheme.now())
    assert seen is not None
    return seen.pay


async def test_pay_put_right_is_owed_paid_and_counts_by_the_word_of_those_concerned() -> None:
    world = World()
    organisation, held = await unpaid_session(world)
    assert await level() == "signatory"
    assert await told_pay(world, held.tokens[0]) == "none"
    before = world.scheme.now()
    world.pass_days(1)
    await amend(world, organisation)
    assert await owes(organisation, "co-design-pay") != []
    assert await told_pay(world, held.tokens[0]) == "owed"
    await pay(world, organisation)
    assert await told_pay(world, held.tokens[0]) == "paid"
    await say_pay_arrived(world.scheme, token=held.tokens[0])
    assert await level() == "signatory"
    await say_pay_arrived(world.scheme, token=held.tokens[1])

    assert await level() == "committed"
    assert await owes(organisation, "co-design-pay") == []
    assert await told_pay(world, held.tokens[1]) == "confirmed"
    (seen,) = await sessions_of(organisation)
    assert (seen.pay_pence, seen.agreed, seen.unpaid) == (6_000, 2, 0)
    events = await events_of(organisation)
    [amended] = [event for event in events if event.kind == "session-pay-amended"]
    assert amended.data == {"session": 1, "pay_pence": 6_000, "was_pence": 0}
    [recorded] = [event for event in events if event.kind == "codesign-recorded"]
    assert recorded.data["pay_pence"] == 0
    then = await hours_given_to(organisation, before)
    now = await hours_given_to(organisation, world.scheme.now())
    assert (then.unpaid, then.paid) == (now.paid, now.unpaid)
    assert now.paid > 0


async def test_thirty_days_of_silence_count_as_received() -> None:
    world = World()
    organisation, _ = await unpaid_session(world)
    await amend(world, organisation)
    await pay(world, organisation)
    world.pass_days(30)
    await count_silence_as_received(world.scheme)
    assert await level() == "committed"


async def test_pay_that_did_not_come_is_owed_again() -> None:
    world = World()
    organisation, held = await unpaid_session(world)
    await amend(world, organisation)
    await pay(world, organisation)
    await say_pay_is_missing(world.scheme, token=held.tokens[0])
    assert await told_pay(world, held.tokens[0]) == "owed"
    world.pass_days(30)
    await count_silence_as_received(world.scheme)
    assert await level() == "signatory"
    assert await owes(organisation, "co-design-pay") != []


async def test_only_those_left_unpaid_are_asked_and_only_once_it_was_paid() -> None:
    world = World()
    organisation, held = await unpaid_session(world, people=1)
    await confirm_session(world.scheme, token=held.tokens[1], answer=YES)
    with pytest.raises(NotFound):
        await say_pay_arrived(world.scheme, token=held.tokens[1])
    with pytest.raises(NotFound):
        await say_pay_arrived(world.scheme, token="nobody")
    with pytest.raises(NotYetPaid):
        await say_pay_arrived(world.scheme, token=held.tokens[0])
    await amend(world, organisation)
    with pytest.raises(NotYetPaid):
        await say_pay_is_missing(world.scheme, token=held.tokens[0])
    assert await told_pay(world, held.tokens[1]) == ""


async def test_pay_is_only_ever_put_up_and_never_while_some_is_owed() -> None:
    world = World()
    organisation, _ = await unpaid_session(world)
    for pence in (0, -1, 10_000_001):
        with pytest.raises(InvalidInput) as refused:
            await amend(world, organisation, pence)
        assert [error.field for error in refused.value.errors] == ["pay_pence"]
    await amend(world, organisation)
    with pytest.raises(PayIsOwed):
        await amend(world, organisation, 7_000)
    with pytest.raises(NotFound):
        await amend_session_pay(world.scheme, organisation=organisation, session=9, pay_pence=1)
    await pay(world, organisation)
    world.pass_days(30)
    await count_silence_as_received(world.scheme)
    await amend(world, organisation, 7_000)
    assert await owes(organisation, "co-design-pay") != []
