"""What holds of the standing for every history, sensible or not.

Each property is a function of a history and a dial (three numbers that choose instants and
details). All are tried on some hundred histories each, and on 20,000 in a full run.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from charter.clock import local_day
from charter.framework.in_force import PacksInForce
from charter.history.events import RecordedEvent
from charter.standing.assessment import Assessment, answer_of, assess
from charter.standing.lessons import learn
from charter.standing.memory import Walks
from charter.standing.rules import ROWS, Moment, Move, count_missed_cycles, first_row
from charter.standing.walk import Walk, walk
from charter.standing.words import DOWNWARDS, Level, Standing
from tests.charter.lives.promises import each_type_has_a_confirmed_pledge_of_its_own
from tests.charter.standing.histories import HISTORIES
from tests.charter.standing.story import ORGANISATION, Story
from tests.world import START, the_pack

PACK = the_pack()
PACKS = PacksInForce(PACK)
MOST_WORDS = 30
"""Words of the public sentence, at most (rule 30)."""

A_DAY = timedelta(days=1)
AN_INSTANT = timedelta(microseconds=1)

Dial = tuple[int, int, int]
Property = Callable[[Story, Dial], None]

PROPERTIES: list[Property] = []

DIALS = st.tuples(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999))

DEPTH = {
    Standing.PLAN_DUE: 0,
    Standing.ON_TRACK: 0,
    Standing.OVERDUE: 1,
    Standing.SUSPENDED: 2,
    Standing.NOT_REPORTING: 3,
    Standing.REMOVED: 4,
    Standing.LAPSED: 4,
    Standing.WITHDRAWN: 4,
}
"""How far down a standing is."""


def holds_always(check: Property) -> Property:
    PROPERTIES.append(check)
    return check


def some_instant(story: Story, dial: int) -> datetime:
    """Return an instant from just before the first event to two years after the last."""
    whole = story.at - START + timedelta(days=730)
    return START - A_DAY + (whole + A_DAY) * (dial / 999)


def until_next_event(story: Story, at: datetime, answer: Assessment) -> datetime:
    """Return the first instant after `at` at which the answer may differ."""
    coming = [event.recorded_at for event in story.events if event.recorded_at > at]
    ends = [at + timedelta(days=5_000), *coming[:1]]
    return min([*ends, answer.holds_until] if answer.holds_until is not None else ends)


def depth(events: Iterable[RecordedEvent], at: datetime) -> int:
    answer = assess(events, at, PACK)
    return 0 if answer is None else DEPTH[answer.standing]


def says(answer: Assessment | None) -> Assessment | None:
    """Return an answer apart from the instant it was asked for and the last event behind it."""
    return None if answer is None else replace(answer, at=START, last_event=0, holds_until=None)


def opened(story: Story) -> list[int]:
    """Return the numbers of all obligations ever opened."""
    return [event.data["obligation"] for event in story.events if event.kind == "obligation-opened"]


def happening(kind: str, number: int, at: datetime, **facts: Any) -> RecordedEvent:
    data = {"obligation": number, "what": "It", **facts}
    return RecordedEvent(9_000 + number, kind, ORGANISATION, at, at, "system", data)


@holds_always
def only_moves_of_the_table_occur(story: Story, dial: Dial) -> None:
    table = {(row.number, origin, row.to) for row in ROWS for origin in row.origins}
    steps = walk(story.events, some_instant(story, dial[0]), PACK)
    steps.pass_time(some_instant(story, dial[0]))
    before: Standing | None = None
    for move in steps.moves:
        assert (move.row, move.origin, move.to) in table
        assert move.origin == before
        before = move.to
    assert [move.at for move in steps.moves] == sorted(move.at for move in steps.moves)
    assert steps.known.standing == before


@holds_always
def rows_that_apply_together_are_ordered_by_the_table(story: Story, dial: Dial) -> None:
    """Leaving comes before all else, a plan before its lapse, a return before a further fall."""
    if not story.events:
        return
    event = story.events[dial[0] % len(story.events)]
    steps = walk(story.events[: story.events.index(event)], event.recorded_at, PACK)
    steps.pass_time(event.recorded_at)
    learn(steps.known, event)
    moment = Moment(steps.known, event.recorded_at, local_day(event.recorded_at, PACK.zone))
    count_missed_cycles(moment)
    applying = [
        row for row in ROWS if moment.known.standing in row.origins and row.test(moment) is not None
    ]
    numbers = [row.number for row in applying if row.number != 11]
    assert numbers in ([], *([row.number] for row in ROWS), [2, 3], [9, 10], [7, 10], [10, 10])
    found = first_row(moment)
    assert (found and found[0]) == (applying[0] if applying else None)


@holds_always
def every_later_day_is_as_far_down_or_further(story: Story, dial: Dial) -> None:
    """More days late on the same facts never lead further up."""
    at = some_instant(story, dial[0])
    down = [
        settled_on(story.events, at, days, list(Standing)[dial[1] % len(Standing)])
        for days in (-200, -60, 0, 1, 45, 90, 180, 400)
    ]
    assert down == sorted(down)


def settled_on(events: Sequence[RecordedEvent], at: datetime, days: int, origin: Standing) -> int:
    """Return how far down the table leads from `origin`, were today so many days later."""
    known = walk(events, at, PACK).known
    known.standing, known.since = origin, known.since or START
    moment = Moment(known, at, local_day(at, PACK.zone) + timedelta(days=days))
    count_missed_cycles(moment)
    while (found := first_row(moment)) is not None:
        known.standing, known.since = found[0].to, at
    return DEPTH[known.standing]


@holds_always
def time_alone_never_raises_a_standing(story: Story, dial: Dial) -> None:
    instants = sorted(story.at + timedelta(hours=hours * 11) for hours in dial)
    answers = [assess(story.events, at, PACK) for at in instants]
    down = [DEPTH[answer.standing] for answer in answers if answer]
    late = [answer.days_late for answer in answers if answer]
    assert down == sorted(down)
    assert late == sorted(late)


@holds_always
def pausing_never_raises_n(story: Story, dial: Dial) -> None:
    numbers = opened(story)
    if not numbers:
        return
    number = numbers[dial[0] % len(numbers)]
    place = 1 + dial[1] % len(story.events)
    at = story.events[place - 1].recorded_at
    pause = happening("clock-paused", number, at, why="hub-late", paused_by="hub")
    paused = [*story.events[:place], pause, *story.events[place:]]
    later = at + (story.at - at + timedelta(days=400)) * (dial[2] / 999)
    today = local_day(later, PACK.zone)
    plain, still = walk(story.events, later, PACK).known, walk(paused, later, PACK).known
    assert set(still.owed) == set(plain.owed)
    assert all(
        still.owed[each].days_late(today) <= plain.owed[each].days_late(today)
        for each in plain.owed
    )


@holds_always
def meeting_what_is_owed_never_lowers_a_standing(story: Story, dial: Dial) -> None:
    for number in opened(story) or [99]:
        met = happening("obligation-met", number, story.at)
        for wait in (timedelta(), timedelta(hours=dial[0] * 11)):
            now = story.at + wait
            assert depth([*story.events, met], now) <= depth(story.events, now)


@holds_always
def two_orders_of_one_instants_facts_give_one_answer(story: Story, dial: Dial) -> None:
    """Facts about different obligations, recorded at one instant, in whichever order."""
    facts = [happens_to(story, number, dial[0] + number * 7) for number in opened(story)]
    turn = dial[1] % len(facts) if facts else 0
    orders = (facts, facts[::-1], facts[turn:] + facts[:turn])
    for at in (story.at, story.at + timedelta(hours=dial[2] * 11)):
        first, *others = (assess([*story.events, *order], at, PACK) for order in orders)
        assert all(answers_alike(first, other) for other in others)


def answers_alike(one: Assessment | None, other: Assessment | None) -> bool:
    """Whether two answers agree in all but the order in which reasons and moves came about."""
    if one is None or other is None:
        return one is other
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("standing", "level", "results", "days_late", "types", "holds_until")
    ) and set(one.flags) == set(other.flags)


def happens_to(story: Story, number: int, dial: int) -> RecordedEvent:
    """Choose what happens to one obligation at the last instant of a story."""
    due_on = next(
        event.data["due_on"]
        for event in reversed(story.events)
        if event.kind in {"obligation-opened", "due-date-moved"}
        and event.data["obligation"] == number
    )
    step = PACK.ladder("long").steps[dial % 11].name
    notice = {"due_on": due_on, "step": 0, "name": step}
    moved = (date.fromisoformat(due_on) + timedelta(days=1 + dial % 60)).isoformat()
    kind, facts = (
        ("obligation-met", {}),
        ("obligation-waived", {"why": "flood"}),
        ("due-date-moved", {"due_on": moved, "was": due_on, "why": "outage"}),
        ("clock-paused", {"why": "hub-late", "paused_by": "hub"}),
        ("clock-resumed", {"why": "hub-late"}),
        ("notice-sent", {**notice, "roles": ["lead"]}),
        ("notice-accepted", notice),
        ("notice-bounced", notice),
    )[dial % 8]
    return happening(kind, number, story.at, **facts)


@holds_always
def an_answer_holds_until_it_says(story: Story, dial: Dial) -> None:
    at = some_instant(story, dial[0])
    answer = assess(story.events, at, PACK)
    if answer is None:
        return
    assert answer.holds_until is None or answer.holds_until > at
    end = until_next_event(story, at, answer)
    for later in (at + (end - at) * (dial[1] / 1_000), end - AN_INSTANT):
        assert says(assess(story.events, later, PACK)) == says(answer)


@holds_always
def an_answer_never_depends_on_what_is_recorded_later(story: Story, dial: Dial) -> None:
    at = some_instant(story, dial[0])
    by_then = [event for event in story.events if event.recorded_at <= at]
    assert assess(by_then, at, PACK) == assess(story.events, at, PACK)


@holds_always
def a_walk_taken_up_again_ends_as_a_walk_from_the_start(story: Story, dial: Dial) -> None:
    """Keep a walk between transactions, asked in between, as the ledger does."""
    walks, place = Walks(), dial[0] % (len(story.events) + 1)
    first, second = story.events[:place], story.events[place:]
    half = walks.borrow(ORGANISATION, PACKS)
    take(half, first)
    if second and first:
        wait = second[0].recorded_at - first[-1].recorded_at
        answer_of(half, first[-1].recorded_at + wait * (dial[1] / 999))
    walks.bring_back(ORGANISATION, half)
    whole = walks.borrow(ORGANISATION, PACKS)
    assert whole is half
    take(whole, second)
    at = story.at + timedelta(hours=dial[2])
    assert answer_of(whole, at) == assess(story.events, at, PACK)


def take(steps: Walk, events: Iterable[RecordedEvent]) -> None:
    for event in events:
        steps.learn(event)


@holds_always
def nobody_falls_before_the_warning_was_served(story: Story, dial: Dial) -> None:
    """Reckoned anew from the events, without the rules (rule 31)."""
    at = some_instant(story, dial[0])
    steps = walk(story.events, at, PACK)
    steps.pass_time(at)
    for move in steps.moves:
        if move.to in DOWNWARDS and move.row not in {9, 11}:
            assert move.cause.events
            assert all(was_warned(story, move, event) for event in move.cause.events)


NEEDED: dict[Standing, tuple[tuple[str, ...], int, int]] = {
    Standing.LAPSED: (("remind-7", "remind-1"), 0, 1),
    Standing.SUSPENDED: (("formal-notice", "last-call"), 7, 90),
    Standing.NOT_REPORTING: (("not-reporting",), 0, 150),
}
"""Steps that must have been served, days passed since, and n at the least."""

REMINDERS = ("remind-60", "remind-30", "remind-7", "remind-1", "late")


def was_warned(story: Story, move: Move, event: int) -> bool:
    """Whether the warning was served by the move; of its own instant, by some of the events."""
    at_most = [each for each in story.events if each.recorded_at <= move.at]
    before = sum(each.recorded_at < move.at for each in at_most)
    number = story.events[event - 1].data["obligation"]
    return any(
        was_warned_by(at_most[:count], move, number) for count in range(before, len(at_most) + 1)
    )


def was_warned_by(told: Sequence[RecordedEvent], move: Move, number: int) -> bool:
    if move.to is Standing.OVERDUE:
        return any(was_served(told, number, step, move.at) for step in REMINDERS)
    if move.to is Standing.REMOVED:
        by_cycles = "reflections" in move.cause.text
        assert move.days_late >= 365 or by_cycles
        return was_served(told, number, "suspended" if by_cycles else "removed", move.at)
    steps, grace, least = NEEDED[move.to]
    assert move.days_late >= least
    return all(was_served(told, number, step, move.at - timedelta(days=grace)) for step in steps)


def was_served(told: Sequence[RecordedEvent], number: int, step: str, at: datetime) -> bool:
    dates = [
        event.data["due_on"]
        for event in told
        if event.kind in {"obligation-opened", "due-date-moved"}
        and event.data["obligation"] == number
    ]
    about = [
        event
        for event in told
        if event.data.get("obligation") == number
        and event.data.get("name") == step
        and event.data["due_on"] == dates[-1]
    ]
    lasts = {
        "notice-sent": timedelta(days=10),
        "notice-accepted": timedelta(hours=24),
        "notice-bounced": timedelta(),
    }
    return any(event.recorded_at + lasts[event.kind] <= at for event in about)


@holds_always
def a_level_falls_one_step_at_a_time_unless_a_type_lost_its_last_pledge(
    story: Story, dial: Dial
) -> None:
    """Asked after every event and on many days in between (rules 6 and 30).

    Where it rises, no pledge counts twice, and none that nobody confirmed (rules 7 and 11).
    """
    steps, before = Walk(PACK), None
    for place, event in enumerate([*story.events, None], start=1):
        end = event.recorded_at if event is not None else story.at + timedelta(days=800)
        if event is not None:
            before = assert_one_step(steps, before, end)
            steps.learn(event)
            settled = answer_of(steps, end)
            level = settled.level if settled is not None else None
            if rose_to_committed(before, level):
                each_type_has_a_confirmed_pledge_of_its_own(
                    story.events[:place], local_day(end, PACK.zone)
                )
            before = level
        else:
            for days in range(0, 800, 1 + dial[0] % 90):
                before = assert_one_step(steps, before, story.at + timedelta(days=days))


def rose_to_committed(before: Level | None, after: Level | None) -> bool:
    """Whether a level rose, or is shown again, and rests on a plan that was confirmed."""
    levels = [None, *Level]
    return levels.index(after) > max(levels.index(before), levels.index(Level.SIGNATORY))


def assert_one_step(steps: Walk, before: Level | None, at: datetime) -> Level | None:
    """Let time pass: the level falls by one, or to the lowest, or is no longer shown."""
    answer = answer_of(steps, at)
    if answer is None or answer.level is None:
        return None
    levels = list(Level)
    if before is not None:
        fell = levels.index(before) - levels.index(answer.level)
        pledgeless = any(reason.rule == 6 for reason in answer.reasons)
        assert fell in {0, 1} or (fell > 0 and answer.level is Level.SIGNATORY and pledgeless)
    return answer.level


@holds_always
def nothing_promised_goes_out_of_sight_and_no_date_moves_by_itself(
    story: Story, dial: Dial
) -> None:
    """Look twice: a pledge once shown stays shown, and each date is as the last event says."""
    first, second = sorted(some_instant(story, turn) for turn in dial[:2])
    before, after = assess(story.events, first, PACK), assess(story.events, second, PACK)
    if before is not None and after is not None:
        assert before.pledge_results.keys() <= after.pledge_results.keys()
    by_then = [event for event in story.events if event.recorded_at <= second]
    dates = {
        event.data["obligation"]: event.data["due_on"]
        for event in by_then
        if event.kind in {"obligation-opened", "due-date-moved"}
    }
    for number, owed in walk(by_then, second, PACK).known.owed.items():
        assert owed.due_on.isoformat() == dates[number]


@holds_always
def every_answer_is_whole(story: Story, dial: Dial) -> None:
    """Thirty words, five types, one result for each pledge, and nothing before both proofs."""
    for turn in dial:
        answer = assess(story.events, some_instant(story, turn), PACK)
        if answer is None:
            continue
        assert len(answer.sentence.split()) <= MOST_WORDS
        assert [row.type for row in answer.types] == list(PACK.type_ids)
        counted = answer.results
        assert counted.promised + counted.withdrawn == len(answer.pledge_results)
        assert answer.days_late >= 0
        assert answer.reasons
        assert (answer.level is None) == (DEPTH[answer.standing] >= DEPTH[Standing.SUSPENDED])


BEARABLE = (HealthCheck.too_slow, HealthCheck.filter_too_much)


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda check: check.__name__)
@given(story=HISTORIES, dial=DIALS)
@settings(max_examples=200, deadline=None, suppress_health_check=BEARABLE)
def test_holds_of_every_history(holds: Property, story: Story, dial: Dial) -> None:
    holds(story, dial)


@pytest.mark.full
@pytest.mark.timeout(3_000)
@given(story=HISTORIES, dial=DIALS)
@settings(max_examples=20_000, deadline=None, suppress_health_check=BEARABLE)
def test_all_properties_hold_of_twenty_thousand_histories(story: Story, dial: Dial) -> None:
    for holds in PROPERTIES:
        holds(story, dial)


def test_walks_of_another_pack_and_the_oldest_of_too_many_are_forgotten() -> None:
    walks = Walks()
    kept = Walk(PACK)
    walks.bring_back(ORGANISATION, kept)
    for number in range(2_000):
        walks.bring_back(UUID(int=number), Walk(PACK))
    assert walks.borrow(ORGANISATION, PACKS) is not kept
