"""A past day is read by the pack that was in force then, where another has followed (rule 29)."""

from datetime import timedelta

from charter.framework.in_force import PacksInForce, TakenUp
from charter.standing.assessment import Assessment, answer_of, assess
from charter.standing.rehearsal import compare
from charter.standing.walk import Walk
from charter.standing.words import Standing
from tests.charter.framework.packs import a_stricter_pack
from tests.charter.standing.story import ORGANISATION, Story
from tests.world import the_pack


def read_with(story: Story, *later: TakenUp, days: float = 0) -> Assessment:
    """Return the answers some days after a story, by the shipped pack and those that followed."""
    found = assess(story.events, story.at + timedelta(days=days), the_pack(), later)
    assert found is not None
    return found


def stricter_from(story: Story, *, days: float = 0) -> TakenUp:
    """Take the stricter pack up some days after a story's last event."""
    return TakenUp(story.events[-1].id + 1, story.at + timedelta(days=days), a_stricter_pack())


def test_a_new_pack_decides_from_its_instant_on_and_changes_nothing_before() -> None:
    story = Story().overdue(85)
    taken = stricter_from(story, days=1)
    before, after = read_with(story, taken, days=0.5), read_with(story, taken, days=1)
    assert before == story.answer(before.at)
    assert before.standing is Standing.OVERDUE
    assert after.standing is Standing.SUSPENDED
    assert after.since == taken.at
    assert after.moves[:-1] == before.moves
    assert after.moves[-1].row == 6


def test_what_time_brings_is_reckoned_by_the_pack_in_force_then() -> None:
    story = Story().overdue(70)
    taken = stricter_from(story)
    found = read_with(story, taken, days=30)
    assert found.standing is Standing.SUSPENDED
    assert found.moves[-1].days_late == 80
    assert story.answer(found.at).moves[-1].days_late == 90


def test_a_walk_that_goes_on_is_told_of_no_pack_too_early() -> None:
    story = Story().overdue(70)
    taken = stricter_from(story, days=3)
    steps = Walk(the_pack(), (taken,))
    for event in story.events:
        steps.learn(event)
    for days in (1, 3, 12, 30):
        at = story.at + timedelta(days=days)
        assert answer_of(steps, at) == read_with(story, taken, days=days)


def test_the_pack_of_a_day_is_the_last_one_taken_up_by_then() -> None:
    story = Story().planned()
    taken = stricter_from(story)
    packs = PacksInForce(the_pack(), (taken,))
    assert packs.on(taken.at - timedelta(seconds=1)) is the_pack()
    assert packs.on(taken.at) is taken.pack


def test_a_rehearsal_goes_on_from_the_packs_that_were_in_force() -> None:
    story = Story().overdue(85)
    packs = PacksInForce(the_pack(), (stricter_from(story),))
    assert compare(ORGANISATION, story.events, packs, the_pack(), story.at) == []
    assert compare(ORGANISATION, story.events, packs, a_stricter_pack(), story.at) == []
