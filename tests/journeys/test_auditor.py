"""A community auditor is drawn for a case, accepts it, reads the evidence and seals a verdict."""

from uuid import UUID

from charter.reviews.service import (
    confirm_payment,
    draw_panel,
    end_auditor,
    record_payment,
    register_auditor,
    seal_eligible_list,
)
from charter.reviews.tables import Auditor, Case, PayEntry, Seat
from registry.accounts.roles import grant_role
from registry.accounts.service import account_for
from tests.journeys.acting import Past
from tests.journeys.people import Person


async def test_an_auditor_accepts_a_case_and_seals_a_verdict(person: Person, past: Past) -> None:
    member = await past.reported("Rainhill Biscuit Works")
    seat, email = await offered_seat(past, member.id)
    await person.sign_in(email, going_to="/reviews")
    await person.follow("Read what it is about")
    await person.fill({"tie": "none"})
    await person.press("Accept the case")
    assert await person.reads("Nobody joined from the night shift.")
    await person.press("Check your answers")
    assert await person.reads("There is a problem")
    reasons = "The note names six panel members by role."
    await person.fill({"answers-0-verdict": "accepted", "answers-0-reasons": reasons})
    await person.press("Check your answers")
    assert await person.heading() == "Check your answers"
    await person.press("Seal your answers")
    assert await person.reads("You have sealed your answers.")
    row = await Seat.objects().get(Seat.id == seat)
    assert row is not None
    assert row.state == "decided"
    for place in ("", "/pay", "/ties", "/break"):
        await person.go(f"/reviews{place}")


async def offered_seat(past: Past, organisation: UUID) -> tuple[UUID, str]:
    """Draw a panel for a report; return a seat and where its holder is written to."""
    scheme = past.world.scheme
    emails: dict[UUID, str] = {}
    for number in range(1, 7):
        email = f"auditor-{number}@panel.example"
        account = await account_for(past.desk, email=email)
        await grant_role(past.desk, account=account, role="auditor")
        emails[await register_auditor(scheme, account=account)] = email
    await everyone_before_is_paid_and_gone(past, list(emails))
    case = await Case.objects().get(Case.organisation == organisation)
    assert case is not None
    await seal_eligible_list(scheme, case=case.id)
    seat, *_ = await draw_panel(scheme, case=case.id, seed=b"the root of a later checkpoint")
    row = await Seat.objects().get(Seat.id == seat)
    assert row is not None
    return seat, emails[row.auditor]


async def everyone_before_is_paid_and_gone(past: Past, here: list[UUID]) -> None:
    """Pay what earlier auditors are owed, without which no panel is drawn, and let them go."""
    scheme = past.world.scheme
    owed = await PayEntry.objects().where((PayEntry.payer == "hub") & PayEntry.paid_at.is_null())
    for entry in owed:
        await record_payment(scheme, entry=entry.id, kind="fee")
        await confirm_payment(scheme, entry=entry.id)
    for auditor in await Auditor.objects().where(Auditor.id.not_in(here)):
        await end_auditor(scheme, auditor=auditor.id)
