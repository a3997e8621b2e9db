"""Answers and pledges against the real database: rules 5 to 9 and 12 to 14."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from charter.calendar import add_months
from charter.clock import end_of_day
from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.ledger import transaction
from charter.obligations.service import meet_obligation, open_obligations
from charter.plans import pledge_rules, rules
from charter.plans.pledge_rules import MilestoneDraft
from charter.plans.queries import (
    answers_of,
    find_draft,
    find_published_pledge,
    pledges_of,
    task_list,
)
from charter.plans.service import (
    amend_pledge,
    answer_type,
    confirm_session,
    discard_draft,
    end_pledges,
    list_existing_practice,
    open_re_identifications,
    publish_plan,
    publish_pledge,
    save_pledge,
    withdraw_pledge,
)
from charter.plans.tables import Milestone, PledgeVersion
from charter.reviews.tables import Case
from charter.signing.service import withdraw_from_charter
from charter.standing.assessment import Assessment, assess
from charter.standing.words import Level
from tests.charter.acting import (
    SPONSOR,
    TYPES,
    YES,
    answer_all,
    answer_for,
    apply,
    draft_all,
    draft_for,
    hold_session,
    kinds_of,
    owes,
    published,
    signed,
    standing_of,
)
from tests.world import World, the_pack

pytestmark = pytest.mark.usefixtures("database")


async def publish(world: World, organisation: UUID) -> None:
    await publish_plan(world.scheme, organisation=organisation)


async def withdraw(world: World, organisation: UUID, number: int) -> None:
    await withdraw_pledge(
        world.scheme, organisation=organisation, number=number, reason="The project has no home"
    )


async def amend(world: World, organisation: UUID, number: int = 1, **changes: object) -> int:
    draft = await find_draft(organisation, number)
    return await amend_pledge(
        world.scheme,
        organisation=organisation,
        number=number,
        draft=replace(draft, **changes),  # type: ignore[arg-type]  # as each test names it
        reason="The youth board asked for it",
    )


async def test_nothing_is_answered_in_public_before_both_proofs_are_in() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(rules.NotSigned):
        await answer_type(world.scheme, organisation=organisation, answer=answer_for(TYPES[0]))


async def test_an_answer_with_errors_is_refused_by_field() -> None:
    world = World()
    organisation = await signed(world)
    answer = replace(answer_for(TYPES[0]), reason="", impacts=())

    with pytest.raises(InvalidInput) as refused:
        await answer_type(world.scheme, organisation=organisation, answer=answer)
    assert [error.field for error in refused.value.errors] == ["impacts", "reason"]


async def test_every_answer_is_a_version_and_none_is_lost() -> None:
    world = World()
    organisation = await signed(world)
    for reason in ("Staff told us so", "Audiences told us so too"):
        answer = replace(answer_for(TYPES[0]), reason=reason)
        await answer_type(world.scheme, organisation=organisation, answer=answer)

    seen = await answers_of(organisation, TYPES[0])
    assert [(each.version, each.reason) for each in seen] == [
        (1, "Staff told us so"),
        (2, "Audiences told us so too"),
    ]


async def test_does_not_apply_is_put_before_auditors() -> None:
    world = World()
    organisation = await signed(world)
    answer = answer_for("systemic", applies=False)
    await answer_type(world.scheme, organisation=organisation, answer=answer)

    (case,) = await Case.objects()
    assert (case.kind, case.organisation, case.seats) == ("does-not-apply", organisation, 2)
    rows = await task_list(organisation, pack=the_pack(), today=world.scheme.today())
    assert [row.type for row in rows] == list(TYPES)
    assert rows[4].answer == "does-not-apply"
    assert rows[4].given is not None
    assert not rows[4].given.agreed
    assert rows[4].given.expires_on == add_months(world.scheme.today(), 12)


async def test_five_times_does_not_apply_is_refused() -> None:
    world = World()
    organisation = await signed(world)

    with pytest.raises(rules.NothingApplies):
        await answer_all(world, organisation, not_for=TYPES)
    rows = await task_list(organisation, pack=the_pack(), today=world.scheme.today())
    assert [row.needs for row in rows] == [None] * 4 + ["answer"]


async def test_a_plan_without_a_pledge_for_a_type_is_refused_by_name() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    for type_id in TYPES[:3]:
        await save_pledge(
            world.scheme, organisation=organisation, number=None, draft=draft_for(world, type_id)
        )

    with pytest.raises(rules.TypeWithoutPledge, match="structural racism and systemic racism"):
        await publish(world, organisation)
    assert "pledge-published" not in await kinds_of(organisation)


async def test_a_secondary_type_never_stands_in_for_a_pledge_of_its_own() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    for type_id in TYPES[:4]:
        others = tuple(each for each in TYPES if each != type_id)
        draft = draft_for(world, type_id, secondary_types=others)
        await save_pledge(world.scheme, organisation=organisation, number=None, draft=draft)

    with pytest.raises(rules.TypeWithoutPledge, match="systemic racism"):
        await publish(world, organisation)


async def test_a_plan_needs_all_five_answers() -> None:
    world = World()
    organisation = await signed(world)
    await draft_all(world, organisation)

    with pytest.raises(rules.TypeUnanswered):
        await publish(world, organisation)


async def test_a_type_that_does_not_apply_needs_no_pledge_to_publish() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation, not_for=TYPES[1:])
    await save_pledge(
        world.scheme, organisation=organisation, number=None, draft=draft_for(world, TYPES[0])
    )
    await publish(world, organisation)

    assert await standing_of(organisation) == "on-track"


async def test_publishing_meets_the_plan_and_owes_evidence_for_every_milestone() -> None:
    world = World()
    organisation = await published(world)

    assert await standing_of(organisation) == "on-track"
    assert await owes(organisation) == [
        ("evidence", pledge, milestone) for pledge in range(1, 6) for milestone in (1, 2)
    ]
    due = [row.due_on for row in await open_obligations(organisation, "evidence")]
    assert due[:2] == [each.due_on for each in draft_for(world, TYPES[0]).milestones]


async def test_a_plan_is_not_published_twice_with_nothing_new() -> None:
    world = World()
    organisation = await published(world)

    with pytest.raises(rules.NothingToPublish):
        await publish(world, organisation)


async def test_a_draft_whose_date_has_passed_is_named_when_publishing() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    await draft_all(world, organisation)
    soon = MilestoneDraft("Soon", world.scheme.today() + timedelta(days=5), "Minutes")
    draft = draft_for(world, TYPES[1], milestones=(soon,))
    await save_pledge(world.scheme, organisation=organisation, number=2, draft=draft)
    world.pass_days(6)

    with pytest.raises(InvalidInput) as refused:
        await publish(world, organisation)
    assert [error.field for error in refused.value.errors] == ["pledges[2].milestones[0].due_on"]


async def test_a_draft_is_private_can_be_changed_and_thrown_away() -> None:
    world = World()
    organisation = await apply(world)
    draft = draft_for(world, TYPES[0])
    number = await save_pledge(world.scheme, organisation=organisation, number=None, draft=draft)
    again = replace(draft, title="A better title")
    await save_pledge(world.scheme, organisation=organisation, number=number, draft=again)

    assert await find_draft(organisation, number) == again
    assert await find_published_pledge(organisation, number) is None
    assert await kinds_of(organisation) == []
    await discard_draft(world.scheme, organisation=organisation, number=number)
    assert await pledges_of(organisation) == ()
    assert await save_pledge(world.scheme, organisation=organisation, number=None, draft=draft) == 2


async def test_a_draft_with_errors_is_refused_by_field() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(InvalidInput) as refused:
        await save_pledge(
            world.scheme,
            organisation=organisation,
            number=None,
            draft=draft_for(world, TYPES[0], title="", milestones=()),
        )
    assert [error.field for error in refused.value.errors] == ["title", "milestones"]


async def test_a_published_pledge_is_neither_saved_over_nor_thrown_away() -> None:
    world = World()
    organisation = await published(world)

    with pytest.raises(pledge_rules.PledgeAlreadyPublished):
        await save_pledge(
            world.scheme, organisation=organisation, number=1, draft=draft_for(world, TYPES[0])
        )
    with pytest.raises(pledge_rules.PledgeAlreadyPublished):
        await discard_draft(world.scheme, organisation=organisation, number=1)
    with pytest.raises(pledge_rules.PledgeAlreadyPublished):
        await publish_pledge(world.scheme, organisation=organisation, number=1)


async def test_a_later_pledge_is_published_alone_but_not_before_the_plan() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    await draft_all(world, organisation)
    with pytest.raises(rules.PlanNotPublished):
        await publish_pledge(world.scheme, organisation=organisation, number=1)
    await publish(world, organisation)
    number = await save_pledge(
        world.scheme, organisation=organisation, number=None, draft=draft_for(world, TYPES[0])
    )
    await publish_pledge(world.scheme, organisation=organisation, number=number)

    assert [line.state for line in await pledges_of(organisation)] == ["live"] * 6


async def test_what_is_published_stands_beside_what_it_became() -> None:
    world = World()
    organisation = await published(world)
    assert await amend(world, organisation, target="Nine panels in ten") == 2

    seen = await find_published_pledge(organisation, 1)
    assert seen is not None
    assert seen.first.words["target"] == "Every panel"
    assert seen.now.words["target"] == "Nine panels in ten"
    assert seen.now.reason == "The youth board asked for it"
    assert [(change.field, change.was, change.now) for change in seen.now.changes] == [
        ("target", "Every panel", "Nine panels in ten")
    ]


async def test_a_published_version_can_be_neither_changed_nor_deleted_in_the_database(
    owner: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    await published(World())

    for statement in ("UPDATE pledge_version SET version = 9", "DELETE FROM pledge_version"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await PledgeVersion.raw(statement)


async def test_a_milestone_added_by_an_amendment_is_owed_too() -> None:
    world = World()
    organisation = await published(world)
    draft = await find_draft(organisation, 1)
    more = MilestoneDraft("One more", add_months(world.scheme.today(), 11), "Minutes")
    await amend(world, organisation, milestones=(*draft.milestones, more))

    assert ("evidence", 1, 3) in await owes(organisation)
    assert len(await owes(organisation)) == 11


async def test_an_amendment_moves_no_date() -> None:
    world = World()
    organisation = await published(world)
    draft = await find_draft(organisation, 1)
    later = replace(draft.milestones[0], due_on=draft.milestones[0].due_on + timedelta(days=1))

    with pytest.raises(pledge_rules.DueDateMoved):
        await amend(world, organisation, milestones=(later, draft.milestones[1]))


async def test_after_a_community_decision_the_moved_date_is_the_one_amended_around() -> None:
    world = World()
    organisation = await published(world)
    moved_to = world.scheme.today() + timedelta(days=150)
    await Milestone.update({Milestone.due_on: moved_to, Milestone.moved: True}).where(
        Milestone.number == 1
    )

    assert (await find_draft(organisation, 1)).milestones[0].due_on == moved_to
    await amend(world, organisation, target="Nine panels in ten")
    seen = await find_published_pledge(organisation, 1)
    assert seen is not None
    assert seen.milestones[0].first_due_on < seen.milestones[0].due_on == moved_to


async def test_an_amendment_made_meanwhile_is_not_written_over() -> None:
    world = World()
    organisation = await published(world)
    draft = await find_draft(organisation, 1)
    await amend(world, organisation, target="Nine panels in ten")

    with pytest.raises(pledge_rules.ChangedMeanwhile):
        await amend_pledge(
            world.scheme,
            organisation=organisation,
            number=1,
            draft=replace(draft, title="Other"),
            reason="Why",
            based_on=1,
        )


async def test_a_withdrawn_pledge_leaves_a_tombstone_and_owes_nothing() -> None:
    world = World()
    organisation = await published(world)
    await withdraw(world, organisation, 1)

    seen = await find_published_pledge(organisation, 1)
    assert seen is not None
    assert (seen.state, seen.withdrawn_at) == ("withdrawn", world.scheme.now())
    assert [owed for owed in await owes(organisation) if owed[1] == 1] == []
    with pytest.raises(pledge_rules.PledgeNotLive):
        await withdraw(world, organisation, 1)
    with pytest.raises(pledge_rules.PledgeNotLive):
        await amend_pledge(
            world.scheme,
            organisation=organisation,
            number=1,
            draft=draft_for(world, TYPES[0]),
            reason="Why",
        )


async def test_withdrawing_needs_a_public_reason() -> None:
    world = World()
    organisation = await published(world)

    with pytest.raises(pledge_rules.PublicReasonNeeded):
        await withdraw_pledge(world.scheme, organisation=organisation, number=1, reason=" ")


async def test_losing_the_last_live_pledge_of_a_type_opens_a_re_plan_of_sixty_days() -> None:
    world = World()
    organisation = await published(world)
    await withdraw(world, organisation, 3)

    (owed,) = await open_obligations(organisation, "re-plan")
    assert (owed.type, owed.due_on) == (TYPES[2], world.scheme.today() + timedelta(days=60))
    number = await save_pledge(
        world.scheme, organisation=organisation, number=None, draft=draft_for(world, TYPES[2])
    )
    await publish_pledge(world.scheme, organisation=organisation, number=number)
    assert await owes(organisation, "re-plan") == []
    assert "obligation-met" in await kinds_of(organisation)


async def test_losing_one_pledge_of_two_opens_nothing() -> None:
    world = World()
    organisation = await published(world)
    number = await save_pledge(
        world.scheme, organisation=organisation, number=None, draft=draft_for(world, TYPES[2])
    )
    await publish_pledge(world.scheme, organisation=organisation, number=number)
    await withdraw(world, organisation, 3)

    assert await owes(organisation, "re-plan") == []


async def test_a_type_that_begins_to_apply_asks_for_a_pledge() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation, not_for=("systemic",))
    for type_id in TYPES[:4]:
        draft = draft_for(world, type_id)
        await save_pledge(world.scheme, organisation=organisation, number=None, draft=draft)
    await publish(world, organisation)
    await answer_type(world.scheme, organisation=organisation, answer=answer_for("systemic"))
    assert await owes(organisation, "re-plan") == [("re-plan", None, None)]

    answer = answer_for("systemic", applies=False)
    await answer_type(world.scheme, organisation=organisation, answer=answer)

    assert await owes(organisation, "re-plan") == []
    closed = [e.data for e in await events_of(organisation) if e.kind == "obligation-closed"]
    assert [facts["why"] for facts in closed] == ["type-does-not-apply"]


async def test_the_five_types_are_asked_for_again_each_year_once() -> None:
    world = World()
    organisation = await published(world)
    world.pass_days(364)
    assert await open_re_identifications(world.scheme) == 0
    world.pass_days(1)
    assert await open_re_identifications(world.scheme) == 1
    assert await open_re_identifications(world.scheme) == 0

    for type_id in TYPES[:4]:
        await answer_type(world.scheme, organisation=organisation, answer=answer_for(type_id))
    assert await owes(organisation, "re-identification") != []
    await answer_type(world.scheme, organisation=organisation, answer=answer_for(TYPES[4]))
    assert await owes(organisation, "re-identification") == []
    assert await open_re_identifications(world.scheme) == 0


async def test_who_left_is_not_asked_to_answer_again() -> None:
    world = World()
    organisation = await published(world)
    await withdraw_from_charter(
        world.scheme, organisation=organisation, account=SPONSOR, reason="We close"
    )
    world.pass_days(400)

    assert await open_re_identifications(world.scheme) == 0


async def test_what_is_done_already_is_shown_and_never_counted() -> None:
    world = World()
    organisation = await signed(world)
    await answer_all(world, organisation)
    for type_id in TYPES:
        await list_existing_practice(
            world.scheme,
            organisation=organisation,
            type_id=type_id,
            title="A staff network",
            text="It has met each month since 2021.",
        )

    rows = await task_list(organisation, pack=the_pack(), today=world.scheme.today())
    assert [len(row.practices) for row in rows] == [1] * 5
    assert [row.needs for row in rows] == ["pledge"] * 5
    with pytest.raises(rules.TypeWithoutPledge):
        await publish(world, organisation)
    with pytest.raises(InvalidInput):
        await list_existing_practice(
            world.scheme, organisation=organisation, type_id="x", title="", text=""
        )


async def test_an_obligation_met_by_evidence_is_not_reopened_by_an_amendment() -> None:
    world = World()
    organisation = await published(world)
    async with transaction(world.scheme) as tx:
        await meet_obligation(tx, (await open_obligations(organisation, "evidence"))[0])
    await amend(world, organisation, target="Nine panels in ten")

    assert ("evidence", 1, 1) not in await owes(organisation)


async def test_an_unknown_pledge_is_not_found() -> None:
    world = World()
    organisation = await signed(world)

    with pytest.raises(NotFound):
        await find_draft(organisation, 7)


async def test_a_pledge_that_is_over_ends_once_and_its_type_needs_another() -> None:
    world = World()
    organisation = await published(world)
    number = await save_pledge(
        world.scheme,
        organisation=organisation,
        number=None,
        draft=draft_for(world, TYPES[0], ends_on=add_months(world.scheme.today(), 24)),
    )
    await publish_pledge(world.scheme, organisation=organisation, number=number)
    world.pass_days(365)
    assert await end_pledges(world.scheme) == 0
    world.pass_days(1)
    assert await end_pledges(world.scheme) == 5
    assert await end_pledges(world.scheme) == 0

    assert [owed.type for owed in await open_obligations(organisation, "re-plan")] == list(
        TYPES[1:]
    )
    assert [line.state for line in await pledges_of(organisation)] == ["ended"] * 5 + ["live"]
    with pytest.raises(pledge_rules.PledgeNotLive):
        await withdraw(world, organisation, 1)
    assert ("evidence", 1, 1) in await owes(organisation)


async def test_committed_is_lost_on_the_very_day_after_the_last_pledge_ends() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    await confirm_session(world.scheme, token=held.tokens[0], answer=YES)
    events = await events_of(organisation)
    ends_on = draft_for(world, TYPES[0]).ends_on
    over = end_of_day(ends_on, the_pack().zone)

    def at(instant: datetime) -> Assessment:
        found = assess(events, instant, the_pack())
        assert found is not None
        return found

    before = at(over - timedelta(seconds=1))
    assert (before.level, before.holds_until) == (Level.COMMITTED, over)
    after = at(over)
    assert after.level == Level.SIGNATORY
    assert "No live pledge for internalised racism." in {reason.text for reason in after.reasons}
