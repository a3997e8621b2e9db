"""Rule 20: the sealed list opens to the inspector, in public, and shows that the draw was true."""

import pytest

from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.reviews.service import declare_interest, open_sealed_lists
from charter.reviews.tables import SealedList, Seat
from tests.charter.reviews.stage import Stage, account

pytestmark = pytest.mark.usefixtures("database")


async def drawn() -> Stage:
    stage = await Stage().set(auditors=6)
    await stage.report()
    await stage.draw()
    return stage


async def test_rule_20_an_opened_list_repeats_the_draw_and_the_opening_is_public() -> None:
    stage = await drawn()

    [opened] = await open_sealed_lists(stage.world.scheme, case=1, why="yearly-check")

    assert opened.is_true
    seated = {seat.auditor for seat in await Seat.objects()}
    assert {opened.auditors[place] for place in opened.positions} == seated
    assert opened.passed_over == ()
    [event] = [e for e in await events_of(stage.organisation) if e.kind == "sealed-list-opened"]
    assert (event.data, event.by) == ({"case": 1, "why": "yearly-check"}, "inspector")
    assert not any(str(account(number)) in repr(opened) for number in range(6))


async def test_a_list_or_a_draw_that_was_tampered_with_is_told() -> None:
    stage = await drawn()
    [row] = await SealedList.objects()
    turned = list(reversed(row.auditors))
    await SealedList.update({SealedList.auditors: turned}, force=True)
    [opened] = await open_sealed_lists(stage.world.scheme, case=1, why="by-lot")
    assert not opened.is_true

    await SealedList.update(
        {SealedList.auditors: row.auditors, SealedList.positions: row.positions[::-1]}, force=True
    )
    [opened] = await open_sealed_lists(stage.world.scheme, case=1, why="by-lot")
    assert not opened.is_true


async def test_whoever_was_passed_over_for_a_tie_is_shown_to_the_inspector() -> None:
    stage = await Stage().set(auditors=5)
    await stage.report()
    await stage.draw()
    first = (await stage.seats())[0]
    await declare_interest(
        stage.world.scheme, auditor=first.auditor, organisation=stage.organisation, tie="family"
    )
    await stage.draw()

    lists = await open_sealed_lists(stage.world.scheme, case=1, why="after-a-complaint")

    assert [opened.is_true for opened in lists] == [True, True]


async def test_nothing_opens_without_a_draw_or_a_reason() -> None:
    stage = await Stage().set()
    await stage.report()
    with pytest.raises(NotFound):
        await open_sealed_lists(stage.world.scheme, case=1, why="by-lot")
    with pytest.raises(NotFound):
        await open_sealed_lists(stage.world.scheme, case=9, why="by-lot")
    with pytest.raises(InvalidInput):
        await open_sealed_lists(stage.world.scheme, case=1, why="curious")
