"""A report on its way: received, drawn for, judged, replied to, published."""

import pytest

from charter.evidence.tables import Report
from charter.obligations.tables import Obligation
from charter.reviews.published import published_reviews
from charter.reviews.service import publish_due_cases, reply_to_case
from tests.charter.reviews.stage import Stage

pytestmark = pytest.mark.usefixtures("database")


async def test_a_report_is_received_judged_replied_to_and_published() -> None:
    stage = await Stage().set()
    report = await stage.report()
    await stage.judge(report, "accepted", "accepted")
    case = await stage.the_case()
    assert case.state == "decided"
    await reply_to_case(stage.world.scheme, case=case.id, words="Thank you. We go on.")

    assert await publish_due_cases(stage.world.scheme) == 1

    kinds = await stage.kinds()
    told = [
        "evidence-received",
        "obligation-met",
        "eligible-list-sealed",
        "panel-drawn",
        "verdict-sealed",
        "verdict-sealed",
        "reply-received",
        "verdict-published",
    ]
    assert [kind for kind in kinds if kind in told] == told
    [review] = await published_reviews(stage.organisation)
    assert review.verdict == "accepted"
    assert review.reply == "Thank you. We go on."
    assert [name for name, _ in review.reasons] == ["Reviewer 1", "Reviewer 2"]
    row = await Report.objects().where(Report.id == report).first()
    assert row is not None
    assert row.state == "accepted"
    owed = await Obligation.objects().where(Obligation.id == stage.obligation).first()
    assert owed is not None
    assert owed.state == "met"
