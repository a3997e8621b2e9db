"""A hundred people do the same thing at once: exactly one wins, and nothing is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

import pytest

from charter.errors import RuleViolation
from charter.obligations.tables import Obligation
from charter.organisations.people_rules import AlreadyMember, Asked, TooManyAddresses
from charter.organisations.rules import AlreadyDecided, AlreadyRegistered
from charter.organisations.service import end_membership, invite_person
from charter.plans.codesign_rules import LinkNotUsable
from charter.plans.pledge_rules import ChangedMeanwhile, PledgeAlreadyPublished
from charter.plans.queries import find_draft, pledges_of
from charter.plans.rules import NothingToPublish
from charter.plans.service import (
    amend_pledge,
    confirm_session,
    publish_plan,
    publish_pledge,
    save_pledge,
)
from charter.plans.tables import Confirmation, Pledge
from charter.signing.rules import AlreadySigned
from charter.signing.service import sign_charter
from charter.signing.tables import Signature
from tests.charter.acting import (
    LEAD,
    SPONSOR,
    TYPES,
    YES,
    accept,
    accept_as_shown,
    answer_all,
    apply,
    draft_all,
    draft_for,
    hold_session,
    join,
    kinds_of,
    owes,
    published,
    show,
    signed,
)
from tests.world import World

pytestmark = pytest.mark.usefixtures("database")

AT_ONCE = 100


async def race(act: Callable[[int], Awaitable[object]], loser: type[RuleViolation]) -> None:
    """Let a hundred act at once; exactly one succeeds and the others are refused as `loser`."""
    results = await asyncio.gather(
        *(act(number) for number in range(AT_ONCE)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, BaseException)]
    assert [type(refusal) for refusal in refused] == [loser] * (AT_ONCE - 1)


async def test_of_a_hundred_signatures_one_is_given() -> None:
    world = World()
    organisation = await apply(world)
    await accept(world, organisation)

    await race(
        lambda _: sign_charter(world.scheme, organisation=organisation, account=SPONSOR),
        AlreadySigned,
    )
    assert await Signature.count() == 1
    assert await owes(organisation) == [("plan", None, None)]


async def test_of_a_hundred_decisions_on_an_identity_one_is_made() -> None:
    world = World()
    organisation = await apply(world)

    how = await show(world, organisation)
    await race(lambda _: accept_as_shown(world, organisation, how), AlreadyDecided)
    assert (await kinds_of(organisation)).count("identity-accepted") == 1


async def test_of_a_hundred_applications_with_one_register_number_one_is_taken() -> None:
    world = World()
    await race(lambda _: apply(world), AlreadyRegistered)


async def test_a_hundred_applications_with_one_name_get_addresses_of_their_own() -> None:
    world = World()
    results = await asyncio.gather(*(apply(world, identifiers=()) for _ in range(AT_ONCE)))
    assert len(set(results)) == AT_ONCE


async def test_of_a_hundred_publications_of_a_plan_one_is_made() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    await draft_all(world, organisation)

    await race(lambda _: publish_plan(world.scheme, organisation=organisation), NothingToPublish)
    kinds = await kinds_of(organisation)
    assert (kinds.count("plan-published"), kinds.count("pledge-published")) == (1, 5)
    assert len(await owes(organisation)) == 10


async def test_of_a_hundred_publications_of_a_pledge_one_is_made() -> None:
    world = World()
    organisation = await published(world)
    number = await save_pledge(
        world.scheme, organisation=organisation, number=None, draft=draft_for(world, TYPES[0])
    )

    await race(
        lambda _: publish_pledge(world.scheme, organisation=organisation, number=number),
        PledgeAlreadyPublished,
    )


async def test_a_hundred_new_drafts_are_all_kept_under_numbers_of_their_own() -> None:
    world = World()
    organisation = await signed(world)

    async def begin(number: int) -> int:
        draft = draft_for(world, TYPES[0], title=f"Draft {number}")
        return await save_pledge(world.scheme, organisation=organisation, number=None, draft=draft)

    numbers = await asyncio.gather(*(begin(number) for number in range(AT_ONCE)))

    assert sorted(numbers) == list(range(1, AT_ONCE + 1))
    titles = {line.title for line in await pledges_of(organisation)}
    assert titles == {f"Draft {number}" for number in range(AT_ONCE)}


async def test_of_a_hundred_amendments_of_one_version_one_is_published() -> None:
    world = World()
    organisation = await published(world)
    draft = await find_draft(organisation, 1)

    await race(
        lambda number: amend_pledge(
            world.scheme,
            organisation=organisation,
            number=1,
            draft=replace(draft, target=f"{number + 1} panels in 100"),
            reason="Counted again",
            based_on=1,
        ),
        ChangedMeanwhile,
    )
    row = await Pledge.objects().where(Pledge.number == 1).first()
    assert row is not None
    assert row.version == 2


async def test_of_a_hundred_uses_of_one_code_one_counts() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)

    await race(
        lambda _: confirm_session(world.scheme, token=held.tokens[0], answer=YES), LinkNotUsable
    )
    assert await Confirmation.count() == 1
    assert (await kinds_of(organisation)).count("codesign-confirmed") == 1


async def test_of_a_hundred_invitations_of_one_person_one_is_made() -> None:
    world = World()
    organisation = await signed(world)

    await race(
        lambda _: invite_person(
            world.scheme,
            organisation=organisation,
            account=UUID(int=7),
            asked=Asked("member"),
            invited_by_role="lead",
        ),
        AlreadyMember,
    )


async def test_leads_who_leave_at_once_open_one_handover_case() -> None:
    world = World()
    organisation = await signed(world)
    others = [UUID(int=number, version=4) for number in range(1, 4)]
    for account in others:
        await join(world, organisation, account, "lead")

    await asyncio.gather(
        *(
            end_membership(world.scheme, organisation=organisation, account=account, role="lead")
            for account in (LEAD, *others)
        )
    )

    assert await Obligation.count().where(Obligation.kind == "handover") == 1


async def test_twenty_who_accept_at_once_are_no_more_than_may_be_written_to() -> None:
    world = World()
    organisation = await signed(world)
    people = [UUID(int=number, version=4) for number in range(1, AT_ONCE + 1)]

    results = await asyncio.gather(
        *(join(world, organisation, account, "member") for account in people),
        return_exceptions=True,
    )

    assert sum(result is None for result in results) == 3
    assert {type(result) for result in results if result is not None} == {TooManyAddresses}
