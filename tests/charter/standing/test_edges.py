"""Every edge of the table is walked by a story, and every other pair of standings by none."""

from collections.abc import Callable
from functools import partial
from itertools import product

import pytest

from charter.standing.rules import ROWS
from charter.standing.words import Standing
from tests.charter.standing.story import Story

Edge = tuple[int, str | None, str]

_S = Standing


def _lapsed() -> Story:
    story = Story().signed().owes("plan", due_in=90).wait(89)
    return story.warned("remind-7", "remind-1").wait(3)


def _accepted_and_signed_again(story: Story) -> Story:
    return story.wait(1).about("obligation-met").wait(1).signed_again()


def _with_something_else_late(story: Story) -> Story:
    story.owes("reflection", number=8, due_in=5).warned("remind-1", number=8).wait(10)
    return _accepted_and_signed_again(story)


def _two_cycles_missed() -> Story:
    story = Story().overdue(100, kind="reflection").owes("reflection", number=8, due_in=10)
    story.wait(101).warned("suspended").warned("suspended", number=8)
    return story.wait(1)


STANDING_AT: dict[Standing, Callable[[], Story]] = {
    _S.PLAN_DUE: lambda: Story().signed(),
    _S.ON_TRACK: lambda: Story().planned(),
    _S.OVERDUE: lambda: Story().overdue(),
    _S.SUSPENDED: lambda: Story().suspended(),
    _S.NOT_REPORTING: lambda: Story().not_reporting(),
    _S.LAPSED: _lapsed,
    _S.REMOVED: lambda: Story().removed(),
    _S.WITHDRAWN: lambda: Story().planned().tell("withdrew-from-charter"),
}
"""A story for each standing."""


def _left(origin: Standing) -> Story:
    return STANDING_AT[origin]().tell("withdrew-from-charter")


def _signed_anew(origin: Standing) -> Story:
    """Sign again when what was open is no longer owed."""
    story = STANDING_AT[origin]().wait(200)
    return story.about("obligation-closed", why="new-spell").signed(spell=2)


WALKED: dict[Edge, Callable[[], Story]] = {
    (1, None, "plan-due"): STANDING_AT[_S.PLAN_DUE],
    (2, "plan-due", "on-track"): STANDING_AT[_S.ON_TRACK],
    (3, "plan-due", "lapsed"): STANDING_AT[_S.LAPSED],
    (4, "on-track", "overdue"): STANDING_AT[_S.OVERDUE],
    (5, "overdue", "on-track"): lambda: Story().overdue().about("obligation-met"),
    (6, "overdue", "suspended"): STANDING_AT[_S.SUSPENDED],
    (7, "suspended", "not-reporting"): STANDING_AT[_S.NOT_REPORTING],
    (9, "suspended", "on-track"): lambda: _accepted_and_signed_again(Story().suspended()),
    (9, "not-reporting", "on-track"): lambda: _accepted_and_signed_again(Story().not_reporting()),
    (9, "suspended", "overdue"): lambda: _with_something_else_late(Story().suspended()),
    (9, "not-reporting", "overdue"): lambda: _with_something_else_late(Story().not_reporting()),
    (10, "suspended", "removed"): _two_cycles_missed,
    (10, "not-reporting", "removed"): STANDING_AT[_S.REMOVED],
    **{
        (11, origin, "withdrawn"): partial(_left, origin)
        for origin in (_S.PLAN_DUE, _S.ON_TRACK, _S.OVERDUE, _S.SUSPENDED, _S.NOT_REPORTING)
    },
    (12, "lapsed", "plan-due"): partial(_signed_anew, _S.LAPSED),
    (12, "withdrawn", "plan-due"): partial(_signed_anew, _S.WITHDRAWN),
    (13, "removed", "plan-due"): partial(_signed_anew, _S.REMOVED),
}
"""A story whose last move is the edge."""


@pytest.mark.parametrize("edge", WALKED, ids=lambda edge: "-".join(map(str, edge)))
def test_an_edge_of_the_table_can_be_walked(edge: Edge) -> None:
    last = WALKED[edge]().answer().moves[-1]
    assert (last.row, last.origin, last.to) == edge


def test_every_edge_of_the_table_is_walked_and_no_other() -> None:
    assert set(WALKED) == {(row.number, origin, row.to) for row in ROWS for origin in row.origins}


ALLOWED = {(origin, row.to) for row in ROWS for origin in row.origins}
REFUSED = [pair for pair in product((None, *Standing), Standing) if pair not in ALLOWED]


@pytest.mark.parametrize("pair", REFUSED, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def test_no_act_and_no_time_leads_along_any_other_pair(
    pair: tuple[Standing | None, Standing],
) -> None:
    """From each standing everything that moves is told, and years pass: the pair never comes."""
    origin, to = pair
    story = STANDING_AT[origin]() if origin is not None else Story()
    for number, kind in enumerate(("obligation-met", "plan", "sign", "owe", "years"), start=20):
        _happen(story.wait(1), kind, number)
    seen = {(move.origin, move.to) for move in story.answer().moves} if origin else set()
    assert (origin, to) not in seen


def _happen(story: Story, kind: str, number: int) -> None:
    if kind == "plan":
        story.tell("plan-published", plan=2, types=[])
    elif kind == "sign":
        story.signed_again()
    elif kind == "owe":
        story.owes(number=number, due_in=5).warned("remind-1", number=number)
    elif kind == "years":
        story.wait(800)
    else:
        story.about(kind)
