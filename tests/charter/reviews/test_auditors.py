"""Community auditors: one for each account, ties declared, rest taken, and leaving."""

import pytest

from charter.errors import InvalidInput, NotFound
from charter.reviews.auditors import end_auditor
from charter.reviews.hub import auditors_wait
from charter.reviews.pay_queries import pay_ledger
from charter.reviews.queries import read_case
from charter.reviews.service import (
    accept_seat,
    declare_interest,
    decline_seat,
    hand_back_seat,
    register_auditor,
    rest_auditor,
    seal_verdict,
)
from charter.reviews.tables import Auditor, Interest, Seat
from tests.charter.reviews.stage import NOBODY, Stage, account

pytestmark = pytest.mark.usefixtures("database")


async def test_the_same_account_is_one_auditor() -> None:
    stage = await Stage().set(auditors=1)

    again = await register_auditor(
        stage.world.scheme, account=account(0), employer_domain="Library.Example."
    )

    assert [again] == stage.auditors
    assert await Auditor.count() == 1


async def test_a_tie_that_does_not_count_and_an_auditor_nobody_knows_are_refused() -> None:
    stage = await Stage().set(auditors=1)
    scheme, organisation = stage.world.scheme, stage.organisation
    with pytest.raises(InvalidInput):
        await declare_interest(
            scheme, auditor=stage.auditors[0], organisation=organisation, tie="neighbour"
        )
    with pytest.raises(NotFound):
        await declare_interest(scheme, auditor=NOBODY, organisation=organisation, tie="money")
    with pytest.raises(NotFound):
        await rest_auditor(scheme, auditor=NOBODY, until=None)
    assert await Interest.count() == 0


async def test_who_leaves_gives_up_every_open_seat_and_keeps_their_pay() -> None:
    stage = await Stage().set(auditors=2)
    await stage.report()
    await stage.draw()
    first, second = await stage.accept_all()

    await end_auditor(stage.world.scheme, auditor=first.auditor)
    await end_auditor(stage.world.scheme, auditor=first.auditor)

    assert [seat.id for seat in await stage.seats()] == [second.id]
    assert await pay_ledger(stage.world.scheme, account(99)) == ()
    with pytest.raises(NotFound):
        await read_case(stage.world.scheme, first.id)


async def test_a_seat_can_be_accepted_once_or_twice_with_one_effect() -> None:
    stage = await Stage().set()
    await stage.report()
    await stage.draw()
    seat = (await stage.seats())[0]

    for _ in range(2):
        await accept_seat(stage.world.scheme, seat=seat.id)

    row = await Seat.objects().where(Seat.id == seat.id).first()
    assert row is not None
    assert row.state == "accepted"
    for _ in range(2):
        await hand_back_seat(stage.world.scheme, seat=seat.id)
    for use_case in (accept_seat, decline_seat):
        with pytest.raises(NotFound):
            await use_case(stage.world.scheme, seat=NOBODY)
    with pytest.raises(NotFound):
        await seal_verdict(stage.world.scheme, seat=NOBODY, verdict="yes", reasons="None.")


async def test_all_that_is_public_of_waiting_is_a_count_and_the_oldest_wait_in_weeks() -> None:
    stage = await Stage().set()
    assert (await auditors_wait(stage.world.scheme)).oldest_weeks is None
    await stage.report()
    stage.world.pass_days(15)

    wait = await auditors_wait(stage.world.scheme)

    assert (wait.waiting, wait.oldest_weeks) == (1, 2)
