"""Adding items and sending reports: what is kept, what is public, and what is met."""

import asyncio
from uuid import UUID, uuid4

import pytest

from charter.errors import InvalidInput, NotFound
from charter.evidence.queries import draft_items, reports_of
from charter.evidence.rules import ItemNotReady, NewItem, NothingToShow, ReportDraft, TooManyItems
from charter.evidence.service import (
    NoReportDue,
    add_item,
    mark_item_safe,
    refuse_item,
    remove_draft_item,
    send_report,
)
from charter.evidence.tables import EvidenceItem, Report
from charter.history.queries import events_of, words_of
from charter.history.tables import Event, PublicText
from charter.ledger import commit
from tests.charter.reviews.stage import Stage, a_note, a_report

pytestmark = pytest.mark.usefixtures("database")

MINUTES = NewItem(
    kind="file", label="Minutes of May", sha256="ab" * 32, size=1_000, media_type="application/pdf"
)


async def add(stage: Stage, item: NewItem) -> UUID:
    return await add_item(
        stage.world.scheme, organisation=stage.organisation, pledge=1, milestone=1, item=item
    )


async def send(stage: Stage, report: ReportDraft | None = None) -> UUID:
    return await send_report(
        stage.world.scheme,
        organisation=stage.organisation,
        pledge=1,
        milestone=1,
        report=report or a_report(),
    )


async def test_rule_34_a_report_that_can_be_read_meets_what_was_due() -> None:
    stage = await Stage().set()

    await stage.report()

    events = {event.kind: event for event in await events_of(stage.organisation)}
    assert events["evidence-received"].id < events["obligation-met"].id
    assert events["evidence-received"].data["worked"] == "fully"


async def test_rule_16_the_public_sees_a_summary_and_a_commitment_and_never_an_item() -> None:
    stage = await Stage().set()

    await stage.report()

    [event] = [
        event for event in await events_of(stage.organisation) if event.kind == "evidence-received"
    ]
    item = await EvidenceItem.objects().first()
    assert item is not None
    opened = commit(
        item.salt, {"kind": "note", "label": item.label, "body": item.body, "sha256": ""}
    )
    assert event.data["items"] == [{"kind": "note", "commitment": opened.hex()}]
    assert event.words is not None
    assert set((await words_of([event.words]))[event.words]) == {"summary"}
    public = repr(await Event.select()) + repr(await PublicText.select())
    assert a_note().body not in public
    assert a_note().label not in public


async def test_rule_17_a_file_waits_in_quarantine_until_its_safe_copy_is_there() -> None:
    stage = await Stage().set()
    item = await add(stage, MINUTES)
    with pytest.raises(ItemNotReady):
        await send(stage)

    await mark_item_safe(
        stage.world.scheme, item=item, safe_sha256="cd" * 32, media_type="application/pdf"
    )
    await send(stage)

    [report] = await reports_of(stage.organisation, 1)
    assert [(seen.safe_sha256, seen.state) for seen in report.items] == [("cd" * 32, "safe")]


async def test_rule_17_a_refused_file_says_why_and_is_removed_before_sending() -> None:
    stage = await Stage().set()
    item = await add(stage, MINUTES)
    await refuse_item(stage.world.scheme, item=item, code="password-protected")
    await mark_item_safe(stage.world.scheme, item=item, safe_sha256="cd" * 32, media_type="x")
    [seen] = await draft_items(stage.organisation, 1, 1)
    assert (seen.state, seen.refusal) == ("refused", "password-protected")
    with pytest.raises(ItemNotReady):
        await send(stage)

    await remove_draft_item(stage.world.scheme, organisation=stage.organisation, item=item)

    assert await draft_items(stage.organisation, 1, 1) == ()
    with pytest.raises(NothingToShow):
        await send(stage)


async def test_an_item_of_another_organisation_or_of_a_sent_report_cannot_be_removed() -> None:
    stage = await Stage().set()
    item = await add(stage, a_note())
    await remove_draft_item(stage.world.scheme, organisation=stage.organisation, item=uuid4())
    assert len(await draft_items(stage.organisation, 1, 1)) == 1
    await send(stage)

    await remove_draft_item(stage.world.scheme, organisation=stage.organisation, item=item)

    assert await EvidenceItem.count() == 1


async def test_rule_16_twenty_links_fit_and_no_more() -> None:
    stage = await Stage().set()
    link = NewItem(kind="link", label="Our page", body="https://harbour-lights.example")
    for _ in range(20):
        await add(stage, link)

    with pytest.raises(TooManyItems):
        await add(stage, link)


async def test_rule_18_failure_is_not_taken_without_the_sponsors_signature() -> None:
    stage = await Stage().set()
    await add(stage, a_note())

    with pytest.raises(InvalidInput):
        await send(stage, a_report("not"))

    assert await Report.count() == 0


async def test_a_report_under_review_is_not_followed_by_another() -> None:
    stage = await Stage().set()
    await stage.report()
    await add(stage, a_note())

    with pytest.raises(NoReportDue):
        await send(stage)


async def test_the_same_report_sent_twenty_times_at_once_is_one_report() -> None:
    stage = await Stage().set()
    await add(stage, a_note())

    sent = await asyncio.gather(*(send(stage) for _ in range(20)), return_exceptions=True)

    assert sum(isinstance(outcome, UUID) for outcome in sent) == 1
    assert sum(isinstance(outcome, NoReportDue) for outcome in sent) == 19
    assert await Report.count() == 1


@pytest.mark.parametrize(("pledge", "milestone"), [(2, 1), (1, 2)])
async def test_there_is_nothing_to_add_to_where_there_is_no_such_milestone(
    pledge: int, milestone: int
) -> None:
    stage = await Stage().set()

    with pytest.raises(NotFound):
        await add_item(
            stage.world.scheme,
            organisation=stage.organisation,
            pledge=pledge,
            milestone=milestone,
            item=a_note(),
        )
