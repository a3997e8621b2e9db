"""Tiny and small bodies take ready-made pledges and report in one sitting (rule 10a)."""

from datetime import date
from uuid import UUID

import pytest

from charter.errors import InvalidInput, NotFound
from charter.evidence.rules import ReportDraft
from charter.evidence.service import NoReportDue
from charter.evidence.sitting import (
    NOTE_LABEL,
    NoSitting,
    Told,
    call_waiting,
    check_sitting,
    due_in_sitting,
    last_day,
    send_sitting,
    type_up_call,
)
from charter.evidence.tables import EvidenceItem, Report
from charter.history.queries import events_of
from charter.organisations.rules import OwnEmployer
from charter.organisations.tables import Organisation
from charter.plans.pledge_rules import check_pledge
from charter.plans.queries import find_draft
from charter.plans.ready_made import NotForThisSize, draft_from_worked, is_ready_made
from charter.plans.service import find_typed, publish_plan, take_ready_made
from charter.reviews.tables import Case
from tests.charter.acting import TYPES, answer_all, kinds_of, owes, published, signed
from tests.world import World, the_pack

FULLY = ReportDraft("fully", "Both days were held; forty people came.")
PARTLY = ReportDraft("partly", "One day was held.", "The second was not.", "No room.", "In May.")


@pytest.mark.parametrize("band", ["tiny", "small"])
def test_each_ready_made_pledge_lacks_only_whom_it_is_for(band: str) -> None:
    pack = the_pack()
    for type_id in TYPES:
        for ready in pack.catalogue.ready_made_for(band, type_id):
            draft = draft_from_worked(ready, type_id, date(2026, 3, 31))
            wrong = {error.field for error in check_pledge(draft, pack, date(2026, 3, 31))}
            assert wrong == {"forms", "communities"}
            assert is_ready_made({"title": draft.title, "promise": draft.promise}, pack) is False
            words = {"title": draft.title, "promise": draft.promise, "target": draft.target}
            assert is_ready_made(words, pack)


def test_a_sitting_asks_for_what_is_due_until_the_next_one() -> None:
    assert last_day(the_pack().band("tiny"), date(2026, 1, 31)) == date(2026, 7, 31)
    assert last_day(the_pack().band("standard"), date(2026, 1, 31)) == date(2026, 4, 30)


def test_everything_missing_from_a_sitting_is_named_by_its_place() -> None:
    told = [Told(1, 1, FULLY, ""), Told(2, 1, PARTLY, "Photo on our wall")]

    assert [error.field for error in check_sitting(told, signed_by_role="")] == [
        "reports[0].shows",
        "reports[1].signed_by_role",
    ]
    assert [error.field for error in check_sitting([], signed_by_role="Chair")] == [""]


pytest_database = pytest.mark.usefixtures("database")


async def small(world: World) -> UUID:
    """Bring a tiny body to a published plan of ready-made pledges, one for each type."""
    organisation = await signed(world)
    await Organisation.update({Organisation.band: "tiny"}, force=True)
    await answer_all(world, organisation)
    for type_id in TYPES:
        await take(world, organisation, type_id)
    await publish_plan(world.scheme, organisation=organisation)
    return organisation


async def take(world: World, organisation: UUID, type_id: str, place: int = 1) -> int:
    return await take_ready_made(
        world.scheme,
        organisation=organisation,
        type_id=type_id,
        place=place,
        forms=("anti-black",),
        communities=("somali",),
    )


@pytest_database
async def test_a_tiny_body_takes_a_pledge_as_it_stands_and_a_standard_one_does_not() -> None:
    world = World()
    organisation = await signed(world)
    with pytest.raises(NotForThisSize):
        await take(world, organisation, TYPES[0])
    await Organisation.update({Organisation.band: "tiny"}, force=True)

    number = await take(world, organisation, TYPES[0])

    ready = the_pack().catalogue.ready_made_for("tiny", TYPES[0])[0]
    draft = await find_draft(organisation, number)
    assert (draft.title, draft.promise, draft.forms) == (
        *(ready.title, ready.promise),
        ("anti-black",),
    )
    for place in 0, 99:
        with pytest.raises(NotFound):
            await take(world, organisation, TYPES[0], place)


@pytest_database
async def test_everything_due_is_reported_in_one_sitting_or_none_of_it() -> None:
    world = World()
    organisation = await small(world)
    world.pass_days(170)
    due = await due_in_sitting(world.scheme, organisation=organisation)
    assert {each.pledge.number for each in due} == {1, 2, 3, 4, 5}
    told = [Told(each.pledge.number, each.milestone.number, FULLY, "Photo") for each in due]
    with pytest.raises(NotFound):
        await send_sitting(
            world.scheme, organisation=organisation, told=[*told, Told(99, 1, FULLY, "Photo")]
        )
    assert not await Report.exists()

    await send_sitting(world.scheme, organisation=organisation, told=told)

    assert await Report.count() == len(due)
    assert await Case.count().where(Case.kind == "evidence") == 1
    assert {item.label for item in await EvidenceItem.objects()} == {NOTE_LABEL}
    left = [owed for owed in await owes(organisation, "evidence") if owed[2] == 1]
    assert left == []
    with pytest.raises(NoReportDue):
        await send_sitting(world.scheme, organisation=organisation, told=told[:1])


@pytest_database
async def test_what_did_not_work_is_signed_in_a_sitting_too() -> None:
    world = World()
    organisation = await small(world)
    told = [Told(1, 1, PARTLY, "Photo"), Told(2, 1, FULLY, "List")]
    with pytest.raises(InvalidInput) as refused:
        await send_sitting(world.scheme, organisation=organisation, told=told)
    assert [error.field for error in refused.value.errors] == ["reports[0].signed_by_role"]

    await send_sitting(world.scheme, organisation=organisation, told=told, signed_by_role="Chair")

    events = await events_of(organisation)
    assert [event.by for event in events if event.kind == "evidence-received"] == [
        "sponsor",
        "member",
    ]


@pytest_database
async def test_a_call_counts_for_nothing_until_the_body_has_sent_it() -> None:
    world = World()
    organisation = await small(world)
    typed = {"reports-0-summary": ["Both days were held."]}
    await type_up_call(
        world.scheme, organisation=organisation, typed=typed, steward_employer_domain="hub.example"
    )

    assert await find_typed(organisation, "sitting") == typed
    assert await call_waiting(organisation) == world.scheme.now()
    assert not await Report.exists()
    assert (await kinds_of(organisation))[-1] == "call-typed-up"

    told = [Told(1, 1, FULLY, "Photo")]
    await send_sitting(world.scheme, organisation=organisation, told=told)

    assert await call_waiting(organisation) is None
    kinds = await kinds_of(organisation)
    assert kinds.count("call-confirmed") == 1
    await send_sitting(world.scheme, organisation=organisation, told=[Told(2, 1, FULLY, "Photo")])
    assert (await kinds_of(organisation)).count("call-confirmed") == 1


@pytest_database
async def test_nobody_types_up_a_call_of_their_own_employer_or_of_a_large_body() -> None:
    world = World()
    organisation = await published(world)
    with pytest.raises(NoSitting):
        await due_in_sitting(world.scheme, organisation=organisation)
    await Organisation.update({Organisation.band: "small"}, force=True)
    with pytest.raises(OwnEmployer):
        await type_up_call(
            world.scheme,
            organisation=organisation,
            typed={},
            steward_employer_domain="harbour-lights.example",
        )
    with pytest.raises(NotFound):
        await due_in_sitting(world.scheme, organisation=UUID(int=9, version=4))
