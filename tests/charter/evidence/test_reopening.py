"""Rules 19 and 23: evidence that runs out, and accepted evidence that is changed."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.errors import InvalidInput, NotFound
from charter.evidence import rules
from charter.evidence.corrections import (
    change_item,
    changes_since_reviewed,
    object_to_correction,
)
from charter.evidence.reopening import expire_evidence
from charter.evidence.rules import ItemWording, NotACorrection, NotYetAccepted, TooLateToObject
from charter.evidence.tables import EvidenceItem, ItemChange
from charter.history.queries import events_of
from charter.obligations.tables import Obligation
from charter.plans.tables import Milestone, Pledge
from charter.reviews.tables import Seat
from tests.charter.reviews.stage import Stage

database = pytest.mark.usefixtures("database")

WAS = ItemWording("Count of panels", "12 panels, 9 of them mixed")


async def accepted() -> Stage:
    """Return a stage on which the one report was accepted and published."""
    stage = await Stage().set()
    report = await stage.report()
    await stage.judge(report, "accepted", "accepted")
    await stage.publish_after_reply_days()
    return stage


async def change(stage: Stage, label: str, body: str, *, as_correction: bool = True) -> UUID:
    item = await EvidenceItem.objects().first()
    assert item is not None
    return await change_item(
        stage.world.scheme,
        organisation=stage.organisation,
        item=item.id,
        now=ItemWording(label, body),
        as_correction=as_correction,
    )


async def owed_again(stage: Stage) -> list[int]:
    """Return in how many days new evidence is due."""
    rows = await Obligation.objects().where(
        (Obligation.kind == "evidence") & (Obligation.state == "open")
    )
    return [(row.due_on - stage.world.scheme.today()).days for row in rows]


async def results(stage: Stage) -> dict[str, int]:
    counted = msgspec.json.decode((await stage.standing()).results, type=dict[str, int])
    return {name: counted[name] for name in ("kept", "partly_kept", "not_yet_due")}


@database
async def test_rule_23_a_correction_stays_accepted_marked_and_opens_nothing() -> None:
    stage = await accepted()

    await change(stage, "Count of panles", WAS.body)

    assert await owed_again(stage) == []
    [event] = [
        event for event in await events_of(stage.organisation) if event.kind == "evidence-corrected"
    ]
    item = await EvidenceItem.objects().first()
    assert item is not None
    assert (event.data["change"], event.data["commitment"]) == (
        "correction",
        item.commitment.hex(),
    )
    reviewer = (await stage.seats())[0].auditor
    [seen] = await changes_since_reviewed(stage.world.scheme, reviewer)
    assert (seen.was.label, seen.now.label) == ("Count of panels", "Count of panles")


@database
async def test_rule_23_a_reviewers_objection_within_14_days_opens_the_milestone_again() -> None:
    stage = await accepted()
    made = await change(stage, "Count of panles", WAS.body)
    seat = (await stage.seats())[0]
    stage.world.pass_days(14)

    await object_to_correction(stage.world.scheme, seat=seat.id, change=made)
    await object_to_correction(stage.world.scheme, seat=seat.id, change=made)

    assert await owed_again(stage) == [60]
    assert (await stage.kinds()).count("correction-objected") == 1


@database
async def test_rule_23_an_objection_on_the_fifteenth_day_is_too_late() -> None:
    stage = await accepted()
    made = await change(stage, "Count of panles", WAS.body)
    seat = (await stage.seats())[0]
    stage.world.pass_days(15)

    with pytest.raises(TooLateToObject):
        await object_to_correction(stage.world.scheme, seat=seat.id, change=made)

    assert await owed_again(stage) == []
    assert await changes_since_reviewed(stage.world.scheme, seat.auditor) == ()


@database
async def test_rule_23_anything_else_opens_the_milestone_again_and_takes_its_result() -> None:
    stage = await accepted()
    assert await results(stage) == {"kept": 1, "partly_kept": 0, "not_yet_due": 0}

    with pytest.raises(NotACorrection):
        await change(stage, WAS.label, "12 panels, 11 of them mixed")
    await change(stage, WAS.label, "12 panels, 11 of them mixed", as_correction=False)

    assert await owed_again(stage) == [60]
    assert await results(stage) == {"kept": 0, "partly_kept": 0, "not_yet_due": 1}


@database
async def test_a_milestone_opened_again_is_reported_on_and_judged_anew() -> None:
    stage = await accepted()
    await change(stage, WAS.label, "12 panels, 11 of them mixed", as_correction=False)

    report = await stage.report("partly")
    await stage.judge(report, "accepted", "accepted")
    await stage.publish_after_reply_days()

    assert await owed_again(stage) == []
    assert (await results(stage))["partly_kept"] == 1


@database
async def test_only_accepted_evidence_of_its_own_organisation_is_changed() -> None:
    stage = await Stage().set()
    await stage.report()
    with pytest.raises(NotYetAccepted):
        await change(stage, "Count", WAS.body)
    item = await EvidenceItem.objects().first()
    assert item is not None
    with pytest.raises(NotFound):
        await change_item(
            stage.world.scheme,
            organisation=UUID(int=7),
            item=item.id,
            now=WAS,
            as_correction=True,
        )


@database
async def test_only_who_decided_the_case_can_object() -> None:
    stage = await accepted()
    made = await change(stage, "Count of panles", WAS.body)
    mine = {seat.auditor for seat in await stage.seats()}
    others = [auditor for auditor in stage.auditors if auditor not in mine]

    assert await changes_since_reviewed(stage.world.scheme, others[0]) == ()
    with pytest.raises(NotFound):
        await object_to_correction(stage.world.scheme, seat=UUID(int=5), change=made)
    assert await Seat.count() == 2
    assert await ItemChange.count() == 1


async def holds_for(stage: Stage, days: int) -> None:
    """Have the pledge say that its evidence holds until so many days from now."""
    until = stage.world.scheme.today() + timedelta(days=days)
    await Milestone.update({Milestone.evidence_until: until}, force=True)


@database
async def test_rule_19_evidence_runs_out_on_the_day_the_pledge_says_and_is_due_again() -> None:
    stage = await accepted()
    await holds_for(stage, 10)
    stage.world.pass_days(10)
    assert await expire_evidence(stage.world.scheme) == 0

    stage.world.pass_days(1)
    assert await expire_evidence(stage.world.scheme) == 1
    assert await expire_evidence(stage.world.scheme) == 0

    assert await owed_again(stage) == [60]
    assert await results(stage) == {"kept": 0, "partly_kept": 0, "not_yet_due": 1}
    assert (await stage.kinds())[-3:] == [
        "evidence-expired",
        "milestone-reopened",
        "obligation-opened",
    ]


@database
async def test_rule_19_nothing_runs_out_that_was_never_accepted_or_is_over() -> None:
    stage = await Stage().set()
    await stage.report()
    await holds_for(stage, 1)
    stage.world.pass_days(2)
    assert await expire_evidence(stage.world.scheme) == 0

    done = await accepted_elsewhere(stage)
    await Pledge.update({Pledge.state: "ended"}, force=True)
    assert await expire_evidence(done.world.scheme) == 0


async def accepted_elsewhere(stage: Stage) -> Stage:
    [report] = await stage.reports_in(await stage.the_case())
    await stage.judge(report, "accepted", "accepted")
    await stage.publish_after_reply_days()
    return stage


@pytest.mark.parametrize(
    ("kind", "was", "now", "is_one"),
    [
        ("note", WAS, ItemWording("Count of pannels", WAS.body), True),
        ("note", WAS, ItemWording("Count of all panels", WAS.body), False),
        ("figure", WAS, ItemWording(WAS.label, "12 panels, 8 of them mixed"), False),
        ("link", ItemWording("Minutes", "https://a.example/1"),
         ItemWording("Minutes", "https://a.example/2024/minutes"), True),
        ("link", ItemWording("Minutes", "https://a.example/1"),
         ItemWording("Minutes of 2024", "https://a.example/1"), False),
        ("file", ItemWording("Minuts", ""), ItemWording("Minutes", ""), True),
    ],
)  # fmt: skip
def test_a_correction_is_spelling_or_a_link_and_nothing_more(
    kind: str, was: ItemWording, now: ItemWording, *, is_one: bool
) -> None:
    assert rules.is_correction(kind, was, now) is is_one


@given(st.text(), st.text())
def test_no_figure_is_ever_changed_by_a_correction(was: str, now: str) -> None:
    before, after = ItemWording("Panels", was), ItemWording("Panels", now)
    if rules.is_correction("figure", before, after):
        figures = [[letter for letter in text if letter.isdigit()] for text in (was, now)]
        assert figures[0] == figures[1]


@pytest.mark.parametrize(
    ("kind", "now", "fields"),
    [
        ("note", ItemWording("", ""), ["label", "body"]),
        ("note", WAS, ["label"]),
        ("file", ItemWording("Minutes", "Words"), ["body"]),
        ("link", ItemWording("Minutes", "not an address"), ["body"]),
        ("note", ItemWording("x" * 201, "Words"), ["label"]),
    ],
)
def test_what_cannot_be_typed_over_accepted_evidence_is_said_by_field(
    kind: str, now: ItemWording, fields: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.refuse_change(kind, WAS, now)
    assert [error.field for error in refused.value.errors] == fields
