"""Notes on what worked and what did not, filed when a report's verdict is published (rule 28)."""

import pytest

from charter.learning.queries import learning_notes
from tests.charter.reviews.stage import Stage

pytestmark = pytest.mark.usefixtures("database")


async def test_rule_28_a_published_report_is_filed_by_type_with_what_did_not_work() -> None:
    stage = await Stage().set()
    report = await stage.report("partly")
    assert await learning_notes() == ()
    await stage.judge(report, "accepted", "accepted")

    await stage.publish_after_reply_days()

    [note] = await learning_notes(type_id="institutional")
    assert (note.organisation, note.worked) == ("Harbour Lights Theatre", "partly")
    assert note.why == "We asked too late."
    assert await learning_notes(type_id="systemic") == ()
