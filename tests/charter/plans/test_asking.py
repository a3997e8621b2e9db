"""Asking has limits, pooled over everybody who asks; sometimes it stops altogether (11a, 24)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from charter.errors import InvalidInput
from charter.obligations.tables import Obligation, Pause
from charter.plans import ask_rules
from charter.plans.ask_rules import Ask, Asked, Door
from charter.plans.codesign_queries import find_request
from charter.plans.codesign_rules import ContributorAnswer, GroupRegistration
from charter.plans.hours import hours_given_to
from charter.plans.quiet import quiet_now, quiet_periods, reach_of_quiet
from charter.plans.service import (
    ask_group,
    check_group,
    confirm_session,
    end_quiet_period,
    keep_quiet,
    lapse_requests,
    open_quiet_period,
    register_group,
)
from charter.plans.tables import ContributorLink, RequestToTakePart
from tests.charter.acting import YES, hold_session, kinds_of, owes, published, signed
from tests.charter.plans.test_sharing import another
from tests.world import START, World, the_pack

TODAY = date(2026, 3, 2)
CAPS = the_pack().numbers.caps
SPEAKER = UUID(int=0xD1, version=4)
OPEN = Door(START, None, people=4)
ASK = Ask("Two evenings on recruiting", people=2, hours=Decimal(8), pay_pence=20_000, held_on=TODAY)


def before(count: int, *, people: int = 1, hours: int = 1, state: str = "accepted") -> Door:
    """Return a group of four people that was asked before, this often."""
    return replace(OPEN, asked=(Asked(people, Decimal(hours), state),) * count)


def test_a_group_that_was_never_asked_can_be_asked() -> None:
    ask_rules.decide_ask(ASK, OPEN, TODAY, the_pack())


@pytest.mark.parametrize(
    ("ask", "door", "refusal"),
    [
        (ASK, before(CAPS.asks_per_group), ask_rules.AskedOften),
        (ASK, before(CAPS.asks_per_group, state="declined"), ask_rules.AskedOften),
        (replace(ASK, people=5), OPEN, ask_rules.PeopleAskedOften),
        (ASK, before(CAPS.asks_per_person, people=4), ask_rules.PeopleAskedOften),
        (ASK, before(CAPS.asks_per_person, people=4, state="lapsed"), ask_rules.PeopleAskedOften),
        (replace(ASK, hours=Decimal(49)), OPEN, ask_rules.HoursOverCap),
        (ASK, before(2, hours=45), ask_rules.HoursOverCap),
    ],
)
def test_each_cap_refuses_and_says_what_to_do(
    ask: Ask, door: Door, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal, match=r"Ask (another|for)"):
        ask_rules.decide_ask(ask, door, TODAY, the_pack())


def test_hours_that_were_declined_or_lapsed_are_not_counted() -> None:
    for state in ("declined", "lapsed"):
        ask_rules.decide_ask(ASK, before(2, hours=45, state=state), TODAY, the_pack())


def test_the_last_hours_can_be_asked_for_and_no_more() -> None:
    door = before(1, hours=88)
    ask_rules.decide_ask(ASK, door, TODAY, the_pack())
    with pytest.raises(ask_rules.HoursOverCap, match="room for 8 hours more"):
        ask_rules.decide_ask(replace(ASK, hours=Decimal(9)), door, TODAY, the_pack())


async def a_group(world: World) -> UUID:
    group = await register_group(
        world.scheme,
        group=GroupRegistration("Quayside Voices", "liverpool", people=4),
        account=SPEAKER,
    )
    await check_group(world.scheme, group=group, accept=True)
    return group


def ask_in(world: World, **changes: object) -> Ask:
    day = world.scheme.today() + timedelta(days=60)
    return replace(ASK, held_on=day, **changes)  # type: ignore[arg-type]  # as each test names it


async def quiet(world: World, days: int = 10) -> date:
    """Open a quiet period whose last day lies this far ahead."""
    until = world.scheme.today() + timedelta(days=days)
    await open_quiet_period(world.scheme, reason="After the attack in the docks.", until=until)
    await keep_quiet(world.scheme)
    return until


pytest_database = pytest.mark.usefixtures("database")


@pytest_database
async def test_caps_are_pooled_over_all_signatories_and_nothing_reaches_the_group() -> None:
    world = World()
    one, other = await signed(world), await another(world)
    group = await a_group(world)
    for _ in range(2):
        await ask_group(
            world.scheme, organisation=one, group=group, ask=ask_in(world, hours=Decimal(44))
        )

    with pytest.raises(ask_rules.HoursOverCap, match="room for 8 hours more"):
        await ask_group(
            world.scheme, organisation=other, group=group, ask=ask_in(world, hours=Decimal(9))
        )

    assert await RequestToTakePart.count() == 2
    assert (await kinds_of(one)).count("request-sent") == 2
    assert "request-sent" not in await kinds_of(other)


@pytest_database
async def test_a_quiet_period_stops_every_ask_and_gives_its_days_to_those_that_wait() -> None:
    world = World()
    organisation = await published(world)
    group = await a_group(world)
    request = await ask_group(
        world.scheme, organisation=organisation, group=group, ask=ask_in(world)
    )
    await hold_session(world, organisation, contributors=1)
    waiting = await find_request(request)
    [code] = await ContributorLink.objects()
    assert waiting is not None

    until = await quiet(world)

    with pytest.raises(ask_rules.QuietNow, match="Ask after that day"):
        await ask_group(world.scheme, organisation=organisation, group=group, ask=ask_in(world))
    moved = await find_request(request)
    [longer] = await ContributorLink.objects()
    assert moved is not None
    assert moved.answer_by - waiting.answer_by == timedelta(days=11)
    assert longer.expires_at - code.expires_at == timedelta(days=11)
    world.pass_days(25)
    assert await lapse_requests(world.scheme) == 0
    assert world.scheme.today() > until
    await ask_group(world.scheme, organisation=organisation, group=group, ask=ask_in(world))


@pytest_database
async def test_only_clocks_that_wait_on_communities_stand_still_and_run_on_afterwards() -> None:
    world = World()
    organisation = await signed(world)
    [plan] = await Obligation.objects().where(Obligation.kind == "plan")
    await quiet(world)

    [pause] = await Pause.objects()
    assert (pause.obligation, pause.why, pause.by) == (plan.id, "quiet-period", "hub")
    assert (await kinds_of(organisation))[-1] == "clock-paused"
    assert await keep_quiet(world.scheme) == 0
    world.pass_days(11)
    assert await keep_quiet(world.scheme) == 1
    assert (await kinds_of(organisation))[-1] == "clock-resumed"
    assert await keep_quiet(world.scheme) == 0
    assert await quiet_now(world.scheme.today()) is None
    assert (await kinds_of(None))[-2:] == ["quiet-period-opened", "quiet-period-ended"]


@pytest_database
async def test_evidence_and_pay_are_still_due_in_a_quiet_period() -> None:
    world = World()
    organisation = await published(world)
    await hold_session(world, organisation)

    await quiet(world)

    assert await owes(organisation, "co-design-pay")
    assert not await Pause.exists()


@pytest_database
async def test_a_steward_ends_it_sooner_and_nobody_loses_the_days_they_were_given() -> None:
    world = World()
    organisation = await signed(world)
    group = await a_group(world)
    request = await ask_group(
        world.scheme, organisation=organisation, group=group, ask=ask_in(world)
    )
    await quiet(world)
    given = await find_request(request)
    with pytest.raises(ask_rules.QuietAlready):
        await quiet(world)
    assert (await reach_of_quiet(world.scheme)).requests == 1

    await end_quiet_period(world.scheme)
    await end_quiet_period(world.scheme)

    assert await keep_quiet(world.scheme) == 1
    assert await find_request(request) == given
    assert (await kinds_of(None)).count("quiet-period-ended") == 1
    await quiet(world, days=1)
    assert [seen.ended_at is None for seen in await quiet_periods()] == [True, False]


@pytest_database
@pytest.mark.parametrize(("reason", "days", "field"), [("", 3, "reason"), ("Why", 29, "until")])
async def test_a_quiet_period_needs_a_reason_and_an_end(reason: str, days: int, field: str) -> None:
    world = World()
    until = world.scheme.today() + timedelta(days=days)
    with pytest.raises(InvalidInput) as refused:
        await open_quiet_period(world.scheme, reason=reason, until=until)
    assert [error.field for error in refused.value.errors] == [field]


@pytest_database
async def test_hours_left_unpaid_are_told_by_those_who_gave_them() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation, contributors=4)
    answers: tuple[ContributorAnswer, ...] = (
        YES,
        replace(YES, paid="declined"),
        replace(YES, paid="unpaid", agrees=False),
    )
    for token, answer in zip(held.tokens, answers, strict=False):
        await confirm_session(world.scheme, token=token, answer=answer)

    given = await hours_given_to(organisation, world.scheme.now())

    assert (given.paid, given.declined, given.unpaid, given.unanswered) == (1.5, 1.5, 1.5, 1.5)
    earlier = await hours_given_to(organisation, world.scheme.now() - timedelta(days=1))
    assert (earlier.paid, earlier.unpaid, earlier.unanswered) == (0.0, 0.0, 0.0)
