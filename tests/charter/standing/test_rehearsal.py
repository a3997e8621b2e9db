"""Who would change under other rules, before they bite; and nothing is written."""

from uuid import UUID

import pytest

from charter.framework.in_force import PacksInForce
from charter.framework.pack import build_pack
from charter.history.queries import PAGE, events_after, histories
from charter.standing.lessons import untaught
from charter.standing.rehearsal import Change, NotFoldable, compare, rehearse
from tests.charter import acting
from tests.charter.framework.packs import a_stricter_pack, with_change
from tests.charter.standing.story import ORGANISATION, Story
from tests.world import World, the_pack

PACKS = PacksInForce(the_pack())


def test_a_stricter_ladder_changes_who_is_late_enough_and_nobody_else() -> None:
    late = Story().overdue(85)
    found = compare(ORGANISATION, late.events, PACKS, a_stricter_pack(), late.at)
    assert found == [
        Change(ORGANISATION, "standing", "overdue", "suspended"),
        Change(ORGANISATION, "level", "signatory", None),
    ]
    early = Story().overdue(40)
    assert compare(ORGANISATION, early.events, PACKS, a_stricter_pack(), early.at) == []


def test_a_kind_of_obligation_that_is_gone_is_named() -> None:
    story = Story().planned().owes("re-plan")
    gone = build_pack(with_change("obligations.toml", 'kind = "re-plan"', 'kind = "re-planning"'))
    found = compare(ORGANISATION, story.events, PACKS, gone, story.at)
    assert found == [NotFoldable(ORGANISATION, "re-plan")]


@pytest.mark.usefixtures("database")
async def test_every_public_history_is_folded_and_nothing_is_written() -> None:
    world = World()
    organisation = await acting.published(world)
    before = len(await events_after(0, limit=1_000))
    strict = build_pack(
        with_change("rules.toml", "secondary_types_most = 4", "secondary_types_most = 3")
    )

    found = [each async for each in rehearse(PACKS, strict, at=world.scheme.now())]

    assert found == []
    assert len(await events_after(0, limit=1_000)) == before
    read = [each async for each in histories(untaught(), recorded_by=world.scheme.now())]
    assert [body for body, _ in read] == [organisation]
    assert PAGE > 1
    assert isinstance(read[0][0], UUID)
