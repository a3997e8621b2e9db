"""An auditor's own desk: pay, ties, and a break."""

from collections.abc import Callable
from uuid import UUID

from charter.organisations.tables import Organisation
from charter.reviews.pay_queries import pay_ledger
from charter.reviews.queries import auditor_of
from charter.reviews.service import record_payment
from charter.reviews.tables import Interest
from tests.registry.web.staffing import Offices, accept, seal
from tests.registry.web.visitor import Visitor


async def earned(offices: Offices, visitor: Visitor) -> tuple[UUID, UUID]:
    """Have an auditor earn a case's pay; return their account and the line of the ledger."""
    await offices.stage.report()
    await offices.stage.draw()
    seat = (await offices.stage.seats())[0]
    address = await offices.enter_seat(visitor, seat)
    await accept(visitor, address)
    await seal(visitor, address, "accepted", "It is all there.")
    account = offices.auditors[seat.auditor]
    [line] = await pay_ledger(offices.registry.scheme, account)
    return account, line.entry


async def test_the_payee_confirms_that_a_payment_arrived(
    offices: Offices, visitor: Visitor
) -> None:
    account, entry = await earned(offices, visitor)
    assert "Not paid yet" in (await visitor.get("/reviews/pay")).text
    await record_payment(offices.registry.scheme, entry=entry, kind="fee")

    await visitor.fill("/reviews/pay", {"answer": "confirm"}, at=f"/reviews/pay/{entry}")

    [line] = await pay_ledger(offices.registry.scheme, account)
    assert line.state == "confirmed"


async def test_a_payment_that_did_not_arrive_is_owed_again(
    offices: Offices, visitor: Visitor
) -> None:
    account, entry = await earned(offices, visitor)
    await record_payment(offices.registry.scheme, entry=entry, kind="fee")

    await visitor.fill("/reviews/pay", {"answer": "dispute"}, at=f"/reviews/pay/{entry}")

    [line] = await pay_ledger(offices.registry.scheme, account)
    assert line.state == "due"


async def test_nobody_answers_for_another_payee(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    account, entry = await earned(offices, new_visitor())
    stranger = new_visitor()
    other = next(each for each in offices.auditors.values() if each != account)
    await offices.enter(stranger, other)

    answer = await stranger.fill(
        "/reviews/break", {"answer": "decline"}, at=f"/reviews/pay/{entry}"
    )

    assert answer.status_code == 404
    [line] = await pay_ledger(offices.registry.scheme, account)
    assert line.state == "due"


async def test_an_auditor_rests_and_comes_back(offices: Offices, visitor: Visitor) -> None:
    account = next(iter(offices.auditors.values()))
    await offices.enter(visitor, account)

    await visitor.fill("/reviews/break", {"rest": "month"})
    assert "You are on a break until 4 February 2026" in (await visitor.get("/reviews")).text

    await visitor.fill("/reviews/break", {"rest": "back"})
    auditor = await auditor_of(offices.registry.scheme, account)
    assert auditor is not None
    assert auditor.resting_until is None


async def test_a_tie_is_declared_before_anything_is_offered(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.enter(visitor, next(iter(offices.auditors.values())))
    await offices.stage.report()
    typed = {"organisation": "Harbour Lights Theatre", "tie": "member"}

    unknown = await visitor.fill("/reviews/ties", typed | {"organisation": "Nobody & Sons"})

    assert unknown.status_code == 422
    assert await Interest.count() == 0
    await Organisation.update({Organisation.state: "accepted"}, force=True)
    await visitor.fill("/reviews/ties", typed)
    assert await Interest.count() == 1
    assert "counts until 5 January 2029" in (await visitor.get("/reviews/ties")).text
