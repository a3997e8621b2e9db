"""Celebrations: anybody tells them, a community group confirms them, nothing is counted."""

from uuid import UUID

import pytest

from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.history.tables import PublicText
from charter.learning.celebration_queries import (
    CelebrationSeen,
    celebrations_asked_of,
    celebrations_confirmed_by,
    celebrations_waiting,
    find_celebrations,
)
from charter.learning.queries import LibrarySearch
from charter.learning.rules import (
    AlreadyCelebrated,
    CelebrationProposal,
    NotConfirmedByThem,
    OwnCelebration,
    ProposalDecided,
)
from charter.learning.service import (
    celebrate_as_group,
    celebrate_own,
    confirm_celebration,
    let_celebration_be,
    propose_celebration,
    refuse_celebration,
    release_celebration,
    take_confirmation_back,
)
from charter.plans.codesign_rules import GroupNotChecked, GroupRegistration
from charter.plans.service import check_group, register_group
from tests.charter.acting import LEAD, apply, published, standing_of
from tests.world import World

SPEAKER = UUID(int=0xD2, version=4)

pytestmark = pytest.mark.usefixtures("database")


async def a_group(world: World, *, checked: bool = True) -> UUID:
    """Register a community group and have the hub check it."""
    group = await register_group(
        world.scheme, group=GroupRegistration("Dock Road Elders", "liverpool", 12), account=SPEAKER
    )
    if checked:
        await check_group(world.scheme, group=group, accept=True)
    return group


def told(organisation: UUID, **more: object) -> CelebrationProposal:
    """Return something worth celebrating."""
    return CelebrationProposal(
        organisation=organisation,
        title="The night shift has a say",
        text="Two cleaners now sit on every interview panel.",
        **more,  # type: ignore[arg-type]  # as each test names it
    )


async def only_celebration() -> CelebrationSeen:
    """Return the one celebration that is shown."""
    [shown] = (await find_celebrations(LibrarySearch())).rows
    return shown


async def test_rule_28_what_an_organisation_says_of_itself_is_shown_as_not_confirmed() -> None:
    world = World()
    organisation = await published(world)

    await celebrate_own(world.scheme, celebration=told(organisation, pledge=2))

    shown = await only_celebration()
    assert (shown.proposed_by, shown.confirmed_by) == ("organisation", None)
    assert (shown.pledge, shown.type) == (2, "interpersonal")
    assert (await events_of(organisation))[-1].kind == "celebration-shown"


async def test_rule_28_a_celebration_is_confirmed_only_by_a_checked_community_group() -> None:
    world = World()
    organisation = await published(world)
    group = await a_group(world)
    unchecked = await a_group(world, checked=False)
    number = await celebrate_own(world.scheme, celebration=told(organisation, group=group))
    assert [row.id for row in await celebrations_asked_of(group)] == [number]

    with pytest.raises(GroupNotChecked):
        await confirm_celebration(
            world.scheme, celebration=number, group=unchecked, account=SPEAKER
        )
    await confirm_celebration(world.scheme, celebration=number, group=group, account=SPEAKER)

    assert (await only_celebration()).confirmed_by == "Dock Road Elders"
    assert await celebrations_asked_of(group) == ()
    assert [row.id for row in await celebrations_confirmed_by(group)] == [number]
    assert (await find_celebrations(LibrarySearch(confirmed="no"))).total == 0
    with pytest.raises(AlreadyCelebrated):
        await confirm_celebration(world.scheme, celebration=number, group=group, account=SPEAKER)


async def test_rule_28_nobody_of_the_organisation_confirms_for_a_group() -> None:
    world = World()
    organisation = await published(world)
    group = await a_group(world)
    number = await celebrate_own(world.scheme, celebration=told(organisation))

    with pytest.raises(OwnCelebration):
        await confirm_celebration(world.scheme, celebration=number, group=group, account=LEAD)
    with pytest.raises(OwnCelebration):
        await celebrate_as_group(
            world.scheme, celebration=told(organisation, group=group), account=LEAD
        )


async def test_rule_28_words_of_outsiders_are_held_until_a_person_releases_them() -> None:
    world = World()
    organisation = await published(world)
    before = await PublicText.count()
    number = await propose_celebration(world.scheme, celebration=told(organisation))
    assert (await find_celebrations(LibrarySearch())).total == 0
    assert await PublicText.count() == before
    assert [row.title for row in await celebrations_waiting()] == ["The night shift has a say"]

    await release_celebration(world.scheme, celebration=number)

    shown = await only_celebration()
    assert (shown.proposed_by, shown.confirmed_by) == ("public", None)
    with pytest.raises(ProposalDecided):
        await release_celebration(world.scheme, celebration=number)


async def test_a_proposal_that_is_let_go_leaves_no_words() -> None:
    world = World()
    organisation = await published(world)
    number = await propose_celebration(world.scheme, celebration=told(organisation))

    await refuse_celebration(world.scheme, celebration=number)

    assert await celebrations_waiting() == ()
    assert (await find_celebrations(LibrarySearch())).total == 0
    kinds = {event.kind for event in await events_of(organisation)}
    assert not kinds & {"celebration-shown", "celebration-confirmed"}


async def test_rule_28_what_a_checked_group_tells_stands_confirmed_once_released() -> None:
    world = World()
    organisation = await published(world)
    group = await a_group(world)
    number = await celebrate_as_group(
        world.scheme, celebration=told(organisation, group=group), account=SPEAKER
    )

    await release_celebration(world.scheme, celebration=number)

    assert (await only_celebration()).confirmed_by == "Dock Road Elders"
    kinds = [event.kind for event in await events_of(organisation)]
    assert kinds[-2:] == ["celebration-shown", "celebration-confirmed"]


async def test_a_group_takes_its_word_back() -> None:
    world = World()
    organisation = await published(world)
    group = await a_group(world)
    number = await celebrate_own(world.scheme, celebration=told(organisation, group=group))
    with pytest.raises(NotConfirmedByThem):
        await take_confirmation_back(world.scheme, celebration=number, group=group)
    await confirm_celebration(world.scheme, celebration=number, group=group, account=SPEAKER)

    await take_confirmation_back(world.scheme, celebration=number, group=group)

    assert (await only_celebration()).confirmed_by is None
    assert (await events_of(organisation))[-1].kind == "celebration-confirmation-withdrawn"


async def test_a_group_that_lets_a_celebration_be_is_not_asked_again_and_nobody_is_told() -> None:
    world = World()
    organisation = await published(world)
    group = await a_group(world)
    number = await celebrate_own(world.scheme, celebration=told(organisation, group=group))
    before = len(await events_of(organisation))

    await let_celebration_be(world.scheme, celebration=number, group=group)

    assert await celebrations_asked_of(group) == ()
    assert len(await events_of(organisation)) == before
    assert (await only_celebration()).confirmed_by is None


async def test_rule_28_a_celebration_moves_no_standing_and_no_result() -> None:
    world = World()
    organisation = await published(world)
    group = await a_group(world)
    before = await standing_of(organisation)
    number = await celebrate_own(world.scheme, celebration=told(organisation, group=group))

    await confirm_celebration(world.scheme, celebration=number, group=group, account=SPEAKER)

    assert await standing_of(organisation) == before
    kinds = [event.kind for event in await events_of(organisation)]
    assert kinds[-2:] == ["celebration-shown", "celebration-confirmed"]


async def test_everything_wrong_with_a_celebration_is_named_at_once() -> None:
    world = World()
    organisation = await published(world)
    wrong = CelebrationProposal(organisation, title="", text=" ", pledge=99, type="bogus")

    with pytest.raises(InvalidInput) as refused:
        await celebrate_own(world.scheme, celebration=wrong)

    assert [error.field for error in refused.value.errors] == ["title", "text", "pledge", "type"]


async def test_only_what_is_public_is_celebrated_and_only_what_is_shown_is_confirmed() -> None:
    world = World()
    applicant = await apply(world)
    group = await a_group(world)

    with pytest.raises(InvalidInput):
        await propose_celebration(world.scheme, celebration=told(applicant))
    with pytest.raises(NotFound):
        await confirm_celebration(world.scheme, celebration=7, group=group, account=SPEAKER)
