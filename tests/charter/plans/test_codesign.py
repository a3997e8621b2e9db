"""Co-design is confirmed by the people in it; groups are free to say no: rules 11 and 11a."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.obligations.tables import Obligation
from charter.plans import ask_rules
from charter.plans import codesign_rules as rules
from charter.plans.ask_rules import Ask
from charter.plans.codesign_queries import (
    asked_by,
    asked_of,
    find_contribution,
    find_group,
    find_request,
    groups,
    groups_of,
    sessions_of,
    sessions_with,
)
from charter.plans.codesign_rules import ContributorAnswer, GroupRegistration
from charter.plans.service import (
    answer_request,
    ask_group,
    check_group,
    close_door,
    confirm_session,
    confirm_session_as_group,
    lapse_requests,
    publish_plan,
    record_session,
    register_group,
    withdraw_agreement,
    withdraw_agreement_as_group,
)
from charter.plans.tables import Confirmation, ContributorLink
from charter.reviews.service import count_silence_as_received, record_session_payment
from charter.reviews.tables import PayEntry
from charter.standing.tables import CurrentStanding
from tests.charter.acting import (
    YES,
    answer_all,
    draft_all,
    hold_session,
    kinds_of,
    owes,
    published,
    signed,
)
from tests.world import World

pytestmark = pytest.mark.usefixtures("database")

ANSWERS_FOR_GROUP = UUID(int=0xD1, version=4)


async def rules_of_reasons() -> set[int]:
    row = await CurrentStanding.objects().first()
    return set() if row is None else {each["rule"] for each in msgspec.json.decode(row.reasons)}


async def level() -> str | None:
    row = await CurrentStanding.objects().first()
    assert row is not None
    return row.level


async def say(world: World, token: str, answer: ContributorAnswer = YES) -> None:
    await confirm_session(world.scheme, token=token, answer=answer)


async def checked_group(world: World, name: str = "Quayside Voices") -> UUID:
    group = await register_group(
        world.scheme,
        group=GroupRegistration(name=name, borough="liverpool", people=8),
        account=ANSWERS_FOR_GROUP,
    )
    await check_group(world.scheme, group=group, accept=True)
    return group


def an_ask(world: World) -> Ask:
    return Ask(
        purpose="Two evenings to shape how we recruit",
        people=2,
        hours=Decimal(4),
        pay_pence=8_000,
        held_on=world.scheme.today() + timedelta(days=40),
    )


async def ask(world: World, organisation: UUID, group: UUID) -> UUID:
    return await ask_group(world.scheme, organisation=organisation, group=group, ask=an_ask(world))


async def test_until_somebody_confirms_a_plan_is_only_claimed() -> None:
    world = World()
    organisation = await published(world)
    await hold_session(world, organisation)

    assert await level() == "signatory"
    (seen,) = await sessions_of(organisation)
    assert (seen.confirmed, seen.waiting, len(seen.pledges)) == (False, 2, 5)


@pytest.mark.parametrize(
    ("answer", "counts"),
    [
        (YES, True),
        (replace(YES, paid="declined"), True),
        (replace(YES, paid="unpaid"), False),
        (replace(YES, employed=True), False),
        (replace(YES, agrees=False), False),
        (replace(YES, happened=False), False),
    ],
)
async def test_only_independent_agreement_that_was_not_left_unpaid_counts(
    answer: ContributorAnswer, *, counts: bool
) -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    await say(world, held.tokens[0], answer)

    assert await level() == ("committed" if counts else "signatory")
    (seen,) = await sessions_of(organisation)
    assert seen.confirmed is counts


async def test_a_session_held_and_confirmed_before_publication_counts_from_publication() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    await draft_all(world, organisation)
    held = await hold_session(world, organisation)
    await say(world, held.tokens[0])
    assert await level() == "signatory"

    await publish_plan(world.scheme, organisation=organisation)

    assert await level() == "committed"


async def test_agreement_for_some_pledges_leaves_the_others_claimed() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation, pledges=(1, 2))
    await say(world, held.tokens[0])

    assert await level() == "signatory"
    rest = await hold_session(world, organisation, pledges=(3, 4, 5))
    await say(world, rest.tokens[0])
    assert await level() == "committed"


async def test_no_answer_is_told_apart_by_person_in_public() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    await say(world, held.tokens[0])
    await say(world, held.tokens[1], replace(YES, agrees=False))

    told = [e for e in await events_of(organisation) if e.kind.startswith("codesign-")]
    assert [e.kind for e in told] == [
        "codesign-recorded",
        "codesign-confirmed",
        "codesign-disputed",
    ]
    assert {name for e in told for name in e.data} == {
        *("session", "pledges", "types", "held_on", "hours", "pay_pence"),
        *("paid", "independent"),
    }


async def test_a_code_works_once_however_it_is_typed() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    token = held.tokens[0].upper()
    await say(world, f" {token[:10]}-{token[10:]} ")

    with pytest.raises(rules.LinkNotUsable):
        await say(world, held.tokens[0])


async def test_a_code_does_not_work_after_its_days() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    world.pass_days(60)

    with pytest.raises(rules.LinkNotUsable):
        await say(world, held.tokens[0])
    with pytest.raises(rules.LinkNotUsable):
        await say(world, "not-a-code")


async def test_only_the_hash_of_a_code_is_kept() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)

    kept = {link.token_hash for link in await ContributorLink.objects()}
    assert kept == {rules.hash_token(token) for token in held.tokens}
    assert not kept & set(held.tokens)


async def test_looking_at_a_contribution_changes_nothing() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    for _ in range(2):
        seen = await find_contribution(held.tokens[0], now=world.scheme.now())
        assert seen is not None
        assert (seen.state, seen.may_withdraw) == ("open", False)
        assert seen.organisation_name == "Harbour Lights Theatre"
        assert seen.session.number == held.number
    await say(world, held.tokens[0])

    used = await find_contribution(held.tokens[0], now=world.scheme.now())
    assert used is not None
    assert (used.state, used.may_withdraw) == ("used", True)
    old = await find_contribution(held.tokens[1], now=world.scheme.now() + timedelta(days=61))
    assert old is not None
    assert old.state == "expired"
    assert await find_contribution("nothing", now=world.scheme.now()) is None


async def test_agreement_can_be_withdrawn_and_the_plan_is_claimed_again() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    await say(world, held.tokens[0])
    await withdraw_agreement(world.scheme, token=held.tokens[0])

    assert await level() == "committed", "a level falls after sixty days, and warned"
    assert 11 in await rules_of_reasons()
    assert (await sessions_of(organisation))[0].withdrawn == 1
    with pytest.raises(rules.NoAgreement):
        await withdraw_agreement(world.scheme, token=held.tokens[0])
    with pytest.raises(rules.LinkNotUsable):
        await withdraw_agreement(world.scheme, token="nothing")


async def test_while_somebody_else_agrees_a_withdrawal_is_public_and_the_plan_stays_agreed() -> (
    None
):
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    for token in held.tokens:
        await say(world, token)
    await withdraw_agreement(world.scheme, token=held.tokens[0])
    assert await level() == "committed"

    await withdraw_agreement(world.scheme, token=held.tokens[1])
    assert 11 in await rules_of_reasons()


async def test_a_session_with_errors_is_refused_by_field() -> None:
    world = World()
    organisation = await published(world)
    session = rules.SessionHeld(
        held_on=world.scheme.today() + timedelta(days=1),
        hours=Decimal(0),
        pay_pence=-1,
        pledges=(9,),
    )

    with pytest.raises(InvalidInput) as refused:
        await record_session(
            world.scheme, organisation=organisation, session=session, contributors=0
        )
    assert [error.field for error in refused.value.errors] == [
        *("held_on", "hours", "pay_pence", "pledges", "contributors"),
    ]
    with pytest.raises(NotFound):
        await hold_session(world, organisation, group=ANSWERS_FOR_GROUP)


async def test_hours_that_are_no_number_are_refused() -> None:
    world = World()
    organisation = await published(world)
    session = rules.SessionHeld(
        held_on=world.scheme.today(), hours=Decimal("NaN"), pay_pence=10_000_001, pledges=(1,)
    )

    with pytest.raises(InvalidInput) as refused:
        await record_session(
            world.scheme, organisation=organisation, session=session, contributors=1
        )
    assert [error.field for error in refused.value.errors] == ["hours", "pay_pence"]


async def test_a_session_that_a_group_speaks_for_needs_no_codes() -> None:
    world = World()
    organisation = await published(world)
    group = await checked_group(world)
    held = await hold_session(world, organisation, group=group, contributors=0)
    (session,) = await sessions_with(group)
    await confirm_session_as_group(world.scheme, group=group, session=session.id, answer=YES)

    assert held.tokens == ()
    assert await owes(organisation, "co-design-pay") == []
    assert await level() == "committed"


async def test_a_word_about_pay_that_is_none_is_refused() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)

    with pytest.raises(InvalidInput):
        await say(world, held.tokens[0], replace(YES, paid="perhaps"))  # type: ignore[arg-type]  # typed by hand
    await say(world, held.tokens[0])


async def test_pay_is_owed_in_thirty_days_and_ends_with_the_last_payees_word() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    owed = await Obligation.objects().where(Obligation.kind == "co-design-pay").first()
    assert owed is not None
    assert owed.due_on == world.scheme.today() + timedelta(days=30)
    await say(world, held.tokens[0])
    assert await owes(organisation, "co-design-pay") != []
    await say(world, held.tokens[1], replace(YES, paid="declined"))

    assert await owes(organisation, "co-design-pay") == []
    (entry,) = await PayEntry.objects()
    assert (entry.amount_pence, entry.rate_pence) == (12_000, 2_000)
    assert entry.confirmed_at == world.scheme.now()


async def test_pay_stays_owed_while_somebody_says_they_were_not_paid() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    await say(world, held.tokens[0], replace(YES, paid="unpaid"))
    await say(world, held.tokens[1])

    assert await owes(organisation, "co-design-pay") != []
    assert (await sessions_of(organisation))[0].unpaid == 1


async def test_rule_24_unpaid_co_design_keeps_a_pledge_from_counting_until_it_is_paid() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    await say(world, held.tokens[0], replace(YES, paid="unpaid"))
    await say(world, held.tokens[1])
    assert await level() == "signatory"

    await record_session_payment(
        world.scheme, organisation=organisation, session=held.number, kind="fee"
    )
    assert await level() == "signatory"
    world.pass_days(30)
    await count_silence_as_received(world.scheme)

    assert await level() == "committed"
    assert await owes(organisation, "co-design-pay") == []


async def test_only_a_session_with_pay_due_can_be_paid() -> None:
    world = World()
    organisation = await published(world)
    await hold_session(world, organisation, pay_pence=0)
    for session in (1, 9):
        with pytest.raises(NotFound):
            await record_session_payment(
                world.scheme, organisation=organisation, session=session, kind="fee"
            )


async def test_no_pay_agreed_is_no_pay_owed() -> None:
    world = World()
    organisation = await published(world)
    await hold_session(world, organisation, pay_pence=0)

    assert await owes(organisation, "co-design-pay") == []
    assert await PayEntry.count() == 0


async def test_a_group_is_checked_by_the_hub_within_ten_working_days() -> None:
    world = World()
    group = await register_group(
        world.scheme,
        group=GroupRegistration(name="Quayside Voices", borough="liverpool", people=4),
        account=ANSWERS_FOR_GROUP,
    )
    owed = (
        await Obligation.objects()
        .where((Obligation.kind == "group-check") & Obligation.organisation.is_null())
        .first()
    )
    assert owed is not None
    assert owed.due_on.isoformat() == "2026-01-19"
    await check_group(world.scheme, group=group, accept=True)

    seen = await find_group(group)
    assert seen is not None
    assert seen.state == "checked"
    assert await groups_of(ANSWERS_FOR_GROUP) == (seen,)
    assert await groups(state="checked") == (seen,)
    assert await groups(state="registered") == ()
    with pytest.raises(rules.GroupChecked):
        await check_group(world.scheme, group=group, accept=False, reason="Twice")


async def test_a_group_is_refused_with_a_reason_only() -> None:
    world = World()
    group = await register_group(
        world.scheme,
        group=GroupRegistration(name="Quayside Voices", borough="liverpool", people=4),
        account=ANSWERS_FOR_GROUP,
    )
    with pytest.raises(InvalidInput):
        await check_group(world.scheme, group=group, accept=False)
    await check_group(world.scheme, group=group, accept=False, reason="We could not reach you")

    seen = await find_group(group)
    assert seen is not None
    assert (seen.state, seen.refusal) == ("refused", "We could not reach you")
    assert await find_group(ANSWERS_FOR_GROUP) is None


async def test_a_group_that_says_nothing_of_itself_is_refused_by_field() -> None:
    with pytest.raises(InvalidInput) as refused:
        await register_group(
            World().scheme,
            group=GroupRegistration(name="", borough="", people=0),
            account=ANSWERS_FOR_GROUP,
        )
    assert [error.field for error in refused.value.errors] == ["name", "borough", "people"]


async def test_a_group_confirms_a_session_once_and_can_take_it_back() -> None:
    world = World()
    organisation = await published(world)
    group = await checked_group(world)
    await hold_session(world, organisation, group=group)
    (session,) = await sessions_with(group)
    await confirm_session_as_group(world.scheme, group=group, session=session.id, answer=YES)
    assert await level() == "committed"

    with pytest.raises(rules.AlreadyConfirmed):
        await confirm_session_as_group(world.scheme, group=group, session=session.id, answer=YES)
    await withdraw_agreement_as_group(world.scheme, group=group, session=session.id)
    assert 11 in await rules_of_reasons()


async def test_a_group_speaks_only_for_its_own_sessions_and_once_checked() -> None:
    world = World()
    organisation = await published(world)
    group = await checked_group(world)
    new = await register_group(
        world.scheme,
        group=GroupRegistration(name="Unseen", borough="wirral", people=4),
        account=ANSWERS_FOR_GROUP,
    )
    await hold_session(world, organisation, group=new)
    (session,) = await sessions_of(organisation)

    with pytest.raises(rules.NotThisGroup):
        await confirm_session_as_group(world.scheme, group=group, session=session.id, answer=YES)
    with pytest.raises(rules.GroupNotChecked):
        await confirm_session_as_group(world.scheme, group=new, session=session.id, answer=YES)
    with pytest.raises(NotFound):
        await confirm_session_as_group(world.scheme, group=new, session=new, answer=YES)
    assert await Confirmation.count() == 0


@pytest.mark.parametrize(("accept", "state"), [(True, "accepted"), (False, "declined")])
async def test_a_group_accepts_or_declines_with_no_reason_asked(
    state: str, *, accept: bool
) -> None:
    world = World()
    organisation = await signed(world)
    group = await checked_group(world)
    request = await ask(world, organisation, group)
    await answer_request(world.scheme, request=request, accept=accept)

    (seen,) = await asked_of(group)
    assert (seen.state, seen.purpose) == (state, "Two evenings to shape how we recruit")
    assert (seen.organisation_name, seen.group_name) == (
        "Harbour Lights Theatre",
        "Quayside Voices",
    )
    assert await asked_by(organisation) == (seen,)
    assert await find_request(request) == seen
    assert f"request-{state}" in await kinds_of(organisation)
    with pytest.raises(ask_rules.RequestAnswered):
        await answer_request(world.scheme, request=request, accept=True)


async def test_a_request_lapses_once_and_nothing_is_held_against_the_group() -> None:
    world = World()
    organisation = await signed(world)
    group = await checked_group(world)
    request = await ask(world, organisation, group)
    world.pass_days(21)
    assert await lapse_requests(world.scheme) == 0
    world.pass_days(1)
    with pytest.raises(ask_rules.RequestAnswered):
        await answer_request(world.scheme, request=request, accept=True)
    assert await lapse_requests(world.scheme) == 1
    assert await lapse_requests(world.scheme) == 0

    assert [seen.state for seen in await asked_of(group)] == ["lapsed"]


async def test_a_closed_door_takes_no_requests_until_its_day_has_passed() -> None:
    world = World()
    organisation = await signed(world)
    group = await checked_group(world)
    until = world.scheme.today() + timedelta(days=30)
    await close_door(world.scheme, group=group, until=until)
    with pytest.raises(ask_rules.DoorClosed):
        await ask(world, organisation, group)
    world.pass_days(31)
    await ask(world, organisation, group)

    await close_door(world.scheme, group=group, until=world.scheme.today())
    await close_door(world.scheme, group=group, until=None)
    await ask(world, organisation, group)
    with pytest.raises(InvalidInput):
        await close_door(
            world.scheme, group=group, until=world.scheme.today() + timedelta(days=366)
        )


async def test_a_group_is_asked_only_after_it_was_checked() -> None:
    world = World()
    organisation = await signed(world)
    group = await register_group(
        world.scheme,
        group=GroupRegistration(name="Unseen", borough="wirral", people=4),
        account=ANSWERS_FOR_GROUP,
    )

    with pytest.raises(rules.GroupNotChecked):
        await ask(world, organisation, group)
    with pytest.raises(NotFound):
        await ask(world, organisation, ANSWERS_FOR_GROUP)
    with pytest.raises(NotFound):
        await answer_request(world.scheme, request=ANSWERS_FOR_GROUP, accept=True)


async def test_a_group_is_not_asked_too_often_in_a_quarter() -> None:
    world = World()
    organisation = await signed(world)
    group = await checked_group(world)
    for _ in range(world.scheme.pack.numbers.caps.asks_per_group):
        await ask(world, organisation, group)
    with pytest.raises(ask_rules.AskedOften):
        await ask(world, organisation, group)
    world.pass_days(90)

    await ask(world, organisation, group)


async def test_an_ask_with_errors_is_refused_by_field() -> None:
    world = World()
    organisation = await signed(world)
    group = await checked_group(world)
    empty = Ask(purpose="", people=0, hours=Decimal(0), pay_pence=-1, held_on=world.scheme.today())

    with pytest.raises(InvalidInput) as refused:
        await ask_group(world.scheme, organisation=organisation, group=group, ask=empty)
    assert [error.field for error in refused.value.errors] == [
        *("purpose", "people", "hours", "pay_pence", "held_on"),
    ]
