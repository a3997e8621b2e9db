"""A case from the offer to the seal, in the browsers of those who judge it."""

import json
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from charter.evidence.rules import NewItem
from charter.evidence.service import add_item, mark_item_safe, send_report
from charter.evidence.tables import EvidenceItem
from charter.ledger import transaction
from charter.organisations.tables import Membership
from charter.plans.tables import Pledge, PledgeVersion
from charter.reviews.pay_queries import pay_ledger
from charter.reviews.tables import Interest, Seat, SeatDraft
from registry.accounts.service import account_for
from tests.charter.reviews.stage import a_report
from tests.registry.web.staffing import Offices, accept, seal
from tests.registry.web.visitor import Visitor

REASONS = "The count of panels bears it out, CANARY-REASONS."
NOTES = "I knew one of these panels, CANARY-NOTES."


async def drawn(offices: Offices) -> list[Seat]:
    """Have a report sent and its first two seats drawn."""
    await offices.stage.report()
    await offices.stage.draw()
    return await offices.stage.seats()


async def test_two_auditors_seal_and_nobody_reads_the_other_before(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    seats = await drawn(offices)
    one, two = new_visitor(), new_visitor()
    first = await offices.enter_seat(one, seats[0])
    second = await offices.enter_seat(two, seats[1])
    await accept(one, first)
    await accept(two, second)

    await seal(one, first, "accepted", REASONS, NOTES)
    unsealed = (await two.get(second)).text + (await two.get("/reviews")).text

    assert "CANARY" not in unsealed
    await seal(two, second, "accepted", "I read the same.")
    assert (await offices.stage.the_case()).state == "decided"
    sealed = (await two.get(second)).text
    assert "CANARY-REASONS" in sealed
    assert "CANARY-NOTES" not in sealed
    assert "CANARY-NOTES" in (await one.get(first)).text


async def test_a_split_calls_a_third_seat_that_decides(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    seats = await drawn(offices)
    for seat, verdict in zip(seats, ("accepted", "not-accepted"), strict=True):
        visitor = new_visitor()
        address = await offices.enter_seat(visitor, seat)
        await accept(visitor, address)
        await seal(visitor, address, verdict, REASONS)
    case = await offices.stage.the_case()
    assert case.state == "waiting"
    early = await visitor.get(address)
    assert "can no longer be changed" in early.text

    await offices.stage.draw()
    third = (await offices.stage.seats())[-1]
    assert third.number == 3
    last = new_visitor()
    address = await offices.enter_seat(last, third)
    await accept(last, address)
    assert "CANARY" not in (await last.get(address)).text
    await seal(last, address, "more-needed", "The list of panels is missing.")

    assert (await offices.stage.the_case()).state == "decided"


async def test_a_sealed_verdict_is_changed_until_the_other_is_in(
    offices: Offices, visitor: Visitor
) -> None:
    seats = await drawn(offices)
    address = await offices.enter_seat(visitor, seats[0])
    await accept(visitor, address)
    await seal(visitor, address, "accepted", REASONS)
    assert "You can change them until the other seats are in" in (await visitor.get(address)).text

    await seal(visitor, address, "not-accepted", "I read it again.")

    assert "I read it again." in (await visitor.get(address)).text


async def test_the_offer_says_what_it_is_about_and_shows_no_evidence(
    offices: Offices, visitor: Visitor
) -> None:
    seats = await drawn(offices)
    address = await offices.enter_seat(visitor, seats[0])

    offer = await visitor.get(address)
    tasks = await visitor.get("/reviews")

    assert "About: Institutional racism." in offer.text
    assert "may touch your own life" in offer.text
    assert "12 panels" not in offer.text + tasks.text
    assert "Pays £" in tasks.text


async def test_the_promise_stands_beside_its_evidence_and_its_harm_is_named_before(
    offices: Offices, visitor: Visitor
) -> None:
    form = offices.registry.scheme.pack.region.forms[0]
    async with transaction(offices.registry.scheme) as tx:
        words = await tx.publish_words(
            "pledge",
            {
                "title": "Mixed panels",
                "promise": "Two people from the town sit on every panel.",
                "measure": "Panels with two people from the town",
                "target": "Every panel",
                "milestones": [{"number": 1, "title": "First panels", "evidence": "A count"}],
            },
            organisation=offices.stage.organisation,
        )
        pledge = await Pledge.objects().first()
        assert pledge is not None
        await PledgeVersion(
            pledge=pledge.id,
            version=1,
            terms=json.dumps({"forms": [form.id], "communities": []}),
            words=words.id,
            published_at=tx.now,
        ).save()
    seats = await drawn(offices)
    address = await offices.enter_seat(visitor, seats[0])
    assert f"It speaks of: {form.name}." in (await visitor.get(address)).text

    await accept(visitor, address)

    page = (await visitor.get(address)).text
    assert "Two people from the town sit on every panel." in page
    assert "First panels" in page
    assert "A count" in page


async def test_a_case_is_not_opened_before_the_question_about_ties_is_answered(
    offices: Offices, visitor: Visitor
) -> None:
    seats = await drawn(offices)
    address = await offices.enter_seat(visitor, seats[0])

    answer = await visitor.fill(address, {"answer": "accept"}, at=f"{address}/answer")

    assert answer.status_code == 422
    assert "Say whether you have a tie" in answer.text
    assert (await offices.stage.seats())[0].state == "offered"


async def test_a_tie_passes_the_case_to_somebody_else(offices: Offices, visitor: Visitor) -> None:
    seats = await drawn(offices)
    address = await offices.enter_seat(visitor, seats[0])

    await visitor.fill(address, {"answer": "accept", "tie": "family"}, at=f"{address}/answer")

    assert (await visitor.get(address)).status_code == 404
    assert await Interest.count().where(Interest.auditor == seats[0].auditor) == 1


async def test_declining_asks_for_no_reason(offices: Offices, visitor: Visitor) -> None:
    seats = await drawn(offices)
    address = await offices.enter_seat(visitor, seats[0])

    answer = await visitor.fill(address, {"answer": "decline"}, at=f"{address}/answer")

    assert answer.headers["location"] == "/reviews"
    assert "You declined" in (await visitor.get("/reviews")).text


async def test_a_case_handed_back_pays_the_time_given(offices: Offices, visitor: Visitor) -> None:
    seats = await drawn(offices)
    address = await offices.enter_seat(visitor, seats[0])
    await accept(visitor, address)

    await visitor.fill(address, {"answers-0-reasons": "Half a thought", "next": "save"})
    await visitor.fill(f"{address}/hand-back", {"hours": "1.5"})

    assert not await SeatDraft.exists().where(SeatDraft.seat == seats[0].id)
    [line] = await pay_ledger(offices.registry.scheme, offices.auditors[seats[0].auditor])
    assert line.hours == 1.5
    assert (await visitor.get(address)).status_code == 404


async def test_what_was_typed_is_saved_and_waits(offices: Offices, visitor: Visitor) -> None:
    seats = await drawn(offices)
    address = await offices.enter_seat(visitor, seats[0])
    await accept(visitor, address)

    half = {"answers-0-reasons": "Half a thought", "next": "save"}
    saved = await visitor.fill(address, half)

    assert saved.headers["location"] == "/reviews"
    assert "Half a thought" in (await visitor.get(address)).text
    await seal(visitor, address, "accepted", REASONS)
    assert not await SeatDraft.exists().where(SeatDraft.seat == seats[0].id)


async def test_an_answer_without_its_reason_comes_back_with_all_that_was_typed(
    offices: Offices, visitor: Visitor
) -> None:
    seats = await drawn(offices)
    address = await offices.enter_seat(visitor, seats[0])
    await accept(visitor, address)

    typed = {"answers-0-verdict": "accepted", "answers-0-notes": "kept", "next": "check"}
    page = await visitor.fill(address, typed)

    assert page.status_code == 422
    assert "Give your reasons. They are published" in page.text
    assert "kept" in page.text


NOTHING = UUID(int=0, version=4)


@pytest.mark.parametrize("place", ["", "/hand-back", f"/evidence/{NOTHING}"])
async def test_another_auditors_case_does_not_exist(
    offices: Offices, visitor: Visitor, place: str
) -> None:
    seats = await drawn(offices)
    await offices.enter_seat(visitor, seats[1])

    assert (await visitor.get(f"/reviews/cases/{seats[0].id}{place}")).status_code == 404


async def test_the_organisation_and_the_public_never_see_who_judges(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    seats = await drawn(offices)
    for seat in seats:
        visitor = new_visitor()
        address = await offices.enter_seat(visitor, seat)
        await accept(visitor, address)
        await seal(visitor, address, "accepted", REASONS, NOTES)
    sponsor = new_visitor()
    account = await account_for(offices.registry.desk, email="sponsor@harbour-lights.example")
    await Membership(
        id=uuid4(),
        organisation=offices.stage.organisation,
        account=account,
        role="sponsor",
        since=offices.clock.now(),
    ).save()
    await offices.enter(sponsor, account)

    pages = [
        await sponsor.get(path)
        for path in ("/my/harbour-lights/reviews", "/my/harbour-lights/reviews/1")
    ]
    seen = "".join(page.text for page in pages)
    for path in ("", "/history", ".json", "/history.json"):
        seen += (await new_visitor().get(f"/organisations/harbour-lights{path}")).text

    assert all(page.status_code == 200 for page in pages)
    assert "CANARY-REASONS" in pages[1].text
    assert "CANARY-NOTES" not in seen
    assert "panel.example" not in seen
    for auditor, who in offices.auditors.items():
        assert str(auditor) not in seen
        assert str(who) not in seen


async def test_a_safe_copy_is_saved_and_never_shown(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    stage, scheme = offices.stage, offices.registry.scheme
    stored = await offices.registry.files.put(b"%PDF-1.7 the checked copy")
    item = NewItem("file", "Rota", sha256=stored.digest, size=stored.size)
    made = await add_item(scheme, organisation=stage.organisation, pledge=1, milestone=1, item=item)
    await mark_item_safe(scheme, item=made, safe_sha256=stored.digest, media_type="application/pdf")
    await send_report(
        scheme, organisation=stage.organisation, pledge=1, milestone=1, report=a_report()
    )
    await stage.draw()
    seats = await stage.seats()
    mine, theirs = new_visitor(), new_visitor()
    address = await offices.enter_seat(mine, seats[0])
    await accept(mine, address)
    other = await offices.enter_seat(theirs, seats[1])

    copy = await mine.get(f"{address}/evidence/{made}")

    assert copy.content == b"%PDF-1.7 the checked copy"
    assert copy.headers["content-disposition"].startswith("attachment;")
    assert copy.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in copy.headers["content-security-policy"]
    assert copy.headers["cache-control"] == "no-store"
    assert (await theirs.get(f"{other}/evidence/{made}")).status_code == 404
    await EvidenceItem.update({EvidenceItem.state: "quarantined"}).where(EvidenceItem.id == made)
    assert (await mine.get(f"{address}/evidence/{made}")).status_code == 404
