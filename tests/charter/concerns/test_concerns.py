"""Concerns of rule 38: no account, a receipt that is never kept, a panel that decides."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.concerns import rules
from charter.concerns.queries import follow_concern, open_concerns, upheld_concerns
from charter.concerns.rules import ConcernClosed
from charter.concerns.service import (
    acknowledge_concern,
    answer_concern,
    raise_concern,
    triage_concern,
)
from charter.concerns.tables import Concern
from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.history.tables import Event
from charter.obligations.tables import Obligation
from charter.plans.service import answer_type
from charter.reviews.briefing import topic_of
from charter.reviews.published import cases_of
from charter.reviews.queries import read_case
from charter.reviews.service import publish_due_cases, seal_verdict
from charter.reviews.tables import Seat
from tests.charter.acting import answer_for
from tests.charter.reviews.stage import Stage

TOLD = "The poster says all panels are mixed. Mine was not."

ELSEWHERE = "borough.example"

database = pytest.mark.usefixtures("database")


async def raised(stage: Stage, about: str = "promise", text: str = TOLD) -> tuple[str, Concern]:
    receipt = await raise_concern(
        stage.world.scheme, about=about, organisation=stage.organisation, text=text
    )
    row = await Concern.objects().first()
    assert row is not None
    return receipt, row


async def triage(stage: Stage, concern: UUID, outcome: str = "passed-to-panel") -> None:
    """Have a steward without ties decide what becomes of a concern."""
    await triage_concern(
        stage.world.scheme, concern=concern, outcome=outcome, steward_employer_domain=ELSEWHERE
    )


async def decide(stage: Stage, *answers: str) -> None:
    await stage.draw()
    for seat, answer in zip(await stage.accept_all(), answers, strict=True):
        await seal_verdict(
            stage.world.scheme, seat=seat.id, verdict=answer, reasons="Two photographs show it."
        )
    await publish_due_cases(stage.world.scheme)


@given(st.text(alphabet="0123456789abcdefghjkmnpqrstvwxyz", min_size=20, max_size=20))
def test_a_receipt_is_found_however_it_was_typed(code: str) -> None:
    shown = rules.show_receipt(code)
    misread = shown.upper().replace("0", "O").replace("1", "I").replace("-", " ")

    assert rules.hash_receipt(shown) == rules.hash_receipt(misread) == rules.hash_receipt(code)


@database
async def test_rule_38_a_concern_is_followed_by_its_receipt_and_only_the_hash_is_kept() -> None:
    stage = await Stage().set()

    receipt, row = await raised(stage)

    assert receipt not in repr(row.to_dict())
    assert row.receipt_hash == rules.hash_receipt(receipt)
    followed = await follow_concern(stage.world.scheme, receipt)
    assert (followed.state, followed.organisation) == ("received", "Harbour Lights Theatre")
    with pytest.raises(NotFound):
        await follow_concern(stage.world.scheme, "00000-00000-00000-00000")


@database
async def test_rule_38_the_hub_owes_an_answer_in_5_days_a_look_in_14_and_a_decision_in_90() -> None:
    stage = await Stage().set()
    _, row = await raised(stage)
    today = stage.world.scheme.today()
    owed = {
        due.kind: (due.due_on - today).days
        for due in await Obligation.objects().where(Obligation.subject == row.id)
    }
    assert owed == {"concern-acknowledgement": 5, "concern-triage": 14, "concern-decision": 90}

    await acknowledge_concern(stage.world.scheme, concern=row.id, steward_employer_domain=ELSEWHERE)
    await acknowledge_concern(stage.world.scheme, concern=row.id, steward_employer_domain=ELSEWHERE)
    await triage(stage, row.id, "answered")

    states = await Obligation.select(Obligation.state).where(Obligation.subject == row.id)
    assert [due["state"] for due in states] == ["met", "met", "met"]
    with pytest.raises(ConcernClosed):
        await triage(stage, row.id)


@database
async def test_rule_38_nothing_of_an_undecided_concern_is_on_the_organisations_page() -> None:
    stage = await Stage().set()
    before = await stage.kinds()

    _, row = await raised(stage)
    await triage(stage, row.id)
    await stage.draw()
    await stage.accept_all()

    assert await stage.kinds() == before
    assert await cases_of(stage.organisation) == ()
    assert TOLD not in repr(await Event.select())


@database
async def test_rule_38_a_panel_of_three_upholds_and_the_answer_is_due_in_30_days() -> None:
    stage = await Stage().set()
    receipt, row = await raised(stage)
    await triage(stage, row.id)

    await decide(stage, "yes", "yes", "no")

    assert (await follow_concern(stage.world.scheme, receipt)).outcome == "upheld"
    [owed] = await Obligation.objects().where(Obligation.kind == "concern-response")
    assert (owed.due_on - stage.world.scheme.today()).days == 30
    await answer_concern(
        stage.world.scheme,
        organisation=stage.organisation,
        concern=row.id,
        answer="The poster was wrong.",
        plan="We put up another and ask the town about it by June.",
    )
    [line] = await upheld_concerns(stage.world.scheme, stage.organisation)
    assert (line.answer, line.plan) == (
        "The poster was wrong.",
        "We put up another and ask the town about it by June.",
    )
    with pytest.raises(ConcernClosed):
        await answer_concern(
            stage.world.scheme,
            organisation=stage.organisation,
            concern=row.id,
            answer="Again.",
            plan="Later.",
        )
    stage.world.pass_days(2 * 366)
    assert await upheld_concerns(stage.world.scheme, stage.organisation) == ()


@database
async def test_rule_5_an_upheld_concern_about_its_word_asks_for_the_five_answers_again() -> None:
    stage = await Stage().set()
    _receipt, row = await raised(stage)
    await triage(stage, row.id)

    await decide(stage, "yes", "yes", "no")

    [owed] = await Obligation.objects().where(Obligation.kind == "re-identification")
    assert (owed.organisation, owed.state) == (stage.organisation, "open")
    assert (owed.due_on - stage.world.scheme.today()).days == 60


@database
async def test_rule_9_an_upheld_concern_that_names_types_opens_their_answers_and_no_other() -> None:
    stage = await Stage().set()
    scheme, named = stage.world.scheme, ["structural", "systemic"]
    stage.world.pass_days(1)
    with pytest.raises(InvalidInput) as refused:
        await raise_concern(
            scheme, about="promise", organisation=stage.organisation, text="So.", types=["moon"]
        )
    assert [error.field for error in refused.value.errors] == ["types"]
    await raise_concern(
        scheme, about="promise", organisation=stage.organisation, text="So.", types=named[::-1]
    )
    [row] = await Concern.objects()
    assert row.types == named
    await triage_concern(
        scheme, concern=row.id, steward_employer_domain=ELSEWHERE, outcome="passed-to-panel"
    )
    await decide(stage, "yes", "yes", "no")

    owed = await Obligation.objects().where(Obligation.kind == "re-identification")
    assert sorted(each.type for each in owed) == named
    stage.world.pass_days(1)
    again = answer_for("structural", applies=True)
    await answer_type(scheme, organisation=stage.organisation, answer=again)
    left = await Obligation.objects().where(
        (Obligation.kind == "re-identification") & (Obligation.state == "open")
    )
    assert [each.type for each in left] == ["systemic"]


@database
async def test_rule_38_a_concern_not_upheld_asks_for_nothing() -> None:
    stage = await Stage().set()
    receipt, row = await raised(stage)
    await triage(stage, row.id)

    await decide(stage, "no", "yes", "no")

    assert (await follow_concern(stage.world.scheme, receipt)).outcome == "not-upheld"
    assert await Obligation.count().where(Obligation.kind == "concern-response") == 0
    [event] = [
        event for event in await events_of(stage.organisation) if event.kind == "concern-decided"
    ]
    assert event.data == {"case": 1, "outcome": "not-upheld"}
    with pytest.raises(NotFound):
        await answer_concern(
            stage.world.scheme,
            organisation=stage.organisation,
            concern=row.id,
            answer="Well.",
            plan="No.",
        )


@database
async def test_a_panel_reads_what_was_said_and_nobody_reads_who_said_it() -> None:
    stage = await Stage().set()
    _, row = await raised(stage)
    [at_hand] = await open_concerns(stage.world.scheme)
    assert at_hand.text == TOLD
    await triage(stage, row.id)
    await stage.draw()
    seat = (await stage.accept_all())[0]

    case = await read_case(stage.world.scheme, seat.id)

    assert [question.said for question in case.questions] == [TOLD]
    assert await open_concerns(stage.world.scheme) == ()


@database
@pytest.mark.parametrize("about", ["wrong-place", "still-up"])
async def test_rule_39_a_badge_in_the_wrong_place_is_reported_in_one_tap(about: str) -> None:
    stage = await Stage().set()

    receipt, _ = await raised(stage, about, "")

    assert (await follow_concern(stage.world.scheme, receipt)).about == about


@database
async def test_everything_wrong_with_a_concern_is_said_at_once() -> None:
    stage = await Stage().set()

    with pytest.raises(InvalidInput) as refused:
        await raise_concern(stage.world.scheme, about="weather", organisation=None, text="")

    assert [error.field for error in refused.value.errors] == ["about", "text"]
    receipt = await raise_concern(stage.world.scheme, about="promise", organisation=None, text="x")
    assert (await follow_concern(stage.world.scheme, receipt)).organisation is None
    row = await Concern.objects().first()
    assert row is not None
    with pytest.raises(InvalidInput):
        await triage(stage, row.id)
    with pytest.raises(InvalidInput):
        await triage(stage, row.id, "forgotten")


@database
async def test_rule_24a_what_a_concern_speaks_of_is_told_to_steward_and_panel_first() -> None:
    stage = await Stage().set(auditors=5)
    await raise_concern(
        stage.world.scheme,
        about="promise",
        organisation=stage.organisation,
        text=TOLD,
        speaks_of=("death", "violence"),
    )

    [seen] = await open_concerns(stage.world.scheme)
    assert seen.speaks_of == ("violence", "death")
    await triage(stage, seen.id)
    await stage.draw()
    for seat in await Seat.objects():
        assert (await topic_of(seat.id)).speaks_of == ("violence", "death")


@database
async def test_rule_24a_only_a_note_of_the_pack_can_be_chosen() -> None:
    stage = await Stage().set()
    with pytest.raises(InvalidInput) as refused:
        await raise_concern(
            stage.world.scheme,
            about="promise",
            organisation=stage.organisation,
            text=TOLD,
            speaks_of=("weather",),
        )
    assert [error.field for error in refused.value.errors] == ["speaks_of"]
