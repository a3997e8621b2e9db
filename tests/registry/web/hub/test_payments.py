"""From work done to pay confirmed, with an identity opened for a reason on the way."""

from collections.abc import Callable

from charter.reviews.pay_queries import pay_ledger
from registry.accounts.tables import SecurityEvent
from tests.registry.web.staffing import Offices, accept, seal
from tests.registry.web.visitor import Visitor


async def test_work_is_paid_and_the_payee_confirms_it(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    await offices.stage.report()
    await offices.stage.draw()
    seat = (await offices.stage.seats())[0]
    auditor, officer = new_visitor(), new_visitor()
    address = await offices.enter_seat(auditor, seat)
    await accept(auditor, address)
    await seal(auditor, address, "accepted", "It is all there.")
    account = offices.auditors[seat.auditor]
    [line] = await pay_ledger(offices.registry.scheme, account)
    me = await offices.appoint(officer, "payment@hub.example", "payment")
    place = f"/hub/payments/{line.entry}"

    before = (await officer.get("/hub/payments")).text + (await officer.get(place)).text
    assert "panel.example" not in before
    no_reason = await officer.fill(place, {}, at=f"{place}/payee")
    assert no_reason.status_code == 422
    assert "panel.example" not in no_reason.text
    opened = await officer.fill(place, {"why": "to-pay-them"}, at=f"{place}/payee")
    assert "canary-" in opened.text
    [logged] = await SecurityEvent.objects().where(SecurityEvent.kind == "identity-opened")
    assert logged.account == me
    assert logged.detail.endswith("to-pay-them")
    assert "panel.example" not in (await officer.get(place)).text

    await officer.fill(place, {"kind": "fee"})
    assert "Everybody has been paid" in (await officer.get("/hub/payments")).text
    await auditor.fill("/reviews/pay", {"answer": "confirm"}, at=f"/reviews/pay/{line.entry}")

    [line] = await pay_ledger(offices.registry.scheme, account)
    assert line.state == "confirmed"


async def test_only_payment_officers_pay(offices: Offices, visitor: Visitor) -> None:
    await offices.appoint(visitor, "busy@hub.example", "steward", "auditor-care", "administrator")

    assert (await visitor.get("/hub/payments")).status_code == 404
    assert "Payments" not in (await visitor.get("/hub")).text
