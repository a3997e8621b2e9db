"""What is left of a dissolved tiny group, and of all others (rule 33)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from charter.calendar import add_months
from charter.errors import InvalidInput
from charter.history.erasure import public_texts
from charter.history.queries import events_of
from charter.learning.queries import LibrarySearch, find_notes
from charter.organisations.dissolution import (
    GROUND,
    DissolutionDecided,
    DissolutionNeedsTwo,
    confirm_dissolution,
    drop_dissolution,
    propose_dissolution,
    reduce_dissolved,
    words_go_on,
)
from charter.organisations.queries import members_of
from charter.organisations.service import change_band
from charter.organisations.tables import Organisation
from charter.plans.tables import Draft
from charter.standing.tables import CurrentStanding
from tests.charter import acting
from tests.charter.acting import OTHER_STEWARD, STEWARD
from tests.world import World, the_pack

pytestmark = pytest.mark.usefixtures("database")

HUB = "hub.example"
YEARS = the_pack().numbers.publication.dissolved_tiny_years


async def propose(world: World, organisation: UUID) -> int:
    return await propose_dissolution(
        world.scheme,
        steward=STEWARD,
        steward_employer_domain=HUB,
        organisation=organisation,
        dissolved_on=world.scheme.today(),
        source="The register of charities.",
    )


async def dissolve(world: World, organisation: UUID) -> date:
    """Have two stewards record that an organisation is gone since today."""
    number = await propose(world, organisation)
    await confirm_dissolution(
        world.scheme, steward=OTHER_STEWARD, steward_employer_domain=HUB, number=number
    )
    return world.scheme.today()


def wait_until(world: World, day: date) -> None:
    world.pass_days((day - world.scheme.today()).days)


async def test_words_of_a_tiny_group_go_six_years_later_and_not_a_day_before() -> None:
    world = World()
    organisation = await acting.published(world)
    await change_band(world.scheme, organisation=organisation, band="tiny")
    gone_on = await dissolve(world, organisation)
    before = await events_of(organisation)
    last = add_months(gone_on, 12 * YEARS)
    wait_until(world, last - timedelta(days=1))
    assert await reduce_dissolved(world.scheme) == 0
    wait_until(world, last)
    assert await reduce_dissolved(world.scheme) == 1

    texts = await public_texts(organisation)
    assert texts
    assert all(each.gone for text in texts for each in text.passages if each.text)
    assert all(
        "ground: dissolved group" in each.text
        for text in texts
        for each in text.passages
        if each.text
    )
    body = await Organisation.objects().get(Organisation.id == organisation)
    assert body is not None
    assert body.name == "Harbour Lights Theatre"
    assert [body.town, body.website, body.domain, body.sponsor_role] == ["", None, None, ""]
    assert await members_of(organisation) == ()
    assert not await Draft.exists().where(Draft.organisation == organisation)
    after = await events_of(organisation)
    assert after[: len(before)] == before
    [reduced] = [event for event in after if event.kind == "reduced"]
    assert reduced.data == {"dissolved_on": gone_on.isoformat(), "texts": len(texts)}
    assert reduced.by == "system"


async def test_doing_it_twice_changes_nothing() -> None:
    world = World()
    organisation = await acting.published(world)
    await change_band(world.scheme, organisation=organisation, band="tiny")
    await dissolve(world, organisation)
    world.pass_days(366 * YEARS)
    assert await reduce_dissolved(world.scheme) == 1
    assert await reduce_dissolved(world.scheme) == 0
    assert (await acting.kinds_of(organisation)).count("reduced") == 1


async def test_larger_bodies_keep_everything() -> None:
    world = World()
    organisation = await acting.published(world)
    await dissolve(world, organisation)
    world.pass_days(366 * YEARS)
    assert await reduce_dissolved(world.scheme) == 0
    assert words_go_on(world.scheme.today(), "small", the_pack()) is None


async def test_a_dissolution_moves_no_standing() -> None:
    world = World()
    organisation = await acting.published(world)
    before = await CurrentStanding.objects().get(CurrentStanding.organisation == organisation)
    await dissolve(world, organisation)
    after = await CurrentStanding.objects().get(CurrentStanding.organisation == organisation)
    assert before is not None
    assert after is not None
    assert (after.standing, after.since, after.results) == (
        *(before.standing, before.since),
        before.results,
    )


async def test_nobody_records_it_alone_or_twice() -> None:
    world = World()
    organisation = await acting.published(world)
    number = await propose(world, organisation)
    with pytest.raises(DissolutionDecided):
        await propose(world, organisation)
    with pytest.raises(DissolutionNeedsTwo):
        await confirm_dissolution(
            world.scheme, steward=STEWARD, steward_employer_domain=HUB, number=number
        )
    await drop_dissolution(world.scheme, steward=OTHER_STEWARD, number=number)
    assert "dissolved" not in await acting.kinds_of(organisation)
    await dissolve(world, organisation)


async def test_a_day_to_come_and_no_source_are_refused_together() -> None:
    world = World()
    organisation = await acting.published(world)
    with pytest.raises(InvalidInput) as refused:
        await propose_dissolution(
            world.scheme,
            steward=STEWARD,
            steward_employer_domain=HUB,
            organisation=organisation,
            dissolved_on=world.scheme.today() + timedelta(days=1),
            source=" ",
        )
    assert [error.field for error in refused.value.errors] == ["day", "source"]


async def test_the_library_no_longer_tells_what_it_learnt() -> None:
    found = await find_notes(LibrarySearch())
    assert found.total == 0
    assert GROUND == "dissolved-group"
