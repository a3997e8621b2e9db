"""Each move says why, in a sentence, and names the events it rests on (rule 29)."""

import re

import pytest

from charter.standing.words import Standing
from tests.charter.standing.story import Story


def gone() -> Story:
    return Story().planned().tell("withdrew-from-charter")


def two_cycles_missed() -> Story:
    story = Story().overdue(100, kind="reflection").owes("reflection", number=8, due_in=10)
    return story.wait(101).warned("suspended").warned("suspended", number=8).wait(1)


def back_with_something_late() -> Story:
    story = Story().suspended().owes("reflection", number=8, due_in=5)
    return story.warned("remind-1", number=8).wait(10).about("obligation-met").signed_again()


def lapsed() -> Story:
    story = Story().signed().owes("plan", due_in=90).wait(89)
    return story.warned("remind-7", "remind-1").wait(2)


@pytest.mark.parametrize(
    ("story", "row", "sentence", "rests_on"),
    [
        (Story().signed(), 1, "Identity was proven and the sponsor signed.", ["charter-signed"]),
        (Story().planned(), 2, "A plan was published.", ["plan-published"]),
        (lapsed(), 3, r"This was 1 day late: [a-z].+[^.]\.", ["obligation-opened"]),
        (Story().overdue(3), 4, r"This was \d days? late: .+\.", ["obligation-opened"]),
        (Story().overdue(3).about("obligation-met"), 5, "Nothing late is left open.", []),
        (Story().suspended(), 6, r"This was \d+ days late: .+\.", ["obligation-opened"]),
        (Story().not_reporting(), 7, r"This was \d+ days late: .+\.", ["obligation-opened"]),
        (
            Story().suspended().about("obligation-met").wait(1).signed_again(),
            9,
            "The missing reports were accepted and the sponsor signed again.",
            [],
        ),
        (
            back_with_something_late(),
            9,
            "The missing reports were accepted and the sponsor signed again.",
            [],
        ),
        (Story().removed(), 10, r"This was \d+ days late: .+\.", ["obligation-opened"]),
        (
            two_cycles_missed(),
            10,
            "2 yearly reflections in a row were missed.",
            ["obligation-opened"] * 2,
        ),
        (gone(), 11, "The organisation left the charter.", ["withdrew-from-charter"]),
        (gone().wait(30).signed(spell=2), 12, "The sponsor signed anew.", ["charter-signed"]),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_every_move_has_its_reason_and_its_facts(
    story: Story, row: int, sentence: str, rests_on: list[str]
) -> None:
    move = story.answer().moves[-1]
    assert move.row == row
    assert re.fullmatch(sentence, move.cause.text), move.cause.text
    kinds = {event.id: event.kind for event in story.events}
    assert [kinds[event] for event in move.cause.events] == rests_on


def test_who_signed_anew_did_so_after_leaving_and_not_before() -> None:
    story = gone()
    assert story.standing() is Standing.WITHDRAWN
    assert story.wait(400).standing() is Standing.WITHDRAWN
    again = story.signed(spell=2)
    assert again.answer().moves[-1].cause.events == (again.events[-1].id,)
