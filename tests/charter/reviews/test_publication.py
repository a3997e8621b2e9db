"""The reply, held words, publication, and what a published verdict does to what is due."""

from datetime import timedelta

import pytest

from charter.errors import InvalidInput
from charter.evidence.service import NoReportDue
from charter.history.queries import events_of, words_of
from charter.obligations.tables import Obligation
from charter.reviews.publication import CannotHoldWords, NotOpenToReply
from charter.reviews.published import cases_of, published_reviews
from charter.reviews.service import (
    hold_words,
    publish_due_cases,
    release_words,
    reply_to_case,
)
from charter.standing.assessment import assess
from tests.charter.reviews.stage import Stage

pytestmark = pytest.mark.usefixtures("database")


async def owed(kind: str) -> list[Obligation]:
    return await Obligation.objects().where(Obligation.kind == kind).order_by(Obligation.id)


async def judged(*verdicts: str, worked: str = "fully") -> Stage:
    stage = await Stage().set(auditors=12)
    await stage.judge(await stage.report(worked), *verdicts)
    return stage


async def test_rule_22_nothing_is_published_before_the_reply_or_its_last_day() -> None:
    stage = await judged("accepted", "accepted")
    stage.world.pass_days(14)
    assert await publish_due_cases(stage.world.scheme) == 0
    assert await published_reviews(stage.organisation) == ()

    stage.world.pass_days(1)

    assert await publish_due_cases(stage.world.scheme) == 1
    assert await publish_due_cases(stage.world.scheme) == 0
    [review] = await published_reviews(stage.organisation)
    assert review.reply is None


async def test_rule_22_the_organisation_reads_the_verdict_and_replies_once() -> None:
    stage = await judged("accepted", "accepted")
    [case] = await cases_of(stage.organisation)
    assert case.may_reply
    assert case.outcomes[0].verdict == "accepted"
    await reply_to_case(stage.world.scheme, case=case.id, words="We go on.")

    with pytest.raises(NotOpenToReply):
        await reply_to_case(stage.world.scheme, case=case.id, words="And more.")
    with pytest.raises(InvalidInput):
        await reply_to_case(stage.world.scheme, case=case.id, words=" ")


async def test_rule_22_no_reply_while_the_panel_is_still_at_work() -> None:
    stage = await Stage().set()
    await stage.report()
    case = await stage.the_case()

    with pytest.raises(NotOpenToReply):
        await reply_to_case(stage.world.scheme, case=case.id, words="Before time.")


async def test_rule_22_words_are_held_two_working_days_at_most_and_then_published() -> None:
    stage = await judged("accepted", "accepted")
    case = await stage.the_case()
    await reply_to_case(stage.world.scheme, case=case.id, words="Thank you.")
    until = await hold_words(stage.world.scheme, case=case.id)
    with pytest.raises(CannotHoldWords):
        await hold_words(stage.world.scheme, case=case.id)
    assert await publish_due_cases(stage.world.scheme) == 0
    assert "text-held" in (await stage.standing()).flags
    assert until - stage.world.scheme.now() < timedelta(days=5)

    stage.world.clock.set(until)

    assert await publish_due_cases(stage.world.scheme) == 1
    assert "text-held" not in (await stage.standing()).flags
    assert [row.state for row in await owed("held-words-release")] == ["met"]


async def test_rule_22_a_steward_can_release_held_words_early() -> None:
    stage = await judged("accepted", "accepted")
    case = await stage.the_case()
    await reply_to_case(stage.world.scheme, case=case.id, words="Thank you.")
    await hold_words(stage.world.scheme, case=case.id)

    await release_words(stage.world.scheme, case=case.id)

    assert await publish_due_cases(stage.world.scheme) == 1


async def test_published_words_can_no_longer_be_held() -> None:
    stage = await judged("accepted", "accepted")
    await stage.publish_after_reply_days()
    case = await stage.the_case()

    with pytest.raises(CannotHoldWords):
        await hold_words(stage.world.scheme, case=case.id)


@pytest.mark.parametrize(
    ("worked", "result"), [("fully", "kept"), ("partly", "partly-kept"), ("not", "not-kept")]
)
async def test_rule_30_an_accepted_report_gives_the_result_it_claims(
    worked: str, result: str
) -> None:
    stage = await judged("accepted", "accepted", worked=worked)

    await stage.publish_after_reply_days()

    answer = assess(
        await events_of(stage.organisation), stage.world.scheme.now(), stage.world.scheme.pack
    )
    assert answer is not None
    assert answer.pledge_results[1].value == result
    assert answer.standing.value == "on-track"


async def test_rule_21_more_needed_opens_one_reply_and_is_said_once() -> None:
    stage = await judged("more-needed", "more-needed")
    await stage.publish_after_reply_days()
    [reply] = await owed("more-needed-reply")
    assert (reply.due_on - stage.world.scheme.today()).days == 14
    second = await stage.report()
    assert [row.state for row in await owed("more-needed-reply")] == ["met"]

    await stage.draw()
    seats = await stage.accept_all()
    with pytest.raises(InvalidInput):
        await stage.seal(seats[0], second, "more-needed")
    for seat in seats:
        await stage.seal(seat, second, "accepted")
    await stage.publish_after_reply_days()

    assert [review.verdict for review in await published_reviews(stage.organisation)] == [
        "accepted",
        "more-needed",
    ]


async def test_rule_21_not_accepted_opens_new_evidence_and_the_second_fixes_not_kept() -> None:
    stage = await judged("not-accepted", "not-accepted")
    await stage.publish_after_reply_days()
    [new] = await owed("new-evidence")
    assert (new.due_on - stage.world.scheme.today()).days == 30
    second = await stage.report()
    await stage.judge(second, "not-accepted", "not-accepted")

    await stage.publish_after_reply_days()

    assert [row.state for row in await owed("new-evidence")] == ["met"]
    published = [
        event.data
        for event in await events_of(stage.organisation)
        if event.kind == "verdict-published"
    ]
    assert [row["final"] for row in published] == [False, True]
    answer = assess(
        await events_of(stage.organisation), stage.world.scheme.now(), stage.world.scheme.pack
    )
    assert answer is not None
    assert answer.pledge_results[1].value == "not-kept"
    with pytest.raises(NoReportDue):
        await stage.report()


async def test_rule_22_reasons_are_published_under_a_commitment_and_notes_never() -> None:
    stage = await judged("accepted", "accepted")
    await stage.publish_after_reply_days()

    [event] = [
        event for event in await events_of(stage.organisation) if event.kind == "verdict-published"
    ]

    assert event.commitment is not None
    assert event.words is not None
    words = (await words_of([event.words]))[event.words]
    assert set(words) == {"reasons_1", "reasons_2"}


async def test_row_8_a_report_from_a_suspended_organisation_stops_its_clock_until_the_verdict() -> (
    None
):
    stage = await Stage().set(auditors=12)
    await stage.be_suspended()

    report = await stage.report("not")

    assert (await owed("evidence"))[0].state == "open"
    assert "clock-paused" in await stage.kinds()
    assert "under-review" in (await stage.standing()).flags
    await stage.judge(report, "accepted", "accepted")
    await stage.publish_after_reply_days()
    assert (await owed("evidence"))[0].state == "met"
    assert "under-review" not in (await stage.standing()).flags


async def test_row_9_not_accepted_lets_the_clock_of_a_suspended_organisation_run_again() -> None:
    stage = await Stage().set(auditors=12)
    await stage.be_suspended()
    report = await stage.report()
    await stage.judge(report, "not-accepted", "not-accepted")

    await stage.publish_after_reply_days()

    assert (await owed("evidence"))[0].state == "open"
    assert "clock-resumed" in await stage.kinds()
    assert len(await owed("new-evidence")) == 1
    again = await stage.report("not")
    await stage.judge(again, "accepted", "accepted")
    await stage.publish_after_reply_days()
    assert (await owed("evidence"))[0].state == "met"
    assert [row.state for row in await owed("new-evidence")] == ["met"]
