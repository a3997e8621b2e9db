"""Notes on what worked and what did not, filed when a report was borne out (rule 28)."""

import pytest

from charter.learning.queries import LibrarySearch, find_notes, notes_by_action
from tests.charter.reviews.stage import Stage

pytestmark = pytest.mark.usefixtures("database")


async def learnt() -> Stage:
    """Publish one report that says openly what fell short."""
    stage = await Stage().set()
    report = await stage.report("partly")
    assert (await find_notes(LibrarySearch())).rows == ()
    await stage.judge(report, "accepted", "accepted")
    await stage.publish_after_reply_days()
    return stage


async def test_rule_28_a_published_report_is_filed_by_type_with_what_did_not_work() -> None:
    await learnt()

    [note] = (await find_notes(LibrarySearch(type="institutional"))).rows
    assert (note.organisation, note.worked) == ("Harbour Lights Theatre", "partly")
    assert note.why == "We asked too late."
    assert (await find_notes(LibrarySearch(type="systemic"))).rows == ()


async def test_rule_28_a_report_that_was_not_borne_out_is_no_note() -> None:
    stage = await Stage().set()
    report = await stage.report("fully")
    await stage.judge(report, "not-accepted", "not-accepted")
    await stage.publish_after_reply_days()

    assert (await find_notes(LibrarySearch())).total == 0


async def test_rule_28_a_note_is_found_by_its_words_and_by_who_wrote_it() -> None:
    await learnt()

    for words in ("late", "asking panels", '"met as before"', "harbour", "interview OR zebra"):
        assert (await find_notes(LibrarySearch(q=words))).total == 1, words
    for words in ("zebra", "the", '"late asked"', "':*&|!<->", "\\", "%"):
        assert (await find_notes(LibrarySearch(q=words))).total == 0, words


FITTING = (
    *(LibrarySearch(sector="culture"), LibrarySearch(borough="liverpool")),
    *(LibrarySearch(worked="partly"), LibrarySearch(organisation="harbour-lights")),
)

NOT_FITTING = (
    *(LibrarySearch(sector="housing"), LibrarySearch(borough="wirral")),
    *(LibrarySearch(worked="fully"), LibrarySearch(organisation="nobody")),
    *(LibrarySearch(action="nothing"), LibrarySearch(form="nothing")),
)


async def test_rule_28_notes_are_filed_by_sector_borough_form_and_action() -> None:
    await learnt()

    for search in FITTING:
        assert (await find_notes(search)).total == 1, search
    for search in NOT_FITTING:
        assert (await find_notes(search)).total == 0, search


async def test_a_list_goes_on_before_its_last_note() -> None:
    await learnt()
    [note] = (await find_notes(LibrarySearch())).rows

    assert (await find_notes(LibrarySearch(before=note.id))).rows == ()
    assert await notes_by_action() == dict.fromkeys(note.actions, 1)
