"""Notes on what worked and what did not, filed when a report was borne out (rule 28)."""

import pytest

from charter.learning.queries import LibrarySearch, count_notes_on, find_notes, notes_by_action
from charter.learning.rules import tell_year
from charter.reviews.rules import borne_out
from charter.reviews.service import open_reflections, seal_findings, send_reflection
from tests.charter.reviews.stage import Stage
from tests.charter.reviews.test_questions import APPLICABLE, a_reflection, a_year_later

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


async def looked_back(found: dict[str, str]) -> Stage:
    """Publish a reflection on a year, and what the panel found on it."""
    stage = await a_year_later()
    await open_reflections(stage.world.scheme)
    said = a_reflection(interpersonal="partly-kept")
    await send_reflection(stage.world.scheme, organisation=stage.organisation, reflection=said)
    await stage.draw()
    for seat in await stage.accept_all():
        await seal_findings(stage.world.scheme, seat=seat.id, findings=found, reasons="Heard.")
    assert (await find_notes(LibrarySearch())).total == 0
    await stage.publish_after_reply_days()
    return stage


async def test_rule_28_a_reflection_is_filed_on_each_type_that_the_panel_bore_out() -> None:
    await looked_back({**dict.fromkeys(APPLICABLE, "kept"), "structural": "not-kept"})

    [note] = (await find_notes(LibrarySearch(type="institutional"))).rows
    assert note.types == ("internalised", "interpersonal", "institutional")
    assert (note.pledge, note.cycle, note.worked) == (None, 1, "partly")
    assert note.summary == "Two of three pledges."
    assert note.what_did_not_work.endswith("because nobody was paid.")
    assert note.what_changes == "Mentors are paid from May."
    assert (await find_notes(LibrarySearch(type="structural"))).total == 0
    assert [await count_notes_on(name) for name in APPLICABLE] == [1, 1, 1, 0]
    for words in ("mentors", '"paid from May"'):
        assert (await find_notes(LibrarySearch(q=words))).total == 1, words
    assert await notes_by_action() == {}


async def test_rule_28_a_reflection_that_was_not_borne_out_is_no_note() -> None:
    await looked_back(dict.fromkeys(APPLICABLE, "not-kept"))

    assert (await find_notes(LibrarySearch())).total == 0


def test_rule_28_what_is_borne_out_is_no_better_than_the_panel_found() -> None:
    own = {"a": "kept", "b": "partly-kept", "c": "not-kept", "d": "cannot-tell", "e": "kept"}
    found = {"a": "kept", "b": "kept", "c": "not-kept", "d": "kept", "e": "cannot-tell"}

    assert borne_out(own, found) == {"a": "kept", "b": "partly-kept", "c": "not-kept"}
    assert borne_out({"a": "kept", "b": "not-kept"}, {}) == {"b": "not-kept"}


def test_a_year_worked_as_its_worst_finding_did() -> None:
    assert tell_year(["kept", "partly-kept"]) == "partly"
    assert tell_year(["kept", "not-kept", "partly-kept"]) == "not"
    assert tell_year(["kept"]) == "fully"
