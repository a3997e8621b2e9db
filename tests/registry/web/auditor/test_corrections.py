"""Accepted evidence that changes, from the organisation's page to the reviewer's objection."""

from collections.abc import Callable
from uuid import uuid4

from charter.evidence.public_copies import publish_public_copy, send_public_copy
from charter.evidence.rules import NewItem
from charter.evidence.tables import EvidenceItem
from charter.organisations.tables import Membership
from registry.accounts.service import account_for
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor

MINE = "/my/harbour-lights"
HERE = "/organisations/harbour-lights"


async def enter_as_member(offices: Offices, visitor: Visitor) -> None:
    account = await account_for(offices.registry.desk, email="edi-lead@harbour-lights.example")
    await Membership(
        id=uuid4(),
        organisation=offices.stage.organisation,
        account=account,
        role="member",
        since=offices.registry.scheme.now(),
    ).save()
    await offices.enter(visitor, account)


async def accepted_item(offices: Offices) -> EvidenceItem:
    report = await offices.stage.report()
    await offices.stage.judge(report, "accepted", "accepted")
    await offices.stage.publish_after_reply_days()
    item = await EvidenceItem.objects().first()
    assert item is not None
    return item


async def test_a_correction_is_shown_to_its_reviewer_who_may_object(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    item = await accepted_item(offices)
    member, auditor = new_visitor(), new_visitor()
    await enter_as_member(offices, member)
    place = f"{MINE}/evidence/{item.id}/change"
    assert "Count of panels" in (await member.get(place)).text

    wrong = await member.fill(
        place, {"label": item.label, "body": "12 panels, 11 mixed", "what": "correction"}
    )
    assert wrong.status_code == 422
    assert "12 panels, 11 mixed" in wrong.text
    typed = {"label": "Count of panles", "body": item.body, "what": "correction"}
    sent = await member.fill(place, typed)
    assert sent.headers["location"] == f"{MINE}/pledges/1/milestones/1"

    seat = (await offices.stage.seats())[0]
    await offices.enter_seat(auditor, seat)
    tasks = (await auditor.get("/reviews")).text
    assert "Count of panles" in tasks
    address = tasks.split('href="/reviews/cases/')[1].split('"')[0]
    page = f"/reviews/cases/{address}"
    assert "Count of panels" in (await auditor.get(page)).text
    assert (await auditor.fill(page, {})).headers["location"] == "/reviews"
    assert (await auditor.get(page)).status_code == 404


async def test_evidence_that_is_not_accepted_has_no_page_to_change_it(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.stage.report()
    item = await EvidenceItem.objects().first()
    assert item is not None
    await enter_as_member(offices, visitor)

    assert (await visitor.get(f"{MINE}/evidence/{item.id}/change")).status_code == 404
    assert (await visitor.get(f"{MINE}/evidence/{uuid4()}/change")).status_code == 404


async def test_a_public_copy_is_asked_for_and_served_to_everybody(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.stage.report()
    item = await EvidenceItem.objects().first()
    assert item is not None
    await enter_as_member(offices, visitor)
    place = f"{MINE}/evidence/{item.id}/public-copy"
    assert "You cannot take it back" in (await visitor.get(place)).text
    stored = await offices.registry.files.put(b"%PDF-1.4 redacted")
    copy = await send_public_copy(
        offices.registry.scheme,
        organisation=offices.stage.organisation,
        item=item.id,
        file=NewItem("file", "Minutes", sha256=stored.digest, size=stored.size),
    )
    assert (await visitor.get(f"{HERE}/evidence/{copy}")).status_code == 404
    await publish_public_copy(
        offices.registry.scheme,
        copy=copy,
        safe_sha256=stored.digest,
        media_type="application/pdf",
    )

    served = await visitor.get(f"{HERE}/evidence/{copy}")

    assert served.content == b"%PDF-1.4 redacted"
    assert served.headers["content-disposition"].startswith("attachment")
    assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert (await visitor.get(f"/organisations/nobody/evidence/{copy}")).status_code == 404
